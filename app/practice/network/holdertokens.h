#pragma once

#include "app/practice/network/datafolder.h"
#include "backend/keys/signer.h"
#include "backend/types/address.h"
#include "backend/types/bytes.h"

#include <QList>
#include <QStringList>

#include <memory>
#include <vector>

namespace countersign {

class Pkcs11Module;

/// A key holder of the practice Safe: a software token with one key that was made on it.
struct Holder {
    QString name;
    Address address;
    QString serial;
    Bytes keyId;
};

/// The tokens of the practice network's key holders, made afresh with random PINs that only a 0600 file knows.
class HolderTokens final {
public:
    HolderTokens();
    ~HolderTokens();
    HolderTokens(HolderTokens &&) noexcept;
    HolderTokens &operator=(HolderTokens &&) noexcept;

    /// Makes one token a name in the folder, points SOFTHSM2_CONF of this process at them and writes the PINs.
    /// Blocks for some tenths of a second. Errors as the token's.
    static Result<HolderTokens> provision(const DataFolder &folder, const QString &module, const QStringList &names);

    const QList<Holder> &holders() const { return m_holders; }

    /// Signs with the keys of the first `count` holders, each unlocked with its PIN and locked again.
    QCoro::Task<Result<std::vector<EvmSignature>>> sign(Hash32 digest, int count);

private:
    QList<Holder> m_holders;
    std::vector<SecretBuffer> m_pins;
    std::vector<std::unique_ptr<Signer>> m_signers;
};

} // namespace countersign
