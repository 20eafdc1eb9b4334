#pragma once

#include "backend/keys/secretstore.h"

#include <functional>
#include <optional>

namespace countersign {

/// Secrets in the keychain of the desktop, under "Countersign". It protects them at rest, against whoever takes the disk;
/// every program of the same user can read them. The library's plaintext file is never used. What passes through it
/// passes through strings of Qt that nobody overwrites: for secrets that can be revoked.
class KeychainSecretStore final : public SecretStore {
public:
    /// Whether the keychain can be asked; for tests.
    using Check = std::function<QCoro::Task<Result<void>>()>;
    KeychainSecretStore();
    explicit KeychainSecretStore(Check check);

    QCoro::Task<Result<SecretBuffer>> read(QString name) override;
    QCoro::Task<Result<void>> write(QString name, SecretBuffer secret) override;
    QCoro::Task<Result<void>> remove(QString name) override;

    /// What a job of the library (QKeychain::Error) means; nothing for success. The library's words go into the detail,
    /// they never hold the secret.
    static std::optional<Error> errorOf(int jobError, const QString &text);

private:
    Check m_check;
};

} // namespace countersign
