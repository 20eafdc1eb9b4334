#pragma once

#include "backend/review/review.h"

#include <QList>
#include <QMetaType>
#include <QString>

namespace countersign {

enum class ComparedHash { Domain, Message, SafeTx };

/// The ends of a hash, typed as the DEVICE shows them. Upper or lower case; "0x" in front is nobody's mistake.
struct TypedHash {
    ComparedHash hash = ComparedHash::SafeTx;
    QString first4;
    QString last4;
    friend bool operator==(const TypedHash &, const TypedHash &) = default;
};

/// What a holder answers when they are asked what their device shows. A hash that is only looked at is not compared, so
/// it is typed, or said not to match.
struct DeviceComparison {
    enum class Outcome { Typed, Mismatch };
    Outcome outcome = Outcome::Typed;
    QList<TypedHash> typed; ///< of Typed
    QString shownByDevice; ///< of Mismatch: what the device shows, as far as the holder wrote it down; may be empty

    static DeviceComparison of(ComparedHash hash, const QString &first4, const QString &last4)
    {
        return {Outcome::Typed, {{hash, first4, last4}}, {}};
    }
    static DeviceComparison mismatch(const QString &shownByDevice) { return {Outcome::Mismatch, {}, shownByDevice}; }
    friend bool operator==(const DeviceComparison &, const DeviceComparison &) = default;
};

enum class ComparisonVerdict {
    Matches,
    DoesNotMatch, ///< an incident
    Incomplete, ///< no comparison yet: not four digits, or hashes that do not name the transaction
};

/// Complete is the safeTxHash, or domain hash and message hash together: the domain alone says nothing of the
/// transaction, and the message alone nothing of the chain and the Safe.
ComparisonVerdict judgeComparison(const DeviceComparison &comparison, const ReviewHashes &hashes);

/// One sentence for the holder. Never names a right digit: who has typed wrongly looks at the device again.
QString comparisonText(ComparisonVerdict verdict);

/// "domain hash", "message hash", "SafeTx hash".
QString comparedHashName(ComparedHash hash);

} // namespace countersign

Q_DECLARE_METATYPE(countersign::DeviceComparison)
