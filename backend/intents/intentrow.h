#pragma once

#include "backend/intents/intentphase.h"
#include "backend/types/timestamp.h"

#include <QString>
#include <QVector>

#include <array>
#include <optional>

namespace countersign {

/// An exact decimal in nine bytes: units * 10^-scale. Amounts that need more digits are cut to the nearest below, and say so.
struct CompactAmount {
    qint64 units = 0;
    qint8 scale = 0;
    bool exact = true;

    /// Absent for what is no plain decimal number.
    static std::optional<CompactAmount> parse(QStringView text);
    QString toString() const; ///< plain decimal, without trailing zeros
    double toDouble() const;
};

/// One row of the store by value: 76 bytes in columns. Codes are of the store's string pools; 0 is the empty string.
struct IntentRow {
    std::array<quint8, 16> key{}; ///< first half of the intent's hash
    qint64 created = 0; ///< microseconds since 1970
    qint64 amount = 0;
    qint64 nonce = -1; ///< -1: not known
    quint32 id = 0; ///< in the text arena
    quint32 reason = 0; ///< pool code
    quint32 deadline = 0; ///< seconds since 1970; 0: none
    quint32 since = 0; ///< milliseconds from created to the entry of the phase
    quint32 evidence = 0; ///< slot of its hops; 0: none
    quint16 vault = 0;
    quint16 chain = 0;
    quint16 party = 0;
    quint16 asset = 0;
    quint16 action = 0;
    quint16 relayer = 0;
    quint16 adapter = 0;
    qint8 amountScale = 0;
    quint8 attempts = 0;
    IntentPhase phase = IntentPhase::Created;
    quint8 flags = 0;

    bool has(IntentFlag flag) const { return (flags & bit(flag)) != 0; }
    bool settled() const { return isSettled(phase); }
    Timestamp createdAt() const { return Timestamp::fromMicros(created); }
    Timestamp phaseSince() const { return Timestamp::fromMicros(created + static_cast<qint64>(since) * 1000); }
    /// How long it is, or, when settled, was under way.
    std::chrono::microseconds age(Timestamp now) const { return (settled() ? phaseSince() : now) - createdAt(); }
    bool operator==(const IntentRow &) const = default;
};

/// What one batch of facts did to the store. Rows are never removed.
struct IntentBatch {
    struct Change {
        quint32 row = 0;
        IntentRow before;
    };
    quint32 firstAdded = 0; ///< rows from here to the store's size at the time are new
    quint32 added = 0;
    QVector<Change> changed; ///< of rows that were there before, or of their hops; each once, with what the row was

    bool isEmpty() const { return added == 0 && changed.isEmpty(); }
    /// Takes in the batch that followed this one.
    void append(const IntentBatch &next);
};

} // namespace countersign

Q_DECLARE_METATYPE(countersign::IntentBatch)
