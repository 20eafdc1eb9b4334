#include "backend/evm/transaction.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/signedtransactions.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

class TestTransaction final : public QObject {
    Q_OBJECT

private slots:
    void isBuiltAndReadAsElsewhere_data()
    {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const SignedExample &example : signedExamples())
            QTest::newRow(qPrintable(example.name)) << index++;
    }
    void isBuiltAndReadAsElsewhere()
    {
        QFETCH(int, index);
        const SignedExample example = signedExamples().at(static_cast<size_t>(index));
        const EvmTransaction &transaction = example.transaction;
        QCOMPARE(transaction.signingHash(), hash(example.signingHash));
        QCOMPARE(keccak256(transaction.unsignedPayload()), hash(example.signingHash));
        const Bytes raw = hex(example.raw);
        const DecodedTransaction decoded = decodeTransaction(raw).value();
        QVERIFY(decoded.transaction == transaction);
        QCOMPARE(decoded.hash.value(), hash(example.hash));
        QCOMPARE(decoded.from.value(), signerOfExamples);
        QVERIFY(decoded.problems.empty());
        QCOMPARE(transaction.serialize(decoded.signature.value()), raw);
    }

    void isReadBeforeItIsSigned_data() { isBuiltAndReadAsElsewhere_data(); }
    void isReadBeforeItIsSigned()
    {
        QFETCH(int, index);
        const SignedExample example = signedExamples().at(static_cast<size_t>(index));
        const Bytes payload = example.transaction.unsignedPayload();
        const DecodedTransaction decoded = decodeTransaction(payload).value();
        QVERIFY(decoded.transaction == example.transaction);
        QVERIFY(!decoded.signature && !decoded.hash && !decoded.from);
        QCOMPARE(decoded.serialize(), payload);
        QCOMPARE(decodeTransaction(payload, {.form = TransactionForm::Signed}).error().detail, u"tx.form"_s);
        QCOMPARE(decodeTransaction(hex(example.raw), {.form = TransactionForm::Unsigned}).has_value(), false);
    }

    void keepsAContractCreationApartFromTheZeroAddress()
    {
        EvmTransaction creation = exampleOfType(TransactionType::FeeMarket);
        creation.to.reset();
        EvmTransaction toZero = exampleOfType(TransactionType::FeeMarket);
        toZero.to = Address();
        QVERIFY(creation.signingHash() != toZero.signingHash());
        QVERIFY(!decodeTransaction(creation.unsignedPayload()).value().transaction.to);
        QCOMPARE(decodeTransaction(toZero.unsignedPayload()).value().transaction.to.value(), Address());
    }

    void writesTheLargestNumbers()
    {
        EvmTransaction t = exampleOfType(TransactionType::FeeMarket);
        t.chainId = ChainId(~0ULL);
        t.nonce = Nonce(~0ULL - 1);
        t.value = Uint256::max();
        t.maxFeePerGas = *Uint256::max().divmod(100'000)->first.checkedSub(1);
        t.gasLimit = 100'000;
        QVERIFY(decodeTransaction(t.unsignedPayload()).value().transaction == t);
    }

    void knowsWhoSignedAnAuthorization()
    {
        const Authorization authorization = exampleOfType(TransactionType::SetCode).authorizationList.front();
        QCOMPARE(authorization.authority().value(), signerOfExamples);
        Authorization other = authorization;
        other.chainId = 0;
        QVERIFY(other.authority().value() != signerOfExamples);
    }

    void countsOutAuthorizationsThatChainsSkip_data()
    {
        QTest::addColumn<QString>("detail");
        QTest::addColumn<int>("yParity");
        QTest::addColumn<quint64>("nonce");
        QTest::addColumn<QString>("r");
        QTest::addColumn<QString>("s");
        const Authorization sound = exampleOfType(TransactionType::SetCode).authorizationList.front();
        const QString r = sound.r.toString();
        const QString s = sound.s.toString();
        const QString zero = Hash32().toString();
        const QString order = u"0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"_s;
        QTest::newRow("yParity 2") << u"authorization.yParity"_s << 2 << quint64(7) << r << s;
        QTest::newRow("yParity 27") << u"authorization.yParity"_s << 27 << quint64(7) << r << s;
        QTest::newRow("nonce") << u"authorization.nonce.max"_s << 1 << ~quint64(0) << r << s;
        QTest::newRow("r 0") << u"authorization.r.zero"_s << 1 << quint64(7) << zero << s;
        QTest::newRow("r n") << u"authorization.r.range"_s << 1 << quint64(7) << order << s;
        QTest::newRow("s 0") << u"authorization.s.zero"_s << 1 << quint64(7) << r << zero;
        QTest::newRow("s n") << u"authorization.s.range"_s << 1 << quint64(7) << r << order;
        QTest::newRow("s high") << u"authorization.s.high"_s << 1 << quint64(7) << r
                                << u"0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1"_s;
    }
    void countsOutAuthorizationsThatChainsSkip()
    {
        QFETCH(QString, detail);
        QFETCH(int, yParity);
        QFETCH(quint64, nonce);
        QFETCH(QString, r);
        QFETCH(QString, s);
        EvmTransaction t = exampleOfType(TransactionType::SetCode);
        Authorization &authorization = t.authorizationList.front();
        authorization.yParity = static_cast<quint8>(yParity);
        authorization.nonce = Nonce(nonce);
        authorization.r = hash(r);
        authorization.s = hash(s);
        QCOMPARE(authorization.authority().error().detail, detail);
        // The transaction itself stays valid (EIP-7702).
        QVERIFY(decodeTransaction(t.unsignedPayload()).value().transaction == t);
    }
};

QTEST_GUILESS_MAIN(TestTransaction)
#include "tst_transaction.moc"
