#include "ui/pages/approvals/executedialog.h"

#include "backend/types/nativeamount.h"
#include "backend/types/strings.h"
#include "models/approvals/reviewmodel.h"
#include "ui/pages/approvals/pinentry.h"
#include "ui/widgets/format.h"
#include "ui/widgets/scrollbox.h"

#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace countersign {

namespace {
constexpr int tallestEffects = 220; ///< pixels; the buttons of a batch stay on a small screen
} // namespace

ExecuteDialog::ExecuteDialog(ApprovalDesk &desk, const ReviewModel &review, QWidget *parent)
    : FlowDialog(desk, tr("Execute"), tr("Execute as %1").arg(desk.holder()),
          {{FlowStep::Kind::Reviewing, tr("Review again at the newest block")},
              {FlowStep::Kind::Simulating, tr("Simulate with the collected signatures")},
              {FlowStep::Kind::Unlocking, tr("Unlock the token")},
              {FlowStep::Kind::Signing, tr("Sign the transaction that carries it")},
              {FlowStep::Kind::Sending, tr("Send")}, {FlowStep::Kind::WaitingForBlock, tr("Wait for the block")},
              {FlowStep::Kind::ReadingBack, tr("Read the effect back from the chain")},
              {FlowStep::Kind::Recording, tr("Record it in the journal")}},
          parent)
    , m_effects(new KeyValueView(this))
    , m_cost(new KeyValueView(this))
    , m_acts(new QWidget(this))
    , m_publish(new QPushButton(tr("Publish the sources…"), this))
{
    setObjectName(u"executeDialog"_s);
    setSentence(review.sentence());
    auto *note = new QLabel(
        tr("Executing sends one transaction from your key and cannot be taken back."), this);
    note->setWordWrap(true);
    body()->addWidget(note);
    QVector<KeyValue> rows;
    if (review.review()) {
        m_id = review.review()->hashes.safeTx;
        m_chain = review.review()->chainName;
        for (const Effect &effect : review.review()->effects)
            rows.append({effect.name, tr("%1 → %2").arg(effect.before, effect.after), effect.variable, true});
        rows.append({tr("Safe"),
            tr("%1 on %2, nonce %3")
                .arg(review.review()->safe.toString(), m_chain, review.review()->nonce.toDecimal()),
            {}, true});
    }
    m_effects->setRows(rows);
    m_cost->setRows({{tr("Cost"), tr("Asking the chain…"), {}, false}});
    m_problem = tr("Asking the chain what it costs");
    body()->addWidget(new ScrollBox(m_effects, tallestEffects, this));
    body()->addWidget(m_cost);

    auto *acts = new QHBoxLayout(m_acts);
    acts->setContentsMargins(0, 0, 0, 0);
    acts->setSpacing(8);
    const auto add = [&](const QString &text, const QString &toolTip, ExecutionAct which) {
        auto *button = new QPushButton(text, m_acts);
        button->setToolTip(toolTip);
        button->setAccessibleName(text);
        button->setAutoDefault(false);
        acts->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, which] { act(which); });
    };
    add(tr("Raise the fee"), tr("Sends the same again with a higher fee, within the caps. Needs the PIN."), ExecutionAct::RaiseFee);
    add(tr("Call back"), tr("Uses the nonce of the sending account up for nothing. Whichever is mined first decides. Needs the PIN."),
        ExecutionAct::CallBack);
    add(tr("Send again"), tr("The same bytes, for a node that has forgotten them"), ExecutionAct::SendAgain);
    add(tr("Stop waiting"), tr("The journal remembers it; executing it later goes on waiting"), ExecutionAct::StopWaiting);
    acts->addStretch();
    m_acts->hide();
    body()->addWidget(m_acts);

    m_publish->setAccessibleName(m_publish->text());
    m_publish->setAutoDefault(false);
    m_publish->hide();
    body()->addWidget(m_publish, 0, Qt::AlignLeft);
    connect(m_publish, &QPushButton::clicked, this, [this] {
        emit publishRequested(m_report);
        close();
    });

    connect(&desk, &ApprovalDesk::quoted, this, [this](const Outcome<FeeQuote> &outcome) { showQuote(outcome.result); });
    connect(&desk, &ApprovalDesk::stepChanged, this, [this](const FlowStep &step) {
        if (isRunning())
            offerActs(step.kind == FlowStep::Kind::WaitingForBlock);
    });
    connect(&desk, &ApprovalDesk::amended, this, [this](const Outcome<Hash32> &outcome) {
        if (isRunning())
            m_cost->setRows({{tr("Sent"), outcome.result ? outcome.result->toString() : outcome.result.error().message, {}, bool(outcome.result)}});
    });
    connect(&desk, &ApprovalDesk::dropped, this, [this] {
        if (isRunning())
            m_cost->setRows({{tr("Lost"), tr("The node no longer has the transaction: send it again, raise the fee, or call it back."), {}, false}});
    });
    connect(&desk, &ApprovalDesk::included, this, [this](const ExecutionReport &report) {
        if (isRunning())
            showIncluded(report);
    });
    connect(&desk, &ApprovalDesk::executed, this, [this](const Outcome<ExecutionReport> &outcome) {
        if (!isRunning())
            return;
        offerActs(false);
        if (outcome.result)
            showReport(*outcome.result);
        else
            fail(outcome.result.error());
    });
    prepare();
    desk.quote(m_id);
}

