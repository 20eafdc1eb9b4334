#include "backend/rpc/jsonrpcmessage.h"

#include "backend/types/strings.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace countersign;

class TestJsonRpcMessage final : public QObject {
    Q_OBJECT

private slots:
    void requestHasTheMembersOfTheSpecification()
    {
        const QJsonObject object
            = QJsonDocument::fromJson(encodeJsonRpcRequest(7, {u"eth_chainId"_s, {u"latest"_s}})).object();
        QCOMPARE(object,
            (QJsonObject{{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, 7}, {u"method"_s, u"eth_chainId"_s},
                {u"params"_s, QJsonArray{u"latest"_s}}}));
    }

    void aResultOfNullIsAResult()
    {
        const auto result = decodeJsonRpcResponse(R"({"jsonrpc":"2.0","id":1,"result":null})", 1);
        QVERIFY(result.has_value());
        QVERIFY(result->isNull());
    }

    void malformedAnswersAreCorrupt_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no JSON") << "<html>"_ba;
        QTest::newRow("array") << "[]"_ba;
        QTest::newRow("no version") << R"({"id":1,"result":1})"_ba;
        QTest::newRow("version 1.0") << R"({"jsonrpc":"1.0","id":1,"result":1})"_ba;
        QTest::newRow("other id") << R"({"jsonrpc":"2.0","id":2,"result":1})"_ba;
        QTest::newRow("text id") << R"({"jsonrpc":"2.0","id":"1","result":1})"_ba;
        QTest::newRow("fractional id") << R"({"jsonrpc":"2.0","id":1.5,"result":1})"_ba;
        QTest::newRow("no id") << R"({"jsonrpc":"2.0","result":1})"_ba;
        QTest::newRow("neither") << R"({"jsonrpc":"2.0","id":1})"_ba;
        QTest::newRow("both") << R"({"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":"m"}})"_ba;
        QTest::newRow("error is text") << R"({"jsonrpc":"2.0","id":1,"error":"no"})"_ba;
        QTest::newRow("error without code") << R"({"jsonrpc":"2.0","id":1,"error":{"message":"m"}})"_ba;
        QTest::newRow("result with null id") << R"({"jsonrpc":"2.0","id":null,"result":1})"_ba;
    }
    void malformedAnswersAreCorrupt()
    {
        QFETCH(QByteArray, body);
        const auto result = decodeJsonRpcResponse(body, 1);
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().kind, ErrorKind::Corrupt);
        QVERIFY(!jsonRpcErrorCode(result.error()).has_value());
    }

    void errorsKeepCodeAndData()
    {
        const auto result = decodeJsonRpcResponse(
            R"({"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"execution reverted","data":"0x08c379a0"}})", 1);
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().kind, ErrorKind::Rejected);
        QCOMPARE(result.error().message, u"execution reverted"_s);
        QCOMPARE(jsonRpcErrorCode(result.error()), std::optional(3));
        QCOMPARE(jsonRpcErrorData(result.error()), std::optional(QJsonValue(u"0x08c379a0"_s)));
    }

    void errorCodesHaveKinds_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<ErrorKind>("kind");
        QTest::newRow("invalid params") << -32602 << ErrorKind::Invalid;
        QTest::newRow("method not found") << -32601 << ErrorKind::Invalid;
        QTest::newRow("internal") << -32603 << ErrorKind::Internal;
        QTest::newRow("limit") << -32005 << ErrorKind::Exhausted;
        QTest::newRow("not found") << -32001 << ErrorKind::NotFound;
        QTest::newRow("unavailable") << -32002 << ErrorKind::Unavailable;
        QTest::newRow("server") << -32000 << ErrorKind::Rejected;
    }
    void errorCodesHaveKinds()
    {
        QFETCH(int, code);
        QFETCH(ErrorKind, kind);
        const Error error = jsonRpcError({{u"code"_s, code}, {u"message"_s, u"m"_s}});
        QCOMPARE(error.kind, kind);
    }

    void anErrorWithoutIdAnswersTheRequest()
    {
        const auto result
            = decodeJsonRpcResponse(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse"}})", 1);
        QCOMPARE(jsonRpcErrorCode(result.error()), std::optional(-32700));
    }

    void aBatchComesBackInTheOrderOfItsCalls()
    {
        const auto results = decodeJsonRpcBatch(
            R"([{"jsonrpc":"2.0","id":12,"result":"c"},{"jsonrpc":"2.0","id":10,"result":"a"},{"jsonrpc":"2.0","id":11,"error":{"code":3,"message":"b"}}])",
            10, 4);
        QVERIFY(results.has_value());
        QCOMPARE(results->size(), 4);
        QCOMPARE(results->at(0)->toString(), u"a"_s);
        QCOMPARE(results->at(1).error().message, u"b"_s);
        QCOMPARE(results->at(2)->toString(), u"c"_s);
        QCOMPARE(results->at(3).error().kind, ErrorKind::Corrupt);
    }

    void aBatchWithForeignOrDoubledIdsIsCorrupt()
    {
        QCOMPARE(
            decodeJsonRpcBatch(R"([{"jsonrpc":"2.0","id":9,"result":1}])", 10, 1).error().kind, ErrorKind::Corrupt);
        QCOMPARE(
            decodeJsonRpcBatch(R"([{"jsonrpc":"2.0","id":11,"result":1}])", 10, 1).error().kind, ErrorKind::Corrupt);
        QCOMPARE(
            decodeJsonRpcBatch(R"([{"jsonrpc":"2.0","id":10,"result":1},{"jsonrpc":"2.0","id":10,"result":1}])", 10, 2)
                .error()
                .kind,
            ErrorKind::Corrupt);
        QCOMPARE(decodeJsonRpcBatch("[1]", 10, 1).error().kind, ErrorKind::Corrupt);
    }

    void aBatchRefusedAsAWholeGivesTheServersError()
    {
        const auto results
            = decodeJsonRpcBatch(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32005,"message":"too many"}})", 1, 2);
        QCOMPARE(results.error().kind, ErrorKind::Exhausted);
        QCOMPARE(decodeJsonRpcBatch(R"({"jsonrpc":"2.0","id":1,"result":1})", 1, 2).error().kind, ErrorKind::Corrupt);
    }

    void notificationsAndAnswersAreToldApart()
    {
        const auto notification = decodeJsonRpcIncoming(
            R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0x1","result":{"number":"0x2"}}})");
        QVERIFY(notification.has_value() && notification->notification.has_value());
        QCOMPARE(notification->notification->subscription, u"0x1"_s);
        QCOMPARE(notification->notification->result.toObject().value("number"_L1).toString(), u"0x2"_s);
        const auto answer = decodeJsonRpcIncoming(R"({"jsonrpc":"2.0","id":5,"result":"0x1"})");
        QVERIFY(answer.has_value() && !answer->notification);
        QCOMPARE(answer->id, std::optional<quint64>(5));
        QVERIFY(!decodeJsonRpcIncoming(R"({"jsonrpc":"2.0","method":"x","params":[]})").has_value());
    }
};

QTEST_APPLESS_MAIN(TestJsonRpcMessage)
#include "tst_jsonrpcmessage.moc"
