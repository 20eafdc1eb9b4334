#include "backend/review/reviewsafetransaction.h"
#include "backend/types/strings.h"
#include "tests/backend/review/reviewfixture.h"

#include <QTest>

using namespace countersign;

namespace {

/// A descriptor for the test registry: what it says of registerKey and revokeKey, and further metadata.
QByteArray descriptor(const QByteArray &registerFields, const QByteArray &metadata = {})
{
    return R"j({"context":{"contract":{"deployments":[{"chainId":)j" + QByteArray::number(testChain) + R"j(,"address":")j"
        + testRegistry.toString().toLatin1() + R"j("}]}},"metadata":{"owner":"Registrar")j" + metadata
        + R"j(},"display":{"formats":{"registerKey(bytes32 partyId,address publicKey)":{"intent":"Add a key","fields":)j" + registerFields
        + R"j(},"revokeKey(address who)":{"intent":"Nothing bad","fields":[]}}}})j";
}

struct Hinted : ReviewFixture {
    explicit Hinted(const QByteArray &json, const Address &key = alice.address())
    {
        auto read = Descriptor::load(u"registry.json"_s, json);
        if (!read)
            qFatal("%s", qPrintable(read.error().message));
        DescriptorStore store;
        store.add(*std::move(read));
        context.descriptors = std::make_shared<const DescriptorStore>(std::move(store));
        ProposalDraft draft = testDraft();
        draft.transaction.data = AbiFunction::parse(u"registerKey(bytes32,address)")->encodeCall({AbiValue(testParty), AbiValue(key)}).value();
        propose(draft);
    }
    Review review() { return reviewSafeTransaction(item, context); }
};

const QByteArray everything = R"([{"path":"partyId","label":"Party"},{"path":"publicKey","label":"Key","format":"addressName"}])";

} // namespace

class TestHints final : public QObject {
    Q_OBJECT

private slots:
    void hintStandsBesideTheCallAndDecidesNothing();
    void descriptorThatHidesIsSaid();
    void nameOfSomebodyElseIsSaid();
    void descriptorOfAnotherInterfaceIsIgnored();
    void oursSpeakOfOurContracts();
    void delegatecallHasNone();
    void fileThatCannotBeUsedIsSaid();
};

void TestHints::hintStandsBesideTheCallAndDecidesNothing()
{
    Hinted hinted(descriptor(everything));
    const Review with = hinted.review();
    QVERIFY(with.call.hint);
    QCOMPARE(with.call.hint->source, u"registry.json"_s);
    QCOMPARE(with.call.hint->owner, u"Registrar"_s);
    QCOMPARE(with.call.hint->intent, u"Add a key"_s);
    QCOMPARE(with.call.hint->fields.size(), 2);
    QCOMPARE(with.call.hint->fields.at(1).value, u"alice (%1)"_s.arg(alice.address().toString()));
    QCOMPARE(with.call.hint->hash, hinted.context.descriptors->descriptors().front().hash.toString());
    hinted.context.descriptors.reset();
    const Review without = hinted.review();
    QVERIFY(!without.call.hint);
    QVERIFY(with.findings == without.findings);
    QCOMPARE(with.sentence, without.sentence);
    QCOMPARE(with.call.function, without.call.function);
    QCOMPARE(with.call.arguments.size(), without.call.arguments.size());
}

void TestHints::descriptorThatHidesIsSaid()
{
    const Review review = Hinted(descriptor(R"([{"path":"partyId","label":"Party"}])")).review();
    const Finding *finding = review.finding(u"hint.hidden");
    QVERIFY(finding);
    QCOMPARE(finding->severity, Severity::Warn);
    QVERIFY(finding->message.contains(u"publicKey"_s));
    QVERIFY(!Hinted(descriptor(everything)).review().finding(u"hint.hidden"));
}

void TestHints::nameOfSomebodyElseIsSaid()
{
    // A label that is the name of a holder, on an address that is not theirs.
    const QByteArray labelled = R"([{"path":"partyId","label":"Party"},{"path":"publicKey","label":"Alice","format":"addressName"}])";
    QVERIFY(Hinted(descriptor(labelled), mallory.address()).review().finding(u"hint.name"));
    QVERIFY(!Hinted(descriptor(labelled), alice.address()).review().finding(u"hint.name"));
    // An enumeration that gives a known address another name.
    const QByteArray fields = R"([{"path":"partyId","label":"Party"},{"path":"publicKey","label":"Key","format":"enum","params":{"$ref":"$.metadata.enums.who"}}])";
    const auto enumerated = [&](const QByteArray &name) {
        return Hinted(descriptor(fields, R"(,"enums":{"who":{")" + bob.address().toString().toLatin1() + R"(":")" + name + R"("}})"), bob.address()).review();
    };
    QVERIFY(enumerated("The exchange").finding(u"hint.name"));
    QVERIFY(!enumerated("bob").finding(u"hint.name"));
    QVERIFY(Hinted(descriptor(everything, R"(,"contractName":"the Safe")")).review().finding(u"hint.name"));
}

void TestHints::descriptorOfAnotherInterfaceIsIgnored()
{
    Hinted hinted(descriptor(R"([{"path":"owner","label":"Party"}])"));
    const Review review = hinted.review();
    QVERIFY(!review.call.hint);
    const Finding *finding = review.finding(u"hint.mismatch");
    QVERIFY(finding);
    QCOMPARE(finding->severity, Severity::Info);
    // Another function of the same name says nothing of this call.
    hinted.propose(testDraft());
    QVERIFY(!hinted.review().call.hint);
}

void TestHints::oursSpeakOfOurContracts()
{
    ReviewFixture fixture;
    fixture.context.descriptors = std::make_shared<const DescriptorStore>(DescriptorStore::load({}));
    const Review review = reviewSafeTransaction(fixture.item, fixture.context);
    QVERIFY(review.call.hint);
    QCOMPARE(review.call.hint->intent, u"Revoke the key of a party"_s);
    QCOMPARE(review.call.hint->source, u"CantonKeyRegistry.json"_s);
}

void TestHints::delegatecallHasNone()
{
    Hinted hinted(descriptor(everything));
    ProposalDraft draft = hinted.item.proposal;
    draft.transaction.operation = SafeOperation::DelegateCall;
    hinted.propose(draft);
    QVERIFY(!hinted.review().call.hint);
}

void TestHints::fileThatCannotBeUsedIsSaid()
{
    ReviewFixture fixture;
    DescriptorStore store;
    const auto read = Descriptor::load(u"one.json"_s, descriptor(everything));
    QVERIFY(read);
    store.add(*read);
    store.add(*read);
    fixture.context.descriptors = std::make_shared<const DescriptorStore>(std::move(store));
    const Review review = reviewSafeTransaction(fixture.item, fixture.context);
    QVERIFY(review.finding(u"hint.file"));
    QVERIFY(!review.isBlocked());
}

QTEST_GUILESS_MAIN(TestHints)
#include "tst_hints.moc"
