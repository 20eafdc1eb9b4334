#include "backend/review/upgrades.h"

#include "backend/types/strings.h"

namespace countersign {

std::optional<Upgrade> upgradeIn(const ReviewedCall &call)
{
    const ReadCall &read = call.read;
    if (read.values.empty())
        return std::nullopt;
    const bool isByAdmin = read.name == "upgrade"_L1 || read.name == "upgradeAndCall"_L1;
    const bool isOwn = read.name == "upgradeTo"_L1 || read.name == "upgradeToAndCall"_L1 || read.name == "setImplementation"_L1;
    const size_t at = isByAdmin ? 1 : 0;
    if ((!isByAdmin && !isOwn) || read.values.size() <= at)
        return std::nullopt;
    const auto *proxy = isByAdmin ? read.values[0].get<Address>() : &call.node->to;
    const auto *implementation = read.values[at].get<Address>();
    if (!proxy || !implementation)
        return std::nullopt;
    Upgrade upgrade{*proxy, *implementation, {}};
    if (const auto *then = read.values.size() > at + 1 ? read.values[at + 1].get<Bytes>() : nullptr)
        upgrade.then = *then;
    return upgrade;
}

KnownCode codeAt(const ReviewTree &tree, const ReviewContext &context, const Address &address)
{
    KnownCode known;
    const ReviewedCreation *created = tree.createdAt(address);
    const ContractFacts *facts = context.contract(address);
    if (facts)
        known.code = facts->code;
    if (!context.artifacts)
        return known;
    if (created && created->isKnownBuild())
        known.artifact = created->match->artifact;
    else if (facts)
        known.artifact = context.artifacts->ofRuntime(facts->code);
    if (known.artifact)
        known.layout = context.artifacts->layoutOf(*known.artifact);
    return known;
}

} // namespace countersign
