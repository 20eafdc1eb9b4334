#pragma once

#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QList>

#include <chrono>

namespace countersign {

/// A lease's id as etcd numbers it (int64).
struct LeaseId {
    qint64 value = 0;
    /// Lower-case hex without padding, as the concurrency library names a candidate's key.
    QString toHex() const;
    friend bool operator==(LeaseId, LeaseId) = default;
};

struct EtcdKey {
    Bytes key;
    Bytes value;
    qint64 createRevision = 0;
    qint64 modRevision = 0;
    LeaseId lease;
};

struct LeaseGrant {
    LeaseId id;
    std::chrono::seconds ttl{0};
};

/// What a transaction that makes a key answered.
struct CreateAnswer {
    bool created = false;
    qint64 revision = 0; ///< of the store after the transaction; the key's create revision when created
};

// Requests and answers of etcd's JSON gateway (/v3/...): bytes are base64, 64-bit integers are strings, fields with
// the default value are left out. The parsers are total: any bytes give a value or an Error of kind Corrupt.
Bytes leaseGrantRequest(std::chrono::seconds ttl);
Bytes leaseRequest(LeaseId lease);
Bytes createKeyRequest(const Bytes &key, const Bytes &value, LeaseId lease);
Bytes deleteCreatedAtRequest(const Bytes &key, qint64 createRevision);
/// All keys under the prefix, oldest first.
Bytes rangeRequest(const Bytes &prefix);
Bytes watchRequest(const Bytes &prefix, qint64 startRevision);

Result<LeaseGrant> parseLeaseGrant(const Bytes &json);
/// Seconds the lease has left; zero means that it is gone.
Result<std::chrono::seconds> parseKeepAlive(const Bytes &json);
Result<CreateAnswer> parseCreate(const Bytes &json);
Result<QList<EtcdKey>> parseRange(const Bytes &json);

/// The first key after all keys that begin with the prefix.
Bytes prefixEnd(Bytes prefix);

} // namespace countersign
