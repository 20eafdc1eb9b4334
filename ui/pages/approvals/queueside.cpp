#include "ui/pages/approvals/queueside.h"

#include "backend/types/strings.h"
#include "models/approvals/acknowledgements.h"
#include "models/approvals/exchangenoticesmodel.h"
#include "models/approvals/noncelanesmodel.h"
#include "ui/pages/approvals/queuedelegates.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/stateoverlay.h"
#include "ui/widgets/statusbadge.h"

#include <QApplication>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QVBoxLayout>

namespace countersign {

namespace {

QListView *listIn(Card *card, QAbstractItemModel &model, QStyledItemDelegate *delegate, const QString &name)
{
    auto *list = new QListView(card);
    delegate->setParent(list);
    list->setModel(&model);
    list->setItemDelegate(delegate);
    list->setFrameShape(QFrame::NoFrame);
    list->setResizeMode(QListView::Adjust);
    list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setAccessibleName(name);
    return list;
}

} // namespace

QueueSide::QueueSide(const ApprovalsContent &content, ExchangeDesk &desk, QWidget *parent)
    : QWidget(parent)
    , m_noticesModel(content.notices)
    , m_acknowledgements(content.acknowledgements)
    , m_desk(desk)
    , m_exchange(new Card(tr("Exchange"), this))
    , m_carriers(new QWidget(this))
    , m_carrierRows(new QVBoxLayout(m_carriers))
    , m_seen(new QWidget(this))
    , m_seenRows(new QVBoxLayout(m_seen))
    , m_level(new QPushButton(tr("Bring up to date"), this))
    , m_accept(new QPushButton(tr("I have looked into it"), this))
{
    auto *nonces = new Card(tr("Nonces"), this);
    nonces->setFlush(true);
    nonces->body()->setContentsMargins(1, 2, 1, 4);
    m_lanes = listIn(nonces, content.lanes, new NonceLaneDelegate, tr("Nonces of the Safes"));
    nonces->body()->addWidget(m_lanes, 1);

    m_exchange->setFlush(true);
    m_exchange->body()->setContentsMargins(1, 0, 1, 4);
    m_carrierRows->setContentsMargins(11, 0, 9, 4);
    m_carrierRows->setSpacing(4);
    m_notices = listIn(m_exchange, content.notices, new NoticeDelegate, tr("What is not well with the exchange"));
    m_level->setAccessibleName(tr("Give each carrier what it lacks"));
    m_level->setToolTip(tr("Copies what one carrier has and another has not"));
    m_accept->setAccessibleName(tr("I have looked into the alarm"));
    m_accept->setToolTip(tr("The alarm is kept and goes quiet; what is here now is what this console goes on from"));
    m_accept->hide();
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(11, 2, 9, 4);
    buttons->addWidget(m_level);
    buttons->addWidget(m_accept);
    buttons->addStretch();
    m_seenRows->setContentsMargins(11, 0, 9, 4);
    m_seenRows->setSpacing(4);
    m_exchange->body()->addWidget(m_carriers);
    m_exchange->body()->addWidget(m_seen);
    m_exchange->body()->addWidget(m_notices, 1);
    m_exchange->body()->addLayout(buttons);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(10);
    layout->addWidget(nonces, 1);
    layout->addWidget(m_exchange, 1);

    setTabOrder(m_lanes, m_notices);
    setTabOrder(m_notices, m_accept);
    setTabOrder(m_accept, m_level);

    const auto openOf = [this](int role) {
        return [this, role](const QModelIndex &index) {
            const auto id = index.data(role).value<Hash32>();
            if (!id.isZero())
                emit proposalRequested(id);
        };
    };
    connect(m_lanes, &QAbstractItemView::activated, this, openOf(NonceLanesModel::IdRole));
    connect(m_lanes, &QAbstractItemView::clicked, this, openOf(NonceLanesModel::IdRole));
    connect(m_notices, &QAbstractItemView::activated, this, openOf(ExchangeNoticesModel::ProposalRole));
    connect(m_notices, &QAbstractItemView::clicked, this, openOf(ExchangeNoticesModel::ProposalRole));
    connect(m_notices->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        m_accept->setVisible(current.isValid() && current.data(ExchangeNoticesModel::AlarmRole).toBool());
    });
    connect(m_level, &QPushButton::clicked, &m_desk, &ExchangeDesk::level);
    connect(m_accept, &QPushButton::clicked, this, &QueueSide::acceptCurrent);
    connect(&m_desk, &ExchangeDesk::carriersChanged, this, &QueueSide::showCarriers);
    connect(&m_noticesModel, &ExchangeNoticesModel::countsChanged, this, &QueueSide::showCarriers);
    connect(&m_acknowledgements, &Acknowledgements::changed, this, &QueueSide::showAcknowledgements);
    showCarriers();
    showAcknowledgements();
}

void QueueSide::acceptCurrent()
{
    const QModelIndex current = m_notices->currentIndex();
    if (!current.isValid())
        return;
    if (const ExchangeAlarm *alarm = m_noticesModel.alarm(current.row()))
        m_desk.accept(*alarm);
    m_accept->hide();
}

