#include "app/console/application.h"
#include "app/console/logging.h"
#include "backend/relayer/electionreader.h"
#include "backend/types/strings.h"
#include "tests/integration/chainwitness.h"
#include "tests/support/practice/practicefixture.h"
#include "ui/pages/approvals/approvalspage.h"
#include "ui/pages/approvals/composeview.h"
#include "ui/pages/approvals/executedialog.h"
#include "ui/pages/approvals/pinentry.h"
#include "ui/pages/approvals/proposedialog.h"
#include "ui/pages/approvals/reviewview.h"
#include "ui/pages/approvals/signdialog.h"
#include "ui/pages/approvals/stepform.h"
#include "ui/pages/intents/intentspage.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QFile>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

#include <memory>

using namespace countersign;
using namespace std::chrono_literals;

// QTRY_VERIFY with a patience that fits a real network.
#define EVENTUALLY(condition, patience) QTRY_VERIFY_WITH_TIMEOUT(condition, static_cast<int>(std::chrono::milliseconds(patience).count()))

/// The main job, end to end, through the real console on a real practice network: intents travel, the network is broken and mends itself
/// with nothing lost or doubled, and two holders revoke a key whose effect everybody sees. The steps build on each other.
class TestStory final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void intentsTravelFromTheLedgerToTheChainAndBack();
    void anotherRelayerLeadsWhenTheLeaderIsKilled();
    void aCutStreamIsResumed();
    void aReorganisationTakesBackAndMends();
    void nothingWasLostOrDoubled();
    void aHolderProposesToRevokeAKey();
    void twoHoldersSignWithTheirOwnTokens();
    void aHolderExecutesAndTheEffectIsReadBack();
    void theIntentsOfThatPartyStopWithTheReasonAndTheOthersGoOn();
    void theJournalTellsWhoDidIt();
    void cleanupTestCase();

private:
    quint32 acknowledged() const { return m_console->observing().store().count(IntentPhase::Acknowledged); }
    QByteArray pinOf(const QString &holder) const;
    void useKeyOf(const QString &holder);
    bool openReview();
    void sign(const QString &holder, int expectedSignatures);

    PracticeFixture m_network;
    Environment m_environment;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<Logging> m_logging;
    std::unique_ptr<Application> m_console;
    std::unique_ptr<ChainWitness> m_chain;
    Hash32 m_partyId;
    QString m_partyName;
    Hash32 m_proposal;
    Timestamp m_revokedAt;
};

void TestStory::initTestCase()
{
    const auto started = m_network.start({u"--rate"_s, u"3"_s, u"--relayers"_s, u"3"_s});
    QVERIFY2(started, started ? "" : qPrintable(started.error().message + u'\n' + started.error().detail));
    auto environment = Environment::load(m_network.environmentFile());
    QVERIFY2(environment, environment ? "" : qPrintable(environment.error().detail));
    m_environment = *environment;
    m_chain = std::make_unique<ChainWitness>(m_environment.chains.first());
    m_theme = std::make_unique<Theme>();
    m_theme->apply(ThemeMode::Dark);
    m_logging = std::make_unique<Logging>(QString());
    m_console = std::make_unique<Application>(*environment, *m_theme, *m_logging, Application::Traces::None, Application::Sources::Started);
    m_console->window().resize(1366, 768);
    m_console->show(u"overview"_s);
}

void TestStory::intentsTravelFromTheLedgerToTheChainAndBack()
{
    EVENTUALLY(acknowledged() >= 5, 60s);
    EVENTUALLY(m_console->observing().overview().hasLeader(), 15s);
    QVERIFY(m_console->observing().overview().sentence().contains(u"leader"_s));
    m_console->window().showPage(u"intents"_s);
    EVENTUALLY(m_console->intentsPage()->table() && m_console->observing().intents().rowCount() >= 5, 10s);
}

