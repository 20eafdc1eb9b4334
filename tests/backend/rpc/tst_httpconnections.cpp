// What happens to the connections under the client: servers here say byte by byte what they send and when they close.
#include "backend/rpc/httpclient.h"

#include "backend/types/strings.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

// RFC 1952, around the deflate stream that Qt makes.
QByteArray gzip(const QByteArray &plain)
{
    const QByteArray zlib = qCompress(plain, 9).mid(4); // without Qt's length; two bytes of head and four of Adler-32 around the stream
    quint32 crc = 0xffffffff;
    for (const char c : plain) {
        crc ^= static_cast<quint8>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
    }
    crc = ~crc;
    QByteArray out("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10);
    out += zlib.mid(2, zlib.size() - 6);
    for (const quint32 word : {crc, static_cast<quint32>(plain.size())}) {
        for (int shift = 0; shift < 32; shift += 8)
            out += static_cast<char>(word >> shift);
    }
    return out;
}

QByteArray answer(const QByteArray &body, const QByteArray &headers = {})
{
    return "HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + headers + "\r\n" + body;
}

/// Whole requests go to a functor that does with the socket what it likes.
class Server final : public QTcpServer {
public:
    using Handler = std::function<void(QTcpSocket &, const QByteArray &)>;

    explicit Server(Handler handler)
        : m_handler(std::move(handler))
    {
        if (!listen(QHostAddress::LocalHost))
            qFatal("no port");
    }

    void encryptWith(const QSslConfiguration &configuration) { m_tls = configuration; }
    QUrl url(const QString &scheme = u"http"_s, const QString &rest = u"/"_s) const
    {
        return QUrl(u"%1://127.0.0.1:%2%3"_s.arg(scheme).arg(serverPort()).arg(rest));
    }
    void closeAll()
    {
        for (QTcpSocket *socket : findChildren<QTcpSocket *>())
            socket->disconnectFromHost();
    }

    int connections = 0;
    int requests = 0;

protected:
    void incomingConnection(qintptr descriptor) override
    {
        ++connections;
        auto *socket = new QSslSocket(this);
        socket->setSocketDescriptor(descriptor);
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QTcpSocket::readyRead, this, [this, socket, buffer = QByteArray()]() mutable {
            buffer += socket->readAll();
            for (qsizetype end = buffer.indexOf("\r\n\r\n"); end >= 0; end = buffer.indexOf("\r\n\r\n")) {
                const qsizetype at = buffer.indexOf("Content-Length: ");
                const qsizetype size = end + 4 + (at < 0 || at > end ? 0 : buffer.mid(at + 16, buffer.indexOf('\r', at) - at - 16).toLongLong());
                if (buffer.size() < size)
                    return;
                const QByteArray request = buffer.first(size);
                buffer.remove(0, size);
                ++requests;
                m_handler(*socket, request);
            }
        });
        if (m_tls) {
            socket->setSslConfiguration(*m_tls);
            socket->startServerEncryption();
        }
    }

private:
    Handler m_handler;
    std::optional<QSslConfiguration> m_tls;
};

void answerAtOnce(QTcpSocket &socket, const QByteArray &request)
{
    socket.write(answer(request.mid(request.indexOf("\r\n\r\n") + 4)));
}

void say(QTcpSocket & /*socket*/, const QByteArray & /*request*/) { }

Result<HttpReply> outcome(const QFuture<Result<HttpReply>> &future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 20'000))
        return fail(ErrorKind::Internal, u"The future did not end"_s);
    return future.result();
}

} // namespace

class TestHttpConnections final : public QObject {
    Q_OBJECT

private slots:
    void oneConnectionServesOneRequestAfterTheOther()
    {
        Server server(answerAtOnce);
        HttpClient client;
        for (int i = 0; i < 20; ++i)
            QCOMPARE(outcome(client.post(server.url(), QByteArray::number(i), "text/plain"))->body, QByteArray::number(i));
        QCOMPARE(server.connections, 1);
    }

