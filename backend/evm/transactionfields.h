#pragma once

#include "backend/evm/rlpreader.h"
#include "backend/evm/transaction.h"

namespace countersign {

/// Reads the fields of a serialized transaction one by one. The first error stays, and what is read after it is empty;
/// its detail is "tx.<field>.<what>": type (bytes for a list or the other way round), zeros (a number with a leading
/// zero byte), range (a number too large), length (bytes of another size), shape (a list with other members).
class TransactionFields final {
public:
    explicit TransactionFields(RlpReader fields)
        : m_fields(fields)
    {
    }

    Uint256 number(QLatin1StringView name);
    quint64 number64(QLatin1StringView name);
    Hash32 word(QLatin1StringView name); ///< a number of up to 256 bits
    std::optional<Address> address(QLatin1StringView name); ///< or nothing, for no bytes
    Bytes bytes(QLatin1StringView name);
    std::vector<AccessListEntry> accessList(QLatin1StringView name);
    std::vector<Hash32> hashes(QLatin1StringView name);
    std::vector<Authorization> authorizations(QLatin1StringView name);

    const std::optional<Error> &error() const { return m_error; }

private:
    std::optional<RlpReader::Item> next(QLatin1StringView name, bool isList);
    std::optional<Address> wholeAddress(QLatin1StringView name);
    std::optional<Hash32> wholeHash(QLatin1StringView name);
    // The fields of a list inside, which keep their first error in this one.
    TransactionFields inner(const RlpReader::Item &list) const
    {
        return TransactionFields(RlpReader(list.content, list.offset));
    }
    bool adopt(const TransactionFields &inner);
    void note(QLatin1StringView name, QLatin1StringView code, const QString &what);

    RlpReader m_fields;
    std::optional<Error> m_error;
};

} // namespace countersign
