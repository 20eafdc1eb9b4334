#include "app/practice/participant/ledger.h"
#include "app/practice/participant/participantserver.h"

#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QTcpSocket>
#include <QTest>

using namespace countersign;

namespace {

struct Answer {
    int status = 0;
    QByteArray body;
    [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(body).object(); }
};

} // namespace

class TestControlApi : public QObject {
    Q_OBJECT

private slots:
    void init();

    void statusTellsLedgerAndFaults();
    void pauseResumeAndCutAreObeyed();
    void pruneIsObeyedOrExplained();
    void wrongRequestsAreRefused_data();
    void wrongRequestsAreRefused();
    void webPagesAreRefused();
    void metricsAreExposed();
    void stalledClientDoesNotStopTheOthers();
    void brokenRequestIsAnswered();

private:
    Answer ask(const QByteArray &method, const QString &target, const QByteArray &origin = {});
    [[nodiscard]] QString control() const { return u"http://127.0.0.1:%1"_s.arg(m_server->ports().control); }

    SystemClock m_clock;
    std::unique_ptr<ParticipantServer> m_server;
    QNetworkAccessManager m_http;
};

void TestControlApi::init()
{
    m_http.setProxy(QNetworkProxy::NoProxy);
    ParticipantOptions options;
    options.parties = {u"PolicyIssuer"_s, u"Relayer"_s};
    m_server = std::make_unique<ParticipantServer>(options, m_clock);
    QVERIFY(m_server->start());
}

Answer TestControlApi::ask(const QByteArray &method, const QString &target, const QByteArray &origin)
{
    QNetworkRequest request {QUrl(target)};
    request.setTransferTimeout(10'000);
    if (!origin.isEmpty()) {
        request.setRawHeader("Origin", origin);
    }
    const std::unique_ptr<QNetworkReply> reply(m_http.sendCustomRequest(request, method, QByteArray()));
    if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }, 15'000)) {
        return {};
    }
    return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll()};
}

void TestControlApi::statusTellsLedgerAndFaults()
{
    const Answer answer = ask("GET", control() + u"/status"_s);
    QCOMPARE(answer.status, 200);
    const QJsonObject status = answer.json();
    QCOMPARE(status.value(u"mode"_s).toString(), u"open"_s);
    QCOMPARE(status.value(u"ledgerEnd"_s).toInt(), 2);
    QCOMPARE(status.value(u"updates"_s).toInt(), 2);
    QCOMPARE(status.value(u"activeContracts"_s).toInt(), 0);
    QCOMPARE(status.value(u"parties"_s).toArray().size(), 2);
    QCOMPARE(status, m_server->state());
}

void TestControlApi::pauseResumeAndCutAreObeyed()
{
    QCOMPARE(ask("POST", control() + u"/pause"_s).json().value(u"mode"_s).toString(), u"hang"_s);
    QCOMPARE(ask("POST", control() + u"/pause?mode=refuse"_s).json().value(u"mode"_s).toString(), u"refuse"_s);
    QCOMPARE(ask("POST", control() + u"/pause?mode=hang"_s).json().value(u"mode"_s).toString(), u"hang"_s);
    QCOMPARE(ask("POST", control() + u"/resume"_s).json().value(u"mode"_s).toString(), u"open"_s);
    QCOMPARE(ask("POST", control() + u"/cut"_s).json().value(u"cuts"_s).toInt(), 1);
    QCOMPARE(ask("POST", control() + u"/cut"_s).json().value(u"cuts"_s).toInt(), 2);
}

void TestControlApi::pruneIsObeyedOrExplained()
{
    QCOMPARE(ask("POST", control() + u"/prune?offset=1"_s).json().value(u"prunedUpTo"_s).toInt(), 1);
    const Answer tooFar = ask("POST", control() + u"/prune?offset=2"_s);
    QCOMPARE(tooFar.status, 409);
    QVERIFY(tooFar.json().value(u"error"_s).toString().contains(u"ledger end"_s));
}

void TestControlApi::wrongRequestsAreRefused_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("target");
    QTest::addColumn<int>("status");
    QTest::newRow("unknown") << QByteArray("POST") << u"/explode"_s << 404;
    QTest::newRow("reading a command") << QByteArray("GET") << u"/cut"_s << 405;
    QTest::newRow("posting the status") << QByteArray("POST") << u"/status"_s << 405;
    QTest::newRow("unknown mode") << QByteArray("POST") << u"/pause?mode=gently"_s << 400;
    QTest::newRow("no offset") << QByteArray("POST") << u"/prune"_s << 400;
    QTest::newRow("odd offset") << QByteArray("POST") << u"/prune?offset=1.5"_s << 400;
}

void TestControlApi::wrongRequestsAreRefused()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QString, target);
    QFETCH(const int, status);
    const QJsonObject before = m_server->state();
    const Answer answer = ask(method, control() + target);
    QCOMPARE(answer.status, status);
    QVERIFY(!answer.json().value(u"error"_s).toString().isEmpty());
    QCOMPARE(m_server->state(), before);
}

void TestControlApi::webPagesAreRefused()
{
    QCOMPARE(ask("POST", control() + u"/cut"_s, "http://somewhere.example").status, 403);
    QCOMPARE(m_server->state().value(u"cuts"_s).toInt(), 0);
}

void TestControlApi::metricsAreExposed()
{
    const QString metrics = m_server->announcement().value(u"metrics"_s).toString();
    const Answer answer = ask("GET", metrics);
    QCOMPARE(answer.status, 200);
    for (const char *line : {"\ncanton_ledger_height 2\n", "\ncanton_updates_total 2\n", "\ncanton_active_contracts 0\n",
             "# TYPE canton_updates_total counter\n"}) {
        QVERIFY2(answer.body.contains(line), line);
    }
    QCOMPARE(ask("GET", metrics + u"s"_s).status, 404);
}

void TestControlApi::stalledClientDoesNotStopTheOthers()
{
    QTcpSocket stalled;
    stalled.setProxy(QNetworkProxy::NoProxy);
    stalled.connectToHost(u"127.0.0.1"_s, m_server->ports().control);
    QVERIFY(stalled.waitForConnected(5000));
    stalled.write("GET /status HTT");
    QVERIFY(stalled.waitForBytesWritten(5000));
    QCOMPARE(ask("GET", control() + u"/status"_s).status, 200);
}

void TestControlApi::brokenRequestIsAnswered()
{
    QTcpSocket broken;
    broken.setProxy(QNetworkProxy::NoProxy);
    broken.connectToHost(u"127.0.0.1"_s, m_server->ports().control);
    QVERIFY(broken.waitForConnected(5000));
    broken.write("nonsense\r\n\r\n");
    QTRY_VERIFY_WITH_TIMEOUT(broken.state() == QAbstractSocket::UnconnectedState, 5000);
    QVERIFY(broken.readAll().startsWith("HTTP/1.1 400 "));
}

QTEST_GUILESS_MAIN(TestControlApi)

#include "tst_controlapi.moc"
