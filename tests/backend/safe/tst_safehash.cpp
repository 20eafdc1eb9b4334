#include "backend/evm/eip712.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safesetup.h"
#include "backend/safe/safesignature.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Address radiant = address(u"0x111CEEee040739fD91D29C34C33E6B3E112F2177");
const Address sepoliaSafe = address(u"0x657ff0D4eC65D82b2bC1247b0a558bcd2f80A0f1");
const Address nestedSafe = address(u"0x6bc56d6CE87C86CB0756c616bECFD3Cd32b09251");
const Hash32 sepoliaHash = hash(u"0xcb8bbe7bf8f8a1f3f57658e450d07d4422356ac042d96a87ba425b19e67a78a1");

SafeTransaction addOwner()
{
    const Address owner = address(u"0x0c75Fa5a5F1C0997e3eEA425cFA13184ed0eC9e5");
    return {.to = radiant,
            .value = 0,
            .data = safeAbi().function(u"addOwnerWithThreshold")->encodeCall({owner, Uint256(3)}).value(),
            .nonce = 234};
}

} // namespace

class TestSafeHash final : public QObject {
    Q_OBJECT

private slots:
    // Vectors 1 to 4 are published by safe-tx-hashes-util.
    void hashesAnOwnerChange()
    {
        QCOMPARE(safeDomainHash(ChainId(42161), radiant), hash(u"0x1cf7f9b1efe3bc47fe02fd27c649fea19e79d66040683a1c86c7490c80bf7291"));
        QCOMPARE(safeMessageHash(addOwner()), hash(u"0xd9109ea63c50ecd3b80b6b27ed5c5a9fd3d546c2169dfb69bfa7ba24cd14c7a5"));
        QCOMPARE(safeTxHash(ChainId(42161), radiant, addOwner()),
                 hash(u"0x0cb7250b8becd7069223c54e2839feaed4cee156363fbfe5dd0a48e75c4e25b3"));
    }

    void hashesEveryField()
    {
        SafeTransaction transaction = addOwner();
        transaction.value = 1000;
        transaction.operation = SafeOperation::DelegateCall;
        transaction.gasPrice = 50;
        transaction.gasToken = address(u"0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2");
        transaction.refundReceiver = address(u"0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045");
        QCOMPARE(safeMessageHash(transaction), hash(u"0xc7e826933da60e6ac3e2246ed0563a26a920a65beaa9089d784ac96234141bb3"));
        QCOMPARE(safeTxHash(ChainId(42161), radiant, transaction),
                 hash(u"0xc818fceb1cace51c1a4039c4c66fc73d95eccc298104c9c52debac604b9f4e04"));
    }

