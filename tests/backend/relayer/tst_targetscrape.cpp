#include "backend/relayer/targetscrape.h"

#include "backend/types/strings.h"
#include "tests/backend/relayer/etcdfixture.h"

#include <QCoroTask>
#include <QTcpSocket>
#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

// Answers every request with the same bytes.
class Target final {
    Q_DISABLE_COPY_MOVE(Target)

public:
    Target(const QByteArray &status, const QByteArray &type, QByteArray body)
    {
        m_answer = "HTTP/1.1 " + status + "\r\n" + (type.isEmpty() ? QByteArray() : "Content-Type: " + type + "\r\n") + "Content-Length: "
            + QByteArray::number(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            QTcpSocket *socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
                m_request += socket->readAll();
                if (!m_request.contains("\r\n\r\n"))
                    return;
                socket->write(m_answer);
                socket->disconnectFromHost();
            });
        });
    }
    [[nodiscard]] QUrl url() const { return QUrl(u"http://127.0.0.1:%1/metrics"_s.arg(m_server.serverPort())); }
    [[nodiscard]] const QByteArray &request() const { return m_request; }

private:
    QTcpServer m_server;
    QByteArray m_answer;
    QByteArray m_request;
};

} // namespace

class TestTargetScrape final : public QObject {
    Q_OBJECT

private slots:
    void aRealTargetIsRead()
    {
        EtcdCluster etcd(1);
        QVERIFY(etcd.start());
        HttpClient http;
        const SystemClock clock;
        QUrl url = etcd.url(0);
        url.setPath(u"/metrics"_s);
        const TargetScrape scrape = QCoro::waitFor(scrapeTarget(http, url, clock, 3s, {}));
        QVERIFY2(scrape.up, qPrintable(scrape.error));
        QVERIFY(scrape.warning.isEmpty());
        QCOMPARE(scrape.metrics.value(u"etcd_server_has_leader"), std::optional(1.0));
        QVERIFY(scrape.sampleCount > 200);
        const QVector<MetricSample> added = scrape.synthetic();
        QCOMPARE(added[0].name, u"up"_s);
        QCOMPARE(added[0].value, 1.0);
        QVERIFY(added[1].value > 0 && added[1].value < 3);
        QCOMPARE(added[2].value, static_cast<double>(scrape.sampleCount));
    }

    void whatDoesNotAnswerIsDownAndSaysWhy()
    {
        HttpClient http;
        const SystemClock clock;
        const auto scraped = [&](const QUrl &url) { return QCoro::waitFor(scrapeTarget(http, url, clock, 2s, {})); };
        const TargetScrape nobody = scraped(QUrl(u"http://127.0.0.1:%1/metrics"_s.arg(freePort())));
        QVERIFY(!nobody.up);
        QVERIFY(!nobody.error.isEmpty());
        QCOMPARE(nobody.synthetic()[0].value, 0.0);
        const Target missing("404 Not Found", "text/plain", "nothing here");
        QVERIFY(scraped(missing.url()).error.contains(u"404"_s));
        const Target page("200 OK", "text/html", "<html>no metrics</html>");
        const TargetScrape html = scraped(page.url());
        QVERIFY(!html.up);
        QVERIFY(html.error.contains(u"Line 1"_s));
        const Target cut("200 OK", "application/openmetrics-text; version=1.0.0", "a 1\n");
        QVERIFY(scraped(cut.url()).error.contains(u"# EOF"_s));
    }

    void aMissingContentTypeIsReadAndSaid()
    {
        HttpClient http;
        const SystemClock clock;
        const Target target("200 OK", {}, "relayer_is_leader 1\n");
        const TargetScrape scrape = QCoro::waitFor(scrapeTarget(http, target.url(), clock, 2s, {}));
        QVERIFY(scrape.up);
        QVERIFY(!scrape.warning.isEmpty());
        QCOMPARE(scrape.metrics.value(u"relayer_is_leader"), std::optional(1.0));
        QVERIFY(target.request().contains("application/vnd.google.protobuf"));
        QVERIFY(target.request().contains("X-Prometheus-Scrape-Timeout-Seconds: 2"));
    }
};

QTEST_GUILESS_MAIN(TestTargetScrape)
#include "tst_targetscrape.moc"