    void headAndBodyOfAPostArriveTogether()
    {
        // In two writes, the second would wait for the server's delayed acknowledgement of the first.
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        HttpClient client;
        const auto posted = client.post(QUrl(u"http://127.0.0.1:%1/"_s.arg(server.serverPort())), "the body", "text/plain");
        QTRY_VERIFY(server.hasPendingConnections());
        QTcpSocket *socket = server.nextPendingConnection();
        QTRY_VERIFY(socket->bytesAvailable() > 0);
        QVERIFY(socket->readAll().endsWith("\r\n\r\nthe body"));
    }

    void aConnectionThatTheServerClosedBetweenTwoRequestsIsReplaced()
    {
        Server server(answerAtOnce);
        HttpClient client;
        QVERIFY(outcome(client.post(server.url(), "a", "text/plain")).has_value());
        server.closeAll();
        QTRY_COMPARE(server.findChildren<QTcpSocket *>().size(), 0);
        const auto second = outcome(client.post(server.url(), "b", "text/plain"));
        QVERIFY(second.has_value());
        QCOMPARE(second->body, "b"_ba);
        QCOMPARE(server.connections, 2);
        QCOMPARE(server.requests, 2);
    }

    void aPostThatMayNotBeRepeatedIsSentOnceWhereAKeptConnectionWouldRepeatIt_data()
    {
        QTest::addColumn<bool>("once");
        QTest::addColumn<int>("received");
        QTest::newRow("once") << true << 1;
        QTest::newRow("repeatable") << false << 2; // the reason for the option
    }
    void aPostThatMayNotBeRepeatedIsSentOnceWhereAKeptConnectionWouldRepeatIt()
    {
        QFETCH(const bool, once);
        QFETCH(const int, received);
        int posts = 0;
        Server server([&posts](QTcpSocket &socket, const QByteArray &request) {
            if (!request.endsWith("deed")) {
                answerAtOnce(socket, request);
                return;
            }
            ++posts; // done, and the connection ends before it is told
            socket.abort();
        });
        HttpClient client;
        QVERIFY(outcome(client.post(server.url(), "first", "text/plain")).has_value());
        HttpOptions options;
        options.once = once;
        const auto lost = outcome(client.post(server.url(), "deed", "text/plain", options));
        QCOMPARE(lost.error().kind, ErrorKind::Unavailable);
        QCOMPARE(posts, received);
    }

    void aLargePostIsSentWithoutBeingAskedFor()
    {
        QByteArray head;
        Server server([&head](QTcpSocket &socket, const QByteArray &request) {
            head = request.first(request.indexOf("\r\n\r\n"));
            socket.write(answer(QByteArray::number(request.size() - head.size() - 4)));
        });
        HttpClient client;
        const auto reply = outcome(client.post(server.url(), QByteArray(3'000'000, 'x'), "text/plain"));
        QVERIFY(reply.has_value());
        QCOMPARE(reply->body, "3000000"_ba);
        QVERIFY(!head.contains("Expect"));
    }

    void aServerThatClosesAfterTheHeadIsUnavailable()
    {
        Server server([](QTcpSocket &socket, const QByteArray &) {
            socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour");
            socket.disconnectFromHost();
        });
        HttpClient client;
        QCOMPARE(outcome(client.get(server.url())).error().kind, ErrorKind::Unavailable);
        QCOMPARE(server.requests, 1);
    }

