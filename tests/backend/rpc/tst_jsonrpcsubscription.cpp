#include "backend/rpc/jsonrpcsubscription.h"

#include "backend/types/strings.h"
#include "tests/support/fakenode/fakehttpserver.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>
#include <QWebSocket>
#include <QWebSocketServer>

using namespace countersign;
using namespace countersign::test;
using namespace std::chrono_literals;

namespace {

using Mode = JsonRpcSubscription::Mode;

// A node's WebSocket port: accepts every subscription as "0x5".
class SocketNode final : public QObject {
public:
    SocketNode()
        : m_server(u"node"_s, QWebSocketServer::NonSecureMode)
    {
        m_server.listen(QHostAddress::LocalHost);
        m_port = m_server.serverPort();
        connect(&m_server, &QWebSocketServer::newConnection, this, [this] {
            QWebSocket *socket = m_server.nextPendingConnection();
            m_sockets.append(socket);
            connect(socket, &QWebSocket::textMessageReceived, this, [this, socket](const QString &text) {
                requests.append(QJsonDocument::fromJson(text.toUtf8()).object());
                const QJsonObject answer{
                    {u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, requests.last().value("id"_L1)}, {u"result"_s, u"0x5"_s}};
                socket->sendTextMessage(QString::fromUtf8(QJsonDocument(answer).toJson()));
            });
        });
    }
    ~SocketNode() override { drop(); }
    Q_DISABLE_COPY_MOVE(SocketNode)

    [[nodiscard]] QUrl url() const { return m_server.serverUrl(); }
    void notify(const QString &subscription, const QString &hash)
    {
        const QJsonObject params{{u"subscription"_s, subscription}, {u"result"_s, QJsonObject{{u"hash"_s, hash}}}};
        const QJsonObject message{
            {u"jsonrpc"_s, u"2.0"_s}, {u"method"_s, u"eth_subscription"_s}, {u"params"_s, params}};
        for (QWebSocket *socket : m_sockets)
            socket->sendTextMessage(QString::fromUtf8(QJsonDocument(message).toJson()));
    }
    void close()
    {
        m_server.close();
        drop();
    }
    bool reopen() { return m_server.listen(QHostAddress::LocalHost, m_port); }

    QList<QJsonObject> requests;

private:
    void drop()
    {
        for (QWebSocket *socket : m_sockets) {
            socket->abort();
            socket->deleteLater();
        }
        m_sockets.clear();
    }

    QWebSocketServer m_server;
    QList<QWebSocket *> m_sockets;
    quint16 m_port = 0;
};

// The same node over HTTP: one head, and one log a question.
FakeHttpReply answerOverHttp(const FakeHttpRequest &request, const QString &head)
{
    const QJsonObject call = QJsonDocument::fromJson(request.body).object();
    const QString method = call.value("method"_L1).toString();
    QJsonValue result;
    if (method == "eth_getBlockByNumber"_L1)
        result = QJsonObject{{u"hash"_s, head}};
    else if (method == "eth_newFilter"_L1)
        result = u"0xf"_s;
    else if (method == "eth_getFilterChanges"_L1)
        result = QJsonArray{QJsonObject{{u"hash"_s, u"log"_s}}};
    const QJsonObject answer{{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, call.value("id"_L1)}, {u"result"_s, result}};
    return {.status = 200,
        .contentType = "application/json",
        .body = QJsonDocument(answer).toJson(),
        .silent = false,
        .hangUp = false};
}

} // namespace

class TestJsonRpcSubscription final : public QObject {
    Q_OBJECT

