#include "backend/safe/safehash.h"
#include "backend/safe/safesimulation.h"
#include "backend/safe/safesimulationaccessor.h"
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
    std::map<QString, QJsonObject>
        m_answers; // by method, or by tracer or contract function: {"result": …} or {"error": …}
    QStringList m_asked;

    static QJsonObject unknownMethod()
    {
        return {{u"error"_s, QJsonObject{{u"code"_s, -32601}, {u"message"_s, u"unknown method"_s}}}};
    }
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
        const QList<CallRequest> questions{CallRequest{.to = state.safe}};
        return QCoro::waitFor(simulateSafe(
            rpc, chain, state, transaction, safeTxHash(state.chainId, state.safe, transaction), questions));
    }

    // The node's name for what is asked: a trace goes by its tracer, a call by its function.
    static QString nameOf(const QJsonObject &question)
    {
        const QString method = question.value(u"method"_s).toString();
        const QJsonArray parameters = question.value(u"params"_s).toArray();
        if (method == u"debug_traceCall")
            return parameters.at(2).toObject().value(u"tracer"_s).toString();
        const QString data = parameters.at(0).toObject().value(u"data"_s).toString();
        return method == u"eth_call" && data.startsWith(u"0x7d832974") ? u"approvedHashes"_s : method;
    }
    static QJsonObject executed(quint64 answer)
    {
        const QJsonObject call{{u"status"_s, u"0x1"_s}, {u"returnData"_s, word(answer)}, {u"gasUsed"_s, u"0x5208"_s}};
        return result(QJsonArray{QJsonObject{{u"calls"_s, QJsonArray{call, call}}}});
    }
    /// The trace of the plan's own call, succeeded or failed.
    static QJsonObject traced(const QString &output, const QString &error = {})
    {
        SafeState state;
        state.safe = address(u"0x5afe000000000000000000000000000000005afe");
        state.owners = {address(u"0x7a11000000000000000000000000000000007a11")};
        state.threshold = 1;
        const SafeTransaction transaction{.to = state.safe};
        const auto plan = planSimulation(state, transaction, safeTxHash(ChainId(1), state.safe, transaction));
        QJsonObject frame{{u"type"_s, u"CALL"_s}, {u"from"_s, plan.call.from->toLower()},
            {u"to"_s, state.safe.toLower()}, {u"input"_s, toHex(plan.call.data)}, {u"output"_s, output},
            {u"gasUsed"_s, u"0x5209"_s}};
        if (!error.isEmpty())
            frame.insert(u"error"_s, error);
        return result(frame);
    }
    static QJsonObject difference()
    {
        const QJsonObject account{{u"0x5afe000000000000000000000000000000005afe"_s,
            QJsonObject{{u"storage"_s, QJsonObject{{word(5), word(1)}}}}}};
        return result(QJsonObject{{u"pre"_s, QJsonObject()}, {u"post"_s, account}});
    }
    static QString revertOf(QStringView code)
    {
        return u"0x08c379a00000000000000000000000000000000000000000000000000000000000000020"_s
            + u"0000000000000000000000000000000000000000000000000000000000000005"_s
            + QString::fromLatin1(code.toLatin1().toHex()) + QString(54, u'0');
    }

