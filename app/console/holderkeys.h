#pragma once

#include "backend/environment/environment.h"
#include "backend/keys/pkcs11signer.h"

#include <QHash>
#include <QString>

#include <memory>

namespace countersign {

/// The tokens of the environment's holders on this machine, loaded when they are asked for.
class HolderKeys final {
public:
    /// Outlives this object.
    explicit HolderKeys(const Environment &environment)
        : m_environment(environment)
    {
    }
    Q_DISABLE_COPY_MOVE(HolderKeys)

    /// Null for a name that the environment does not have.
    const HolderSettings *settings(const QString &holder) const;
    /// Lives as long as this object. Errors: NotFound (no holder, no token), those of Pkcs11Module::load().
    Result<Signer *> signer(const QString &holder);
    /// Custody as last read; empty while the key was not asked for.
    KeyEvidence evidence(const QString &holder) const;

private:
    const Environment &m_environment;
    QHash<QString, std::shared_ptr<Pkcs11Module>> m_modules;
    QHash<QString, std::shared_ptr<Pkcs11Signer>> m_signers;
};

} // namespace countersign
