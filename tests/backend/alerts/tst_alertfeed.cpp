#include "backend/alerts/alertfeed.h"
#include "backend/metrics/managedalertmanager.h"
#include "backend/metrics/managedprometheus.h"
#include "backend/types/strings.h"
#include "tests/backend/metrics/fakehttp.h"

#include <QCoroTask>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace countersign;
using namespace std::chrono_literals;
using Kind = AlertingProblem::Kind;

namespace {

HttpAccess at(const QUrl &url)
{
    return {.base = url, .headers = {}, .username = {}, .secret = {}, .tls = {}};
}

/// What a test says to be the state of a fake Alertmanager.
struct Fake {
    QByteArray alerts = "[]";
    int status = 200;
    std::chrono::milliseconds after{0};
    FakeHttp server;

    Fake()
        : server([this](const FakeRequest &request) {
            const QString path = request.url.path();
            if (status != 200)
                return FakeAnswer{.status = status, .body = "\"no\"", .after = after};
            if (path == u"/api/v2/status"_s)
                return FakeAnswer{.status = 200, .body = "{\"cluster\":{\"status\":\"disabled\",\"peers\":[]},\"versionInfo\":{\"version\":\"0.28.0\"}}", .after = after};
            return FakeAnswer{.status = 200, .body = path == u"/api/v2/alerts"_s ? alerts : QByteArray("[]"), .after = after};
        })
    {
    }
    static QByteArray alert(const QByteArray &name)
    {
        return "{\"fingerprint\":\"f-" + name + "\",\"labels\":{\"alertname\":\"" + name + "\"},\"startsAt\":\"2020-01-01T00:00:00Z\",\"status\":{\"state\":\"active\"}}";
    }
};

bool has(const AlertFeed &feed, Kind kind)
{
    return std::ranges::any_of(feed.problems(), [kind](const AlertingProblem &problem) { return problem.kind == kind; });
}

} // namespace

class TestAlertFeed final : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;
    HttpClient m_http;

    void post(const QUrl &manager, const QByteArray &json)
    {
        auto asked = m_http.post(manager.resolved(QUrl(u"/api/v2/alerts"_s)), json, "application/json");
        while (!asked.isFinished())
            QTest::qWait(5);
        const auto reply = asked.takeResult();
        QVERIFY(reply && reply->isSuccess());
    }
    static AlertFeedSettings quick()
    {
        AlertFeedSettings settings;
        settings.rhythm = 100ms;
        settings.deadline = 1s;
        return settings;
    }

