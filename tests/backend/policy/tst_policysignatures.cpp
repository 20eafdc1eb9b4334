#include "backend/evm/typeddata.h"
#include "backend/policy/policysignatures.h"
#include "backend/policy/policysignaturesjson.h"
#include "tests/backend/policy/policysamples.h"
#include "tests/backend/proposals/testkey.h"

#include <QTest>

using namespace countersign;
using namespace countersign::samples;

namespace {

const TestKey one(1);
const TestKey two(2);
const TestKey three(3);

PolicySignatures signedBy(const Policy &policy, const QList<TestKey> &keys)
{
    PolicySignatures signatures = PolicySignatures::of(policy, ChainId(1), safe);
    for (const TestKey &key : keys) {
        if (!signatures.add(key.sign(signatures.digest())))
            qFatal("a signature is not taken");
    }
    return signatures;
}

PolicyJudgement judged(const Policy &policy, const std::optional<PolicySignatures> &signatures, quint64 threshold = 2)
{
    return judgePolicySignatures(policy, signatures, ChainId(1), safe, {one.address(), two.address()}, threshold);
}

} // namespace

class TestPolicySignatures final : public QObject {
    Q_OBJECT

private slots:
    void whatIsSignedIsTypedDataInADomainOfItsOwn();
    void enoughOwnersMakeAPolicyShared();
    void anUnsignedPolicyIsLocal();
    void signaturesAreOverThisPolicyForThisSafe();
    void aSignerWhoIsOnlyNamedCountsForNothing();
    void signingTwiceCountsOnce();
    void mergingIsAUnion();
    void theFileReadsBackAsItIsWritten();
    void anythingButTheCanonicalFileIsRefused_data();
    void anythingButTheCanonicalFileIsRefused();
};

void TestPolicySignatures::whatIsSignedIsTypedDataInADomainOfItsOwn()
{
    const Policy policy = policyOf();
    const PolicySignatures signatures = PolicySignatures::of(policy, ChainId(1), safe);
    // As any other wallet would compute it.
    const auto data = TypedData::parse(
        R"({"types":{"Policy":[{"name":"id","type":"bytes32"},{"name":"name","type":"string"},{"name":"version","type":"uint32"}]},)"
        R"("primaryType":"Policy","domain":{"name":"Countersign Policy","version":"1","chainId":1,"verifyingContract":")"
        + safe.toString().toLatin1() + R"("},"message":{"id":")" + policy.id().toString().toLatin1()
        + R"(","name":"test","version":1}})");
    QVERIFY2(data, data ? "" : qPrintable(data.error().message));
    QCOMPARE(signatures.digest(), data->digest());
}

void TestPolicySignatures::enoughOwnersMakeAPolicyShared()
{
    const Policy policy = policyOf();
    const PolicyJudgement enough = judged(policy, signedBy(policy, {two, three, one}));
    QCOMPARE(enough.standing, PolicyStanding::Shared);
    QVERIFY(enough.isEnough());
    QCOMPARE(
        QSet<Address>(enough.signers.cbegin(), enough.signers.cend()), (QSet<Address>{one.address(), two.address()}));
    QCOMPARE(enough.strangers, QList<Address>{three.address()});
    const PolicyJudgement few = judged(policy, signedBy(policy, {three, one}));
    QCOMPARE(few.standing, PolicyStanding::Incomplete);
    QVERIFY(!few.isEnough());
    QVERIFY(few.message.contains(u"Only 1 of the 2"_s));
    QVERIFY(!judged(policy, signedBy(policy, {one, two}), 0).isEnough());
}

void TestPolicySignatures::anUnsignedPolicyIsLocal()
{
    const Policy policy = policyOf();
    QCOMPARE(judged(policy, std::nullopt).standing, PolicyStanding::Local);
    QCOMPARE(judged(policy, signedBy(policy, {})).standing, PolicyStanding::Local);
    QVERIFY(!judged(policy, std::nullopt, 0).isEnough());
}

void TestPolicySignatures::signaturesAreOverThisPolicyForThisSafe()
{
    Policy policy = policyOf();
    const PolicySignatures signatures = signedBy(policy, {one, two});
    QCOMPARE(judgePolicySignatures(policy, signatures, ChainId(5), safe, {one.address(), two.address()}, 2).standing,
        PolicyStanding::Foreign);
    QCOMPARE(judgePolicySignatures(policy, signatures, ChainId(1), bob, {one.address(), two.address()}, 2).standing,
        PolicyStanding::Foreign);
    policy.otherwise = RuleAction::Block;
    const PolicyJudgement changed = judged(policy, signatures);
    QCOMPARE(changed.standing, PolicyStanding::Foreign);
    QVERIFY(changed.signers.isEmpty());
}

