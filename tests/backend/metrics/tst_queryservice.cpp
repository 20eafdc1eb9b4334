#include "backend/metrics/managedprometheus.h"
#include "backend/metrics/queryservice.h"
#include "backend/types/strings.h"
#include "tests/backend/metrics/fakehttp.h"

#include <QCoroTask>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

constexpr auto step = 15s;

/// One series whose value at each step is the number of the question: which answer a point comes from can be told.
FakeAnswer numbered(const FakeRequest &request, qsizetype number)
{
    if (request.url.path() != u"/api/v1/query_range"_s)
        return {.status = 200,
            .body = "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"" + QByteArray::number(number) + "\"]}}"};
    QByteArray values;
    const qint64 every = qRound64(request.field(u"step"_s).toDouble());
    for (qint64 at = qRound64(request.field(u"start"_s).toDouble()); at <= qRound64(request.field(u"end"_s).toDouble()); at += every)
        values += (values.isEmpty() ? "[" : ",[") + QByteArray::number(at) + ",\"" + QByteArray::number(number) + "\"]";
    return {.status = 200,
        .body = "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"a\":\"b\"},\"values\":[" + values + "]}]}}"};
}

} // namespace

class TestQueryService final : public QObject
{
    Q_OBJECT

    struct Setup {
        ManualClock clock;
        FakeHttp server;
        QueryService service;
        explicit Setup(QueryServiceSettings settings = {})
            : server([this](const FakeRequest &request) { return numbered(request, server.requests.size()); })
            , service(clock, settings)
        {
            service.setServer(access());
        }
        HttpAccess access() const { return {.base = server.url(), .headers = {}, .username = {}, .secret = {}, .tls = {}}; }
        QueryRequest lastHour(const QString &expression = u"up"_s) const
        {
            return QueryRequest::range(expression, clock.now() - 1h, clock.now(), step);
        }
    };

private slots:
    void panelsThatAskTheSameAskOnce()
    {
        Setup s;
        std::vector<std::unique_ptr<QuerySubscription>> panels;
        for (int i = 0; i < 10; ++i)
            panels.push_back(s.service.subscribe(s.lastHour()));
        QVERIFY(panels[9]->isLoading());
        QTRY_VERIFY(panels[9]->result());
        QCOMPARE(s.server.requests.size(), 1);
        QCOMPARE(panels[0]->result(), panels[9]->result());
        QCOMPARE(panels[0]->result()->series[0].samples.size(), 241);
        QCOMPARE(panels[0]->asOf(), std::optional(s.clock.now()));
        const auto late = s.service.subscribe(s.lastHour());
        QVERIFY(late->result() && !late->isLoading()); // at once
        QCOMPARE(s.server.requests.size(), 1);
    }

    void onlyTheLiveEdgeIsAskedAgain()
    {
        Setup s;
        const auto panel = s.service.subscribe(s.lastHour());
        QTRY_VERIFY(panel->result());
        const auto first = panel->result();
        s.clock.advance(30s);
        QSignalSpy changed(panel.get(), &QuerySubscription::changed);
        panel->ask(s.lastHour());
        QVERIFY(panel->isLoading());
        QCOMPARE(panel->result(), first); // until there is something better
        QTRY_VERIFY(!panel->isLoading());
        QCOMPARE(s.server.requests.size(), 2);
        const double from = s.server.requests[1].field(u"start"_s).toDouble();
        const double settled = static_cast<double>((s.clock.now() - 30s - 120s).millis()) / 1000;
        QVERIFY(from > settled && from <= settled + 15);
        const auto &samples = panel->result()->series[0].samples;
        QCOMPARE(samples.size(), 241);
        QCOMPARE(samples.first().value, 1.0);
        QCOMPARE(samples.last().value, 2.0);
        QVERIFY(changed.size() >= 2);
    }

    void whatIsSettledIsNotAskedAgainAndAnOlderPartIsAskedAlone()
    {
        Setup s;
        const Timestamp end = s.clock.now() - 1h;
        const auto panel = s.service.subscribe(QueryRequest::range(u"up"_s, end - 1h, end, step));
        QTRY_VERIFY(panel->result());
        s.clock.advance(5min);
        panel->refresh();
        QVERIFY(!panel->isLoading());
        QCOMPARE(s.server.requests.size(), 1);
        panel->ask(QueryRequest::range(u"up"_s, end - 2h, end, step));
        QTRY_VERIFY(!panel->isLoading());
        QCOMPARE(s.server.requests.size(), 2);
        QVERIFY(s.server.requests[1].field(u"end"_s).toDouble() < static_cast<double>((end - 1h).millis()) / 1000);
        QCOMPARE(panel->result()->series[0].samples.size(), 481);
    }

