#pragma once

#include "backend/keys/secretstore.h"
#include "backend/types/strings.h"

#include <QCoroTimer>
#include <QMap>

#include <chrono>
#include <optional>

namespace countersign::testing {

/// A store in memory that shows what is in it, and fails when the test says so. Answers one turn of the event loop later.
class FakeSecretStore final : public SecretStore {
public:
    FakeSecretStore() = default;

    QCoro::Task<Result<SecretBuffer>> read(QString name) override
    {
        co_await QCoro::sleepFor(std::chrono::milliseconds(delay));
        ++reads;
        if (failure)
            co_return std::unexpected(*failure);
        if (!held.contains(name))
            co_return fail(ErrorKind::NotFound, u"The keychain has no such entry"_s);
        QByteArray bytes = held.value(name);
        co_return SecretBuffer::takeFrom(bytes.data(), bytes.size());
    }
    QCoro::Task<Result<void>> write(QString name, SecretBuffer secret) override
    {
        co_await QCoro::sleepFor(std::chrono::milliseconds(1));
        if (failure)
            co_return std::unexpected(*failure);
        held.insert(name, secret.view().toByteArray());
        co_return Result<void>();
    }
    QCoro::Task<Result<void>> remove(QString name) override
    {
        co_await QCoro::sleepFor(std::chrono::milliseconds(1));
        if (failure)
            co_return std::unexpected(*failure);
        held.remove(name);
        co_return Result<void>();
    }

    QMap<QString, QByteArray> held;
    std::optional<Error> failure;
    int delay = 1; ///< ms, of reading
    int reads = 0;
};

} // namespace countersign::testing
