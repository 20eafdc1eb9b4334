#include "backend/evm/transaction.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Address signer = address(u"0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F");

// The example of EIP-155: the key is 32 times 0x46.
const QString eip155 = u"f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a7640000801ba0"_s;
const QString eip155Signed = u"f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a0"
                             "28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a0"
                             "67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"_s;

// Signed by ethers 6 with the same key.
const QString type2Signed = u"02f8ab827a69038459682f008506fc23ac00830186a09452908400098527886e0f7030069857d2e4169ee705"
                            "84deadbeeff838f79452908400098527886e0f7030069857d2e4169ee7e1a01111111111111111111111111111111111111111"
                            "11111111111111111111111180a0edcbaf5cf424840bbf4c3c10620993d688d056c91e7870b01fdc3544276f3d79a0"
                            "5cb9c1628c67f1147bc8e4bcd968bdf6ba8fbc907f7d5ecd2de488b71a659dfa"_s;

Eip1559Transaction type2()
{
    const Address to = address(u"0x52908400098527886E0F7030069857D2E4169EE7");
    return {.chainId = ChainId(31337),
            .nonce = Nonce(3),
            .maxPriorityFeePerGas = 1'500'000'000,
            .maxFeePerGas = 30'000'000'000,
            .gasLimit = 100'000,
            .to = to,
            .value = 5,
            .data = hex(u"deadbeef"),
            .accessList = {{.address = to, .storageKeys = {Hash32::fromBytes(Bytes(32, '\x11')).value()}}}};
}

} // namespace

class TestTransaction final : public QObject {
    Q_OBJECT

private slots:
    void hashesTheExampleOfEip155()
    {
        const LegacyTransaction transaction{.chainId = ChainId(1),
                                            .nonce = Nonce(9),
                                            .gasPrice = 20'000'000'000,
                                            .gasLimit = 21'000,
                                            .to = address(u"0x3535353535353535353535353535353535353535"),
                                            .value = 1'000'000'000'000'000'000,
                                            .data = {}};
        QCOMPARE(transaction.signingHash(), hash(u"0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"));
        const auto decoded = decodeTransaction(hex(eip155Signed)).value();
        QVERIFY(std::get<LegacyTransaction>(decoded.transaction) == transaction);
        QCOMPARE(decoded.sender().value(), signer);
        QCOMPARE(transaction.serialize(decoded.signature).value(), hex(eip155Signed));
    }

    void buildsAndReadsAType2TransactionAsEthersDoes()
    {
        const Eip1559Transaction transaction = type2();
        QCOMPARE(transaction.signingHash(), hash(u"0x7bca08dea0179cc1086b5eb8f9d53a7b9d4e77fe0d59c909a915d735f4c5cbe9"));
        const auto decoded = decodeTransaction(hex(type2Signed)).value();
        QVERIFY(std::get<Eip1559Transaction>(decoded.transaction) == transaction);
        QCOMPARE(decoded.hash, hash(u"0x98071930eeb1a71e0f6579a4e500fcec28339c86748ba51445e613bdd05a44e4"));
        QCOMPARE(decoded.sender().value(), signer);
        QCOMPARE(transaction.serialize(decoded.signature), hex(type2Signed));
    }

    void keepsAContractCreationApartFromTheZeroAddress()
    {
        Eip1559Transaction creation = type2();
        creation.to.reset();
        Eip1559Transaction toZero = type2();
        toZero.to = Address();
        QVERIFY(creation.signingHash() != toZero.signingHash());
    }

    void refusesWhatNoNodeWouldTake_data()
    {
        QTest::addColumn<QString>("raw");
        QTest::newRow("empty") << QString();
        QTest::newRow("type 1") << u"01c0"_s;
        QTest::newRow("type 3") << u"03c0"_s;
        QTest::newRow("text") << u"80"_s;
        QTest::newRow("no fields") << u"c0"_s;
        QTest::newRow("type 2 without fields") << u"02c0"_s;
        QTest::newRow("only the type") << u"02"_s;
        QTest::newRow("trailing") << QString(type2Signed + u"00"_s);
        QTest::newRow("unsigned") << eip155;
        QString parity = type2Signed;
        QTest::newRow("yParity 2") << parity.replace(u"80a0edcb"_s, u"02a0edcb"_s);
        QString badV = eip155Signed;
        QTest::newRow("v 36") << badV.replace(u"8025a028ef"_s, u"8024a028ef"_s);
        QString leading = type2Signed;
        QTest::newRow("leading zero in r") << leading.replace(u"a0edcbaf"_s, u"a000cbaf"_s);
    }
    void refusesWhatNoNodeWouldTake()
    {
        QFETCH(QString, raw);
        QVERIFY(!decodeTransaction(hex(raw)).has_value());
    }

    void refusesHighS()
    {
        const auto decoded = decodeTransaction(hex(type2Signed)).value();
        const auto order = Uint256::parse(u"0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141").value();
        EvmSignature high = decoded.signature;
        high.s = Hash32::fromBytes(order.checkedSub(Uint256::fromBigEndian(high.s.view()).value())->toBigEndian()).value();
        high.yParity = !high.yParity;
        QCOMPARE(recoverAddress(decoded.signingHash(), high).value(), signer);
        QVERIFY(!decodeTransaction(type2().serialize(high)).has_value());
        QVERIFY(high.normalised() == decoded.signature);
    }

    void refusesAChainIdThatEip155CannotHold()
    {
        LegacyTransaction transaction;
        transaction.chainId = ChainId(~0ULL);
        QCOMPARE(transaction.serialize({}).error().kind, ErrorKind::Invalid);
    }
};

QTEST_GUILESS_MAIN(TestTransaction)
#include "tst_transaction.moc"
