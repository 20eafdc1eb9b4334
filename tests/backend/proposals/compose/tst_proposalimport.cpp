#include "backend/proposals/compose/proposalimport.h"
#include "backend/proposals/proposaljson.h"
#include "backend/proposals/sealedenvelope.h"
#include "backend/safe/safemultisend.h"
#include "backend/safe/transactionbuilder.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/drafts.h"
#include "tests/backend/proposals/testkey.h"

#include <QTest>

using namespace countersign;

namespace {

ImportHints here()
{
    ImportHints hints;
    hints.chain = ChainId(testChain);
    hints.safe = testSafe;
    hints.now = Timestamp::fromSeconds(1'700'000'000);
    return hints;
}

// Single quotes for double ones: moc does not read raw strings.
QByteArray quoted(QByteArray text)
{
    return text.replace('\'', '"');
}

QByteArray serviceTransaction(const SafeTransaction &transaction, const QByteArray &hash, const QByteArray &signature)
{
    const QByteArray zero = Address().toString().toLatin1();
    return quoted("{'safe':'" + testSafe.toString().toLatin1() + "','chainId':'31337','to':'" + transaction.to.toString().toLatin1()
        + "','value':'0','data':'" + toHex(transaction.data).toLatin1() + "','operation':0,'gasToken':'" + zero
        + "','safeTxGas':0,'baseGas':0,'gasPrice':'0','refundReceiver':'" + zero + "','nonce':" + transaction.nonce.toDecimal().toLatin1()
        + ",'isExecuted':false,'origin':'somewhere','safeTxHash':'" + hash + "','confirmations':[{'owner':'x','signature':'" + signature
        + "'}]}");
}

} // namespace

class TestProposalImport : public QObject {
    Q_OBJECT

private slots:
    void anEnvelopeIsAnItem()
    {
        const TestKey alice(1);
        const Proposal proposal = alice.propose(testDraft());
        const QByteArray file = proposalToJson(proposal);
        for (const QByteArray &text : {file, file.trimmed()}) { // pasting may lose the newline
            const auto import = importProposals(text).value();
            QCOMPARE(import.kind, ImportKind::Proposal);
            QCOMPARE(import.item->id(), proposal.safeTxHash());
            QVERIFY(import.drafts.isEmpty());
        }
        ImportHints elsewhere;
        elsewhere.chain = ChainId(1);
        QCOMPARE(importProposals(file, elsewhere).error().kind, ErrorKind::Conflict);
        QByteArray changed = file;
        changed.replace("Revoke", "Invoke");
        QCOMPARE(importProposals(changed).error().kind, ErrorKind::Invalid);
    }

    void aDraftIsADraft()
    {
        const auto import = importProposals(draftToJson(testDraft())).value();
        QCOMPARE(import.kind, ImportKind::Draft);
        QCOMPARE(import.drafts.first().draft, testDraft());
    }

    void aSafeTransactionComesWithItsSignatures()
    {
        const TestKey alice(1);
        const ProposalDraft draft = testDraft();
        const Hash32 hash = draft.safeTxHash();
        const CollectedSignature signature = alice.countersign(hash);
        const QByteArray json = serviceTransaction(draft.transaction, hash.toString().toLatin1(), toHex(signature.blob()).toLatin1());
        const auto import = importProposals(json).value();
        QCOMPARE(import.kind, ImportKind::SafeTransaction);
        const ImportedDraft &imported = import.drafts.first();
        QCOMPARE(imported.draft.safeTxHash(), hash);
        QCOMPARE(imported.claimedHash, std::optional(hash));
        QCOMPARE(imported.signatures.size(), 1);
        QCOMPARE(imported.signatures.first().owner, alice.address());
        QVERIFY(imported.hasNonce);
        QCOMPARE(imported.subject().transaction, draft.transaction);

        const auto queue = importProposals(quoted("{'count':2,'next':null,'results':[" + json + ",{'safe':'x'}]}")).value();
        QCOMPARE(queue.kind, ImportKind::ServiceQueue);
        QCOMPARE(queue.drafts.size(), 1);
        QCOMPARE(queue.leftOut, 1);
    }

    void aTransactionOfTheServiceIsADraft()
    {
        const TestKey alice(1);
        const ProposalDraft draft = testDraft();
        SafeServiceTransaction transaction;
        transaction.transaction = draft.transaction;
        transaction.safeTxHash = draft.safeTxHash();
        transaction.confirmations = {{alice.address(), alice.countersign(draft.safeTxHash()).signature}};
        transaction.findings = {{u"service.owner"_s, u"A confirmation is by no owner"_s}};
        SafeServiceSubject subject;
        subject.chainId = draft.chainId;
        subject.safe = draft.safe;
        const ImportedDraft imported = importServiceTransaction(transaction, subject, draft.createdAt);
        QCOMPARE(imported.draft.safeTxHash(), draft.safeTxHash());
        QCOMPARE(imported.signatures.first().owner, alice.address());
        QCOMPARE(imported.signatures.first().chainId, draft.chainId);
        QCOMPARE(imported.findings.first().code, u"service.owner"_s);
    }

