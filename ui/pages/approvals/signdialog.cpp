#include "ui/pages/approvals/signdialog.h"

#include "backend/types/strings.h"
#include "models/approvals/reviewmodel.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/tonelabel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpressionValidator>

#include <utility>

namespace countersign {

namespace {

enum DeviceShows { SafeTxHash, DomainAndMessage };

QLineEdit *endEdit(const QString &name, QWidget *parent)
{
    auto *edit = new QLineEdit(parent);
    edit->setFont(monoFont(TextSize::Strong));
    edit->setMaxLength(6); // with the 0x that a device shows in front
    edit->setFixedWidth(92);
    edit->setAccessibleName(name);
    edit->setPlaceholderText(u"····"_s);
    edit->setValidator(new QRegularExpressionValidator(QRegularExpression(u"(0[xX])?[0-9a-fA-F]{0,4}"_s), edit));
    return edit;
}

} // namespace

SignDialog::SignDialog(ApprovalDesk &desk, const ReviewModel &review, QWidget *parent)
    : FlowDialog(desk, tr("Sign"), tr("Sign as %1").arg(desk.holder()),
          {{FlowStep::Kind::Reviewing, tr("Review again at the newest block")},
              {FlowStep::Kind::Unlocking, tr("Unlock the token")}, {FlowStep::Kind::Signing, tr("Sign on the token")},
              {FlowStep::Kind::Checking, tr("Recover and check the signature")},
              {FlowStep::Kind::Recording, tr("Record it with everything that was shown")},
              {FlowStep::Kind::Publishing, tr("Publish it to the other holders")}},
          parent)
    , m_device(new QComboBox(this))
    , m_give(new QComboBox(this))
    , m_giving(new QLabel(this))
    , m_mismatch(new QPushButton(tr("It does not match…"), this))
    , m_verdict(new ToneLabel(Tone::Good, this))
{
    setObjectName(u"signDialog"_s);
    setSentence(review.sentence());
    if (review.review()) {
        m_hashes = review.review()->hashes;
        m_id = m_hashes.safeTx;
    }
    auto *ask = new QLabel(tr("Type the first four and the last four characters that your device shows – or another holder's screen, where your token "
                              "has no display. A hash that somebody changed shows here, and nowhere else."),
        this);
    ask->setWordWrap(true);
    m_device->addItems({tr("The SafeTx hash"), tr("Domain hash and message hash")});
    m_device->setAccessibleName(tr("What the device shows"));
    auto *shows = new QLabel(tr("The device &shows"), this);
    shows->setBuddy(m_device);
    auto *choice = new QHBoxLayout;
    choice->setSpacing(12);
    choice->addWidget(shows);
    choice->addWidget(m_device, 1);
    body()->addWidget(ask);
    body()->addLayout(choice);
    addRow(ComparedHash::Domain, tr("Domain hash"));
    addRow(ComparedHash::Message, tr("Message hash"));
    addRow(ComparedHash::SafeTx, tr("SafeTx hash"));
    m_mismatch->setAccessibleName(tr("The device shows something else"));
    m_mismatch->setAutoDefault(false);
    m_verdict->setWordWrap(true);
    m_verdict->setAccessibleName(tr("Comparison"));
    auto *last = new QHBoxLayout;
    last->addWidget(m_verdict, 1);
    last->addWidget(m_mismatch);
    body()->addLayout(last);
    addGiving();

    connect(m_device, &QComboBox::currentIndexChanged, this, &SignDialog::showRows);
    connect(m_mismatch, &QPushButton::clicked, this, [this] {
        if (isRunning())
            return;
        close();
        emit mismatchRequested();
    });
    connect(&desk, &ApprovalDesk::signatureCollected, this, [this](const Outcome<CollectedSignature> &outcome) {
        const Result<CollectedSignature> &result = outcome.result;
        if (!isRunning())
            return;
        if (!result) {
            fail(result.error());
            m_give->setEnabled(!m_executors.isEmpty());
            return;
        }
        for (const Ends &ends : m_ends)
            ends.row->setEnabled(false);
        m_device->setEnabled(false);
        m_give->setEnabled(false);
        m_mismatch->hide();
        const DeskExecutor *sealedFor = executor();
        const QString owner = result->owner.toString();
        succeed(sealedFor
                ? tr("Signed, and given to %2 only. The signature recovers to %1; the others see that it was given, and cannot open it.")
                      .arg(owner, sealedFor->name)
                : tr("Signed. The signature recovers to %1 and is with the other holders. What was shown is kept as an approval record.")
                      .arg(owner),
            tr("the SafeTx hash"), result->safeTxHash.toString());
    });
    showRows();
    prepare();
}

void SignDialog::addRow(ComparedHash hash, const QString &name)
{
    auto *row = new QWidget(this);
    auto *label = new QLabel(name, row);
    label->setMinimumWidth(110);
    Ends ends{row, endEdit(tr("%1, first four").arg(name), row), endEdit(tr("%1, last four").arg(name), row)};
    label->setBuddy(ends.first);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(10);
    layout->addWidget(label);
    layout->addWidget(ends.first);
    layout->addWidget(new QLabel(u"…"_s, row));
    layout->addWidget(ends.last);
    layout->addStretch();
    body()->addWidget(row);
    for (QLineEdit *edit : {ends.first, ends.last})
        connect(edit, &QLineEdit::textChanged, this, &SignDialog::showVerdict);
    // Four characters are four characters: the next field is where one types on.
    connect(ends.first, &QLineEdit::textEdited, this, [last = ends.last](const QString &text) {
        if (text.size() == (text.startsWith(u"0x"_s, Qt::CaseInsensitive) ? 6 : 4) && last->text().isEmpty())
            last->setFocus(Qt::OtherFocusReason);
    });
    m_ends[static_cast<std::size_t>(hash)] = ends;
}

void SignDialog::addGiving()
{
    m_executors = m_desk.executors(m_id);
    m_give->addItem(tr("To all holders, in the open"));
    for (const DeskExecutor &one : std::as_const(m_executors))
        m_give->addItem(tr("Sealed to %1").arg(one.name));
    m_give->setAccessibleName(tr("Who gets the signature"));
    m_give->setEnabled(!m_executors.isEmpty());
    m_give->setToolTip(m_executors.isEmpty() ? tr("No other owner has announced an encryption key") : QString());
    m_giving->setWordWrap(true);
    m_giving->setTextFormat(Qt::PlainText);
    m_giving->setAccessibleName(tr("What that means"));
    m_giving->hide();
    auto *label = new QLabel(tr("&Give it"), this);
    label->setBuddy(m_give);
    auto *choice = new QHBoxLayout;
    choice->setSpacing(12);
    choice->addWidget(label);
    choice->addWidget(m_give, 1);
    body()->addLayout(choice);
    body()->addWidget(m_giving);
    connect(m_give, &QComboBox::currentIndexChanged, this, [this] {
        const DeskExecutor *one = executor();
        m_giving->setVisible(one);
        if (one)
            m_giving->setText(tr("Only %1 can open it, and execute with it. Everybody sees that you gave it, and when; it counts for nobody else. "
                                 "Your approval record on this machine keeps the signature.")
                                  .arg(one->name));
        fit();
    });
}

const DeskExecutor *SignDialog::executor() const
{
    const int index = m_give->currentIndex();
    return index > 0 ? &m_executors[index - 1] : nullptr;
}

void SignDialog::showRows()
{
    const bool both = m_device->currentIndex() == DomainAndMessage;
    m_ends[static_cast<std::size_t>(ComparedHash::Domain)].row->setVisible(both);
    m_ends[static_cast<std::size_t>(ComparedHash::Message)].row->setVisible(both);
    m_ends[static_cast<std::size_t>(ComparedHash::SafeTx)].row->setVisible(!both);
    firstEdit(both ? ComparedHash::Domain : ComparedHash::SafeTx)->setFocus(Qt::OtherFocusReason);
    showVerdict();
    fit();
}

void SignDialog::showVerdict()
{
    const ComparisonVerdict verdict = judgeComparison(comparison(), m_hashes);
    m_verdict->setTone(verdict == ComparisonVerdict::DoesNotMatch ? Tone::Bad : Tone::Good);
    m_verdict->setText(verdict == ComparisonVerdict::Incomplete ? QString() : comparisonText(verdict));
    updateGo();
}

DeviceComparison SignDialog::comparison() const
{
    DeviceComparison comparison;
    const auto add = [&](ComparedHash hash) {
        comparison.typed.append(TypedHash{hash, firstEdit(hash)->text().trimmed(), lastEdit(hash)->text().trimmed()});
    };
    if (m_device->currentIndex() == DomainAndMessage) {
        add(ComparedHash::Domain);
        add(ComparedHash::Message);
    } else {
        add(ComparedHash::SafeTx);
    }
    return comparison;
}

QString SignDialog::missing() const
{
    const ComparisonVerdict verdict = judgeComparison(comparison(), m_hashes);
    return verdict == ComparisonVerdict::Matches ? QString() : comparisonText(verdict);
}

void SignDialog::start(SecretBuffer pin)
{
    m_mismatch->setEnabled(false);
    m_give->setEnabled(false);
    if (const DeskExecutor *sealedFor = executor())
        m_desk.signSealed(m_id, m_id, comparison(), *sealedFor, std::move(pin));
    else
        m_desk.sign(m_id, m_id, comparison(), std::move(pin));
}

} // namespace countersign
