#include "backend/rpc/jsonrpcmessage.h"

#include "backend/types/strings.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonParseError>

#include <cmath>
#include <limits>

namespace countersign {

namespace {

QJsonObject requestObject(quint64 id, const JsonRpcCall &call)
{
    return {{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, static_cast<qint64>(id)}, {u"method"_s, call.method},
        {u"params"_s, call.params}};
}

std::unexpected<Error> corrupt(const QString &what, const Bytes &body)
{
    return fail(ErrorKind::Corrupt, u"The answer is no valid JSON-RPC response: %1"_s.arg(what),
        QString::fromUtf8(body.left(1024)));
}

std::optional<quint64> idOf(const QJsonValue &value)
{
    const qint64 id = value.toInteger(-1);
    return value.isDouble() && id >= 0 ? std::optional(static_cast<quint64>(id)) : std::nullopt;
}

// Empty when the object is a well-formed response, else what is wrong with it.
QString defectOf(const QJsonObject &object)
{
    if (object.value("jsonrpc"_L1).toString() != "2.0"_L1)
        return u"it does not say version 2.0"_s;
    if (object.contains("result"_L1) == object.contains("error"_L1))
        return u"it needs either a result or an error"_s;
    if (object.contains("error"_L1)) {
        const QJsonValue error = object.value("error"_L1);
        if (!error.isObject() || !error.toObject().value("code"_L1).isDouble()
            || !error.toObject().value("message"_L1).isString())
            return u"its error has no code and message"_s;
    }
    return {};
}

JsonRpcResult resultOf(const QJsonObject &object)
{
    if (object.contains("error"_L1))
        return std::unexpected(jsonRpcError(object.value("error"_L1).toObject()));
    return object.value("result"_L1);
}

ErrorKind kindOf(int code)
{
    switch (code) {
    case -32700: // parse error
    case -32600: // invalid request
    case -32601: // method not found
    case -32602: // invalid params
    case -32004: // EIP-1474: method not supported
    case -32006: // EIP-1474: version not supported
        return ErrorKind::Invalid;
    case -32603:
        return ErrorKind::Internal;
    case -32001:
        return ErrorKind::NotFound; // EIP-1474: resource not found
    case -32002:
        return ErrorKind::Unavailable; // EIP-1474: resource unavailable
    case -32005:
        return ErrorKind::Exhausted; // EIP-1474: limit exceeded
    case 4001:
    case 4100:
        return ErrorKind::Denied; // EIP-1193: user rejected, unauthorized
    default:
        return ErrorKind::Rejected; // execution reverted (3), transaction rejected (-32003), server errors
    }
}

std::optional<QJsonObject> errorObject(const Error &error)
{
    const QJsonDocument document = QJsonDocument::fromJson(error.detail.toUtf8());
    if (!document.isObject() || !document.object().value("code"_L1).isDouble())
        return std::nullopt;
    return document.object();
}

} // namespace

Bytes encodeJsonRpcRequest(quint64 id, const JsonRpcCall &call)
{
    return QJsonDocument(requestObject(id, call)).toJson(QJsonDocument::Compact);
}

Bytes encodeJsonRpcBatch(quint64 firstId, const QList<JsonRpcCall> &calls)
{
    QJsonArray array;
    for (const JsonRpcCall &call : calls)
        array.append(requestObject(firstId++, call));
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

JsonRpcResult decodeJsonRpcResponse(const Bytes &body, quint64 id)
{
    QJsonParseError parse;
    const QJsonDocument document = QJsonDocument::fromJson(body, &parse);
    if (parse.error != QJsonParseError::NoError)
        return corrupt(parse.errorString(), body);
    if (!document.isObject())
        return corrupt(u"it is no object"_s, body);
    const QJsonObject object = document.object();
    if (const QString defect = defectOf(object); !defect.isEmpty())
        return corrupt(defect, body);
    // A server that could not read the request answers with id null; that is an answer to ours.
    const bool nullError = object.contains("error"_L1) && object.value("id"_L1).isNull();
    if (!nullError && idOf(object.value("id"_L1)) != id)
        return corrupt(u"it answers another request"_s, body);
    return resultOf(object);
}

Result<QList<JsonRpcResult>> decodeJsonRpcBatch(const Bytes &body, quint64 firstId, qsizetype count)
{
    QJsonParseError parse;
    const QJsonDocument document = QJsonDocument::fromJson(body, &parse);
    if (parse.error != QJsonParseError::NoError)
        return corrupt(parse.errorString(), body);
    if (document.isObject()) {
        const QJsonObject object = document.object();
        if (const QString defect = defectOf(object); !defect.isEmpty() || !object.contains("error"_L1))
            return corrupt(u"a batch was answered with one object"_s, body);
        return std::unexpected(jsonRpcError(object.value("error"_L1).toObject()));
    }
    QList<std::optional<JsonRpcResult>> slots_(count);
    const QJsonArray array = document.array();
    for (const QJsonValue &value : array) {
        if (!value.isObject())
            return corrupt(u"an entry of the batch is no object"_s, body);
        const QJsonObject object = value.toObject();
        if (const QString defect = defectOf(object); !defect.isEmpty())
            return corrupt(defect, body);
        const auto id = idOf(object.value("id"_L1));
        if (!id || *id < firstId || *id - firstId >= static_cast<quint64>(count))
            return corrupt(u"an entry answers another request"_s, body);
        auto &slot = slots_[static_cast<qsizetype>(*id - firstId)];
        if (slot)
            return corrupt(u"two entries answer one request"_s, body);
        slot = resultOf(object);
    }
    QList<JsonRpcResult> results;
    results.reserve(count);
    for (auto &slot : slots_) {
        if (slot)
            results.append(std::move(*slot));
        else
            results.append(fail(ErrorKind::Corrupt, u"The server left this request of a batch unanswered"_s));
    }
    return results;
}

Result<JsonRpcIncoming> decodeJsonRpcIncoming(const Bytes &text)
{
    QJsonParseError parse;
    const QJsonDocument document = QJsonDocument::fromJson(text, &parse);
    if (parse.error != QJsonParseError::NoError)
        return corrupt(parse.errorString(), text);
    const QJsonObject object = document.object();
    if (object.contains("method"_L1)) {
        const QJsonObject params = object.value("params"_L1).toObject();
        const QJsonValue subscription = params.value("subscription"_L1);
        if (!subscription.isString() || !params.contains("result"_L1))
            return corrupt(u"a notification without subscription or result"_s, text);
        return JsonRpcIncoming{.id = std::nullopt,
            .result = QJsonValue(),
            .notification = JsonRpcNotification{
                object.value("method"_L1).toString(), subscription.toString(), params.value("result"_L1)}};
    }
    if (const QString defect = defectOf(object); !defect.isEmpty())
        return corrupt(defect, text);
    const auto id = idOf(object.value("id"_L1));
    if (!id)
        return corrupt(u"it has no id of ours"_s, text);
    return JsonRpcIncoming{.id = id, .result = resultOf(object), .notification = std::nullopt};
}

Error jsonRpcError(const QJsonObject &object)
{
    const int code = object.value("code"_L1).toInt();
    const QString message = object.value("message"_L1).toString().left(2000);
    return {kindOf(code), message.isEmpty() ? u"The server refused with code %1"_s.arg(code) : message,
        QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact))};
}

std::optional<int> jsonRpcErrorCode(const Error &error)
{
    const auto object = errorObject(error);
    return object ? std::optional(object->value("code"_L1).toInt()) : std::nullopt;
}

std::optional<QJsonValue> jsonRpcErrorData(const Error &error)
{
    const auto object = errorObject(error);
    return object && object->contains("data"_L1) ? std::optional(object->value("data"_L1)) : std::nullopt;
}

} // namespace countersign
