#pragma once

#include "backend/types/bytes.h"

#include <QString>
#include <QStringList>
#include <QVector>

#include <chrono>
#include <optional>

namespace countersign {

// What etcd 3.4 and later answer, as values.

struct EtcdKeyValue {
    Bytes key;
    Bytes value;
    qint64 createRevision = 0;
    qint64 modRevision = 0;
    qint64 lease = 0;

    friend bool operator==(const EtcdKeyValue &, const EtcdKeyValue &) = default;
};

/// Which keys are asked for: those of [key, end).
struct EtcdRangeQuery {
    Bytes key;
    Bytes end;
    qint64 limit = 1000;
    bool keysOnly = false;
    bool countOnly = false; ///< still asks the quorum
};

struct EtcdRange {
    qint64 revision = 0;
    quint64 term = 0; ///< raft term
    QVector<EtcdKeyValue> keys; ///< the oldest first
    qint64 count = 0; ///< of all keys of the range
    bool more = false;
};

struct EtcdLease {
    std::chrono::seconds left{-1}; ///< -1: expired or unknown
    std::chrono::seconds granted{0};
};

struct EtcdEvent {
    bool deleted = false;
    EtcdKeyValue current; ///< of a deletion only key and mod revision
    std::optional<EtcdKeyValue> previous;
};

struct EtcdWatchReply {
    qint64 revision = 0;
    bool created = false;
    bool cancelled = false;
    qint64 compactRevision = 0; ///< > 0: what was asked for is gone; list again
    QString reason;
    QVector<EtcdEvent> events;
};

struct EtcdMember {
    quint64 id = 0;
    QString name; ///< empty: it has not started yet
    QStringList peerUrls;
    QStringList clientUrls;
    bool learner = false;

    friend bool operator==(const EtcdMember &, const EtcdMember &) = default;
};

struct EtcdMembers {
    quint64 cluster = 0;
    QVector<EtcdMember> members;
};

/// What one member says of itself.
struct EtcdStatus {
    quint64 member = 0;
    QString version;
    qint64 dbSize = 0; ///< bytes
    qint64 dbSizeInUse = 0; ///< bytes
    quint64 leader = 0; ///< 0: it knows none
    quint64 raftIndex = 0;
    quint64 raftApplied = 0;
    quint64 raftTerm = 0;
    bool learner = false;
    QStringList errors;

    friend bool operator==(const EtcdStatus &, const EtcdStatus &) = default;
};

struct EtcdAlarm {
    enum class Kind : quint8 { NoSpace, Corrupt, Other };
    quint64 member = 0;
    Kind kind = Kind::Other;

    friend bool operator==(const EtcdAlarm &, const EtcdAlarm &) = default;
};

/// The end of the range of all keys that begin with \a prefix: its last byte one higher; "\0" (everything from the
/// prefix on) when there is no such byte.
[[nodiscard]] Bytes endOfPrefix(Bytes prefix);

/// Whether a key has the form that etcd's concurrency library gives to candidates: "<election>/<lease in hex>". Answers
/// the election's name; nothing for other keys.
[[nodiscard]] std::optional<QString> electionOfKey(const EtcdKeyValue &key);

} // namespace countersign
