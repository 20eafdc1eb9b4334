#include "backend/safe/safecalls.h"
#include "backend/safe/safecalltree.h"
#include "backend/safe/safecontracts.h"
#include "backend/safe/safenested.h"
#include "tests/backend/evm/values.h"
#include "tests/backend/safe/testkey.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Address safe = address(u"0x1111111111111111111111111111111111111111");
const Address other = address(u"0x2222222222222222222222222222222222222222");
const Address target = address(u"0x52908400098527886E0F7030069857D2E4169EE7");
const ChainId mainnet(1);

Address library(SafeContract contract, SafeVersion version)
{
    return safeContractAddress(contract, version, mainnet).value_or(Address());
}

SafeTransaction batchOf(std::vector<MultiSendTransaction> entries, const Address &through)
{
    return {.to = through, .data = encodeMultiSend(entries), .operation = SafeOperation::DelegateCall};
}

Bytes lowerThreshold()
{
    return encodeManagementCall(ChangeThreshold{1});
}

} // namespace

class TestSafeCallTree final : public QObject {
    Q_OBJECT

private slots:
    void readsThroughBatchesAndOtherSafes()
    {
        const SafeTransaction inner = batchOf({{.to = other, .data = lowerThreshold()}, {.to = target, .value = 5}},
                                              library(SafeContract::MultiSend, SafeVersion::v141()));
        const SafeTransaction outer = batchOf({{.to = target, .data = hex(u"a9059cbb")}, {.to = other, .data = encodeExecTransaction(inner, {})}},
                                              library(SafeContract::MultiSendCallOnly, SafeVersion::v141()));
        const auto root = readSafeCallTree(outer, safe, mainnet);
        QCOMPARE(root.kind, SafeCallKind::Batch);
        QVERIFY(root.knownLibrary);
        QCOMPARE(root.children.size(), size_t(2));
        QCOMPARE(root.children[0].kind, SafeCallKind::Plain);
        QCOMPARE(root.children[0].runsAs, safe);
        const SafeCallNode &execution = root.children[1];
        QCOMPARE(execution.kind, SafeCallKind::Execution);
        const SafeCallNode &innerBatch = execution.children.at(0);
        QCOMPARE(innerBatch.kind, SafeCallKind::Batch);
        QCOMPARE(innerBatch.runsAs, other);
        QCOMPARE(innerBatch.children.at(0).kind, SafeCallKind::Management);
        QVERIFY(*innerBatch.children[0].management == SafeManagementCall(ChangeThreshold{1}));
        QCOMPARE(innerBatch.children[0].runsAs, other);
        QCOMPARE(innerBatch.children.at(1).kind, SafeCallKind::Transfer);
        QCOMPARE(flattened(root).size(), size_t(6));
    }

    void findsACallToItselfBehindZero()
    {
        const std::vector<MultiSendTransaction> hidden = {{.data = lowerThreshold()}};
        const auto now = readSafeCallTree(batchOf(hidden, library(SafeContract::MultiSendCallOnly, SafeVersion::v150())), safe, mainnet);
        QVERIFY(now.children.at(0).zeroMeansSelf);
        QCOMPARE(now.children[0].to, safe);
        const auto before = readSafeCallTree(batchOf(hidden, library(SafeContract::MultiSendCallOnly, SafeVersion::v141())), safe, mainnet);
        QVERIFY(!before.children.at(0).zeroMeansSelf);
        QVERIFY(before.children[0].to.isZero());
        // Whose rules an unknown library follows nobody knows: the worst is assumed.
        const auto unknown = readSafeCallTree(batchOf(hidden, target), safe, mainnet);
        QVERIFY(!unknown.knownLibrary);
        QVERIFY(unknown.children.at(0).zeroMeansSelf);
    }

    void knowsWhoCallsWhenABatchIsNoDelegatecall()
    {
        SafeTransaction batch = batchOf({{.to = target, .data = hex(u"a9059cbb")}}, library(SafeContract::MultiSendCallOnly, SafeVersion::v141()));
        batch.operation = SafeOperation::Call;
        QCOMPARE(readSafeCallTree(batch, safe, mainnet).children.at(0).runsAs, batch.to);
    }

    void readsWhatAModuleDoes()
    {
        for (const QStringView function : {u"execTransactionFromModule", u"execTransactionFromModuleReturnData"}) {
            const Bytes data = safeAbi().function(function)->encodeCall({other, Uint256(0), lowerThreshold(), Uint256(0)}).value();
            const auto root = readSafeCallTree({.to = other, .data = data}, safe, mainnet);
            QCOMPARE(root.kind, SafeCallKind::Execution);
            QCOMPARE(root.children.at(0).kind, SafeCallKind::Management);
            QCOMPARE(root.children[0].runsAs, other);
        }
    }

