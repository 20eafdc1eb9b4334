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
    Retraction, ///< I take back an Override of mine, and why. Counts from whoever made that, whatever was said since
    Acknowledgement, ///< I have seen the exchange up to these heads
    EncryptionKey, ///< encrypt to me with this key; a later one in the author's log replaces it
    SealedSignature, ///< my signature, which nobody but the recipient can open: a claim until they do
};

/// Whether it is said about a proposal; the others are about the exchange, or about their author.
constexpr bool isAboutProposal(StatementKind kind)
{
    return kind != StatementKind::Acknowledgement && kind != StatementKind::EncryptionKey;
}

/// What a member says about a Safe's exchange, signed by their key in the domain of the exchange (exchangedomain.h).
struct Statement {
    StatementKind kind = StatementKind::Note;
    ChainId chainId;
    Address safe;
    Address author; ///< recovered from the signature
    ChainLink link; ///< the place in the author's log
    Timestamp madeAt; ///< as the author says
    Hash32 safeTxHash; ///< of which proposal; zero where it is about none
    QString text; ///< the reason, note or report; empty for the kinds that have none
    Hash32 shownHash; ///< of a MismatchReport: what the device showed
    QString finding = {}; ///< of an Override: the id of the finding
    Hash32 policy = {}; ///< of an Override: the signing policy that allows it
    Hash32 retracts = {}; ///< of a Retraction: the digest of the author's Override
    QList<LaneHead> heads; ///< of an Acknowledgement: of every author, by author
    Hash32 encryptionKey = {}; ///< X25519: of an EncryptionKey the author's, of a SealedSignature the recipient's
    Address recipient = {}; ///< of a SealedSignature: who can open it
    Bytes sealed = {}; ///< of a SealedSignature (sealedsignature.h)
    EvmSignature signature;

    /// What the author signs; also the entry hash in the author's log.
    Hash32 digest() const;
    ExchangeLane lane() const { return {chainId, safe, author}; }

    friend bool operator==(const Statement &, const Statement &) = default;
};

/// Whether \a all hold a word of its author that takes \a override back. In which order they came makes no difference, and
/// nothing brings it back: who thinks otherwise again makes another.
bool isTakenBack(const Statement &override, const QList<Statement> &all);
/// The overrides of \a author among \a all that they have not taken back, in that order.
QList<Statement> standingOverrides(const QList<Statement> &all, const Address &author);

} // namespace countersign
