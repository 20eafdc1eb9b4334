#pragma once

#include "backend/rpc/httpclient.h"
#include "backend/rpc/jsonrpcmessage.h"
#include "backend/types/error.h"

#include <QJsonArray>
#include <QJsonValue>
#include <QList>
#include <QString>
#include <QUrl>

#include <QCoroTask>

#include <stop_token>

namespace countersign {

struct JsonRpcOptions {
    HttpOptions http{.deadline = std::chrono::seconds(10), .maxReplyBytes = qint64{32} * 1024 * 1024, .headers = {}};
    qsizetype maxBatch = 100; ///< calls in one HTTP request; a longer batch is sent in pieces
};

/// JSON-RPC 2.0 over HTTP. Nothing is retried here: retryRead() (retry.h) repeats what may be repeated.
/// The tasks do not touch the client after their first suspension, so it may be destroyed meanwhile:
/// they then end with Cancelled. Main thread only.
class JsonRpcClient final {
public:
    explicit JsonRpcClient(QUrl url, JsonRpcOptions options = {});
    Q_DISABLE_COPY_MOVE(JsonRpcClient)

    const QUrl &url() const { return m_url; }

    /// Errors of the server: kind by its code, message as it says it, jsonRpcErrorCode/Data() for the rest.
    QCoro::Task<JsonRpcResult> call(QString method, QJsonArray params = {}, std::stop_token stop = {});
    /// One result for each call, in their order; the outer error is one of transport or of the whole batch.
    QCoro::Task<Result<QList<JsonRpcResult>>> batch(QList<JsonRpcCall> calls, std::stop_token stop = {});

private:
    QFuture<Result<HttpReply>> send(Bytes body, std::stop_token stop);

    QUrl m_url;
    JsonRpcOptions m_options;
    quint64 m_nextId = 1;
    HttpClient m_http;
};

} // namespace countersign