void TestStory::anotherRelayerLeadsWhenTheLeaderIsKilled()
{
    const QString before = m_console->observing().election()->state().leader();
    QVERIFY(!before.isEmpty());
    const quint32 done = acknowledged();
    const auto fault = m_network.fault(u"kill-leader"_s);
    QVERIFY2(fault, fault ? "" : qPrintable(fault.error().message));
    EVENTUALLY(!m_console->observing().election()->state().leader().isEmpty() && m_console->observing().election()->state().leader() != before, 30s);
    EVENTUALLY(acknowledged() >= done + 5, 60s);
}

void TestStory::aCutStreamIsResumed()
{
    const quint32 known = m_console->observing().store().size();
    const quint32 done = acknowledged();
    const auto fault = m_network.fault(u"cut-stream"_s);
    QVERIFY2(fault, fault ? "" : qPrintable(fault.error().message));
    EVENTUALLY(m_console->observing().store().size() > known && acknowledged() >= done + 5, 60s);
}

void TestStory::aReorganisationTakesBackAndMends()
{
    const quint32 done = acknowledged();
    const auto fault = m_network.fault(u"reorg"_s, {u"2"_s});
    QVERIFY2(fault, fault ? "" : qPrintable(fault.error().message));
    EVENTUALLY(acknowledged() >= done + 5, 60s);
}

void TestStory::nothingWasLostOrDoubled()
{
    // Let everything under way arrive, then count on the ledger, on the chain and on the screen.
    const auto stopped = m_network.fault(u"stop"_s, {u"generator"_s});
    QVERIFY2(stopped, stopped ? "" : qPrintable(stopped.error().message));
    const IntentStore &store = m_console->observing().store();
    const auto receipted = [&store] {
        return store.count(IntentPhase::Acknowledged) + store.count(IntentPhase::Failed) + store.count(IntentPhase::Expired)
            + store.count(IntentPhase::Rejected);
    };
    // A request that was never authorised stays open for ever: the generator was stopped in between.
    const auto underWay = [&store] {
        quint32 count = 0;
        for (const quint32 row : store.openRows())
            count += store.row(row).phase == IntentPhase::Created ? 0 : 1;
        return count;
    };
    EVENTUALLY(underWay() == 0 && receipted() > 0, 90s);

    const auto receipts = ledgerReceipts(m_environment);
    QVERIFY2(receipts, receipts ? "" : qPrintable(receipts.error().message));
    const auto executions = m_chain->executions();
    QVERIFY2(executions, executions ? "" : qPrintable(executions.error().message));
    qsizetype executedOnLedger = 0;
    for (const auto &[id, outcomes] : receipts->asKeyValueRange()) {
        QVERIFY2(outcomes.size() == 1, qPrintable(id + u" was acknowledged more than once"_s));
        if (outcomes.first() != "executed"_L1)
            continue;
        ++executedOnLedger;
        QCOMPARE(executions->value(intentHashOf(id)), 1);
        const auto row = store.find(id);
        QVERIFY2(row, qPrintable(id + u" is not on the screen"_s));
        QCOMPARE(store.row(*row).phase, IntentPhase::Acknowledged);
    }
    QVERIFY(executedOnLedger >= 15);
    QCOMPARE(executions->size(), executedOnLedger);
    QCOMPARE(static_cast<qsizetype>(acknowledged()), executedOnLedger);
    QCOMPARE(m_console->observing().intents().rowCount(), static_cast<int>(store.size()));

    const auto restarted = m_network.fault(u"start"_s, {u"generator"_s});
    QVERIFY2(restarted, restarted ? "" : qPrintable(restarted.error().message));
}

QByteArray TestStory::pinOf(const QString &holder) const
{
    QFile file(m_environment.practice->pins);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith(QByteArray(holder.toUtf8() + ' ')))
            return line.split(' ').last().trimmed();
    }
    return {};
}

void TestStory::useKeyOf(const QString &holder)
{
    m_console->deciding().chooseHolder(holder);
    QCOMPARE(m_console->deciding().holder(), holder);
}