void QueueSide::showAcknowledgements()
{
    while (m_seenRows->count() > 0) {
        const std::unique_ptr<QLayoutItem> item(m_seenRows->takeAt(0));
        if (QWidget *widget = item->widget())
            widget->deleteLater();
    }
    QWidget *before = m_lanes;
    const bool several = m_acknowledgements.states().size() > 1;
    for (const AcknowledgementState &state : m_acknowledgements.states()) {
        auto *row = new QWidget(m_seen);
        const QString summary = several ? tr("%1: %2").arg(state.chain, state.summary()) : state.summary();
        auto *text = new QLabel(summary, row);
        auto *detail = new QLabel(state.detail(), row);
        for (QLabel *label : {text, detail}) {
            label->setWordWrap(true);
            label->setTextFormat(Qt::PlainText);
        }
        detail->setFont(uiFont(TextSize::Small));
        detail->setForegroundRole(QPalette::PlaceholderText);
        auto *button = new QPushButton(tr("Acknowledge…"), row);
        button->setAccessibleName(tr("Acknowledge what the exchange of the Safe on %1 holds").arg(state.chain));
        button->setAccessibleDescription(u"%1. %2"_s.arg(summary, state.detail()));
        row->setToolTip(summary + u'\n' + state.detail());
        row->setAccessibleName(summary);
        row->setAccessibleDescription(state.detail());
        connect(button, &QPushButton::clicked, this,
            [this, chain = state.chainId, safe = state.safe] { emit acknowledgeRequested(chain, safe); });
        auto *line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(8);
        auto *words = new QVBoxLayout;
        words->setSpacing(1);
        words->addWidget(text);
        words->addWidget(detail);
        line->addLayout(words, 1);
        line->addWidget(button, 0, Qt::AlignTop);
        m_seenRows->addWidget(row);
        setTabOrder(before, button);
        before = button;
    }
    setTabOrder(before, m_notices);
    m_seen->setVisible(!m_acknowledgements.states().isEmpty());
}

void QueueSide::showCarriers()
{
    const QList<DeskCarrier> carriers = m_desk.carriers();
    // The rows are made anew; a person who is on one stays there.
    const QWidget *focused = m_carriers->isAncestorOf(QApplication::focusWidget()) ? QApplication::focusWidget() : nullptr;
    const QString focusedName = focused ? focused->accessibleName() : QString();
    while (m_carrierRows->count() > 0) {
        const std::unique_ptr<QLayoutItem> item(m_carrierRows->takeAt(0));
        if (QWidget *widget = item->widget())
            widget->deleteLater();
    }
    bool lacking = false;
    QPushButton *hadFocus = nullptr;
    for (const DeskCarrier &carrier : carriers) {
        auto *row = new QWidget(m_carriers);
        auto *name = new ElidedLabel(Qt::ElideMiddle, row);
        name->setText(carrier.name);
        auto *badge = new StatusBadge(row);
        badge->setState(carrier.tone, carrier.lacking > 0 ? tr("%n behind", nullptr, carrier.lacking) : carrier.state);
        row->setToolTip(carrier.name + u'\n' + carrier.detail);
        row->setAccessibleName(carrier.name);
        row->setAccessibleDescription(carrier.state + u". "_s + carrier.detail);
        auto *line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(8);
        line->addWidget(name, 1);
        line->addWidget(badge);
        const auto addButton = [&](const QString &text, const QString &name, const QString &toolTip, void (QueueSide::*request)(const DeskCarrier &)) {
            auto *button = new QPushButton(text, row);
            button->setAccessibleName(name);
            button->setToolTip(toolTip);
            line->addWidget(button);
            hadFocus = name == focusedName ? button : hadFocus;
            connect(button, &QPushButton::clicked, this, [this, carrier, request] { emit(this->*request)(carrier); });
            return button;
        };
        if (carrier.hasDelegates)
            addButton(tr("Delegates…"), tr("Delegates at %1").arg(carrier.name), tr("Who may propose for owners there, as the service claims"),
                &QueueSide::delegatesRequested)
                ->setObjectName(u"delegatesButton"_s);
        if (carrier.token)
            addButton(tr("Token…"), tr("Access token of %1").arg(carrier.name), carrier.token->state, &QueueSide::tokenRequested)
                ->setObjectName(u"tokenButton"_s);
        m_carrierRows->addWidget(row);
        if (hadFocus && row->isAncestorOf(hadFocus)) {
            row->show(); // the layout does so later, and what is not shown takes no focus
            hadFocus->setFocus();
        }
        lacking = lacking || carrier.lacking > 0;
    }
    m_level->setVisible(carriers.size() > 1);
    m_level->setEnabled(lacking);
    const int alarms = m_noticesModel.alarmCount();
    m_exchange->setNote(alarms == 1 ? tr("one alarm")
            : alarms > 0            ? tr("%n alarms", nullptr, alarms)
            : m_noticesModel.rowCount() > 0 ? tr("%n to look at", nullptr, m_noticesModel.rowCount())
                                            : tr("nothing missing"));
}

} // namespace countersign
