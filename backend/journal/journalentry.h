#pragma once

#include "backend/types/hash32.h"
#include "backend/types/timestamp.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QJsonObject>
#include <QList>
#include <QMetaType>
#include <QString>

namespace countersign {

/// What a journal row is about. Stored as text, so that a file written by a later version still reads (as Other).
enum class JournalKind : quint8 {
    Console, ///< the program itself: started, environment loaded, ended
    Proposal, ///< a proposal was made, or a file in the exchange was refused
    Review, ///< a person opened a review, or a review refused to go on
    Signature, ///< a key signed, a signature was published
    Execution, ///< a transaction was simulated, sent, mined
    Effect, ///< state read back after an execution, against what was promised
    Incident, ///< anything about a key, a hash or a signature that is not as it should be
    Operation, ///< any other act of a person
    Journal, ///< about the journal itself: begun, linked to a predecessor
    Other,
};

QLatin1StringView journalKindName(JournalKind kind);
JournalKind journalKindFromUtf8(QByteArrayView name);

/// What is to be recorded: who did what to what, and on what evidence. The time is the journal's.
struct JournalEntry {
    JournalKind kind = JournalKind::Other;
    QString actor; ///< a name of the environment ("alice"), "console" for the program
    QString subject; ///< the id it is about: a safeTxHash, an address, a file name
    QString text; ///< one sentence
    QByteArray evidence; ///< JSON object in UTF-8, stored and hashed byte for byte; may be empty

    static JournalEntry make(
        JournalKind kind, QString actor, QString subject, QString text, const QJsonObject &evidence = {});
};

/// One recorded row.
struct JournalRow {
    qint64 id = 0;
    Timestamp at;
    JournalKind kind = JournalKind::Other;
    QString actor;
    QString subject;
    QString text;
    QByteArray evidence;
    Hash32 hash;
};

struct JournalHead {
    qint64 count = 0; ///< rows, and the id of the last one
    Hash32 hash; ///< hash of the last row; of the file's header when there is none
    bool operator==(const JournalHead &) const = default;
};

/// The result of walking the whole chain.
struct JournalVerification {
    bool ok = false;
    qint64 count = 0; ///< good rows from the beginning
    qint64 firstBadRow = 0; ///< 0 when ok, or when the damage is in the header
    QString reason; ///< empty when ok
    Hash32 lastGoodHash; ///< what a successor links to
    QString predecessor; ///< file that this one continues, empty for the first
    Hash32 predecessorHash;
};

} // namespace countersign

Q_DECLARE_TYPEINFO(countersign::JournalRow, Q_RELOCATABLE_TYPE);
Q_DECLARE_METATYPE(countersign::JournalRow)
Q_DECLARE_METATYPE(countersign::JournalVerification)