    void lastWeekBesideTodayIsAskedOnce()
    {
        Setup s;
        const Timestamp then = s.clock.now() - 7 * 24h;
        const auto today = s.service.subscribe(s.lastHour());
        const auto ghost = s.service.subscribe(QueryRequest::range(u"up"_s, then - 1h, then, step));
        QTRY_VERIFY(today->result() && ghost->result());
        for (int i = 0; i < 3; ++i) {
            s.clock.advance(15s);
            today->ask(s.lastHour());
            ghost->refresh();
            QTRY_VERIFY(!today->isLoading() && !ghost->isLoading());
        }
        QTest::qWait(50);
        QCOMPARE(s.server.requests.size(), 5); // two whole ones and three edges
        today->ask(ghost->request()); // and over there, nothing is missing
        QVERIFY(!today->isLoading());
        QCOMPARE(today->result(), ghost->result());
        today->ask(s.lastHour());
        QTRY_VERIFY(!today->isLoading());
        QVERIFY(s.server.requests.size() <= 6);
    }

    void anInstantQuestionIsSharedAndAskedAgainWhenItIsRefreshed()
    {
        Setup s;
        const auto one = s.service.subscribe(QueryRequest::instant(u"up"_s));
        const auto two = s.service.subscribe(QueryRequest::instant(u"up"_s));
        QTRY_VERIFY(one->result() && two->result());
        QCOMPARE(s.server.requests.size(), 1);
        s.clock.advance(5s);
        one->refresh();
        QTRY_COMPARE(one->result()->value(), std::optional(2.0));
        QCOMPARE(two->result(), one->result());
    }

    void whatNobodyWantsAnyMoreIsCancelled()
    {
        Setup s;
        s.server.answerWith([&](const FakeRequest &request) {
            FakeAnswer answer = numbered(request, 1);
            answer.after = 500ms;
            return answer;
        });
        auto one = s.service.subscribe(s.lastHour());
        auto two = s.service.subscribe(s.lastHour());
        QTRY_COMPARE(s.server.pending, 1);
        one->setWanted(false);
        QCOMPARE(s.service.inFlight(), 1); // the other one still wants it
        two.reset();
        QCOMPARE(s.service.inFlight(), 0);
        QTRY_COMPARE(s.server.leftEarly, 1);
        QVERIFY(!one->result());
        one->setWanted(true);
        QTRY_VERIFY(one->result());
        QCOMPARE(s.server.requests.size(), 2);
    }

    void noMoreThanSixAreAskedAtATime()
    {
        Setup s;
        s.server.answerWith([&](const FakeRequest &request) {
            FakeAnswer answer = numbered(request, 1);
            answer.after = 20ms;
            return answer;
        });
        std::vector<std::unique_ptr<QuerySubscription>> panels;
        for (int i = 0; i < 30; ++i)
            panels.push_back(s.service.subscribe(s.lastHour(u"up + %1"_s.arg(i))));
        QCOMPARE(s.service.inFlight(), 6);
        for (const auto &panel : panels)
            QTRY_VERIFY(panel->result());
        QVERIFY(s.server.mostPending <= 6);
        QCOMPARE(s.server.requests.size(), 30);
        QCOMPARE(s.service.inFlight(), 0);
    }

