#include "models/relayers/electionmodel.h"
#include "models/relayers/etcdmembersmodel.h"
#include "models/relayers/relayersstate.h"
#include "models/relayers/relayerstablemodel.h"

#include "backend/types/strings.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

QString cell(const QAbstractItemModel &model, int row, int column)
{
    return model.index(row, column).data().toString();
}

Tone toneOf(const QAbstractItemModel &model, int row)
{
    return static_cast<Tone>(model.index(row, 0).data(Qt::UserRole + 1).toInt());
}

Candidate candidate(const QString &relayer, qint64 revision, int left = 50)
{
    return {relayer, u"relayer-leader/%1"_s.arg(revision, 0, 16), revision, revision, std::chrono::seconds(left), 60s};
}

} // namespace

class TestRelayerModels final : public QObject {
    Q_OBJECT

private slots:
    void candidatesStandInOrderAndSelectionStays()
    {
        ManualClock clock;
        ElectionModel model(clock);
        const QAbstractItemModelTester tester(&model);
        ElectionState state;
        state.candidates = {candidate(u"relayer-2"_s, 5), candidate(u"relayer-1"_s, 7, 10), candidate(u"relayer-3"_s, 9)};
        state.history = {{u"relayer-2"_s, 5, clock.now(), std::nullopt, true}};
        clock.advance(12min);
        model.setElection(u"relayer-leader"_s, state, {{u"relayer-2"_s, true}, {u"relayer-3"_s, true}});
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(cell(model, 0, ElectionModel::PlaceColumn), u"Leads"_s);
        QCOMPARE(cell(model, 0, ElectionModel::LeaseColumn), u"50 of 60 s"_s);
        QCOMPARE(cell(model, 0, ElectionModel::SinceColumn), u"over 12 min"_s);
        QCOMPARE(cell(model, 1, ElectionModel::SaysColumn), u"nothing"_s);
        QCOMPARE(cell(model, 2, ElectionModel::SaysColumn), u"leads too"_s);
        QCOMPARE(toneOf(model, 0), Tone::Good);
        QCOMPARE(toneOf(model, 1), Tone::Warn); // its lease runs short
        QCOMPARE(toneOf(model, 2), Tone::Bad);
        QCOMPARE(model.index(0, 0).data(ElectionModel::LeaseShareRole).toDouble(), 50.0 / 60);
        const QPersistentModelIndex third = model.index(2, 0);
        state.candidates.removeFirst();
        model.setElection(u"relayer-leader"_s, state, {});
        QCOMPARE(third.row(), 1);
        QCOMPARE(cell(model, 0, ElectionModel::RelayerColumn), u"relayer-1"_s);
        QCOMPARE(cell(model, 0, ElectionModel::PlaceColumn), u"Leads"_s);
    }

    void gapsOfTheLeadershipAreSpansAsWell()
    {
        ManualClock clock;
        ElectionModel model(clock);
        const auto at = [](qint64 seconds) { return Timestamp::fromSeconds(seconds); };
        ElectionState state;
        state.history = {{u"b"_s, 9, at(300), at(400), false}, {u"a"_s, 5, at(100), at(200), true}};
        model.setElection(u"x"_s, state, {});
        const QVector<LeadershipSpan> expected{{u"a"_s, at(100), at(200), true}, {QString(), at(200), at(300), false},
            {u"b"_s, at(300), at(400), false}, {QString(), at(400), std::nullopt, false}};
        QCOMPARE(model.history(), expected);
        QVERIFY(!model.ledFor());
    }

    void membersShowTheirHealthAndWhatFellSilentShowsNothingOld()
    {
        EtcdMembersModel model;
        const QAbstractItemModelTester tester(&model);
        QCOMPARE(model.tone(), Tone::Neutral);
        EtcdClusterState state;
        for (int i = 1; i <= 3; ++i) {
            EtcdMemberState one;
            one.member = {static_cast<quint64>(i), u"etcd-%1"_s.arg(i), {}, {}, false};
            one.endpoint = u"127.0.0.1:%1"_s.arg(i);
            one.health = EtcdMemberState::Health::Healthy;
            one.status = EtcdStatus{};
            one.status->version = u"3.4.23"_s;
            one.leads = i == 2;
            state.members.append(one);
        }
        state.term = 7;
        model.setCluster(state);
        QCOMPARE(model.summary(), u"3 of 3 healthy, raft term 7"_s);
        QCOMPARE(model.tone(), Tone::Good);
        QCOMPARE(cell(model, 1, EtcdMembersModel::RoleColumn), u"leader"_s);
        state.members[0].health = EtcdMemberState::Health::Down;
        state.members[0].problem = u"It does not answer"_s;
        model.setCluster(state);
        QCOMPARE(cell(model, 0, EtcdMembersModel::HealthColumn), u"Down"_s);
        QCOMPARE(cell(model, 0, EtcdMembersModel::VersionColumn), QString());
        QVERIFY(model.index(0, 0).data(Qt::ToolTipRole).toString().contains(u"It does not answer"_s));
        QCOMPARE(model.tone(), Tone::Warn);
        state.alarms = {u"etcd-3 is out of space"_s};
        model.setCluster(state);
        QCOMPARE(model.summary(), u"etcd-3 is out of space"_s);
        QCOMPARE(model.tone(), Tone::Bad);
    }

