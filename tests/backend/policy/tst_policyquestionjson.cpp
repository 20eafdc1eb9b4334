#include "backend/policy/policyquestionjson.h"
#include "tests/backend/policy/policysamples.h"

#include <QTest>

using namespace countersign;
using namespace countersign::samples;
using namespace std::chrono_literals;

namespace {

constexpr auto whole
    = R"json({"stage":"execute","chainId":"1","safe":"0x000000000000000000000000000000000000005A","environment":"practice",
"owners":["0x00000000000000000000000000000000000000a1"],"threshold":"2","holders":{"alice":"0x00000000000000000000000000000000000000a1"},
"proposer":"0x00000000000000000000000000000000000000a1","createdAt":"2025-03-05T11:00:00Z","firstSeenAt":"2025-03-05T11:30:00Z","expiresAt":"2025-03-05T13:00:00.500Z",
"now":"2025-03-05T12:00:00Z","approver":"0x00000000000000000000000000000000000000b2","executor":"0x00000000000000000000000000000000000000C3",
"approvals":["0x00000000000000000000000000000000000000C3"],"acknowledgements":["0x00000000000000000000000000000000000000b2"],
"recentApprovals":["2025-03-05T11:59:00Z"],"spent":[{"at":"2025-03-05T11:00:00Z","amount":"5"},
{"at":"2025-03-05T11:00:00Z","asset":"0x0000000000000000000000000000000000000071","amount":"0x10"}],
"fee":{"most":"3"},"overrides":[{"id":"policy.window","reason":"it burns","by":"0x00000000000000000000000000000000000000b2","secondPerson":"0x00000000000000000000000000000000000000C3"}],
"calls":[{"kind":"tokenTransfer","to":"0x0000000000000000000000000000000000000071","function":"transfer(address,uint256)","value":"0",
"token":{"asset":"0x0000000000000000000000000000000000000071","amount":"50","to":"0x0000000000000000000000000000000000000070"},"destinationKnown":true},
{"safe":"0x00000000000000000000000000000000000000b2","kind":"settings","operation":"delegatecall","to":"0x000000000000000000000000000000000000005A","selector":"0x610b5925",
"codeHash":"0x1111111111111111111111111111111111111111111111111111111111111101",
"installs":[{"role":"modules","address":"0x00000000000000000000000000000000000000D1"}]}]})json";

constexpr auto smallest = R"({"chainId":"1","safe":"0x000000000000000000000000000000000000005A","calls":[]})";

} // namespace

class TestPolicyQuestionJson final : public QObject {
    Q_OBJECT

private slots:
    void everyMemberIsRead()
    {
        const auto read = policyQuestionFromJson(whole);
        QVERIFY2(read, read ? "" : qPrintable(read.error().message));
        const PolicyQuestion &q = *read;
        QCOMPARE(q.stage, PolicyStage::Execute);
        QCOMPARE(q.chainId, ChainId(1));
        QCOMPARE(q.safe, safe);
        QCOMPARE(q.environment, EnvironmentKind::Practice);
        QCOMPARE(*q.owners, QList<Address>{alice});
        QCOMPARE(*q.threshold, 2U);
        QCOMPARE(q.holders.value(u"alice"_s), alice);
        QCOMPARE(*q.now, noon);
        QCOMPARE(*q.createdAt, noon - 1h);
        QCOMPARE(*q.firstSeenAt, noon - 30min);
        QCOMPARE(*q.expiresAt, noon + 1h + 500ms);
        QCOMPARE(*q.approver, bob);
        QCOMPARE(*q.executor, carol);
        QCOMPARE(q.approvals, QList<Address>{carol});
        QCOMPARE(q.acknowledgements, QList<Address>{bob});
        QCOMPARE(*q.recentApprovals, QList<Timestamp>{noon - 1min});
        QCOMPARE(q.spent->at(0), (PolicySpending{noon - 1h, ChainId(1), {}, 5}));
        QCOMPARE(q.spent->at(1), (PolicySpending{noon - 1h, ChainId(1), usdc, 16}));
        QCOMPARE(*q.fee, (PolicyFee{3, {}}));
        QCOMPARE(q.overrides, (QList<PolicyOverride>{{u"policy.window"_s, u"it burns"_s, bob, carol}}));
        QCOMPARE(q.calls.size(), 2);
        QVERIFY(q.calls[0] == tokenTransferOf(50));
        QCOMPARE(q.calls[1].safe, bob);
        QCOMPARE(q.calls[1].operation, SafeOperation::DelegateCall);
        QCOMPARE(q.calls[1].selector->value(), 0x610b5925U);
        QCOMPARE(*q.calls[1].codeHash, codeOf(1));
        QCOMPARE(q.calls[1].installs, (QList<InstalledCode>{{CodeRole::Module, account(0xd1), {}}}));
        QVERIFY(!q.calls[1].destinationKnown);
    }

