#include "ui/pages/dashboards/dashboardgrid.h"

#include "backend/types/strings.h"
#include "ui/charts/chartgroup.h"
#include "ui/charts/timeseriesview.h"
#include "ui/pages/dashboards/chartpanel.h"
#include "ui/pages/dashboards/panelframe.h"
#include "ui/pages/dashboards/panelviews.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"

#include <QEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>

#include <algorithm>

namespace countersign {

namespace {

constexpr int columns = 24;
constexpr int unit = 30; ///< pixels of a row of the grid
constexpr int gap = 8;
constexpr int ahead = 200; ///< pixels beyond the screen that are asked for already

} // namespace

DashboardGrid::DashboardGrid(DashboardSession &session, QScrollArea &area, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_area(area)
    , m_group(new ChartGroup(this))
{
    connect(&m_session, &DashboardSession::laidOut, this, &DashboardGrid::rebuild);
    connect(&m_session, &DashboardSession::panelChanged, this, &DashboardGrid::showPanel);
    connect(&m_session, &DashboardSession::opened, m_group, &ChartGroup::reset);
    connect(&m_session, &DashboardSession::annotationsChanged, this, [this] {
        for (PanelFrame *frame : std::as_const(m_frames)) {
            if (TimeSeriesView *chart = frame->view()->chart())
                showAnnotations(*chart, m_session.annotations());
        }
    });
    connect(m_area.verticalScrollBar(), &QScrollBar::valueChanged, this, &DashboardGrid::updateShown);
    m_area.viewport()->installEventFilter(this);
    rebuild();
}

QRect DashboardGrid::rectOf(const GridPosition &grid) const
{
    const double column = (width() + gap) / static_cast<double>(columns);
    const int left = qRound(grid.x * column);
    const int right = qRound((grid.x + grid.width) * column) - gap;
    return {left, grid.y * (unit + gap), std::max(right - left, unit), grid.height * (unit + gap) - gap};
}

QSize DashboardGrid::sizeHint() const
{
    int bottom = 0;
    for (const PanelSlot &slot : m_session.panelSlots())
        bottom = std::max(bottom, slot.grid.y + slot.grid.height);
    return {columns * unit, bottom * (unit + gap)};
}

void DashboardGrid::rebuild()
{
    QHash<QString, PanelFrame *> frames;
    QHash<QString, QWidget *> headings;
    for (const PanelSlot &slot : m_session.panelSlots()) {
        if (slot.isRow) {
            auto *heading = qobject_cast<QToolButton *>(m_headings.take(slot.key));
            if (!heading) {
                heading = new QToolButton(this);
                heading->setAutoRaise(true);
                heading->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
                heading->setFont(uiFont(TextSize::Strong, QFont::Medium));
                connect(heading, &QToolButton::clicked, this, [this, key = slot.key] { m_session.toggleRow(key); });
            }
            heading->setText(slot.title);
            heading->setIcon(themeIcon(slot.isOpen ? "chevron-down"_L1 : "chevron-right"_L1));
            heading->setAccessibleName(slot.isOpen ? tr("Row %1, open").arg(slot.title) : tr("Row %1, closed").arg(slot.title));
            heading->show();
            headings.insert(slot.key, heading);
            continue;
        }
        PanelFrame *frame = m_frames.take(slot.key);
        if (frame && frame->property("title").toString() != slot.title) {
            delete frame;
            frame = nullptr;
        }
        if (!frame) {
            frame = new PanelFrame(slot, *m_group, this);
            frame->setProperty("title", slot.title);
            connect(frame, &PanelFrame::ghostRequested, &m_session, &DashboardSession::setGhostWanted);
            emit frameMade(frame);
            frame->QWidget::show();
        }
        frames.insert(slot.key, frame);
    }
    qDeleteAll(m_frames);
    qDeleteAll(m_headings);
    m_frames = frames;
    m_headings = headings;
    place();
}

void DashboardGrid::place()
{
    const QWidget *before = nullptr;
    for (const PanelSlot &slot : m_session.panelSlots()) {
        QWidget *widget = slot.isRow ? m_headings.value(slot.key) : m_frames.value(slot.key);
        if (!widget)
            continue;
        const QRect rect = rectOf(slot.grid);
        widget->setGeometry(slot.isRow ? QRect(rect.left(), rect.top(), std::min(rect.width(), widget->sizeHint().width()), rect.height()) : rect);
        if (before)
            setTabOrder(const_cast<QWidget *>(before), widget);
        before = widget;
    }
    setMinimumHeight(sizeHint().height());
    updateGeometry();
    updateShown();
}

void DashboardGrid::updateShown()
{
    const int top = m_area.verticalScrollBar()->value() - ahead;
    const int bottom = top + m_area.viewport()->height() + 2 * ahead;
    for (auto it = m_frames.cbegin(); it != m_frames.cend(); ++it) {
        const QRect rect = (*it)->geometry();
        m_session.setShown(it.key(), isVisible() && rect.bottom() >= top && rect.top() <= bottom);
    }
}

void DashboardGrid::showPanel(const QString &key)
{
    PanelFrame *frame = m_frames.value(key);
    if (!frame)
        return;
    const PanelState state = m_session.state(key);
    frame->show(state, m_session.begin().millis(), m_session.end().millis());
    if (TimeSeriesView *chart = frame->view()->chart(); chart && chart->isGhostShown())
        showGhost(*chart, state.content.series, m_session.ghost(key));
}

void DashboardGrid::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_session.setWidth(width());
    place();
}

bool DashboardGrid::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::Show)
        updateShown();
    return QWidget::eventFilter(watched, event);
}

} // namespace countersign
