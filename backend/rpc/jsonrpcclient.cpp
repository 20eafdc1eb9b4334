#include "backend/rpc/jsonrpcclient.h"

#include <QCoroFuture>

#include <algorithm>
#include <utility>
#include <vector>

namespace countersign {

namespace {

// Some servers give their JSON-RPC errors with a status of 4xx or 5xx: the body is asked first.
template <class T> Result<T> withStatus(const HttpReply &reply, Result<T> decoded)
{
    if (reply.isSuccess() || decoded || decoded.error().kind != ErrorKind::Corrupt)
        return decoded;
    return std::unexpected(requireSuccess(reply).error());
}

} // namespace

JsonRpcClient::JsonRpcClient(QUrl url, JsonRpcOptions options)
    : m_url(std::move(url))
    , m_options(std::move(options))
{
}

QFuture<Result<HttpReply>> JsonRpcClient::send(Bytes body, std::stop_token stop)
{
    return m_http.post(m_url, std::move(body), QByteArrayLiteral("application/json"), m_options.http, std::move(stop));
}

QCoro::Task<JsonRpcResult> JsonRpcClient::call(QString method, QJsonArray params, std::stop_token stop)
{
    const quint64 id = m_nextId++;
    const JsonRpcCall request{std::move(method), std::move(params)};
    const QFuture<Result<HttpReply>> pending = send(encodeJsonRpcRequest(id, request), stop);
    const Result<HttpReply> reply = co_await pending;
    if (!reply)
        co_return std::unexpected(reply.error());
    co_return withStatus(*reply, decodeJsonRpcResponse(reply->body, id));
}

QCoro::Task<Result<QList<JsonRpcResult>>> JsonRpcClient::batch(QList<JsonRpcCall> calls, std::stop_token stop)
{
    struct Piece {
        quint64 firstId;
        qsizetype count;
        QFuture<Result<HttpReply>> pending;
    };
    // All pieces leave before the first suspension: what follows needs nothing of the client.
    std::vector<Piece> pieces;
    const qsizetype size = std::max<qsizetype>(1, m_options.maxBatch);
    for (qsizetype at = 0; at < calls.size(); at += size) {
        const QList<JsonRpcCall> part = calls.mid(at, size);
        const quint64 firstId = std::exchange(m_nextId, m_nextId + static_cast<quint64>(part.size()));
        pieces.push_back({firstId, part.size(), send(encodeJsonRpcBatch(firstId, part), stop)});
    }
    QList<JsonRpcResult> results;
    results.reserve(calls.size());
    for (const Piece &piece : pieces) {
        const Result<HttpReply> reply = co_await piece.pending;
        if (!reply)
            co_return std::unexpected(reply.error());
        auto decoded = withStatus(*reply, decodeJsonRpcBatch(reply->body, piece.firstId, piece.count));
        if (!decoded)
            co_return std::unexpected(decoded.error());
        results += *decoded;
    }
    co_return results;
}

} // namespace countersign
