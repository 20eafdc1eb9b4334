#include "backend/safe/feequote.h"
#include "backend/types/nativeamount.h"
#include "backend/types/strings.h"
#include "tests/backend/evm/testchain.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

/// What is offered for a transaction, within what a person allows; and on a real chain without a base fee.
class TestFeeQuote final : public QObject {
    Q_OBJECT

private:
    static constexpr quint64 gwei = 1'000'000'000;
    static FeeMarket market(quint64 base, quint64 priority)
    {
        return {false, {.baseFeePerGas = base * gwei, .maxPriorityFeePerGas = priority * gwei, .maxFeePerGas = (2 * base + priority) * gwei}};
    }
    static FeeMarket legacy(quint64 price) { return {true, {.baseFeePerGas = {}, .maxPriorityFeePerGas = {}, .maxFeePerGas = price * gwei}}; }

private slots:
    void withoutCapsTwiceTheBaseFeeIsOffered()
    {
        const auto quote = quoteFee(market(40, 2), 100'000, Uint256(7), {});
        QVERIFY(quote.has_value());
        QCOMPARE(quote->gasLimit, 125'000U);
        QCOMPARE(quote->maxFeePerGas, Uint256(82 * gwei));
        QCOMPARE(quote->worstCase, Uint256(82 * gwei * 125'000 + 7));
        QCOMPARE(quote->expected, Uint256(42 * gwei * 100'000 + 7));
        QVERIFY(!quote->canPay()); // nobody's balance was read
        const auto refused = requireBalance(*quote, Address());
        QCOMPARE(refused.error().kind, ErrorKind::Exhausted);
        QVERIFY2(refused.error().message.contains(u"cannot pay"), qPrintable(refused.error().message));
    }

    void capLowersTheOfferButNeverBelowTheNextBlock()
    {
        // 9/8 of 40, and 2: what the block after the next may take at most.
        const auto lowered = quoteFee(market(40, 2), 100'000, {}, {.maxFeePerGas = Uint256(60 * gwei)});
        QVERIFY(lowered.has_value());
        QCOMPARE(lowered->maxFeePerGas, Uint256(60 * gwei));
        QVERIFY(quoteFee(market(40, 2), 100'000, {}, {.maxFeePerGas = Uint256(47 * gwei)}).has_value());
        const auto refused = quoteFee(market(40, 2), 100'000, {}, {.maxFeePerGas = Uint256(46 * gwei)});
        QCOMPARE(refused.error().kind, ErrorKind::Exhausted);
        for (const QString &part : {u"The base fee is 40 gwei now"_s, u"47 gwei a unit of gas is needed"_s, u"the cap is 46 gwei"_s, u"Wait"_s})
            QVERIFY2(refused.error().message.contains(part), qPrintable(refused.error().message));
    }

    void totalIsCappedByTheGasLimit()
    {
        const Uint256 enough = Uint256(50 * gwei * 125'000);
        const auto quote = quoteFee(market(40, 2), 100'000, {}, {.maxTotalFee = enough});
        QVERIFY(quote.has_value());
        QCOMPARE(quote->maxFeePerGas, Uint256(50 * gwei));
        QVERIFY(quote->worstCase <= enough);
        const auto refused = quoteFee(market(40, 2), 100'000, {}, {.maxTotalFee = Uint256(40 * gwei * 125'000)});
        QCOMPARE(refused.error().kind, ErrorKind::Exhausted);
        QVERIFY2(refused.error().message.contains(u"0.005 ether for the whole"), qPrintable(refused.error().message));
    }

    void feesThatNodesInventAreRefused()
    {
        QCOMPARE(quoteFee(market(1, 5'000), 21'000, {}, {}).error().kind, ErrorKind::Rejected);
        FeeMarket endless = market(1, 1);
        endless.suggestion.baseFeePerGas = Uint256::max();
        QCOMPARE(quoteFee(endless, 21'000, {}, {}).error().kind, ErrorKind::Corrupt);
    }

    void replacementIsAnEighthMoreOnBoth()
    {
        EvmTransaction sent;
        sent.maxFeePerGas = 80 * gwei + 1;
        sent.maxPriorityFeePerGas = 2 * gwei;
        sent.gasLimit = 100'000;
        const auto higher = withHigherFee(sent, market(10, 1), {});
        QVERIFY(higher.has_value());
        // 12.5 % is what the strictest nodes ask for; fractions are rounded up.
        QVERIFY(higher->maxFeePerGas.checkedMul(8).value() >= sent.maxFeePerGas.checkedMul(9).value());
        QVERIFY(higher->maxPriorityFeePerGas.checkedMul(8).value() >= sent.maxPriorityFeePerGas.checkedMul(9).value());
        QVERIFY(higher->maxPriorityFeePerGas <= higher->maxFeePerGas);
        const auto dear = withHigherFee(sent, market(90, 5), {});
        QCOMPARE(dear->maxFeePerGas, Uint256(185 * gwei)); // what the chain takes now
        const auto capped = withHigherFee(sent, market(90, 5), {.maxFeePerGas = Uint256(91 * gwei)});
        QCOMPARE(capped->maxFeePerGas, Uint256(91 * gwei));
        QCOMPARE(withHigherFee(sent, market(90, 5), {.maxFeePerGas = Uint256(90 * gwei)}).error().kind, ErrorKind::Exhausted);
        QCOMPARE(withHigherFee(sent, market(1, 1), {.maxTotalFee = Uint256(8'000'000 * gwei)}).error().kind, ErrorKind::Exhausted);
    }

    void legacyPriceIsReplacedByTheSameRule()
    {
        EvmTransaction sent;
        quoteFee(legacy(20), 21'000, {}, {}).value().applyTo(sent);
        QCOMPARE(sent.type, TransactionType::Legacy);
        QCOMPARE(sent.gasPrice, Uint256(20 * gwei));
        QVERIFY(sent.maxFeePerGas.isZero());
        const auto higher = withHigherFee(sent, legacy(20), {});
        QVERIFY(higher->gasPrice.checkedMul(8).value() >= sent.gasPrice.checkedMul(9).value());
        QVERIFY(higher->maxFeePerGas.isZero());
        QCOMPARE(quoteFee(legacy(20), 21'000, {}, {.maxFeePerGas = Uint256(19 * gwei)}).error().kind, ErrorKind::Exhausted);
    }

    void chainWithoutBaseFeeIsPaidByGasPrice()
    {
        const Anvil anvil(0, {u"--no-mining"_s, u"--hardfork"_s, u"berlin"_s});
        TestChain chain(anvil.url());
        const auto now = QCoro::waitFor(readFeeMarket(chain.client));
        QVERIFY2(now, qPrintable(now ? QString() : now.error().message));
        QVERIFY(now->isLegacy);
        CallRequest request;
        request.from = chain.payer.address();
        request.to = chain.payer.address();
        const auto quote = QCoro::waitFor(quoteFee(chain.client, request, {}));
        QVERIFY2(quote, qPrintable(quote ? QString() : quote.error().message));
        QVERIFY(quote->canPay());
        EvmTransaction transaction;
        transaction.chainId = QCoro::waitFor(chain.client.chainId()).value();
        transaction.to = chain.payer.address();
        quote->applyTo(transaction);
        const auto sent = QCoro::waitFor(chain.client.sendRawTransaction(transaction.serialize(chain.payer.sign(transaction.signingHash()))));
        QVERIFY2(sent, qPrintable(sent ? QString() : sent.error().message));
        chain.mine();
        const auto receipt = QCoro::waitFor(chain.client.getTransactionReceipt(*sent)).value();
        QVERIFY(receipt && receipt->succeeded);
        QVERIFY(QCoro::waitFor(chain.client.knowsTransaction(*sent)).value());
        QVERIFY(!QCoro::waitFor(chain.client.knowsTransaction(Hash32())).value());
    }
};

QTEST_GUILESS_MAIN(TestFeeQuote)
#include "tst_feequote.moc"
