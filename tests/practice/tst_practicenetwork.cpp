#include "app/practice/relayer/etcdclient.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "tests/practice/ledgerandchain.h"
#include "tests/support/practice/practicefixture.h"

#include <QFile>
#include <QJsonArray>
#include <QTest>

#include <csignal>

using namespace countersign;

namespace {

constexpr int patienceMs = 45'000;

} // namespace

/// The whole network, from `up` to `down`: each test leaves it running for the next one.
class TestPracticeNetwork : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const Result<void> started = m_network.start({u"--rate"_s, u"4"_s, u"--failures"_s, u"0.2"_s});
        QVERIFY2(started, started ? "" : qPrintable(started.error().message + u'\n' + started.error().detail));
        const Result<Environment> environment = Environment::load(m_network.environmentFile());
        QVERIFY2(environment, environment ? "" : qPrintable(environment.error().detail));
        m_environment = *environment;
    }

    void everyPartIsReadyAndNamedInTheStatus()
    {
        const Result<QJsonObject> status = m_network.status();
        QVERIFY(status);
        QStringList names;
        for (const QJsonValue &value : status->value("parts"_L1).toArray()) {
            const QJsonObject part = value.toObject();
            names.append(part.value("name"_L1).toString());
            QCOMPARE(part.value("state"_L1).toString(), u"ready"_s);
            QVERIFY(processExists(part.value("pid"_L1).toInteger()));
        }
        names.sort();
        QCOMPARE(names, QStringList({u"chain-ethereum"_s, u"etcd"_s, u"generator"_s, u"participant"_s, u"prometheus"_s,
                                     u"relayer-1"_s, u"relayer-2"_s, u"relayer-3"_s}));
    }

    void intentsTravelFromTheLedgerToTheChainAndBack()
    {
        QTRY_VERIFY_WITH_TIMEOUT(read().acknowledged(u"executed"_s) >= 5, patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(read().acknowledged(u"failed"_s) >= 1, patienceMs);
    }

    void anotherRelayerTakesOverWhenTheLeaderIsKilled()
    {
        const QString first = leader();
        QVERIFY(!first.isEmpty());
        const Result<QString> killed = m_network.fault(u"kill-leader"_s);
        QVERIFY2(killed, killed ? "" : qPrintable(killed.error().message));
        QVERIFY(killed->contains(first));
        QTRY_COMPARE(m_network.part(first).value("state"_L1).toString(), u"stopped"_s);
        QTRY_VERIFY_WITH_TIMEOUT(!leader().isEmpty() && leader() != first, patienceMs);
        goesOn();
        QVERIFY(m_network.fault(u"start"_s, {first}));
        QCOMPARE(m_network.part(first).value("state"_L1).toString(), u"ready"_s);
    }

    void aCutStreamIsResumed()
    {
        QVERIFY(m_network.fault(u"cut-stream"_s));
        goesOn();
    }

    void aPausedParticipantHoldsEverythingUpAndThenItGoesOn()
    {
        QVERIFY(m_network.fault(u"pause-participant"_s, {u"2"_s}));
        QCOMPARE(m_network.part(u"participant"_s).value("state"_L1).toString(), u"paused"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_network.part(u"participant"_s).value("state"_L1).toString(), u"ready"_s, patienceMs);
        goesOn();
    }

    void transactionsOfReorganisedBlocksAreSentAgain()
    {
        const auto before = read().executions;
        QVERIFY(!before.isEmpty());
        const Result<QString> reorganised = m_network.fault(u"reorg"_s, {u"5"_s});
        QVERIFY2(reorganised, reorganised ? "" : qPrintable(reorganised.error().message));
        // What the chain lost comes back, also what the ledger had read as executed.
        QTRY_VERIFY_WITH_TIMEOUT(std::ranges::all_of(before.keys(), [now = read().executions](const Hash32 &id) { return now.contains(id); }), patienceMs);
        goesOn();
    }

    void aChainThatStandsStillIsWaitedFor()
    {
        QVERIFY(m_network.fault(u"stop-blocks"_s, {u"2"_s}));
        goesOn();
    }

    void aFloodIsWorkedOff()
    {
        const qsizetype before = read().receipts.size();
        QVERIFY(m_network.fault(u"flood"_s, {u"40"_s}));
        QTRY_VERIFY_WITH_TIMEOUT(read().receipts.size() >= before + 35, patienceMs); // some are withdrawn
    }

    void aFaultThatDoesNotExistIsRefusedWithTheUsage()
    {
        const Result<QString> refused = m_network.fault(u"explode"_s);
        QVERIFY(!refused);
        QVERIFY(refused.error().detail.contains("kill-leader"_L1));
        QVERIFY(!m_network.fault(u"reorg"_s, {u"many"_s}));
        QVERIFY(!m_network.fault(u"stop"_s, {u"nothing"_s}));
    }

    void inTheEndNoIntentIsLostAndNoneIsExecutedTwice()
    {
        QVERIFY(m_network.fault(u"stop"_s, {u"generator"_s}));
        QTRY_COMPARE_WITH_TIMEOUT(read().authorised.size(), 0, patienceMs);
        // Whatever a reorganisation took is on the chain again when the last acknowledgement is.
        IntentLedgers end = read();
        for (auto receipt = end.receipts.cbegin(); receipt != end.receipts.cend(); ++receipt)
            QCOMPARE(receipt.value(), 1);
        for (const int times : std::as_const(end.executions))
            QCOMPARE(times, 1);
        QSet<Hash32> acknowledged;
        for (auto outcome = end.outcomes.cbegin(); outcome != end.outcomes.cend(); ++outcome) {
            if (outcome.value() == "executed"_L1)
                acknowledged.insert(keccak256(outcome.key().toUtf8()));
        }
        const QList<Hash32> executed = end.executions.keys();
        QCOMPARE(QSet<Hash32>(executed.begin(), executed.end()), acknowledged);
    }

    void aPartThatDiesIsReportedWithHowItEnded()
    {
        const QJsonObject part = m_network.part(u"prometheus"_s);
        ::kill(static_cast<pid_t>(part.value("pid"_L1).toInteger()), SIGKILL);
        QTRY_COMPARE(m_network.part(u"prometheus"_s).value("state"_L1).toString(), u"died"_s);
        QVERIFY(!m_network.part(u"prometheus"_s).value("note"_L1).toString().isEmpty());
        QVERIFY(m_network.output().contains("prometheus        died"_L1));
    }

    void nothingIsLeftWhenItEnds()
    {
        const Result<QJsonObject> status = m_network.status();
        QVERIFY(status);
        QVERIFY(m_network.stop());
        for (const QJsonValue &part : status->value("parts"_L1).toArray())
            QVERIFY(!processExists(part.toObject().value("pid"_L1).toInteger()));
        QVERIFY(!QFile::exists(m_network.environmentFile()));
    }

private:
    IntentLedgers read() { return readLedgers(m_environment).value_or(IntentLedgers()); }

    QString leader()
    {
        EtcdClient etcd({m_environment.election->endpoints.first()});
        const auto keys = QCoro::waitFor(etcd.list("relayer-leader/"));
        return keys && !keys->isEmpty() ? QString::fromUtf8(keys->first().value) : QString();
    }

    /// More intents are acknowledged than at the call.
    void goesOn()
    {
        const qsizetype before = read().receipts.size();
        QTRY_VERIFY_WITH_TIMEOUT(read().receipts.size() >= before + 3, patienceMs);
    }

    PracticeFixture m_network;
    Environment m_environment;
};

QTEST_GUILESS_MAIN(TestPracticeNetwork)
#include "tst_practicenetwork.moc"
