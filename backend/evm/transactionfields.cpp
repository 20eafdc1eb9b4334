#include "backend/evm/transactionfields.h"

#include "backend/types/strings.h"

namespace countersign {

Uint256 TransactionFields::number(QLatin1StringView name)
{
    const auto item = next(name, false);
    if (!item)
        return {};
    if (item->content.size() > 32)
        return note(name, "range"_L1, u"it does not fit 256 bits"_s), Uint256();
    if (!item->content.isEmpty() && item->content.front() == '\0')
        return note(name, "zeros"_L1, u"it has a leading zero byte"_s), Uint256();
    return *Uint256::fromBigEndian(item->content);
}

quint64 TransactionFields::number64(QLatin1StringView name)
{
    const auto value = number(name).toU64();
    if (!value)
        return note(name, "range"_L1, u"it does not fit 64 bits"_s), 0;
    return *value;
}

Hash32 TransactionFields::word(QLatin1StringView name)
{
    return Hash32::fromDigest(number(name).toBigEndian());
}

std::optional<Address> TransactionFields::address(QLatin1StringView name)
{
    const auto item = next(name, false);
    if (!item || item->content.isEmpty())
        return std::nullopt;
    const auto address = Address::fromBytes(item->content);
    if (!address)
        return note(name, "length"_L1, u"an address has 20 bytes, not "_s + QString::number(item->content.size())),
               std::nullopt;
    return *address;
}

Bytes TransactionFields::bytes(QLatin1StringView name)
{
    const auto item = next(name, false);
    return item ? item->content.toByteArray() : Bytes();
}

std::vector<AccessListEntry> TransactionFields::accessList(QLatin1StringView name)
{
    std::vector<AccessListEntry> list;
    const auto item = next(name, true);
    if (!item)
        return list;
    for (TransactionFields entries = inner(*item); !entries.m_fields.atEnd();) {
        const auto entry = entries.next(name, true);
        if (!adopt(entries))
            return list;
        TransactionFields members = inner(*entry);
        const auto count = members.m_fields.count();
        if (!count || *count != 2)
            return note(name, "shape"_L1, u"an entry is an address and its storage keys"_s), list;
        const auto account = members.wholeAddress(name);
        auto keys = members.hashes(name);
        if (!adopt(members))
            return list;
        list.push_back(AccessListEntry{.address = *account, .storageKeys = std::move(keys)});
    }
    return list;
}

std::vector<Hash32> TransactionFields::hashes(QLatin1StringView name)
{
    std::vector<Hash32> list;
    const auto item = next(name, true);
    if (!item)
        return list;
    for (TransactionFields members = inner(*item); !members.m_fields.atEnd();) {
        const auto hash = members.wholeHash(name);
        if (!adopt(members))
            return list;
        list.push_back(*hash);
    }
    return list;
}

std::vector<Authorization> TransactionFields::authorizations(QLatin1StringView name)
{
    std::vector<Authorization> list;
    const auto item = next(name, true);
    if (!item)
        return list;
    for (TransactionFields entries = inner(*item); !entries.m_fields.atEnd();) {
        const auto entry = entries.next(name, true);
        if (!adopt(entries))
            return list;
        TransactionFields members = inner(*entry);
        const auto count = members.m_fields.count();
        if (!count || *count != 6)
            return note(name, "shape"_L1, u"an authorization has 6 fields"_s), list;
        Authorization read;
        read.chainId = members.number("authorization.chainId"_L1);
        read.address = members.wholeAddress("authorization.address"_L1).value_or(Address());
        read.nonce = Nonce(members.number64("authorization.nonce"_L1));
        const quint64 yParity = members.number64("authorization.yParity"_L1);
        if (yParity > 0xff)
            members.note("authorization.yParity"_L1, "range"_L1, u"it does not fit 8 bits"_s);
        read.yParity = static_cast<quint8>(yParity);
        read.r = members.word("authorization.r"_L1);
        read.s = members.word("authorization.s"_L1);
        if (!adopt(members))
            return list;
        list.push_back(read);
    }
    return list;
}

std::optional<RlpReader::Item> TransactionFields::next(QLatin1StringView name, bool isList)
{
    if (m_error)
        return std::nullopt;
    const auto item = m_fields.next();
    if (!item) {
        m_error = item.error();
        return std::nullopt;
    }
    if (item->isList != isList)
        return note(name, "type"_L1, isList ? u"a list was expected"_s : u"bytes were expected, not a list"_s),
               std::nullopt;
    return *item;
}

std::optional<Address> TransactionFields::wholeAddress(QLatin1StringView name)
{
    const auto address = this->address(name);
    if (!address)
        note(name, "length"_L1, u"an address has 20 bytes"_s);
    return address;
}

std::optional<Hash32> TransactionFields::wholeHash(QLatin1StringView name)
{
    const auto item = next(name, false);
    if (!item)
        return std::nullopt;
    const auto hash = Hash32::fromBytes(item->content);
    if (!hash)
        return note(name, "length"_L1, u"an entry has 32 bytes, not "_s + QString::number(item->content.size())),
               std::nullopt;
    return *hash;
}

bool TransactionFields::adopt(const TransactionFields &inner)
{
    if (!m_error)
        m_error = inner.m_error;
    return !m_error;
}

void TransactionFields::note(QLatin1StringView name, QLatin1StringView code, const QString &what)
{
    if (!m_error)
        m_error = Error{.kind = ErrorKind::Invalid,
            .message = u"Field "_s + name + u" of the transaction: "_s + what + u'.',
            .detail = u"tx."_s + name + u'.' + code};
}

} // namespace countersign
