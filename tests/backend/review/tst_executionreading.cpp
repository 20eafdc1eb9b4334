#include "backend/review/executionreading.h"
#include "tests/backend/review/adversarialestate.h"
#include "tests/support/fakenode/fakehttpserver.h"

#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTest>

#include <functional>
#include <memory>

using namespace countersign;
using namespace countersign::testing;

namespace {

/// A node between us and the chain. It answers eth_getLogs as the test says, and passes everything else on.
class LogNode final {
public:
    /// Gets the filter and the honest answer, and gives the answer.
    using Edit = std::function<QJsonObject(const QJsonObject &filter, QJsonObject answer)>;
    LogNode(const QUrl &honest, Edit edit)
        : m_rpc(honest)
        , m_edit(std::move(edit))
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
        answer.body = reply->readAll();
        const QJsonObject asked = QJsonDocument::fromJson(request.body).object();
        if (asked.value("method"_L1).toString() == "eth_getLogs"_L1)
            answer.body = QJsonDocument(m_edit(asked.value("params"_L1).toArray().at(0).toObject(),
                                            QJsonDocument::fromJson(answer.body).object()))
                              .toJson();
        return answer;
    }

    QUrl m_rpc;
    Edit m_edit;
    test::FakeHttpServer m_server;
};

quint64 blockOf(const QJsonValue &number)
{
    return number.toString().sliced(2).toULongLong(nullptr, 16);
}

} // namespace

/// What a Safe executed of late, from nodes that tell all of it and from nodes that do not.
class TestExecutionReading final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_estate = std::make_unique<AdversarialEstate>();
        m_estate->chain.chain().ask(u"anvil_setBalance"_s, {m_estate->safe.toString(), u"0x8ac7230489e80000"_s});
        pay(1);
        m_since = m_estate->chainTime() + std::chrono::seconds(1800);
        m_estate->chain.chain().ask(u"evm_increaseTime"_s, {3600});
        m_estate->chain.chain().ask(u"evm_mine"_s);
        pay(2);
        pay(3);
    }
    void cleanupTestCase() { m_estate.reset(); }

    void whatWasExecutedSinceThenIsRead()
    {
        const PastExecutions past = read(m_estate->chain.chain().rpc.url());
        QVERIFY2(past.gap.isEmpty(), qPrintable(past.gap));
        QCOMPARE(past.executed.size(), 2);
        QCOMPARE(past.executed.first().transaction->value, Uint256(2));
        QCOMPARE(past.executed.last().transaction->value, Uint256(3));
        for (const PastExecution &execution : past.executed) {
            QVERIFY(execution.succeeded && execution.at >= m_since);
            QVERIFY(SafeChain::hash(m_estate->safe, *execution.transaction) == execution.safeTxHash);
        }
    }

    void anExecutionThatIsHiddenIsMissed_data()
    {
        QTest::addColumn<int>("hidden"); // from the end; -1: all
        QTest::newRow("the last") << 0;
        QTest::newRow("one in the middle") << 1;
        QTest::newRow("all") << -1;
    }
    void anExecutionThatIsHiddenIsMissed()
    {
        QFETCH(int, hidden);
        const LogNode node(m_estate->chain.chain().rpc.url(), [hidden](const QJsonObject &, QJsonObject answer) {
            QJsonArray logs = answer.value("result"_L1).toArray();
            if (hidden < 0)
                logs = {};
            else
                logs.removeAt(logs.size() - 1 - hidden);
            answer.insert("result"_L1, logs);
            return answer;
        });
        QVERIFY(!read(node.url()).gap.isEmpty());
    }

    void aNodeWithALimitIsAskedPieceByPiece()
    {
        constexpr quint64 piece = 5;
        const auto limited = [](bool hides) {
            return [hides](const QJsonObject &filter, QJsonObject answer) {
                if (blockOf(filter.value("toBlock"_L1)) - blockOf(filter.value("fromBlock"_L1)) >= piece) {
                    answer.remove("result"_L1);
                    answer.insert("error"_L1, QJsonObject{{u"code"_s, -32005}, {u"message"_s, u"range too large"_s}});
                } else if (hides) {
                    QJsonArray logs = answer.value("result"_L1).toArray();
                    if (!logs.isEmpty())
                        logs.removeLast();
                    answer.insert("result"_L1, logs);
                }
                return answer;
            };
        };
        const LogNode node(m_estate->chain.chain().rpc.url(), limited(false));
        const PastExecutions past = read(node.url(), piece);
        QVERIFY2(past.gap.isEmpty(), qPrintable(past.gap));
        QCOMPARE(past.executed.size(), 2);
        const LogNode hiding(m_estate->chain.chain().rpc.url(), limited(true));
        QVERIFY(!read(hiding.url(), piece).gap.isEmpty());
    }

private:
    void pay(quint64 wei)
    {
        SafeTransaction transaction = m_estate->chain.next(m_estate->safe, m_estate->carol.address());
        transaction.value = Uint256(wei);
        m_estate->chain.require(m_estate->safe, transaction, {&m_estate->alice, &m_estate->bob});
    }
    PastExecutions read(const QUrl &node, quint64 piece = 10'000)
    {
        const auto past = QCoro::waitFor(readPastExecutions(std::make_shared<ReviewEndpoint>(node),
            m_estate->chain.state(m_estate->safe), m_since, {}, {}, piece));
        if (!past)
            qFatal("%s", qPrintable(past.error().message));
        return *past;
    }

    std::unique_ptr<AdversarialEstate> m_estate;
    Timestamp m_since;
};

QTEST_GUILESS_MAIN(TestExecutionReading)
#include "tst_executionreading.moc"
