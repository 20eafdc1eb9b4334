#pragma once

#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QByteArray>
#include <QString>
#include <QVector>

#include <chrono>
#include <optional>

namespace countersign {

// Answers of etcd's JSON gateway (/v3/..., etcd 3.4 and later): bytes are base64, 64-bit integers are strings, default
// values are left out. Total functions: Corrupt for anything else, Rejected for an error object of etcd.

struct EtcdKeyValue {
    Bytes key;
    Bytes value;
    qint64 createRevision = 0;
    qint64 modRevision = 0;
    qint64 lease = 0;

    friend bool operator==(const EtcdKeyValue &, const EtcdKeyValue &) = default;
};

struct EtcdRange {
    qint64 revision = 0;
    quint64 term = 0; ///< raft term
    QVector<EtcdKeyValue> keys;
    bool more = false;
};
[[nodiscard]] Result<EtcdRange> parseEtcdRange(const Bytes &body);

struct EtcdLease {
    std::chrono::seconds left{-1}; ///< -1: expired or unknown
    std::chrono::seconds granted{0};
};
[[nodiscard]] Result<EtcdLease> parseEtcdLease(const Bytes &body);

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
/// One line of a watch's answer.
[[nodiscard]] Result<EtcdWatchReply> parseEtcdWatchLine(const Bytes &line);

} // namespace countersign
