#pragma once

#include "backend/proposals/exchangeunion.h"
#include "backend/types/hash32.h"

#include <QCoroTask>

#include <stop_token>

namespace countersign {

/// What one member hands to another without a server, as one file or one message of QR symbols: entries with the
/// documents that they rest on. It proves nothing beyond its entries, so that who reads it compares its keccak-256 with
/// who shows it (UrEncoder::hash), and its entries are checked like those of any carrier.
struct ExchangeBundle {
    QList<ExchangeEntry> entries; ///< by entry hash, each once
    QList<Bytes> documents; ///< by content hash, each once

    friend bool operator==(const ExchangeBundle &, const ExchangeBundle &) = default;
};

inline constexpr qsizetype maxBundleBytes = 512 * 1024; ///< as a message of QR symbols (UrLimits)
inline constexpr qsizetype maxBundleEntries = 1000;

/// One encoding of each bundle: a CBOR array of a name, a version, the entries as the files that they are, and the
/// documents. Exhausted above the limits.
Result<Bytes> bundleToBytes(const ExchangeBundle &bundle);
/// Strict: every entry is valid, stands in its order, and nothing stands beside. Errors Invalid, Exhausted.
Result<ExchangeBundle> bundleFromBytes(QByteArrayView bytes);

/// The same from a file that a person chose: a bundle, or one entry as a folder holds it.
Result<ExchangeBundle> bundleFromFile(QByteArrayView bytes);

/// What somebody needs who has \a known of the authors' logs, to see \a proposals as this console does: their
/// envelopes, signatures and statements, and what stands before those in the logs, so that nothing seems to be missing.
/// A transaction that nobody described goes along as that. Without documents.
ExchangeBundle bundleOf(const ExchangeSnapshot &snapshot, const QList<Hash32> &proposals, const LaneHeads &known = {});
/// The same with the documents that \a exchange holds. NotFound when none of the proposals is there. The exchange
/// outlives the task unless \a stop is stopped.
QCoro::Task<Result<ExchangeBundle>> gatherBundle(
    ProposalExchange &exchange, QList<Hash32> proposals, LaneHeads known = {}, std::stop_token stop = {});
/// Copies a bundle into the exchange: documents first, then entries in the order of their logs; what is there already
/// counts as copied. The exchange outlives the task unless \a stop is stopped.
QCoro::Task<CopyReport> publishBundle(ProposalExchange &exchange, ExchangeBundle bundle, std::stop_token stop = {});

} // namespace countersign
