#pragma once

#include "backend/keys/secretstore.h"
#include "backend/types/strings.h"

#include <QHash>

#include <optional>

namespace countersign::testing {

/// A keychain that a test can lock, empty and look into.
class MemorySecretStore final : public SecretStore {
public:
    QCoro::Task<Result<SecretBuffer>> read(QString name) override
    {
        if (problem)
            co_return std::unexpected(*problem);
        if (!secrets.contains(name))
            co_return fail(ErrorKind::NotFound, u"The keychain has no “%1”"_s.arg(name));
        QByteArray copy = secrets.value(name);
        copy.detach();
        co_return SecretBuffer::takeFrom(copy.data(), copy.size());
    }
    QCoro::Task<Result<void>> write(QString name, SecretBuffer secret) override
    {
        if (problem)
            co_return std::unexpected(*problem);
        secrets.insert(name, secret.view().toByteArray());
        co_return Result<void>{};
    }
    QCoro::Task<Result<void>> remove(QString name) override
    {
        if (problem)
            co_return std::unexpected(*problem);
        secrets.remove(name);
        co_return Result<void>{};
    }

    void lock() { problem = Error{ErrorKind::Unavailable, u"The keychain is locked"_s, {}}; }

    QHash<QString, QByteArray> secrets;
    std::optional<Error> problem;
};

} // namespace countersign::testing
