#include "backend/evm/calltrace.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

const QString alice = u"0xa11ce000000000000000000000000000000a11ce"_s;
const QString proxy = u"0x5afe000000000000000000000000000000005afe"_s;
const QString code = u"0xc0de00000000000000000000000000000000c0de"_s;
const QString other = u"0x0123000000000000000000000000000000000123"_s;

QJsonObject call(const QString &type, const QString &from, const QString &to)
{
    return {{u"type"_s, type}, {u"from"_s, from}, {u"to"_s, to}, {u"input"_s, u"0x"_s}, {u"gasUsed"_s, u"0x10"_s},
        {u"value"_s, u"0x0"_s}};
}

QJsonObject with(QJsonObject object, const QString &name, const QJsonValue &value)
{
    object.insert(name, value);
    return object;
}

QJsonObject logOf(const QString &address, const QString &data, const QJsonValue &position)
{
    QJsonObject log{{u"address"_s, address}, {u"topics"_s, QJsonArray()}, {u"data"_s, data}};
    if (!position.isUndefined())
        log.insert(u"position"_s, position);
    return log;
}

CallTrace read(const QJsonValue &json)
{
    auto trace = callTraceFromJson(json);
    if (!trace)
        qFatal("%s", qPrintable(trace.error().message));
    return *std::move(trace);
}

} // namespace

class TestCallTrace final : public QObject {
    Q_OBJECT

private slots:
    void delegatedCodeWorksOnTheStorageOfWhoDelegates()
    {
        // proxy -> code (delegated) -> other (delegated by that code, still on the proxy's storage) -> its own call
        const QJsonObject inner
            = with(call(u"DELEGATECALL"_s, proxy, other), u"calls"_s, QJsonArray{call(u"STATICCALL"_s, proxy, alice)});
        const QJsonObject step = with(call(u"DELEGATECALL"_s, proxy, code), u"calls"_s, QJsonArray{inner});
        const CallTrace trace = read(with(call(u"CALL"_s, alice, proxy), u"calls"_s, QJsonArray{step}));
        QCOMPARE(trace.frames.size(), size_t(4));
        QCOMPARE(trace.frames[2].storage, address(proxy));
        QCOMPARE(trace.frames[2].depth, 2);
        QCOMPARE(trace.frames[2].parent, 1);
        QCOMPARE(trace.frames[3].storage, address(alice));
        QCOMPARE(delegatedCalls(trace).size(), size_t(2));
        const std::pair known(address(proxy), address(code));
        const auto foreign = delegatedCalls(trace, std::span(&known, 1));
        QCOMPARE(foreign.size(), size_t(1));
        QCOMPARE(foreign.front().code, address(other));
        QCOMPARE(foreign.front().frame, 2);
    }

    void implementationThatDelegatesToItselfAgainIsForeign()
    {
        const QJsonObject again = call(u"DELEGATECALL"_s, proxy, code);
        const QJsonObject step = with(call(u"DELEGATECALL"_s, proxy, code), u"calls"_s, QJsonArray{again});
        const CallTrace trace = read(with(call(u"CALL"_s, alice, proxy), u"calls"_s, QJsonArray{step}));
        const std::pair known(address(proxy), address(code));
        QCOMPARE(delegatedCalls(trace, std::span(&known, 1)).size(), size_t(1));
    }

    void whatFailedHadNoEffect()
    {
        const QJsonObject paid = with(with(call(u"CALL"_s, code, other), u"value"_s, u"0x5"_s), u"logs"_s,
            QJsonArray{logOf(other, u"0x02"_s, u"0x0"_s)});
        const QJsonObject failed = with(
            with(call(u"CALL"_s, alice, code), u"error"_s, u"execution reverted"_s), u"calls"_s, QJsonArray{paid});
        const CallTrace trace
            = read(with(with(call(u"CALL"_s, alice, proxy), u"value"_s, u"0x7"_s), u"calls"_s, QJsonArray{failed}));
        QVERIFY(trace.succeeded());
        QVERIFY(!trace.frames[0].undone && trace.frames[1].undone && trace.frames[2].undone);
        QVERIFY(trace.logs.empty());
        QVERIFY(etherTransfers(trace) == (std::vector<EtherTransfer>{{address(alice), address(proxy), Uint256(7)}}));
        QVERIFY(!trace.failure());
    }

