#include "ui/map/flowmap.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/marks.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>

namespace countersign {

namespace {

constexpr int headingHeight = 26;
constexpr int nodeHeight = 74;
constexpr int noteHeight = 20;
constexpr int nodeGap = 14;
constexpr int maxNodeWidth = 260;
constexpr int minEdgeLength = 92;
constexpr std::array stageIcons{"ledger"_L1, "relayer"_L1, "chain"_L1};

int heightOf(const FlowNode &node)
{
    return nodeHeight + (node.note.isEmpty() ? 0 : noteHeight);
}

} // namespace

FlowMap::FlowMap(QWidget *parent)
    : QWidget(parent)
    , m_stages({tr("Canton"), tr("Relayers"), tr("Chains")})
{
    setAccessibleName(tr("Flow of intents"));
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
    setBackgroundRole(QPalette::Base);
}

void FlowMap::setData(const FlowMapData &data)
{
    if (data == m_data)
        return;
    m_data = data;
    m_current = std::clamp(m_current, 0, std::max(0, int(data.nodes.size()) - 1));
    arrange();
    updateGeometry();
    update();
}

void FlowMap::setStages(const QStringList &stages)
{
    m_stages = stages;
    update();
}

QString FlowMap::accessibleSummary() const
{
    QStringList parts;
    for (const FlowNode &node : m_data.nodes)
        parts.append(
            QStringList{node.title, node.tag, node.word, node.figure, node.caption, node.note}.join(u' ').simplified());
    return parts.join(u"; "_s);
}

int FlowMap::stageCount() const
{
    return int(m_stages.size());
}

QSize FlowMap::sizeHint() const
{
    return {760, minimumSizeHint().height() + 20};
}

QSize FlowMap::minimumSizeHint() const
{
    int tallest = nodeHeight;
    for (int stage = 0; stage < stageCount(); ++stage) {
        int height = -nodeGap;
        for (const FlowNode &node : m_data.nodes)
            height += node.stage == stage ? heightOf(node) + nodeGap : 0;
        tallest = std::max(tallest, height);
    }
    return {3 * 150 + 2 * minEdgeLength, headingHeight + tallest + 12};
}

void FlowMap::arrange()
{
    m_rects.clear();
    const int stages = std::max(1, stageCount());
    const int nodeWidth = std::min(maxNodeWidth, (width() - (stages - 1) * minEdgeLength - 4) / stages);
    for (int stage = 0; stage < stages; ++stage) {
        QVector<const FlowNode *> column;
        int total = -nodeGap;
        for (const FlowNode &node : m_data.nodes) {
            if (node.stage == stage) {
                column.append(&node);
                total += heightOf(node) + nodeGap;
            }
        }
        const int x = stages == 1 ? 2 : 2 + stage * (width() - 4 - nodeWidth) / (stages - 1);
        int y = headingHeight + std::max(0, (height() - headingHeight - total) / 2);
        for (const FlowNode *node : std::as_const(column)) {
            m_rects.insert(node->id, QRect(x, y, nodeWidth, heightOf(*node)));
            y += heightOf(*node) + nodeGap;
        }
    }
}

void FlowMap::resizeEvent(QResizeEvent *)
{
    arrange();
}

void FlowMap::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().brush(QPalette::Base));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(uiFont(TextSize::Small, QFont::Medium));
    for (int stage = 0; stage < stageCount(); ++stage) {
        QRect column;
        for (const FlowNode &node : m_data.nodes) {
            if (node.stage == stage)
                column = m_rects.value(node.id);
        }
        if (column.isNull())
            continue;
        const QColor ink = tokenColor(Token::Muted, palette());
        paintIcon(painter, QRectF(column.left(), 4, 15, 15),
            stageIcons[static_cast<std::size_t>(stage) % stageIcons.size()], ink);
        painter.setPen(ink);
        painter.drawText(QRect(column.left() + 21, 0, column.width() - 21, headingHeight - 3),
            Qt::AlignLeft | Qt::AlignVCenter, m_stages[stage]);
    }
    for (const FlowEdge &edge : m_data.edges)
        paintEdge(painter, edge);
    for (const FlowNode &node : m_data.nodes)
        paintNode(painter, node);
    QVector<QRectF> taken;
    for (const FlowEdge &edge : m_data.edges)
        paintEdgeLabel(painter, edge, taken);
}

QPainterPath FlowMap::edgePath(const FlowEdge &edge) const
{
    const QRect from = m_rects.value(edge.from);
    const QRect to = m_rects.value(edge.to);
    if (from.isNull() || to.isNull())
        return {};
    const QPointF start(from.right() + 1, from.top() + nodeHeight / 2.0);
    const QPointF end(to.left() - 1, to.top() + nodeHeight / 2.0);
    const qreal bend = (end.x() - start.x()) * 0.5;
    QPainterPath path(start);
    path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end);
    return path;
}

