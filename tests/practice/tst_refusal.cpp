#include "app/practice/relayer/refusal.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

class TestRefusal : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const Result<JsonAbi> abi = loadVaultAbi(QStringLiteral(CONTRACT_ABI_DIR));
        QVERIFY2(abi, abi ? "" : qPrintable(abi.error().message));
        m_abi = *abi;
    }

    void aRevokedKeyEndsTheIntentWithItsReason()
    {
        const Refusal refusal = judgeRevert(encode(u"KeyNotRegistered(bytes32 partyId)", {keccak256("desk")}), m_abi);
        QCOMPARE(refusal.kind, Refusal::Kind::Final);
        QCOMPARE(refusal.outcome, u"rejected"_s);
        QCOMPARE(refusal.name, u"KeyNotRegistered"_s);
        QVERIFY(refusal.text.contains(keccak256("desk").toString()));
    }

    void anExecutedIntentIsNoFailure()
    {
        QCOMPARE(judgeRevert(encode(u"IntentAlreadyExecuted(bytes32 intentId)", {keccak256("i")}), m_abi).kind, Refusal::Kind::Executed);
    }

    void aLateIntentExpires()
    {
        const Refusal refusal = judgeRevert(encode(u"IntentExpired(uint256 deadline)", {Uint256(17)}), m_abi);
        QCOMPARE(refusal.kind, Refusal::Kind::Final);
        QCOMPARE(refusal.outcome, u"expired"_s);
    }

    void anAdaptersOwnReasonIsToldInside()
    {
        const Bytes inner = encode(u"LimitExceeded(uint256 amount, uint256 limit)", {Uint256(5), Uint256(3)});
        const Refusal refusal = judgeRevert(
            encode(u"AdapterCallFailed(bytes32 adapterId, bytes reason)", {keccak256("treasury"), inner}), m_abi);
        QCOMPARE(refusal.outcome, u"failed"_s);
        QVERIFY2(refusal.text.contains("LimitExceeded"_L1), qPrintable(refusal.text));
        QVERIFY(refusal.text.contains(u'5'));
    }

    void aPausedVaultAndUnknownBytesAreTriedAgain()
    {
        QCOMPARE(judgeRevert(encode(u"EnforcedPause()", {}), m_abi).kind, Refusal::Kind::Passing);
        QCOMPARE(judgeRevert(Bytes("\x01\x02\x03\x04", 4), m_abi).kind, Refusal::Kind::Passing);
        QCOMPARE(judgeRevert({}, m_abi).kind, Refusal::Kind::Passing);
    }

private:
    static Bytes encode(QStringView definition, std::vector<AbiValue> arguments)
    {
        const Result<AbiErrorDefinition> error = AbiErrorDefinition::parse(definition);
        return error ? error->encode(arguments).value_or(Bytes()) : Bytes();
    }

    JsonAbi m_abi;
};

QTEST_GUILESS_MAIN(TestRefusal)
#include "tst_refusal.moc"
