#include "backend/proposals/proposaljson.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/drafts.h"
#include "tests/backend/proposals/testkey.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace countersign;

namespace {

const TestKey alice(1);
const TestKey bob(2);

Bytes changed(const Bytes &file, const std::function<void(QJsonObject &)> &change)
{
    QJsonObject object = QJsonDocument::fromJson(file).object();
    change(object);
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

} // namespace

class TestProposalJson final : public QObject {
    Q_OBJECT

private slots:
    void proposalSurvivesTheFile();
    void signatureSurvivesTheFile();
    void lyingProposalIsRefused_data();
    void lyingProposalIsRefused();
    void everyTruncationIsRefused();
    void everyFlippedByteIsRefused();
    void lyingSignatureIsRefused_data();
    void lyingSignatureIsRefused();
    void oversizedFilesAreRefused();
    void textsThatDeceiveAreRefused_data();
    void textsThatDeceiveAreRefused();
    void envelopeCoversEveryFieldThatPeopleRead();
};

void TestProposalJson::proposalSurvivesTheFile()
{
    auto draft = testDraft();
    draft.expiresAt = Timestamp::fromSeconds(1'800'000'000);
    draft.transaction.value = Uint256::max();
    const Proposal proposal = alice.propose(draft);
    const auto read = proposalFromJson(proposalToJson(proposal));
    QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
    QCOMPARE(read->safeTxHash().toString(), draft.safeTxHash().toString());
    QCOMPARE(read->envelopeDigest().toString(), draft.envelopeDigest().toString());
    QCOMPARE(read->proposer.toString(), alice.address().toString());
    QCOMPARE(read->title, draft.title);
    QCOMPARE(read->rationale, draft.rationale);
    QVERIFY(read->promises == draft.promises);
    QVERIFY(read->transaction == draft.transaction);
    QVERIFY(read->expiresAt == draft.expiresAt);
}

void TestProposalJson::signatureSurvivesTheFile()
{
    const auto signature = bob.countersign(testDraft().safeTxHash());
    const auto read = signatureFromJson(signatureToJson(signature));
    QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
    QCOMPARE(read->owner.toString(), bob.address().toString());
    QVERIFY(read->signature == signature.signature);
    QCOMPARE(read->signedAt.micros(), signature.signedAt.micros());
}

void TestProposalJson::lyingProposalIsRefused_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("reason");
    const Bytes good = proposalToJson(alice.propose(testDraft()));
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
    QTest::newRow("expiry added") << set(u"expiresAt"_s, u"99"_s) << u"changed after it was signed"_s;
    QTest::newRow("unknown field") << set(u"note"_s, u"see attachment"_s) << u"canonical"_s;
    QTest::newRow("later version") << set(u"version"_s, 2) << u"version"_s;
    QTest::newRow("another kind") << set(u"kind"_s, u"countersign.signature"_s) << u"kind"_s;
    QTest::newRow("bad checksum") << set(u"safe"_s, u"0x5aFE000000000000000000000000000000005aFe"_s) << u"safe"_s;
    QTest::newRow("number with a leading zero") << set(u"chainId"_s, u"031337"_s) << u"canonical"_s;
    QTest::newRow("trailing space") << good + " " << u"canonical"_s;
    QTest::newRow("compact form") << QJsonDocument::fromJson(good).toJson(QJsonDocument::Compact) << u"canonical"_s;
    Bytes twice = good;
    twice.replace("    \"version\": 1\n", "    \"version\": 1,\n    \"version\": 1\n");
    QTest::newRow("duplicate key") << twice << u"canonical"_s;
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
    const Bytes good = proposalToJson(alice.propose(testDraft()));
    QVERIFY(proposalFromJson(good));
    for (qsizetype size = 0; size < good.size(); ++size)
        QVERIFY2(!proposalFromJson(good.first(size)), qPrintable(QString::number(size)));
}

void TestProposalJson::everyFlippedByteIsRefused()
{
    const Bytes good = proposalToJson(alice.propose(testDraft()));
    for (qsizetype at = 0; at < good.size(); ++at) {
        Bytes bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        const auto read = proposalFromJson(bad);
        QVERIFY2(!read, qPrintable(u"byte %1: %2"_s.arg(at).arg(QString::fromUtf8(good.mid(at - 10, 20)))));
    }
}

void TestProposalJson::lyingSignatureIsRefused_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("reason");
    const auto signature = bob.countersign(testDraft().safeTxHash());
    const Bytes good = signatureToJson(signature);
    const auto set = [&good](const QString &key, const QJsonValue &value) {
        return changed(good, [&](QJsonObject &object) { object.insert(key, value); });
    };
    QTest::newRow("for another hash") << set(u"safeTxHash"_s, keccak256("x").toString()) << u"not by"_s;
    QTest::newRow("by another") << set(u"owner"_s, alice.address().toString()) << u"not by"_s;
    QTest::newRow("v of 5") << set(u"signature"_s, toHex(Bytes(signature.signature.staticPart().first(64) + '\x05')))
                            << u"signature"_s;
    QTest::newRow("claimed approval") << set(u"signature"_s, toHex(SafeSignature::approved(bob.address()).staticPart()))
                                      << u"cannot prove"_s;
    QTest::newRow("all zero") << set(u"signature"_s, toHex(Bytes(Bytes(64, '\0') + '\x1b'))) << u"signature"_s;
    QTest::newRow("too short") << set(u"signature"_s, u"0x00"_s) << u"signature"_s;
    QTest::newRow("unknown field") << set(u"device"_s, u"Ledger"_s) << u"canonical"_s;
}

void TestProposalJson::lyingSignatureIsRefused()
{
    QFETCH(QByteArray, file);
    QFETCH(QString, reason);
    const auto read = signatureFromJson(file);
    QVERIFY(!read);
    QVERIFY2(read.error().message.contains(reason), qPrintable(read.error().message));
}

void TestProposalJson::oversizedFilesAreRefused()
{
    const auto proposal = proposalFromJson(QByteArray(maxProposalBytes + 1, ' '));
    QVERIFY(!proposal);
    QCOMPARE(proposal.error().kind, ErrorKind::Exhausted);
    const auto signature = signatureFromJson(QByteArray(maxSignatureFileBytes + 1, ' '));
    QVERIFY(!signature);
    QCOMPARE(signature.error().kind, ErrorKind::Exhausted);
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
    QVERIFY(differs([](ProposalDraft &draft) { draft.transaction.nonce = Uint256(3); }));
    QVERIFY(differs([](ProposalDraft &draft) { draft.chainId = ChainId(1); }));
    // Never the digest of the Safe transaction: a signature over a proposal must not be worth anything on the chain.
    QVERIFY(base != testDraft().safeTxHash());
}

QTEST_GUILESS_MAIN(TestProposalJson)
#include "tst_proposaljson.moc"
