#include "tests/backend/review/adversarialestate.h"
#include "tests/support/fakenode/fakehttpserver.h"

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTest>

#include <memory>

using namespace countersign;
using namespace countersign::testing;

using Package = AdversarialEstate::Package;

namespace {

/// A node between us and the chain that answers like it, except that every text it is told to find is replaced.
class LyingNode final {
public:
    LyingNode(const QUrl &honest, QByteArray truth, QByteArray lie)
        : m_rpc(honest)
        , m_truth(std::move(truth))
        , m_lie(std::move(lie))
        , m_server([this](const test::FakeHttpRequest &request) { return answer(request); })
    {
    }
    QUrl url() const { return m_server.url(); }

private:
    test::FakeHttpReply answer(const test::FakeHttpRequest &request)
    {
        QNetworkAccessManager manager;
        QNetworkRequest onward(m_rpc);
        onward.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        QNetworkReply *reply = manager.post(onward, request.body);
        QEventLoop loop;
        QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
        loop.exec();
        test::FakeHttpReply answer;
        answer.body = reply->readAll().replace(m_truth, m_lie);
        return answer;
    }

    QUrl m_rpc;
    QByteArray m_truth, m_lie;
    test::FakeHttpServer m_server;
};

} // namespace

/// One of the two nodes that a review asks does not tell the truth.
class TestLyingNode final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_estate = std::make_unique<AdversarialEstate>(); }
    void cleanupTestCase() { m_estate.reset(); }
    void aNodeThatLiesIsFound_data();
    void aNodeThatLiesIsFound();

private:
    std::unique_ptr<AdversarialEstate> m_estate;
};

void TestLyingNode::aNodeThatLiesIsFound_data()
{
    QTest::addColumn<QByteArray>("truth");
    QTest::addColumn<QByteArray>("lie");
    const auto word = [](const Address &address) { return address.toLower().mid(2).toLatin1(); };
    QTest::newRow("the party's key") << word(m_estate->partyKey) << word(m_estate->mallory.address());
    QTest::newRow("an owner of the Safe") << word(m_estate->carol.address()) << word(m_estate->mallory.address());
    QTest::newRow("the registry's code") << m_estate->registryBuild.runtimeCode().sliced(100, 16).toHex()
                                         << m_estate->vaultBuild.runtimeCode().sliced(200, 16).toHex();
    QTest::newRow("the chain") << QByteArray("\"result\":\"0x7a69\"") << QByteArray("\"result\":\"0x1\"");
}

void TestLyingNode::aNodeThatLiesIsFound()
{
    QFETCH(QByteArray, truth);
    QFETCH(QByteArray, lie);
    const LyingNode liar(m_estate->chain.chain().rpc.url(), truth, lie);
    Package package = m_estate->package(m_estate->registry, m_estate->call(m_estate->registryBuild, u"revokeKey", {AbiValue(m_estate->party)}));
    package.secondNode = liar.url();
    const Review review = m_estate->review(package);
    const Finding *finding = review.finding(u"endpoint.disagrees");
    QVERIFY2(finding && finding->severity == Severity::Block, "the lie was not seen");
    const LyingNode honest(m_estate->chain.chain().rpc.url(), "nothing to find", "");
    package.secondNode = honest.url();
    QVERIFY(!m_estate->review(package).isBlocked());
}

QTEST_GUILESS_MAIN(TestLyingNode)
#include "tst_lyingnode.moc"
