#include "backend/evm/tokenmovements.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Address token = address(u"0x7000000000000000000000000000000000000007");
const Address alice = address(u"0xa11ce000000000000000000000000000000a11ce");
const Address bob = address(u"0xb0b000000000000000000000000000000000b0b0");
const Address operatorOf = address(u"0x0123000000000000000000000000000000000123");

EvmLog logOf(QStringView declaration, std::initializer_list<AbiValue> arguments)
{
    const auto encoded = AbiEvent::parse(declaration)->encode(std::vector<AbiValue>(arguments));
    EvmLog log;
    log.address = token;
    log.topics = encoded->topics;
    log.data = encoded->data;
    return log;
}

} // namespace

class TestTokenMovements final : public QObject {
    Q_OBJECT

private slots:
    void movementsOfEveryStandardAreRead()
    {
        const std::vector<EvmLog> logs{
            logOf(u"Transfer(address indexed a,address indexed b,uint256 c)", {alice, bob, Uint256(5)}),
            logOf(u"Transfer(address indexed a,address indexed b,uint256 indexed c)", {alice, bob, Uint256(6)}),
            logOf(u"TransferSingle(address indexed o,address indexed a,address indexed b,uint256 i,uint256 c)",
                {operatorOf, alice, bob, Uint256(7), Uint256(8)}),
            logOf(u"TransferBatch(address indexed o,address indexed a,address indexed b,uint256[] i,uint256[] c)",
                {operatorOf, alice, bob, AbiValue::list({Uint256(1), Uint256(2)}),
                    AbiValue::list({Uint256(3), Uint256(4)})}),
        };
        const std::vector<TokenMovement> expected{
            {token, alice, bob, 5, {}},
            {token, alice, bob, 1, Uint256(6)},
            {token, alice, bob, 8, Uint256(7)},
            {token, alice, bob, 3, Uint256(1)},
            {token, alice, bob, 4, Uint256(2)},
        };
        QVERIFY(tokenMovements(logs) == expected);
        QVERIFY(allowanceChanges(logs).empty());
    }

    void allowancesOfEveryStandardAreRead()
    {
        const std::vector<EvmLog> logs{
            logOf(u"Approval(address indexed a,address indexed b,uint256 c)", {alice, bob, Uint256::max()}),
            logOf(u"Approval(address indexed a,address indexed b,uint256 c)", {alice, bob, Uint256(5)}),
            logOf(u"Approval(address indexed a,address indexed b,uint256 indexed c)", {alice, bob, Uint256(6)}),
            logOf(u"ApprovalForAll(address indexed a,address indexed b,bool c)", {alice, bob, true}),
            logOf(u"ApprovalForAll(address indexed a,address indexed b,bool c)", {alice, bob, false}),
        };
        const auto changes = allowanceChanges(logs);
        const std::vector<AllowanceChange> expected{
            {token, alice, bob, Uint256::max(), AllowanceKind::Amount},
            {token, alice, bob, 5, AllowanceKind::Amount},
            {token, alice, bob, 6, AllowanceKind::TokenId},
            {token, alice, bob, 1, AllowanceKind::AllTokens},
            {token, alice, bob, 0, AllowanceKind::AllTokens},
        };
        QVERIFY(changes == expected);
        QVERIFY(changes[0].isUnlimited() && !changes[1].isUnlimited() && !changes[2].isUnlimited());
        QVERIFY(changes[3].isUnlimited() && !changes[4].isUnlimited());
        QVERIFY(tokenMovements(logs).empty());
    }

    void otherShapesUnderTheSameTopicAreLeftOut()
    {
        EvmLog log = logOf(u"Transfer(address indexed a,address indexed b,uint256 c)", {alice, bob, Uint256(5)});
        log.data.chop(1);
        EvmLog unindexed = logOf(u"Transfer(address a,address b,uint256 c)", {alice, bob, Uint256(5)});
        EvmLog uneven = logOf(
            u"TransferBatch(address indexed o,address indexed a,address indexed b,uint256[] i,uint256[] c)",
            {operatorOf, alice, bob, AbiValue::list({Uint256(1), Uint256(2)}), AbiValue(AbiValue::list({Uint256(3)}))});
        const std::vector<EvmLog> logs{log, unindexed, uneven, EvmLog()};
        QVERIFY(tokenMovements(logs).empty());
        QVERIFY(allowanceChanges(logs).empty());
    }
};

QTEST_GUILESS_MAIN(TestTokenMovements)
#include "tst_tokenmovements.moc"
