#include "ui/widgets/glyphdelegate.h"

#include "ui/theme/fonts.h"
#include "ui/theme/marks.h"

#include <QGlyphRun>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr int padding = 8;
constexpr int markSize = 9;

} // namespace

GlyphDelegate::GlyphDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

void GlyphDelegate::setColumn(int column, const ColumnStyle &style)
{
    if (m_columns.size() <= static_cast<std::size_t>(column))
        m_columns.resize(static_cast<std::size_t>(column) + 1);
    m_columns[static_cast<std::size_t>(column)] = style;
}

void GlyphDelegate::setToneOf(std::function<Tone(const QModelIndex &)> toneOf)
{
    m_toneOf = std::move(toneOf);
}

const GlyphDelegate::Face &GlyphDelegate::face(bool mono) const
{
    Face &face = m_faces[mono ? 1 : 0];
    if (face.raw.isValid())
        return face;
    face.font = mono ? monoFont() : uiFont();
    face.raw = QRawFont::fromFont(face.font);
    QString ascii;
    for (int i = 0; i < glyphCount; ++i)
        ascii += QChar(firstGlyph + i);
    const QList<quint32> glyphs = face.raw.glyphIndexesForString(ascii);
    const QList<QPointF> advances = face.raw.advancesForGlyphIndexes(glyphs);
    for (int i = 0; i < std::min<int>(glyphCount, int(glyphs.size())); ++i) {
        face.glyphs[static_cast<std::size_t>(i)] = glyphs[i];
        face.advances[static_cast<std::size_t>(i)] = advances[i].x();
    }
    const QList<quint32> dots = face.raw.glyphIndexesForString(QString(QChar(0x2026)));
    if (!dots.isEmpty()) {
        face.ellipsis = dots.first();
        face.ellipsisAdvance = face.raw.advancesForGlyphIndexes(dots).constFirst().x();
    }
    return face;
}

const GlyphDelegate::Ink &GlyphDelegate::ink(const QPalette &palette) const
{
    if (m_ink.paletteKey == palette.cacheKey())
        return m_ink;
    const Scheme scheme = schemeOf(palette);
    m_ink.paletteKey = palette.cacheKey();
    m_ink.text = tokenColor(Token::Text, scheme);
    m_ink.muted = tokenColor(Token::Muted, scheme);
    m_ink.selection = tokenColor(Token::Selection, scheme);
    m_ink.selectionText = tokenColor(Token::SelectionText, scheme);
    m_ink.line = tokenColor(Token::ChartGrid, scheme);
    for (std::size_t i = 0; i < m_ink.tones.size(); ++i)
        m_ink.tones[i] = tokenColor(toneToken(static_cast<Tone>(i)), scheme);
    return m_ink;
}

void GlyphDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    static const ColumnStyle plain;
    ++m_painted;
    const Ink &ink = this->ink(option.palette);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected)
        painter->fillRect(option.rect, ink.selection);
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), ink.line);

    const auto column = static_cast<std::size_t>(index.column());
    const ColumnStyle &style = column < m_columns.size() ? m_columns[column] : plain;
    QColor color = selected ? ink.selectionText : style.quiet ? ink.muted : ink.text;
    QRect rect = option.rect.adjusted(padding, 0, -padding, 0);
    if (style.mark && m_toneOf) {
        const Tone tone = m_toneOf(index);
        color = ink.tones[static_cast<std::size_t>(tone)];
        paintMark(
            *painter, QRectF(rect.left(), rect.center().y() - markSize / 2.0 + 0.5, markSize, markSize), tone, color);
        rect.setLeft(rect.left() + markSize + 6);
    }
    const QString text = index.data(Qt::DisplayRole).toString();
    if (!text.isEmpty())
        drawText(*painter, rect, text, style, color);
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(tokenColor(Token::Accent, option.palette), 1));
        painter->drawRect(option.rect.adjusted(0, 0, -1, -2));
    }
}

void GlyphDelegate::drawText(
    QPainter &painter, const QRect &rect, const QString &text, const ColumnStyle &style, const QColor &color) const
{
    const Face &face = this->face(style.mono);
    const auto slow = [&] {
        painter.setPen(color);
        painter.setFont(face.font);
        const QFontMetricsF metrics(face.font);
        painter.drawText(rect, static_cast<int>(style.alignment | Qt::AlignVCenter | Qt::TextSingleLine),
            metrics.elidedText(text, style.elide, rect.width()));
    };
    m_indexes.clear();
    m_positions.clear();
    qreal width = 0;
    for (const QChar letter : text) {
        const int code = letter.unicode() - firstGlyph;
        if (code < 0 || code >= glyphCount) {
            slow();
            return;
        }
        m_indexes.append(face.glyphs[static_cast<std::size_t>(code)]);
        width += face.advances[static_cast<std::size_t>(code)];
    }
    const auto advance
        = [&](qsizetype i) { return face.advances[static_cast<std::size_t>(text[i].unicode() - firstGlyph)]; };
    qsizetype head = text.size();
    qsizetype tail = text.size();
    if (width > rect.width()) {
        // Middle: keep both ends, for ids; right: keep the beginning.
        const qreal room = rect.width() - face.ellipsisAdvance;
        const bool middle = style.elide == Qt::ElideMiddle;
        qreal used = 0;
        head = 0;
        while (head < tail && used + advance(head) <= room * (middle ? 0.5 : 1.0))
            used += advance(head++);
        while (middle && tail > head && used + advance(tail - 1) <= room)
            used += advance(--tail);
        if (!middle)
            tail = text.size();
        width = used + face.ellipsisAdvance;
        m_indexes.remove(head, (middle ? tail : text.size()) - head);
        m_indexes.insert(head, face.ellipsis);
    }
    qreal x
        = style.alignment.testFlag(Qt::AlignRight) ? rect.left() + std::max(0.0, rect.width() - width) : rect.left();
    const qreal baseline = rect.top() + (rect.height() + face.raw.ascent() - face.raw.descent()) / 2;
    const bool elided = m_indexes.size() != text.size() || head != text.size();
    for (qsizetype i = 0; i < m_indexes.size(); ++i) {
        m_positions.append({x, std::round(baseline)});
        if (elided && i == head)
            x += face.ellipsisAdvance;
        else
            x += advance(elided && i > head ? i - head - 1 + tail : i);
    }
    QGlyphRun run;
    run.setRawFont(face.raw);
    run.setRawData(m_indexes.constData(), m_positions.constData(), int(m_indexes.size()));
    painter.setPen(color);
    painter.drawGlyphRun({}, run);
}

QSize GlyphDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto column = static_cast<std::size_t>(index.column());
    const bool mono = column < m_columns.size() && m_columns[column].mono;
    const bool mark = column < m_columns.size() && m_columns[column].mark;
    const QFontMetrics metrics(mono ? monoFont() : uiFont());
    const int width
        = metrics.horizontalAdvance(index.data(Qt::DisplayRole).toString()) + 2 * padding + (mark ? markSize + 6 : 0);
    return {width, std::max(option.rect.height(), metrics.height() + 8)};
}

} // namespace countersign
