#pragma once

#include "backend/safe/safeservicesubject.h"
#include "backend/safe/safesignature.h"

#include <QString>

#include <optional>
#include <vector>

namespace countersign {

// What a Safe Transaction Service answers (its API v1 and v2), read as what it is: hints of somebody else. The hash of
// each transaction is computed from its ten fields, each confirmation's signer is recovered; what does not fit is left
// out and reported. Pure functions.

/// Something in an answer that is not as it should be. `code` is for programs: "service.hash", "service.safe",
/// "service.malformed", "service.signer", "service.owner", "service.duplicate", "service.signature", "service.paging".
struct SafeServiceFinding {
    QString code;
    QString message;
    friend bool operator==(const SafeServiceFinding &, const SafeServiceFinding &) = default;
};

/// A Safe as the service sees it: nothing to rely on, but its differences from the chain are worth knowing.
struct SafeServiceInfo {
    Address safe;
    Uint256 nonce;
    Uint256 threshold;
    std::vector<Address> owners;
    std::vector<Address> modules;
    Address singleton;
    Address fallbackHandler;
    Address guard;
    Address moduleGuard;
    QString version;
};

/// An owner's signature, recovered from the hash that was computed here.
struct SafeServiceConfirmation {
    Address owner;
    SafeSignature signature;
    bool needsChain = false; ///< a contract's or an approval: only the chain can tell whether it holds
};

struct SafeServiceTransaction {
    SafeTransaction transaction;
    Hash32 safeTxHash; ///< computed
    std::vector<SafeServiceConfirmation> confirmations; ///< of owners, one each
    std::vector<SafeServiceFinding> findings;           ///< what was left out of it

    // Claims, shown as such.
    std::optional<Address> proposer;
    QString origin;
    QString submittedAt;
    bool isExecuted = false;
    bool isTrusted = false;
};

struct SafeServicePage {
    std::vector<SafeServiceTransaction> transactions;
    std::vector<SafeServiceFinding> findings;
    qsizetype listed = 0; ///< entries of the answer, those left out included
    bool hasNext = false; ///< the service says that there is more
};

struct SafeServiceConfirmations {
    std::vector<SafeServiceConfirmation> confirmations;
    std::vector<SafeServiceFinding> findings;
    qsizetype listed = 0;
    bool hasNext = false;
};

/// The most confirmations of one transaction, and entries of one page, that are read.
inline constexpr qsizetype maxSafeServiceEntries = 1000;

// Error Corrupt when the answer is no JSON or lacks what it is about, Exhausted beyond the limits.
Result<SafeServiceInfo> readSafeServiceInfo(const QByteArray &json);
/// Error Corrupt also when the transaction is another than `expected`.
Result<SafeServiceTransaction> readSafeServiceTransaction(const QByteArray &json, const SafeServiceSubject &subject, const Hash32 &expected);
Result<SafeServicePage> readSafeServicePage(const QByteArray &json, const SafeServiceSubject &subject);
Result<SafeServiceConfirmations> readSafeServiceConfirmations(const QByteArray &json, const SafeServiceSubject &subject, const Hash32 &safeTxHash);

/// Where the service's view differs from the chain's.
std::vector<SafeServiceFinding> compareWithChain(const SafeServiceInfo &info, const SafeState &state);

/// What the service says when it does not do what it was asked, as an error with what to do about it.
Error safeServiceRefusal(int status, const QByteArray &body);

} // namespace countersign
