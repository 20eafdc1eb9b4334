#include "backend/evm/transactionrules.h"
#include "tests/backend/evm/signedtransactions.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

using Change = std::function<void(EvmTransaction &)>;

struct Case {
    const char *detail;
    TransactionType type;
    Change change;
};

const std::vector<Case> &cases()
{
    static const std::vector<Case> all{
        {"tx.chainId.missing", TransactionType::FeeMarket, [](EvmTransaction &t) { t.chainId.reset(); }},
        {"tx.chainId.zero", TransactionType::Legacy, [](EvmTransaction &t) { t.chainId = ChainId(0); }},
        {"tx.chainId.range", TransactionType::Legacy,
            [](EvmTransaction &t) { t.chainId = ChainId(0x7fffffffffffffdc); }},
        {"tx.nonce.max", TransactionType::Legacy, [](EvmTransaction &t) { t.nonce = Nonce(~0ULL); }},
        {"tx.gasLimit.range", TransactionType::AccessList,
            [](EvmTransaction &t) { t.gasLimit = Uint256(1).shiftedLeft(64); }},
        {"tx.fee.overflow", TransactionType::Legacy,
            [](EvmTransaction &t) { t.gasPrice = Uint256(1).shiftedLeft(255); }},
        {"tx.fee.overflow", TransactionType::SetCode, [](EvmTransaction &t) { t.maxFeePerGas = Uint256::max(); }},
        {"tx.fee.priority", TransactionType::FeeMarket,
            [](EvmTransaction &t) { t.maxPriorityFeePerGas = *t.maxFeePerGas.checkedAdd(1); }},
        {"tx.to.missing", TransactionType::Blob, [](EvmTransaction &t) { t.to.reset(); }},
        {"tx.to.missing", TransactionType::SetCode, [](EvmTransaction &t) { t.to.reset(); }},
        {"tx.initcode.size", TransactionType::FeeMarket,
            [](EvmTransaction &t) {
                t.to.reset();
                t.data = Bytes(49'153, '\x01');
            }},
        {"tx.blobs.none", TransactionType::Blob, [](EvmTransaction &t) { t.blobVersionedHashes.clear(); }},
        {"tx.blobs.version", TransactionType::Blob, [](EvmTransaction &t) { t.blobVersionedHashes.emplace_back(); }},
        {"tx.authorizations.none", TransactionType::SetCode, [](EvmTransaction &t) { t.authorizationList.clear(); }},
    };
    return all;
}

} // namespace

class TestTransactionRules final : public QObject {
    Q_OBJECT

private slots:
    void findNothingWrongWithSoundTransactions()
    {
        for (const SignedExample &example : signedExamples()) {
            const auto problems = transactionProblems(example.transaction, true);
            QVERIFY2(problems.empty(), problems.empty() ? "" : qPrintable(problems.front().message));
        }
    }

    void nameWhatNodesRefuse_data()
    {
        QTest::addColumn<int>("index");
        for (size_t i = 0; i < cases().size(); ++i)
            QTest::addRow("%s, type %d", cases()[i].detail, static_cast<int>(cases()[i].type)) << static_cast<int>(i);
    }
    void nameWhatNodesRefuse()
    {
        QFETCH(int, index);
        const Case &known = cases().at(static_cast<size_t>(index));
        EvmTransaction t = signedExample(known.type).transaction;
        known.change(t);
        const auto problems = transactionProblems(t);
        QCOMPARE(problems.size(), 1U);
        QCOMPARE(problems.front().detail, QString::fromLatin1(known.detail));
        QCOMPARE(problems.front().kind, ErrorKind::Invalid);
        if (t.type != TransactionType::Legacy && !t.chainId)
            return; // has no serialized form of its own
        // The same by way of the bytes: refused when strict, told when not.
        const Bytes raw = t.unsignedPayload();
        QCOMPARE(decodeTransaction(raw).error().detail, QString::fromLatin1(known.detail));
        if (t.chainId != ChainId(0))
            QCOMPARE(decodeTransaction(raw, {.strict = false}).value().problems.front().detail,
                QString::fromLatin1(known.detail));
    }

    void letPassWhatStandsOnTheBorder()
    {
        EvmTransaction creation = exampleOfType(TransactionType::FeeMarket);
        creation.to.reset();
        creation.data = Bytes(49'152, '\x01');
        QVERIFY(transactionProblems(creation).empty());
        EvmTransaction legacy = signedExample(TransactionType::Legacy).transaction;
        legacy.chainId = ChainId(0x7fffffffffffffdb); // EIP-2294
        legacy.nonce = Nonce(~0ULL - 1);
        legacy.gasLimit = Uint256(~0ULL);
        QVERIFY(transactionProblems(legacy).empty());
        EvmTransaction equal = exampleOfType(TransactionType::FeeMarket);
        equal.maxPriorityFeePerGas = equal.maxFeePerGas;
        QVERIFY(transactionProblems(equal).empty());
    }

    // By hand from the EIPs' constants.
    void countTheGasBeforeTheFirstInstruction()
    {
        EvmTransaction plain{.chainId = ChainId(1), .to = recipientOfExamples};
        QCOMPARE(intrinsicGas(plain).execution, 21'000U);
        QCOMPARE(intrinsicGas(plain).floor, 21'000U);
        plain.data = hex(u"00ff00");
        QCOMPARE(intrinsicGas(plain).execution, 21'000U + 4 + 16 + 4);
        QCOMPARE(intrinsicGas(plain).floor, 21'000U + 10 * (1 + 4 + 1));
        QCOMPARE(intrinsicGas(plain).minimum(), 21'060U);
        plain.to.reset();
        QCOMPARE(intrinsicGas(plain).execution, 21'024U + 32'000 + 2);
        plain.data = Bytes(33, '\x01');
        QCOMPARE(intrinsicGas(plain).execution, 21'000U + 33 * 16 + 32'000 + 2 * 2);
        EvmTransaction lists = exampleOfType(TransactionType::SetCode);
        lists.data.clear();
        QCOMPARE(intrinsicGas(lists).execution, 21'000U + 2'400 + 1'900 + 25'000);
    }

    void judgeTheGasLimitWhenAsked()
    {
        EvmTransaction t = signedExample(TransactionType::Legacy).transaction;
        t.gasLimit = 20'999;
        QVERIFY(transactionProblems(t).empty());
        QCOMPARE(transactionProblems(t, true).front().detail, u"tx.gas.intrinsic"_s);
        QCOMPARE(decodeTransaction(t.unsignedPayload(), {.intrinsicGas = true}).error().detail, u"tx.gas.intrinsic"_s);
        t.gasLimit = 21'000;
        QVERIFY(transactionProblems(t, true).empty());
    }
};

QTEST_GUILESS_MAIN(TestTransactionRules)
#include "tst_transactionrules.moc"
