#include "backend/alerts/alertinghealth.h"
#include "backend/alerts/alertmerge.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

namespace {

Alert alert(const QString &name, Alert::State state, int updated)
{
    Alert alert;
    alert.fingerprint = u"f-"_s + name;
    alert.labels = {{u"alertname"_s, name}};
    alert.state = state;
    alert.updatedAt = Timestamp::fromSeconds(updated);
    return alert;
}

ManagerView view(const QString &id, const QStringList &peers, const QVector<Alert> &alerts, bool isLive = true)
{
    ManagerView view;
    view.id = id;
    view.status.peers = peers;
    view.alerts = alerts;
    view.isLive = isLive;
    view.asOf = Timestamp::fromSeconds(100);
    return view;
}

QVector<AlertingProblem::Kind> kindsOf(const HealthQuestion &question)
{
    QVector<AlertingProblem::Kind> kinds;
    const auto problems = alertingProblems(question);
    for (const AlertingProblem &problem : problems)
        kinds.append(problem.kind);
    return kinds;
}

} // namespace

class TestAlertMerge final : public QObject
{
    Q_OBJECT
    using Kind = AlertingProblem::Kind;
    using State = Alert::State;

private slots:
    void managersThatKnowEachOtherAreOneCluster()
    {
        const QStringList clusters = clustersOf({view(u"a"_s, {u"A"_s, u"B"_s}, {}), view(u"b"_s, {u"B"_s, u"C"_s}, {}), view(u"x"_s, {}, {}), view(u"c"_s, {u"C"_s}, {})});
        QCOMPARE(clusters[0], clusters[1]);
        QCOMPARE(clusters[0], clusters[3]);
        QVERIFY(clusters[2] != clusters[0]);
    }

    void anAlertIsShownOnce()
    {
        const auto merged = mergeViews({view(u"a"_s, {u"A"_s, u"B"_s}, {alert(u"Down"_s, State::Active, 5)}),
            view(u"b"_s, {u"A"_s, u"B"_s}, {alert(u"Down"_s, State::Suppressed, 9), alert(u"Slow"_s, State::Active, 1)})});
        QCOMPARE(merged.alerts.size(), 2);
        QCOMPARE(merged.alerts[0].managers, (QStringList{u"a"_s, u"b"_s}));
        QCOMPARE(merged.alerts[0].alert.state, State::Suppressed); // the newest word of the cluster
    }

    void anAlertThatOneClusterDoesNotSilenceIsActive()
    {
        const auto merged = mergeViews({view(u"a"_s, {u"A"_s}, {alert(u"Down"_s, State::Suppressed, 9)}), view(u"b"_s, {u"B"_s}, {alert(u"Down"_s, State::Active, 1)})});
        QCOMPARE(merged.alerts.size(), 1);
        QCOMPARE(merged.alerts[0].alert.state, State::Active);
    }

    void whoFellSilentDoesNotSpeakForACluster()
    {
        const auto member = mergeViews({view(u"a"_s, {u"A"_s, u"B"_s}, {}), view(u"b"_s, {u"A"_s, u"B"_s}, {alert(u"Down"_s, State::Active, 5)}, false)});
        QVERIFY(member.alerts.isEmpty()); // it has ended since
        const auto alone = mergeViews({view(u"a"_s, {u"A"_s}, {}), view(u"b"_s, {u"B"_s}, {alert(u"Down"_s, State::Active, 5)}, false)});
        QCOMPARE(alone.alerts.size(), 1);
        QVERIFY(alone.alerts[0].isStale);
    }

    void theInventoryOfSilencesIsOrderedByItsEndAndCounts()
    {
        ManagerView one = view(u"a"_s, {u"A"_s}, {alert(u"Down"_s, State::Active, 5)});
        const auto silence = [](const QString &id, int ends, Silence::State state, const QString &name) {
            return Silence{.id = id, .matchers = {{u"alertname"_s, name, false, true}}, .startsAt = {}, .endsAt = Timestamp::fromSeconds(ends), .updatedAt = {}, .createdBy = {}, .comment = {}, .state = state};
        };
        one.silences = {silence(u"over"_s, 10, Silence::State::Expired, u"Down"_s), silence(u"late"_s, 90, Silence::State::Active, u"Other"_s), silence(u"soon"_s, 50, Silence::State::Active, u"Down"_s)};
        const auto merged = mergeViews({one});
        QCOMPARE(merged.silences.size(), 3);
        QCOMPARE(merged.silences[0].silence.id, u"soon"_s);
        QCOMPARE(merged.silences[0].matches, 1);
        QCOMPARE(merged.silences[1].matches, 0);
        QCOMPARE(merged.silences[2].silence.id, u"over"_s);
    }

    void silenceOfAlertingIsTold()
    {
        HealthQuestion question;
        question.watchdog = u"Watchdog"_s;
        QCOMPARE(kindsOf(question), QVector{Kind::NoManagerAnswers});
        question.managers = {view(u"a"_s, {}, {}, false), view(u"b"_s, {}, {}, false)};
        QCOMPARE(kindsOf(question), QVector{Kind::NoManagerAnswers});
        question.managers[0].isLive = true;
        QCOMPARE(kindsOf(question), QVector{Kind::ManagerDown});
        question.managers[1].isLive = true;
        QVERIFY(kindsOf(question).isEmpty()); // whether a watchdog is due is not known
        question.watchdogWasSeen = true;
        QCOMPARE(kindsOf(question), QVector{Kind::WatchdogMissing});
        question.merged.alerts = {{alert(u"Watchdog"_s, State::Active, 1), {u"a"_s}, false, {}}};
        QVERIFY(kindsOf(question).isEmpty());
        question.merged.alerts[0].isStale = true;
        QCOMPARE(kindsOf(question), QVector{Kind::WatchdogMissing});

        question.merged.alerts.clear();
        question.watchdogWasSeen = false;
        question.prometheus.emplace();
        QCOMPARE(kindsOf(question), QVector{Kind::PrometheusDown});
        question.prometheus->answers = true;
        QCOMPARE(kindsOf(question), (QVector{Kind::NoManagerKnown, Kind::NoWatchdogRule}));
        question.prometheus->managers = 1;
        PrometheusRule rule;
        rule.name = u"Watchdog"_s;
        rule.health = u"err"_s;
        question.prometheus->groups = {{u"g"_s, {}, 0, 0, {}, {rule}}};
        QCOMPARE(kindsOf(question), (QVector{Kind::WatchdogMissing, Kind::RuleFails}));
    }
};

QTEST_GUILESS_MAIN(TestAlertMerge)
#include "tst_alertmerge.moc"
