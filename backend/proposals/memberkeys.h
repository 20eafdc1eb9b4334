#pragma once

#include "backend/proposals/exchangeset.h"

#include <QList>

#include <optional>

namespace countersign {

/// The key that a member wants to be written to with.
struct MemberKey {
    Address member;
    Hash32 key; ///< X25519
    Hash32 statement; ///< the entry that announces it
    friend bool operator==(const MemberKey &, const MemberKey &) = default;
};

/// The latest key that each of \a owners has announced in their own log of the Safe's exchange, in the order of the
/// owners. \a owners are those of the chain: what anybody else announces is not listed, whoever signed it. A member who
/// announced two keys in one place of their log has none: nobody can say which is theirs. That a newer announcement is
/// withheld shows as a rollback or a gap of the log (exchangelog.h).
QList<MemberKey> memberKeys(
    const ExchangeSet &set, ChainId chain, const Address &safe, const QList<Address> &owners);
std::optional<MemberKey> keyOfMember(const QList<MemberKey> &keys, const Address &member);

} // namespace countersign