    void whatIsLeftOutIsNotKnown()
    {
        const auto read = policyQuestionFromJson(smallest);
        QVERIFY2(read, read ? "" : qPrintable(read.error().message));
        QVERIFY(!read->owners && !read->threshold && !read->proposer && !read->now && !read->createdAt && !read->firstSeenAt && !read->spent
            && !read->fee && !read->recentApprovals && !read->environment && !read->approver);
        QCOMPARE(read->stage, PolicyStage::Sign);
    }

    void whatIsWrongIsTold_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *name, const char *from, const char *to, const QString &message) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << message;
        };
        row("unknown member", "\"stage\"", "\"stagger\"", u"stagger is not known"_s);
        row("unknown member inside", "\"destinationKnown\"", "\"destination\"", u"calls[0].destination is not known"_s);
        row("missing", "\"chainId\":\"1\",", "", u"chainId is missing"_s);
        row("missing inside", "\"kind\":\"settings\",", "", u"calls[1].kind is missing"_s);
        row("a number that is no text", "\"threshold\":\"2\"", "\"threshold\":2", u"threshold is no text"_s);
        row("a negative amount", "\"most\":\"3\"", "\"most\":\"-3\"", u"fee.most is wrong"_s);
        row("a time without its zone", "\"now\":\"2025-03-05T12:00:00Z\"", "\"now\":\"2025-03-05T12:00:00\"",
            u"now is wrong: a time reads"_s);
        row("a time too far", "\"now\":\"2025", "\"now\":\"1025", u"now is wrong"_s);
        row("no address", "\"approvals\":[\"0x", "\"approvals\":[\"1x", u"approvals[0] is no address"_s);
        row("another kind", "\"kind\":\"settings\"", "\"kind\":\"setting\"",
            u"calls[1].kind is wrong: there are transfer"_s);
        row("no function", "transfer(address,uint256)", "transfer(address, uint256)",
            u"calls[0].function is no canonical signature"_s);
        row("the wrong selector", "\"selector\":\"0x610b5925\"",
            "\"selector\":\"0x610b5925\",\"function\":\"enable()\"", u"calls[1].selector is not the function's"_s);
        row("a flag that is a text", "\"destinationKnown\":true", "\"destinationKnown\":\"true\"",
            u"calls[0].destinationKnown is neither"_s);
        row("no list", "\"calls\":[", "\"calls\":\"\",\"other\":[", u"calls is no list"_s);
        row("no JSON", "\"stage\"", "stage", QString());
    }

    void whatIsWrongIsTold()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QString, message);
        QByteArray json(whole);
        QVERIFY2(json.contains(from), from.constData());
        json.replace(json.indexOf(from), from.size(), to);
        const auto read = policyQuestionFromJson(json);
        QVERIFY(!read);
        QVERIFY2(read.error().message.contains(message), qPrintable(read.error().message));
        for (const char *other : {"[]", "\"\"", "1", ""})
            QVERIFY2(!policyQuestionFromJson(other), other);
    }
};

QTEST_GUILESS_MAIN(TestPolicyQuestionJson)
#include "tst_policyquestionjson.moc"
