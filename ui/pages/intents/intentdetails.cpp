#include "ui/pages/intents/intentdetails.h"

#include "backend/types/strings.h"
#include "models/intents/intenttablemodel.h"
#include "models/intents/intenttimelinemodel.h"
#include "ui/pages/intents/hopdelegate.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/copybutton.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/format.h"
#include "ui/widgets/keyvalueview.h"
#include "ui/widgets/statusbadge.h"

#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

namespace countersign {

IntentDetails::IntentDetails(IntentTimelineModel &timeline, const IntentTableModel &table, QWidget *parent)
    : QWidget(parent)
    , m_timeline(timeline)
    , m_table(table)
    , m_title(new ElidedLabel(Qt::ElideMiddle, this))
    , m_badge(new StatusBadge(this))
    , m_reason(new QLabel(this))
    , m_next(new QLabel(this))
    , m_terms(new KeyValueView(this))
    , m_hops(new QListView(this))
    , m_detail(new QPlainTextEdit(this))
    , m_copy(new CopyButton(tr("this intent as JSON"), this))
{
    setMinimumWidth(360);
    m_title->setFont(uiFont(TextSize::Strong, QFont::Medium));
    m_reason->setFont(uiFont(TextSize::Body, QFont::Medium));
    m_next->setForegroundRole(QPalette::PlaceholderText);
    m_detail->setFont(monoFont(TextSize::Small));
    m_detail->setReadOnly(true);
    m_detail->setFrameShape(QFrame::NoFrame);
    // A log line is one word of hundreds of letters: a label cannot break it, and cuts it off.
    m_detail->setWordWrapMode(QTextOption::WrapAnywhere);
    for (QLabel *label : {m_reason, m_next}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    m_detail->setAccessibleName(tr("Evidence of the chosen hop"));
    m_detail->setMaximumHeight(120);
    m_hops->setModel(&m_timeline);
    m_hops->setItemDelegate(new HopDelegate(m_hops));
    m_hops->setFrameShape(QFrame::NoFrame);
    m_hops->setUniformItemSizes(true);
    m_hops->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_hops->setAccessibleName(tr("Timeline of the intent"));
    auto *close = new QToolButton(this);
    close->setIcon(themeIcon("close"_L1));
    close->setAutoRaise(true);
    close->setAccessibleName(tr("Close details"));
    connect(close, &QToolButton::clicked, this, &IntentDetails::closeRequested);

    auto *log = new QToolButton(this);
    log->setIcon(themeIcon("log"_L1));
    log->setAutoRaise(true);
    log->setToolTip(tr("Show in the log"));
    log->setAccessibleName(tr("Show in the log"));
    connect(log, &QToolButton::clicked, this, [this] { emit logRequested(id()); });

    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_title, 1);
    head->addWidget(m_badge);
    head->addWidget(log);
    head->addWidget(m_copy);
    head->addWidget(close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 10, 10);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_reason);
    layout->addWidget(m_next);
    layout->addWidget(m_terms);
    layout->addWidget(m_hops, 1);
    layout->addWidget(m_detail);

    connect(&m_timeline, &IntentTimelineModel::changed, this, &IntentDetails::refresh);
    connect(m_hops->selectionModel(), &QItemSelectionModel::currentChanged, this, &IntentDetails::showHop);
    refresh();
}

QString IntentDetails::json() const
{
    return QString::fromUtf8(m_timeline.toJson());
}

QString IntentDetails::id() const
{
    const std::optional<quint32> row = m_timeline.intent();
    return row ? m_table.store().id(*row) : QString();
}

void IntentDetails::refresh()
{
    const std::optional<quint32> row = m_timeline.intent();
    if (!row)
        return;
    const IntentStore &store = m_table.store();
    const IntentRow intent = store.row(*row);
    m_title->setText(m_timeline.title());
    QString word = intentPhaseName(intent.phase);
    if (intent.has(IntentFlag::Stuck))
        word = tr("%1, stuck").arg(word);
    m_badge->setState(IntentTableModel::toneOf(intent.phase, intent.flags), word);
    const IntentExplanation explanation = m_timeline.explanation();
    m_reason->setText(explanation.reason);
    m_next->setText(explanation.next);
    m_next->setVisible(!explanation.next.isEmpty());
    const auto column
        = [&](IntentTableModel::Column of) { return IntentTableModel::text(store, intent, of, Timestamp()); };
    m_terms->setRows(
        {{tr("Vault"), tr("%1 on %2").arg(column(IntentTableModel::VaultColumn), column(IntentTableModel::ChainColumn)),
             {}, false},
            {tr("Party"), column(IntentTableModel::PartyColumn), {}, false},
            {tr("Action"),
                u"%1 %2 %3"_s.arg(column(IntentTableModel::ActionColumn), column(IntentTableModel::AmountColumn),
                    column(IntentTableModel::AssetColumn)),
                {}, false},
            {tr("Created"), utcDateTime(intent.createdAt()), {}, false}});
    m_copy->setValue(json());
    showHop();
}

void IntentDetails::showHop()
{
    const QString detail = m_hops->currentIndex().data(IntentTimelineModel::DetailRole).toString();
    if (detail != m_detail->toPlainText())
        m_detail->setPlainText(detail);
    m_detail->setVisible(!detail.isEmpty());
}

void IntentDetails::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().brush(QPalette::Base));
    painter.fillRect(QRect(0, 0, 1, height()), tokenColor(Token::Border, palette()));
}

} // namespace countersign
