#include "backend/policy/policyevaluation.h"
#include "backend/policy/policyseverities.h"
#include "tests/backend/policy/policysamples.h"

#include <QTest>

#include <algorithm>
#include <functional>

using namespace countersign;
using namespace countersign::samples;
using namespace std::chrono_literals;

using Change = std::function<void(PolicyQuestion &)>;
Q_DECLARE_METATYPE(PolicyQuestion)

namespace {

/// Ids of what blocks.
QStringList blocks(const PolicyVerdict &verdict)
{
    QStringList ids;
    for (const PolicyFinding &finding : verdict.findings) {
        if (finding.severity == PolicySeverity::Block)
            ids.append(finding.id);
    }
    return ids;
}

QStringList blocks(const Policy &policy, const PolicyQuestion &asked)
{
    return blocks(evaluatePolicy(policy, asked));
}

PolicyQuestion with(PolicyQuestion asked, const Change &change)
{
    change(asked);
    return asked;
}

PolicyCall change(PolicyCall call, const std::function<void(PolicyCall &)> &how)
{
    how(call);
    return call;
}

/// The policy with that matcher in its only rule, which blocks.
Policy blocking(const QByteArray &when)
{
    return policyOf("contacts: [{name: c, address: " + quoted(account(0x77))
            + ", proven: challenge}, {name: n, address: " + quoted(account(0x78)) + ", proven: none}]\n",
        "  - {name: r, when: {" + when + "}, action: block}\n");
}

const KnownSafeContract &callOnly()
{
    static const KnownSafeContract known = *knownSafeContract(
        *safeContractAddress(SafeContract::MultiSendCallOnly, SafeVersion::v141(), ChainId(1)), ChainId(1));
    return known;
}

} // namespace

class TestPolicyEvaluation final : public QObject {
    Q_OBJECT

private slots:
    void whatNothingForbidsPasses();
    void everyPartOfAMatcherDecides_data();
    void everyPartOfAMatcherDecides();
    void theFirstRuleThatFitsDecides();
    void theReasonsAreTold();
    void aRuleBehindTheOneThatDecidesChangesNothing();
    void anUndecidedRuleBlocksEvenWhereALaterOneAllows();
    void rulesRequireMore();
    void delegatecallsGoToListedCodeOnly_data();
    void delegatecallsGoToListedCodeOnly();
    void installedCodeIsListed_data();
    void installedCodeIsListed();
    void limitsHold_data();
    void limitsHold();
    void timesHold_data();
    void timesHold();
    void peopleAreWhoTheyMustBe_data();
    void peopleAreWhoTheyMustBe();
    void approvalsAreCounted_data();
    void approvalsAreCounted();
    void acknowledgementsAndSecondPersons();
    void overridesNeedAReasonAndTwoPeople_data();
    void overridesNeedAReasonAndTwoPeople();
    void severitiesAreRaisedAndNotLoweredUnnoticed();
    void theDefaultPolicy_data();
    void theDefaultPolicy();
};

void TestPolicyEvaluation::whatNothingForbidsPasses()
{
    const PolicyVerdict verdict = evaluatePolicy(policyOf(), question());
    QVERIFY2(verdict.findings.isEmpty(), qPrintable(verdict.findings.value(0).message));
    QCOMPARE(verdict.calls.size(), 1);
    QVERIFY(!verdict.calls[0].rule);
    QCOMPARE(verdict.calls[0].action, RuleAction::Allow);
    QCOMPARE(blocks(policyOf({}, {}, "block"), question()), QStringList{u"policy.default"_s});
    QCOMPARE(blocks(policyOf(), question({})), QStringList{u"policy.fact"_s});
}

