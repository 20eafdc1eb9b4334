#include "backend/safe/safehash.h"
#include "backend/safe/safesimulation.h"
#include "tests/backend/evm/values.h"
#include "tests/support/fakenode/fakehttpserver.h"

#include <QCoroTask>
#include <QJsonDocument>
#include <QTest>

#include <map>
#include <memory>

using namespace countersign;
using namespace countersign::testing;

/// Simulation with nodes that know less than anvil does, or answer nonsense; tst_safeexecution has the real ones.
class TestSafeSimulation final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<test::FakeHttpServer> m_node;
    std::map<QString, QJsonObject> m_answers; // by method: {"result": …} or {"error": …}
    QStringList m_asked;

    static QJsonObject unknownMethod() { return {{u"error"_s, QJsonObject{{u"code"_s, -32601}, {u"message"_s, u"unknown method"_s}}}}; }
    static QJsonObject result(const QJsonValue &value) { return {{u"result"_s, value}}; }
    static QJsonObject reverted(const QString &data)
    {
        return {{u"error"_s, QJsonObject{{u"code"_s, 3}, {u"message"_s, u"execution reverted"_s}, {u"data"_s, data}}}};
    }
    static QString word(quint64 number) { return toHex(Uint256(number).toBigEndian()); }

    Result<SafeSimulation> simulate()
    {
        SafeState state;
        state.safe = address(u"0x5afe000000000000000000000000000000005afe");
        state.chainId = ChainId(1);
        state.owners = {address(u"0x7a11000000000000000000000000000000007a11")};
        state.threshold = 1;
        const SafeTransaction transaction{.to = state.safe};
        JsonRpcClient rpc(m_node->url());
        ChainClient chain(rpc);
        return QCoro::waitFor(simulateSafe(rpc, chain, state, transaction, safeTxHash(state.chainId, state.safe, transaction)));
    }

private slots:
    void init()
    {
        m_answers = {{u"eth_simulateV1"_s, unknownMethod()}, {u"eth_call"_s, result(word(1))}, {u"debug_traceCall"_s, unknownMethod()}};
        m_asked.clear();
        m_node = std::make_unique<test::FakeHttpServer>([this](const test::FakeHttpRequest &request) {
            const QJsonObject question = QJsonDocument::fromJson(request.body).object();
            const QString method = question.value(u"method"_s).toString();
            m_asked.append(method);
            QJsonObject answer = m_answers.at(method);
            answer.insert(u"jsonrpc"_s, u"2.0"_s);
            answer.insert(u"id"_s, question.value(u"id"_s));
            return test::FakeHttpReply{.body = QJsonDocument(answer).toJson()};
        });
    }

    void nodeWithoutSimulationIsAskedToCall()
    {
        const auto simulation = simulate();
        QVERIFY2(simulation.has_value(), qPrintable(simulation ? QString() : simulation.error().message));
        QVERIFY(simulation->succeeded && !simulation->hasChanges && simulation->changes.isEmpty());
        QCOMPARE(simulation->method, u"eth_call"_s);
        QCOMPARE(m_asked, (QStringList{u"eth_simulateV1"_s, u"eth_call"_s, u"debug_traceCall"_s}));
    }

    void refusalOfTheCallIsExplained()
    {
        m_answers[u"eth_call"_s] = reverted(
            u"0x08c379a0000000000000000000000000000000000000000000000000000000000000002000000000000000000000000000000000000000000000000000000000000000054753303133000000000000000000000000000000000000000000000000000000"_s);
        const auto simulation = simulate();
        QVERIFY(simulation.has_value() && !simulation->succeeded);
        QVERIFY2(simulation->reason.startsWith(u"GS013"), qPrintable(simulation->reason));
        QVERIFY(!m_asked.contains(u"debug_traceCall"_s)); // there is no difference to ask for
    }

    void answerFalseIsNoSuccess()
    {
        m_answers[u"eth_call"_s] = result(word(0));
        const auto simulation = simulate();
        QVERIFY(simulation.has_value() && !simulation->succeeded);
        QVERIFY2(simulation->reason.contains(u"nonce is used up"), qPrintable(simulation->reason));
    }

    void answerThatIsNoneIsCorrupt()
    {
        for (const QString &answer : {u"0x"_s, u"0x01"_s, word(2)}) {
            m_answers[u"eth_call"_s] = result(answer);
            QCOMPARE(simulate().error().kind, ErrorKind::Corrupt);
        }
    }

    void otherErrorsAreNotTakenForAMissingMethod()
    {
        m_answers[u"eth_simulateV1"_s] = {{u"error"_s, QJsonObject{{u"code"_s, -32000}, {u"message"_s, u"header not found"_s}}}};
        QVERIFY(!simulate().has_value());
        QCOMPARE(m_asked, QStringList{u"eth_simulateV1"_s});
    }

    void traceThatIsNoneIsCorrupt()
    {
        m_answers[u"debug_traceCall"_s] = result(QJsonObject{{u"pre"_s, 1}});
        QCOMPARE(simulate().error().kind, ErrorKind::Corrupt);
    }

    void simulatedFalseIsNoSuccess()
    {
        const QJsonObject call{{u"status"_s, u"0x1"_s}, {u"returnData"_s, word(0)}, {u"gasUsed"_s, u"0x5208"_s}};
        m_answers[u"eth_simulateV1"_s] = result(QJsonArray{QJsonObject{{u"calls"_s, QJsonArray{call}}}});
        const auto simulation = simulate();
        QVERIFY(simulation.has_value() && !simulation->succeeded);
        QCOMPARE(simulation->gasUsed, 21'000U);
        QCOMPARE(simulation->method, u"eth_simulateV1"_s);
    }
};

QTEST_GUILESS_MAIN(TestSafeSimulation)
#include "tst_safesimulation.moc"
