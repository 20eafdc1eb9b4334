#include "ui/charts/labelcache.h"

#include <QPainter>
#include <QTransform>

namespace countersign {

namespace {
constexpr qsizetype mostLabels = 400;
}

LabelCache::LabelCache(TextSize size, QFont::Weight weight)
    : m_font(uiFont(size, weight))
{
}

const QStaticText &LabelCache::find(const QString &text)
{
    const auto known = m_texts.constFind(text);
    if (known != m_texts.constEnd())
        return *known;
    if (m_texts.size() >= mostLabels)
        m_texts.clear();
    QStaticText label(text);
    label.setTextFormat(Qt::PlainText);
    label.setPerformanceHint(QStaticText::AggressiveCaching);
    label.prepare(QTransform(), m_font);
    return *m_texts.insert(text, label);
}

double LabelCache::width(const QString &text)
{
    return find(text).size().width();
}

void LabelCache::draw(QPainter &painter, const QRectF &rect, Qt::Alignment alignment, const QString &text)
{
    const QStaticText &label = find(text);
    const QSizeF size = label.size();
    double left = rect.left();
    if (alignment & Qt::AlignRight)
        left = rect.right() - size.width();
    else if (alignment & Qt::AlignHCenter)
        left = rect.center().x() - size.width() / 2;
    painter.setFont(m_font);
    painter.drawStaticText(QPointF(left, rect.top() + (rect.height() - size.height()) / 2), label);
}

}