void TestStory::aHolderProposesToRevokeAKey()
{
    const PartySettings &party = m_environment.parties.first();
    m_partyId = party.partyId;
    m_partyName = party.name;
    QVERIFY(!m_chain->registryKey(m_partyId)->isZero());

    m_console->window().showPage(u"approvals"_s);
    useKeyOf(u"alice"_s);
    EVENTUALLY(m_console->deciding().board().facts(m_environment.chains.first().chainId) != nullptr, 15s);
    const int before = m_console->deciding().queue().rowCount();
    ApprovalsPage *const page = m_console->approvalsPage();
    page->compose({});
    ComposeView *const compose = page->composeView();
    compose->addStep(RevokeKeyAction{});
    auto *const partyBox = qobject_cast<QComboBox *>(compose->stepForm()->editor(u"party"_s));
    QVERIFY(partyBox);
    partyBox->lineEdit()->clear();
    QTest::keyClicks(partyBox->lineEdit(), m_partyName);
    QTest::keyClicks(compose->reasonEdit(), u"The desk's signing key was seen on a laptop that was lost"_s);
    EVENTUALLY(compose->cannotProposeReason().isEmpty(), 30s);
    QCOMPARE(compose->proposals().size(), 1);
    auto *const dialog = qobject_cast<ProposeDialog *>(page->publish());
    QVERIFY(dialog);
    QTest::keyClicks(dialog->pinEntry(), QString::fromLatin1(pinOf(u"alice"_s)));
    EVENTUALLY(dialog->goButton()->isEnabled(), 20s);
    QTest::mouseClick(dialog->goButton(), Qt::LeftButton);
    EVENTUALLY(dialog->isFinished(), 20s);
    dialog->close();

    EVENTUALLY(m_console->deciding().queue().rowCount() == before + 1, 15s);
    for (int row = 0; row < m_console->deciding().queue().rowCount(); ++row) {
        const ExchangeItem &item = m_console->deciding().queue().entry(row).item;
        if (item.proposal.title.contains(m_partyName))
            m_proposal = item.id();
    }
    QVERIFY(!m_proposal.isZero());
}

bool TestStory::openReview()
{
    return m_console->approvalsPage()->openReview(m_proposal);
}

void TestStory::sign(const QString &holder, int expectedSignatures)
{
    useKeyOf(holder);
    QVERIFY(openReview());
    ReviewModel &review = m_console->deciding().reviewModel();
    EVENTUALLY(review.state() == ReviewModel::State::Ready && review.review()->hashes.safeTx == m_proposal && review.canSign(), 20s);
    QVERIFY2(review.sentence().contains(m_partyName), qPrintable(review.sentence()));
    EVENTUALLY(m_console->approvalsPage()->reviewView()->signButton()->isEnabled(), 5s);

    auto *const dialog = qobject_cast<SignDialog *>(m_console->approvalsPage()->sign());
    QVERIFY(dialog);
    // What the device shows: the hash as it is known from the proposal, not from the dialog.
    const QString shown = m_proposal.toString();
    QTest::keyClicks(dialog->firstEdit(ComparedHash::SafeTx), shown.sliced(2, 4));
    QTest::keyClicks(dialog->lastEdit(ComparedHash::SafeTx), shown.last(4));
    QTest::keyClicks(dialog->pinEntry(), QString::fromLatin1(pinOf(holder)));
    EVENTUALLY(dialog->goButton()->isEnabled(), 20s);
    QTest::mouseClick(dialog->goButton(), Qt::LeftButton);
    EVENTUALLY(dialog->isFinished(), 30s);
    dialog->close();
    const auto have = [this] {
        const BoardEntry *const entry = m_console->deciding().board().find(m_proposal);
        return entry ? entry->standing.have : -1;
    };
    EVENTUALLY(have() == expectedSignatures, 15s);
}

void TestStory::twoHoldersSignWithTheirOwnTokens()
{
    sign(u"alice"_s, 1);
    if (QTest::currentTestFailed())
        return;
    sign(u"bob"_s, 2);
}

