#include "backend/relayer/electionreader.h"

#include "backend/rpc/httpclient.h"
#include "backend/types/strings.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

// A real etcd in a folder of its own, ended with the test.
class Etcd final {
public:
    Etcd()
        : m_client(u"http://127.0.0.1:%1"_s.arg(freePort()))
        , m_peer(u"http://127.0.0.1:%1"_s.arg(freePort()))
    {
    }
    ~Etcd() { stop(); }
    Q_DISABLE_COPY_MOVE(Etcd)

    bool start()
    {
        m_process.setStandardErrorFile(m_folder.filePath(u"log"_s));
        m_process.start(u"etcd"_s,
            {u"--data-dir"_s, m_folder.filePath(u"data"_s), u"--listen-client-urls"_s, m_client,
                u"--advertise-client-urls"_s, m_client, u"--listen-peer-urls"_s, m_peer,
                u"--initial-advertise-peer-urls"_s, m_peer, u"--initial-cluster"_s, u"default="_s + m_peer,
                u"--unsafe-no-fsync"_s});
        if (!m_process.waitForStarted())
            return false;
        for (int i = 0; i < 200; ++i) {
            if (ask(u"/v3/kv/range"_s, {{u"key"_s, u"AA=="_s}}))
                return true;
            QTest::qWait(50);
        }
        return false;
    }

    void stop()
    {
        if (m_process.state() == QProcess::NotRunning)
            return;
        m_process.kill();
        m_process.waitForFinished();
    }

    void freeze() { ::kill(static_cast<pid_t>(m_process.processId()), SIGSTOP); }
    void thaw() { ::kill(static_cast<pid_t>(m_process.processId()), SIGCONT); }

    [[nodiscard]] QUrl url() const { return QUrl(m_client); }

    std::optional<QJsonObject> ask(const QString &path, const QJsonObject &body)
    {
        QUrl url(m_client);
        url.setPath(path);
        const auto reply = m_http.post(url, QJsonDocument(body).toJson(), "application/json");
        for (int i = 0; i < 500 && !reply.isFinished(); ++i)
            QTest::qWait(10);
        if (!reply.isFinished() || !reply.result() || !reply.result()->isSuccess())
            return std::nullopt;
        return QJsonDocument::fromJson(reply.result()->body).object();
    }

    // Campaigns as etcd's concurrency library does: a key named by its lease. Answers the lease, empty on failure.
    QString campaign(const QString &election, const QString &relayer, int ttl = 60)
    {
        const auto lease = ask(u"/v3/lease/grant"_s, {{u"TTL"_s, QString::number(ttl)}});
        if (!lease)
            return {};
        const QString id = lease->value("ID"_L1).toString();
        const QByteArray key = election.toUtf8() + '/' + QByteArray::number(id.toLongLong(), 16);
        const bool put = ask(u"/v3/kv/put"_s,
            {{u"key"_s, QString::fromLatin1(key.toBase64())},
                {u"value"_s, QString::fromLatin1(relayer.toUtf8().toBase64())},
                {u"lease"_s,
                    id}}).has_value();
        return put ? id : QString();
    }

    bool revoke(const QString &lease) { return ask(u"/v3/lease/revoke"_s, {{u"ID"_s, lease}}).has_value(); }

private:
    QTemporaryDir m_folder;
    QString m_client;
    QString m_peer;
    QProcess m_process;
    HttpClient m_http;
};

ElectionSettings settingsFor(const Etcd &etcd)
{
    ElectionSettings settings;
    settings.access.endpoints = {etcd.url()};
    settings.name = u"relayer-leader"_s;
    settings.backoff = {.initial = 50ms, .maximum = 200ms, .factor = 2.0, .jitter = 0.0};
    settings.leaseInterval = 100ms;
    return settings;
}

} // namespace

class TestElectionReader final : public QObject {
    Q_OBJECT

private slots:
    void candidatesStandInTheOrderOfSuccessionWithTheirLeases()
    {
        Etcd etcd;
        QVERIFY(etcd.start());
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-2"_s, 60).isEmpty());
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-1"_s, 90).isEmpty());
        QVERIFY(!etcd.campaign(u"relayer-leader0"_s, u"another election"_s).isEmpty());
        SystemClock clock;
        ElectionReader reader(settingsFor(etcd), clock);
        reader.start();
        QTRY_COMPARE(reader.state().candidates.size(), 2);
        QCOMPARE(reader.state().leader(), u"relayer-2"_s);
        QCOMPARE(reader.state().candidates[1].relayer, u"relayer-1"_s);
        QTRY_VERIFY(reader.state().candidates[1].leaseLeft.has_value());
        QCOMPARE(reader.state().candidates[1].leaseGranted, std::optional(90s));
        QVERIFY(*reader.state().candidates[1].leaseLeft > 60s);
        QCOMPARE(reader.status().state, SourceState::Live);
    }

