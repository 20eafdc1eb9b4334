#include "backend/safe/safetrust.h"

#include "backend/safe/safecontracts.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <array>
#include <vector>

namespace countersign {

namespace {

SafeCode code(QStringView hash, SafeCodeKind kind, QLatin1StringView version)
{
    return {.codeHash = *Hash32::parse(hash), .kind = kind, .version = version};
}

// As the singletons' VERSION() says it.
QLatin1StringView versionText(SafeVersion version)
{
    static constexpr std::array texts = {
        std::pair(SafeVersion::v100(), "1.0.0"_L1), std::pair(SafeVersion::v111(), "1.1.1"_L1), std::pair(SafeVersion::v120(), "1.2.0"_L1),
        std::pair(SafeVersion::v130(), "1.3.0"_L1), std::pair(SafeVersion::v141(), "1.4.1"_L1), std::pair(SafeVersion::v150(), "1.5.0"_L1)};
    const auto *found = std::ranges::find(texts, version, &std::pair<SafeVersion, QLatin1StringView>::first);
    return found == texts.end() ? QLatin1StringView() : found->second;
}

} // namespace

std::span<const SafeCode> knownSafeCode()
{
    static const std::vector<SafeCode> known = [] {
        // keccak256 of the code on chain, as the npm artifacts reproduce it. Proxies are not published as deployments.
        std::vector<SafeCode> codes = {
            code(u"0xb89c1b3bdf2cf8827818646bce9a8f6e372885f8c55e5c07acbd307cb133b000", SafeCodeKind::Proxy, "1.3.0"_L1),
            code(u"0xd7d408ebcd99b2b70be43e20253d6d92a8ea8fab29bd3be7f55b10032331fb4c", SafeCodeKind::Proxy, "1.4.1"_L1),
            code(u"0x4e381985ca68b3e5d27b4425fa581c19cf33146d3f887a3cfca96f55528ea46f", SafeCodeKind::Proxy, "1.5.0"_L1),
        };
        for (const SafeDeployment &deployment : safeDeployments()) {
            if (deployment.contract != SafeContract::Safe && deployment.contract != SafeContract::SafeL2)
                continue;
            // The same code stands at several addresses.
            if (std::ranges::find(codes, deployment.codeHash, &SafeCode::codeHash) != codes.end())
                continue;
            codes.push_back({.codeHash = deployment.codeHash,
                             .kind = deployment.contract == SafeContract::Safe ? SafeCodeKind::Singleton : SafeCodeKind::SingletonL2,
                             .version = versionText(deployment.version)});
        }
        return codes;
    }();
    return known;
}

std::optional<SafeCode> knownSafeCode(const Hash32 &codeHash)
{
    const auto known = knownSafeCode();
    const auto found = std::ranges::find(known, codeHash, &SafeCode::codeHash);
    return found == known.end() ? std::nullopt : std::optional(*found);
}

SafeJudgement judgeSafe(const SafeState &state)
{
    const auto proxy = knownSafeCode(state.proxyCodeHash);
    if (!proxy || proxy->kind != SafeCodeKind::Proxy)
        return {.trust = SafeTrust::UnknownProxy,
                .version = {},
                .message = u"The code at "_s + state.safe.toString() + u" is not that of a known Safe proxy."_s};
    const auto singleton = knownSafeCode(state.singletonCodeHash);
    if (!singleton || singleton->kind == SafeCodeKind::Proxy)
        return {.trust = SafeTrust::UnknownSingleton,
                .version = {},
                .message = u"The Safe runs code that is not a known version: "_s + state.singleton.toString() + u'.'};
    if (singleton->version != state.version)
        return {.trust = SafeTrust::VersionMismatch,
                .version = singleton->version,
                .message = u"The Safe says that it is version "_s + state.version + u", its code is that of "_s + singleton->version + u'.'};
    return {.trust = SafeTrust::Trusted, .version = singleton->version, .message = u"Safe "_s + singleton->version + u", code known."_s};
}

} // namespace countersign