    void whatIsNoHttpIsUnavailable_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("no head") << "hello\r\n\r\n"_ba;
        QTest::newRow("endless head") << "HTTP/1.1 200 OK\r\nX: " + QByteArray(2'000'000, 'x');
        QTest::newRow("many headers") << "HTTP/1.1 200 OK\r\n" + QByteArray("X: 0123456789\r\n").repeated(200'000);
        QTest::newRow("no gzip") << answer("plain", "Content-Encoding: gzip\r\n");
        QTest::newRow("encoding not asked for") << answer("plain", "Content-Encoding: strange\r\n");
    }
    void whatIsNoHttpIsUnavailable()
    {
        QFETCH(const QByteArray, bytes);
        Server server([&bytes](QTcpSocket &socket, const QByteArray &) {
            socket.write(bytes);
            socket.disconnectFromHost();
        });
        HttpClient client;
        const auto reply = outcome(client.get(server.url()));
        QVERIFY(!reply.has_value());
        QCOMPARE(reply.error().kind, ErrorKind::Unavailable);
    }

    void theDeadlineHoldsForABodyThatKeepsComing()
    {
        QTimer drip;
        drip.setInterval(5ms);
        Server server([&drip](QTcpSocket &socket, const QByteArray &) {
            socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            QObject::connect(&drip, &QTimer::timeout, &socket, [&socket] { socket.write("x"); });
            drip.start();
        });
        HttpClient client;
        HttpOptions options;
        options.deadline = 200ms;
        QCOMPARE(outcome(client.get(server.url(), options)).error().kind, ErrorKind::Timeout);
        QTRY_COMPARE(server.findChildren<QTcpSocket *>().size(), 0); // and the connection is given up
    }