private slots:
    void init()
    {
        m_answers = {{u"eth_simulateV1"_s, unknownMethod()}, {u"eth_call"_s, result(word(1))},
            {u"approvedHashes"_s, result(word(1))}, {u"callTracer"_s, unknownMethod()},
            {u"prestateTracer"_s, unknownMethod()}, {u"eth_getCode"_s, result(u"0x"_s)}};
        m_asked.clear();
        m_node = std::make_unique<test::FakeHttpServer>([this](const test::FakeHttpRequest &request) {
            const QJsonObject question = QJsonDocument::fromJson(request.body).object();
            const QString method = nameOf(question);
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
        QCOMPARE(m_asked, (QStringList{u"callTracer"_s, u"eth_simulateV1"_s, u"eth_call"_s}));
        QCOMPARE(simulation->limits.size(), 4); // events, answers, calls, difference
        QVERIFY(!simulation->hasLogs && !simulation->hasTransfers && !simulation->trace && !simulation->difference);
    }

    void refusalOfTheCallIsExplained()
    {
        m_answers[u"eth_call"_s] = reverted(revertOf(u"GS013"));
        const auto simulation = simulate();
        QVERIFY(simulation.has_value() && !simulation->succeeded);
        QVERIFY2(simulation->reason.startsWith(u"GS013"), qPrintable(simulation->reason));
        QVERIFY(!m_asked.contains(u"prestateTracer"_s)); // there is no difference to ask for
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
        m_answers[u"eth_simulateV1"_s]
            = {{u"error"_s, QJsonObject{{u"code"_s, -32000}, {u"message"_s, u"header not found"_s}}}};
        QVERIFY(!simulate().has_value());
        QCOMPARE(m_asked, (QStringList{u"callTracer"_s, u"eth_simulateV1"_s}));
    }

    void traceThatIsNoneIsCorrupt()
    {
        m_answers[u"callTracer"_s] = result(QJsonObject{{u"type"_s, 1}});
        QCOMPARE(simulate().error().kind, ErrorKind::Corrupt);
        m_answers[u"callTracer"_s] = traced(word(1));
        m_answers[u"prestateTracer"_s] = result(QJsonObject{{u"pre"_s, 1}});
        QCOMPARE(simulate().error().kind, ErrorKind::Corrupt);
    }

    void traceOfAnotherCallIsCorrupt()
    {
        QJsonObject other = traced(word(1)).value(u"result"_s).toObject();
        for (const auto &[name, value] : {std::pair(u"to"_s, u"0x7a11000000000000000000000000000000007a11"_s),
                 std::pair(u"input"_s, u"0x00"_s), std::pair(u"type"_s, u"STATICCALL"_s)}) {
            QJsonObject frame = other;
            frame.insert(name, value);
            m_answers[u"callTracer"_s] = result(frame);
            QCOMPARE(simulate().error().kind, ErrorKind::Corrupt);
        }
    }

    void simulatedFalseIsNoSuccess()
    {
        m_answers[u"eth_simulateV1"_s] = executed(0);
        const auto simulation = simulate();
        QVERIFY(simulation.has_value() && !simulation->succeeded);
        QCOMPARE(simulation->gasUsed, 21'000U);
        QCOMPARE(simulation->method, u"eth_simulateV1"_s);
    }

    void simulatedLogsAndTransfersAreTaken()
    {
        const QString topic = u"0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"_s;
        const QJsonObject ether{{u"address"_s, u"0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"_s},
            {u"topics"_s, QJsonArray{topic, word(1), word(2)}}, {u"data"_s, word(7)}};
        QJsonObject own = ether;
        own.insert(u"address"_s, u"0x7a11000000000000000000000000000000007a11"_s);
        const auto answerWith = [this](const QJsonArray &logs) {
            QJsonObject call{
                {u"status"_s, u"0x1"_s}, {u"returnData"_s, word(1)}, {u"gasUsed"_s, u"0x5208"_s}, {u"logs"_s, logs}};
            m_answers[u"eth_simulateV1"_s] = result(QJsonArray{QJsonObject{{u"calls"_s, QJsonArray{call, call}}}});
        };
        answerWith({ether, own});
        const auto simulation = simulate();
        QVERIFY2(simulation.has_value(), qPrintable(simulation ? QString() : simulation.error().message));
        QVERIFY(simulation->succeeded && simulation->hasLogs && simulation->hasTransfers);
        QCOMPARE(simulation->logs.size(), size_t(1));
        QCOMPARE(simulation->transfers.size(), size_t(1));
        QCOMPARE(simulation->transfers.front().amount, Uint256(7));
        QCOMPARE(simulation->answers.size(), 1);
        QCOMPARE(simulation->limits.size(), 2); // calls and difference
        QJsonObject broken = ether;
        broken.insert(u"data"_s, u"0x"_s);
        answerWith({broken});
        QCOMPARE(simulate().error().kind, ErrorKind::Corrupt);
        answerWith({QJsonObject()});
        QCOMPARE(simulate().error().kind, ErrorKind::Corrupt);
    }

    void traceAloneIsEnough()
    {
        m_answers[u"callTracer"_s] = traced(word(1));
        m_answers[u"prestateTracer"_s] = difference();
        const auto simulation = simulate();
        QVERIFY2(simulation.has_value(), qPrintable(simulation ? QString() : simulation.error().message));
        QVERIFY(simulation->succeeded && simulation->hasChanges && simulation->trace);
        QCOMPARE(simulation->method, u"debug_traceCall"_s);
        QCOMPARE(simulation->gasUsed, 21'001U);
        QCOMPARE(simulation->limits.size(), 1); // the question has no answer
        QVERIFY(!m_asked.contains(u"eth_call"_s));
    }

    void refusedTraceIsSaid()
    {
        const QJsonObject refused{
            {u"error"_s, QJsonObject{{u"code"_s, -32000}, {u"message"_s, u"not on your plan"_s}}}};
        m_answers[u"callTracer"_s] = refused;
        m_answers[u"prestateTracer"_s] = refused;
        m_answers[u"eth_simulateV1"_s] = executed(1);
        const auto simulation = simulate();
        QVERIFY(simulation.has_value() && simulation->succeeded && !simulation->hasChanges);
        QCOMPARE(simulation->limits.size(), 2);
        QVERIFY2(simulation->limits.first().contains(u"not on your plan"), qPrintable(simulation->limits.first()));
    }

    void emptyDifferenceIsNotTakenForNoChange()
    {
        m_answers[u"eth_simulateV1"_s] = executed(1);
        m_answers[u"callTracer"_s]
            = {{u"error"_s, QJsonObject{{u"code"_s, -32602}, {u"message"_s, u"unknown tracer"_s}}}};
        m_answers[u"prestateTracer"_s] = result(QJsonObject{{u"pre"_s, QJsonObject()}, {u"post"_s, QJsonObject()}});
        const auto simulation = simulate();
        QVERIFY(simulation.has_value() && simulation->succeeded && !simulation->hasChanges);
        QCOMPARE(simulation->limits.size(), 2);
    }

    void traceThatIgnoresTheOverridesIsLeftOut()
    {
        m_answers[u"callTracer"_s] = traced(revertOf(u"GS025"), u"execution reverted"_s);
        m_answers[u"eth_simulateV1"_s] = executed(1);
        const auto simulation = simulate();
        QVERIFY2(simulation.has_value(), qPrintable(simulation ? QString() : simulation.error().message));
        QVERIFY2(simulation->succeeded && !simulation->trace, qPrintable(simulation->reason));
        QVERIFY2(simulation->limits.first().contains(u"ignores"), qPrintable(simulation->limits.first()));
    }

    void outcomesThatDisagreeAreAFailure()
    {
        m_answers[u"callTracer"_s] = traced(revertOf(u"GS013"), u"execution reverted"_s);
        m_answers[u"eth_simulateV1"_s] = executed(1);
        const auto refusedByTrace = simulate();
        QVERIFY(refusedByTrace.has_value() && !refusedByTrace->succeeded);
        QVERIFY2(refusedByTrace->reason.contains(u"disagree") && refusedByTrace->reason.contains(u"GS013"),
            qPrintable(refusedByTrace->reason));
        m_answers[u"callTracer"_s] = traced(word(1));
        m_answers[u"eth_simulateV1"_s] = executed(0);
        const auto refusedBySimulation = simulate();
        QVERIFY(refusedBySimulation.has_value() && !refusedBySimulation->succeeded);
        QVERIFY2(refusedBySimulation->reason.contains(u"disagree"), qPrintable(refusedBySimulation->reason));
    }

    void refusalForMissingApprovalsIsBelievedOnlyWhenTheyWereSeen()
    {
        m_answers[u"eth_call"_s] = reverted(revertOf(u"GS025")); // of an inner Safe
        const auto believed = simulate();
        QVERIFY(believed.has_value() && !believed->succeeded);
        QVERIFY2(believed->reason.startsWith(u"GS025"), qPrintable(believed->reason));
        m_answers[u"approvedHashes"_s] = result(word(0)); // the node ignores what it is told
        QCOMPARE(simulate().error().kind, ErrorKind::Unavailable); // and the chain has no accessor
        QVERIFY(m_asked.contains(u"eth_getCode"_s));
        m_answers[u"approvedHashes"_s] = result(u"0x01"_s);
        QCOMPARE(simulate().error().kind, ErrorKind::Corrupt);
    }

    void brokenAccessorAnswersAreCorrupt()
    {
        QCOMPARE(decodeAccessorAnswer({}).error().kind, ErrorKind::Corrupt);
        QCOMPARE(decodeAccessorAnswer(hex(u"01")).error().kind, ErrorKind::Corrupt);
        const Bytes one = Uint256(1).toBigEndian();
        const Bytes zero = Uint256().toBigEndian();
        QCOMPARE(decodeSimulateAndRevert(one).error().kind, ErrorKind::Corrupt);
        QCOMPARE(decodeSimulateAndRevert(zero + zero).error().kind, ErrorKind::Corrupt); // the delegatecall failed
        QCOMPARE(decodeSimulateAndRevert(one + one).error().kind, ErrorKind::Corrupt); // a byte is missing
        QCOMPARE(decodeSimulateAndRevert(one + one + "x").value(), Bytes("x"));
    }
};

QTEST_GUILESS_MAIN(TestSafeSimulation)
#include "tst_safesimulation.moc"
