#include "backend/intents/intentcorrelator.h"
#include "backend/types/strings.h"
#include "models/overview/overviewstate.h"

#include <QSignalSpy>
#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

SourceStatus status(SourceKind kind, const QString &id, SourceState state)
{
    SourceStatus s;
    s.kind = kind;
    s.id = id;
    s.state = state;
    return s;
}

Fact ledger(FactKind kind, const QString &id, const QString &party, Timestamp time)
{
    Fact f;
    f.kind = kind;
    f.intentId = id;
    f.time = time;
    f.contractId = id.toUtf8() + QByteArray::number(static_cast<int>(kind));
    f.terms.party = party;
    return f;
}

Fact receipt(const QString &id, const QString &party, FactOutcome outcome, const QString &reason, Timestamp time)
{
    Fact f = ledger(FactKind::Receipted, id, party, time);
    f.outcome = outcome;
    f.reason = reason;
    return f;
}

} // namespace

class TestOverviewState final : public QObject
{
    Q_OBJECT

private:
    struct World {
        IntentStore store;
        IntentCorrelator correlator{store};
        ManualClock clock;
        OverviewState overview{store, clock};

        void allUp()
        {
            overview.setRelayers({{u"relayer-1"_s, false, {}, {}, {}, {}}, {u"relayer-2"_s, true, 14.0, 2.5, 0.998, 120}, {u"relayer-3"_s, false, {}, {}, {}, {}}});
            overview.setChains({{u"ethereum"_s, 99, clock.now() - 4s, 2.4, 14.0}});
            overview.setParticipants({{u"vault-operator"_s, 1234, {}}});
            overview.setSource(status(SourceKind::Participant, u"vault-operator"_s, SourceState::Live));
            for (const QString &id : {u"relayer-1"_s, u"relayer-2"_s, u"relayer-3"_s})
                overview.setSource(status(SourceKind::Relayer, id, SourceState::Live));
            overview.setSource(status(SourceKind::Chain, u"ethereum"_s, SourceState::Live));
        }
        void apply(const QVector<Fact> &facts) { overview.applyBatch(correlator.apply(facts)); }
        const OverviewTile &tile(OverviewTile::Kind kind) const { return *std::ranges::find(overview.tiles(), kind, &OverviewTile::kind); }
    };

private slots:
    void theSentenceSaysHowItIs()
    {
        World w;
        QCOMPARE(w.overview.sentence(), u"no relayer known, no intent waiting"_s);
        w.allUp();
        QCOMPARE(w.overview.sentence(), u"3 of 3 relayers up, leader relayer-2, no intent waiting"_s);
        QCOMPARE(w.overview.tone(), Tone::Good);
        QVector<Fact> facts;
        for (int i = 0; i < 14; ++i)
            facts.append(ledger(FactKind::Requested, QString::number(i), u"Treasury desk"_s, w.clock.now() - 37min - std::chrono::seconds(i)));
        w.overview.setSource(status(SourceKind::Relayer, u"relayer-1"_s, SourceState::Down));
        w.apply(facts);
        QCOMPARE(w.overview.sentence(), u"2 of 3 relayers up, leader relayer-2, 14 intents waiting, oldest 37 min"_s);
        QCOMPARE(w.overview.tone(), Tone::Warn);
        w.overview.setSource(status(SourceKind::Chain, u"ethereum"_s, SourceState::Down));
        QVERIFY(w.overview.sentence().endsWith(u"chain ethereum down"_s));
        QCOMPARE(w.overview.tone(), Tone::Bad);
    }

    void withoutALeaderNothingIsWell()
    {
        World w;
        w.allUp();
        w.overview.setRelayers({{u"relayer-1"_s, false, {}, {}, {}, {}}});
        QCOMPARE(w.overview.sentence(), u"1 of 1 relayer up, no leader, no intent waiting"_s);
        QCOMPARE(w.overview.tone(), Tone::Bad);
        QVERIFY(!w.overview.hasLeader());
    }

    void aRelayerIsUpByItsMetricsAndNotByItsLog()
    {
        World w;
        w.allUp();
        RelayerReading dead{u"relayer-1"_s, false, {}, {}, {}, {}};
        dead.up = false;
        RelayerReading leader{u"relayer-2"_s, true, 14.0, 2.5, 0.998, 120};
        leader.up = true;
        w.overview.setRelayers({dead, leader, {u"elsewhere"_s, false, {}, {}, {}, {}}});
        QVERIFY2(w.overview.sentence().startsWith(u"1 of 3 relayers up, 1 not measured, leader relayer-2"), qPrintable(w.overview.sentence()));
        QCOMPARE(w.overview.tone(), Tone::Warn);
        QCOMPARE(w.overview.nodes()[1].state, SourceState::Down);
    }

