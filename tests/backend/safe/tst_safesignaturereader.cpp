#include "backend/safe/safesignaturereader.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"
#include "tests/backend/safe/testkey.h"

#include <QTest>

#include <algorithm>

using namespace countersign;
using namespace countersign::testing;

namespace {

const SafeHashes hashes = safeHashes(SafeVersion::v141(), ChainId(1), address(u"0x1111111111111111111111111111111111111111"), {.nonce = 7});
const Hash32 txHash = hashes.safeTxHash;
const TestKey alice(1);
const TestKey bob(2);
const Address vault = address(u"0x52908400098527886E0F7030069857D2E4169EE7");

Bytes by(const TestKey &key)
{
    return SafeSignature::ecdsa(key.sign(txHash)).staticPart();
}

Bytes ethSignBy(const TestKey &key)
{
    return SafeSignature::ethSign(key.sign(safeEthSignHash(txHash))).staticPart();
}

Bytes word(quint64 number)
{
    return Uint256(number).toBigEndian();
}

Bytes claimed(const Address &owner, const Bytes &s, char v)
{
    return Bytes(12, '\0') + owner.bytes() + s + Bytes(1, v);
}

// Of two keys, in the contract's order.
std::pair<TestKey, TestKey> ascending()
{
    return alice.address() < bob.address() ? std::pair(TestKey(1), TestKey(2)) : std::pair(TestKey(2), TestKey(1));
}

SafeSignatureReading read(const Bytes &blob, qsizetype threshold, SafeVersion version = SafeVersion::v141())
{
    return readSafeSignatures(blob, {.safeTxHash = txHash, .threshold = threshold, .version = version}).value();
}

QStringList codes(const std::vector<SafeSignatureFinding> &findings)
{
    QStringList list;
    for (const SafeSignatureFinding &finding : findings)
        list << (finding.code.isEmpty() ? QString(finding.reason) : finding.code + u'.' + finding.reason);
    return list;
}

} // namespace

class TestSafeSignatureReader final : public QObject {
    Q_OBJECT

private slots:
    void readsEveryTypeInOneBlob()
    {
        struct Part {
            Address owner;
            Bytes bytes;
        };
        const Address approver = address(u"0x00000000000000000000000000000000000000AA");
        std::vector<Part> parts = {{alice.address(), by(alice)},
                                   {bob.address(), ethSignBy(bob)},
                                   {vault, claimed(vault, word(4 * 65), '\0')},
                                   {approver, claimed(approver, word(0), '\1')}};
        std::ranges::sort(parts, {}, &Part::owner);
        Bytes blob;
        for (const Part &part : parts)
            blob += part.bytes;
        blob += word(3) + hex(u"010203");
        const auto reading = read(blob, 4);
        QVERIFY(reading.wellOrdered);
        QVERIFY(reading.needsChain);
        QCOMPARE(codes(reading.errors), QStringList());
        QCOMPARE(codes(reading.notes), QStringList());
        QCOMPARE(reading.entries.size(), size_t(4));
        for (size_t i = 0; i < 4; ++i)
            QCOMPARE(*reading.entries[i].owner, parts[i].owner);
        QStringList types;
        for (const SafeSignatureEntry &entry : reading.entries) {
            types << QString(safeSignatureTypeName(entry.type)) + u' ' + QString::number(entry.v % 4);
            if (entry.type == SafeSignatureType::Contract)
                QCOMPARE(entry.contractData, hex(u"010203"));
        }
        types.sort();
        QVERIFY(types.join(u',').startsWith(u"approved 1,contract 0,ecdsa"));
    }

    // What a person published of 21 February 2025.
    void recoversPublishedEthSignSignatures()
    {
        const Hash32 hash32 = hash(u"0xb3476d061aeb8fc1d605a873c483a2402d88a68a9cdd1a8b47655dd55ba004f8");
        const Bytes blob = hex(u"d0afef78a52fd504479dc2af3dc401334762cbd05609c7ac18db9ec5abf4a07a"
                               "5cc09fc86efd3489707b89b0c729faed616459189cb50084f208d03b201b001f1f"
                               "0f62ad358d6b319d3c1221d44456080068fe02ae5b1a39b4afb1e6721ca7f990"
                               "3ac523a801533f265231cd35fc2dfddc3bd9a9563b51315cf9d5ff23dc6d2c221f");
        const auto reading = readSafeSignatures(blob, {.safeTxHash = hash32, .threshold = 2, .version = SafeVersion::v111()}).value();
        QVERIFY(reading.wellOrdered);
        QCOMPARE(reading.entries[0].owner->toString(), u"0x1F4EB0a903619ac168b19A82F1a6e2e426522211"_s);
        QCOMPARE(reading.entries[1].owner->toString(), u"0x3Cc3A225769900e003E264dd4CB43E90896BC21A"_s);
        QCOMPARE(reading.entries[1].type, SafeSignatureType::EthSign);
        QCOMPARE(reading.entries[1].v, quint8(31));
        QCOMPARE(codes(reading.errors), QStringList());
    }