    void oneSentenceSaysHowTheRelayersAre()
    {
        ManualClock clock;
        RelayersState relayers(clock, nullptr);
        QVERIFY(relayers.sentence().contains(u"names no election"_s));
        relayers.setMainElection(u"relayer-leader"_s);
        QVERIFY(relayers.sentence().startsWith(u"Asking"_s));
        SourceStatus live;
        live.state = SourceState::Live;
        relayers.setElectionStatus(live);
        ElectionState state;
        relayers.setElection(u"relayer-leader"_s, state, {});
        QVERIFY(relayers.sentence().startsWith(u"Nobody leads"_s));
        QCOMPARE(relayers.tone(), Tone::Bad);
        state.candidates = {candidate(u"relayer-2"_s, 5), candidate(u"relayer-1"_s, 7)};
        state.history = {{u"relayer-2"_s, 5, clock.now(), std::nullopt, false}};
        relayers.setElection(u"relayer-leader"_s, state, {});
        RelayerFacts up;
        up.reading.id = u"relayer-2"_s;
        up.metrics = RelayerFacts::Metrics::Prometheus;
        RelayerFacts down;
        down.reading.id = u"relayer-1"_s;
        down.metrics = RelayerFacts::Metrics::Down;
        relayers.setRelayers({up, down});
        clock.advance(3min);
        QCOMPARE(relayers.sentence(), u"relayer-2 leads, for 3 min; ready to follow: 1; 1 of 2 relayers up"_s);
        QCOMPARE(relayers.tone(), Tone::Warn);
        QVERIFY(relayers.alarm().isEmpty());
        state.splitBrain = u"relayer-1 says that it leads, and etcd says relayer-2"_s;
        relayers.setElection(u"relayer-leader"_s, state, {});
        QVERIFY(relayers.alarm().contains(state.splitBrain));
        QCOMPARE(relayers.tone(), Tone::Bad);
        const QSignalSpy more(&relayers, &RelayersState::electionsChanged);
        relayers.setElection(u"jobs"_s, {}, {});
        QCOMPARE(more.size(), 1);
        QCOMPARE(relayers.elections(), (QStringList{u"relayer-leader"_s, u"jobs"_s}));
        relayers.chooseElection(u"jobs"_s);
        QCOMPARE(relayers.election().rowCount(), 0);
        QVERIFY(relayers.alarm().contains(state.splitBrain)); // wherever one looks
    }

    void relayersShowWhatIsKnownOfThem()
    {
        ManualClock clock;
        RelayersTableModel model(clock);
        const QAbstractItemModelTester tester(&model);
        RelayerFacts first;
        first.reading = {.id = u"relayer-1"_s, .leader = true, .queueDepth = 4, .rate = 0.5, .successRate = 0.987, .ledgerOffset = 90};
        first.metrics = RelayerFacts::Metrics::Prometheus;
        first.lastLine = clock.now();
        RelayerFacts second;
        second.reading = {.id = u"relayer-2"_s, .leader = false, .queueDepth = {}, .rate = {}, .successRate = {}, .ledgerOffset = 100};
        model.setRelayers({first, second});
        clock.advance(40s);
        QCOMPARE(cell(model, 0, RelayersTableModel::RelayerColumn), u"relayer-1, leads"_s);
        QCOMPARE(cell(model, 0, RelayersTableModel::RateColumn), u"30.0"_s);
        QCOMPARE(cell(model, 0, RelayersTableModel::SuccessColumn), u"98.7 %"_s);
        QCOMPARE(cell(model, 0, RelayersTableModel::BehindColumn), u"10"_s);
        QCOMPARE(cell(model, 0, RelayersTableModel::LogColumn), u"40 s"_s);
        QCOMPARE(cell(model, 1, RelayersTableModel::QueueColumn), QString());
        QCOMPARE(cell(model, 1, RelayersTableModel::MetricsColumn), u"not read"_s);
        QCOMPARE(toneOf(model, 0), Tone::Good);
        QCOMPARE(toneOf(model, 1), Tone::Neutral);
    }
};

QTEST_GUILESS_MAIN(TestRelayerModels)
#include "tst_relayermodels.moc"