void FlowMap::paintEdge(QPainter &painter, const FlowEdge &edge) const
{
    const QPainterPath path = edgePath(edge);
    if (path.isEmpty())
        return;
    QColor color
        = edge.active ? tokenColor(toneToken(edge.tone), palette()) : tokenColor(Token::BorderStrong, palette());
    if (!edge.active)
        color.setAlpha(130);
    QPen pen(color, edge.active ? 1.6 + 3.0 * std::clamp(edge.weight, 0.0, 1.0) : 1.2);
    if (!edge.active)
        pen.setDashPattern({4, 4});
    pen.setCapStyle(Qt::FlatCap);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
    const QPointF tip = path.pointAtPercent(1);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(QPolygonF{{tip, tip + QPointF(-8, -4.5), tip + QPointF(-8, 4.5)}});
}

void FlowMap::paintEdgeLabel(QPainter &painter, const FlowEdge &edge, QVector<QRectF> &taken) const
{
    const QPainterPath path = edgePath(edge);
    if (path.isEmpty() || edge.label.isEmpty())
        return;
    painter.setFont(uiFont(TextSize::Small, QFont::Medium));
    const QFontMetrics metrics(painter.font());
    QRectF box(0, 0, metrics.horizontalAdvance(edge.label) + 12, metrics.height() + 2);
    for (const qreal share : {0.5, 0.38, 0.62, 0.28, 0.72}) {
        box.moveCenter(path.pointAtPercent(share));
        if (std::ranges::none_of(taken, [&](const QRectF &other) { return other.intersects(box); }))
            break;
    }
    taken.append(box);
    painter.setPen(tokenColor(Token::Border, palette()));
    painter.setBrush(palette().brush(QPalette::Base));
    painter.drawRoundedRect(box, 4, 4);
    painter.setPen(tokenColor(edge.active ? toneToken(edge.tone) : Token::Muted, palette()));
    painter.drawText(box, Qt::AlignCenter, edge.label);
}

void FlowMap::paintNode(QPainter &painter, const FlowNode &node) const
{
    const QRect rect = m_rects.value(node.id);
    if (rect.isNull())
        return;
    const auto index = std::ranges::find(m_data.nodes, node.id, &FlowNode::id) - m_data.nodes.begin();
    const bool focused = hasFocus() && index == m_current;
    const bool strong = !node.tag.isEmpty();
    Token border = strong ? Token::Accent : Token::BorderStrong;
    if (node.tone == Tone::Bad || node.tone == Tone::Warn)
        border = toneToken(node.tone);
    painter.setPen(QPen(tokenColor(border, palette()), focused ? 2.2 : strong ? 1.5 : 1));
    painter.setBrush(tokenColor(index == m_hovered ? Token::Window : Token::Raised, palette()));
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
    if (focused) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(tokenColor(Token::Accent, palette()), 1.5));
        painter.drawRoundedRect(QRectF(rect).adjusted(-2.5, -2.5, 2.5, 2.5), 7, 7);
    }

    const QRect inside = rect.adjusted(12, 8, -12, -6);
    const QColor toneInk = tokenColor(toneToken(node.tone), palette());
    const QFont strongFont = uiFont(TextSize::Body, QFont::Medium);
    const QFont small = uiFont(TextSize::Small);
    const QFontMetrics smallMetrics(small);
    paintMark(painter, QRectF(inside.left(), inside.top() + 4, 10, 10), node.tone, toneInk);
    painter.setFont(small);
    painter.setPen(toneInk);
    const int wordWidth = smallMetrics.horizontalAdvance(node.word);
    painter.drawText(
        QRect(inside.left(), inside.top(), inside.width(), 18), Qt::AlignRight | Qt::AlignVCenter, node.word);
    int titleRight = inside.right() - wordWidth - 8;
    painter.setFont(strongFont);
    painter.setPen(tokenColor(Token::Text, palette()));
    const QFontMetrics strongMetrics(strongFont);
    const int tagWidth = strong ? smallMetrics.horizontalAdvance(node.tag) + 12 : 0;
    const int titleRoom = titleRight - inside.left() - 17 - (strong ? tagWidth + 6 : 0);
    const QString title = strongMetrics.elidedText(node.title, Qt::ElideRight, titleRoom);
    painter.drawText(QRect(inside.left() + 17, inside.top(), titleRoom, 18), Qt::AlignLeft | Qt::AlignVCenter, title);
    if (strong) {
        const QRectF tag(
            inside.left() + 17 + strongMetrics.horizontalAdvance(title) + 7, inside.top() + 1, tagWidth, 17);
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokenColor(Token::Accent, palette()));
        painter.drawRoundedRect(tag, 3, 3);
        painter.setPen(tokenColor(Token::AccentText, palette()));
        painter.setFont(small);
        painter.drawText(tag, Qt::AlignCenter, node.tag);
    }

    painter.setFont(uiFont(TextSize::Body));
    painter.setPen(tokenColor(Token::Text, palette()));
    QRect line(inside.left(), inside.top() + 21, inside.width(), 18);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetrics(painter.font()).elidedText(node.figure, Qt::ElideRight, line.width()));
    painter.setFont(small);
    if (node.waiting >= 0) {
        // The queue, one cell an intent up to sixteen: a glance shows whether it is empty, breathing or full.
        constexpr int cells = 16;
        const int lit = std::min(node.waiting, cells);
        const Token ink = node.waiting > 50 ? Token::Bad : node.waiting > cells ? Token::Warn : Token::Accent;
        const QString count = tr("%n waiting", nullptr, node.waiting);
        const int countWidth = smallMetrics.horizontalAdvance(count) + 8;
        const qreal cell = std::min(9.0, (inside.width() - countWidth) / double(cells));
        painter.setPen(Qt::NoPen);
        for (int i = 0; i < cells; ++i) {
            painter.setBrush(tokenColor(i < lit ? ink : Token::Border, palette()));
            painter.drawRect(QRectF(inside.left() + i * cell, inside.top() + 46, cell - 2, 8));
        }
        painter.setPen(tokenColor(node.waiting > cells ? ink : Token::Muted, palette()));
        painter.drawText(
            QRect(inside.left(), inside.top() + 40, inside.width(), 20), Qt::AlignRight | Qt::AlignVCenter, count);
    } else {
        painter.setPen(tokenColor(Token::Muted, palette()));
        painter.drawText(QRect(inside.left(), inside.top() + 40, inside.width(), 18), Qt::AlignLeft | Qt::AlignVCenter,
            smallMetrics.elidedText(node.caption, Qt::ElideRight, inside.width()));
    }
    if (!node.note.isEmpty()) {
        const QRect strip(rect.left() + 1, rect.bottom() - noteHeight, rect.width() - 2, noteHeight);
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokenColor(toneFill(node.noteTone), palette()));
        painter.drawRoundedRect(QRectF(strip), 4, 4);
        const QColor ink = tokenColor(toneToken(node.noteTone), palette());
        paintMark(painter, QRectF(strip.left() + 11, strip.top() + 6, 9, 9), node.noteTone, ink);
        painter.setPen(ink);
        painter.drawText(strip.adjusted(28, 0, -8, 0), Qt::AlignLeft | Qt::AlignVCenter,
            smallMetrics.elidedText(node.note, Qt::ElideRight, strip.width() - 36));
    }
}