    void judgesAsTheContract_data()
    {
        QTest::addColumn<QByteArray>("blob");
        QTest::addColumn<qsizetype>("threshold");
        QTest::addColumn<QStringList>("errors");
        QTest::addColumn<QStringList>("notes");
        const auto [first, second] = ascending();
        const Bytes one = by(first);
        const Bytes two = by(second);
        const Bytes tail = word(3) + hex(u"010203");
        const Bytes contract = claimed(vault, word(65), '\0');
        QTest::newRow("right") << Bytes(one + two) << qsizetype(2) << QStringList() << QStringList();
        QTest::newRow("nothing") << Bytes() << qsizetype(1) << QStringList{u"GS020.tooFew"_s} << QStringList();
        QTest::newRow("one byte too few") << Bytes(one + two.chopped(1)) << qsizetype(2) << QStringList{u"GS020.tooFew"_s}
                                          << QStringList{u"trailing"_s};
        QTest::newRow("more than needed") << Bytes(one + two) << qsizetype(1) << QStringList() << QStringList{u"trailing"_s};
        QTest::newRow("wrong order") << Bytes(two + one) << qsizetype(2) << QStringList{u"GS026.order"_s} << QStringList();
        QTest::newRow("twice") << Bytes(one + one) << qsizetype(2) << QStringList{u"GS026.twice"_s} << QStringList();
        QTest::newRow("twice in two types") << Bytes(one + ethSignBy(first)) << qsizetype(2) << QStringList{u"GS026.twice"_s} << QStringList();
        QTest::newRow("all zero") << Bytes(65, '\0') << qsizetype(1) << QStringList{u"GS021.intoParts"_s, u"GS026.zeroSigner"_s} << QStringList();
        QTest::newRow("no key") << Bytes(Bytes(64, '\0') + Bytes(1, '\x1b')) << qsizetype(1) << QStringList{u"GS026.unrecoverable"_s}
                                << QStringList();
        for (const int v : {2, 26, 29, 30, 33, 255})
            QTest::addRow("v %d", v) << Bytes(one.first(64) + Bytes(1, static_cast<char>(v))) << qsizetype(1)
                                     << QStringList{u"GS026.unsupported"_s} << QStringList();
        QTest::newRow("sentinel") << claimed(address(u"0x0000000000000000000000000000000000000001"), word(0), '\1') << qsizetype(1)
                                  << QStringList{u"GS026.sentinelSigner"_s} << QStringList();
        QTest::newRow("contract") << Bytes(contract + tail) << qsizetype(1) << QStringList() << QStringList();
        QTest::newRow("contract without data") << Bytes(contract + word(0)) << qsizetype(1) << QStringList() << QStringList();
        QTest::newRow("into the parts") << Bytes(claimed(vault, word(64), '\0') + tail) << qsizetype(1) << QStringList{u"GS021.intoParts"_s}
                                        << QStringList{u"trailing"_s};
        QTest::newRow("into an unread part") << Bytes(claimed(vault, word(65), '\0') + Bytes(31, '\0') + Bytes(1, '\1') + Bytes(33, 'x'))
                                             << qsizetype(1) << QStringList() << QStringList{u"trailing"_s};
        QTest::newRow("beyond") << Bytes(claimed(vault, word(69), '\0') + tail) << qsizetype(1) << QStringList{u"GS022.beyondData"_s}
                                << QStringList{u"trailing"_s};
        QTest::newRow("near 2^256") << Bytes(claimed(vault, Bytes(32, '\xff'), '\0') + tail) << qsizetype(1)
                                    << QStringList{u"GS022.overflow"_s} << QStringList{u"trailing"_s};
        QTest::newRow("too long") << Bytes(contract + word(4) + hex(u"010203")) << qsizetype(1) << QStringList{u"GS023.longerThanData"_s}
                                  << QStringList{u"trailing"_s};
        QTest::newRow("length 2^256 - 1") << Bytes(contract + Bytes(32, '\xff')) << qsizetype(1) << QStringList{u"GS023.overflow"_s}
                                          << QStringList{u"trailing"_s};
        QTest::newRow("gap") << Bytes(claimed(vault, word(66), '\0') + Bytes(1, 'x') + tail) << qsizetype(1) << QStringList()
                             << QStringList{u"gap"_s};
        QTest::newRow("behind the tail") << Bytes(contract + tail + Bytes(2, 'x')) << qsizetype(1) << QStringList()
                                         << QStringList{u"trailing"_s};
        QTest::newRow("dirty address") << Bytes(Bytes(1, 'x') + contract.sliced(1) + tail) << qsizetype(1) << QStringList()
                                       << QStringList{u"dirtyAddress"_s};
        QTest::newRow("dirty approval") << claimed(vault, word(1), '\1') << qsizetype(1) << QStringList() << QStringList{u"unusedBytes"_s};
    }
    void judgesAsTheContract()
    {
        QFETCH(QByteArray, blob);
        QFETCH(qsizetype, threshold);
        QFETCH(QStringList, errors);
        QFETCH(QStringList, notes);
        const auto reading = read(blob, threshold);
        QCOMPARE(codes(reading.errors), errors);
        QCOMPARE(codes(reading.notes), notes);
    }

