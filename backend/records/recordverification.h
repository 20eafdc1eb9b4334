#pragma once

#include "backend/environment/environment.h"
#include "backend/policy/policy.h"
#include "backend/records/recordfile.h"

#include <QList>
#include <QString>

namespace countersign {

/// One thing about a record that can be true or not.
struct RecordPoint {
    enum class Outcome {
        Ok,
        Failed,
        NotChecked, ///< the detail says what it would have needed
    };
    QString id; ///< "record.hash", stable
    QString title;
    Outcome outcome = Outcome::NotChecked;
    QString detail;
    friend bool operator==(const RecordPoint &, const RecordPoint &) = default;
};

/// What is at hand besides the record.
struct RecordEvidence {
    const Policy *policy = nullptr; ///< the one that is said to have been asked
    const Environment *environment = nullptr; ///< whose names the sentence used
};

/// Computes again everything that follows from the record's own bytes: form and hash, the proposer's signature, the
/// three hashes, the holder's signature, the calls and their arguments, the comparison. Pure and total; nothing that
/// the record says of itself is taken on trust where it can be computed. The last point names what only the record
/// says.
QList<RecordPoint> verifyRecord(const RecordFile &file, const RecordEvidence &evidence);

bool hasFailed(const QList<RecordPoint> &points);

} // namespace countersign
