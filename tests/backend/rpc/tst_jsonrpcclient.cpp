#include "backend/rpc/jsonrpcclient.h"

#include "backend/rpc/retry.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"
#include "tests/support/fakenode/fakehttpserver.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace countersign;
using namespace countersign::test;
using namespace std::chrono_literals;

namespace {

QCoro::Task<> keep(QCoro::Task<JsonRpcResult> task, std::optional<JsonRpcResult> *out)
{
    *out = co_await task;
}

QCoro::Task<> keepBatch(
    QCoro::Task<Result<QList<JsonRpcResult>>> task, std::optional<Result<QList<JsonRpcResult>>> *out)
{
    *out = co_await task;
}

FakeHttpReply json(const QByteArray &body, int status = 200)
{
    return {.status = status, .contentType = "application/json", .body = body, .silent = false, .hangUp = false};
}

// Answers each request with its own method name, a batch in reverse order.
FakeHttpReply echoMethod(const FakeHttpRequest &request)
{
    const QJsonDocument document = QJsonDocument::fromJson(request.body);
    const auto answer = [](const QJsonObject &call) {
        return QJsonObject{
            {u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, call.value("id"_L1)}, {u"result"_s, call.value("method"_L1)}};
    };
    if (document.isObject())
        return json(QJsonDocument(answer(document.object())).toJson());
    QJsonArray answers;
    const QJsonArray calls = document.array();
    for (const QJsonValue &call : calls)
        answers.prepend(answer(call.toObject()));
    return json(QJsonDocument(answers).toJson());
}

} // namespace

class TestJsonRpcClient final : public QObject {
    Q_OBJECT

private slots:
    void aCallIsAnswered()
    {
        FakeHttpServer server(echoMethod);
        JsonRpcClient client(server.url());
        std::optional<JsonRpcResult> result;
        spawn(keep(client.call(u"eth_chainId"_s), &result));
        QTRY_VERIFY(result.has_value());
        QCOMPARE((*result)->toString(), u"eth_chainId"_s);
        QCOMPARE(server.requests().first().headers.value("content-type"), "application/json"_ba);
    }

    void aBatchIsOneRequestAndKeepsItsOrder()
    {
        FakeHttpServer server(echoMethod);
        JsonRpcClient client(server.url());
        std::optional<Result<QList<JsonRpcResult>>> results;
        spawn(keepBatch(client.batch({{u"a"_s, {}}, {u"b"_s, {}}, {u"c"_s, {}}}), &results));
        QTRY_VERIFY(results.has_value());
        QCOMPARE(server.requests().size(), 1);
        QCOMPARE((*results)->size(), 3);
        QCOMPARE((*results)->at(0)->toString(), u"a"_s);
        QCOMPARE((*results)->at(2)->toString(), u"c"_s);
    }

    void aLongBatchIsSentInPieces()
    {
        FakeHttpServer server(echoMethod);
        JsonRpcOptions options;
        options.maxBatch = 4;
        JsonRpcClient client(server.url(), options);
        QList<JsonRpcCall> calls;
        for (int i = 0; i < 10; ++i)
            calls.append({QString::number(i), {}});
        std::optional<Result<QList<JsonRpcResult>>> results;
        spawn(keepBatch(client.batch(calls), &results));
        QTRY_VERIFY(results.has_value());
        QCOMPARE(server.requests().size(), 3);
        QCOMPARE((*results)->size(), 10);
        for (int i = 0; i < 10; ++i)
            QCOMPARE((*results)->at(i)->toString(), QString::number(i));
    }

    void anEmptyBatchAsksNobody()
    {
        FakeHttpServer server(echoMethod);
        JsonRpcClient client(server.url());
        std::optional<Result<QList<JsonRpcResult>>> results;
        spawn(keepBatch(client.batch({}), &results));
        QVERIFY(results.has_value() && results->has_value() && (*results)->isEmpty());
        QVERIFY(server.requests().isEmpty());
    }

    void anHttpErrorWithoutJsonIsThatError()
    {
        FakeHttpServer server([](const FakeHttpRequest &) { return json("<html>busy", 503); });
        JsonRpcClient client(server.url());
        std::optional<JsonRpcResult> result;
        spawn(keep(client.call(u"x"_s), &result));
        QTRY_VERIFY(result.has_value());
        QCOMPARE(result->error().kind, ErrorKind::Unavailable);
    }

    void anHttpErrorWithAJsonRpcErrorIsTheInnerOne()
    {
        FakeHttpServer server([](const FakeHttpRequest &) {
            return json(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"bad params"}})", 400);
        });
        JsonRpcClient client(server.url());
        std::optional<JsonRpcResult> result;
        spawn(keep(client.call(u"x"_s), &result));
        QTRY_VERIFY(result.has_value());
        QCOMPARE(result->error().message, u"bad params"_s);
    }

    void theClientMayBeDestroyedMidCall()
    {
        FakeHttpServer server([](const FakeHttpRequest &) {
            return FakeHttpReply{.status = 200, .contentType = {}, .body = {}, .silent = true, .hangUp = false};
        });
        auto client = std::make_unique<JsonRpcClient>(server.url());
        std::optional<JsonRpcResult> result;
        std::optional<Result<QList<JsonRpcResult>>> results;
        spawn(keep(client->call(u"x"_s), &result));
        spawn(keepBatch(client->batch({{u"y"_s, {}}}), &results));
        QTRY_COMPARE(server.requests().size(), 2);
        client.reset();
        QTRY_VERIFY(result.has_value() && results.has_value());
        QCOMPARE(result->error().kind, ErrorKind::Cancelled);
        QCOMPARE(results->error().kind, ErrorKind::Cancelled);
    }

    void readsAreRepeatedWhileTheErrorIsTransient()
    {
        int calls = 0;
        FakeHttpServer server(
            [&calls](const FakeHttpRequest &request) { return ++calls < 3 ? json("busy", 503) : echoMethod(request); });
        JsonRpcClient client(server.url());
        std::optional<JsonRpcResult> result;
        std::function<QCoro::Task<JsonRpcResult>()> read = [&client] { return client.call(u"x"_s); };
        const Backoff quick({.initial = 1ms, .maximum = 1ms, .factor = 1.0, .jitter = 0.0}, [] { return 0.0; });
        spawn(keep(retryRead(read, quick, 5, std::stop_token()), &result));
        QTRY_VERIFY(result.has_value());
        QVERIFY(result->has_value());
        QCOMPARE(calls, 3);

        calls = -100;
        result.reset();
        spawn(keep(retryRead(read, quick, 4, std::stop_token()), &result));
        QTRY_VERIFY(result.has_value());
        QCOMPARE(result->error().kind, ErrorKind::Unavailable);
        QCOMPARE(calls, -96);
    }

    void aRefusalIsNotRepeated()
    {
        FakeHttpServer server([](const FakeHttpRequest &) { return json("no", 403); });
        JsonRpcClient client(server.url());
        std::optional<JsonRpcResult> result;
        std::function<QCoro::Task<JsonRpcResult>()> read = [&client] { return client.call(u"x"_s); };
        spawn(keep(retryRead(read, Backoff(), 5, std::stop_token()), &result));
        QTRY_VERIFY(result.has_value());
        QCOMPARE(result->error().kind, ErrorKind::Denied);
        QCOMPARE(server.requests().size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestJsonRpcClient)
#include "tst_jsonrpcclient.moc"
