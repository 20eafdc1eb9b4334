#include "backend/proposals/proposaljson.h"
#include "backend/safe/safehash.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/drafts.h"
#include "tests/backend/proposals/testkey.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace countersign;

Q_DECLARE_METATYPE(countersign::ProposalDraft)

namespace {

const TestKey alice(1);
const TestKey bob(2);

Bytes changed(const Bytes &file, const std::function<void(QJsonObject &)> &change)
{
    QJsonObject object = QJsonDocument::fromJson(file).object();
    change(object);
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

// Every field that may be absent is there.
ProposalDraft fullDraft()
{
    auto draft = testDraft();
    draft.notBefore = Timestamp::fromSeconds(1'700'000'010);
    draft.expiresAt = Timestamp::fromSeconds(1'800'000'000);
    draft.safeVersion = u"1.4.1"_s;
    draft.attachments = {{u"registry.json"_s, u"application/json"_s, 3, keccak256("abi")}};
    draft.links = {u"https://example.org/incident/12"_s};
    draft.previousEnvelope = keccak256("envelope before");
    draft.replaces = keccak256("transaction before");
    draft.policy = keccak256("policy");
    draft.dependsOn = {keccak256("deployment"), keccak256("on another chain")};
    draft.link = {4, keccak256("entry 3")};
    return draft;
}

// n - s: the same signature in the form that our files refuse.
EvmSignature highTwin(EvmSignature signature)
{
    const auto order
        = *Uint256::parse(u"115792089237316195423570985008687907852837564279074904382605163141518161494337");
    const auto s = *Uint256::fromBigEndian(signature.s.view());
    signature.s = Hash32::fromDigest(order.checkedSub(s)->toBigEndian());
    signature.yParity = !signature.yParity;
    return signature;
}

} // namespace

class TestProposalJson final : public QObject {
    Q_OBJECT

private slots:
    void proposalSurvivesTheFile();
    void draftSurvivesTheFile();
    void lyingProposalIsRefused_data();
    void lyingProposalIsRefused();
    void everyTruncationIsRefused();
    void everyFlippedByteIsRefused();
    void oversizedFilesAreRefused();
    void textsThatDeceiveAreRefused_data();
    void textsThatDeceiveAreRefused();
    void draftThatMeansNothingIsRefused_data();
    void draftThatMeansNothingIsRefused();
    void envelopeCoversEveryFieldThatPeopleRead();
    void envelopeIsWorthNothingElsewhere();
};

void TestProposalJson::proposalSurvivesTheFile()
{
    auto draft = fullDraft();
    draft.transaction.value = Uint256::max();
    const Proposal proposal = alice.propose(draft);
    const auto read = proposalFromJson(proposalToJson(proposal));
    QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
    QCOMPARE(read->safeTxHash().toString(), draft.safeTxHash().toString());
    QVERIFY(*read == proposal);
    QCOMPARE(read->envelopeDigest().toString(), proposal.envelopeDigest().toString());
    QCOMPARE(read->proposer.toString(), alice.address().toString());
    QCOMPARE(read->title, draft.title);
    QCOMPARE(read->rationale, draft.rationale);
    QVERIFY(read->promises == draft.promises);
    QVERIFY(read->transaction == draft.transaction);
    QVERIFY(read->expiresAt == draft.expiresAt);
}

void TestProposalJson::lyingProposalIsRefused_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("reason");
    const Bytes good = proposalToJson(alice.propose(fullDraft()));
    const auto set = [&good](const QString &key, const QJsonValue &value) {
        return changed(good, [&](QJsonObject &object) { object.insert(key, value); });
    };
    const auto setTransaction = [&good](const QString &key, const QJsonValue &value) {
        return changed(good, [&](QJsonObject &object) {
            QJsonObject transaction = object.value(u"transaction"_s).toObject();
            transaction.insert(key, value);
            object.insert(u"transaction"_s, transaction);
        });
    };
    QTest::newRow("another chain") << set(u"chainId"_s, u"1"_s) << u"safeTxHash"_s;
    QTest::newRow("another Safe") << set(u"safe"_s, bob.address().toString()) << u"safeTxHash"_s;
    QTest::newRow("another target") << setTransaction(u"to"_s, bob.address().toString()) << u"safeTxHash"_s;
    QTest::newRow("delegatecall slipped in") << setTransaction(u"operation"_s, u"1"_s) << u"safeTxHash"_s;
    QTest::newRow("operation 2") << setTransaction(u"operation"_s, u"2"_s) << u"operation"_s;
    QTest::newRow("operation as number") << setTransaction(u"operation"_s, 0) << u"operation"_s;
    QTest::newRow("another title") << set(u"title"_s, u"Pay the salaries"_s) << u"changed after it was signed"_s;
    QTest::newRow("another rationale") << set(u"rationale"_s, u"no reason"_s) << u"changed after it was signed"_s;
    QTest::newRow("another proposer") << set(u"proposer"_s, bob.address().toString()) << u"not signed by"_s;
    QTest::newRow("another time") << set(u"createdAt"_s, u"1"_s) << u"changed after it was signed"_s;
    QTest::newRow("negative time") << set(u"createdAt"_s, u"-1"_s) << u"createdAt"_s;
    QTest::newRow("expiry added") << set(u"expiresAt"_s, u"1900000000000000"_s) << u"changed after it was signed"_s;
    QTest::newRow("unknown field") << set(u"note"_s, u"see attachment"_s) << u"does not know"_s;
    QTest::newRow("unknown field inside") << setTransaction(u"gasLimit"_s, u"1"_s) << u"transaction.gasLimit"_s;
    QTest::newRow("later version") << set(u"version"_s, 3) << u"version is not 2"_s;
    QTest::newRow("version as text") << set(u"version"_s, u"2"_s) << u"version"_s;
    QTest::newRow("first version") << set(u"version"_s, 1) << u"no longer read"_s;
    QTest::newRow("another place in the log") << set(u"sequence"_s, u"7"_s) << u"changed after"_s;
    QTest::newRow("first in the log, but not") << set(u"previous"_s, Hash32().toString()) << u"first entry"_s;
    QTest::newRow("place without end") << set(u"sequence"_s, u"99999999999"_s) << u"sequence"_s;
    QTest::newRow("another document") << changed(good, [](QJsonObject &object) {
        QJsonArray documents = object.value(u"attachments"_s).toArray();
        QJsonObject document = documents.first().toObject();
        document.insert(u"contentHash"_s, keccak256("another").toString());
        documents[0] = document;
        object.insert(u"attachments"_s, documents);
    }) << u"changed after it was signed"_s;
    QTest::newRow("another dependency") << set(u"dependsOn"_s, QJsonArray{keccak256("y").toString()}) << u"changed after"_s;
    QTest::newRow("dependency that is no hash") << set(u"dependsOn"_s, QJsonArray{u"0x12"_s}) << u"dependsOn"_s;
    QTest::newRow("dependencies as a text") << set(u"dependsOn"_s, u"0x12"_s) << u"dependsOn"_s;
    QTest::newRow("policy of zeros") << set(u"policy"_s, Hash32().toString()) << u"changed after"_s;
    QTest::newRow("another kind") << set(u"kind"_s, u"countersign.signature"_s) << u"kind"_s;
    QTest::newRow("bad checksum") << set(u"safe"_s, u"0x5aFE000000000000000000000000000000005aFe"_s) << u"safe"_s;
    QTest::newRow("number with a leading zero") << set(u"chainId"_s, u"031337"_s) << u"canonical"_s;
    QTest::newRow("trailing space") << good + " " << u"canonical"_s;
    QTest::newRow("compact form") << QJsonDocument::fromJson(good).toJson(QJsonDocument::Compact) << u"canonical"_s;
    Bytes twice = good;
    twice.replace("    \"version\": 2\n", "    \"version\": 2,\n    \"version\": 2\n");
    QTest::newRow("duplicate key") << twice << u"twice"_s;
    Bytes high = good;
    const auto twin = highTwin(proposalFromJson(good)->signature);
    high.replace(toHex(proposalFromJson(good)->signature.toBytes65()).toLatin1(), toHex(twin.toBytes65()).toLatin1());
    QTest::newRow("the signature's twin") << high << u"low s"_s;
    QTest::newRow("no signature") << set(u"signature"_s, u"0x"_s) << u"signature"_s;
    QTest::newRow("array") << QByteArray("[]") << u"object"_s;
    QTest::newRow("empty") << QByteArray() << u"JSON"_s;
    QTest::newRow("deep") << QByteArray(100'000, '[') << u"JSON"_s;
}

void TestProposalJson::lyingProposalIsRefused()
{
    QFETCH(QByteArray, file);
    QFETCH(QString, reason);
    const auto read = proposalFromJson(file);
    QVERIFY(!read);
    QVERIFY2(read.error().message.contains(reason), qPrintable(read.error().message));
}

void TestProposalJson::everyTruncationIsRefused()
{
    const Bytes good = proposalToJson(alice.propose(fullDraft()));
    QVERIFY(proposalFromJson(good));
    for (qsizetype size = 0; size < good.size(); ++size)
        QVERIFY2(!proposalFromJson(good.first(size)), qPrintable(QString::number(size)));
}

void TestProposalJson::everyFlippedByteIsRefused()
{
    const Bytes good = proposalToJson(alice.propose(fullDraft()));
    for (qsizetype at = 0; at < good.size(); ++at) {
        Bytes bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        const auto read = proposalFromJson(bad);
        QVERIFY2(!read, qPrintable(u"byte %1: %2"_s.arg(at).arg(QString::fromUtf8(good.mid(at - 10, 20)))));
    }
}

void TestProposalJson::oversizedFilesAreRefused()
{
    const auto proposal = proposalFromJson(QByteArray(maxProposalBytes + 1, ' '));
    QVERIFY(!proposal);
    QCOMPARE(proposal.error().kind, ErrorKind::Exhausted);
    auto draft = testDraft();
    draft.transaction.data = Bytes(200 * 1024, 'x');
    QCOMPARE(checkDraft(draft).error().kind, ErrorKind::Exhausted);
}

void TestProposalJson::textsThatDeceiveAreRefused_data()
{
    QTest::addColumn<QString>("title");
    QTest::newRow("right to left override") << u"Revoke \u202Eyek"_s;
    QTest::newRow("isolate") << u"Revoke \u2067x\u2069"_s;
    QTest::newRow("zero width space") << u"Rev\u200Boke"_s;
    QTest::newRow("escape") << u"Revoke \u001b[31m"_s;
    QTest::newRow("half a surrogate pair") << QString(u"Revoke "_s + QChar(0xd83d));
    QTest::newRow("line separator") << u"Revoke\u2028Approved by the board"_s;
    QTest::newRow("invisible plus") << u"Re\u2064voke"_s;
    QTest::newRow("two lines") << u"Revoke\nApproved by the board"_s;
    QTest::newRow("empty") << u"  "_s;
    QTest::newRow("long") << QString(201, u'x');
}

void TestProposalJson::textsThatDeceiveAreRefused()
{
    QFETCH(QString, title);
    auto draft = testDraft();
    draft.title = title;
    QVERIFY(!checkDraft(draft));
    if (!title.isValidUtf16())
        return; // it has no envelope that could be signed
    QVERIFY(!proposalFromJson(proposalToJson(alice.propose(draft))));
}

void TestProposalJson::envelopeCoversEveryFieldThatPeopleRead()
{
    const auto base = testDraft().envelopeDigest();
    const auto differs = [&base](const std::function<void(ProposalDraft &)> &change) {
        auto draft = testDraft();
        change(draft);
        return draft.envelopeDigest() != base;
    };
    QVERIFY(!differs([](ProposalDraft &) { }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.title += u'.'; }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.rationale += u'.'; }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.createdAt = Timestamp::fromSeconds(5); }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.expiresAt = Timestamp::fromSeconds(5); }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.promises[0].after = u"x"_s; }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.promises.clear(); }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.notBefore = Timestamp::fromSeconds(5); }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.safeVersion = u"1.4.1"_s; }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.attachments = {{u"a"_s, u"b"_s, 1, Hash32()}}; }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.links = {u"https://example.org"_s}; }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.policy = keccak256("x"); }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.previousEnvelope = keccak256("x"); }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.replaces = keccak256("x"); }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.dependsOn = {keccak256("x")}; }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.proposer = testSafe; }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.link.sequence = 2; }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.link.previous = keccak256("x"); }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.transaction.nonce = Uint256(3); }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.chainId = ChainId(1); }));
}

