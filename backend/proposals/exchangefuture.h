#pragma once

#include "backend/types/spawn.h"

#include <QCoroTask>
#include <QPromise>

#include <memory>
#include <utility>

namespace countersign {

/// A task as a future that is always answered, also when the task's owner goes away before.
template <class T> QFuture<T> futureOf(QCoro::Task<T> task)
{
    auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    const auto future = promise->future();
    const auto complete = [](QCoro::Task<T> running, std::shared_ptr<QPromise<T>> answer) -> QCoro::Task<> {
        answer->addResult(co_await running);
        answer->finish();
    };
    spawn(complete(std::move(task), std::move(promise)));
    return future;
}

} // namespace countersign
