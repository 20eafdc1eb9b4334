#pragma once

#include "backend/keys/secretstore.h"
#include "backend/types/hash32.h"

#include <QCoroTask>

namespace countersign {

/// The private halves of the keys that a member at this console has announced, in the desktop's keychain, each under
/// the name of its public half: old ones stay, so that what was sealed for them opens until somebody removes them there.
/// They are read for each use and not kept.
class MemberKeyring final {
public:
    /// \a store outlives the keyring and its tasks; null where the machine has no keychain (Unavailable).
    explicit MemberKeyring(SecretStore *store)
        : m_store(store)
    {
    }

    /// A new pair. The value is its public half, and is given out only when the private one could be read back.
    QCoro::Task<Result<Hash32>> create();
    /// The 32 private bytes. NotFound: not on this machine; Unavailable: the keychain is locked or gone; Corrupt: what
    /// lies there is another key.
    QCoro::Task<Result<SecretBuffer>> find(Hash32 publicKey);
    QCoro::Task<Result<void>> forget(Hash32 publicKey);

    static QString nameOf(const Hash32 &publicKey);

private:
    SecretStore *m_store;
};

} // namespace countersign