    void logsStandWhereTheyWereWritten()
    {
        const QJsonObject child
            = with(call(u"CALL"_s, proxy, code), u"logs"_s, QJsonArray{logOf(code, u"0x02"_s, u"0x0"_s)});
        const QJsonArray own{
            logOf(proxy, u"0x01"_s, u"0x0"_s), logOf(proxy, u"0x03"_s, 1), logOf(proxy, u"0x04"_s, u"0x1"_s)};
        const CallTrace trace
            = read(with(with(call(u"CALL"_s, alice, proxy), u"calls"_s, QJsonArray{child}), u"logs"_s, own));
        QVERIFY(trace.logOrderKnown);
        QCOMPARE(trace.logs.size(), size_t(4));
        for (size_t i = 0; i < 4; ++i) {
            QCOMPARE(trace.logs[i].data, Bytes(1, static_cast<char>(i + 1)));
            QCOMPARE(trace.logs[i].logIndex, static_cast<quint32>(i));
        }
        const QJsonArray unplaced{logOf(proxy, u"0x01"_s, QJsonValue::Undefined)};
        QVERIFY(!read(with(call(u"CALL"_s, alice, proxy), u"logs"_s, unplaced)).logOrderKnown);
    }

    void failureIsTheInnermostThatWasNotSurvived()
    {
        const auto failing
            = [](const QString &to) { return with(call(u"CALL"_s, proxy, to), u"error"_s, u"execution reverted"_s); };
        const QJsonArray calls{failing(code), failing(other)};
        const CallTrace trace = read(with(failing(proxy), u"calls"_s, calls));
        QCOMPARE(trace.failure(), std::optional<qsizetype>(2));
        const QJsonArray survived{failing(code), call(u"CALL"_s, proxy, other)};
        QCOMPARE(read(with(failing(proxy), u"calls"_s, survived)).failure(), std::optional<qsizetype>(0));
    }

    void createdContractsHaveTheirCode()
    {
        const QJsonObject made
            = with(with(with(call(u"CREATE2"_s, proxy, other), u"output"_s, u"0x6001"_s), u"value"_s, u"0x1"_s),
                u"calls"_s, QJsonArray{with(call(u"SELFDESTRUCT"_s, other, alice), u"value"_s, u"0x1"_s)});
        const CallTrace trace = read(with(call(u"CALL"_s, alice, proxy), u"calls"_s, QJsonArray{made}));
        const auto created = createdContracts(trace);
        QCOMPARE(created.size(), size_t(1));
        QCOMPARE(created.front().creator, address(proxy));
        QCOMPARE(created.front().codeHash, keccak256(hex(u"6001")));
        QVERIFY(created.front().destroyed);
        QVERIFY(created.front().kind == CallKind::Create2);
        const auto ends = selfDestructs(trace);
        QCOMPARE(ends.size(), size_t(1));
        QCOMPARE(ends.front().contract, address(other));
        QCOMPARE(ends.front().beneficiary, address(alice));
        // What stands there afterwards counts more than what the creation returned.
        StateDiff diff;
        diff.codes.append({address(other), {}, hex(u"600102")});
        QCOMPARE(createdContracts(trace, &diff).front().codeSize, 3);
    }

    void selectorsAreOfCallsOnly()
    {
        const CallTrace trace = read(with(call(u"CALL"_s, alice, proxy), u"input"_s, u"0x6a76120200"_s));
        QCOMPARE(trace.root().selector()->toString(), u"0x6a761202"_s);
        QVERIFY(!read(with(call(u"CREATE"_s, alice, proxy), u"input"_s, u"0x6a76120200"_s)).root().selector());
        QVERIFY(!read(call(u"CALL"_s, alice, proxy)).root().selector());
    }

