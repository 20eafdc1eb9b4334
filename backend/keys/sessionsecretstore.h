#pragma once

#include "backend/keys/secretstore.h"
#include "backend/types/strings.h"

#include <map>

namespace countersign {

/// Secrets of this run only: for a console that is to leave nothing in the keychain of whoever starts it.
class SessionSecretStore final : public SecretStore {
public:
    QCoro::Task<Result<SecretBuffer>> read(QString name) override
    {
        const auto kept = m_secrets.find(name);
        if (kept == m_secrets.end())
            co_return fail(ErrorKind::NotFound, u"Nothing is kept as “%1” in this run"_s.arg(name));
        SecretBuffer copy;
        for (const char byte : kept->second.view())
            copy.append(byte);
        co_return copy;
    }
    QCoro::Task<Result<void>> write(QString name, SecretBuffer secret) override
    {
        m_secrets.insert_or_assign(name, std::move(secret));
        co_return Result<void>();
    }
    QCoro::Task<Result<void>> remove(QString name) override
    {
        m_secrets.erase(name);
        co_return Result<void>();
    }

private:
    std::map<QString, SecretBuffer> m_secrets;
};

} // namespace countersign
