#include "app/practice/generator/intentplan.h"
#include "app/practice/network/chaindeployment.h"
#include "backend/types/strings.h"

#include <QTest>

#include <random>

using namespace countersign;

namespace {

GeneratorConfig config(double failures)
{
    GeneratorConfig config;
    config.failureShare = failures;
    config.adapterId = treasuryAdapterId();
    config.parties = {{u"treasury-desk"_s, {}, {}, 5}, {u"settlement"_s, {}, {}, 0}, {u"market-making"_s, {}, {}, 5}};
    config.vaults = {{u"treasury"_s, {}, ChainId(1)}, {u"liquidity"_s, {}, ChainId(1)}};
    return config;
}

RandomShare seeded()
{
    return [engine = std::mt19937_64(7)]() mutable { return std::uniform_real_distribution<double>(0, 1)(engine); };
}

const Uint256 limit(treasuryLimit * 1'000'000);

} // namespace

class TestIntentPlan : public QObject {
    Q_OBJECT

private slots:
    void withoutAFailureShareNothingIsMeantToFail()
    {
        const RandomShare random = seeded();
        for (int i = 0; i < 2000; ++i) {
            const PlannedIntent plan = planIntent(config(0), random);
            QVERIFY(plan.end == PlannedEnd::Executed || plan.end == PlannedEnd::Withdrawn);
            QVERIFY(plan.amount <= limit);
        }
    }

    void theFailureShareIsKeptWithinALittle()
    {
        const RandomShare random = seeded();
        int failing = 0;
        for (int i = 0; i < 4000; ++i) {
            const PlannedEnd end = planIntent(config(0.25), random).end;
            failing += end != PlannedEnd::Executed && end != PlannedEnd::Withdrawn ? 1 : 0;
        }
        QVERIFY2(failing > 880 && failing < 1120, qPrintable(QString::number(failing)));
    }

    void everyWayToFailIsMeantToFail()
    {
        const RandomShare random = seeded();
        QSet<int> seen;
        for (int i = 0; i < 400; ++i) {
            const PlannedIntent plan = planIntent(config(1), random);
            seen.insert(static_cast<int>(plan.end));
            if (plan.end == PlannedEnd::OverLimit)
                QVERIFY(plan.amount > limit);
            if (plan.end == PlannedEnd::Expired)
                QVERIFY(plan.thinking > plan.lifetime);
            if (plan.end == PlannedEnd::UnknownAdapter)
                QVERIFY(plan.adapterId != treasuryAdapterId());
        }
        QCOMPARE(seen.size(), 3);
    }

    void partiesOrderByTheirWeightAndOneWithoutWeightNever()
    {
        const RandomShare random = seeded();
        QMap<qsizetype, int> orders;
        for (int i = 0; i < 2000; ++i)
            ++orders[planIntent(config(0), random).party];
        QVERIFY(!orders.contains(1));
        QVERIFY(orders.value(0) > 850 && orders.value(2) > 850);
    }
};

QTEST_GUILESS_MAIN(TestIntentPlan)
#include "tst_intentplan.moc"
