#include "backend/metrics/managedalertmanager.h"
#include "backend/metrics/managedprometheus.h"
#include "backend/metrics/prometheusclient.h"
#include "backend/types/strings.h"
#include "tests/backend/metrics/fakehttp.h"

#include <QCoroTask>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
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

        environment.participants.append(ParticipantSettings());
        environment.participants[0].metrics = QUrl(u"http://canton:5021/metrics"_s);
        environment.chains.append(ChainSettings());
        environment.chains[0].metrics = QUrl(u"http://geth:6060/debug/metrics/prometheus"_s);
        const auto all = scrapeJobs(environment);
        QCOMPARE(all[2], (ScrapeJob{u"canton-domain"_s, {QUrl(u"http://canton:5021/metrics"_s)}}));
        QCOMPARE(all[3], (ScrapeJob{u"ethereum-node"_s, {QUrl(u"http://geth:6060/debug/metrics/prometheus"_s)}}));
    }

    void theConfigurationIsOneThatPrometheusTakes()
    {
        const QTemporaryDir dir;
        const PrometheusAlerting alerting{.ruleFiles = {writeFile(dir.filePath(u"r.yml"_s), "groups: []\n")},
            .managersFile = writeFile(dir.filePath(u"managers.json"_s),
                alertmanagerTargets({QUrl(u"http://127.0.0.1:9093"_s), QUrl(u"https://alerts.example.com/prefix/"_s)}))};
        const QString file = writeFile(dir.filePath(u"prometheus.yml"_s),
            prometheusConfiguration({{u"relayer"_s, {QUrl(u"http://127.0.0.1:9/metrics"_s)}}}, 5s, alerting));
        QVERIFY2(promtool({u"check"_s, u"config"_s, file}), qPrintable(m_said));
    }

    void theRulesThatComeWithTheConsoleAreGood()
    {
        const QDir folder(QStringLiteral(COUNTERSIGN_RESOURCES "/alerts"));
        const QStringList names = folder.entryList({u"*.yml"_s});
        QVERIFY(names.size() >= 2);
        for (const QString &name : names)
            QVERIFY2(promtool({u"check"_s, u"rules"_s, folder.filePath(name)}), qPrintable(m_said));
    }

    void anAlertOfItsRulesArrivesAtTheAlertmanagerBesideIt()
    {
        const QTemporaryDir dir;
        SystemClock clock;
        HttpClient http;
        ManagedAlertmanager manager({.folder = dir.filePath(u"a"_s)}, clock);
        ManagedPrometheusSettings settings;
        settings.folder = dir.filePath(u"p"_s);
        settings.interval = 1s;
        settings.rules = {{u"w.yml"_s, "groups: [{name: g, rules: [{alert: Watchdog, expr: vector(1)}]}]\n"}};
        ManagedPrometheus prometheus(settings, clock);
        prometheus.start();
        manager.start();
        QTRY_VERIFY_WITH_TIMEOUT(!prometheus.url().isEmpty() && !manager.url().isEmpty(), 60'000);
        QCOMPARE(manager.status().kind, SourceKind::Alertmanager);
        QCOMPARE(manager.status().state, SourceState::Live);
        QVERIFY(prometheus.setAlertmanagers({manager.url()}).has_value());
        PrometheusClient client(http, prometheus.url());
        QTRY_VERIFY_WITH_TIMEOUT(!wait(client.alerts())->isEmpty(), 30'000);
        QTRY_COMPARE_WITH_TIMEOUT(wait(client.alertmanagers())->active.size(), 1, 30'000);
        const auto arrived = [&] {
            auto asked = http.get(manager.url().resolved(QUrl(u"/api/v2/alerts"_s)));
            while (!asked.isFinished())
                QTest::qWait(5);
            const Result<HttpReply> reply = asked.takeResult();
            return reply && reply->body.contains("Watchdog");
        };
        QTRY_VERIFY_WITH_TIMEOUT(arrived(), 60'000);

        // killed, it comes back at another port and is told again
        const QUrl before = manager.url();
        connect(&manager, &ManagedAlertmanager::ready, &manager, [&](const QUrl &url) { QVERIFY(prometheus.setAlertmanagers({url}).has_value()); });
        QCOMPARE(::kill(static_cast<pid_t>(manager.processId()), SIGKILL), 0);
        QTRY_VERIFY_WITH_TIMEOUT(!manager.url().isEmpty() && manager.url() != before, 60'000);
    }

    void nativeHistogramsAreScrapedAndAnswered()
    {
        // One MetricFamily of the protobuf exposition (io.prometheus.client, metrics.proto), with its length before it.
        const auto field = [](int number, const QByteArray &bytes) { return QByteArray(1, static_cast<char>(number << 3 | 2)) + static_cast<char>(bytes.size()) + bytes; };
        const auto number = [](int at, int value) { return QByteArray(1, static_cast<char>(at << 3)) + static_cast<char>(value); };
        const QByteArray five = QByteArray::fromHex("1100000000000014 40"); // sample_sum = 5.0
        const QByteArray histogram = number(1, 3) + five + number(5, 0) + field(12, number(1, 0) + number(2, 2)) + field(13, QByteArray("\x02\x02", 2));
        const QByteArray family = field(1, "latency_seconds") + number(3, 4) + field(4, field(7, histogram));
        FakeHttp target([body = QByteArray(1, static_cast<char>(family.size())) + family](const FakeRequest &) {
            return FakeAnswer{.status = 200, .body = body, .type = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"};
        });
        const QTemporaryDir dir;
        SystemClock clock;
        HttpClient http;
        ManagedPrometheusSettings settings;
        settings.folder = dir.filePath(u"p"_s);
        settings.interval = 1s;
        settings.jobs = {{u"node"_s, {target.url(u"/metrics"_s)}}};
        ManagedPrometheus prometheus(settings, clock);
        prometheus.start();
        QTRY_VERIFY_WITH_TIMEOUT(!prometheus.url().isEmpty(), 60'000);
        PrometheusClient client(http, prometheus.url());
        QTRY_VERIFY_WITH_TIMEOUT(!wait(client.query(u"latency_seconds"_s))->series.isEmpty(), 30'000);
        const auto read = wait(client.query(u"latency_seconds"_s));
        QCOMPARE(read->series[0].histograms.size(), 1);
        const PrometheusHistogram &one = read->series[0].histograms[0];
        QCOMPARE(one.count, 3.0);
        QCOMPARE(one.sum, 5.0);
        QCOMPARE(one.buckets, (QVector<HistogramBucket>{{HistogramBucket::Bounds::OpenLower, 0.5, 1, 1}, {HistogramBucket::Bounds::OpenLower, 1, 2, 2}}));
        const Timestamp now = clock.now();
        QVERIFY(!wait(client.queryRange(u"latency_seconds"_s, now - 30s, now, 1s))->series[0].histograms.isEmpty());
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

private:
    static QString writeFile(const QString &path, const QByteArray &content)
    {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("%s cannot be written", qPrintable(path));
        return path;
    }
    bool promtool(const QStringList &arguments)
    {
        QProcess process;
        process.start(u"promtool"_s, arguments);
        const bool ended = process.waitForFinished();
        m_said = QString::fromUtf8(process.readAllStandardError() + process.readAllStandardOutput());
        return ended && process.exitCode() == 0;
    }
    QString m_said;
};

QTEST_GUILESS_MAIN(TestManagedPrometheus)
#include "tst_managedprometheus.moc"
