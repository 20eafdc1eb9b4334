#include "backend/safe/safecontracts.h"

#include "backend/types/strings.h"

#include <algorithm>
#include <array>

namespace countersign {

namespace {

struct Row {
    SafeContract contract;
    SafeVersion version;
    SafeBuild build;
    const char16_t *address;
    const char16_t *codeHash;
    std::span<const quint64> chains;
};

#include "backend/safe/safecontracttable.inc"

} // namespace

QLatin1StringView safeContractName(SafeContract contract)
{
    static constexpr std::array names = {"Safe"_L1,
                                         "SafeL2"_L1,
                                         "SafeProxyFactory"_L1,
                                         "CompatibilityFallbackHandler"_L1,
                                         "DefaultCallbackHandler"_L1,
                                         "ExtensibleFallbackHandler"_L1,
                                         "TokenCallbackHandler"_L1,
                                         "MultiSend"_L1,
                                         "MultiSendCallOnly"_L1,
                                         "CreateCall"_L1,
                                         "SignMessageLib"_L1,
                                         "SimulateTxAccessor"_L1,
                                         "SafeMigration"_L1,
                                         "SafeToL2Migration"_L1,
                                         "SafeToL2Setup"_L1};
    return names[static_cast<size_t>(contract)];
}

QLatin1StringView safeBuildName(SafeBuild build)
{
    static constexpr std::array names = {"canonical"_L1, "eip155"_L1, "zksync"_L1};
    return names[static_cast<size_t>(build)];
}

bool SafeDeployment::isListed(ChainId chain) const
{
    return std::ranges::binary_search(chains, chain.value());
}

std::span<const SafeDeployment> safeDeployments()
{
    static const std::vector<SafeDeployment> deployments = [] {
        std::vector<SafeDeployment> parsed;
        parsed.reserve(std::size(table));
        for (const Row &row : table) {
            parsed.push_back({.contract = row.contract,
                              .version = row.version,
                              .build = row.build,
                              .address = *Address::parse(row.address),
                              .codeHash = *Hash32::parse(row.codeHash),
                              .chains = row.chains});
        }
        return parsed;
    }();
    return deployments;
}

std::optional<KnownSafeContract> knownSafeContract(const Address &address, ChainId chain)
{
    const auto all = safeDeployments();
    const auto found = std::ranges::find(all, address, &SafeDeployment::address);
    if (found == all.end())
        return std::nullopt;
    return KnownSafeContract{.deployment = *found, .listed = found->isListed(chain)};
}

std::optional<SafeDeployment> knownSafeContractByCode(const Hash32 &codeHash)
{
    const auto all = safeDeployments();
    const auto found = std::ranges::find(all, codeHash, &SafeDeployment::codeHash);
    return found == all.end() ? std::nullopt : std::optional(*found);
}

std::optional<Address> safeContractAddress(SafeContract contract, SafeVersion version, ChainId chain)
{
    for (const SafeDeployment &deployment : safeDeployments()) {
        if (deployment.contract == contract && deployment.version == version && deployment.isListed(chain))
            return deployment.address;
    }
    return std::nullopt;
}

} // namespace countersign
