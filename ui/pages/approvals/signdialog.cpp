#include "ui/pages/approvals/signdialog.h"

#include "backend/types/strings.h"
#include "models/approvals/reviewmodel.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/format.h"
#include "ui/widgets/hashview.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>

namespace countersign {

SignDialog::SignDialog(ApprovalDesk &desk, const ReviewModel &review, std::array<int, 2> groups, QWidget *parent)
    : FlowDialog(desk, tr("Sign"), tr("Sign as %1").arg(desk.holder()),
          {{FlowStep::Kind::Reviewing, tr("Review again at the newest block")},
              {FlowStep::Kind::Unlocking, tr("Unlock the token")}, {FlowStep::Kind::Signing, tr("Sign on the token")},
              {FlowStep::Kind::Checking, tr("Recover and check the signature")},
              {FlowStep::Kind::Recording, tr("Record it in the journal")},
              {FlowStep::Kind::Publishing, tr("Publish it to the other holders")}},
          parent)
    , m_expected(review.hashGroups(ReviewModel::Hash::SafeTx))
    , m_groups(groups)
    , m_text(review.sentence())
{
    setObjectName(u"signDialog"_s);
    setSentence(m_text);
    if (review.review())
        m_id = review.review()->hashes.safeTx;

    auto *ask = new QLabel(
        tr("Read the two groups that are left out here from a second source – the other holder, another machine, or "
           "the display of your device – and type them. A hash that somebody changed would show here."),
        this);
    ask->setWordWrap(true);
    auto *hash = new HashView(tr("SafeTx hash that will be signed"), this);
    QStringList shown = m_expected;
    for (const int group : m_groups) {
        if (group < shown.size())
            shown[group] = QString(shown[group].size(), u'•');
    }
    hash->setGroups(shown);
    hash->setMarkedGroups({m_groups[0], m_groups[1]});
    auto *row = new QHBoxLayout;
    row->setSpacing(12);
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        auto *edit = new QLineEdit(this);
        edit->setFont(monoFont(TextSize::Strong));
        edit->setMaxLength(10);
        edit->setMaximumWidth(130);
        const QString name = tr("Group %1").arg(m_groups[i] + 1);
        edit->setAccessibleName(name);
        edit->setObjectName(u"group%1"_s.arg(i));
        auto *label = new QLabel(name, this);
        label->setBuddy(edit);
        row->addWidget(label);
        row->addWidget(edit);
        m_edits[i] = edit;
        connect(edit, &QLineEdit::textChanged, this, [this] { updateGo(); });
    }
    row->addStretch();
    body()->addWidget(ask);
    body()->addWidget(hash);
    body()->addLayout(row);

    connect(&desk, &ApprovalDesk::signatureCollected, this, [this](const Outcome<CollectedSignature> &outcome) {
        const Result<CollectedSignature> &result = outcome.result;
        if (!isRunning())
            return;
        if (!result) {
            fail(result.error());
            return;
        }
        for (QLineEdit *edit : m_edits)
            edit->setEnabled(false);
        succeed(tr("Signed. The signature recovers to %1 and is with the other holders.").arg(result->owner.toString()),
            tr("the SafeTx hash"), result->safeTxHash.toString());
    });
    m_edits[0]->setFocus();
    prepare();
}

bool SignDialog::isCompared() const
{
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        QString typed = m_edits[i] ? m_edits[i]->text().trimmed() : QString();
        if (typed.startsWith("0x"_L1, Qt::CaseInsensitive))
            typed.remove(0, 2);
        const QString expected = m_expected.value(m_groups[i]);
        if (expected.isEmpty() || typed.compare(expected, Qt::CaseInsensitive) != 0)
            return false;
    }
    return true;
}

QString SignDialog::missing() const
{
    return isCompared() ? QString() : tr("Compare the two groups first");
}

void SignDialog::start(SecretBuffer pin)
{
    m_desk.sign(m_id, m_id, std::move(pin));
}

} // namespace countersign