    void aServerThatDiesLeavesTheLastGoodResultAndIsFoundAgain()
    {
        Setup s;
        const auto panel = s.service.subscribe(s.lastHour());
        QTRY_VERIFY(panel->result());
        const auto good = panel->result();
        const auto asked = panel->asOf();
        s.server.goAway();
        s.clock.advance(1min);
        panel->ask(s.lastHour());
        QTRY_VERIFY(panel->isStale());
        QCOMPARE(panel->error()->kind, ErrorKind::Unavailable);
        QCOMPARE(panel->result(), good);
        QCOMPARE(panel->asOf(), asked);
        QVERIFY(s.server.comeBack());
        QTRY_VERIFY_WITH_TIMEOUT(!panel->isStale(), 10'000); // without being asked
        QVERIFY(panel->asOf() > asked);
    }

    void aMistakeIsNotAskedAgainByItselfAndASecretHelpsAgainst401()
    {
        Setup s;
        s.server.answerWith([&](const FakeRequest &request) {
            if (request.headers.value("authorization") != "Bearer key")
                return FakeAnswer{.status = 401, .body = "Unauthorized"};
            return numbered(request, 1);
        });
        const auto panel = s.service.subscribe(s.lastHour());
        QTRY_VERIFY(panel->error());
        QCOMPARE(panel->error()->kind, ErrorKind::Unauthenticated);
        QTest::qWait(1600); // longer than the first pause
        QCOMPARE(s.server.requests.size(), 1);
        HttpAccess access = s.access();
        access.secret = "key";
        s.service.setServer(access);
        QTRY_VERIFY(panel->result() && !panel->error());
    }

    void whatLiesIsAnErrorAndOverwritesNothing()
    {
        Setup s;
        const auto panel = s.service.subscribe(s.lastHour());
        QTRY_VERIFY(panel->result());
        s.server.answerWith([](const FakeRequest &) { return FakeAnswer{.status = 200, .body = "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{]}}"}; });
        s.clock.advance(1min);
        panel->ask(s.lastHour());
        QTRY_VERIFY(panel->error());
        QCOMPARE(panel->error()->kind, ErrorKind::Corrupt);
        QCOMPARE(panel->result()->series[0].samples.size(), 241);
    }

    void theCacheHasAnEnd()
    {
        Setup s({.cacheBytes = 20'000, .mostInFlight = 6, .deadline = 30s, .settleTime = 120s, .freshness = 250ms, .limits = {}});
        for (int i = 0; i < 20; ++i) {
            const auto panel = s.service.subscribe(s.lastHour(u"up + %1"_s.arg(i)));
            QTRY_VERIFY(panel->result());
        }
        QVERIFY(s.service.cachedBytes() <= 20'000);
        const auto last = s.service.subscribe(s.lastHour(u"up + 19"_s));
        QVERIFY(last->result());
        QCOMPARE(s.server.requests.size(), 20);
        const auto first = s.service.subscribe(s.lastHour(u"up + 0"_s));
        QVERIFY(!first->result());
        QTRY_VERIFY(first->result());
    }

    void anAnswerThatDependsOnItsEndsIsAskedWhole()
    {
        Setup s;
        const auto panel = s.service.subscribe(s.lastHour(u"up @ end()"_s));
        QTRY_VERIFY(panel->result());
        s.clock.advance(step);
        panel->ask(s.lastHour(u"up @ end()"_s));
        QTRY_VERIFY(!panel->isLoading());
        QCOMPARE(panel->result()->series[0].samples.first().value, 2.0);
    }

    void aRangeThatEndsBeforeItBeginsAndTooManyStepsAreSaid()
    {
        Setup s;
        const auto backwards = s.service.subscribe(QueryRequest::range(u"up"_s, s.clock.now(), s.clock.now() - 1h, step));
        QCOMPARE(backwards->error()->kind, ErrorKind::Invalid);
        const auto fine = s.service.subscribe(QueryRequest::range(u"up"_s, s.clock.now() - 24h, s.clock.now(), 1s));
        QTRY_VERIFY(fine->error());
        QCOMPARE(fine->error()->kind, ErrorKind::Invalid);
        QVERIFY(s.server.requests.isEmpty());
    }

    void aSubscriptionMayOutliveItsService()
    {
        auto s = std::make_unique<Setup>();
        const auto panel = s->service.subscribe(s->lastHour());
        const auto other = s->service.subscribe(s->lastHour(u"other"_s));
        QTRY_VERIFY(panel->result() && other->result());
        s->clock.advance(1min);
        panel->ask(s->lastHour());
        s.reset();
        panel->refresh();
        panel->setWanted(false);
        QVERIFY(panel->result());
    }

    void whatIsPutTogetherIsWhatPrometheusAnswers()
    {
        const QTemporaryDir dir;
        SystemClock system;
        ManualClock clock(Timestamp::fromSeconds(system.now().millis() / 1000 - 600));
        QByteArray text("# TYPE intents_total counter\n");
        for (const char *relayer : {"relayer-1", "relayer-2"}) {
            double value = 0;
            for (int i = -300; i <= 30; ++i)
                text += "intents_total{relayer=\"" + QByteArray(relayer) + "\"} " + QByteArray::number(value += (i * 7919) % 13 < 0 ? 1 : (i * 7919) % 13) + ' '
                    + QByteArray::number(clock.now().millis() / 1000 + i * 15) + '\n';
        }
        QVERIFY(QDir().mkpath(dir.filePath(u"p/data"_s)));
        QFile file(dir.filePath(u"in.om"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text + "# EOF\n") > 0);
        file.close();
        QCOMPARE(QProcess::execute(u"promtool"_s, {u"tsdb"_s, u"create-blocks-from"_s, u"openmetrics"_s, u"-q"_s, file.fileName(), dir.filePath(u"p/data"_s)}), 0);
        ManagedPrometheusSettings settings;
        settings.folder = dir.filePath(u"p"_s);
        ManagedPrometheus prometheus(settings, system);
        prometheus.start();
        QTRY_VERIFY_WITH_TIMEOUT(!prometheus.url().isEmpty(), 60'000);

        HttpClient http;
        PrometheusClient direct(http, prometheus.url());
        QueryService service(clock);
        const QString expression = u"rate(intents_total[2m])"_s;
        const auto window = [&] { return QueryRequest::range(expression, clock.now() - 30min, clock.now(), step); };
        const auto panel = service.subscribe(window()); // before there is a server
        QVERIFY(panel->isLoading());
        service.setServer({.base = prometheus.url(), .headers = {}, .username = {}, .secret = {}, .tls = {}});
        QTRY_VERIFY(panel->result());
        for (int i = 0; i < 8; ++i) {
            clock.advance(45s);
            panel->ask(window());
            QTRY_VERIFY(!panel->isLoading());
            QVERIFY(!panel->error());
            const QueryWindow on = windowOf(window());
            const auto whole = QCoro::waitFor(direct.queryRange(expression, Timestamp::fromSeconds(on.first * 15), Timestamp::fromSeconds(on.last * 15), step));
            QCOMPARE(panel->result()->series.size(), 2);
            for (qsizetype series = 0; series < 2; ++series) {
                QCOMPARE(panel->result()->series[series].labels, whole->series[series].labels);
                QCOMPARE(panel->result()->series[series].samples, whole->series[series].samples);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestQueryService)
#include "tst_queryservice.moc"
