#include "backend/evm/transaction.h"

#include "backend/evm/rlp.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

constexpr char eip1559Type = 0x02;

RlpItem hashItem(const Hash32 &hash)
{
    return RlpItem(hash.bytes());
}

RlpItem addressItem(const std::optional<Address> &address)
{
    return RlpItem(address ? address->bytes() : Bytes());
}

// r and s travel as numbers: a leading zero byte of theirs is dropped.
RlpItem signatureItem(const Hash32 &number)
{
    return RlpItem::ofNumber(*Uint256::fromBigEndian(number.view()));
}

RlpItem accessListItem(const std::vector<AccessListEntry> &list)
{
    RlpItem::List entries;
    for (const AccessListEntry &entry : list) {
        RlpItem::List keys;
        for (const Hash32 &key : entry.storageKeys)
            keys.push_back(hashItem(key));
        entries.emplace_back(RlpItem::List{RlpItem(entry.address.bytes()), RlpItem(std::move(keys))});
    }
    return RlpItem(std::move(entries));
}

RlpItem::List fieldsOf(const Eip1559Transaction &t)
{
    return {RlpItem::ofNumber(t.chainId.value()),
            RlpItem::ofNumber(t.nonce.value()),
            RlpItem::ofNumber(t.maxPriorityFeePerGas),
            RlpItem::ofNumber(t.maxFeePerGas),
            RlpItem::ofNumber(t.gasLimit),
            addressItem(t.to),
            RlpItem::ofNumber(t.value),
            RlpItem(t.data),
            accessListItem(t.accessList)};
}

RlpItem::List fieldsOf(const LegacyTransaction &t)
{
    return {RlpItem::ofNumber(t.nonce.value()), RlpItem::ofNumber(t.gasPrice), RlpItem::ofNumber(t.gasLimit),
            addressItem(t.to),                  RlpItem::ofNumber(t.value),    RlpItem(t.data)};
}

std::unexpected<Error> bad(const QString &what)
{
    return fail(ErrorKind::Invalid, what, u"transaction"_s);
}

// Reads the fields of a decoded list one by one, keeping the first error.
class Fields final {
public:
    explicit Fields(const RlpItem::List &items) : m_items(items) {}

    Uint256 number(QLatin1StringView name)
    {
        const RlpItem *item = next();
        const auto value = item ? item->toNumber() : Result<Uint256>(bad(u"missing"_s));
        if (!value)
            return note(name, value.error().message), Uint256();
        return *value;
    }

    quint64 small(QLatin1StringView name)
    {
        const auto value = number(name).toU64();
        if (!value)
            return note(name, u"it is larger than 64 bits"_s), 0;
        return *value;
    }

    std::optional<Address> address(QLatin1StringView name)
    {
        const Bytes value = bytes(name);
        if (value.isEmpty())
            return std::nullopt;
        const auto parsed = Address::fromBytes(value);
        if (!parsed)
            return note(name, u"an address has 20 bytes"_s), std::nullopt;
        return *parsed;
    }

    Bytes bytes(QLatin1StringView name)
    {
        const RlpItem *item = next();
        if (!item || item->isList())
            return note(name, u"bytes were expected"_s), Bytes();
        return item->bytes();
    }

    std::vector<AccessListEntry> accessList(QLatin1StringView name)
    {
        std::vector<AccessListEntry> list;
        const RlpItem *item = next();
        if (!item || !item->isList())
            return note(name, u"a list was expected"_s), list;
        for (const RlpItem &entry : item->items()) {
            const bool shaped = entry.isList() && entry.items().size() == 2 && !entry.items()[0].isList() && entry.items()[1].isList();
            const auto account = shaped ? Address::fromBytes(entry.items()[0].bytes()) : Result<Address>(bad({}));
            if (!account)
                return note(name, u"an entry is an address and its storage keys"_s), list;
            AccessListEntry &added = list.emplace_back(AccessListEntry{.address = *account, .storageKeys = {}});
            for (const RlpItem &key : entry.items()[1].items()) {
                const auto hash = Hash32::fromBytes(key.bytes());
                if (key.isList() || !hash)
                    return note(name, u"a storage key has 32 bytes"_s), list;
                added.storageKeys.push_back(*hash);
            }
        }
        return list;
    }

    Hash32 word(QLatin1StringView name) { return Hash32::fromDigest(number(name).toBigEndian()); }

    const std::optional<Error> &error() const { return m_error; }

private:
    const RlpItem *next() { return m_next < m_items.size() ? &m_items[m_next++] : nullptr; }
    void note(QLatin1StringView name, const QString &what)
    {
        if (!m_error)
            m_error = Error{.kind = ErrorKind::Invalid, .message = name + u": "_s + what, .detail = u"transaction."_s + name};
    }

    const RlpItem::List &m_items;
    size_t m_next = 0;
    std::optional<Error> m_error;
};

// What every signed transaction must hold beyond its shape.
Result<SignedTransaction> checked(SignedTransaction transaction)
{
    if (!transaction.signature.isLowS())
        return bad(u"The signature's s is in the high form, which EIP-2 forbids"_s);
    if (const auto sender = transaction.sender(); !sender)
        return std::unexpected(sender.error());
    return transaction;
}

