#pragma once

#include "backend/evm/signature.h"
#include "backend/proposals/chainlink.h"
#include "backend/types/timestamp.h"

#include <QList>
#include <QString>

namespace countersign {

enum class StatementKind {
    Rejection, ///< I will not sign this, and why. Off chain: only using up the nonce stops it for good
    Withdrawal, ///< I take my proposal back. Counts from its proposer only
    Note, ///< a text on a proposal: to be shown as claimed by the author's key
    MismatchReport, ///< my device showed another hash: an incident
    Override, ///< I answer for going on in spite of a finding, and why. Counts when a second member says the same
    Acknowledgement, ///< I have seen the exchange up to these heads
};

/// What a member says about a Safe's exchange, signed by their key in the domain of the exchange (exchangedomain.h).
struct Statement {
    StatementKind kind = StatementKind::Note;
    ChainId chainId;
    Address safe;
    Address author; ///< recovered from the signature
    ChainLink link; ///< the place in the author's log
    Timestamp madeAt; ///< as the author says
    Hash32 safeTxHash; ///< of which proposal; zero for an acknowledgement
    QString text; ///< the reason, note or report; empty for an acknowledgement
    Hash32 shownHash; ///< of a MismatchReport: what the device showed
    QString finding = {}; ///< of an Override: the id of the finding
    Hash32 policy = {}; ///< of an Override: the signing policy that allows it
    QList<LaneHead> heads; ///< of an Acknowledgement: of every author, by author
    EvmSignature signature;

    /// What the author signs; also the entry hash in the author's log.
    Hash32 digest() const;
    ExchangeLane lane() const { return {chainId, safe, author}; }

    friend bool operator==(const Statement &, const Statement &) = default;
};

} // namespace countersign
