#pragma once

#include "backend/safe/safestate.h"

#include <optional>
#include <span>

namespace countersign {

enum class SafeCodeKind { Proxy, Singleton, SingletonL2 };

/// A piece of Safe code that we know by the keccak256 of what stands on chain.
struct SafeCode {
    Hash32 codeHash;
    SafeCodeKind kind;
    QLatin1StringView version;
};

/// Proxies of 1.3.0, 1.4.1 and 1.5.0, and every published singleton from 1.0.0 on (safeDeployments).
std::span<const SafeCode> knownSafeCode();
std::optional<SafeCode> knownSafeCode(const Hash32 &codeHash);

enum class SafeTrust { Trusted, UnknownProxy, UnknownSingleton, VersionMismatch };

struct SafeJudgement {
    SafeTrust trust = SafeTrust::UnknownProxy;
    QString version; ///< proven by code hash; empty when not
    QString message;
};

/// The trust rule: the proxy's code is known, slot 0 names code that is a known singleton, and what the contract says of
/// its version agrees. The version alone proves nothing.
SafeJudgement judgeSafe(const SafeState &state);

} // namespace countersign