    void theLimitHoldsAfterDecompression()
    {
        const QByteArray bomb = gzip(QByteArray(10'000'000, '\0'));
        QVERIFY(bomb.size() < 50'000);
        Server server([&bomb](QTcpSocket &socket, const QByteArray &) { socket.write(answer(bomb, "Content-Encoding: gzip\r\n")); });
        HttpClient client;
        HttpOptions options;
        options.maxReplyBytes = 1'000'000;
        QCOMPARE(outcome(client.get(server.url(), options)).error().kind, ErrorKind::Exhausted);
        options.maxReplyBytes = 10'000'000;
        const auto fits = outcome(client.get(server.url(), options));
        QVERIFY(fits.has_value());
        QCOMPARE(fits->body.size(), 10'000'000);
    }

    void aRequestThatWaitsForItsConnectionCanBeCancelled()
    {
        Server server(say);
        HttpClient client;
        std::stop_source stop;
        const auto reply = client.get(server.url(), {}, stop.get_token());
        stop.request_stop(); // before the event loop has turned once
        QVERIFY(reply.isFinished());
        QCOMPARE(reply.result().error().kind, ErrorKind::Cancelled);

        // An address that is kept for documentation (RFC 5737): nothing answers, or there is no way to it.
        std::stop_source other;
        const auto far = client.get(QUrl(u"http://192.0.2.1:9/"_s), {}, other.get_token());
        QTest::qWait(0);
        other.request_stop();
        QVERIFY(far.isFinished());
        QVERIFY(!far.result().has_value());
        QCOMPARE(server.requests, 0);
    }

    void destroyingTheClientAtAnyMomentEndsItsFutures()
    {
        Server server(answerAtOnce);
        for (int turns = 0; turns < 12; ++turns) {
            auto client = std::make_unique<HttpClient>();
            std::vector<QFuture<Result<HttpReply>>> pending;
            for (int i = 0; i < 10; ++i)
                pending.push_back(client->post(server.url(), "x", "text/plain"));
            for (int i = 0; i < turns; ++i)
                QCoreApplication::processEvents(QEventLoop::AllEvents);
            client.reset();
            for (const auto &future : pending) {
                QVERIFY(future.isFinished());
                QVERIFY(future.result().has_value() || future.result().error().kind == ErrorKind::Cancelled);
            }
        }
    }

    void whoHearsOfTheEndMayDestroyTheClientOrAskAgain()
    {
        Server server(answerAtOnce);
        auto client = std::make_unique<HttpClient>();
        bool asked = false;
        QFuture<Result<HttpReply>> second;
        client->post(server.url(), "a", "text/plain").then([&](const Result<HttpReply> &) {
            second = client->post(server.url(), "b", "text/plain");
            asked = true;
        });
        QTRY_VERIFY(asked);
        QCOMPARE(outcome(second)->body, "b"_ba);
        std::vector<QFuture<Result<HttpReply>>> others;
        bool destroyed = false;
        for (int i = 0; i < 5; ++i) {
            others.push_back(client->post(server.url(), "c", "text/plain"));
            others.back().then([&](const Result<HttpReply> &) {
                client.reset();
                destroyed = true;
            });
        }
        QTRY_VERIFY(destroyed);
        for (const auto &future : others)
            QVERIFY(future.isFinished());
    }

    void twoHundredAtOnceAreAllAnsweredOverFewConnections()
    {
        Server server(answerAtOnce);
        HttpClient client;
        std::vector<QFuture<Result<HttpReply>>> pending;
        std::stop_source stop;
        for (int i = 0; i < 200; ++i)
            pending.push_back(client.post(server.url(), QByteArray::number(i), "text/plain", {}, i % 10 == 9 ? stop.get_token() : std::stop_token()));
        stop.request_stop(); // most of these still wait for a connection
        for (int i = 0; i < 200; ++i) {
            const auto reply = outcome(pending[static_cast<size_t>(i)]);
            if (i % 10 == 9) {
                QCOMPARE(reply.error().kind, ErrorKind::Cancelled);
            } else {
                QVERIFY2(reply.has_value(), qPrintable(reply ? QString() : reply.error().detail));
                QCOMPARE(reply->body, QByteArray::number(i));
            }
        }
        QVERIFY2(server.connections <= 6, qPrintable(QString::number(server.connections)));
        QCOMPARE(server.requests, 180);
    }

    void theDeadlineHoldsForWhatStillWaitsForAConnection()
    {
        Server server(say);
        HttpClient client;
        HttpOptions patient, brief;
        patient.deadline = 60s;
        brief.deadline = 50ms;
        std::vector<QFuture<Result<HttpReply>>> occupying;
        for (int i = 0; i < 6; ++i)
            occupying.push_back(client.get(server.url(), patient));
        QCOMPARE(outcome(client.get(server.url(), brief)).error().kind, ErrorKind::Timeout);
        QCOMPARE(server.requests, 6);
    }

    void aCertificateThatNobodyTrustsIsRefusedBeforeAnythingIsSaid()
    {
        QTemporaryDir folder;
        const QString key = folder.filePath(u"key.pem"_s), certificate = folder.filePath(u"certificate.pem"_s);
        QProcess openssl;
        openssl.start(u"openssl"_s, {u"req"_s, u"-x509"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:prime256v1"_s, u"-nodes"_s,
                                        u"-keyout"_s, key, u"-out"_s, certificate, u"-subj"_s, u"/CN=127.0.0.1"_s, u"-addext"_s,
                                        u"subjectAltName=IP:127.0.0.1"_s, u"-days"_s, u"2"_s});
        QVERIFY(openssl.waitForFinished());
        QCOMPARE(openssl.exitCode(), 0);
        QFile keyFile(key);
        QVERIFY(keyFile.open(QIODevice::ReadOnly));
        QSslConfiguration tls;
        tls.setLocalCertificate(QSslCertificate::fromPath(certificate).value(0));
        tls.setPrivateKey(QSslKey(keyFile.readAll(), QSsl::Ec));
        Server server(answerAtOnce);
        server.encryptWith(tls);
        HttpClient client;
        const auto reply = outcome(client.get(server.url(u"https"_s, u"/v3/c0ffee-key?token=c0ffee"_s)));
        QCOMPARE(reply.error().kind, ErrorKind::Unauthenticated);
        QVERIFY(!reply.error().message.contains(u"c0ffee"_s) && !reply.error().detail.contains(u"c0ffee"_s));
        QVERIFY(reply.error().detail.contains(u"certificate"_s));
        QCOMPARE(server.connections, 1);
        QCOMPARE(server.requests, 0);

        HttpOptions named; // the one certificate that is named is trusted, and no other beside it
        named.tls.ca = certificate;
        const auto trusted = outcome(client.get(server.url(u"https"_s, u"/"_s), named));
        QVERIFY2(trusted.has_value(), trusted ? "" : qPrintable(trusted.error().message));
        named.tls.ca = folder.filePath(u"missing.pem"_s);
        QCOMPARE(outcome(client.get(server.url(u"https"_s, u"/"_s), named)).error().kind, ErrorKind::Invalid);

        tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
        tls.setCaCertificates(QSslCertificate::fromPath(certificate));
        Server strict(answerAtOnce); // wants a certificate of its client
        strict.encryptWith(tls);
        named.tls.ca = certificate;
        QVERIFY(!outcome(client.get(strict.url(u"https"_s, u"/"_s), named)));
        named.tls.certificate = certificate;
        named.tls.key = key;
        const auto mutual = outcome(client.get(strict.url(u"https"_s, u"/"_s), named));
        QVERIFY2(mutual.has_value(), mutual ? "" : qPrintable(mutual.error().message + mutual.error().detail));
        named.tls.key = folder.filePath(u"missing.pem"_s);
        HttpClient fresh; // without a connection that is open already
        QCOMPARE(outcome(fresh.get(strict.url(u"https"_s, u"/"_s), named)).error().kind, ErrorKind::Invalid);

        QTcpServer plain; // no TLS at all
        QVERIFY(plain.listen(QHostAddress::LocalHost));
        connect(&plain, &QTcpServer::newConnection, &plain, [&plain] { plain.nextPendingConnection()->write("HTTP/1.1 400 What\r\n\r\n"); });
        const auto unencrypted = outcome(client.get(QUrl(u"https://127.0.0.1:%1/"_s.arg(plain.serverPort()))));
        QCOMPARE(unencrypted.error().kind, ErrorKind::Unauthenticated);
    }

    void noErrorTellsTheSecretsOfAnAddress()
    {
        HttpClient client;
        const QUrl url(u"http://user:c0ffee@127.0.0.1:1/v3/c0ffee?key=c0ffee#c0ffee"_s);
        const auto reply = outcome(client.get(url));
        QCOMPARE(reply.error().kind, ErrorKind::Unavailable);
        QVERIFY2(!(reply.error().message + reply.error().detail).contains(u"c0ffee"_s), qPrintable(reply.error().detail));
    }

    void aHeaderWithALineBreakIsNotSent()
    {
        Server server(answerAtOnce);
        HttpClient client;
        for (const auto &[name, value] : std::initializer_list<std::pair<QByteArray, QByteArray>>{{"a", "b\r\nc: d"}, {"a\r\nb", "c"}, {"a:", "b"}, {"", "b"}}) {
            HttpOptions options;
            options.headers = {{name, value}};
            QCOMPARE(outcome(client.get(server.url(), options)).error().kind, ErrorKind::Invalid);
        }
        QCOMPARE(outcome(client.post(server.url(), "x", "text/plain\r\na: b")).error().kind, ErrorKind::Invalid);
        QCOMPARE(server.connections, 0);
    }

    void noProxyStandsBetweenUsAndThisMachine()
    {
        Server proxy(answerAtOnce), server(answerAtOnce);
        const QByteArray before = qgetenv("http_proxy");
        qputenv("http_proxy", proxy.url().toEncoded());
        HttpClient client;
        const auto here = outcome(client.get(server.url()));
        const auto elsewhere = outcome(client.get(QUrl(u"http://vault.invalid/"_s)));
        before.isNull() ? qunsetenv("http_proxy") : qputenv("http_proxy", before);
        QVERIFY(here.has_value());
        QVERIFY(elsewhere.has_value());
        QCOMPARE(server.requests, 1);
        QCOMPARE(proxy.requests, 1);
    }
};

QTEST_GUILESS_MAIN(TestHttpConnections)
#include "tst_httpconnections.moc"
