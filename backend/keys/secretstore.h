#pragma once

#include "backend/keys/secretbuffer.h"
#include "backend/types/error.h"

#include <QCoroTask>
#include <QString>

namespace countersign {

/// Where secrets lie that can be revoked: the token of a service, the key that opens what members encrypt to each other.
/// Never a PIN and never a key that moves money.
class SecretStore {
public:
    SecretStore() = default;
    virtual ~SecretStore() = default;

    /// \a name is what a person sees in the desktop's keychain: "transaction service https://api.safe.global". NotFound when there is none;
    /// Unavailable when the store cannot be reached or is locked, which is not the same.
    virtual QCoro::Task<Result<SecretBuffer>> read(QString name) = 0;
    /// Replaces what was there.
    virtual QCoro::Task<Result<void>> write(QString name, SecretBuffer secret) = 0;
    /// What is not there is success.
    virtual QCoro::Task<Result<void>> remove(QString name) = 0;

protected:
    Q_DISABLE_COPY_MOVE(SecretStore)
};

} // namespace countersign
