#include "backend/safe/safetrust.h"

#include "backend/types/strings.h"

#include <algorithm>
#include <array>

namespace countersign {

namespace {

SafeCode code(QStringView hash, SafeCodeKind kind, QLatin1StringView version)
{
    return {.codeHash = *Hash32::parse(hash), .kind = kind, .version = version};
}

} // namespace

std::span<const SafeCode> knownSafeCode()
{
    // keccak256 of the code on chain, as safe-deployments publishes it and as the npm artifacts reproduce it.
    static const std::array known = {
        code(u"0xb89c1b3bdf2cf8827818646bce9a8f6e372885f8c55e5c07acbd307cb133b000", SafeCodeKind::Proxy, "1.3.0"_L1),
        code(u"0xd7d408ebcd99b2b70be43e20253d6d92a8ea8fab29bd3be7f55b10032331fb4c", SafeCodeKind::Proxy, "1.4.1"_L1),
        code(u"0x4e381985ca68b3e5d27b4425fa581c19cf33146d3f887a3cfca96f55528ea46f", SafeCodeKind::Proxy, "1.5.0"_L1),
        code(u"0xbba688fbdb21ad2bb58bc320638b43d94e7d100f6f3ebaab0a4e4de6304b1c2e", SafeCodeKind::Singleton, "1.3.0"_L1),
        code(u"0x21842597390c4c6e3c1239e434a682b054bd9548eee5e9b1d6a4482731023c0f", SafeCodeKind::SingletonL2, "1.3.0"_L1),
        code(u"0x1fe2df852ba3299d6534ef416eefa406e56ced995bca886ab7a553e6d0c5e1c4", SafeCodeKind::Singleton, "1.4.1"_L1),
        code(u"0xb1f926978a0f44a2c0ec8fe822418ae969bd8c3f18d61e5103100339894f81ff", SafeCodeKind::SingletonL2, "1.4.1"_L1),
        code(u"0xdda019cbd7c867a533a2a86e5c53434fdc50b13122b5a5ddb4a8df61b31c20f2", SafeCodeKind::Singleton, "1.5.0"_L1),
        code(u"0x180193227186ccb85316c94db1f0d156ed932b14712cfaac78901899178572dc", SafeCodeKind::SingletonL2, "1.5.0"_L1),
    };
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
