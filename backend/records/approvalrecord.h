#pragma once

#include "backend/evm/signature.h"
#include "backend/journal/journalentry.h"
#include "backend/keys/keyevidence.h"
#include "backend/proposals/execution/executionreport.h"
#include "backend/proposals/proposal.h"
#include "backend/records/devicecomparison.h"
#include "backend/records/thisprogram.h"
#include "backend/review/review.h"
#include "backend/types/error.h"

#include <QJsonObject>
#include <QMetaType>

#include <optional>

namespace countersign {

enum class RecordedAct {
    Signed, ///< the holder's key signed
    Refused, ///< the device did not show the hash: nothing was signed
    Executed, ///< the holder's key sent the execution
};

/// What a holder had before them, what they compared, and what their key then did: everything that is needed to check
/// the approval again without this console, its journal or its exchange.
///
/// The content is bound by its hash. Where the token allows a second signature with one PIN, the holder's key signs
/// that hash too, as ApprovalRecord(address author, bytes32 safeTxHash, bytes32 content) in the exchange's domain;
/// otherwise `unsignedBecause` says why not, and the journal's entry alone binds the file to its time.
struct ApprovalRecord {
    RecordedAct act = RecordedAct::Signed;
    ProgramIdentity program;
    Timestamp madeAt;
    QString holder; ///< name in the environment
    Address address; ///< of the key
    /// The proposal as its proposer signed it, or the transaction as its carrier listed it where nobody described it: a
    /// file of the exchange (proposaljson.h, importedtransaction.h).
    Bytes envelope;
    Review review; ///< what was shown
    std::optional<DeviceComparison> comparison; ///< absent for an execution: its hash is the one that was signed
    KeyEvidence key;
    std::optional<EvmSignature> signature; ///< of Signed: over the safeTxHash
    std::optional<ExecutionReport> execution; ///< of Executed
    JournalHead journal; ///< the last entry before this record

    std::optional<EvmSignature> recordSignature; ///< not part of the content
    QString unsignedBecause; ///< one sentence; empty when signed

    /// The envelope, checked as any file of the exchange is. Errors of proposalFromJson() and importFromJson().
    Result<ExchangeItem> item() const;
    Result<Proposal> proposal() const;
    /// What of \a item goes into a record.
    static Bytes envelopeOf(const ExchangeItem &item);
    /// The content as JSON: all members but the two above.
    QJsonObject content() const;
    /// keccak256 of the content in canonical form: the name of the record.
    Hash32 contentHash() const;
    /// What the holder's key signs.
    Hash32 digest() const;
};

/// "signed", "refused", "executed".
QLatin1StringView recordedActName(RecordedAct act);
/// "SafeTx hash: AB12 … 34CD", for people; of a mismatch what was shown.
QString comparisonSummary(const DeviceComparison &comparison);

} // namespace countersign

Q_DECLARE_METATYPE(countersign::ApprovalRecord)
