#include "ui/pages/approvals/delegatesdialog.h"

#include "backend/types/strings.h"

#include <QComboBox>
#include <QDate>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QTime>
#include <QTimeZone>
#include <QVBoxLayout>

namespace countersign {

namespace {

constexpr int listHeight = 84;
constexpr int wordsHeight = 132;
constexpr int addsIndex = 0;

QString lineOf(const DeskDelegate &delegate)
{
    const SafeServiceDelegate &claim = delegate.claim;
    QString line = DelegatesDialog::tr("%1 for %2: “%3”").arg(claim.delegate.toString(), delegate.owner, claim.label);
    if (claim.expiresAt)
        line += u' '
            + (delegate.hasEnded ? DelegatesDialog::tr("(ended %1)") : DelegatesDialog::tr("(until %1)"))
                  .arg(claim.expiresAt->toDateTime().toString(u"yyyy-MM-dd HH:mm"_s) + u" UTC"_s);
    if (!claim.safe)
        line += u' ' + DelegatesDialog::tr("(for every Safe of theirs)");
    return line;
}

} // namespace

DelegatesDialog::DelegatesDialog(ApprovalDesk &desk, const QString &carrier, QWidget *parent)
    : FlowDialog(desk, tr("Delegates"), tr("Ask as %1").arg(desk.holder()),
          {{FlowStep::Kind::Signing, tr("Sign the request with the token")}, {FlowStep::Kind::Recording, tr("Record it in the journal")},
              {FlowStep::Kind::Publishing, tr("Ask the service")}},
          parent)
    , m_delegates(desk.delegates())
    , m_carrier(carrier)
    , m_state(new QLabel(this))
    , m_list(new QListWidget(this))
    , m_act(new QComboBox(this))
    , m_fields(new QWidget(this))
    , m_address(new QLineEdit(m_fields))
    , m_label(new QLineEdit(m_fields))
    , m_end(new QLineEdit(m_fields))
    , m_words(new QPlainTextEdit(this))
{
    setObjectName(u"delegatesDialog"_s);
    setSentence(tr("Who may propose at the %1").arg(carrier));
    auto *what = new QLabel(tr("A delegate may put transactions before the owners, and sign for nobody. What stands here is the service's claim:"), this);
    for (QLabel *label : {what, m_state}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    m_state->setAccessibleName(tr("What is known of them"));
    m_list->setAccessibleName(tr("Delegates, as the service claims"));
    m_list->setFixedHeight(listHeight);
    m_list->setTabKeyNavigation(false);
    m_act->addItems({tr("Add a delegate"), tr("Remove the one that is chosen above")});
    m_act->setAccessibleName(tr("What is asked of the service"));
    m_address->setAccessibleName(tr("Address of the delegate"));
    m_label->setAccessibleName(tr("Label"));
    m_label->setMaxLength(int(maxDelegateLabel));
    m_end->setAccessibleName(tr("Last day, as 2026-12-31; may be left empty"));
    m_end->setPlaceholderText(tr("2026-12-31 UTC; empty: until it is removed"));
    m_words->setReadOnly(true);
    m_words->setTabChangesFocus(true);
    m_words->setFixedHeight(wordsHeight);
    m_words->setAccessibleName(tr("What is signed"));
    auto *form = new QFormLayout(m_fields);
    form->setContentsMargins(0, 0, 0, 0);
    form->addRow(tr("&Address"), m_address);
    form->addRow(tr("&Label"), m_label);
    form->addRow(tr("Last &day"), m_end);
    for (QWidget *widget : std::initializer_list<QWidget *>{what, m_list, m_state, m_act, m_fields, m_words})
        body()->addWidget(widget);

    for (QLineEdit *edit : {m_address, m_label, m_end})
        connect(edit, &QLineEdit::textChanged, this, &DelegatesDialog::showRequest);
    connect(m_act, &QComboBox::currentIndexChanged, this, &DelegatesDialog::showRequest);
    connect(m_list, &QListWidget::currentRowChanged, this, &DelegatesDialog::showRequest);
    connect(&m_delegates, &DelegateDesk::changed, this, &DelegatesDialog::showDelegates);
    connect(&m_delegates, &DelegateDesk::sent, this, [this](const Outcome<QString> &outcome) {
        if (!isRunning())
            return;
        if (outcome.result) {
            succeed(*outcome.result, tr("the delegate's address"), m_request ? m_request->delegate.delegate.toString() : QString());
            return;
        }
        setEditable(true);
        showRequest();
        fail(outcome.result.error());
    });
    showDelegates();
    m_delegates.lookUp(carrier);
    m_list->setFocus(Qt::OtherFocusReason);
    prepare();
}

void DelegatesDialog::showDelegates()
{
    if (isRunning())
        return;
    m_known = m_delegates.delegates(m_carrier);
    const int row = m_list->currentRow();
    {
        const QSignalBlocker blocker(m_list);
        m_list->clear();
        for (const DeskDelegate &delegate : std::as_const(m_known.delegates)) {
            auto *item = new QListWidgetItem(lineOf(delegate), m_list);
            item->setToolTip(item->text());
        }
        m_list->setCurrentRow(std::min(std::max(row, 0), m_list->count() - 1));
    }
    m_state->setText(!m_known.problem.isEmpty() ? m_known.problem
            : m_known.delegates.isEmpty()       ? tr("The service names no delegate of an owner of this Safe.")
                                                : QString());
    m_state->setVisible(!m_state->text().isEmpty());
    if (!isFinished())
        showRequest();
}

Result<SafeServiceDelegate> DelegatesDialog::entered() const
{
    if (m_act->currentIndex() != addsIndex) {
        const int row = m_list->currentRow();
        if (row < 0 || row >= m_known.delegates.size())
            return countersign::fail(ErrorKind::Invalid, tr("No delegate is chosen."));
        return m_known.delegates.at(row).claim;
    }
    const auto address = Address::parse(m_address->text().trimmed());
    if (!address)
        return countersign::fail(ErrorKind::Invalid, m_address->text().isEmpty() ? tr("The address of the delegate is missing.") : address.error().message);
    SafeServiceDelegate made{*address, {}, {}, m_label->text(), {}};
    if (const QString end = m_end->text().trimmed(); !end.isEmpty()) {
        const QDate day = QDate::fromString(end, Qt::ISODate);
        if (!day.isValid())
            return countersign::fail(ErrorKind::Invalid, tr("“%1” is no day: write it as 2026-12-31.").arg(end));
        made.expiresAt = Timestamp::fromDateTime(day.endOfDay(QTimeZone::utc()));
    }
    return made;
}

void DelegatesDialog::showRequest()
{
    if (isRunning() || isFinished())
        return;
    m_fields->setVisible(m_act->currentIndex() == addsIndex);
    m_request.reset();
    const auto wanted = entered();
    const auto request = wanted ? m_delegates.request(m_carrier, *wanted, m_act->currentIndex() != addsIndex)
                                : Result<DelegateRequest>(std::unexpected(wanted.error()));
    if (request)
        m_request = *request;
    m_problem = request ? QString() : request.error().message;
    m_words->setPlainText(request ? request->words : m_problem);
    fit();
    updateGo();
}

void DelegatesDialog::setEditable(bool on)
{
    for (QWidget *widget : std::initializer_list<QWidget *>{m_list, m_act, m_fields})
        widget->setEnabled(on);
}

void DelegatesDialog::start(SecretBuffer pin)
{
    setEditable(false);
    if (m_request)
        m_delegates.send(*m_request, std::move(pin));
}

} // namespace countersign