    void tellsOrderFromTheRest()
    {
        const auto [first, second] = ascending();
        QVERIFY(read(by(first) + by(second), 2).wellOrdered);
        QVERIFY(read(by(first), 2).wellOrdered);
        QVERIFY(!read(by(second) + by(first), 2).wellOrdered);
        QVERIFY(!read(by(first) + by(first), 2).wellOrdered);
        QVERIFY(!read(Bytes(65, '\2'), 1).wellOrdered);
        QVERIFY(!read({}, 1).wellOrdered);
    }

    void knowsNoEthSignBefore110()
    {
        QCOMPARE(codes(read(ethSignBy(alice), 1, SafeVersion::v110()).errors), QStringList());
        QCOMPARE(codes(read(ethSignBy(alice), 1, SafeVersion::v100()).errors), QStringList{u"GS026.unsupported"_s});
        QCOMPARE(*read(by(alice), 1, SafeVersion::v100()).entries[0].owner, alice.address());
    }

    void saysHighS()
    {
        // n - s: the other form of the same signature.
        const Uint256 order = Uint256::parse(u"0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141").value();
        EvmSignature signature = alice.sign(txHash);
        signature.s = Hash32::fromDigest(order.checkedSub(*Uint256::fromBigEndian(signature.s.view()))->toBigEndian());
        signature.yParity = !signature.yParity;
        const auto reading = read(SafeSignature::ecdsa(signature).staticPart(), 1);
        QCOMPARE(*reading.entries[0].owner, alice.address());
        QVERIFY(reading.entries[0].highS);
        QCOMPARE(codes(reading.notes), QStringList{u"highS"_s});
        QCOMPARE(codes(reading.errors), QStringList());
    }

    void saysStrangersWhenItKnowsTheOwners()
    {
        SafeSignatureQuestion question{.safeTxHash = txHash, .owners = std::vector{bob.address()}};
        QCOMPARE(codes(readSafeSignatures(by(alice), question).value().errors), QStringList{u"GS026.notAnOwner"_s});
        question.owners = std::vector{alice.address()};
        QCOMPARE(codes(readSafeSignatures(by(alice), question).value().errors), QStringList());
    }

    void comparesThePreimageWhereTheContractDoes()
    {
        SafeSignatureQuestion question{.safeTxHash = txHash, .version = SafeVersion::v141(), .preimage = safePreimage(hashes)};
        const Bytes blob = claimed(vault, word(65), '\0') + word(0);
        QCOMPARE(codes(readSafeSignatures(blob, question).value().errors), QStringList());
        question.preimage = hex(u"1901");
        QCOMPARE(codes(readSafeSignatures(blob, question).value().errors), QStringList{u"GS027.preimage"_s});
        question.version = SafeVersion::v130();
        QCOMPARE(codes(readSafeSignatures(blob, question).value().errors), QStringList());
    }

    void refusesWhatIsTooLarge()
    {
        QCOMPARE(readSafeSignatures(Bytes(maxSafeSignatureBytes + 1, 'x'), {.safeTxHash = txHash}).error().kind, ErrorKind::Exhausted);
        QCOMPARE(readSafeSignatures({}, {.safeTxHash = txHash, .threshold = 0}).error().detail, u"GS001"_s);
        QCOMPARE(readSafeSignatures({}, {.safeTxHash = txHash, .threshold = Q_INT64_C(1) << 62}).error().kind, ErrorKind::Exhausted);
    }

    void asksContractsAsTheVersionDoes()
    {
        const Bytes old = encodeContractSignatureCheck(SafeVersion::v141(), hashes, hex(u"0102"));
        QCOMPARE(toHex(old.first(4)), u"0x20c13b0b"_s);
        QVERIFY(old.contains(safePreimage(hashes)));
        const Bytes now = encodeContractSignatureCheck(SafeVersion::v150(), hashes, hex(u"0102"));
        QCOMPARE(toHex(now.first(4)), u"0x1626ba7e"_s);
        QCOMPARE(now.sliced(4, 32), txHash.bytes());
        QCOMPARE(contractSignatureMagic(SafeVersion::v150()), Bytes(hex(u"1626ba7e") + Bytes(28, '\0')));
        QCOMPARE(contractSignatureMagic(SafeVersion::v130()), Bytes(hex(u"20c13b0b") + Bytes(28, '\0')));
    }
};

QTEST_GUILESS_MAIN(TestSafeSignatureReader)
#include "tst_safesignaturereader.moc"
