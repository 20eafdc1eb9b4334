#include "ui/pages/dashboards/panelframe.h"

#include "backend/types/strings.h"
#include "ui/charts/timeseriesview.h"
#include "ui/pages/dashboards/chartpanel.h"
#include "ui/pages/dashboards/panelviews.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/stalestrip.h"
#include "ui/widgets/stateoverlay.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

namespace countersign {

namespace {

constexpr int radius = 4;

bool asks(const QString &type)
{
    return type != u"text"_s && type != u"alertlist"_s && type != u"dashlist"_s;
}

} // namespace

PanelFrame::PanelFrame(const PanelSlot &slot, ChartGroup &group, QWidget *parent)
    : QWidget(parent)
    , m_key(slot.key)
    , m_title(new QLabel(slot.title, this))
    , m_problem(new QLabel(this))
    , m_more(new QToolButton(this))
    , m_menu(new QMenu(this))
    , m_view(makePanelView(slot.panel, slot.title, group, this))
    , m_strip(new StaleStrip(this))
    , m_overlay(nullptr)
{
    setAccessibleName(slot.title.isEmpty() ? tr("Untitled panel") : slot.title);
    setAttribute(Qt::WA_OpaquePaintEvent, false);
    m_title->setFont(uiFont(TextSize::Strong, QFont::Medium));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setToolTip(slot.panel.description.isEmpty() ? slot.title : slot.title + u"\n\n"_s + slot.panel.description);
    m_title->setMinimumWidth(0);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_problem->setFont(uiFont(TextSize::Small));
    m_problem->hide();
    m_more->setIcon(themeIcon("menu"_L1));
    m_more->setAutoRaise(true);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setMenu(m_menu);
    m_more->setAccessibleName(tr("Menu of the panel %1").arg(slot.title));
    m_more->setToolTip(tr("Queries, values, export"));
    fillMenu(slot);
    m_overlay = new StateOverlay(m_strip, m_view);

    auto *head = new QHBoxLayout;
    head->setContentsMargins(10, 4, 4, 0);
    head->setSpacing(6);
    head->addWidget(m_title, 1);
    head->addWidget(m_problem);
    head->addWidget(m_more);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(2);
    layout->addLayout(head);
    layout->addWidget(m_strip);
    auto *body = new QVBoxLayout;
    body->setContentsMargins(8, 0, 8, 8);
    body->addWidget(m_view);
    layout->addLayout(body, 1);
    if (TimeSeriesView *chart = m_view->chart())
        connect(chart, &TimeSeriesView::ghostWanted, this, [this](bool wanted) { emit ghostRequested(m_key, wanted); });
}

void PanelFrame::fillMenu(const PanelSlot &slot)
{
    if (asks(slot.panel.type))
        m_menu->addAction(tr("Queries…"), this, [this] { emit queriesRequested(m_key); });
    m_menu->addAction(tr("JSON of the panel…"), this, [this] { emit jsonRequested(m_key); });
    m_menu->addSeparator();
    if (m_view->chart()) {
        m_menu->addAction(tr("Save as PNG…"), this, [this] { emit exportRequested(m_key, u"png"_s); });
        m_menu->addAction(tr("Save as SVG…"), this, [this] { emit exportRequested(m_key, u"svg"_s); });
        QAction *ghost = m_menu->addAction(tr("One week before"));
        ghost->setCheckable(true);
        connect(ghost, &QAction::toggled, m_view->chart(), &TimeSeriesView::setGhostShown);
        connect(ghost, &QAction::toggled, this, [this](bool wanted) { emit ghostRequested(m_key, wanted); });
        QAction *freeze = m_menu->addAction(tr("Freeze"));
        freeze->setCheckable(true);
        connect(freeze, &QAction::toggled, m_view->chart(), &TimeSeriesView::setFrozen);
        connect(m_view->chart(), &TimeSeriesView::frozenChanged, freeze, &QAction::setChecked);
    }
    if (asks(slot.panel.type))
        m_menu->addAction(tr("Save as CSV…"), this, [this] { emit exportRequested(m_key, u"csv"_s); });
}

void PanelFrame::show(const PanelState &state, qint64 from, qint64 to)
{
    m_state = state;
    m_from = from;
    m_to = to;
    const bool hasContent = state.content.kind != PanelContent::Kind::None && !state.content.isEmpty();
    if (hasContent || state.content.kind == PanelContent::Kind::Series)
        m_view->show(state.content, from, to);
    showProblem(state);
}

void PanelFrame::showProblem(const PanelState &state)
{
    using Kind = PanelContent::Kind;
    const bool isEmpty = state.content.kind == Kind::None || state.content.isEmpty();
    if (state.content.kind == Kind::Unsupported) {
        m_overlay->showEmpty(tr("This panel cannot be drawn"), state.content.text + u'\n' + tr("Its JSON stands in the menu."));
    } else if (state.content.kind == Kind::Alerts || state.content.kind == Kind::Dashboards) {
        m_overlay->showEmpty(state.content.kind == Kind::Alerts ? tr("Alerts stand on the page Alerts") : tr("Dashboards are listed on top"));
    } else if (!state.error.isEmpty() && isEmpty) {
        m_overlay->showError(tr("No answer"), state.error, false);
    } else if (!state.error.isEmpty()) {
        m_overlay->showStale(state.asOf ? tr("As of %1 UTC: %2").arg(state.asOf->toDateTime().toString(u"HH:mm:ss"), state.error) : state.error);
    } else if (isEmpty && state.isLoading && state.content.kind != Kind::Series) {
        m_overlay->showLoading(tr("Asking Prometheus…"));
    } else if (isEmpty && state.content.kind != Kind::Series && state.content.kind != Kind::Text) {
        m_overlay->showEmpty(tr("No data in this range"));
    } else {
        m_overlay->clear();
    }
}

void PanelFrame::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    // Colours of the content are made for one theme.
    if (event->type() == QEvent::PaletteChange && m_to > m_from) {
        if (m_view->chart())
            m_view->chart()->clear();
        show(m_state, m_from, m_to);
    }
}

void PanelFrame::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(tokenColor(Token::Border, palette()));
    painter.setBrush(tokenColor(Token::Panel, palette()));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
}

} // namespace countersign
