#pragma once

#include "backend/evm/signature.h"
#include "backend/types/address.h"
#include "backend/types/error.h"
#include "backend/types/hash32.h"

#include <QString>

#include <array>

namespace countersign {

/// A secp256k1 key that lives in this process, for the roles of the practice network that a real estate gives to an
/// HSM or a KMS: a relayer's account, a Canton party's signing key. Linked by countersign-practice only; the console
/// has no such class.
class PracticeKey final {
public:
    /// A new key from the system's random generator.
    static PracticeKey generate();
    /// Reads 32 bytes of hex from a file that nobody but its owner can read. Errors: NotFound, Denied, Invalid.
    static Result<PracticeKey> load(const QString &path);
    /// Writes the file that load() reads, mode 0600.
    Result<void> save(const QString &path) const;

    ~PracticeKey();
    PracticeKey(const PracticeKey &) = default;
    PracticeKey &operator=(const PracticeKey &) = default;

    Address address() const { return m_address; }
    EvmSignature sign(const Hash32 &digest) const;

private:
    using Secret = std::array<unsigned char, 32>;
    static Result<PracticeKey> fromSecret(const Secret &secret);
    PracticeKey() = default;

    Secret m_secret{};
    Address m_address;
};

} // namespace countersign
