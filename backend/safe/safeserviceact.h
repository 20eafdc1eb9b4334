#pragma once

#include "backend/evm/signature.h"
#include "backend/safe/safeservicesubject.h"
#include "backend/types/timestamp.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace countersign {

// What a person asks of a Safe Transaction Service under a signature of its own: that somebody may propose for them
// ("delegate"), and that a transaction which they proposed is deleted there. The domain is the service's, so that none
// of these is ever a signature over a transaction. Each holds for the hour that it names and the one after.

/// Somebody who may propose in an owner's name, as the service says: to be shown, never to count as the owner.
struct SafeServiceDelegate {
    Address delegate;
    Address delegator; ///< whose delegate
    std::optional<Address> safe = {}; ///< absent: for every Safe of the delegator
    QString label = {};
    std::optional<Timestamp> expiresAt = {};
    friend bool operator==(const SafeServiceDelegate &, const SafeServiceDelegate &) = default;
};

struct SafeServiceDelegates {
    std::vector<SafeServiceDelegate> delegates; ///< of owners of the Safe, for this Safe or all of theirs
    qsizetype listed = 0;
    qsizetype leftOut = 0; ///< of others, for other Safes, or what cannot be read
    bool hasNext = false;
};

/// The longest label that the service keeps.
inline constexpr qsizetype maxDelegateLabel = 50;

/// Error Corrupt when the answer is no list, Exhausted beyond the limits.
Result<SafeServiceDelegates> readSafeServiceDelegates(const QByteArray &json, const SafeServiceSubject &subject);
/// Whether the delegation has not ended. Without a date it does not.
bool holdsAt(const SafeServiceDelegate &delegate, Timestamp now);

/// The hours since 1970: what the service calls a "totp".
quint64 safeServiceHour(Timestamp now);
/// What the delegator signs to add or to remove a delegate: Delegate(address delegateAddress,uint256 totp).
Hash32 safeServiceDelegateDigest(ChainId chain, const Address &delegate, quint64 hour);
/// What the proposer signs to delete: DeleteRequest(bytes32 safeTxHash,uint256 totp), bound to the Safe.
Hash32 safeServiceDeletionDigest(const SafeServiceSubject &subject, const Hash32 &safeTxHash, quint64 hour);

/// Error Invalid for a label that is empty or too long.
Result<QByteArray> safeServiceDelegateBody(const SafeServiceDelegate &delegate, const EvmSignature &signature);
QByteArray safeServiceDelegateRemovalBody(const SafeServiceDelegate &delegate, const EvmSignature &signature);
QByteArray safeServiceDeletionBody(const Hash32 &safeTxHash, const EvmSignature &signature);

} // namespace countersign