    void wrongShapesAreCorrupt_data()
    {
        QTest::addColumn<QJsonValue>("json");
        const QJsonObject good = call(u"CALL"_s, alice, proxy);
        QTest::newRow("nothing") << QJsonValue();
        QTest::newRow("list") << QJsonValue(QJsonArray{good});
        QTest::newRow("empty") << QJsonValue(QJsonObject());
        for (const auto &[name, value] :
            {std::pair(u"type"_s, QJsonValue(u"JUMP"_s)), std::pair(u"type"_s, QJsonValue(1)),
                std::pair(u"from"_s, QJsonValue(u"0x12"_s)), std::pair(u"to"_s, QJsonValue()),
                std::pair(u"to"_s, QJsonValue(u"proxy"_s)), std::pair(u"input"_s, QJsonValue()),
                std::pair(u"input"_s, QJsonValue(u"0x1"_s)), std::pair(u"value"_s, QJsonValue(5)),
                std::pair(u"value"_s, QJsonValue(u"0x05"_s)), std::pair(u"output"_s, QJsonValue(u"abc"_s)),
                std::pair(u"gasUsed"_s, QJsonValue(u"0x10000000000000000"_s)), std::pair(u"error"_s, QJsonValue(true)),
                std::pair(u"error"_s, QJsonValue(QString())), std::pair(u"calls"_s, QJsonValue(QJsonObject())),
                std::pair(u"calls"_s, QJsonValue(QJsonArray{1})), std::pair(u"logs"_s, QJsonValue(u"none"_s)),
                std::pair(u"logs"_s, QJsonValue(QJsonArray{1})),
                std::pair(u"logs"_s, QJsonValue(QJsonArray{logOf(proxy, u"0x"_s, u"0x1"_s)})),
                std::pair(u"logs"_s, QJsonValue(QJsonArray{logOf(proxy, u"0x"_s, -1)})),
                std::pair(u"logs"_s, QJsonValue(QJsonArray{logOf(proxy, u"0x"_s, 0.5)})),
                std::pair(u"logs"_s, QJsonValue(QJsonArray{logOf(proxy, u"zz"_s, 0)}))})
            QTest::addRow("%s %s", qPrintable(name),
                QJsonDocument(QJsonObject{{u"x"_s, value}}).toJson(QJsonDocument::Compact).constData())
                << QJsonValue(with(good, name, value));
        QJsonArray topics;
        for (int i = 0; i < 5; ++i)
            topics.append(u"0x%1"_s.arg(i, 64, 10, QLatin1Char('0')));
        const QJsonObject manyTopics = with(logOf(proxy, u"0x"_s, 0), u"topics"_s, topics);
        QTest::newRow("five topics") << QJsonValue(with(good, u"logs"_s, QJsonArray{manyTopics}));
        QJsonObject targetless = good;
        targetless.remove(u"to"_s);
        QTest::newRow("call to nobody") << QJsonValue(targetless);
    }

    void wrongShapesAreCorrupt()
    {
        QFETCH(QJsonValue, json);
        const auto trace = callTraceFromJson(json);
        QVERIFY(!trace);
        QCOMPARE(trace.error().kind, ErrorKind::Corrupt);
    }

    void floodsAreRefused()
    {
        QJsonObject deep = call(u"CALL"_s, alice, proxy);
        for (int i = 0; i < CallTrace::maxDepth + 1; ++i)
            deep = with(call(u"CALL"_s, alice, proxy), u"calls"_s, QJsonArray{deep});
        QCOMPARE(callTraceFromJson(deep).error().kind, ErrorKind::Exhausted);
        QJsonArray many;
        for (qsizetype i = 0; i < CallTrace::maxFrames; ++i)
            many.append(call(u"CALL"_s, alice, proxy));
        QCOMPARE(callTraceFromJson(with(call(u"CALL"_s, alice, proxy), u"calls"_s, many)).error().kind,
            ErrorKind::Exhausted);
        QJsonArray logs;
        for (qsizetype i = 0; i <= CallTrace::maxLogs; ++i)
            logs.append(logOf(proxy, u"0x"_s, u"0x0"_s));
        QCOMPARE(
            callTraceFromJson(with(call(u"CALL"_s, alice, proxy), u"logs"_s, logs)).error().kind, ErrorKind::Exhausted);
    }
};

QTEST_GUILESS_MAIN(TestCallTrace)
#include "tst_calltrace.moc"
