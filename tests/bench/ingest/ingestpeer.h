#pragma once

#include <QByteArray>
#include <QString>

namespace countersign::bench {

/// The request for a leg, see runIngestServer().
QByteArray ingestRequest(long long count, long long rate);

/// The peer: reads a flood with gRPC's synchronous reader, parses each message and throws it away. Answers messages a
/// second, 0 on failure.
double readParseDiscard(const QString &target, long long count);

} // namespace countersign::bench
