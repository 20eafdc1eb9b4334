#pragma once

#include "backend/proposals/proposal.h"

#include <variant>

namespace countersign {

/// What one file of the exchange holds, other than an attachment.
using ExchangeEntry = std::variant<Proposal, CollectedSignature, Statement, ImportedTransaction>;

ExchangeLane laneOf(const ExchangeEntry &entry);
/// The place in the author's log; absent for what came from elsewhere (a service's signature or transaction).
std::optional<ChainLink> linkOf(const ExchangeEntry &entry);
/// What the next entry of the author names as its previous one.
Hash32 entryHashOf(const ExchangeEntry &entry);

Bytes entryToJson(const ExchangeEntry &entry);
/// By the kind that the file names. Errors Invalid, Exhausted.
Result<ExchangeEntry> entryFromJson(QByteArrayView file);

/// The one name that a carrier of files gives an entry. An entry of a log has the name of its place, so that two
/// consoles of one author cannot take one place in one folder.
QString entryFileName(const ExchangeEntry &entry);
QString attachmentFileName(const Hash32 &contentHash);

/// The latest entry of an author's log that a console knows of, and so what the next one follows.
ChainLink linkAfter(const LaneHead &head);

} // namespace countersign
