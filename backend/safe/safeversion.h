#pragma once

#include "backend/types/error.h"

#include <compare>

namespace countersign {

/// A released version of the Safe contracts, and what differs between versions for hashes, signatures and libraries.
class SafeVersion final {
public:
    static constexpr SafeVersion v010() { return {0, 1, 0}; }
    static constexpr SafeVersion v100() { return {1, 0, 0}; }
    static constexpr SafeVersion v110() { return {1, 1, 0}; }
    static constexpr SafeVersion v111() { return {1, 1, 1}; }
    static constexpr SafeVersion v120() { return {1, 2, 0}; }
    static constexpr SafeVersion v130() { return {1, 3, 0}; }
    static constexpr SafeVersion v140() { return {1, 4, 0}; }
    static constexpr SafeVersion v141() { return {1, 4, 1}; }
    static constexpr SafeVersion v150() { return {1, 5, 0}; }

    /// "1.4.1" or, as services write it for the variant with more events, "1.4.1+L2". Error Invalid for a version that was
    /// never released: a guess at its hashes would be signed.
    static Result<SafeVersion> parse(QStringView text);

    QString toString() const;

    /// The domain of signatures holds the chain id. Before, a signature is valid wherever the Safe stands at the same address.
    constexpr bool bindsChain() const { return *this >= v130(); }
    /// The sixth field of SafeTx is called dataGas.
    constexpr bool saysDataGas() const { return *this < v100(); }
    /// Owners that are contracts are asked with the hash (EIP-1271), not with all that was hashed.
    constexpr bool asksContractsByHash() const { return *this >= v150(); }
    /// A contract's signature is refused unless the pre-image hashes to the hash (GS027).
    constexpr bool checksPreimage() const { return *this >= v140() && *this < v150(); }
    /// MultiSend takes the zero address for the Safe itself.
    constexpr bool sendsZeroToItself() const { return *this >= v150(); }
    /// v above 30 is recovered over the personal message; before, nobody is recovered from it.
    constexpr bool readsEthSign() const { return *this >= v110(); }
    constexpr bool hasFallbackHandler() const { return *this >= v111(); }
    /// The Safe changes its singleton by a call of its own, instead of a migration's delegatecall.
    constexpr bool changesMasterCopy() const { return *this < v130(); }
    constexpr bool hasGuard() const { return *this >= v130(); }
    constexpr bool hasModuleGuard() const { return *this >= v150(); }
    /// The Safe cannot be its own fallback handler (GS400).
    constexpr bool refusesItselfAsHandler() const { return *this >= v140(); }

    friend constexpr auto operator<=>(const SafeVersion &, const SafeVersion &) = default;

private:
    constexpr SafeVersion(quint8 major, quint8 minor, quint8 patch)
        : m_major(major)
        , m_minor(minor)
        , m_patch(patch)
    {
    }

    quint8 m_major;
    quint8 m_minor;
    quint8 m_patch;
};

} // namespace countersign
