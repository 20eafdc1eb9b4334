#include "app/practice/generator/intentplan.h"

#include "app/practice/network/chaindeployment.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <array>
#include <cmath>

namespace countersign {

namespace {

constexpr double withdrawnShare = 0.02;
constexpr std::array<QStringView, 4> actions{u"allocate", u"rebalance", u"redeem", u"settle"};
constexpr std::array<QStringView, 3> assets{u"USDC", u"EURC", u"USDT"};

template<class Container>
auto pick(const Container &from, double share)
{
    const auto count = static_cast<double>(from.size());
    return from[static_cast<typename Container::size_type>(std::min(count - 1, std::floor(share * count)))];
}

qsizetype pickParty(const QList<OrderingParty> &parties, double share)
{
    double total = 0;
    for (const OrderingParty &party : parties)
        total += party.weight;
    double left = share * total;
    for (qsizetype i = 0; i < parties.size(); ++i) {
        left -= parties.at(i).weight;
        if (left < 0)
            return i;
    }
    return parties.size() - 1;
}

PlannedEnd pickEnd(double failureShare, double share)
{
    if (share < failureShare * 0.4)
        return PlannedEnd::OverLimit;
    if (share < failureShare * 0.7)
        return PlannedEnd::Expired;
    if (share < failureShare)
        return PlannedEnd::UnknownAdapter;
    return share >= 1 - withdrawnShare ? PlannedEnd::Withdrawn : PlannedEnd::Executed;
}

/// Mostly thousands, now and then hundreds of thousands, in cents.
Uint256 pickAmount(double share, double from, double to)
{
    const double whole = from * std::pow(to / from, share);
    const auto cents = static_cast<quint64>(whole * 100);
    return Uint256(cents * 10'000); // six decimals
}

} // namespace

PlannedIntent planIntent(const GeneratorConfig &config, const RandomShare &random)
{
    PlannedIntent plan;
    plan.party = pickParty(config.parties, random());
    plan.vault = std::min(config.vaults.size() - 1,
                          static_cast<qsizetype>(random() * static_cast<double>(config.vaults.size())));
    plan.action = pick(actions, random()).toString();
    plan.asset = pick(assets, random()).toString();
    plan.end = pickEnd(config.failureShare, random());
    const double size = random();
    plan.amount = plan.end == PlannedEnd::OverLimit ? pickAmount(size, treasuryLimit * 1.1, treasuryLimit * 5.0)
                                                    : pickAmount(size, 500.0, treasuryLimit * 0.9);
    plan.callData = keccak256(QByteArray(plan.action.toUtf8() + plan.asset.toUtf8())).bytes().left(4);
    plan.adapterId = plan.end == PlannedEnd::UnknownAdapter ? keccak256("aave") : config.adapterId;
    const double pause = random();
    if (plan.end == PlannedEnd::Expired) {
        plan.lifetime = std::chrono::seconds(1);
        plan.thinking = std::chrono::milliseconds(1500 + static_cast<int>(pause * 1000));
    } else {
        plan.thinking = std::chrono::milliseconds(300 + static_cast<int>(pause * pause * 2500));
    }
    return plan;
}

} // namespace countersign
