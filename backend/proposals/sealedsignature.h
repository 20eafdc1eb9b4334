#pragma once

#include "backend/proposals/memberkeys.h"
#include "backend/proposals/proposal.h"

namespace countersign {

// A signature that is given to one member only. A complete set of signatures can be executed by anybody who reads it;
// where the last ones are sealed for a chosen executor, only the executor holds a complete set.
//
// The content is the signature's own file (signaturejson.h, without a place in a log), encrypted to the recipient's
// announced key by HPKE with an `info` that names the exchange, the transaction, the author, the recipient and the key:
// nothing that was sealed can be shown as given for another transaction, by another or to another. What makes it
// authentic is the statement around it, which its author signs in their log; what makes the signature worth something is
// that it recovers to its author. Until it is opened it is a claim, counted nowhere.
//
// Not hidden: that the author has given something, to whom, when, and what about. The author's own records keep the
// signature, and so does the chain once it was executed. The recipient can publish it at any time.

/// The content for a statement by the owner of \a signature. Invalid for what only the chain can confirm (a contract's
/// signature, an approval), and for the owner's own key.
Result<Bytes> sealSignature(const CollectedSignature &signature, const MemberKey &recipient);

/// What \a statement holds, proved as a signature in the open is: it is by the statement's author, over its
/// transaction. NotFound when it was sealed for another key; Corrupt when it does not open; Invalid when the content is
/// not what the statement says.
Result<CollectedSignature> openSealedSignature(const Statement &statement, QByteArrayView privateKey);

/// The sealed signatures of an item, the latest of each author, without those whose author's open signature is there.
QList<Statement> sealedSignatures(const ExchangeItem &item);

/// \a item as it is where \a opened could be opened: for reviewing and executing here, never for publishing.
ExchangeItem withOpened(ExchangeItem item, const QList<CollectedSignature> &opened);

} // namespace countersign
