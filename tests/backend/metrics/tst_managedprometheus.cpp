#include "backend/metrics/managedprometheus.h"
#include "backend/metrics/prometheusclient.h"
#include "backend/types/strings.h"

#include <QCoroTask>
#include <QFile>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

/// A process with metrics: answers every GET with one gauge and one counter that grows.
class MetricsServer
{
public:
    MetricsServer()
    {
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            QTcpSocket *socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
                if (!socket->readAll().contains("\r\n\r\n"))
                    return;
                ++m_scrapes;
                const QByteArray body = "# TYPE relayer_intent_queue_depth gauge\nrelayer_intent_queue_depth{chain=\"ethereum\"} 14\n"
                                        "# TYPE relayer_intents_received_total counter\nrelayer_intents_received_total "
                    + QByteArray::number(m_scrapes * 3) + '\n';
                socket->write("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nConnection: close\r\nContent-Length: "
                              + QByteArray::number(body.size()) + "\r\n\r\n" + body);
                socket->disconnectFromHost();
            });
        });
        m_server.listen(QHostAddress::LocalHost);
    }
    QUrl url() const { return QUrl(u"http://127.0.0.1:%1/metrics"_s.arg(m_server.serverPort())); }

private:
    QTcpServer m_server;
    int m_scrapes = 0;
};

template<class T>
T wait(QCoro::Task<T> task)
{
    return QCoro::waitFor(std::move(task));
}

} // namespace

class TestManagedPrometheus final : public QObject
{
    Q_OBJECT

private slots:
    void theConfigurationNamesEveryTargetOnce()
    {
        const QByteArray yaml = prometheusConfiguration({{u"relayer"_s, {QUrl(u"http://127.0.0.1:9/metrics"_s), QUrl(u"http://127.0.0.1:10/metrics"_s),
                                                                        QUrl(u"https://relay.example.com/other"_s)}},
                                                         {u"etcd"_s, {QUrl(u"http://[::1]:2379/metrics"_s)}}},
                                                        5s);
        QCOMPARE(yaml.count("job_name"), 3);
        QVERIFY(yaml.contains("scrape_interval: 5000ms"));
        QVERIFY(yaml.contains("- \"127.0.0.1:9\"\n          - \"127.0.0.1:10\""));
        QVERIFY(yaml.contains("\"relay.example.com:443\"\n        labels: {job: \"relayer\"}"));
        QVERIFY(yaml.contains("\"[::1]:2379\""));
        const QByteArray hostile = prometheusConfiguration({{u"a\"\nb: c"_s, {QUrl(u"http://h:1/m"_s)}}}, 1s);
        QVERIFY(hostile.contains("job_name: \"a\\\"b: c\"")); // a name cannot leave its quotes
    }

    void theJobsComeFromTheProfile()
    {
        Environment environment;
        environment.relayers = {{u"relayer-1"_s, QUrl(u"http://127.0.0.1:9090/metrics"_s), {}}};
        environment.election = ElectionProfile{{QUrl(u"http://127.0.0.1:2379"_s)}, u"relayer-leader"_s};
        const auto jobs = scrapeJobs(environment);
        QCOMPARE(jobs.size(), 2);
        QCOMPARE(jobs[0], (ScrapeJob{u"relayer"_s, {QUrl(u"http://127.0.0.1:9090/metrics"_s)}}));
        QCOMPARE(jobs[1].targets.first(), QUrl(u"http://127.0.0.1:2379/metrics"_s));
    }