void TestProposalJson::envelopeIsWorthNothingElsewhere()
{
    const Proposal proposal = alice.propose(testDraft());
    const Hash32 digest = proposal.envelopeDigest();
    // As a signature of the Safe, plain or by eth_sign, or as one over a message of the Safe.
    QVERIFY(digest != proposal.safeTxHash());
    QVERIFY(digest != safeEthSignHash(proposal.safeTxHash()));
    const auto asSafeTx = SafeSignature::ecdsa(proposal.signature).signer(proposal.safeTxHash());
    QVERIFY(!asSafeTx || *asSafeTx != alice.address());
    const auto message = safeMessageHashes(SafeVersion::v141(), ChainId(testChain), testSafe, digest.view());
    QVERIFY(digest != message.safeTxHash);
    // In another exchange: the same words about the Safe of the same address on another chain are not signed.
    Proposal moved = proposal;
    moved.chainId = ChainId(1);
    QVERIFY(!proposalFromJson(proposalToJson(moved)));
    moved = proposal;
    moved.safe = testRegistry;
    QVERIFY(!proposalFromJson(proposalToJson(moved)));
}

void TestProposalJson::draftThatMeansNothingIsRefused_data()
{
    QTest::addColumn<ProposalDraft>("draft");
    const auto row = [](const char *name, const std::function<void(ProposalDraft &)> &change) {
        auto draft = fullDraft();
        change(draft);
        QTest::newRow(name) << draft;
    };
    row("expires before it begins", [](ProposalDraft &draft) { draft.notBefore = draft.expiresAt; });
    row("time of zero, which is hashed as none", [](ProposalDraft &draft) { draft.notBefore = Timestamp(); });
    row("replaces itself", [](ProposalDraft &draft) { draft.replaces = draft.safeTxHash(); });
    row("Safe whose signatures are for every chain", [](ProposalDraft &draft) { draft.safeVersion = u"1.2.0"_s; });
    row("Safe that was never released", [](ProposalDraft &draft) { draft.safeVersion = u"9.9.9"_s; });
    row("link that runs something", [](ProposalDraft &draft) { draft.links = {u"javascript:alert(1)"_s}; });
    row("link in clear", [](ProposalDraft &draft) { draft.links = {u"http://example.org"_s}; });
    row("link to another host than it seems",
        [](ProposalDraft &draft) { draft.links = {u"https://bank.example@evil.example/"_s}; });
    row("depends on itself", [](ProposalDraft &draft) { draft.dependsOn = {draft.safeTxHash()}; });
    row("depends on nothing", [](ProposalDraft &draft) { draft.dependsOn = {Hash32()}; });
    row("depends on one twice", [](ProposalDraft &draft) { draft.dependsOn.append(draft.dependsOn.first()); });
    row("depends on what it replaces", [](ProposalDraft &draft) { draft.dependsOn = {draft.replaces}; });
    row("depends on too many", [](ProposalDraft &draft) {
        for (int i = 0; i < maxDependencies; ++i)
            draft.dependsOn.append(keccak256(QByteArray::number(i)));
    });
    row("too many links", [](ProposalDraft &draft) { draft.links.fill(u"https://example.org"_s, maxLinks + 1); });
    row("document with a path", [](ProposalDraft &draft) { draft.attachments[0].name = u"../../etc/passwd"_s; });
    row("document too large", [](ProposalDraft &draft) { draft.attachments[0].size = maxAttachmentBytes + 1; });
    row("documents too large together", [](ProposalDraft &draft) {
        draft.attachments[0].size = maxAttachmentBytes;
        draft.attachments.fill(draft.attachments[0], 5);
    });
    row("document whose name turns", [](ProposalDraft &draft) { draft.attachments[0].name = u"a\u202Efdp.exe"_s; });
}

void TestProposalJson::draftThatMeansNothingIsRefused()
{
    QFETCH(ProposalDraft, draft);
    QVERIFY(checkDraft(fullDraft()));
    QVERIFY(!checkDraft(draft));
    QVERIFY(!proposalFromJson(proposalToJson(alice.propose(draft))));
}

void TestProposalJson::draftSurvivesTheFile()
{
    auto draft = fullDraft();
    draft.title.clear(); // not written yet
    const auto read = draftFromJson(draftToJson(draft));
    QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
    draft.link = {};
    QVERIFY(*read == draft);
    QVERIFY(!proposalFromJson(draftToJson(draft)));
    QVERIFY(!draftFromJson(proposalToJson(alice.propose(fullDraft()))));
}

QTEST_GUILESS_MAIN(TestProposalJson)
#include "tst_proposaljson.moc"