void TestStory::aHolderExecutesAndTheEffectIsReadBack()
{
    const auto nonceBefore = m_chain->safeNonce();
    QVERIFY(nonceBefore);
    QVERIFY(openReview());
    ReviewModel &review = m_console->deciding().reviewModel();
    EVENTUALLY(review.state() == ReviewModel::State::Ready && review.canExecute(), 20s);
    auto *const dialog = qobject_cast<ExecuteDialog *>(m_console->approvalsPage()->execute());
    QVERIFY(dialog);
    QTest::keyClicks(dialog->pinEntry(), QString::fromLatin1(pinOf(u"bob"_s)));
    EVENTUALLY(dialog->goButton()->isEnabled(), 20s);
    QTest::mouseClick(dialog->goButton(), Qt::LeftButton);
    EVENTUALLY(dialog->isFinished(), 60s);
    dialog->close();

    QVERIFY(m_chain->registryKey(m_partyId)->isZero());
    QCOMPARE(*m_chain->safeNonce(), *nonceBefore + 1);
    const auto stage = [this] {
        const BoardEntry *const entry = m_console->deciding().board().find(m_proposal);
        return entry ? entry->standing.stage : ProposalStage::Unknown;
    };
    EVENTUALLY(stage() == ProposalStage::Executed, 20s);
    m_revokedAt = SystemClock().now();
}

void TestStory::theIntentsOfThatPartyStopWithTheReasonAndTheOthersGoOn()
{
    OverviewState &overview = m_console->observing().overview();
    EVENTUALLY(overview.revokedParties().contains(m_partyName), 20s);
    QVERIFY(std::ranges::any_of(overview.notes(), [this](const OverviewNote &note) { return note.text.contains(m_partyName); }));

    const IntentStore &store = m_console->observing().store();
    const Timestamp now = SystemClock().now();
    const auto since = [&](bool ofParty, IntentPhase phase) {
        int count = 0;
        for (quint32 row = 0; row < store.size(); ++row) {
            const IntentRow intent = store.row(row);
            const bool belongs = IntentTableModel::text(store, intent, IntentTableModel::PartyColumn, now) == m_partyName;
            count += belongs == ofParty && intent.createdAt() > m_revokedAt && intent.phase == phase ? 1 : 0;
        }
        return count;
    };
    EVENTUALLY(since(true, IntentPhase::Rejected) + since(true, IntentPhase::Failed) >= 2, 90s);
    EVENTUALLY(since(false, IntentPhase::Acknowledged) >= 2, 60s);
    QCOMPARE(since(true, IntentPhase::Acknowledged), 0);
    bool explained = false;
    for (quint32 row = 0; row < store.size(); ++row) {
        const IntentRow intent = store.row(row);
        explained = explained || (intent.createdAt() > m_revokedAt && store.reason(row).contains(u"KeyNotRegistered"_s));
    }
    QVERIFY(explained);
}

void TestStory::theJournalTellsWhoDidIt()
{
    const auto verification = QCoro::waitFor(awaited(m_console->journal().verify()));
    QVERIFY(verification.ok);
    const auto rows = QCoro::waitFor(awaited(m_console->journal().load(1, verification.count)));
    QVERIFY(rows);
    QStringList signers;
    int executions = 0;
    int effects = 0;
    for (const JournalRow &row : *rows) {
        if (row.kind == JournalKind::Signature && row.subject.contains(m_proposal.toString()) && !signers.contains(row.actor))
            signers.append(row.actor);
        executions += row.kind == JournalKind::Execution ? 1 : 0;
        effects += row.kind == JournalKind::Effect ? 1 : 0;
    }
    signers.sort();
    QVERIFY2(signers.contains(u"alice"_s) && signers.contains(u"bob"_s), qPrintable(signers.join(u' ')));
    QVERIFY(executions >= 1);
    QVERIFY(effects >= 1);
}

void TestStory::cleanupTestCase()
{
    m_console.reset();
    const auto stopped = m_network.stop();
    QVERIFY2(stopped, stopped ? "" : qPrintable(stopped.error().message));
}

QTEST_MAIN(TestStory)
#include "tst_story.moc"
