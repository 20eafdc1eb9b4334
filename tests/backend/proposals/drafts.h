#pragma once

#include "backend/proposals/proposaldrafts.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

namespace countersign {

inline const Address testSafe = *Address::parse(u"0x5afe000000000000000000000000000000005afe");
inline const Address testRegistry = *Address::parse(u"0x4e61000000000000000000000000000000004e61");
inline const Address testPartyKey = *Address::parse(u"0x7ab1e00000000000000000000000000000007ab1");
inline const Hash32 testParty = keccak256("treasury-desk");
inline constexpr quint64 testChain = 31337;

/// The revocation that the tests use, at nonce 2.
inline ProposalDraft testDraft(quint64 nonce = 2)
{
    return draftRevokeKey({.chainId = ChainId(testChain),
        .safe = testSafe,
        .registry = testRegistry,
        .partyId = testParty,
        .partyName = u"Treasury desk"_s,
        .currentKey = testPartyKey,
        .nonce = Uint256(nonce),
        .rationale = u"The key's machine was lost."_s,
        .now = Timestamp::fromSeconds(1'700'000'000)});
}

} // namespace countersign
