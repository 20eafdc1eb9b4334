#pragma once

#include "ui/theme/tokens.h"

#include <QRawFont>
#include <QStyledItemDelegate>

#include <array>
#include <functional>
#include <vector>

namespace countersign {

struct ColumnStyle {
    Qt::Alignment alignment = Qt::AlignLeft;
    bool mono = false;
    bool mark = false; ///< paint the row's tone as shape and colour before the text
    bool quiet = false; ///< muted ink
    Qt::TextElideMode elide = Qt::ElideRight;
};

/// Paints the cells of large tables: glyphs straight from cached indices and advances, no style option, one role a
/// cell. About a quarter of the cost of the default delegate; text beyond ASCII takes the slow way and looks the same.
class GlyphDelegate final : public QStyledItemDelegate {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(GlyphDelegate)

public:
    explicit GlyphDelegate(QObject *parent = nullptr);

    void setColumn(int column, const ColumnStyle &style);
    /// How a row of the model is judged; asked only for columns with a mark.
    void setToneOf(std::function<Tone(const QModelIndex &)> toneOf);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    qint64 paintedCells() const { return m_painted; }

private:
    static constexpr int firstGlyph = 32;
    static constexpr int glyphCount = 95;

    struct Face {
        QFont font;
        QRawFont raw;
        std::array<quint32, glyphCount> glyphs{};
        std::array<qreal, glyphCount> advances{};
        quint32 ellipsis = 0;
        qreal ellipsisAdvance = 0;
    };
    struct Ink {
        qint64 paletteKey = -1;
        QColor text;
        QColor muted;
        QColor selection;
        QColor selectionText;
        QColor line;
        std::array<QColor, 5> tones;
    };

    const Face &face(bool mono) const;
    const Ink &ink(const QPalette &palette) const;
    void drawText(
        QPainter &painter, const QRect &rect, const QString &text, const ColumnStyle &style, const QColor &color) const;

    std::vector<ColumnStyle> m_columns;
    std::function<Tone(const QModelIndex &)> m_toneOf;
    mutable std::array<Face, 2> m_faces;
    mutable Ink m_ink;
    mutable QList<quint32> m_indexes;
    mutable QList<QPointF> m_positions;
    mutable qint64 m_painted = 0;
};

} // namespace countersign