    void aLeaderThatNobodyKnowsIsNotNamed()
    {
        World w;
        w.allUp();
        w.overview.setSource(status(SourceKind::Etcd, u"etcd"_s, SourceState::Down));
        QVERIFY2(w.overview.sentence().contains(u"leader not known"), qPrintable(w.overview.sentence()));
        QVERIFY(w.overview.hasLeader()); // nobody says that there is none
        QVERIFY(w.overview.tone() != Tone::Bad);
    }

    void twoLeadersAreTheFirstThingToKnow()
    {
        World w;
        w.allUp();
        w.overview.setSplitBrain(u"relayer-2 says that it leads, and etcd says relayer-1"_s);
        QCOMPARE(w.overview.notes().first().text, u"relayer-2 says that it leads, and etcd says relayer-1"_s);
        QCOMPARE(w.overview.tone(), Tone::Bad);
        w.overview.setSplitBrain({});
        QVERIFY(w.overview.notes().isEmpty());
        QCOMPARE(w.overview.tone(), Tone::Good);
    }

    void theWayToAChainCarriesWhatItMined()
    {
        World w;
        w.allUp();
        w.overview.setChains({{u"ethereum"_s, 99, w.clock.now(), {}, {}}});
        Fact mined = ledger(FactKind::Executed, u"a"_s, u"p"_s, w.clock.now() - 5s);
        mined.source = FactSource::Chain;
        mined.terms.chain = u"ethereum"_s;
        w.apply({mined, ledger(FactKind::Authorised, u"b"_s, u"p"_s, w.clock.now() - 5s)});
        for (const OverviewEdge &edge : w.overview.edges()) {
            if (edge.active && w.overview.nodes()[edge.to].kind == OverviewNode::Kind::Chain)
                QCOMPARE(edge.rate, std::optional(1.0 / 60));
        }
    }

    void aRevocationIsDatedByItsBlock()
    {
        World w;
        w.allUp();
        const Timestamp block = w.clock.now() - 10s;
        w.apply({receipt(u"a"_s, u"Treasury desk"_s, FactOutcome::Failed, u"KeyNotRegistered(0x11)"_s, block + 2s)});
        w.overview.keyRevoked(u"ethereum"_s, u"Treasury desk"_s, w.clock.now());
        QVERIFY(!w.overview.notes()[0].text.contains(u"refused since"_s));
        w.overview.setRevocationTime(u"ethereum"_s, u"Treasury desk"_s, block);
        QVERIFY(w.overview.notes()[0].text.contains(u"1 intent refused since"_s));
        w.overview.keyRegistered(u"ethereum"_s, u"Treasury desk"_s);
        w.overview.setRevocationTime(u"ethereum"_s, u"Treasury desk"_s, block); // too late: nothing comes back
        QVERIFY(w.overview.revokedParties().isEmpty());
    }

    void onlyTheLeadersWaysCarryIntents()
    {
        World w;
        w.allUp();
        QCOMPARE(w.overview.nodes().size(), 5);
        QCOMPARE(w.overview.edges().size(), 6);
        for (const OverviewEdge &edge : w.overview.edges()) {
            const bool leads = w.overview.nodes()[edge.from].leader || w.overview.nodes()[edge.to].leader;
            QCOMPARE(edge.active, leads);
            QCOMPARE(edge.rate.has_value(), leads);
        }
        QCOMPARE(w.overview.nodes()[2].queueDepth, std::optional(14.0));
        QCOMPARE(w.overview.nodes()[2].caption, u"leader"_s);
        QCOMPARE(w.overview.nodes()[4].caption, u"block 99"_s);
        w.overview.setSource(status(SourceKind::Chain, u"ethereum"_s, SourceState::Down));
        QVERIFY(!w.overview.edges().last().active);
        QCOMPARE(w.overview.nodes()[4].tone, Tone::Bad);
    }

