#include "backend/canton/ledgerfollower.h"

#include "app/practice/participant/ledger.h"
#include "tests/backend/canton/participantfixture.h"

#include <QSet>
#include <QSignalSpy>

using namespace countersign;
using namespace countersign::test;
using namespace std::chrono_literals;

namespace {

LedgerFollowerSettings settingsFor(const ParticipantFixture &participant)
{
    LedgerFollowerSettings settings;
    settings.id = u"vault-operator"_s;
    settings.filter = participant.filter();
    settings.backoff = {.initial = 20ms, .maximum = 100ms, .factor = 2.0, .jitter = 0.0};
    settings.heartbeat = 100ms;
    settings.staleAfter = 400ms;
    return settings;
}

// Everything a follower delivered, as a receiver keeps it.
struct Received {
    explicit Received(LedgerFollower &follower)
    {
        QObject::connect(
            &follower, &LedgerFollower::eventsArrived, &follower, [this](const QVector<LedgerEvent> &events) {
                for (const LedgerEvent &event : events) {
                    if (event.kind() == LedgerEvent::Kind::Created)
                        created.append(event.field(u"intentId") + u'/' + event.templateId().entity);
                    else if (event.kind() == LedgerEvent::Kind::Archived)
                        archived.append(event.contractId());
                }
            });
        QObject::connect(&follower, &LedgerFollower::reset, &follower, [this] {
            ++resets;
            created.clear();
            archived.clear();
        });
    }

    [[nodiscard]] bool hasNoDuplicate() const
    {
        return QSet<QString>(created.begin(), created.end()).size() == created.size();
    }

    QStringList created;
    QStringList archived;
    int resets = 0;
};

Backoff::Random noJitter()
{
    return [] { return 0.0; };
}

} // namespace

class TestLedgerFollower final : public QObject {
    Q_OBJECT

    static QString create(const ParticipantFixture &participant, const LedgerClient &client, const QString &id)
    {
        const auto receipt = waited(client.submitAndWaitForTransaction(participant.request(id)));
        return receipt && !receipt->events.isEmpty() ? receipt->events.first().contractId() : QString();
    }

private slots:
    void startsWithTheActiveContractsAndGoesOnWithUpdates()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const LedgerClient client(plainChannel(participant.server.ledgerAddress()));
        const QString first = create(participant, client, u"i1"_s);
        create(participant, client, u"i2"_s);
        QVERIFY(waited(client.submitAndWait(participant.authorise(first))).has_value());

        MemoryOffsetStore store;
        LedgerFollower follower(client.channel(), settingsFor(participant), store, participant.clock, noJitter());
        Received received(follower);
        const QSignalSpy snapshots(&follower, &LedgerFollower::snapshotCompleted);
        follower.start();
        QTRY_COMPARE(snapshots.size(), 1);
        QCOMPARE(received.created.size(), 2); // i2's request and i1's authorised intent; i1's request is archived
        QVERIFY(received.created.contains(u"i1/AuthorisedIntent"_s));
        QVERIFY(received.archived.isEmpty());