    void hashesATransferAndItsApprovalByANestedSafe()
    {
        const SafeTransaction transfer{
            .to = address(u"0x255C3912f91eF11bFDadd405F13144a823Da8cc5"), .value = 100'000'000'000'000'000, .data = {}, .nonce = 4};
        const ChainId sepolia(11'155'111);
        QCOMPARE(safeDomainHash(sepolia, sepoliaSafe), hash(u"0x611379c19940caee095cdb12bebe6a9fa9abb74cdb1fbd7377c49a1f198dc24f"));
        QCOMPARE(safeMessageHash(transfer), hash(u"0x565bba8b51924ffa64953596d0a2dd5c2cad39649f7de0bf2c8dbc903bd03258"));
        QCOMPARE(safeTxHash(sepolia, sepoliaSafe, transfer), sepoliaHash);

        const SafeTransaction approval{.to = sepoliaSafe, .value = 0, .data = encodeApproveHash(sepoliaHash), .nonce = 4};
        QCOMPARE(safeDomainHash(sepolia, nestedSafe), hash(u"0x55f6c329a7834e2a4e789f5526f328fa75d14fe75b97b0001be40caf46ca92a1"));
        QCOMPARE(safeMessageHash(approval), hash(u"0xcd411ee5d49344391ef8d37b76e19dfacf505bbb20e856ac907acb5958ecbdf0"));
        QCOMPARE(safeTxHash(sepolia, nestedSafe, approval), hash(u"0x86eb3f93f2670d119a4ecb8eeaa4dafe31a28abcafe06688d47e195a3dd7abb0"));
    }

    void hashesAnOffChainMessage()
    {
        const Bytes message = hash(u"0xcb1a9208c1a7c191185938c7d304ed01db68677eea4e689d688469aa72e34236").bytes();
        const Hash32 messageHash = safeOffchainMessageHash(message);
        QCOMPARE(messageHash, hash(u"0xa5d2f507a16279357446768db4bd47a03bca0b6acac4632a4c2c96af20d6f6e5"));
        QCOMPARE(safeTxHash(safeDomainHash(ChainId(11'155'111), sepoliaSafe), messageHash),
                 hash(u"0x1866b559f56261ada63528391b93a1fe8e2e33baf7cace94fc6b42202d16ea08"));
    }

    // The transaction of 21 February 2025, on the legacy domain, signed through eth_sign.
    void hashesAndRecoversTheLegacyDomain()
    {
        const Address safe = address(u"0x1Db92e2EeBC8E0c075a02BeA49a2935BcD2dFCF4");
        const auto transfer = AbiFunction::parse(u"transfer(address,uint256)").value();
        const SafeTransaction transaction{
            .to = address(u"0x96221423681A6d52E184D440a8eFCEbB105C7242"),
            .value = 0,
            .data = transfer.encodeCall({address(u"0xbDd077f651EBe7f7b3cE16fe5F2b025BE2969516"), Uint256()}).value(),
            .operation = SafeOperation::DelegateCall,
            .safeTxGas = 45'746,
            .nonce = 71};
        QCOMPARE(safeLegacyDomainHash(safe), hash(u"0xb3ded2bdbff5db1a87f6d551fa256e9f2bd6517a3bb84f4c2ea863fb3a559622"));
        QCOMPARE(safeMessageHash(transaction), hash(u"0xea68fc75e93bf7286b1257680ca8e2033bfadd8e1cb8a23f3ca18f1031ecf1e0"));
        const Hash32 txHash = safeTxHash(safeLegacyDomainHash(safe), safeMessageHash(transaction));
        QCOMPARE(txHash, hash(u"0xb3476d061aeb8fc1d605a873c483a2402d88a68a9cdd1a8b47655dd55ba004f8"));

        const auto first = SafeSignature::fromBytes(hex(u"d0afef78a52fd504479dc2af3dc401334762cbd05609c7ac18db9ec5abf4a07a"
                                                        "5cc09fc86efd3489707b89b0c729faed616459189cb50084f208d03b201b001f1f"));
        QCOMPARE(first.value().kind(), SafeSignatureKind::EthSign);
        QCOMPARE(first->signer(txHash).value(), address(u"0x1F4EB0a903619ac168b19A82F1a6e2e426522211"));
        const auto second = SafeSignature::fromBytes(hex(u"0f62ad358d6b319d3c1221d44456080068fe02ae5b1a39b4afb1e6721ca7f990"
                                                         "3ac523a801533f265231cd35fc2dfddc3bd9a9563b51315cf9d5ff23dc6d2c221f"));
        QCOMPARE(second.value().signer(txHash).value(), address(u"0x3Cc3A225769900e003E264dd4CB43E90896BC21A"));
    }

    void namesTheSixthFieldAsTheOldVersionsDid()
    {
        QVERIFY(safeMessageHashBefore100(addOwner()) != safeMessageHash(addOwner()));
    }

    void hashesByTheRulesOfEachVersion()
    {
        const ChainId chain(42161);
        for (const QStringView version : {u"1.3.0", u"1.3.0+L2", u"1.4.0", u"1.4.1", u"1.5.0"}) {
            const auto hashes = safeHashes(SafeVersion::parse(version).value(), chain, radiant, addOwner());
            QCOMPARE(hashes.domainHash, hash(u"0x1cf7f9b1efe3bc47fe02fd27c649fea19e79d66040683a1c86c7490c80bf7291"));
            QCOMPARE(hashes.messageHash, hash(u"0xd9109ea63c50ecd3b80b6b27ed5c5a9fd3d546c2169dfb69bfa7ba24cd14c7a5"));
            QCOMPARE(hashes.safeTxHash, hash(u"0x0cb7250b8becd7069223c54e2839feaed4cee156363fbfe5dd0a48e75c4e25b3"));
            QCOMPARE(keccak256(safePreimage(hashes)), hashes.safeTxHash);
        }
        for (const QStringView version : {u"1.0.0", u"1.1.0", u"1.1.1", u"1.2.0"}) {
            const auto hashes = safeHashes(SafeVersion::parse(version).value(), chain, radiant, addOwner());
            QCOMPARE(hashes.domainHash, safeLegacyDomainHash(radiant));
            QCOMPARE(hashes.messageHash, safeMessageHash(addOwner()));
        }
        const auto oldest = safeHashes(SafeVersion::v010(), chain, radiant, addOwner());
        QCOMPARE(oldest.domainHash, safeLegacyDomainHash(radiant));
        QCOMPARE(oldest.messageHash, safeMessageHashBefore100(addOwner()));
    }

    // The words are written without a schema; the general encoder must agree.
    void agreesWithTheGeneralEncoder()
    {
        const auto schema = [](const QString &sixth) {
            return Eip712Schema::create({{u"SafeTx"_s,
                                          {{u"to"_s, u"address"_s},
                                           {u"value"_s, u"uint256"_s},
                                           {u"data"_s, u"bytes"_s},
                                           {u"operation"_s, u"uint8"_s},
                                           {u"safeTxGas"_s, u"uint256"_s},
                                           {sixth, u"uint256"_s},
                                           {u"gasPrice"_s, u"uint256"_s},
                                           {u"gasToken"_s, u"address"_s},
                                           {u"refundReceiver"_s, u"address"_s},
                                           {u"nonce"_s, u"uint256"_s}}}})
                .value();
        };
        const SafeTransaction t{.to = radiant,
                                .value = Uint256::max(),
                                .data = hex(u"010203"),
                                .operation = SafeOperation::DelegateCall,
                                .safeTxGas = 1,
                                .baseGas = 2,
                                .gasPrice = 3,
                                .gasToken = sepoliaSafe,
                                .refundReceiver = nestedSafe,
                                .nonce = 4};
        const auto values = AbiValue::list(
            {t.to, t.value, t.data, Uint256(1), t.safeTxGas, t.baseGas, t.gasPrice, t.gasToken, t.refundReceiver, t.nonce});
        QCOMPARE(safeMessageHash(t), schema(u"baseGas"_s).hashStruct(u"SafeTx", values).value());
        QCOMPARE(safeMessageHashBefore100(t), schema(u"dataGas"_s).hashStruct(u"SafeTx", values).value());
        QCOMPARE(schema(u"baseGas"_s).typeHash(u"SafeTx").value(), hash(u"0xbb8310d486368db6bd6f849402fdd73ad53d316b5a4b2644ad6efe0f941286d8"));
        QCOMPARE(schema(u"dataGas"_s).typeHash(u"SafeTx").value(), hash(u"0x14d461bc7412367e924637b363c7bf29b8f47e2f84869f4426e5633d8af47b20"));
        QCOMPARE(safeDomainHash(ChainId(1), radiant), (Eip712Domain{.chainId = Uint256(1), .verifyingContract = radiant}.separator()));
        QCOMPARE(safeLegacyDomainHash(radiant), (Eip712Domain{.verifyingContract = radiant}.separator()));
    }

    void hashesMessagesOfEveryKind()
    {
        const ChainId sepolia(11'155'111);
        // The EIP-191 hash of a sign-in text, as published.
        const Hash32 signIn = hash(u"0xcb1a9208c1a7c191185938c7d304ed01db68677eea4e689d688469aa72e34236");
        const auto hashes = safeTypedDataHashes(SafeVersion::v141(), sepolia, sepoliaSafe, signIn);
        QCOMPARE(hashes.domainHash, hash(u"0x611379c19940caee095cdb12bebe6a9fa9abb74cdb1fbd7377c49a1f198dc24f"));
        QCOMPARE(hashes.messageHash, hash(u"0xa5d2f507a16279357446768db4bd47a03bca0b6acac4632a4c2c96af20d6f6e5"));
        QCOMPARE(hashes.safeTxHash, hash(u"0x1866b559f56261ada63528391b93a1fe8e2e33baf7cace94fc6b42202d16ea08"));
        QVERIFY(safeMessageHashes(SafeVersion::v141(), sepolia, sepoliaSafe, signIn.view()) == hashes);
        // EIP-191 "hello" as every wallet hashes it.
        const Hash32 hello = hash(u"0x50b2c43fd39106bafbba0da34fc430e1f91e3c96ea2acee2bc34119f92b37750");
        QVERIFY(safePersonalMessageHashes(SafeVersion::v141(), sepolia, sepoliaSafe, "hello")
                == safeTypedDataHashes(SafeVersion::v141(), sepolia, sepoliaSafe, hello));
        QCOMPARE(safePersonalMessageHashes(SafeVersion::v111(), sepolia, sepoliaSafe, "hello").domainHash, safeLegacyDomainHash(sepoliaSafe));
    }

    void refusesVersionsThatWereNeverReleased()
    {
        for (const QStringView version : {u"", u"1", u"1.3", u"1.3.1", u"1.6.0", u"2.0.0", u"1.3.0 ", u"v1.3.0", u"1.3.0+l2", u"01.3.0", u"+L2"})
            QCOMPARE(SafeVersion::parse(version).error().kind, ErrorKind::Invalid);
        QCOMPARE(SafeVersion::parse(u"1.4.1+L2").value().toString(), u"1.4.1"_s);
        QVERIFY(SafeVersion::v111() < SafeVersion::v130());
    }

    void encodesAndReadsExecTransaction()
    {
        SafeTransaction transaction = addOwner();
        transaction.operation = SafeOperation::DelegateCall;
        transaction.baseGas = 7;
        const Bytes calldata = encodeExecTransaction(transaction, hex(u"0102"));
        QCOMPARE(toHex(calldata.first(4)), u"0x6a761202"_s);
        const auto decoded = decodeExecTransaction(calldata).value();
        transaction.nonce = 0; // calldata does not hold it
        QVERIFY(decoded.transaction == transaction);
        QCOMPARE(decoded.signatures, hex(u"0102"));
    }

    void refusesExecTransactionWithAnUnknownOperation()
    {
        Bytes calldata = encodeExecTransaction(addOwner(), {});
        calldata[4 + 4 * 32 - 1] = 2;
        QCOMPARE(decodeExecTransaction(calldata).error().detail, u"safe.operation"_s);
    }

    void knowsTheSelectorsOfEveryManagementCall_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("selector");
        QTest::newRow("addOwnerWithThreshold") << u"addOwnerWithThreshold"_s << u"0x0d582f13"_s;
        QTest::newRow("removeOwner") << u"removeOwner"_s << u"0xf8dc5dd9"_s;
        QTest::newRow("swapOwner") << u"swapOwner"_s << u"0xe318b52b"_s;
        QTest::newRow("changeThreshold") << u"changeThreshold"_s << u"0x694e80c3"_s;
        QTest::newRow("enableModule") << u"enableModule"_s << u"0x610b5925"_s;
        QTest::newRow("disableModule") << u"disableModule"_s << u"0xe009cfde"_s;
        QTest::newRow("setGuard") << u"setGuard"_s << u"0xe19a9dd9"_s;
        QTest::newRow("setModuleGuard") << u"setModuleGuard"_s << u"0xe068df37"_s;
        QTest::newRow("setFallbackHandler") << u"setFallbackHandler"_s << u"0xf08a0323"_s;
        QTest::newRow("approveHash") << u"approveHash"_s << u"0xd4d9bdcd"_s;
        QTest::newRow("setup") << u"setup"_s << u"0xb63e800d"_s;
        QTest::newRow("getTransactionHash") << u"getTransactionHash"_s << u"0xd8d11f78"_s;
        QTest::newRow("getModulesPaginated") << u"getModulesPaginated"_s << u"0xcc2f8452"_s;
        QTest::newRow("createProxyWithNonce") << u"createProxyWithNonce"_s << u"0x1688f0b9"_s;
        QTest::newRow("multiSend") << u"multiSend"_s << u"0x8d80ff0a"_s;
        QTest::newRow("performCreate2") << u"performCreate2"_s << u"0x4847be6f"_s;
    }
    void knowsTheSelectorsOfEveryManagementCall()
    {
        QFETCH(QString, name);
        QFETCH(QString, selector);
        QCOMPARE(safeAbi().function(name)->selector().toString(), selector);
    }

    void explainsTheErrorCodes()
    {
        QVERIFY(safeErrorMeaning(u"GS026").contains(u"nonce"));
        QVERIFY(safeErrorMeaning(u"GS999").isEmpty());
        // All that stand in the sources of 1.3.0, 1.4.1 and 1.5.0.
        for (const int code : {0,   1,   2,   10,  11,  12,  13,  20,  21,  22,  23,  24,  25,  26,  27,  30,  31, 100,
                               101, 102, 103, 104, 105, 106, 200, 201, 202, 203, 204, 205, 300, 301, 400})
            QVERIFY2(!safeErrorMeaning(u"GS%1"_s.arg(code, 3, 10, QChar(u'0'))).isEmpty(), qPrintable(QString::number(code)));
    }
};

QTEST_GUILESS_MAIN(TestSafeHash)
#include "tst_safehash.moc"