void ExecuteDialog::showQuote(const Result<FeeQuote> &quote)
{
    if (isRunning() || isFinished())
        return;
    if (!quote) {
        m_problem = quote.error().message;
        m_cost->setRows({{tr("Cost"), m_problem, quote.error().detail, false}});
    } else {
        const QLocale locale;
        m_problem = quote->canPay() ? QString() : tr("The account of your key cannot pay for it");
        m_cost->setRows({{tr("Cost"),
                             tr("about %1, at most %2").arg(nativeAmountText(quote->expected), nativeAmountText(quote->worstCase)), {}, false},
            {tr("Fee now"),
                quote->isLegacy ? tr("gas price %1").arg(nativeAmountText(quote->maxFeePerGas))
                                : tr("base %1, at most %2 a unit of gas").arg(nativeAmountText(quote->baseFeePerGas), nativeAmountText(quote->maxFeePerGas)),
                tr("%1 gas expected, at most %2").arg(locale.toString(quote->gasEstimate), locale.toString(quote->gasLimit)), false},
            {tr("Balance"), quote->canPay() ? nativeAmountText(quote->balance) : tr("%1: too little").arg(nativeAmountText(quote->balance)), {}, false}});
    }
    fit();
    updateGo();
}

void ExecuteDialog::offerActs(bool offered)
{
    if (offered == m_acts->isVisibleTo(this))
        return;
    m_acts->setVisible(offered);
    if (offered)
        askPinAgain();
    fit();
}

void ExecuteDialog::act(ExecutionAct act)
{
    const bool needsPin = act == ExecutionAct::RaiseFee || act == ExecutionAct::CallBack;
    if (needsPin && pinEntry()->isVisibleTo(this) && pinEntry()->isEmpty()) {
        askPinAgain();
        return;
    }
    m_desk.amend(act, needsPin ? takePin() : SecretBuffer());
    if (needsPin)
        askPinAgain();
}

QVector<KeyValue> ExecuteDialog::rowsOf(const ExecutionReport &report) const
{
    QVector<KeyValue> rows;
    for (const Effect &effect : report.effects)
        rows.append({effect.name,
            effect.after.isEmpty() ? tr("%1 → %2 as simulated, not read back").arg(effect.before, effect.promised)
                                   : tr("%1 → %2, read back").arg(effect.before, effect.after),
            effect.variable, true});
    for (const DeploymentVerification &deployment : report.deployments) {
        QString wrong;
        for (const VerificationStep &step : deployment.steps)
            wrong += step.ok ? QString() : u"\n"_s + step.text + u": "_s + step.evidence;
        rows.append({deployment.contract.isEmpty() ? tr("Created") : deployment.contract,
            tr("%1, %2").arg(deployment.address.toString(),
                deployment.isVerified() ? tr("code and settings verified") : tr("NOT as reviewed:") + wrong), {}, false});
    }
    rows.append({tr("Transaction"), shortId(report.transactionHash.toString(), 22, 20),
        report.transactionHash.toString(), true});
    rows.append({tr("Block"), QLocale().toString(report.blockNumber.value()), {}, false});
    if (report.isByOther)
        rows.append({tr("Sent by"), tr("%1, who was faster").arg(report.submitter.toString()), {}, false});
    return rows;
}

void ExecuteDialog::showIncluded(const ExecutionReport &report)
{
    m_isIncluded = true;
    m_effects->setRows(rowsOf(report));
    m_cost->setRows({{tr("Executed"), tr("In a block and read back. Waiting until it is final; you may stop waiting."), {}, false}});
    fit();
}

void ExecuteDialog::showReport(const ExecutionReport &report)
{
    m_effects->setRows(rowsOf(report));
    m_cost->setRows({});
    m_cost->hide();
    if (!report.isVerified()) {
        fail({ErrorKind::Conflict,
            tr("Executed, but what it created is not what was reviewed. Use none of it, and tell the other holders."),
            report.transactionHash.toString()});
    } else if (!report.isAsPromised) {
        fail({ErrorKind::Conflict,
            tr("Executed, but the chain does not show what was promised. Tell the other holders."),
            report.transactionHash.toString()});
    } else {
        QString text = report.isReadBack ? tr("Executed. The chain now shows what the review promised.")
                                         : tr("Executed. Not all of its effect could be read back: look at the contract.");
        if (!report.isFinal)
            text += u' ' + tr("It is not final yet.");
        succeed(text, tr("the transaction hash"), report.transactionHash.toString());
        m_report = report;
        m_publish->setVisible(report.isFinal && !report.deployments.isEmpty() && !m_desk.publication().publishers(m_id).isEmpty());
        fit();
    }
}

QString ExecuteDialog::missing() const
{
    return m_problem;
}

void ExecuteDialog::start(SecretBuffer pin)
{
    m_desk.execute(m_id, std::move(pin));
}

} // namespace countersign