    void itScrapesAnswersAndEndsWithItsOwner()
    {
        MetricsServer metrics;
        const QTemporaryDir dir;
        SystemClock clock;
        HttpClient http;
        qint64 pid = 0;
        {
            ManagedPrometheusSettings settings;
            settings.folder = dir.filePath(u"prometheus"_s);
            settings.jobs = {{u"relayer"_s, {metrics.url()}}};
            settings.interval = 1s;
            ManagedPrometheus prometheus(settings, clock);
            const QSignalSpy ready(&prometheus, &ManagedPrometheus::ready);
            prometheus.start();
            QTRY_COMPARE_WITH_TIMEOUT(ready.size(), 1, 60'000);
            QCOMPARE(prometheus.status().state, SourceState::Live);
            QVERIFY(prometheus.url().port() > 0);
            pid = prometheus.processId();
            PrometheusClient client(http, prometheus.url());
            QVERIFY(wait(client.ready()).value());

            std::optional<double> depth;
            QTRY_VERIFY_WITH_TIMEOUT((depth = wait(client.query(u"relayer_intent_queue_depth{chain=\"ethereum\"}"_s)).value().value()).has_value(), 20'000);
            QCOMPARE(*depth, 14.0);

            const auto targets = wait(client.targets());
            QVERIFY(targets.has_value());
            QCOMPARE(targets->size(), 1);
            QVERIFY((*targets)[0].up);

            const Timestamp now = clock.now();
            const auto range = wait(client.queryRange(u"relayer_intents_received_total"_s, now - 60s, now, 1s));
            QVERIFY(range.has_value());
            QCOMPARE(range->type, PrometheusResult::Type::Matrix);
            QVERIFY(!range->series.isEmpty());

            const auto wrong = wait(client.query(u"sum(("_s));
            QVERIFY(!wrong.has_value());
            QCOMPARE(wrong.error().kind, ErrorKind::Invalid);
            QVERIFY2(wrong.error().message.contains(u"parse error"_s), qPrintable(wrong.error().message));

            const auto tooMany = wait(client.queryRange(u"up"_s, now - 24h, now, 1s));
            QVERIFY(!tooMany.has_value());
            QCOMPARE(tooMany.error().kind, ErrorKind::Invalid);
        }
        QVERIFY2(::kill(static_cast<pid_t>(pid), 0) != 0, "the child is gone");
    }

    void aChildThatIsKilledIsStartedAgain()
    {
        const QTemporaryDir dir;
        SystemClock clock;
        ManagedPrometheusSettings settings;
        settings.folder = dir.filePath(u"p"_s);
        ManagedPrometheus prometheus(settings, clock);
        const QSignalSpy ready(&prometheus, &ManagedPrometheus::ready);
        const QSignalSpy status(&prometheus, &ManagedPrometheus::statusChanged);
        prometheus.start();
        QTRY_COMPARE_WITH_TIMEOUT(ready.size(), 1, 60'000);
        QCOMPARE(::kill(static_cast<pid_t>(prometheus.processId()), SIGKILL), 0);
        QTRY_COMPARE_WITH_TIMEOUT(ready.size(), 2, 60'000);
        bool sawDown = false;
        for (const auto &change : status)
            sawDown = sawDown || change.first().value<SourceStatus>().state == SourceState::Down;
        QVERIFY(sawDown);
    }

    void withoutTheProgramItSaysWhatToInstall()
    {
        const QTemporaryDir dir;
        SystemClock clock;
        ManagedPrometheusSettings settings;
        settings.folder = dir.filePath(u"p"_s);
        settings.program = u"no-such-prometheus"_s;
        ManagedPrometheus prometheus(settings, clock);
        prometheus.start();
        QCOMPARE(prometheus.status().state, SourceState::Down);
        QVERIFY(prometheus.status().lastError.contains(u"Install Debian's package prometheus"_s));
        QVERIFY(prometheus.url().isEmpty());
    }

    void nobodyThereIsUnavailable()
    {
        HttpClient http;
        quint16 port = 0;
        {
            QTcpServer taken;
            QVERIFY(taken.listen(QHostAddress::LocalHost));
            port = taken.serverPort();
        }
        PrometheusClient client(http, QUrl(u"http://127.0.0.1:%1"_s.arg(port)));
        const auto result = wait(client.query(u"up"_s));
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().kind, ErrorKind::Unavailable);
    }
};

QTEST_GUILESS_MAIN(TestManagedPrometheus)
#include "tst_managedprometheus.moc"
