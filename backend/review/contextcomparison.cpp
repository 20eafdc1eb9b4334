#include "backend/review/contextcomparison.h"

#include "backend/safe/safesimulationcomparison.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

bool sameContract(ContractFacts a, ContractFacts b)
{
    a.isFresh.reset(); // a node may have forgotten old blocks
    b.isFresh.reset();
    return a == b;
}

QStringList contractDifferences(const ContractFactsByAddress &first, const ContractFactsByAddress &second)
{
    constexpr qsizetype shown = 5;
    QStringList different;
    for (auto it = first.cbegin(); it != first.cend(); ++it) {
        const auto other = second.constFind(it.key());
        if ((other == second.cend() || !sameContract(*it, *other)) && different.size() <= shown)
            different.append(it.key().toString());
    }
    if (different.isEmpty() && first.size() == second.size())
        return {};
    different.sort();
    return {u"what stands at %1"_s.arg(different.join(u", "_s))};
}

QStringList registryDifferences(const QList<RegistryFacts> &first, const QList<RegistryFacts> &second)
{
    QStringList differences;
    if (first.size() != second.size())
        return {u"the key registries"_s};
    for (qsizetype i = 0; i < first.size(); ++i) {
        if (first.at(i).key != second.at(i).key)
            differences.append(
                u"key of the party: %1 and %2"_s.arg(first.at(i).key.toString(), second.at(i).key.toString()));
        if (first.at(i).owner != second.at(i).owner)
            differences.append(
                u"owner of the registry: %1 and %2"_s.arg(first.at(i).owner.toString(), second.at(i).owner.toString()));
    }
    return differences;
}

} // namespace

QStringList differences(const ReviewContext &first, const ReviewContext &second)
{
    QStringList found;
    const auto differ = [&found](const QString &what, const QString &here, const QString &there) {
        if (here != there)
            found.append(u"%1: %2 and %3"_s.arg(what, here, there));
    };
    const auto idText = [](const std::optional<ChainId> &id) { return id ? QString::number(id->value()) : u"none"_s; };
    differ(u"chain id"_s, idText(first.rpcChainId), idText(second.rpcChainId));
    differ(u"nonce of the Safe"_s, first.safe.nonce.toDecimal(), second.safe.nonce.toDecimal());
    differ(u"threshold of the Safe"_s, first.safe.threshold.toDecimal(), second.safe.threshold.toDecimal());
    if (found.isEmpty() && first.safe != second.safe)
        found.append(u"state of the Safe: owners, code, guard, handler or modules differ"_s);
    if (first.otherSafes != second.otherSafes)
        found.append(u"state of another Safe"_s);
    if (first.contractHash != second.contractHash)
        found.append(u"the Safe's own hash of the transaction"_s);
    found += contractDifferences(first.contracts, second.contracts);
    found += registryDifferences(first.registries, second.registries);
    if (first.adapters != second.adapters)
        found.append(u"the vaults' adapters"_s);
    if (first.confirmed != second.confirmed)
        found.append(u"which approvals stand on the chain"_s);
    if (first.opcodes != second.opcodes)
        found.append(u"which instructions the chain has"_s);
    if (first.initialised != second.initialised)
        found.append(u"which contracts were initialised"_s);
    if (found.isEmpty() && first.simulation && second.simulation)
        found += differences(*first.simulation, *second.simulation);
    return found;
}

} // namespace countersign