int FlowMap::nodeAt(const QPoint &point) const
{
    for (int i = 0; i < m_data.nodes.size(); ++i) {
        if (m_rects.value(m_data.nodes[i].id).contains(point))
            return i;
    }
    return -1;
}

void FlowMap::mouseMoveEvent(QMouseEvent *event)
{
    const int hovered = nodeAt(event->position().toPoint());
    if (hovered == m_hovered)
        return;
    m_hovered = hovered;
    setCursor(hovered >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    setToolTip(hovered >= 0
            ? QStringList{m_data.nodes[hovered].figure, m_data.nodes[hovered].caption, m_data.nodes[hovered].note}
                  .join(u'\n')
                  .trimmed()
            : QString());
    update();
}

void FlowMap::leaveEvent(QEvent *)
{
    m_hovered = -1;
    update();
}

void FlowMap::mouseReleaseEvent(QMouseEvent *event)
{
    const int index = nodeAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && index >= 0) {
        m_current = index;
        emit nodeActivated(m_data.nodes[index].id);
    }
}

void FlowMap::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        moveFocus(event->key());
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_current < m_data.nodes.size())
            emit nodeActivated(m_data.nodes[m_current].id);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void FlowMap::moveFocus(int key)
{
    if (m_current >= m_data.nodes.size())
        return;
    const QPoint here = m_rects.value(m_data.nodes[m_current].id).center();
    int best = m_current;
    int bestDistance = std::numeric_limits<int>::max();
    for (int i = 0; i < m_data.nodes.size(); ++i) {
        const QPoint offset = m_rects.value(m_data.nodes[i].id).center() - here;
        const int stage = m_data.nodes[i].stage - m_data.nodes[m_current].stage;
        const bool fits = key == Qt::Key_Left ? stage < 0
            : key == Qt::Key_Right            ? stage > 0
            : key == Qt::Key_Up               ? stage == 0 && offset.y() < 0
                                              : stage == 0 && offset.y() > 0;
        if (fits && offset.manhattanLength() < bestDistance) {
            best = i;
            bestDistance = offset.manhattanLength();
        }
    }
    m_current = best;
    update();
}

void FlowMap::focusInEvent(QFocusEvent *event)
{
    setAccessibleDescription(accessibleSummary());
    QWidget::focusInEvent(event);
    update();
}

} // namespace countersign