    void tilesTakeMetricsAndDoWithoutThem()
    {
        World w;
        w.allUp();
        w.apply({ledger(FactKind::Authorised, u"a"_s, u"p"_s, w.clock.now() - 5s), ledger(FactKind::Authorised, u"b"_s, u"p"_s, w.clock.now() - 10min)});
        QCOMPARE(w.tile(OverviewTile::Kind::Rate).value, std::optional(1.0 / 60)); // counted here: metrics are not there
        w.overview.setMetricsAvailable(true);
        QCOMPARE(w.tile(OverviewTile::Kind::Rate).value, std::optional(2.5));
        QCOMPARE(w.tile(OverviewTile::Kind::Success).value, std::optional(0.998));
        QCOMPARE(w.tile(OverviewTile::Kind::QueueDepth).value, std::optional(14.0));
        QCOMPARE(w.tile(OverviewTile::Kind::QueueDepth).tone, Tone::Warn);
        w.overview.setMetricsAvailable(false);
        QCOMPARE(w.tile(OverviewTile::Kind::QueueDepth).value, std::optional(2.0));
        QCOMPARE(w.tile(OverviewTile::Kind::LedgerOffset).value, std::optional(1234.0));
        QCOMPARE(w.tile(OverviewTile::Kind::HeadLag).value, std::optional(4.0));
        QCOMPARE(w.tile(OverviewTile::Kind::OldestWaiting).value, std::optional(600.0));
        QCOMPARE(w.tile(OverviewTile::Kind::OldestWaiting).note, u"b"_s);
        QVERIFY(!w.tile(OverviewTile::Kind::Success).value); // unknown is not zero
    }

    void aRevokedKeyShowsItsConsequence()
    {
        World w;
        w.allUp();
        const Timestamp revokedAt = w.clock.now();
        w.apply({ledger(FactKind::Authorised, u"waiting"_s, u"Treasury desk"_s, revokedAt - 1s),
                 receipt(u"before"_s, u"Treasury desk"_s, FactOutcome::Failed, u"LimitExceeded(2, 1)"_s, revokedAt - 5s),
                 receipt(u"after"_s, u"Treasury desk"_s, FactOutcome::Failed, u"KeyNotRegistered(0x11)"_s, revokedAt + 5s),
                 receipt(u"others"_s, u"Settlement"_s, FactOutcome::Executed, {}, revokedAt + 5s)});
        w.clock.advance(10s);
        const QSignalSpy changed(&w.overview, &OverviewState::changed);
        w.overview.keyRevoked(u"ethereum"_s, u"Treasury desk"_s, revokedAt);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(w.overview.revokedParties(), QStringList{u"Treasury desk"_s});
        QCOMPARE(w.overview.notes().size(), 1);
        QCOMPARE(w.overview.notes()[0].text, u"party Treasury desk stopped: its key on ethereum is revoked; 1 intent refused since; 1 waiting"_s);
        QCOMPARE(w.overview.notes()[0].filter, u"party:\"Treasury desk\""_s);
        QVERIFY2(w.overview.sentence().endsWith(w.overview.notes()[0].text), qPrintable(w.overview.sentence())); // the mark says why
        w.overview.keyRegistered(u"ethereum"_s, u"Treasury desk"_s);
        QVERIFY(w.overview.revokedParties().isEmpty());
    }

    void aRefusalIsSeenWithoutTheEventToo()
    {
        World w;
        w.allUp();
        w.apply({receipt(u"a"_s, u"Market making"_s, FactOutcome::Failed, u"KeyNotRegistered(0x22)"_s, w.clock.now() - 1min)});
        QCOMPARE(w.overview.notes().size(), 1);
        QVERIFY(w.overview.notes()[0].text.contains(u"party Market making is refused"_s));
        // It was executed since: the refusal is history.
        w.apply({receipt(u"b"_s, u"Market making"_s, FactOutcome::Executed, {}, w.clock.now() - 1s)});
        QVERIFY(w.overview.notes().isEmpty());
    }

    void stuckAndContradictedIntentsAreNoted()
    {
        World w;
        w.allUp();
        w.apply({ledger(FactKind::Authorised, u"a"_s, u"p"_s, w.clock.now() - 1h)});
        w.overview.applyBatch(w.correlator.refresh(w.clock.now()));
        QCOMPARE(w.overview.notes().size(), 1);
        QCOMPARE(w.overview.notes()[0].text, u"1 intent is stuck"_s);
        QCOMPARE(w.overview.notes()[0].filter, u"state:stuck"_s);
        Fact gone = ledger(FactKind::Executed, u"c"_s, u"p"_s, w.clock.now());
        gone.source = FactSource::Chain;
        gone.retracted = true;
        w.apply({receipt(u"c"_s, u"p"_s, FactOutcome::Executed, {}, w.clock.now()), gone});
        QCOMPARE(w.overview.notes().first().tone, Tone::Bad);
        QCOMPARE(w.overview.tone(), Tone::Bad);
    }

    void nothingIsSaidWhenNothingChanged()
    {
        World w;
        w.allUp();
        const QSignalSpy changed(&w.overview, &OverviewState::changed);
        w.overview.tick();
        w.overview.setMetricsAvailable(false);
        w.overview.applyBatch({});
        QCOMPARE(changed.size(), 0);
    }
};

QTEST_GUILESS_MAIN(TestOverviewState)
#include "tst_overviewstate.moc"
