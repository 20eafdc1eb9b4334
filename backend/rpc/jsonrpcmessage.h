#pragma once

#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QJsonArray>
#include <QJsonValue>
#include <QList>
#include <QString>

#include <optional>

namespace countersign {

/// JSON-RPC 2.0 (jsonrpc.org/specification) on the wire: encoding of requests, strict reading of answers.
/// Free functions without a socket, so that they can be tested and fuzzed at full speed.

struct JsonRpcCall {
    QString method;
    QJsonArray params;
};

using JsonRpcResult = Result<QJsonValue>;

Bytes encodeJsonRpcRequest(quint64 id, const JsonRpcCall &call);
/// The calls take the ids firstId, firstId + 1, …
Bytes encodeJsonRpcBatch(quint64 firstId, const QList<JsonRpcCall> &calls);

/// Corrupt when the answer is not exactly one valid response to this id.
JsonRpcResult decodeJsonRpcResponse(const Bytes &body, quint64 id);
/// Results in the order of the calls whatever the order of the answer. An id that is missing makes only
/// that entry Corrupt; an unknown or doubled id makes the whole answer Corrupt.
Result<QList<JsonRpcResult>> decodeJsonRpcBatch(const Bytes &body, quint64 firstId, qsizetype count);

struct JsonRpcNotification {
    QString method;
    QString subscription;
    QJsonValue result;
};

/// What a WebSocket brings: an answer to a request of ours or a notification (eth_subscription).
struct JsonRpcIncoming {
    std::optional<quint64> id; ///< set for an answer
    JsonRpcResult result;
    std::optional<JsonRpcNotification> notification;
};
Result<JsonRpcIncoming> decodeJsonRpcIncoming(const Bytes &text);

/// An error object of the server as an Error: message as the server says it, detail = the compact JSON of
/// the whole error object, so that revert data is at hand.
Error jsonRpcError(const QJsonObject &object);
/// The parts of such an error again; nothing when the error did not come from a JSON-RPC server.
std::optional<int> jsonRpcErrorCode(const Error &error);
std::optional<QJsonValue> jsonRpcErrorData(const Error &error);

} // namespace countersign
