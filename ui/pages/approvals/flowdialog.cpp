#include "ui/pages/approvals/flowdialog.h"

#include "backend/types/strings.h"
#include "ui/pages/approvals/pinentry.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/widgets/copybutton.h"
#include "ui/widgets/fitheight.h"
#include "ui/widgets/format.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/steplist.h"

#include <QCloseEvent>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace countersign {

namespace {

Tone toneOf(KeyCustody custody)
{
    switch (custody) {
    case KeyCustody::HardwareBound:
        return Tone::Good;
    case KeyCustody::Imported:
        return Tone::Warn;
    case KeyCustody::SoftwareToken:
        return Tone::Info;
    case KeyCustody::Unknown:
        break;
    }
    return Tone::Neutral;
}

QString wordOf(KeyCustody custody)
{
    switch (custody) {
    case KeyCustody::HardwareBound:
        return FlowDialog::tr("bound to hardware");
    case KeyCustody::Imported:
        return FlowDialog::tr("imported");
    case KeyCustody::SoftwareToken:
        return FlowDialog::tr("software token");
    case KeyCustody::Unknown:
        break;
    }
    return FlowDialog::tr("custody unknown");
}

} // namespace

FlowDialog::FlowDialog(
    ApprovalDesk &desk, const QString &title, const QString &goLabel, QVector<Step> steps, QWidget *parent)
    : QDialog(parent)
    , m_desk(desk)
    , m_flow(std::move(steps))
    , m_sentence(new QLabel(this))
    , m_key(new QLabel(this))
    , m_custody(new StatusBadge(this))
    , m_body(new QVBoxLayout)
    , m_pinRow(new QWidget(this))
    , m_pin(new PinEntry(m_pinRow))
    , m_hint(new QLabel(this))
    , m_steps(new StepList(this))
    , m_outcome(new QWidget(this))
    , m_outcomeBadge(new StatusBadge(m_outcome))
    , m_outcomeText(new QLabel(m_outcome))
    , m_copy(new CopyButton(tr("the id"), m_outcome))
{
    setWindowTitle(title);
    setMinimumWidth(560);
    m_sentence->setFont(uiFont(TextSize::Title, QFont::Medium));
    for (QLabel *label : {m_sentence, m_hint, m_outcomeText}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    m_key->setTextFormat(Qt::PlainText);
    m_key->setWordWrap(true);
    m_key->setForegroundRole(QPalette::PlaceholderText);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    m_hint->setFont(uiFont(TextSize::Small));
    m_outcomeText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_outcomeText->setAccessibleName(tr("Outcome"));
    m_body->setSpacing(8);

    auto *pinLabel = new QLabel(tr("PIN"), m_pinRow);
    pinLabel->setBuddy(m_pin);
    m_pin->setObjectName(u"pin"_s);
    auto *pinLayout = new QHBoxLayout(m_pinRow);
    pinLayout->setContentsMargins(0, 0, 0, 0);
    pinLayout->setSpacing(12);
    pinLayout->addWidget(pinLabel);
    pinLayout->addWidget(m_pin, 1);

    QStringList names;
    for (const Step &step : std::as_const(m_flow))
        names.append(step.text);
    m_steps->setSteps(names);
    m_steps->hide();
    auto *outcome = new QHBoxLayout(m_outcome);
    outcome->setContentsMargins(0, 0, 0, 0);
    outcome->setSpacing(10);
    outcome->addWidget(m_outcomeBadge, 0, Qt::AlignTop);
    outcome->addWidget(m_outcomeText, 1);
    outcome->addWidget(m_copy, 0, Qt::AlignTop);
    m_copy->hide();

    auto *buttons = new QDialogButtonBox(this);
    m_cancel = buttons->addButton(QDialogButtonBox::Cancel);
    m_cancel->setDefault(true);
    m_cancel->setAccessibleName(tr("Cancel"));
    m_go = buttons->addButton(goLabel, QDialogButtonBox::ApplyRole);
    m_go->setAutoDefault(false);
    m_go->setAccessibleName(goLabel);
    m_go->setEnabled(false);

    auto *keyRow = new QHBoxLayout;
    keyRow->setSpacing(10);
    keyRow->addWidget(m_key, 1);
    keyRow->addWidget(m_custody, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(22, 18, 22, 16);
    layout->setSpacing(10);
    layout->addWidget(m_sentence);
    layout->addLayout(keyRow);
    layout->addLayout(m_body);
    layout->addWidget(m_pinRow);
    layout->addWidget(m_hint);
    layout->addWidget(m_steps);
    layout->addWidget(m_outcome);
    layout->addStretch();
    layout->addWidget(buttons);

    connect(m_pin, &PinEntry::changed, this, &FlowDialog::updateGo);
    connect(m_pin, &PinEntry::submitted, this, [this] {
        if (m_go->isEnabled())
            go();
    });
    connect(m_go, &QPushButton::clicked, this, &FlowDialog::go);
    connect(buttons, &QDialogButtonBox::rejected, this, &FlowDialog::reject);
    connect(&m_desk, &ApprovalDesk::signerPrepared, this,
        [this](const Outcome<UnlockNeed> &outcome) { showNeed(outcome.result); });
    connect(&m_desk, &ApprovalDesk::stepChanged, this, &FlowDialog::showStep);
    m_key->setText(m_desk.holder().isEmpty() ? tr("No key is chosen") : tr("with the key of %1").arg(m_desk.holder()));
    m_custody->hide();
}

void FlowDialog::fit()
{
    fitHeight(*this);
}

void FlowDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    fit();
}

QString FlowDialog::message() const
{
    return m_outcomeText->text();
}

void FlowDialog::setSentence(const QString &sentence)
{
    m_sentence->setText(sentence);
}

void FlowDialog::prepare()
{
    m_ready = false;
    setMessage(Tone::Neutral, tr("token"), tr("Looking for the token of %1…").arg(m_desk.holder()));
    updateGo();
    m_desk.prepareSigner();
}

void FlowDialog::goWithoutKey()
{
    m_ready = true;
    m_key->hide();
    m_pinRow->hide();
    m_hint->hide();
    setMessage(Tone::Neutral, {}, {});
    updateGo();
}

void FlowDialog::showNeed(const Result<UnlockNeed> &need)
{
    if (m_running || m_finished)
        return;
    if (!need) {
        fail(need.error());
        return;
    }
    m_ready = true;
    m_lookAgain = false;
    m_go->setText(m_go->accessibleName());
    const KeyEvidence evidence = m_desk.evidence();
    m_key->setText(tr("with the key of %1, %2, on %3")
            .arg(m_desk.holder(), shortId(evidence.address.toString()),
                need->tokenLabel.isEmpty() ? evidence.model : need->tokenLabel));
    m_key->setToolTip(evidence.address.toString());
    m_custody->setState(toneOf(evidence.custody), wordOf(evidence.custody));
    m_custody->setToolTip(custodyText(evidence.custody));
    m_custody->setVisible(evidence.custody != KeyCustody::Unknown);
    m_pinRow->setVisible(need->kind == UnlockNeed::Kind::Pin);
    m_hint->setText(QStringList{need->advice, m_desk.pinHint()}.join(u' ').trimmed());
    m_hint->setVisible(!m_hint->text().isEmpty());
    setMessage(Tone::Neutral, {}, {});
    updateGo();
}

void FlowDialog::updateGo()
{
    if (m_running || m_finished || m_lookAgain)
        return;
    const QString lacking = missing();
    const bool pinIsThere = isPinOptional() || !m_pinRow->isVisibleTo(this) || !m_pin->isEmpty();
    m_go->setEnabled((m_ready || isPinOptional()) && lacking.isEmpty() && pinIsThere);
    m_go->setToolTip(!m_ready    ? tr("The token is not ready")
            : !lacking.isEmpty() ? lacking
            : pinIsThere         ? QString()
                                 : tr("Enter the PIN"));
}

void FlowDialog::go()
{
    if (m_finished) {
        accept();
        return;
    }
    if (!m_ready && !isPinOptional()) {
        m_lookAgain = false;
        m_go->setText(m_go->accessibleName());
        m_steps->hide();
        tryAgain();
        return;
    }
    m_running = true;
    m_go->setEnabled(false);
    m_cancel->setEnabled(false); // what a token or a chain was asked cannot be called back
    m_pinRow->setEnabled(false);
    m_hint->hide();
    m_steps->setCurrent(0);
    m_steps->show();
    setMessage(Tone::Neutral, {}, {});
    start(m_pin->take());
}

void FlowDialog::askPinAgain()
{
    m_pinRow->setEnabled(true);
    m_pinRow->show();
    m_pin->setFocus(Qt::OtherFocusReason);
}

SecretBuffer FlowDialog::takePin()
{
    m_pinRow->setEnabled(false);
    return m_pin->take();
}

void FlowDialog::showStep(const FlowStep &step)
{
    if (!m_running)
        return;
    m_sent = m_sent || step.kind == FlowStep::Kind::WaitingForBlock;
    if (step.kind == FlowStep::Kind::Done) {
        m_steps->setCurrent(int(m_flow.size()));
        return;
    }
    const auto found = std::ranges::find(m_flow, step.kind, &Step::kind);
    if (found != m_flow.end())
        m_steps->setCurrent(int(found - m_flow.begin()), step.text);
}

void FlowDialog::succeed(const QString &text, const QString &idName, const QString &id)
{
    m_running = false;
    m_finished = true;
    m_steps->setCurrent(int(m_flow.size()));
    m_pinRow->hide();
    setMessage(Tone::Good, tr("done"), text);
    m_copy->setValue(id);
    m_copy->setToolTip(tr("Copy %1").arg(idName));
    m_copy->setAccessibleName(tr("Copy %1").arg(idName));
    m_copy->setVisible(!id.isEmpty());
    m_cancel->hide();
    m_go->setText(tr("Close"));
    m_go->setAccessibleName(tr("Close"));
    m_go->setEnabled(true);
    m_go->setDefault(true);
    m_go->setFocus();
    // What stood there for doing it is gone.
    QTimer::singleShot(0, this, [this] { fitHeight(*this, HeightFit::Exact); });
}

void FlowDialog::fail(const Error &error)
{
    const bool wasRunning = m_running;
    m_running = false;
    m_cancel->setEnabled(true);
    if (wasRunning)
        m_steps->setFailed({});
    setMessage(Tone::Bad, m_sent ? tr("sent") : tr("not done"), error.message);
    m_outcomeText->setToolTip(error.detail);
    m_copy->setValue(error.detail);
    m_copy->setToolTip(tr("Copy the details"));
    m_copy->setAccessibleName(tr("Copy the details"));
    m_copy->setVisible(!error.detail.isEmpty());
    m_pinRow->setEnabled(!m_sent);
    // A failed attempt is never repeated by itself; the person starts again, beginning with the token.
    m_ready = false;
    m_finished = m_sent;
    m_lookAgain = !m_sent;
    m_go->setText(m_sent ? tr("Close") : tr("Look again"));
    m_go->setEnabled(true);
}

void FlowDialog::setMessage(Tone tone, const QString &word, const QString &text)
{
    m_outcome->setVisible(!text.isEmpty());
    m_outcomeBadge->setState(tone, word);
    m_outcomeText->setText(text);
    m_copy->hide();
    QTimer::singleShot(0, this, &FlowDialog::fit);
}

void FlowDialog::reject()
{
    // What was sent to a token or a chain cannot be called back; closing would only hide it.
    if (!m_running)
        QDialog::reject();
}

void FlowDialog::closeEvent(QCloseEvent *event)
{
    if (m_running)
        event->ignore();
    else
        QDialog::closeEvent(event);
}

} // namespace countersign