    static JsonRpcSubscriptionSettings settingsFor(const QUrl &socket, const QString &name)
    {
        JsonRpcSubscriptionSettings settings;
        settings.webSocket = socket;
        settings.name = name;
        settings.pollInterval = 20ms;
        settings.backoff = {.initial = 30ms, .maximum = 100ms, .factor = 2.0, .jitter = 0.0};
        return settings;
    }

private slots:
    void notificationsOfItsOwnSubscriptionArrive()
    {
        SocketNode node;
        FakeHttpServer http([](const FakeHttpRequest &request) { return answerOverHttp(request, u"h"_s); });
        JsonRpcClient client(http.url());
        JsonRpcSubscriptionSettings settings = settingsFor(node.url(), u"logs"_s);
        settings.filter = QJsonObject{{u"address"_s, u"0x1"_s}};
        JsonRpcSubscription subscription(client, settings);
        const QSignalSpy notified(&subscription, &JsonRpcSubscription::notified);
        subscription.start();
        QTRY_COMPARE(subscription.mode(), Mode::Subscribed);
        QCOMPARE(node.requests.first().value("params"_L1).toArray(),
            (QJsonArray{u"logs"_s, QJsonObject{{u"address"_s, u"0x1"_s}}}));
        node.notify(u"0x4"_s, u"foreign"_s);
        node.notify(u"0x5"_s, u"ours"_s);
        QTRY_COMPARE(notified.size(), 1);
        QCOMPARE(notified.at(0).at(0).toJsonValue().toObject().value("hash"_L1).toString(), u"ours"_s);
        QVERIFY(http.requests().isEmpty());
    }

    void itPollsWhileTheSocketIsDownAndSubscribesAgain()
    {
        SocketNode node;
        QString head = u"h1"_s;
        FakeHttpServer http([&head](const FakeHttpRequest &request) { return answerOverHttp(request, head); });
        JsonRpcClient client(http.url());
        JsonRpcSubscription subscription(client, settingsFor(node.url(), u"newHeads"_s));
        const QSignalSpy notified(&subscription, &JsonRpcSubscription::notified);
        const QSignalSpy interrupted(&subscription, &JsonRpcSubscription::interrupted);
        subscription.start();
        QTRY_COMPARE(subscription.mode(), Mode::Subscribed);
        QCOMPARE(interrupted.size(), 0);
        node.close();
        QTRY_COMPARE(subscription.mode(), Mode::Polling);
        QCOMPARE(interrupted.size(), 1);
        QTRY_COMPARE(notified.size(), 1);
        QTest::qWait(100);
        QCOMPARE(notified.size(), 1); // the same head is told once
        head = u"h2"_s;
        QTRY_COMPARE(notified.size(), 2);
        QVERIFY(node.reopen());
        QTRY_COMPARE(subscription.mode(), Mode::Subscribed);
        QCOMPARE(interrupted.size(), 2);
    }

    void withoutASocketFiltersAreAsked()
    {
        FakeHttpServer http([](const FakeHttpRequest &request) { return answerOverHttp(request, u"h"_s); });
        JsonRpcClient client(http.url());
        JsonRpcSubscription subscription(client, settingsFor({}, u"logs"_s));
        const QSignalSpy notified(&subscription, &JsonRpcSubscription::notified);
        subscription.start();
        QTRY_VERIFY(notified.size() >= 2);
        QCOMPARE(subscription.mode(), Mode::Polling);
        subscription.stop();
        const qsizetype before = notified.size();
        QTest::qWait(100);
        QCOMPARE(notified.size(), before);
    }

    void whenNothingWorksItSaysSoAndGoesOn()
    {
        FakeHttpServer http([](const FakeHttpRequest &request) { return answerOverHttp(request, u"h"_s); });
        http.stop();
        JsonRpcClient client(http.url());
        JsonRpcSubscription subscription(client, settingsFor({}, u"newHeads"_s));
        const QSignalSpy failed(&subscription, &JsonRpcSubscription::failed);
        const QSignalSpy notified(&subscription, &JsonRpcSubscription::notified);
        subscription.start();
        QTRY_VERIFY(failed.size() >= 2);
        QVERIFY(http.resume());
        QTRY_COMPARE(notified.size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestJsonRpcSubscription)
#include "tst_jsonrpcsubscription.moc"
