#include "backend/rpc/httpclient.h"

#include "backend/types/strings.h"
#include "tests/support/fakenode/fakehttpserver.h"

#include <QTest>

using namespace countersign;
using namespace countersign::test;
using namespace std::chrono_literals;

class TestHttpClient final : public QObject {
    Q_OBJECT

    static FakeHttpReply echo(const FakeHttpRequest &request)
    {
        return {.status = 200,
            .contentType = "text/plain",
            .body = request.method + ' ' + request.body,
            .silent = false,
            .hangUp = false};
    }
    static FakeHttpReply silence(const FakeHttpRequest &)
    {
        return {.status = 200, .contentType = {}, .body = {}, .silent = true, .hangUp = false};
    }

private slots:
    void aReplyOfAnyStatusIsAReply()
    {
        FakeHttpServer server(echo);
        HttpClient client;
        const auto posted = client.post(server.url(u"/x"_s), "body", "text/plain");
        QTRY_VERIFY(posted.isFinished());
        QVERIFY(posted.result().has_value());
        QCOMPARE(posted.result()->status, 200);
        QCOMPARE(posted.result()->body, "POST body"_ba);
        QCOMPARE(posted.result()->contentType, "text/plain"_ba);

        server.setHandler([](const FakeHttpRequest &) {
            return FakeHttpReply{.status = 422,
                .contentType = "application/json",
                .body = "{\"a\":1}",
                .silent = false,
                .hangUp = false};
        });
        const auto refused = client.get(server.url());
        QTRY_VERIFY(refused.isFinished());
        QVERIFY(refused.result().has_value());
        QCOMPARE(refused.result()->status, 422);
        QVERIFY(jsonBody(*refused.result()).has_value());
        QCOMPARE(requireSuccess(*refused.result()).error().kind, ErrorKind::Rejected);
    }

    void headersOfTheCallerAreSent()
    {
        FakeHttpServer server(echo);
        HttpClient client;
        HttpOptions options;
        options.headers = {{"authorization", "Bearer t"}};
        const auto reply = client.get(server.url(), options);
        QTRY_VERIFY(reply.isFinished());
        QCOMPARE(server.requests().size(), 1);
        QCOMPARE(server.requests().first().headers.value("authorization"), "Bearer t"_ba);
    }

    void aSilentServerEndsAtTheDeadline()
    {
        FakeHttpServer server(silence);
        HttpClient client;
        HttpOptions options;
        options.deadline = 50ms;
        const auto reply = client.get(server.url(), options);
        QTRY_VERIFY(reply.isFinished());
        QCOMPARE(reply.result().error().kind, ErrorKind::Timeout);
    }

    void aReplyOverTheLimitIsRefused()
    {
        FakeHttpServer server([](const FakeHttpRequest &) {
            return FakeHttpReply{.status = 200,
                .contentType = "x/y",
                .body = QByteArray(100'000, 'a'),
                .silent = false,
                .hangUp = false};
        });
        HttpClient client;
        HttpOptions options;
        options.maxReplyBytes = 99'999;
        const auto tooLarge = client.get(server.url(), options);
        QTRY_VERIFY(tooLarge.isFinished());
        QCOMPARE(tooLarge.result().error().kind, ErrorKind::Exhausted);
        options.maxReplyBytes = 100'000;
        const auto fits = client.get(server.url(), options);
        QTRY_VERIFY(fits.isFinished());
        QVERIFY(fits.result().has_value());
        QCOMPARE(fits.result()->body.size(), 100'000);
    }

    void aRequestedStopCancels()
    {
        FakeHttpServer server(silence);
        HttpClient client;
        std::stop_source stop;
        const auto reply = client.get(server.url(), {}, stop.get_token());
        QTRY_COMPARE(server.requests().size(), 1);
        stop.request_stop();
        QVERIFY(reply.isFinished());
        QCOMPARE(reply.result().error().kind, ErrorKind::Cancelled);
        const auto late = client.get(server.url(), {}, stop.get_token());
        QVERIFY(late.isFinished());
        QCOMPARE(late.result().error().kind, ErrorKind::Cancelled);
    }

    void destroyingTheClientCompletesItsFutures()
    {
        FakeHttpServer server(silence);
        auto client = std::make_unique<HttpClient>();
        const auto reply = client->get(server.url());
        QTRY_COMPARE(server.requests().size(), 1);
        client.reset();
        QVERIFY(reply.isFinished());
        QCOMPARE(reply.result().error().kind, ErrorKind::Cancelled);
    }

    void aServerThatIsNotThereIsUnavailable()
    {
        FakeHttpServer server(echo);
        server.stop();
        HttpClient client;
        const auto reply = client.get(server.url());
        QTRY_VERIFY(reply.isFinished());
        QCOMPARE(reply.result().error().kind, ErrorKind::Unavailable);
        QVERIFY(server.resume());
        const auto again = client.get(server.url());
        QTRY_VERIFY(again.isFinished());
        QVERIFY(again.result().has_value());
    }

    void aConnectionLostBeforeTheAnswerIsUnavailable()
    {
        FakeHttpServer server([](const FakeHttpRequest &) {
            return FakeHttpReply{.status = 200, .contentType = {}, .body = {}, .silent = false, .hangUp = true};
        });
        HttpClient client;
        const auto reply = client.post(server.url(), "x", "text/plain");
        QTRY_VERIFY(reply.isFinished());
        QCOMPARE(reply.result().error().kind, ErrorKind::Unavailable);
    }

    void postThatMayNotBeRepeatedIsNot()
    {
        FakeHttpServer server(echo);
        HttpClient client;
        HttpOptions once;
        once.once = true;
        const QByteArray body(300'000, 'x');
        for (int turn = 0; turn < 2; ++turn) { // the second over the connection of the first
            const auto posted = client.post(server.url(), body, "text/plain", once);
            QTRY_VERIFY(posted.isFinished());
            QCOMPARE(posted.result()->body, "POST " + body);
        }
        server.setHandler([](const FakeHttpRequest &) {
            return FakeHttpReply{.status = 200, .contentType = {}, .body = {}, .silent = false, .hangUp = true};
        });
        const auto lost = client.post(server.url(), "body", "text/plain", once);
        QTRY_VERIFY(lost.isFinished());
        QCOMPARE(lost.result().error().kind, ErrorKind::Unavailable);
        QCOMPARE(server.requests().size(), 3);
    }

    void redirectsAreNotFollowed()
    {
        FakeHttpServer server([](const FakeHttpRequest &) {
            return FakeHttpReply{.status = 302,
                .contentType = "text/plain\r\nLocation: /elsewhere",
                .body = {},
                .silent = false,
                .hangUp = false};
        });
        HttpClient client;
        const auto reply = client.get(server.url());
        QTRY_VERIFY(reply.isFinished());
        QVERIFY(reply.result().has_value());
        QCOMPARE(reply.result()->status, 302);
        QCOMPARE(server.requests().size(), 1);
        QVERIFY(!requireSuccess(*reply.result()).has_value());
    }

    void onlyHttpAddressesAreAsked()
    {
        HttpClient client;
        const auto file = client.get(QUrl(u"file:///etc/hostname"_s));
        QVERIFY(file.isFinished());
        QCOMPARE(file.result().error().kind, ErrorKind::Invalid);
        const auto empty = client.get(QUrl());
        QVERIFY(empty.isFinished());
        QCOMPARE(empty.result().error().kind, ErrorKind::Invalid);
    }
};

QTEST_GUILESS_MAIN(TestHttpClient)
#include "tst_httpclient.moc"