    void aBuilderFileIsABatch()
    {
        TransactionBuilderFile file;
        file.chainId = ChainId(testChain);
        file.name = u"Two calls"_s;
        file.createdFromSafe = testSafe;
        for (int i = 0; i < 2; ++i) {
            BuilderTransaction transaction;
            transaction.to = testRegistry;
            transaction.value = Uint256(static_cast<quint64>(i));
            file.transactions.push_back(transaction);
        }
        const QByteArray json = writeTransactionBuilderFile(file);
        const auto import = importProposals(json).value();
        QCOMPARE(import.kind, ImportKind::BuilderFile);
        const ImportedDraft &imported = import.drafts.first();
        QVERIFY(!imported.hasNonce);
        QCOMPARE(imported.draft.title, u"Two calls"_s);
        QCOMPARE(imported.draft.safe, testSafe);
        QCOMPARE(imported.draft.transaction.operation, SafeOperation::DelegateCall);
        QCOMPARE(decodeMultiSend(imported.draft.transaction.data, {MultiSendKind::CallOnly}, testSafe)->size(), size_t(2));
        QVERIFY(imported.findings.isEmpty());

        QByteArray damaged = json;
        damaged.replace("\"value\":\"1\"", "\"value\":\"2\"");
        QVERIFY(damaged != json);
        QCOMPARE(importProposals(damaged)->drafts.first().findings.first().code, u"file.checksum"_s);
        ImportHints other = here();
        other.safe = testRegistry;
        QCOMPARE(importProposals(json, other).error().detail, u"place.safe"_s);
        other = here();
        other.nonce = Uint256(4);
        QVERIFY(importProposals(json, other)->drafts.first().hasNonce);
        QCOMPARE(importProposals(json, other)->drafts.first().draft.transaction.nonce, Uint256(4));
    }

    // A name that turns the line around would show another title than the one that was signed.
    void aTitleThatDeceivesIsDropped()
    {
        TransactionBuilderFile file;
        file.chainId = ChainId(testChain);
        file.name = u"Pay \u202Eevil"_s;
        file.createdFromSafe = testSafe;
        file.transactions.resize(1);
        file.transactions.front().to = testRegistry;
        QCOMPARE(importProposals(writeTransactionBuilderFile(file))->drafts.first().draft.title, QString());
    }

    void callsAreTakenForTheSafeNamed()
    {
        const QByteArray to = testRegistry.toString().toLatin1();
        const QByteArray call = quoted("{'to':'" + to + "','value':'5','data':'0x8456cb59'}");
        QCOMPARE(importProposals(call).error().detail, u"place.chain-id"_s);
        const auto one = importProposals(call, here()).value();
        QCOMPARE(one.kind, ImportKind::Calls);
        QCOMPARE(one.drafts.first().draft.transaction.to, testRegistry);
        QCOMPARE(one.drafts.first().draft.transaction.value, Uint256(5));
        const auto several = importProposals('[' + call + ',' + call + ']', here()).value();
        QCOMPARE(several.drafts.first().draft.transaction.operation, SafeOperation::DelegateCall);
    }

    void whatIsNoneOfTheseIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QByteArray to = testRegistry.toString().toLatin1();
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("0x8456cb59");
        QTest::newRow("a number") << QByteArray("5");
        QTest::newRow("an empty list") << QByteArray("[]");
        QTest::newRow("an unknown member") << quoted("{'to':'" + to + "','gas':'5'}");
        QTest::newRow("a delegatecall") << quoted("{'to':'" + to + "','operation':1}");
        QTest::newRow("a wrong checksum") << quoted("{'to':'0x4e61000000000000000000000000000000004E61'}");
        QTest::newRow("another file of ours") << quoted("{'kind':'countersign.signature','version':'2'}");
        QTest::newRow("an empty page") << quoted("{'results':[]}");
        QTest::newRow("twins") << quoted("{'to':'" + to + "','to':'" + to + "'}");
    }
    void whatIsNoneOfTheseIsRefused()
    {
        QFETCH(const QByteArray, text);
        const auto import = importProposals(text, here());
        QVERIFY(!import);
        QCOMPARE(import.error().kind, ErrorKind::Invalid);
        QVERIFY(!import.error().message.isEmpty());
    }

    void aPackageForOthersIsToldApart()
    {
        const TestKey alice(1);
        const Hash32 key = Hash32::fromBytes(QByteArray::fromHex(
            "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a")).value();
        const auto envelope = sealEnvelope(ChainId(testChain), testSafe, u"countersign.proposal"_s,
            proposalToJson(alice.propose(testDraft())), {{testRegistry, key, {}}});
        QVERIFY(envelope);
        QCOMPARE(importProposals(envelopeToJson(*envelope), here()).error(), encryptedPackage());
    }
    void whatIsTooLargeIsRefused()
    {
        QCOMPARE(importProposals(QByteArray(maxImportBytes + 1, ' '), here()).error().kind, ErrorKind::Exhausted);
    }
};

QTEST_APPLESS_MAIN(TestProposalImport)
#include "tst_proposalimport.moc"
