#include "backend/environment/environment.h"
#include "backend/policy/policy.h"
#include "backend/policy/policyamount.h"
#include "backend/policy/policyseverities.h"
#include "backend/policy/policywriter.h"
#include "tests/backend/policy/policysamples.h"

#include <QFile>
#include <QTest>

#include <algorithm>

using namespace countersign;
using namespace countersign::samples;
using namespace std::chrono_literals;

namespace {

/// A seed of the fuzz target: every key of the format, each with a value that is not its default.
QByteArray filled()
{
    QFile file(QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/fuzz/policy/corpus/policyfile/everything.yaml"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the seed is not there");
    return file.readAll();
}

QStringList problemsOf(const QByteArray &yaml, const PolicyLoadOptions &options = {})
{
    const auto read = Policy::parse(yaml, u"p.yaml"_s, options);
    return read ? QStringList() : read.error().detail.split(u'\n');
}

} // namespace

class TestPolicyFile final : public QObject {
    Q_OBJECT

private slots:
    void everyKeyIsRead()
    {
        const auto read = Policy::parse(filled(), u"p.yaml"_s);
        QVERIFY2(read, read ? "" : qPrintable(read.error().detail));
        const Policy &p = *read;
        QCOMPARE(p.name, u"Everything: \"quoted\""_s);
        QCOMPARE(p.version, 7U);
        QCOMPARE(p.severities.value(u"nonce.gap"_s).severity, PolicySeverity::Info);
        QVERIFY(p.severities.value(u"nonce.gap"_s).allowLowering);
        QCOMPARE(p.allow.delegatecalls[0].published, SafeContract::MultiSendCallOnly);
        QCOMPARE(p.allow.delegatecalls[1].address, account(0xd1));
        QCOMPARE(p.contacts[0].name, u"null"_s);
        QVERIFY(!p.contacts[1].chain);
        const ChainLimits *limits = p.limitsOf(ChainId(1));
        QCOMPARE(*limits->native.perTransaction, *Uint256::parse(u"1500000000000000000"));
        QCOMPARE(*limits->native.per24h, *Uint256::parse(u"20000000000000000000"));
        QCOMPARE(*limits->maxFee, Uint256(7));
        QCOMPARE(*limits->tokens[0].limits.perTransaction, Uint256(500'000));
        QCOMPARE(*limits->tokens[0].limits.per7d, Uint256(250'000'250'000));
        QCOMPARE(p.limitsOf(ChainId(5))->otherTokens, PolicySeverity::Info);
        QCOMPARE(p.roles.proposers[0].holder, u"alice"_s);
        QCOMPARE(p.roles.proposers[1].account, bob);
        QCOMPARE(p.roles.proposerMayApprove, ProposerApproval::NotAlone);
        QCOMPARE(p.roles.required, QStringList({u"risk"_s, u"front office"_s}));
        QCOMPARE(p.roles.logic, GroupLogic::Any);
        QCOMPARE(p.coolingOff.of(ActionKind::Settings), 24h);
        QCOMPARE(p.coolingOff.of(ActionKind::Transfer), 0s);
        QCOMPARE(p.coolingOff.of(ActionKind::Call), 90s);
        QCOMPARE(p.changeWindows.windows[0].days, QList<int>({1, 2}));
        QCOMPARE(p.changeWindows.windows[0].to, 16 * 60 + 30);
        QCOMPARE(p.rules[0].when.functions[0].selector, 0xa9059cbbU);
        QCOMPARE(p.rules[0].when.functions[1].selector, 0xdeadbeefU);
        QCOMPARE(*p.rules[0].when.amount->range.from, Uint256(1'000'000'000));
        QVERIFY(!p.rules[0].when.amount->range.to);
        QCOMPARE(p.rules[0].require.coolingOff, 36h);
        QCOMPARE(p.rules[1].action, RuleAction::Block);
        QCOMPARE(p.otherwise, RuleAction::Block);
    }

    void whatIsWrittenReadsBackAsTheSame()
    {
        for (const QByteArray &yaml : {filled(), policyText()}) {
            const Policy policy = *Policy::parse(yaml, u"p.yaml"_s);
            const auto again = Policy::parse(toYaml(policy), u"w.yaml"_s);
            QVERIFY2(again, again ? "" : qPrintable(again.error().detail));
            QVERIFY2(*again == policy, toYaml(policy).constData());
            QCOMPARE(again->id(), policy.id());
        }
    }

    void theDefaultIsValidAndReadsBackAsTheSame()
    {
        const auto policy = Policy::load(QStringLiteral(COUNTERSIGN_SOURCE_DIR "/resources/policy/default.yaml"));
        QVERIFY2(policy, policy ? "" : qPrintable(policy.error().detail));
        QVERIFY(*Policy::parse(toYaml(*policy), u"w.yaml"_s) == *policy);
        QCOMPARE(policy->otherwise, RuleAction::Block);
    }

    void theIdIsOfTheContent()
    {
        const Hash32 id = Policy::parse(filled(), u"a"_s)->id();
        // Comments, spaces, the order of keys, and other spellings of the same value are no content.
        QByteArray other = filled();
        other.replace("version: 7\n", "").replace("default: block\n", "default:   block # said last\nversion: 7\n");
        other.replace("coolingOff: {otherwise: 90s, settings: 24h", "coolingOff: {settings: 1d, otherwise: 90s");
        other.replace("\"7 wei\"", "\"0.000000000000000007 ether\"");
        const auto same = Policy::parse(other, u"b"_s);
        QVERIFY2(same, same ? "" : qPrintable(same.error().detail));
        QCOMPARE(same->id(), id);
        // Any value is, and so is the order of the rules.
        const QList<std::pair<QByteArray, QByteArray>> changes{{"version: 7", "version: 8"},
            {"severity: info", "severity: warn"}, {"within: 10m", "within: 11m"}, {"logic: any", "logic: all"},
            {"default: block", "default: allow"}, {"to: \"16:30\"", "to: \"16:31\""},
            {"from: \"1000\"", "from: \"1001\""}, {"chains: [1, 137]", "chains: [1]"},
            {"reason: because", "reason: why"}, {"proven: challenge", "proven: code"}};
        for (const auto &[from, to] : changes) {
            QByteArray changed = filled();
            QVERIFY2(changed.contains(from), from.constData());
            changed.replace(from, to);
            const auto policy = Policy::parse(changed, u"c"_s);
            QVERIFY2(policy, policy ? "" : qPrintable(policy.error().detail));
            QVERIFY2(policy->id() != id, from.constData());
        }
        Policy swapped = *Policy::parse(filled(), u"d"_s);
        swapped.rules.swapItemsAt(0, 1);
        QVERIFY(swapped.id() != id);
    }

    void theCanonicalFormIsAsDocumented();
    void whatIsWrongIsToldWithItsPlace_data();
    void whatIsWrongIsToldWithItsPlace();
    void allProblemsShowAtOnceInTheOrderOfTheFile();
    void loweringIsRefusedUnlessItIsSaidAndWhy_data();
    void loweringIsRefusedUnlessItIsSaidAndWhy();
    void namesOfHoldersAreThoseOfTheEnvironment();
    void aMissingFileIsToldFromAWrongOne();
    void amountsAndTimesAreExact();
};

void TestPolicyFile::theCanonicalFormIsAsDocumented()
{
    QCOMPARE(canonicalPolicy(policyOf()),
        QByteArray(
            R"({"coolingOff":{"otherwise":"0"},"default":"allow","format":"1","name":"test","roles":{"acknowledgements":"0",)"
            R"("approvers":["owners"],"executors":["anyone"],"minimumApprovals":"1","proposerMayApprove":"true",)"
            R"("proposers":["anyone"]},"version":"1"})"));
}

void TestPolicyFile::whatIsWrongIsToldWithItsPlace_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QByteArray>("at"); // begins where the problem is told; empty: anywhere
    QTest::addColumn<QString>("problem"); // begins it
    const auto row = [](const char *name, const char *from, const char *to, const char *at, const QString &problem) {
        QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QByteArray(at) << problem;
    };
    row("misspelt key", "fatigue:", "fatige:", "fatige", u"“fatige” is no key of a policy. did you mean “fatigue”?"_s);
    row("no default", "default: block\n", "", "format", u"a policy needs “default”"_s);
    row("default require", "default: block", "default: require", "require\n",
        u"“default” must be allow or block, not “require”"_s);
    row("other format", "format: 1", "format: 2", "2", u"this console reads format 1"_s);
    row("no unit", "\"1.5 ether\"", "\"1.5\"", "\"1.5\"",
        u"“perTransaction” is wrong: an amount has a number and a unit"_s);
    row("too many decimals", "\"0.5\"", "\"0.1234567\"", "\"0.1234567\"",
        u"“perTransaction” is wrong: 7 digits behind the point"_s);
    row("limits the wrong way round", "\"30 ether\"", "\"3 ether\"", "\"3 ether\"",
        u"“per7d” is less than a shorter limit"_s);
    row("chain twice", "{chain: any,", "{chain: 1,", "1, otherTokens", u"“1” stands here twice"_s);
    row("wrong checksum", "0x00000000000000000000000000000000000000D1", "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "\"0x5AA", u"“address” is no address"_s);
    row("no code hash", ", codeHash: \"0x1111111111111111111111111111111111111111111111111111111111111111\"", "",
        "{name: ours", u"allowed code needs “codeHash”"_s);
    row("not a library", "{published: MultiSendCallOnly}", "{published: MultisendCallonly}", "MultisendCallonly",
        u"“MultisendCallonly” is no published Safe contract for “delegatecalls”. did you mean “MultiSendCallOnly”?"_s);
    row("a singleton as a handler", "CompatibilityFallbackHandler", "SafeL2", "SafeL2",
        u"“SafeL2” is no published Safe contract for “fallbackHandlers”"_s);
    row("unknown group", "groups: [risk, front office]", "groups: [risk, front offce]", "front offce",
        u"there is no group “front offce”"_s);
    row("group of too few", "threshold: 2}", "threshold: 3}", "3}", u"the group has 2 members"_s);
    row("anyone approves", "approvers: [owners]", "approvers: [anyone]", "[anyone]", u"“anyone” cannot approve"_s);
    row("wrong kind", "kinds: [transfer, call]", "kinds: [transfer, cal]", "cal]",
        u"“kinds” knows no “cal”. did you mean “call”?"_s);
    row("kind twice", "kinds: [transfer, call]", "kinds: [call, call]", "call]", u"“call” stands here twice"_s);
    row("empty list", "chains: [1, 137]", "chains: []", "[]", u"“chains” is an empty list. leave it out"_s);
    row("empty when", "when: {operation: delegatecall}", "when: {}", "{}",
        u"“when” is empty: it would fit everything"_s);
    row("no when", "when: {operation: delegatecall}, ", "", "{name: two", u"a rule needs “when”"_s);
    row("signature with names", "\"transfer(address,uint256)\"", "\"transfer(address to,uint256)\"", "\"transfer(",
        u"“transfer(address to,uint256)” is not how the signature is written. write “transfer(address,uint256)”"_s);
    row("bad signature", "\"transfer(address,uint256)\"", "\"transfer(\"", "\"transfer(",
        u"this is no signature of a function"_s);
    row("bad selector", "\"0xdeadbeef\"", "\"0xDEADBEEF\"", "\"0xDEAD", u"“0xDEADBEEF” is no selector"_s);
    row("range the wrong way round", "{from: \"1 ether\", to: \"2 ether\"}", "{from: \"3 ether\", to: \"2 ether\"}",
        "\"2 ether\"", u"“to” is less than “from”"_s);
    row("empty range", "value: {from: \"1 ether\", to: \"2 ether\"}", "value: {}", "{}",
        u"a range needs “from” or “to”"_s);
    row("require without the action", "action: require", "action: allow", "{approvals: 3, group",
        u"“require” and “action: require” belong together"_s);
    row("action without require", "    require: {approvals: 3, group: risk, coolingOff: 36h, secondPerson: true}\n", "",
        "require\n", u"“require” and “action: require” belong together"_s);
    row("requires nothing", "{approvals: 3, group: risk, coolingOff: 36h, secondPerson: true}", "{secondPerson: false}",
        "{secondPerson", u"“require” demands nothing"_s);
    row("rule twice", "{name: two,", "{name: one,", "one,", u"“one” stands here twice"_s);
    row("duration", "otherwise: 90s", "otherwise: 90", "90,",
        u"“otherwise” is wrong: a time is a whole number with its unit"_s);
    row("expired at birth", "expiry: {otherwise: 7d", "expiry: {otherwise: \"0\"", "\"0\", longest",
        u"“otherwise” is 0: every proposal would be expired"_s);
    row("expiry too long", "otherwise: 7d", "otherwise: 70d", "70d", u"“otherwise” is longer than “longest”"_s);
    row("window backwards", "from: \"08:00\"", "from: \"18:00\"", "\"16:30\"",
        u"the window ends before it begins. a window over midnight is two windows"_s);
    row("no such day", "[tue, mon]", "[tue, moon]", "moon", u"“days” knows no “moon”. did you mean “mon”?"_s);
    row("a secret", "version: 7", "version: 7\nprivateKey: x", "privateKey", u"“privateKey” looks like a secret"_s);
    row("override of a fixed check", "[policy.window, ", "[policy.fact, ", "policy.fact",
        u"“policy.fact” can be overridden by nobody"_s);
    row("hidden characters", "reason: because",
        "reason: \"be\xe2\x80\xae"
        "cause\"",
        "\"be\xe2", u"“reason” contains characters that do not show"_s);
    row("no YAML", "rules:\n", "rules: [\n", "", u"this is not YAML"_s);
}

void TestPolicyFile::whatIsWrongIsToldWithItsPlace()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QByteArray, at);
    QFETCH(QString, problem);
    QByteArray yaml = filled();
    const qsizetype change = yaml.indexOf(from);
    QVERIFY2(change >= 0, from.constData());
    yaml.replace(change, from.size(), to);
    const QStringList problems = problemsOf(yaml);
    QString expected = u"p.yaml:"_s;
    if (!at.isEmpty()) {
        // Near what was changed, or at the beginning of the file.
        const qsizetype near = yaml.indexOf(at, std::max<qsizetype>(0, yaml.lastIndexOf('\n', change)));
        const qsizetype place = near < 0 ? yaml.indexOf(at) : near;
        QVERIFY2(place >= 0, at.constData());
        const QByteArray before = yaml.first(place);
        expected += u"%1:%2: %3"_s.arg(before.count('\n') + 1).arg(place - before.lastIndexOf('\n')).arg(problem);
    }
    QVERIFY2(std::ranges::any_of(
                 problems, [&](const QString &line) { return line.startsWith(expected) && line.contains(problem); }),
        qPrintable(expected + u" is not among:\n"_s + problems.join(u'\n')));
}

void TestPolicyFile::allProblemsShowAtOnceInTheOrderOfTheFile()
{
    QByteArray yaml = filled();
    yaml.replace("version: 7", "version: zero")
        .replace("default: block", "default: maybe")
        .replace("logic: any", "logic: some");
    const QStringList problems = problemsOf(yaml);
    QCOMPARE(problems.size(), 3);
    QVERIFY(problems[0].startsWith(u"p.yaml:3:10: “version” must be a whole number"_s));
    QVERIFY2(
        problems[1].startsWith(u"p.yaml:34:21: “logic” must be all or any, not “some”"_s), qPrintable(problems[1]));
    QVERIFY(problems[2].startsWith(u"p.yaml:59:10: “default”"_s));
    QCOMPARE(problemsOf("").first(), u"p.yaml:1:1: the file is empty. a policy starts with “format: 1”"_s);
}

void TestPolicyFile::loweringIsRefusedUnlessItIsSaidAndWhy_data()
{
    QTest::addColumn<QByteArray>("severity"); // of one check
    QTest::addColumn<bool>("knowsChecks");
    QTest::addColumn<QString>("problem"); // in the only problem; empty: it is accepted
    const QString silent = u"a policy does not weaken a check silently"_s;
    QTest::newRow("raised") << QByteArray("nonce.gap: {severity: block}") << true << QString();
    QTest::newRow("as it is") << QByteArray("nonce.gap: {severity: warn}") << true << QString();
    QTest::newRow("silently") << QByteArray("nonce.gap: {severity: info}") << true << silent;
    QTest::newRow("without a reason") << QByteArray("nonce.gap: {severity: info, allowLowering: true}") << true
                                      << u"is lowered without a reason"_s;
    QTest::newRow("with a word") << QByteArray("nonce.gap: {severity: info, allowLowering: true, reason: no}") << true
                                 << u"is lowered without a reason"_s;
    QTest::newRow("with a reason") << QByteArray(
        "nonce.gap: {severity: info, allowLowering: true, reason: We sign queues.}")
                                   << true << QString();
    QTest::newRow("allowed for nothing") << QByteArray(
        "nonce.gap: {severity: block, allowLowering: true, reason: We sign queues.}")
                                         << true << u"is not lowered here"_s;
    QTest::newRow("a fixed one") << QByteArray(
        "hash.mismatch: {severity: warn, allowLowering: true, reason: We trust it.}")
                                 << true << u"cannot be lowered"_s;
    QTest::newRow("a fixed one of ours") << QByteArray(
        "policy.fact: {severity: warn, allowLowering: true, reason: We trust it.}")
                                         << false << u"cannot be lowered"_s;
    QTest::newRow("one of ours") << QByteArray("policy.window: {severity: warn}") << false << silent;
    QTest::newRow("one of ours raised") << QByteArray("policy.fatigue: {severity: block}") << false << QString();
    QTest::newRow("unknown, with the list") << QByteArray("nonce.gab: {severity: block}") << true
                                            << u"there is no check “nonce.gab”. did you mean “nonce.gap”?"_s;
    QTest::newRow("unknown, without the list") << QByteArray("nonce.gab: {severity: block}") << false << QString();
    QTest::newRow("unknown of ours") << QByteArray("policy.widow: {severity: block}") << false
                                     << u"there is no check “policy.widow”"_s;
    // Without the list a check may be one that blocks.
    QTest::newRow("lowered, without the list") << QByteArray("nonce.gap: {severity: warn}") << false << silent;
    QTest::newRow("no id") << QByteArray("\"Nonce gap\": {severity: block}") << false << u"is no id of a check"_s;
}

void TestPolicyFile::loweringIsRefusedUnlessItIsSaidAndWhy()
{
    QFETCH(QByteArray, severity);
    QFETCH(bool, knowsChecks);
    QFETCH(QString, problem);
    const QList<KnownCheck> checks{{u"nonce.gap"_s, PolicySeverity::Warn}, {u"hash.mismatch"_s, PolicySeverity::Block}};
    PolicyLoadOptions options;
    options.checks = knowsChecks ? &checks : nullptr;
    const QStringList problems = problemsOf(policyText("severities:\n  " + severity + "\n"), options);
    if (problem.isEmpty()) {
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    } else {
        QCOMPARE(problems.size(), 1);
        QVERIFY2(problems[0].contains(problem), qPrintable(problems[0]));
    }
}

void TestPolicyFile::namesOfHoldersAreThoseOfTheEnvironment()
{
    Environment environment;
    environment.holders = {{u"alice"_s, alice, {}}, {u"bob"_s, bob, {}}};
    PolicyLoadOptions options;
    options.environment = &environment;
    const QByteArray roles
        = "roles: {proposers: [alise], approvers: [alice, bob], executors: [anyone], minimumApprovals: 1}\n";
    const QStringList problems = problemsOf(policyText(roles), options);
    QCOMPARE(problems, QStringList{u"p.yaml:5:21: the environment has no holder “alise”. did you mean “alice”?"_s});
    QVERIFY(problemsOf(policyText(roles)).isEmpty());
    environment.holders.append({u"owners"_s, carol, {}});
    const QStringList ambiguous = problemsOf(policyText(), options);
    QCOMPARE(ambiguous.size(), 1);
    QVERIFY(ambiguous[0].contains(u"a word that means something else here"_s));
}

void TestPolicyFile::aMissingFileIsToldFromAWrongOne()
{
    QCOMPARE(Policy::load(u"/no/such/policy.yaml"_s).error().kind, ErrorKind::NotFound);
    QCOMPARE(Policy::load(u"/"_s).error().kind, ErrorKind::Invalid);
}

void TestPolicyFile::amountsAndTimesAreExact()
{
    QCOMPARE(*parseDecimalAmount(u"0.000001", 6), Uint256(1));
    QCOMPARE(*parseDecimalAmount(u"12", 0), Uint256(12));
    QCOMPARE(decimalAmount(Uint256::max(), 18),
        u"115792089237316195423570985008687907853269984665640564039457.584007913129639935"_s);
    QCOMPARE(*parseDecimalAmount(decimalAmount(Uint256::max(), 18), 18), Uint256::max());
    for (const QStringView wrong : {u"", u".5", u"5.", u"1e3", u"-1", u"+1", u"1,000", u"1 000", u"0x10", u"1.2.3",
             u"115792089237316195423570985008687907853269984665640564039457584007913129639936"})
        QVERIFY2(!parseDecimalAmount(wrong, 0), qPrintable(wrong.toString()));
    for (const QStringView wrong : {u"1", u"1ether", u"1  ether", u"1 Ether", u"1.5 wei", u"ether", u"1 finney"})
        QVERIFY2(!parseNativeAmount(wrong), qPrintable(wrong.toString()));
    QCOMPARE(nativeAmount(Uint256(30'000'000'000)), u"0.00000003 ether"_s);
    for (const QStringView time : {u"0", u"90s", u"30m", u"24h", u"3650d"})
        QVERIFY2(parseDuration(time), qPrintable(time.toString()));
    for (const QStringView wrong : {u"", u"s", u"1", u"1.5h", u"3651d", u"999999999d", u"1w", u"-1h"})
        QVERIFY2(!parseDuration(wrong), qPrintable(wrong.toString()));
    QCOMPARE(durationText(*parseDuration(u"24h")), u"1d"_s);
    QCOMPARE(durationText(*parseDuration(u"5400s")), u"90m"_s);
    QCOMPARE(*parseTimeOfDay(u"24:00"), 1440);
    for (const QStringView wrong : {u"24:01", u"8:00", u"08:60", u"25:00", u"0800"})
        QVERIFY2(!parseTimeOfDay(wrong), qPrintable(wrong.toString()));
}

QTEST_GUILESS_MAIN(TestPolicyFile)
#include "tst_policyfile.moc"