void TestPolicyEvaluation::everyPartOfAMatcherDecides_data()
{
    QTest::addColumn<QByteArray>("when");
    QTest::addColumn<PolicyQuestion>("asked");
    QTest::addColumn<QString>("id"); // of the finding: the rule fits, does not (empty), or cannot be decided
    const QString fits = u"policy.rule"_s;
    const QString undecided = u"policy.fact"_s;
    const QString no;
    const auto row = [](const char *name, const QByteArray &when, const PolicyQuestion &asked, const QString &id) {
        QTest::newRow(name) << when << asked << id;
    };
    const PolicyQuestion plain = question();
    const PolicyCall unreadable = callOf(ActionKind::Unreadable);
    row("chain", "chains: [5, 1]", plain, fits);
    row("other chain", "chains: [5]", plain, no);
    row("Safe", "safes: [" + quoted(safe) + "]", plain, fits);
    row("other Safe", "safes: [" + quoted(bob) + "]", plain, no);
    row("Safe of an inner call", "safes: [" + quoted(bob) + "]",
        question({change(transferOf(1), [](auto &c) { c.safe = bob; })}), fits);
    row("kind", "kinds: [call, transfer]", plain, fits);
    row("other kind", "kinds: [call]", plain, no);
    row("kind of the unreadable", "kinds: [call]", question({unreadable}), undecided);
    row("the unreadable itself", "kinds: [unreadable]", question({unreadable}), fits);
    row("target", "targets: [" + quoted(bob) + ", " + quoted(custodian) + "]", plain, fits);
    row("other target", "targets: [" + quoted(bob) + "]", plain, no);
    row("function", "functions: [\"mint()\", \"burn()\"]", question({callOf(ActionKind::Call, u"burn()"_s)}), fits);
    row("function by selector", "functions: [\"0x44df8e70\"]", question({callOf(ActionKind::Call, u"burn()"_s)}), fits);
    row("other function", "functions: [\"mint()\"]", question({callOf(ActionKind::Call, u"burn()"_s)}), no);
    row("no function", "functions: [\"mint()\"]", plain, no);
    row("call", "operation: call", plain, fits);
    row("no delegatecall", "operation: delegatecall", plain, no);
    row("value at the lower end", "value: {from: \"1 wei\", to: \"5 wei\"}", plain, fits);
    row("value at the upper end", "value: {from: \"1 wei\", to: \"5 wei\"}", question({transferOf(5)}), fits);
    row("value below", "value: {from: \"2 wei\"}", plain, no);
    row("value above", "value: {to: \"5 wei\"}", question({transferOf(6)}), no);
    const QByteArray amount = "amount: {asset: " + quoted(usdc) + ", decimals: 6, from: \"1\"}";
    row("amount", amount, question({tokenTransferOf(1'000'000)}), fits);
    row("amount below", amount, question({tokenTransferOf(999'999)}), no);
    row("amount of another token", amount,
        question({change(tokenTransferOf(1'000'000), [](auto &c) { c.token->asset = bob; })}), no);
    row("amount of no token", amount, plain, no);
    row("amount not read", amount, question({callOf(ActionKind::TokenTransfer)}), undecided);
    row("amount of the unreadable", amount, question({unreadable}), undecided);
    const Address contact = account(0x77);
    const Address unproven = account(0x78);
    const auto strange = [](const Address &to) {
        return question({change(transferOf(1, to), [](auto &c) { c.destinationKnown = false; })});
    };
    const auto unasked = [](const Address &to) {
        return question({change(transferOf(1, to), [](auto &c) { c.destinationKnown.reset(); })});
    };
    row("listed", "destination: listed", strange(contact), fits);
    row("listed without a proof", "destination: listed", strange(unproven), no);
    row("not listed", "destination: listed", plain, no);
    row("not listed, whatever the book says", "destination: listed", unasked(custodian), no);
    row("known to the console", "destination: known", plain, fits);
    row("known to the policy", "destination: known", strange(unproven), fits);
    row("not known", "destination: known", strange(custodian), no);
    row("unknown", "destination: unknown", strange(custodian), fits);
    row("not unknown", "destination: unknown", unasked(contact), no);
    row("unknown or not", "destination: unknown", unasked(custodian), undecided);
    row("destination of a token", "destination: listed", question({tokenTransferOf(1, contact)}), fits);
    row("token itself is no destination", "destination: unknown",
        question({change(tokenTransferOf(1, contact), [](auto &c) { c.destinationKnown = false; })}), no);
    row("destination of a token not read", "destination: listed", question({callOf(ActionKind::TokenTransfer)}),
        undecided);
    row("initiator by name", "initiators: [bob, alice]", plain, fits);
    row("initiator by address", "initiators: [" + quoted(alice) + "]", plain, fits);
    row("initiator among the owners", "initiators: [owners]", plain, fits);
    row("other initiator", "initiators: [bob]", plain, no);
    row("initiator of an unknown name", "initiators: [dave]", plain, undecided);
    row("initiator, owners not read", "initiators: [owners]", with(plain, [](auto &q) { q.owners.reset(); }),
        undecided);
    row("all parts", "chains: [1], kinds: [transfer], destination: known", plain, fits);
    row("one part does not fit", "chains: [1], kinds: [call], destination: known", plain, no);
    // A part that does not fit decides, even beside one that is not known.
    row("one part does not fit, another is unknown", "destination: unknown, initiators: [bob]", unasked(custodian), no);
}

void TestPolicyEvaluation::everyPartOfAMatcherDecides()
{
    QFETCH(QByteArray, when);
    QFETCH(PolicyQuestion, asked);
    QFETCH(QString, id);
    asked.approver.reset(); // nobody signs: only the rules speak
    const QStringList found = blocks(blocking(when), asked);
    QVERIFY2(found.contains(id) || id.isEmpty(), qPrintable(found.join(u' ')));
    for (const QString &rule : {u"policy.rule"_s, u"policy.fact"_s}) {
        if (rule != id && asked.owners)
            QVERIFY2(!found.contains(rule), qPrintable(found.join(u' ')));
    }
}

void TestPolicyEvaluation::theFirstRuleThatFitsDecides()
{
    const QByteArray allow = "  - {name: a, when: {kinds: [transfer]}, action: allow}\n";
    const QByteArray block = "  - {name: b, when: {chains: [1]}, action: block}\n";
    QVERIFY(blocks(policyOf({}, allow + block, "block"), question()).isEmpty());
    QCOMPARE(blocks(policyOf({}, block + allow, "block"), question()), QStringList{u"policy.rule"_s});
    // Every call for itself.
    const PolicyVerdict mixed
        = evaluatePolicy(policyOf({}, allow + block, "block"), question({transferOf(1), callOf(ActionKind::Call)}));
    QCOMPARE(mixed.calls[0].rule, 0);
    QCOMPARE(mixed.calls[1].rule, 1);
    QCOMPARE(blocks(mixed), QStringList{u"policy.rule"_s});
}

void TestPolicyEvaluation::theReasonsAreTold()
{
    const Policy policy = policyOf({},
        "  - {name: far, when: {chains: [5]}, action: allow}\n"
        "  - {name: large, when: {value: {from: \"1 ether\"}}, action: block}\n"
        "  - {name: rest, when: {kinds: [transfer]}, action: block, reason: Not on a Wednesday.}\n"
        "  - {name: never, when: {kinds: [transfer]}, action: allow}\n");
    const PolicyVerdict verdict = evaluatePolicy(policy, question());
    const QList<RuleTrial> &trials = verdict.calls[0].trials;
    QCOMPARE(trials.size(), 3);
    QCOMPARE(trials[0].why, u"the chain is 1"_s);
    QCOMPARE(trials[1].why, u"the value is 0.000000000000000001 ether"_s);
    QCOMPARE(trials[2].outcome, RuleTrial::Outcome::Fits);
    QCOMPARE(verdict.finding(u"policy.rule")->evidence, u"Not on a Wednesday."_s);
    QVERIFY(verdict.finding(u"policy.rule")->message.contains(u"“rest” forbids call 1, a transfer"_s));
}

void TestPolicyEvaluation::aRuleBehindTheOneThatDecidesChangesNothing()
{
    // Every rule of this list, behind every prefix of it that decides, for every question: the verdict is the same.
    const QList<QByteArray> rules{"when: {kinds: [call]}, action: block",
        "when: {value: {from: \"3 wei\"}}, action: require, require: {approvals: 3}",
        "when: {destination: unknown}, action: block", "when: {kinds: [transfer]}, action: allow",
        "when: {chains: [1]}, action: block", "when: {initiators: [dave]}, action: allow"};
    QList<PolicyQuestion> questions;
    for (const PolicyCall &call :
        {transferOf(1), transferOf(9), callOf(ActionKind::Call), tokenTransferOf(4), callOf(ActionKind::Unreadable)})
        questions.append({question({call}),
            with(question({call, transferOf(2)}), [](auto &q) { q.calls[0].destinationKnown.reset(); })});
    int compared = 0;
    for (qsizetype count = 1; count <= rules.size(); ++count) {
        QByteArray text;
        for (qsizetype i = 0; i < count; ++i)
            text += "  - {name: r" + QByteArray::number(i) + ", " + rules[i] + "}\n";
        const Policy shorter = policyOf({}, text, "block");
        for (const PolicyQuestion &asked : std::as_const(questions)) {
            const PolicyVerdict before = evaluatePolicy(shorter, asked);
            const bool allDecided = std::ranges::all_of(before.calls, [](const CallVerdict &call) {
                return call.rule || call.trials.last().outcome == RuleTrial::Outcome::Undecided;
            });
            if (!allDecided)
                continue;
            for (const QByteArray &added : rules) {
                const Policy longer = policyOf({}, text + "  - {name: added, " + added + "}\n", "block");
                QVERIFY(evaluatePolicy(longer, asked) == before);
                ++compared;
            }
        }
    }
    QVERIFY2(compared > 100, qPrintable(QString::number(compared)));
}

void TestPolicyEvaluation::anUndecidedRuleBlocksEvenWhereALaterOneAllows()
{
    const Policy policy = policyOf({},
        "  - {name: strangers, when: {destination: unknown}, action: block}\n"
        "  - {name: all, when: {kinds: [transfer]}, action: allow}\n");
    PolicyQuestion asked = question();
    QVERIFY(blocks(policy, asked).isEmpty());
    asked.calls[0].destinationKnown.reset();
    const PolicyVerdict verdict = evaluatePolicy(policy, asked);
    QCOMPARE(blocks(verdict), QStringList{u"policy.fact"_s});
    QVERIFY(!verdict.calls[0].rule);
    QCOMPARE(verdict.calls[0].trials.size(), 1);
    QVERIFY(verdict.findings[0].message.contains(u"“strangers”"_s));
}

void TestPolicyEvaluation::rulesRequireMore()
{
    const QByteArray sections = "roles: {proposers: [anyone], approvers: [owners], executors: [anyone], "
                                "proposerMayApprove: true, minimumApprovals: 1,"
                                " groups: {risk: {members: [alice], threshold: 1}}}\n";
    const Policy policy = policyOf(sections,
        "  - {name: large, when: {value: {from: \"10 wei\"}}, action: require, require: {approvals: 3, group: risk, "
        "coolingOff: 2h, secondPerson: true}}\n");
    QVERIFY(blocks(policy, question({transferOf(9)})).isEmpty());
    PolicyQuestion asked = question({transferOf(1), transferOf(10)});
    PolicyVerdict verdict = evaluatePolicy(policy, asked);
    QCOMPARE(blocks(verdict), QStringList{u"policy.coolingOff"_s}); // carol has signed: she is the second person
    QCOMPARE(*verdict.notBefore, noon + 1h);
    QCOMPARE(verdict.needs[0], (PolicyNeed{PolicyNeed::Kind::Approvals, {}, 3, 1, false}));
    QCOMPARE(verdict.needs[1], (PolicyNeed{PolicyNeed::Kind::Group, u"risk"_s, 1, 0, false}));
    asked.approvals.clear();
    asked.now = noon + 1h;
    QCOMPARE(blocks(policy, asked), QStringList{u"policy.secondPerson"_s});
    asked.stage = PolicyStage::Execute;
    asked.executor = mallory;
    asked.approvals = {bob, carol};
    verdict = evaluatePolicy(policy, asked);
    QCOMPARE(blocks(verdict), QStringList{u"policy.approvals"_s});
    QCOMPARE(verdict.findings[0].evidence, u"2 of 3 approvals; 0 of 1 from risk"_s);
    asked.approvals.append(alice);
    QVERIFY(blocks(policy, asked).isEmpty());
}

void TestPolicyEvaluation::delegatecallsGoToListedCodeOnly_data()
{
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<int>("chain");
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("codeHash"); // empty: not read
    QTest::addColumn<QString>("id");
    const QString library = text(callOnly().deployment.address);
    const QString code = callOnly().deployment.codeHash.toString();
    const QByteArray own = "{name: own, chain: 1, address: " + quoted(account(0xd1)) + ", codeHash: \""
        + codeOf(1).toString().toLatin1() + "\"}";
    const QString refused = u"policy.delegatecall"_s;
    QTest::newRow("published") << QByteArray("{published: MultiSendCallOnly}") << 1 << library << code << QString();
    // A practice chain is in no list of Safe's, but the same code at the same address is the same library.
    QTest::newRow("published, elsewhere")
        << QByteArray("{published: MultiSendCallOnly}") << 31337 << library << code << QString();
    QTest::newRow("published, other code")
        << QByteArray("{published: MultiSendCallOnly}") << 1 << library << codeOf(1).toString() << refused;
    QTest::newRow("published, code not read")
        << QByteArray("{published: MultiSendCallOnly}") << 1 << library << QString() << u"policy.fact"_s;
    QTest::newRow("published, not this one")
        << QByteArray("{published: CreateCall}") << 1 << library << code << refused;
    QTest::newRow("its code elsewhere") << QByteArray("{published: MultiSendCallOnly}") << 1 << text(bob) << code
                                        << refused;
    QTest::newRow("own") << own << 1 << text(account(0xd1)) << codeOf(1).toString() << QString();
    QTest::newRow("own, other code") << own << 1 << text(account(0xd1)) << codeOf(2).toString() << refused;
    QTest::newRow("own, other chain") << own << 5 << text(account(0xd1)) << codeOf(1).toString() << refused;
    QTest::newRow("no list") << QByteArray() << 1 << library << code << refused;
}

void TestPolicyEvaluation::delegatecallsGoToListedCodeOnly()
{
    QFETCH(QByteArray, list);
    QFETCH(int, chain);
    QFETCH(QString, address);
    QFETCH(QString, codeHash);
    QFETCH(QString, id);
    PolicyCall call = callOf(ActionKind::Batch, {}, *Address::parse(address));
    call.operation = SafeOperation::DelegateCall;
    if (!codeHash.isEmpty())
        call.codeHash = *Hash32::parse(codeHash);
    PolicyQuestion asked = question({call});
    asked.chainId = ChainId(static_cast<quint64>(chain));
    const Policy policy = policyOf("allow: {delegatecalls: [" + list + "]}\n");
    QCOMPARE(blocks(policy, asked), id.isEmpty() ? QStringList() : QStringList{id});
    // As an inner call too.
    asked.calls.prepend(transferOf(1));
    QCOMPARE(blocks(policy, asked), id.isEmpty() ? QStringList() : QStringList{id});
}

void TestPolicyEvaluation::installedCodeIsListed_data()
{
    QTest::addColumn<int>("role");
    QTest::addColumn<int>("listedAs");
    QTest::addColumn<int>("code"); // 0: not read
    QTest::addColumn<QString>("id");
    for (const CodeRole role :
        {CodeRole::Module, CodeRole::Guard, CodeRole::FallbackHandler, CodeRole::Implementation}) {
        const QByteArray name = policyWord(role).toLatin1();
        const auto row = [&](const char *what, CodeRole listedAs, int code, const QString &id) {
            QTest::newRow((name + ' ' + what).constData())
                << static_cast<int>(role) << static_cast<int>(listedAs) << code << id;
        };
        row("listed", role, 1, {});
        row("other code", role, 2, u"policy.code"_s);
        row("not read", role, 0, u"policy.fact"_s);
        // A list is for one thing: a trusted library is no trusted module.
        row("listed for a delegatecall", CodeRole::Delegatecall, 1, u"policy.code"_s);
    }
}

void TestPolicyEvaluation::installedCodeIsListed()
{
    QFETCH(int, role);
    QFETCH(int, listedAs);
    QFETCH(int, code);
    QFETCH(QString, id);
    PolicyCall call = callOf(ActionKind::Settings, {}, safe);
    call.installs.append({static_cast<CodeRole>(role), account(0xd1), {}});
    if (code > 0)
        call.installs[0].codeHash = codeOf(static_cast<quint8>(code));
    const Policy policy = policyOf("allow: {" + policyWord(static_cast<CodeRole>(listedAs)).toLatin1()
        + ": [{name: own, chain: 1, address: " + quoted(account(0xd1)) + ", codeHash: \""
        + codeOf(1).toString().toLatin1() + "\"}]}\n");
    QCOMPARE(blocks(policy, question({call})), id.isEmpty() ? QStringList() : QStringList{id});
    // Taking code away installs nothing.
    call.installs[0] = {static_cast<CodeRole>(role), Address(), {}};
    QVERIFY(blocks(policy, question({call})).isEmpty());
}

void TestPolicyEvaluation::limitsHold_data()
{
    QTest::addColumn<PolicyQuestion>("asked");
    QTest::addColumn<QStringList>("ids");
    const auto row = [](const char *name, const PolicyQuestion &asked, const QStringList &ids = {}) {
        QTest::newRow(name) << asked << ids;
    };
    const QStringList once{u"policy.limit.transaction"_s};
    const QStringList window{u"policy.limit.window"_s};
    const QStringList fact{u"policy.fact"_s};
    const auto spent = [](const PolicyQuestion &asked, const QList<PolicySpending> &history) {
        return with(asked, [&](auto &q) { q.spent = history; });
    };
    row("native, all of it", question({transferOf(10)}));
    row("native, too much", question({transferOf(11)}), once);
    row("native, too much together", question({transferOf(6), transferOf(5)}), once);
    row("to itself", question({transferOf(100, safe)}));
    row("a number that overflows", question({transferOf(Uint256::max()), transferOf(1)}),
        QStringList{u"policy.limit.transaction"_s, u"policy.limit.window"_s});
    row("24 hours, all of it", spent(question({transferOf(10)}), {{noon - 23h, ChainId(1), {}, 10}}));
    row("24 hours, too much", spent(question({transferOf(10)}), {{noon - 23h, ChainId(1), {}, 11}}), window);
    row("24 hours ago is over", spent(question({transferOf(10)}), {{noon - 24h, ChainId(1), {}, 11}}));
    row("7 days",
        spent(question({transferOf(1)}), {{noon - 48h, ChainId(1), {}, 20}, {noon - 72h, ChainId(1), {}, 20}}), window);
    row("7 days ago is over",
        spent(question({transferOf(1)}), {{noon - 48h, ChainId(1), {}, 20}, {noon - 168h, ChainId(1), {}, 20}}));
    row("another chain", spent(question({transferOf(10)}), {{noon, ChainId(5), {}, 100}}));
    row("another asset", spent(question({transferOf(10)}), {{noon, ChainId(1), usdc, 100}}));
    row("by a clock ahead of ours", spent(question({transferOf(10)}), {{noon + 1h, ChainId(1), {}, 11}}), window);
    row("history not read", with(question({transferOf(1)}), [](auto &q) { q.spent.reset(); }), fact);
    row("history not needed", with(question({callOf(ActionKind::Call)}), [](auto &q) { q.spent.reset(); }));
    row("token, all of it", question({tokenTransferOf(50)}));
    row("token, too much", question({tokenTransferOf(51)}), once);
    row("token, too much together", question({tokenTransferOf(26), tokenTransferOf(25, bob)}), once);
    row("token, 24 hours", spent(question({tokenTransferOf(50)}), {{noon, ChainId(1), usdc, 11}}), window);
    row("an allowance counts", question({change(tokenTransferOf(51), [](auto &c) { c.kind = ActionKind::Allowance; })}),
        once);
    row("token not read", question({callOf(ActionKind::TokenTransfer)}), fact);
    row("token without limits", question({change(tokenTransferOf(1), [](auto &c) { c.token->asset = bob; })}),
        {u"policy.limit.token"_s});
    row("nothing of a token without limits",
        question({change(tokenTransferOf(0), [](auto &c) { c.token->asset = bob; })}));
    const auto fee = [](quint64 most, const Address &asset) {
        return with(question(), [&](auto &q) { q.fee = PolicyFee{most, asset}; });
    };
    row("fee", fee(3, {}));
    row("fee, too much", fee(4, {}), {u"policy.fee"_s});
    row("fee in a token", fee(1, usdc), {u"policy.fee"_s});
    row("fee not read", with(question(), [](auto &q) { q.fee.reset(); }), fact);
    row("chain without limits", with(question({transferOf(1'000'000)}), [](auto &q) {
        q.chainId = ChainId(9);
        q.spent.reset();
        q.fee.reset();
    }));
}

void TestPolicyEvaluation::limitsHold()
{
    QFETCH(PolicyQuestion, asked);
    QFETCH(QStringList, ids);
    const Policy policy = policyOf("limits: [{chain: 1, native: {perTransaction: \"10 wei\", per24h: \"20 wei\", "
                                   "per7d: \"40 wei\"}, maxFee: \"3 wei\","
                                   " tokens: [{asset: "
        + quoted(usdc) + ", name: USDC, decimals: 1, perTransaction: \"5\", per24h: \"6\"}], otherTokens: block}]\n");
    QStringList found = blocks(policy, asked);
    found.removeDuplicates();
    QCOMPARE(found, ids);
}

void TestPolicyEvaluation::timesHold_data()
{
    QTest::addColumn<QByteArray>("sections");
    QTest::addColumn<PolicyQuestion>("asked");
    QTest::addColumn<QStringList>("ids");
    const auto row = [](const char *name, const QByteArray &sections, const PolicyQuestion &asked,
                         const QStringList &ids = {}) { QTest::newRow(name) << sections << asked << ids; };
    const PolicyQuestion settings = question({callOf(ActionKind::Settings)}); // known for an hour
    const auto noCreation = [](auto &q) { q.createdAt.reset(); };
    const auto noNow = [](auto &q) { q.now.reset(); };
    const auto inPractice = [](auto &q) { q.environment = EnvironmentKind::Practice; };
    const QStringList cooling{u"policy.coolingOff"_s};
    const QStringList fact{u"policy.fact"_s};
    const QByteArray off = "coolingOff: {otherwise: \"0\", settings: 2h, transfer: 1h}\n";
    row("cooling off", off, settings, cooling);
    row("cooled off to the second", off, question());
    row("a second less", off, with(question(), [](auto &q) { q.createdAt = noon - 1h + 1s; }), cooling);
    row("the longest counts", off, question({transferOf(1), callOf(ActionKind::Settings)}), cooling);
    row("another kind", off, question({callOf(ActionKind::Call)}));
    row("what stands for the others", "coolingOff: {otherwise: 2h, transfer: \"0\"}\n",
        question({callOf(ActionKind::Call)}), cooling);
    row("a batch is what it holds", "coolingOff: {otherwise: 2h, transfer: \"0\"}\n",
        question({callOf(ActionKind::Batch), transferOf(1)}));
    row("a batch that is named", "coolingOff: {otherwise: \"0\", batch: 2h}\n",
        question({callOf(ActionKind::Batch), transferOf(1)}), cooling);
    row("creation not known", off, with(settings, noCreation), fact);
    row("time not known", off, with(settings, noNow), fact);
    row("proposed in the future", off, with(settings, [](auto &q) { q.createdAt = noon + 1h; }),
        {u"policy.postdated"_s, u"policy.coolingOff"_s});
    row("practice, not waived", off, with(settings, inPractice), cooling);
    row("practice, waived", off + "practice: {waive: [coolingOff]}\n", with(settings, inPractice));
    row("practice, something else waived", off + "practice: {waive: [changeWindows]}\n", with(settings, inPractice),
        cooling);
    row("waived, but production", off + "practice: {waive: [coolingOff]}\n", settings, cooling);
    row("waived, but kind not known", off + "practice: {waive: [coolingOff]}\n",
        with(settings, [](auto &q) { q.environment.reset(); }), cooling);

    const QByteArray expiry = "expiry: {otherwise: 2h, longest: 3h}\n";
    row("expires later", expiry, question());
    row("expired by default", expiry, with(question(), [](auto &q) { q.createdAt = noon - 2h; }),
        {u"policy.expired"_s});
    row("expired as it says", {}, with(question(), [](auto &q) { q.expiresAt = noon; }), {u"policy.expired"_s});
    row("its own end counts", expiry, with(question(), [](auto &q) {
        q.createdAt = noon - 2h;
        q.expiresAt = noon + 1h;
    }));
    row("valid for too long", expiry, with(question(), [](auto &q) { q.expiresAt = noon + 2h + 1s; }),
        {u"policy.expiry"_s});
    row("expiry, creation not known", expiry, with(question(), noCreation), fact);
    row("expiry, time not known", expiry, with(question(), noNow), fact);

    const QByteArray windows = "changeWindows: {kinds: [settings], windows: [{days: [wed], from: \"11:00\", to: "
                               "\"12:00\"}, {days: [wed, thu], from: \"13:00\", to: \"24:00\"}]}\n";
    const auto at
        = [&](std::chrono::minutes later) { return with(settings, [later](auto &q) { q.now = noon + later; }); };
    const QStringList closed{u"policy.window"_s};
    row("window", windows, at(-1min));
    row("window, its end", windows, at(0min), closed);
    row("window, before", windows, at(-61min), closed);
    row("window, its beginning", windows, at(60min));
    row("window, the last minute of the day", windows, at(12h - 1min));
    row("window, midnight", windows, at(12h), closed);
    row("window, the next day", windows, at(25h));
    row("window, another day", windows, at(49h), closed);
    row("window for other kinds", windows, question());
    row("window, unreadable", windows, question({callOf(ActionKind::Unreadable)}), closed);
    row("window, time not known", windows, with(settings, noNow), fact);

    const QByteArray fatigue
        = "fatigue: {approvals: 2, within: 10m}\nseverities: {policy.fatigue: {severity: block}}\n";
    const auto approved
        = [](const QList<Timestamp> &times) { return with(question(), [&](auto &q) { q.recentApprovals = times; }); };
    row("fresh", fatigue, approved({noon - 1min}));
    row("tired", fatigue, approved({noon - 1min, noon - 9min}), {u"policy.fatigue"_s});
    row("rested", fatigue, approved({noon - 1min, noon - 10min}));
    row("approvals not counted", fatigue, with(question(), [](auto &q) { q.recentApprovals.reset(); }), fact);
    row("nobody signs", fatigue, with(question(), [](auto &q) {
        q.recentApprovals.reset();
        q.approver.reset();
    }));
}

void TestPolicyEvaluation::timesHold()
{
    QFETCH(QByteArray, sections);
    QFETCH(PolicyQuestion, asked);
    QFETCH(QStringList, ids);
    QCOMPARE(blocks(policyOf(sections), asked), ids);
}

void TestPolicyEvaluation::peopleAreWhoTheyMustBe_data()
{
    QTest::addColumn<QByteArray>("roles");
    QTest::addColumn<PolicyQuestion>("asked");
    QTest::addColumn<QStringList>("ids");
    const auto row = [](const char *name, const QByteArray &roles, const PolicyQuestion &asked,
                         const QStringList &ids = {}) { QTest::newRow(name) << roles << asked << ids; };
    const PolicyQuestion plain = question();
    const auto executing = [](const std::optional<Address> &by) {
        return with(question(), [&](auto &q) {
            q.stage = PolicyStage::Execute;
            q.executor = by;
            q.approvals = {alice, bob, carol};
        });
    };
    const QByteArray open = "proposers: [anyone], approvers: [owners], executors: [anyone], minimumApprovals: 1";
    const QByteArray named = "proposers: [alice], approvers: [bob, carol], executors: [carol], minimumApprovals: 1";
    row("named proposer", named, plain);
    row("other proposer", named, with(plain, [](auto &q) { q.proposer = carol; }), {u"policy.role.proposer"_s});
    row("proposer not known", open, with(plain, [](auto &q) { q.proposer.reset(); }), {u"policy.fact"_s});
    row("holders not known", named, with(plain, [](auto &q) { q.holders.clear(); }),
        {u"policy.fact"_s, u"policy.fact"_s});
    row("other approver", named, with(plain, [](auto &q) { q.approver = mallory; }), {u"policy.role.approver"_s});
    row("no owner", open, with(plain, [](auto &q) { q.approver = mallory; }), {u"policy.role.approver"_s});
    row("owners not known", open, with(plain, [](auto &q) { q.owners.reset(); }), {u"policy.fact"_s});
    row("proposer approves", open, with(plain, [](auto &q) { q.approver = alice; }), {u"policy.selfApproval"_s});
    row("proposer may approve", open + ", proposerMayApprove: true", with(plain, [](auto &q) { q.approver = alice; }));
    row("proposer may approve with others", open + ", proposerMayApprove: notAlone",
        with(plain, [](auto &q) { q.approver = alice; }));
    row("named executor", named, executing(carol));
    row("other executor", named, executing(bob), {u"policy.role.executor"_s});
    row("executor not known", named, executing({}), {u"policy.fact"_s});
    row("anyone executes", open, executing({}));
}

void TestPolicyEvaluation::peopleAreWhoTheyMustBe()
{
    QFETCH(QByteArray, roles);
    QFETCH(PolicyQuestion, asked);
    QFETCH(QStringList, ids);
    QCOMPARE(blocks(policyOf("roles: {" + roles + "}\n"), asked), ids);
}

void TestPolicyEvaluation::approvalsAreCounted_data()
{
    QTest::addColumn<QByteArray>("roles");
    QTest::addColumn<QList<int>>("approvals"); // last bytes
    QTest::addColumn<int>("threshold"); // of the Safe
    QTest::addColumn<bool>("enough");
    const auto row = [](const char *name, const QByteArray &roles, const QList<int> &approvals, int threshold,
                         bool enough) { QTest::newRow(name) << roles << approvals << threshold << enough; };
    constexpr int a = 0xa1, b = 0xb2, c = 0xc3, x = 0xee; // alice, the proposer; bob, carol, mallory
    row("two of two", "minimumApprovals: 2", {b, c}, 1, true);
    row("one of two", "minimumApprovals: 2", {b}, 1, false);
    row("one twice", "minimumApprovals: 2", {b, b}, 1, false);
    row("a stranger", "minimumApprovals: 2", {b, x}, 1, false);
    row("the Safe's threshold", "minimumApprovals: 1", {b}, 2, false);
    row("the proposer does not count", "minimumApprovals: 2", {a, b}, 1, false);
    row("the proposer counts", "minimumApprovals: 2, proposerMayApprove: true", {a, b}, 1, true);
    row("the proposer alone", "minimumApprovals: 1, proposerMayApprove: true", {a}, 1, true);
    row("not alone", "minimumApprovals: 1, proposerMayApprove: notAlone", {a}, 1, false);
    row("with another", "minimumApprovals: 1, proposerMayApprove: notAlone", {a, c}, 1, true);
    const QByteArray groups = "minimumApprovals: 1, proposerMayApprove: true, groups: {one: {members: [alice, bob], "
                              "threshold: 2}, two: {members: [carol], threshold: 1}}, required: ";
    row("all groups", groups + "{logic: all, groups: [one, two]}", {a, b, c}, 1, true);
    row("one group of all", groups + "{logic: all, groups: [one, two]}", {a, b}, 1, false);
    row("half a group", groups + "{logic: all, groups: [one, two]}", {a, c}, 1, false);
    row("any group, the first", groups + "{logic: any, groups: [one, two]}", {a, b}, 1, true);
    row("any group, the second", groups + "{logic: any, groups: [one, two]}", {c}, 1, true);
    row("any group, none", groups + "{logic: any, groups: [one, two]}", {a}, 1, false);
    row("any of one group", groups + "{logic: any, groups: [one]}", {c}, 1, false);
}

void TestPolicyEvaluation::approvalsAreCounted()
{
    QFETCH(QByteArray, roles);
    QFETCH(QList<int>, approvals);
    QFETCH(int, threshold);
    QFETCH(bool, enough);
    const Policy policy
        = policyOf("roles: {proposers: [anyone], approvers: [owners], executors: [anyone], " + roles + "}\n");
    PolicyQuestion asked = question();
    asked.threshold = static_cast<quint64>(threshold);
    asked.approvals.clear();
    for (const int last : std::as_const(approvals))
        asked.approvals.append(account(static_cast<quint8>(last)));
    // Before signing the rest may still come.
    QVERIFY(blocks(policy, asked).isEmpty());
    QCOMPARE(evaluatePolicy(policy, asked).hasAllApprovals(), enough);
    asked.stage = PolicyStage::Execute;
    QCOMPARE(blocks(policy, asked), enough ? QStringList() : QStringList{u"policy.approvals"_s});
}

void TestPolicyEvaluation::acknowledgementsAndSecondPersons()
{
    const QByteArray roles = "roles: {proposers: [anyone], approvers: [owners], executors: [anyone], "
                             "proposerMayApprove: true, minimumApprovals: 1, acknowledgements: 2}\n";
    PolicyQuestion asked = question();
    asked.acknowledgements = {bob, bob, mallory};
    QCOMPARE(blocks(policyOf(roles), asked), QStringList{u"policy.acknowledgements"_s});
    asked.acknowledgements.append(carol);
    QVERIFY(blocks(policyOf(roles), asked).isEmpty());

    const Policy second
        = policyOf({}, "  - {name: r, when: {chains: [1]}, action: require, require: {secondPerson: true}}\n");
    asked.approvals.clear();
    // Neither who proposed it (alice), nor who signs (bob), nor a stranger.
    asked.acknowledgements = {alice, bob, mallory};
    QCOMPARE(blocks(second, asked), QStringList{u"policy.secondPerson"_s});
    asked.acknowledgements.append(carol);
    QVERIFY(blocks(second, asked).isEmpty());
    asked.acknowledgements.clear();
    asked.approvals = {carol};
    QVERIFY(blocks(second, asked).isEmpty());
}

void TestPolicyEvaluation::overridesNeedAReasonAndTwoPeople_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<int>("by");
    QTest::addColumn<int>("second");
    QTest::addColumn<QString>("refusal"); // empty: it counts
    constexpr int a = 0xa1, b = 0xb2, c = 0xc3, x = 0xee;
    const QString id = u"policy.coolingOff"_s, reason = u"The key is stolen."_s;
    QTest::newRow("two people with a reason") << id << reason << b << c << QString();
    QTest::newRow("the proposer and another") << id << reason << a << b << QString();
    QTest::newRow("no reason") << id << u"   because "_s << b << c << u"it has no reason"_s;
    QTest::newRow("one person") << id << reason << b << b << u"it needs two people"_s;
    QTest::newRow("the proposer as second") << id << reason << b << a << u"must be somebody else than the proposer"_s;
    QTest::newRow("a stranger") << id << reason << x << b << u"is not an approver"_s;
    QTest::newRow("a stranger as second") << id << reason << b << x << u"is not an approver"_s;
    QTest::newRow("not this one") << u"policy.rule"_s << reason << b << c << u"the policy lets nobody override it"_s;
}

void TestPolicyEvaluation::overridesNeedAReasonAndTwoPeople()
{
    QFETCH(QString, id);
    QFETCH(QString, reason);
    QFETCH(int, by);
    QFETCH(int, second);
    QFETCH(QString, refusal);
    const Policy policy = policyOf("coolingOff: {otherwise: 2h}\noverrides: [policy.coolingOff]\n");
    PolicyQuestion asked = question();
    asked.overrides.append({id, reason, account(static_cast<quint8>(by)), account(static_cast<quint8>(second))});
    const PolicyVerdict verdict = evaluatePolicy(policy, asked);
    QCOMPARE(verdict.isBlocked(), !refusal.isEmpty());
    QCOMPARE(verdict.finding(u"policy.coolingOff")->overridden, refusal.isEmpty());
    if (refusal.isEmpty()) {
        QCOMPARE(verdict.finding(u"policy.override.used")->evidence, reason);
        QCOMPARE(verdict.finding(u"policy.coolingOff")->severity, PolicySeverity::Warn);
    } else {
        QVERIFY2(verdict.finding(u"policy.override.refused")->message.contains(refusal),
            qPrintable(verdict.finding(u"policy.override.refused")->message));
        QVERIFY(!verdict.finding(u"policy.override.used"));
    }
}

void TestPolicyEvaluation::severitiesAreRaisedAndNotLoweredUnnoticed()
{
    Policy policy = policyOf("coolingOff: {otherwise: 2h}\nseverities: {policy.coolingOff: {severity: warn, "
                             "allowLowering: true, reason: We are small.}}\n");
    QVERIFY(!evaluatePolicy(policy, question()).isBlocked());
    QCOMPARE(evaluatePolicy(policy, question()).finding(u"policy.coolingOff")->severity, PolicySeverity::Warn);
    using enum PolicySeverity;
    policy.severities = {{u"a.b"_s, {Info, false, {}}}, {u"a.c"_s, {Info, true, u"said so"_s}},
        {u"a.d"_s, {Block, false, {}}}, {u"hash.mismatch"_s, {Info, true, u"said so"_s}}, {u"a.e"_s, {Info, true, {}}}};
    QCOMPARE(severityUnder(policy, u"a.b"_s, Block), Block); // however it came into the policy
    QCOMPARE(severityUnder(policy, u"a.c"_s, Block), Info);
    QCOMPARE(severityUnder(policy, u"a.d"_s, Warn), Block);
    QCOMPARE(severityUnder(policy, u"hash.mismatch"_s, Block), Block);
    QCOMPARE(severityUnder(policy, u"a.e"_s, Warn), Warn);
    QCOMPARE(severityUnder(policy, u"a.z"_s, Warn), Warn);
}

void TestPolicyEvaluation::theDefaultPolicy_data()
{
    QTest::addColumn<PolicyQuestion>("asked");
    QTest::addColumn<QStringList>("ids");
    const auto row = [](const char *name, const PolicyQuestion &asked, const QStringList &ids = {}) {
        QTest::newRow(name) << asked << ids;
    };
    const auto practice = [](PolicyQuestion asked) {
        asked.environment = EnvironmentKind::Practice;
        return asked;
    };
    const auto execute = [](PolicyQuestion asked, const QList<Address> &approvals) {
        asked.stage = PolicyStage::Execute;
        asked.approvals = approvals;
        return asked;
    };
    PolicyCall revoke = callOf(ActionKind::Keys, u"revokeKey(bytes32)"_s);
    PolicyCall library = callOf(ActionKind::Batch, {}, callOnly().deployment.address);
    library.operation = SafeOperation::DelegateCall;
    library.codeHash = callOnly().deployment.codeHash;
    PolicyCall attack = change(tokenTransferOf(0), [](auto &c) { c.operation = SafeOperation::DelegateCall; });
    row("a transfer to whom we know", question());
    row("the proposer signs as well", with(question(), [](auto &q) { q.approver = alice; }));
    row("a transfer to a stranger", question({change(transferOf(1), [](auto &c) { c.destinationKnown = false; })}),
        {u"policy.rule"_s});
    row("a large transfer", question({transferOf(*Uint256::parse(u"100000000000000000001"))}),
        {u"policy.limit.transaction"_s});
    row("a batch", question({library, transferOf(1)}));
    row("a delegatecall that looks like a transfer", question({attack}), {u"policy.delegatecall"_s});
    row("a module",
        question({change(callOf(ActionKind::Settings, {}, safe),
            [](auto &c) { c.installs.append({CodeRole::Module, bob, codeOf(1)}); })}),
        {u"policy.code"_s, u"policy.coolingOff"_s});
    row("settings at once", question({callOf(ActionKind::Settings, {}, safe)}), {u"policy.coolingOff"_s});
    row("settings at once in practice", practice(question({callOf(ActionKind::Settings, {}, safe)})));
    row("settings a day later",
        with(question({callOf(ActionKind::Settings, {}, safe)}), [](auto &q) { q.createdAt = noon - 24h; }));
    row("revoking a key at once", question({revoke}));
    row("a new key at once", question({callOf(ActionKind::Keys, u"registerKey(bytes32,address)"_s)}),
        {u"policy.coolingOff"_s});
    row("unreadable", with(question({callOf(ActionKind::Unreadable)}), [](auto &q) { q.createdAt = noon - 24h; }),
        {u"policy.rule"_s});
    row("a call to a stranger",
        question({change(callOf(ActionKind::Call), [](auto &c) { c.destinationKnown = false; })}),
        {u"policy.default"_s});
    row("cancelling", question({callOf(ActionKind::Cancellation, {}, safe)}));
    row("a refund", with(question(), [](auto &q) { q.fee = PolicyFee{1, {}}; }), {u"policy.fee"_s});
    row("executing with two", execute(question(), {alice, bob}));
    row("executing with one", execute(question(), {bob}), {u"policy.approvals"_s});
    row("a Safe of threshold one", with(execute(question(), {alice}), [](auto &q) { q.threshold = 1; }),
        {u"policy.approvals"_s});
    row("a proposal of last month", with(question(), [](auto &q) { q.createdAt = noon - 169h; }),
        {u"policy.expired"_s});
    row("a stranger proposes", with(question(), [](auto &q) { q.proposer = mallory; }), {u"policy.role.proposer"_s});
}

void TestPolicyEvaluation::theDefaultPolicy()
{
    QFETCH(PolicyQuestion, asked);
    QFETCH(QStringList, ids);
    static const Policy policy = *Policy::load(QStringLiteral(COUNTERSIGN_SOURCE_DIR "/resources/policy/default.yaml"));
    QCOMPARE(blocks(policy, asked), ids);
}

QTEST_GUILESS_MAIN(TestPolicyEvaluation)
#include "tst_policyevaluation.moc"
