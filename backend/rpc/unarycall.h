#pragma once

#include "backend/rpc/channel.h"
#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QByteArrayView>
#include <QFuture>
#include <QPromise>

#include <functional>
#include <memory>
#include <utility>

namespace countersign {

/// One call, bytes in and bytes out. \a done runs once, on the thread of all unary calls, whatever happens; it must be short.
void startUnaryCall(const Channel &channel, const QByteArray &method, const Bytes &request, CallOptions options,
    std::function<void(Result<QByteArrayView>)> done);

/// A unary call as a future that always carries a Result. \a decode makes our type of the response, on the thread
/// of all unary calls. \a method is the full path, "/package.Service/Method"; \a request its serialised message.
template <class T>
QFuture<Result<T>> unaryCall(const Channel &channel, const QByteArray &method, const Bytes &request,
    std::function<Result<T>(QByteArrayView)> decode, CallOptions options)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    QFuture<Result<T>> future = promise->future();
    startUnaryCall(channel, method, request, std::move(options),
        [promise = std::move(promise), decode = std::move(decode)](Result<QByteArrayView> response) {
            promise->addResult(response ? decode(*response) : Result<T>(std::unexpected(response.error())));
            promise->finish();
        });
    return future;
}

} // namespace countersign