    void readsCreations()
    {
        const auto create = readSafeCallTree({.to = library(SafeContract::CreateCall, SafeVersion::v141()),
                                              .data = encodeCreateCall({.initCode = hex(u"6001")}),
                                              .operation = SafeOperation::DelegateCall},
                                             safe, mainnet);
        QCOMPARE(create.kind, SafeCallKind::Creation);
        QVERIFY(create.knownLibrary);
        QCOMPARE(create.creation->initCode, hex(u"6001"));
        const auto proxy = readSafeCallTree({.to = target, .data = encodeProxyCreation({.singleton = other})}, safe, mainnet);
        QCOMPARE(proxy.kind, SafeCallKind::ProxyCreation);
        QVERIFY(!proxy.knownLibrary);
    }

    void saysWhatIsMalformed_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::newRow("batch") << encodeMultiSend({}).chopped(1);
        QTest::newRow("execution") << encodeExecTransaction({}, {}).chopped(1);
        QTest::newRow("management") << lowerThreshold().chopped(1);
        QTest::newRow("creation") << encodeCreateCall({}).chopped(1);
        QTest::newRow("proxy") << encodeProxyCreation({}).chopped(1);
        Bytes module = safeAbi().function(u"execTransactionFromModule")->encodeCall({other, Uint256(0), Bytes(), Uint256(2)}).value();
        QTest::newRow("module") << module;
    }
    void saysWhatIsMalformed()
    {
        QFETCH(QByteArray, data);
        const auto root = readSafeCallTree({.to = target, .data = data}, safe, mainnet);
        QCOMPARE(root.kind, SafeCallKind::Malformed);
        QVERIFY(!root.problem.isEmpty());
        QVERIFY(root.children.empty());
    }

    void stopsAtItsLimits()
    {
        SafeTransaction nested{.to = target, .data = hex(u"a9059cbb")};
        for (int i = 0; i < 20; ++i)
            nested = batchOf({{.operation = nested.operation, .to = nested.to, .data = nested.data}}, target);
        const auto root = readSafeCallTree(nested, safe, mainnet);
        const auto all = flattened(root);
        QCOMPARE(all.size(), size_t(9));
        QCOMPARE(all.back()->kind, SafeCallKind::Malformed);
        const auto wide = batchOf(std::vector<MultiSendTransaction>(100, MultiSendTransaction{.to = target}), target);
        QCOMPARE(readSafeCallTree(wide, safe, mainnet, {.maxDepth = 8, .maxNodes = 50}).kind, SafeCallKind::Malformed);
    }

    // A Safe that owns a Safe signs with its own owners' signatures over a message of its own.
    void signsForAChildSafe()
    {
        const TestKey alice(1);
        const SafeHashes child = safeHashes(SafeVersion::v141(), mainnet, safe, {.to = target, .value = 1, .data = {}, .nonce = 3});
        const ParentSafe parent{.safe = other, .version = SafeVersion::v141(), .chain = mainnet};
        const SafeHashes asked = nestedSignatureHashes(SafeVersion::v141(), child, parent);
        QVERIFY(asked == safeMessageHashes(SafeVersion::v141(), mainnet, other, safePreimage(child)));
        const SafeHashes byHash = nestedSignatureHashes(SafeVersion::v150(), child, parent);
        QVERIFY(byHash == safeMessageHashes(SafeVersion::v141(), mainnet, other, child.safeTxHash.view()));
        QVERIFY(byHash.safeTxHash != asked.safeTxHash);

        const auto inner = encodeSafeSignatures({SafeSignature::ecdsa(alice.sign(asked.safeTxHash))}, asked.safeTxHash).value();
        const auto blob = encodeSafeSignatures({nestedSignature(other, inner)}, child.safeTxHash).value();
        const auto read = decodeSafeSignatures(blob).value();
        QCOMPARE(read.at(0).claimedOwner(), other);
        QCOMPARE(decodeSafeSignatures(read[0].contractData()).value().at(0).signer(asked.safeTxHash).value(), alice.address());
    }

    void approvesForAChildSafe()
    {
        const Address child = address(u"0x657ff0D4eC65D82b2bC1247b0a558bcd2f80A0f1");
        const Hash32 childHash = hash(u"0xcb8bbe7bf8f8a1f3f57658e450d07d4422356ac042d96a87ba425b19e67a78a1");
        const auto hashes = safeHashes(SafeVersion::v141(), ChainId(11'155'111), address(u"0x6bc56d6CE87C86CB0756c616bECFD3Cd32b09251"),
                                       nestedApproval(child, childHash, 4));
        QCOMPARE(hashes.safeTxHash, hash(u"0x86eb3f93f2670d119a4ecb8eeaa4dafe31a28abcafe06688d47e195a3dd7abb0"));
    }

    void saysWhenTheParentsHandlerDoesNotAnswer()
    {
        QVERIFY(!nestedSignatureProblem(SafeVersion::v130(), SafeVersion::v141()));
        QVERIFY(!nestedSignatureProblem(SafeVersion::v150(), SafeVersion::v130()));
        QVERIFY(nestedSignatureProblem(SafeVersion::v141(), SafeVersion::v150()));
        QVERIFY(nestedSignatureProblem(SafeVersion::v150(), std::nullopt));
    }
};

QTEST_GUILESS_MAIN(TestSafeCallTree)
#include "tst_safecalltree.moc"