    void aLeaderThatGoesIsFollowedByTheNext()
    {
        Etcd etcd;
        QVERIFY(etcd.start());
        const QString first = etcd.campaign(u"relayer-leader"_s, u"relayer-1"_s);
        SystemClock clock;
        ElectionReader reader(settingsFor(etcd), clock);
        reader.start();
        QTRY_COMPARE(reader.state().leader(), u"relayer-1"_s);
        const QSignalSpy leaders(&reader, &ElectionReader::leaderChanged);
        const QString second = etcd.campaign(u"relayer-leader"_s, u"relayer-2"_s);
        QTRY_COMPARE(reader.state().candidates.size(), 2);
        QCOMPARE(leaders.size(), 0);
        QVERIFY(etcd.revoke(first));
        QTRY_COMPARE(reader.state().leader(), u"relayer-2"_s);
        QVERIFY(etcd.revoke(second));
        QTRY_VERIFY(reader.state().candidates.isEmpty());
        QCOMPARE(leaders.size(), 2);
        QCOMPARE(leaders.at(1).at(0).toString(), QString());
        const QVector<LeadershipTerm> history = reader.state().history;
        QCOMPARE(history.size(), 2);
        QCOMPARE(history[0].relayer, u"relayer-2"_s);
        QVERIFY(history[0].until.has_value());
        QCOMPARE(history[1].relayer, u"relayer-1"_s);
        QVERIFY(history[1].createRevision < history[0].createRevision);
    }

    void relayersThatDisagreeWithEtcdAreSaid()
    {
        QCOMPARE(splitBrainOf(u"a"_s, {{u"a"_s, true}, {u"b"_s, false}}), QString());
        QCOMPARE(splitBrainOf({}, {}), QString());
        QCOMPARE(splitBrainOf(u"a"_s, {}), QString()); // nobody says anything
        QVERIFY(splitBrainOf(u"a"_s, {{u"a"_s, true}, {u"b"_s, true}}).contains(u"a, b"_s));
        QVERIFY(!splitBrainOf(u"a"_s, {{u"b"_s, true}}).isEmpty());
        QVERIFY(!splitBrainOf({}, {{u"b"_s, true}}).isEmpty());
        QVERIFY(!splitBrainOf(u"a"_s, {{u"a"_s, false}}).isEmpty());

        Etcd etcd;
        QVERIFY(etcd.start());
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-1"_s).isEmpty());
        SystemClock clock;
        ElectionReader reader(settingsFor(etcd), clock);
        reader.start();
        QTRY_COMPARE(reader.state().leader(), u"relayer-1"_s);
        reader.setClaim(u"relayer-2"_s, true);
        QVERIFY(reader.state().splitBrain.contains(u"relayer-2"_s));
        reader.setClaim(u"relayer-2"_s, std::nullopt);
        QVERIFY(reader.state().splitBrain.isEmpty());
    }

    void anEtcdThatIsGoneIsDownAndComesBack()
    {
        Etcd etcd;
        QVERIFY(etcd.start());
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-1"_s).isEmpty());
        SystemClock clock;
        ElectionReader reader(settingsFor(etcd), clock);
        reader.start();
        QTRY_COMPARE(reader.state().leader(), u"relayer-1"_s);
        etcd.stop();
        QTRY_COMPARE(reader.status().state, SourceState::Down);
        QVERIFY(reader.status().nextAttempt.has_value());
        QCOMPARE(reader.state().leader(), u"relayer-1"_s); // the last good state stays
        QVERIFY(etcd.start());
        QTRY_COMPARE_WITH_TIMEOUT(reader.status().state, SourceState::Live, 20'000);
        QCOMPARE(reader.state().leader(), u"relayer-1"_s);
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-2"_s).isEmpty());
        QTRY_COMPARE(reader.state().candidates.size(), 2);
    }

    void anEtcdThatFallsSilentIsDown()
    {
        Etcd etcd;
        QVERIFY(etcd.start());
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-1"_s).isEmpty());
        SystemClock clock;
        ElectionReader reader(settingsFor(etcd), clock);
        reader.start();
        QTRY_COMPARE(reader.state().leader(), u"relayer-1"_s);
        etcd.freeze();
        QTRY_COMPARE_WITH_TIMEOUT(reader.status().state, SourceState::Down, 20'000);
        etcd.thaw();
        QTRY_COMPARE_WITH_TIMEOUT(reader.status().state, SourceState::Live, 20'000);
    }

    void theNextEndpointIsAskedWhenOneFails()
    {
        Etcd etcd;
        QVERIFY(etcd.start());
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-1"_s).isEmpty());
        SystemClock clock;
        ElectionSettings settings = settingsFor(etcd);
        settings.access.endpoints.prepend(QUrl(u"http://127.0.0.1:%1"_s.arg(freePort())));
        ElectionReader reader(settings, clock);
        reader.start();
        QTRY_COMPARE(reader.state().leader(), u"relayer-1"_s);
    }
};

QTEST_GUILESS_MAIN(TestElectionReader)
#include "tst_electionreader.moc"
