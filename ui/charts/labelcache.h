#pragma once

#include "ui/theme/fonts.h"

#include <QHash>
#include <QStaticText>
#include <QString>

class QPainter;

namespace countersign {

/// Labels that are painted again and again with other samples: their glyphs are found once. Knows one font.
class LabelCache final {
public:
    explicit LabelCache(TextSize size, QFont::Weight weight = QFont::Normal);

    double width(const QString &text);
    /// In the painter's colour; its font is changed. Aligned as QPainter::drawText does.
    void draw(QPainter &painter, const QRectF &rect, Qt::Alignment alignment, const QString &text);

private:
    const QStaticText &find(const QString &text);

    QFont m_font;
    QHash<QString, QStaticText> m_texts;
};

}