void TestPolicySignatures::aSignerWhoIsOnlyNamedCountsForNothing()
{
    const Policy policy = policyOf();
    PolicySignatures lie = signedBy(policy, {one, three});
    for (PolicySignature &signature : lie.signatures) {
        if (signature.owner == three.address())
            signature.owner = two.address();
    }
    const PolicyJudgement judgement = judged(policy, lie);
    QCOMPARE(judgement.standing, PolicyStanding::Incomplete);
    QCOMPARE(judgement.strangers, QList<Address>{three.address()});
}

void TestPolicySignatures::signingTwiceCountsOnce()
{
    const Policy policy = policyOf();
    PolicySignatures twice = signedBy(policy, {one, one});
    QCOMPARE(twice.signatures.size(), 1);
    twice.signatures.append(twice.signatures.first());
    QCOMPARE(judged(policy, twice).standing, PolicyStanding::Incomplete);
}

void TestPolicySignatures::mergingIsAUnion()
{
    const Policy policy = policyOf();
    const PolicySignatures a = signedBy(policy, {one, two});
    const PolicySignatures b = signedBy(policy, {two, three});
    const auto merged = mergePolicySignatures(a, b);
    QCOMPARE(merged->signatures.size(), 3);
    QVERIFY(*merged == *mergePolicySignatures(b, a));
    QVERIFY(*mergePolicySignatures(*merged, a) == *merged);
    Policy other = policy;
    other.version = 2;
    QCOMPARE(mergePolicySignatures(a, signedBy(other, {three})).error().kind, ErrorKind::Conflict);
}

void TestPolicySignatures::theFileReadsBackAsItIsWritten()
{
    Policy policy = policyOf();
    policy.name = u"Ours \"and\" theirs"_s;
    for (const PolicySignatures &signatures : {signedBy(policy, {}), signedBy(policy, {three, one, two})}) {
        const auto again = policySignaturesFromJson(policySignaturesToJson(signatures));
        QVERIFY2(again, again ? "" : qPrintable(again.error().message));
        QVERIFY(*again == signatures);
    }
}

void TestPolicySignatures::anythingButTheCanonicalFileIsRefused_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("message");
    const Policy policy = policyOf();
    const PolicySignatures signatures = signedBy(policy, {one, two});
    const QByteArray file = policySignaturesToJson(signatures);
    const auto row = [&file](const char *name, const QByteArray &from, const QByteArray &to, const QString &message) {
        QByteArray changed = file;
        if (!changed.contains(from))
            qFatal("%s is not in the file", from.constData());
        changed.replace(changed.indexOf(from), from.size(), to);
        QTest::newRow(name) << changed << message;
    };
    const QString form = u"not in the canonical form"_s;
    row("a space", "{\n", "{ \n", form);
    row("another member", "{\n", "{\n  \"a\": \"b\",\n", form);
    row("a member twice", "  \"format\"", "  \"format\": \"1\",\n  \"format\"", u"twice"_s);
    row("another kind", "policy-signatures", "signature", u"its kind is not"_s);
    row("another format", "\"format\": \"1\"", "\"format\": \"2\"", u"its format is not 1"_s);
    row("another version", "\"version\": \"1\"", "\"version\": \"2\"", u"not by"_s);
    row("a number with a zero", "\"version\": \"1\"", "\"version\": \"01\"", form);
    row("a version beyond 32 bits", "\"version\": \"1\"", "\"version\": \"4294967296\"", u"“version” is too large"_s);
    row("a number that is no text", "\"version\": \"1\"", "\"version\": 1", u"“version” is not a text"_s);
    row("another name", "\"test\"", "\"best\"", u"not by"_s);
    row("another owner", signatures.signatures[0].owner.toString().toLatin1(), three.address().toString().toLatin1(),
        u"not by"_s);
    row("an address in lower case", signatures.signatures[0].owner.toString().toLatin1(),
        signatures.signatures[0].owner.toLower().toLatin1(), form);
    row("no list", "\"signatures\": [", "\"signatures\": \"\", \"x\": [", u"“signatures” is not a list"_s);
    PolicySignatures turned = signatures;
    turned.signatures.swapItemsAt(0, 1);
    QTest::newRow("another order") << policySignaturesToJson(turned) << u"not in its place"_s;
    PolicySignatures doubled = signatures;
    doubled.signatures.append(doubled.signatures.last());
    QTest::newRow("a signature twice") << policySignaturesToJson(doubled) << u"not in its place"_s;
    QTest::newRow("too large") << QByteArray(maxPolicySignaturesBytes + 1, ' ') << u"more than"_s;
    QTest::newRow("empty") << QByteArray() << QString();
}

void TestPolicySignatures::anythingButTheCanonicalFileIsRefused()
{
    QFETCH(QByteArray, file);
    QFETCH(QString, message);
    const auto read = policySignaturesFromJson(file);
    QVERIFY(!read);
    QVERIFY2(read.error().message.contains(message), qPrintable(read.error().message));
}

QTEST_GUILESS_MAIN(TestPolicySignatures)
#include "tst_policysignatures.moc"