private slots:
    void realManagersAreMergedSilencedAndAcknowledged()
    {
        SystemClock clock;
        ManagedAlertmanager one({.folder = m_dir.filePath(u"one"_s)}, clock);
        ManagedAlertmanager two({.folder = m_dir.filePath(u"two"_s)}, clock);
        one.start();
        two.start();
        QTRY_VERIFY_WITH_TIMEOUT(!one.url().isEmpty() && !two.url().isEmpty(), 60'000);
        AlertAcknowledgements acknowledgements(m_dir.filePath(u"acks.jsonl"_s), clock);
        QVERIFY(acknowledgements.open().has_value());
        AlertFeed feed(clock, acknowledgements, quick());
        feed.setManagers({{u"one"_s, at(one.url())}, {u"two"_s, at(two.url())}});
        feed.start();
        QTRY_COMPARE(feed.statuses().value(1).state, SourceState::Live);
        QVERIFY(feed.alerts().isEmpty() && feed.problems().isEmpty());

        const QByteArray both = "[{\"labels\":{\"alertname\":\"Down\",\"instance\":\"relayer-1\"}}]";
        post(one.url(), both);
        post(two.url(), both);
        post(two.url(), "[{\"labels\":{\"alertname\":\"Slow\",\"instance\":\"relayer-2\"}}]");
        QTRY_COMPARE(feed.alerts().size(), 2);
        const auto find = [&feed](const QString &name) {
            const auto found = std::ranges::find_if(feed.alerts(), [&name](const MergedAlert &merged) { return merged.alert.name() == name; });
            return found == feed.alerts().cend() ? MergedAlert() : *found;
        };
        QCOMPARE(find(u"Down"_s).managers, (QStringList{u"one"_s, u"two"_s}));
        QCOMPARE(find(u"Slow"_s).managers, QStringList{u"two"_s});

        // a silence at both, extended, ended
        const Timestamp now = clock.now();
        Silence silence{.id = {}, .matchers = {{u"instance"_s, u"relayer-[0-9]"_s, true, true}}, .startsAt = now, .endsAt = now + 10min, .updatedAt = {}, .createdBy = u"alice"_s, .comment = u"maintenance"_s, .state = Silence::State::Active};
        const auto ids = QCoro::waitFor(feed.silence(silence));
        QVERIFY2(ids.has_value(), ids ? "" : qPrintable(ids.error().message));
        QCOMPARE(ids->size(), 2);
        QTRY_COMPARE(feed.silences().size(), 2);
        QCOMPARE(feed.silences()[0].matches, 2);
        QTRY_COMPARE(find(u"Down"_s).alert.state, Alert::State::Suppressed);
        const auto extended = QCoro::waitFor(feed.extendSilence(ids->first(), now + 20min));
        QCOMPARE(extended.value(), ids->first()); // the same silence, only longer
        QTRY_VERIFY(std::ranges::any_of(feed.silences(), [&](const MergedSilence &known) { return known.silence.endsAt - now > 19min; }));
        for (const QString &id : *ids)
            QVERIFY(QCoro::waitFor(feed.expireSilence(id)).has_value());
        QTRY_COMPARE(find(u"Down"_s).alert.state, Alert::State::Active);
        QCOMPARE(QCoro::waitFor(feed.expireSilence(u"00000000-0000-0000-0000-000000000000"_s)).error().kind, ErrorKind::NotFound);
        silence.matchers[0].value = u"("_s;
        QCOMPARE(QCoro::waitFor(feed.silence(silence)).error().kind, ErrorKind::Invalid);

        // an acknowledgement with its mirror
        const Alert down = find(u"Down"_s).alert;
        const AlertAcknowledgement mine{.fingerprint = down.fingerprint, .alert = {}, .owner = u"alice"_s, .note = u"looking"_s, .at = {}, .until = clock.now() + 1h, .remindAt = {}, .silences = {}};
        const auto taken = QCoro::waitFor(feed.acknowledge(mine, true));
        QVERIFY2(taken.has_value(), taken ? "" : qPrintable(taken.error().message));
        QCOMPARE(feed.acknowledgementOf(down)->owner, u"alice"_s);
        QCOMPARE(feed.acknowledgementOf(down)->silences.size(), 2);
        QTRY_COMPARE(find(u"Down"_s).alert.state, Alert::State::Suppressed);
        QVERIFY(QCoro::waitFor(feed.unacknowledge(down.fingerprint)).has_value());
        QVERIFY(!feed.acknowledgementOf(down));
        QTRY_COMPARE(find(u"Down"_s).alert.state, Alert::State::Active);

        // one dies: the other speaks on; both: what is shown is old
        QCOMPARE(::kill(static_cast<pid_t>(two.processId()), SIGSTOP), 0);
        QTRY_VERIFY_WITH_TIMEOUT(has(feed, Kind::ManagerDown), 20'000);
        QVERIFY(find(u"Slow"_s).isStale && !find(u"Down"_s).isStale);
        QCOMPARE(::kill(static_cast<pid_t>(two.processId()), SIGCONT), 0);
        QTRY_VERIFY_WITH_TIMEOUT(feed.problems().isEmpty(), 20'000);
        one.stop();
        two.stop();
        QTRY_VERIFY_WITH_TIMEOUT(has(feed, Kind::NoManagerAnswers), 20'000);
        QVERIFY(find(u"Down"_s).isStale);
        one.start();
        QTRY_VERIFY_WITH_TIMEOUT(!one.url().isEmpty(), 60'000);
        feed.setManagers({{u"one"_s, at(one.url())}});
        QTRY_VERIFY_WITH_TIMEOUT(feed.problems().isEmpty(), 20'000);
    }

    void prometheusTellsWhatIsPendingAndWhetherItIsHeard()
    {
        SystemClock clock;
        Fake manager;
        ManagedPrometheusSettings settings;
        settings.folder = m_dir.filePath(u"p"_s);
        settings.interval = 1s;
        settings.rules = {{u"r.yml"_s, "groups: [{name: g, rules: [{alert: Watchdog, expr: vector(1)}, {alert: Later, expr: vector(2), for: 1h}, {alert: Broken, expr: 'up * on () group_left () (vector(1) or label_replace(vector(1), \"a\", \"b\", \"\", \"\"))'}]}]\n"}};
        ManagedPrometheus prometheus(settings, clock);
        prometheus.start();
        QTRY_VERIFY_WITH_TIMEOUT(!prometheus.url().isEmpty(), 60'000);
        AlertAcknowledgements acknowledgements(m_dir.filePath(u"none.jsonl"_s), clock);
        AlertFeedSettings feedSettings = quick();
        feedSettings.watchdogGrace = 1s;
        AlertFeed feed(clock, acknowledgements, feedSettings);
        feed.setManagers({{u"m"_s, at(manager.server.url())}});
        feed.setPrometheus(at(prometheus.url()));
        feed.start();
        QTRY_VERIFY_WITH_TIMEOUT(feed.pending().size() == 1, 30'000);
        QCOMPARE(feed.pending().first().labels.value(u"alertname"_s), u"Later"_s);
        QVERIFY(has(feed, Kind::NoManagerKnown));
        QTRY_VERIFY_WITH_TIMEOUT(has(feed, Kind::WatchdogMissing), 20'000);
        manager.alerts = '[' + Fake::alert("Watchdog") + ']';
        QTRY_VERIFY(!has(feed, Kind::WatchdogMissing));
        QVERIFY(prometheus.setAlertmanagers({manager.server.url()}).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(!has(feed, Kind::NoManagerKnown), 60'000);
        manager.alerts = "[]"; // it was there, and is no more
        QTRY_VERIFY_WITH_TIMEOUT(has(feed, Kind::WatchdogMissing), 20'000);
        prometheus.stop();
        QTRY_VERIFY_WITH_TIMEOUT(has(feed, Kind::PrometheusDown), 20'000);
    }

    void slowUnauthorisedLyingAndBack()
    {
        SystemClock clock;
        Fake manager;
        manager.alerts = '[' + Fake::alert("Down") + ']';
        AlertAcknowledgements acknowledgements(m_dir.filePath(u"none.jsonl"_s), clock);
        AlertFeedSettings settings = quick();
        settings.deadline = 300ms;
        AlertFeed feed(clock, acknowledgements, settings);
        feed.setManagers({{u"m"_s, at(manager.server.url())}});
        feed.start();
        const auto state = [&feed] { return feed.statuses().first().state; };
        const auto error = [&feed] { return feed.statuses().first().lastError; };
        QTRY_COMPARE(feed.alerts().size(), 1);
        manager.status = 401;
        QTRY_COMPARE(state(), SourceState::Down);
        QVERIFY(error().contains(u"401"_s));
        QVERIFY(feed.alerts().first().isStale && has(feed, Kind::NoManagerAnswers));
        manager.status = 200;
        QTRY_COMPARE(state(), SourceState::Live);
        QVERIFY(feed.problems().isEmpty() && !feed.alerts().first().isStale);
        manager.after = 2s;
        QTRY_COMPARE(state(), SourceState::Down);
        QVERIFY(error().contains(u"in time"_s));
        manager.after = 0ms;
        QTRY_COMPARE(state(), SourceState::Live);
        manager.alerts = "[{\"labels\":";
        QTRY_COMPARE(state(), SourceState::Down);
        QVERIFY(error().contains(u"unexpected"_s));
        QCOMPARE(feed.alerts().size(), 1);
        manager.alerts = "[]";
        QTRY_VERIFY(state() == SourceState::Live && feed.alerts().isEmpty());
        manager.server.goAway();
        QTRY_COMPARE(state(), SourceState::Down);
        QVERIFY(manager.server.comeBack());
        QTRY_COMPARE(state(), SourceState::Live);
    }

    void anAcknowledgementRunsOutAndReminds()
    {
        ManualClock clock(Timestamp::fromSeconds(1'700'000'000));
        Fake manager;
        manager.alerts = '[' + Fake::alert("Down") + ']';
        AlertAcknowledgements acknowledgements(m_dir.filePath(u"run.jsonl"_s), clock);
        QVERIFY(acknowledgements.open().has_value());
        AlertFeed feed(clock, acknowledgements, quick());
        feed.setManagers({{u"m"_s, at(manager.server.url())}});
        feed.start();
        QTRY_COMPARE(feed.alerts().size(), 1);
        const QSignalSpy expired(&feed, &AlertFeed::acknowledgementExpired);
        const QSignalSpy reminded(&feed, &AlertFeed::reminderDue);
        const AlertAcknowledgement mine{.fingerprint = u"f-Down"_s, .alert = {}, .owner = u"alice"_s, .note = {}, .at = {}, .until = clock.now() + 1h, .remindAt = clock.now() + 30min, .silences = {}};
        QVERIFY(QCoro::waitFor(feed.acknowledge(mine, false)).has_value());
        const AlertAcknowledgement other{.fingerprint = u"f-Other"_s, .alert = {}, .owner = u"alice"_s, .note = {}, .at = {}, .until = clock.now() + 1h, .remindAt = {}, .silences = {}};
        QCOMPARE(QCoro::waitFor(feed.acknowledge(other, false)).error().kind, ErrorKind::NotFound);
        QVERIFY(feed.acknowledgementOf(feed.alerts().first().alert).has_value());
        clock.advance(30min);
        QTRY_COMPARE(reminded.size(), 1);
        clock.advance(30min);
        QTRY_COMPARE(expired.size(), 1);
        QTest::qWait(300);
        QCOMPARE(reminded.size(), 1);
        QCOMPARE(expired.size(), 1);
        QVERIFY(!feed.acknowledgementOf(feed.alerts().first().alert));
    }

    void aFeedMayEndWhileItAsks()
    {
        SystemClock clock;
        Fake manager;
        manager.after = 200ms;
        AlertAcknowledgements acknowledgements(m_dir.filePath(u"none.jsonl"_s), clock);
        {
            AlertFeed feed(clock, acknowledgements, quick());
            feed.setManagers({{u"m"_s, at(manager.server.url())}});
            feed.setPrometheus(at(manager.server.url()));
            feed.start();
            QTRY_VERIFY(manager.server.pending > 0);
            feed.setManagers({{u"n"_s, at(manager.server.url())}});
            QTest::qWait(50);
        }
        QTest::qWait(400);
    }
};

QTEST_GUILESS_MAIN(TestAlertFeed)
#include "tst_alertfeed.moc"