        create(participant, client, u"i3"_s);
        QTRY_VERIFY(received.created.contains(u"i3/IntentRequest"_s));
        QCOMPARE(follower.status().state, SourceState::Live);
        QTRY_VERIFY(follower.status().lastData.has_value());
        QCOMPARE(received.resets, 0);
        QTRY_COMPARE(store.load(u"vault-operator"_s), follower.offset());
    }

    void fromTheBeginningItSeesWhatIsNoLongerActive()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const LedgerClient client(plainChannel(participant.server.ledgerAddress()));
        const QString first = create(participant, client, u"i1"_s);
        QVERIFY(waited(client.submitAndWait(participant.authorise(first))).has_value());
        MemoryOffsetStore store;
        LedgerFollowerSettings settings = settingsFor(participant);
        settings.fromBeginning = true;
        LedgerFollower follower(client.channel(), settings, store, participant.clock, noJitter());
        Received received(follower);
        follower.start();
        QTRY_COMPARE(received.created, (QStringList{u"i1/IntentRequest"_s, u"i1/AuthorisedIntent"_s}));
        QCOMPARE(received.archived, QStringList{first});
    }

    void aCutStreamIsResumedWithoutLossOrDuplicate()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const LedgerClient client(plainChannel(participant.server.ledgerAddress()));
        MemoryOffsetStore store;
        LedgerFollower follower(client.channel(), settingsFor(participant), store, participant.clock, noJitter());
        Received received(follower);
        const QSignalSpy snapshots(&follower, &LedgerFollower::snapshotCompleted);
        follower.start();
        QTRY_COMPARE(snapshots.size(), 1);
        for (int i = 0; i < 60; ++i) {
            create(participant, client, QString::number(i));
            if (i % 10 == 5)
                participant.server.cutStreams();
        }
        QTRY_COMPARE_WITH_TIMEOUT(received.created.size(), 60, 20'000);
        QVERIFY(received.hasNoDuplicate());
        QCOMPARE(snapshots.size(), 1);
        QCOMPARE(received.resets, 0);
    }

    void aParticipantThatGoesDownIsDownUntilItIsBack()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const LedgerClient client(plainChannel(participant.server.ledgerAddress()));
        MemoryOffsetStore store;
        LedgerFollower follower(client.channel(), settingsFor(participant), store, participant.clock, noJitter());
        Received received(follower);
        follower.start();
        QTRY_COMPARE(follower.status().state, SourceState::Live);
        create(participant, client, u"before"_s);
        QTRY_COMPARE(received.created.size(), 1);
        participant.server.stop();
        QTRY_COMPARE(follower.status().state, SourceState::Down);
        QVERIFY(!follower.status().lastError.isEmpty());
        QTRY_VERIFY(follower.status().nextAttempt.has_value());
        QVERIFY(participant.server.start());
        QTRY_COMPARE_WITH_TIMEOUT(follower.status().state, SourceState::Live, 20'000);
        QVERIFY(!follower.status().nextAttempt.has_value());
        create(participant, client, u"after"_s);
        QTRY_COMPARE_WITH_TIMEOUT(received.created.size(), 2, 20'000);
        QVERIFY(received.hasNoDuplicate());
    }

    void anotherRunGoesOnFromTheStoredOffset()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const LedgerClient client(plainChannel(participant.server.ledgerAddress()));
        MemoryOffsetStore store;
        {
            LedgerFollower follower(client.channel(), settingsFor(participant), store, participant.clock, noJitter());
            Received received(follower);
            follower.start();
            QTRY_COMPARE(follower.status().state, SourceState::Live);
            create(participant, client, u"one"_s);
            QTRY_COMPARE(received.created.size(), 1);
            QTRY_VERIFY(store.load(u"vault-operator"_s) >= follower.offset());
        }
        create(participant, client, u"two"_s);
        LedgerFollower follower(client.channel(), settingsFor(participant), store, participant.clock, noJitter());
        Received received(follower);
        follower.start();
        QTRY_COMPARE(received.created, QStringList{u"two/IntentRequest"_s});
        create(participant, client, u"three"_s);
        QTRY_COMPARE(received.created, (QStringList{u"two/IntentRequest"_s, u"three/IntentRequest"_s}));
    }

    void aPrunedOffsetStartsOverFromTheActiveContracts()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const LedgerClient client(plainChannel(participant.server.ledgerAddress()));
        for (int i = 0; i < 5; ++i)
            create(participant, client, QString::number(i));
        const auto end = waited(client.ledgerEnd());
        QVERIFY(end.has_value());
        QVERIFY(participant.server.ledger().prune(end->value() - 1).has_value());
        MemoryOffsetStore store;
        store.save(u"vault-operator"_s, Offset(1));
        LedgerFollower follower(client.channel(), settingsFor(participant), store, participant.clock, noJitter());
        Received received(follower);
        follower.start();
        QTRY_COMPARE(received.created.size(), 5);
        QCOMPARE(received.resets, 1);
        QVERIFY(!follower.status().lastError.isEmpty());
        QTRY_COMPARE(follower.status().state, SourceState::Live);
        create(participant, client, u"next"_s);
        QTRY_COMPARE(received.created.size(), 6);
        QVERIFY(received.hasNoDuplicate());
    }

    void anOffsetAfterTheLedgersEndStartsOver()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const LedgerClient client(plainChannel(participant.server.ledgerAddress()));
        create(participant, client, u"only"_s);
        MemoryOffsetStore store;
        store.save(u"vault-operator"_s, Offset(1'000'000));
        LedgerFollower follower(client.channel(), settingsFor(participant), store, participant.clock, noJitter());
        Received received(follower);
        follower.start();
        QTRY_COMPARE(received.created, QStringList{u"only/IntentRequest"_s});
        QCOMPARE(received.resets, 1);
        QVERIFY(follower.status().lastError.contains(u"1000000"_s));
    }

    void checkpointsMoveAQuietFollowerForward()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const LedgerClient client(plainChannel(participant.server.ledgerAddress()));
        MemoryOffsetStore store;
        LedgerFollowerSettings settings = settingsFor(participant);
        settings.filter.templates = {vaultTemplate(u"IntentReceipt"_s)}; // of which none is made
        LedgerFollower follower(client.channel(), settings, store, participant.clock, noJitter());
        Received received(follower);
        follower.start();
        QTRY_COMPARE(follower.status().state, SourceState::Live);
        create(participant, client, u"unseen"_s);
        const auto end = waited(client.ledgerEnd());
        QTRY_COMPARE(follower.offset(), std::optional(*end));
        QVERIFY(received.created.isEmpty());
        QTRY_COMPARE(store.load(u"vault-operator"_s), std::optional(*end));
    }

    void aParticipantThatHangsMakesTheSourceStale()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const LedgerClient client(plainChannel(participant.server.ledgerAddress()));
        MemoryOffsetStore store;
        LedgerFollower follower(client.channel(), settingsFor(participant), store, participant.clock, noJitter());
        follower.start();
        QTRY_COMPARE(follower.status().state, SourceState::Live);
        participant.server.pause(ParticipantServer::Pause::Hang);
        QTRY_COMPARE_WITH_TIMEOUT(follower.status().state, SourceState::Stale, 20'000);
        participant.server.resume();
        QTRY_COMPARE_WITH_TIMEOUT(follower.status().state, SourceState::Live, 20'000);
    }

    void theAdminPortIsRecognised()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        MemoryOffsetStore store;
        LedgerFollower follower(plainChannel(participant.server.adminAddress()), settingsFor(participant), store,
            participant.clock, noJitter());
        follower.start();
        QTRY_COMPARE(follower.status().state, SourceState::Down);
        QVERIFY2(follower.status().lastError.contains(u"swapped"_s), qPrintable(follower.status().lastError));
    }

    void deletingAFollowerOrStoppingItInItsOwnSignalIsSafe()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const LedgerClient client(plainChannel(participant.server.ledgerAddress()));
        create(participant, client, u"x"_s);
        MemoryOffsetStore store;
        auto follower = std::make_unique<LedgerFollower>(
            client.channel(), settingsFor(participant), store, participant.clock, noJitter());
        connect(follower.get(), &LedgerFollower::eventsArrived, this, [&follower] { follower.reset(); });
        follower->start();
        QTRY_VERIFY(!follower);

        follower = std::make_unique<LedgerFollower>(
            client.channel(), settingsFor(participant), store, participant.clock, noJitter());
        connect(follower.get(), &LedgerFollower::snapshotCompleted, this, [&follower] { follower->stop(); });
        int events = 0;
        connect(follower.get(), &LedgerFollower::eventsArrived, this, [&events] { ++events; });
        follower->start();
        QTRY_COMPARE(events, 1);
        create(participant, client, u"y"_s);
        QTest::qWait(200);
        QCOMPARE(events, 1);
    }
};

QTEST_GUILESS_MAIN(TestLedgerFollower)
#include "tst_ledgerfollower.moc"
