#include "app/practice/participant/httprequest.h"

#include <QTest>

using namespace countersign;
using namespace countersign::participant;
using namespace Qt::StringLiterals;

class TestHttpRequest : public QObject {
    Q_OBJECT

private slots:
    void requestIsRead();
    void malformedRequestsAreRefused_data();
    void malformedRequestsAreRefused();
    void oversizedRequestsAreRefused();
    void answerCarriesItsLength();
};

void TestHttpRequest::requestIsRead()
{
    const auto request = HttpRequest::parse("POST /pause?mode=hang&x=%20y HTTP/1.1\r\nHost: here\r\nContent-Length:  12 \r\n\r\n");
    QVERIFY(request);
    QCOMPARE(request->method, QByteArray("POST"));
    QCOMPARE(request->path, QByteArray("/pause"));
    QCOMPARE(request->query.queryItemValue(u"mode"_s), u"hang"_s);
    QCOMPARE(request->query.queryItemValue(u"x"_s, QUrl::FullyDecoded), u" y"_s);
    QCOMPARE(request->headers.value("host"), QByteArray("here"));
    QCOMPARE(request->bodyLength, qsizetype(12));
    QVERIFY(HttpRequest::parse("GET / HTTP/1.0\r\n\r\n"));
}

void TestHttpRequest::malformedRequestsAreRefused_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("only an end") << QByteArray("\r\n\r\n");
    QTest::newRow("no end") << QByteArray("GET / HTTP/1.1\r\n");
    QTest::newRow("no version") << QByteArray("GET /\r\n\r\n");
    QTest::newRow("HTTP/2") << QByteArray("GET / HTTP/2\r\n\r\n");
    QTest::newRow("no path") << QByteArray("GET  HTTP/1.1\r\n\r\n");
    QTest::newRow("foreign target") << QByteArray("GET http://x/ HTTP/1.1\r\n\r\n");
    QTest::newRow("space in path") << QByteArray("GET /a b HTTP/1.1\r\n\r\n");
    QTest::newRow("method") << QByteArray("G\x01T / HTTP/1.1\r\n\r\n");
    QTest::newRow("header without colon") << QByteArray("GET / HTTP/1.1\r\nHost\r\n\r\n");
    QTest::newRow("header without name") << QByteArray("GET / HTTP/1.1\r\n: x\r\n\r\n");
    QTest::newRow("length is no number") << QByteArray("GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n");
    QTest::newRow("negative length") << QByteArray("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n");
}

void TestHttpRequest::malformedRequestsAreRefused()
{
    QFETCH(const QByteArray, head);
    const auto request = HttpRequest::parse(head);
    QVERIFY(!request);
    QCOMPARE(request.error().kind, ErrorKind::Invalid);
}

void TestHttpRequest::oversizedRequestsAreRefused()
{
    QByteArray manyHeaders = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < 65; ++i) {
        manyHeaders += "h" + QByteArray::number(i) + ": x\r\n";
    }
    for (const QByteArray &head : {QByteArray(manyHeaders + "\r\n"), QByteArray("GET / HTTP/1.1\r\nx: " + QByteArray(17 * 1024, 'y') + "\r\n\r\n"),
             QByteArray("GET / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n")}) {
        const auto request = HttpRequest::parse(head);
        QVERIFY(!request);
        QCOMPARE(request.error().kind, ErrorKind::Exhausted);
    }
}

void TestHttpRequest::answerCarriesItsLength()
{
    const HttpResponse response {404, "text/plain", "none\n"};
    QCOMPARE(response.toBytes(),
        QByteArray("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nConnection: close\r\n\r\nnone\n"));
}

QTEST_APPLESS_MAIN(TestHttpRequest)

#include "tst_httprequest.moc"
