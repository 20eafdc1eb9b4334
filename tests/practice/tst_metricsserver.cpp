#include "app/practice/support/metricsserver.h"
#include "backend/types/strings.h"

#include <QTcpSocket>
#include <QTest>

using namespace countersign;

class TestMetricsServer : public QObject {
    Q_OBJECT

private slots:
    void anIncompleteHeadIsWaitedForAndAStrangeOneRefused()
    {
        QCOMPARE(parseGetPath("GET /metrics HTTP/1.1\r\n").error().kind, ErrorKind::Unavailable);
        QCOMPARE(parseGetPath("POST /metrics HTTP/1.1\r\n\r\n").error().kind, ErrorKind::Invalid);
        QCOMPARE(parseGetPath("GET metrics HTTP/1.1\r\n\r\n").error().kind, ErrorKind::Invalid);
        QCOMPARE(parseGetPath(Bytes(20'000, 'a')).error().kind, ErrorKind::Exhausted);
        QCOMPARE(*parseGetPath("GET /metrics?x=1 HTTP/1.1\r\nHost: a\r\n\r\n"), u"/metrics"_s);
    }

    void answersTheExpositionAsItIsNow()
    {
        int scrapes = 0;
        MetricsServer server([&scrapes]() -> QByteArray { return "up " + QByteArray::number(++scrapes) + '\n'; });
        QVERIFY(server.listen(0));
        QVERIFY(ask(server.port(), "GET /metrics HTTP/1.1\r\n\r\n").endsWith("\r\n\r\nup 1\n"));
        QVERIFY(ask(server.port(), "GET /metrics HTTP/1.1\r\n\r\n").endsWith("\r\n\r\nup 2\n"));
    }

    void otherPathsAndMethodsGetTheirStatus()
    {
        MetricsServer server([] { return Bytes(); });
        QVERIFY(server.listen(0));
        QVERIFY(ask(server.port(), "GET /healthz HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 200 "));
        QVERIFY(ask(server.port(), "GET /other HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 404 "));
        QVERIFY(ask(server.port(), "DELETE / HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 400 "));
    }

    void aTakenPortIsAnError()
    {
        MetricsServer first([] { return Bytes(); });
        MetricsServer second([] { return Bytes(); });
        QVERIFY(first.listen(0));
        QCOMPARE(second.listen(first.port()).error().kind, ErrorKind::Conflict);
    }

private:
    static QByteArray ask(quint16 port, const QByteArray &request)
    {
        QTcpSocket socket;
        socket.connectToHost(u"127.0.0.1"_s, port);
        socket.write(request);
        (void)QTest::qWaitFor([&] { return socket.state() == QAbstractSocket::UnconnectedState; });
        return socket.readAll();
    }
};

QTEST_GUILESS_MAIN(TestMetricsServer)
#include "tst_metricsserver.moc"