Result<SignedTransaction> decodeEip1559(QByteArrayView raw)
{
    const auto item = rlpDecodeStrict(raw.sliced(1), {.maxBytes = maxTransactionBytes});
    if (!item)
        return std::unexpected(item.error());
    if (!item->isList() || item->items().size() != 12)
        return bad(u"A transaction of type 2 has 12 fields"_s);
    Fields fields(item->items());
    Eip1559Transaction t;
    t.chainId = ChainId(fields.small("chainId"_L1));
    t.nonce = Nonce(fields.small("nonce"_L1));
    t.maxPriorityFeePerGas = fields.number("maxPriorityFeePerGas"_L1);
    t.maxFeePerGas = fields.number("maxFeePerGas"_L1);
    t.gasLimit = fields.small("gasLimit"_L1);
    t.to = fields.address("to"_L1);
    t.value = fields.number("value"_L1);
    t.data = fields.bytes("data"_L1);
    t.accessList = fields.accessList("accessList"_L1);
    const quint64 parity = fields.small("yParity"_L1);
    EvmSignature signature{.r = fields.word("r"_L1), .s = fields.word("s"_L1), .yParity = parity == 1};
    if (fields.error())
        return std::unexpected(*fields.error());
    if (parity > 1)
        return bad(u"yParity is neither 0 nor 1"_s);
    return checked({.transaction = std::move(t), .signature = signature, .hash = keccak256(raw)});
}

Result<SignedTransaction> decodeLegacy(QByteArrayView raw)
{
    const auto item = rlpDecodeStrict(raw, {.maxBytes = maxTransactionBytes});
    if (!item)
        return std::unexpected(item.error());
    if (!item->isList() || item->items().size() != 9)
        return bad(u"A legacy transaction has 9 fields"_s);
    Fields fields(item->items());
    LegacyTransaction t;
    t.nonce = Nonce(fields.small("nonce"_L1));
    t.gasPrice = fields.number("gasPrice"_L1);
    t.gasLimit = fields.small("gasLimit"_L1);
    t.to = fields.address("to"_L1);
    t.value = fields.number("value"_L1);
    t.data = fields.bytes("data"_L1);
    const quint64 v = fields.small("v"_L1);
    EvmSignature signature{.r = fields.word("r"_L1), .s = fields.word("s"_L1)};
    if (fields.error())
        return std::unexpected(*fields.error());
    if (v == 27 || v == 28) {
        signature.yParity = v == 28;
    } else if (v >= 37) { // EIP-155: v = chainId * 2 + 35 + yParity, chain ids from 1
        t.chainId = ChainId((v - 35) / 2);
        signature.yParity = (v - 35) % 2 == 1;
    } else {
        return bad(u"v is "_s + QString::number(v) + u", which no chain has"_s);
    }
    return checked({.transaction = std::move(t), .signature = signature, .hash = keccak256(raw)});
}

} // namespace

Hash32 Eip1559Transaction::signingHash() const
{
    Bytes payload(1, eip1559Type);
    payload += rlpEncode(RlpItem(fieldsOf(*this)));
    return keccak256(payload);
}

Bytes Eip1559Transaction::serialize(const EvmSignature &signature) const
{
    RlpItem::List fields = fieldsOf(*this);
    fields.push_back(RlpItem::ofNumber(signature.yParity ? 1 : 0));
    fields.push_back(signatureItem(signature.r));
    fields.push_back(signatureItem(signature.s));
    Bytes payload(1, eip1559Type);
    payload += rlpEncode(RlpItem(std::move(fields)));
    return payload;
}

Hash32 LegacyTransaction::signingHash() const
{
    RlpItem::List fields = fieldsOf(*this);
    if (chainId) {
        fields.push_back(RlpItem::ofNumber(chainId->value()));
        fields.push_back(RlpItem::ofNumber(0));
        fields.push_back(RlpItem::ofNumber(0));
    }
    return keccak256(rlpEncode(RlpItem(std::move(fields))));
}

Result<Bytes> LegacyTransaction::serialize(const EvmSignature &signature) const
{
    quint64 v = signature.yParity ? 28 : 27;
    if (chainId) {
        if (chainId->value() == 0 || chainId->value() > (~0ULL - 36) / 2)
            return bad(u"EIP-155 has no v for the chain id "_s + QString::number(chainId->value()));
        v = chainId->value() * 2 + 35 + (signature.yParity ? 1 : 0);
    }
    RlpItem::List fields = fieldsOf(*this);
    fields.push_back(RlpItem::ofNumber(v));
    fields.push_back(signatureItem(signature.r));
    fields.push_back(signatureItem(signature.s));
    return rlpEncode(RlpItem(std::move(fields)));
}

Hash32 SignedTransaction::signingHash() const
{
    return std::visit([](const auto &t) { return t.signingHash(); }, transaction);
}

Result<Address> SignedTransaction::sender() const
{
    return recoverAddress(signingHash(), signature);
}

Result<SignedTransaction> decodeTransaction(QByteArrayView raw)
{
    if (raw.size() > maxTransactionBytes)
        return fail(ErrorKind::Exhausted, u"The transaction is larger than nodes accept"_s, u"transaction.size"_s);
    if (raw.isEmpty())
        return bad(u"The transaction is empty"_s);
    const auto first = static_cast<quint8>(raw.front());
    if (first >= 0xc0)
        return decodeLegacy(raw);
    if (first == eip1559Type)
        return decodeEip1559(raw);
    return bad(u"Transactions of type "_s + QString::number(first) + u" are not known here"_s);
}

} // namespace countersign
