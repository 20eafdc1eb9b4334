#include "backend/evm/transactionjson.h"

#include "backend/evm/jsonscalar.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <array>
#include <span>

namespace countersign {

namespace {

std::unexpected<Error> bad(QLatin1StringView code, const QString &what)
{
    return fail(ErrorKind::Invalid, what + u'.', u"tx."_s + code);
}

// "0x" is what RLP has for zero, and some programs write numbers of transactions as the bytes of their RLP.
bool isEmptyBytes(const JsonView &value)
{
    return value.isString() && value.text() == QUtf8StringView("0x");
}

Result<Uint256> uintOf(const JsonView &value)
{
    return isEmptyBytes(value) ? Uint256() : uintFromJson(value);
}

Result<quint64> uint64Of(const JsonView &value)
{
    const auto number = isEmptyBytes(value) ? Result<Uint256>(Uint256()) : uintFromJson(value, 64);
    if (!number)
        return std::unexpected(number.error());
    return *number->toU64();
}

// Reads the members of one object; the first error stays.
class Members final {
public:
    Members(const JsonView &object, QLatin1StringView where, std::span<const QLatin1StringView> known)
        : m_object(object)
        , m_where(where)
    {
        if (!object.isObject())
            note({}, "kind"_L1, u"an object was expected, not "_s + object.kindName());
        for (const JsonView member : object) {
            if (m_error)
                return;
            const bool isKnown
                = std::ranges::any_of(known, [&member](QLatin1StringView name) { return nameOf(member) == name; });
            if (!isKnown)
                note({}, "unknown"_L1, u"it has no member \"%1\""_s.arg(member.key().toString().left(64)));
        }
    }

    std::optional<JsonView> find(QLatin1StringView name) const
    {
        if (m_error)
            return std::nullopt;
        const auto found = m_object.find(QUtf8StringView(name.data(), name.size()));
        return found && !found->isNull() ? found : std::nullopt;
    }
    bool has(QLatin1StringView name) const { return find(name).has_value(); }

    /// What `read` makes of the member, or nothing when it is absent.
    template <class Read>
    auto optional(QLatin1StringView name, Read read)
        -> std::optional<typename std::invoke_result_t<Read, JsonView>::value_type>
    {
        const auto member = find(name);
        if (!member)
            return std::nullopt;
        auto value = read(*member);
        if (!value) {
            // "tx.accessList.kind" of what is inside keeps its own place; a plain value's error gets this member's.
            if (value.error().detail.startsWith(u"tx."_s))
                m_error = std::move(value.error());
            else
                note(name, "value"_L1, value.error().message);
            return std::nullopt;
        }
        return *std::move(value);
    }
    template <class Read> auto value(QLatin1StringView name, Read read)
    {
        return optional(name, read).value_or(typename std::invoke_result_t<Read, JsonView>::value_type{});
    }
    Uint256 number(QLatin1StringView name) { return value(name, uintOf); }
    quint64 number64(QLatin1StringView name) { return value(name, uint64Of); }
    template <class Read> auto required(QLatin1StringView name, Read read)
    {
        if (!m_error && !has(name))
            note(name, "missing"_L1, u"it is missing"_s);
        return value(name, read);
    }

    void note(QLatin1StringView name, QLatin1StringView code, const QString &what)
    {
        if (m_error)
            return;
        QString path = m_where;
        if (!path.isEmpty() && !name.isEmpty())
            path += u'.';
        path += name;
        const QString said = what.endsWith(u'.') ? what.chopped(1) : what;
        m_error = Error{.kind = ErrorKind::Invalid,
            .message = (path.isEmpty() ? u"The transaction"_s : path) + u": "_s + said + u'.',
            .detail = u"tx."_s + (path.isEmpty() ? QString() : path + u'.') + code};
    }

    const std::optional<Error> &error() const { return m_error; }

private:
    static QLatin1StringView nameOf(const JsonView &member)
    {
        const QUtf8StringView key = member.key();
        return {reinterpret_cast<const char *>(key.data()), key.size()};
    }

    JsonView m_object;
    QLatin1StringView m_where;
    std::optional<Error> m_error;
};

constexpr std::array transactionMembers = {"type"_L1, "chainId"_L1, "nonce"_L1, "to"_L1, "value"_L1, "data"_L1,
    "gasLimit"_L1, "gasPrice"_L1, "maxPriorityFeePerGas"_L1, "maxFeePerGas"_L1, "maxFeePerBlobGas"_L1, "accessList"_L1,
    "authorizationList"_L1, "blobVersionedHashes"_L1, "signature"_L1, "from"_L1, "hash"_L1, "signingHash"_L1};
constexpr std::array entryMembers = {"address"_L1, "storageKeys"_L1};
constexpr std::array authorizationMembers
    = {"chainId"_L1, "address"_L1, "nonce"_L1, "yParity"_L1, "r"_L1, "s"_L1, "authority"_L1};
constexpr std::array signatureMembers = {"r"_L1, "s"_L1, "yParity"_L1, "v"_L1};

// The elements of an array as `read` makes them.
template <class T> Result<std::vector<T>> listOf(const JsonView &array, auto read)
{
    if (!array.isArray())
        return fail(ErrorKind::Invalid, u"an array was expected, not "_s + array.kindName());
    std::vector<T> list;
    list.reserve(static_cast<size_t>(array.size()));
    for (const JsonView element : array) {
        auto value = read(element);
        if (!value)
            return std::unexpected(std::move(value.error()));
        list.push_back(*std::move(value));
    }
    return list;
}

Result<Hash32> wordOf(const JsonView &number)
{
    const auto value = uintFromJson(number);
    if (!value)
        return std::unexpected(value.error());
    return Hash32::fromDigest(value->toBigEndian());
}

Result<std::vector<Hash32>> hashesOf(const JsonView &array)
{
    return listOf<Hash32>(array, bytes32FromJson);
}

Result<AccessListEntry> entryOf(const JsonView &object)
{
    Members members(object, "accessList"_L1, entryMembers);
    AccessListEntry entry;
    entry.address = members.required("address"_L1, accountFromJson);
    entry.storageKeys = members.required("storageKeys"_L1, hashesOf);
    if (members.error())
        return std::unexpected(*members.error());
    return entry;
}

Result<Authorization> authorizationOf(const JsonView &object)
{
    Members members(object, "authorizationList"_L1, authorizationMembers);
    Authorization read;
    read.chainId = members.number("chainId"_L1);
    read.address = members.required("address"_L1, accountFromJson);
    read.nonce = Nonce(members.number64("nonce"_L1));
    const quint64 yParity = members.required("yParity"_L1, uint64Of);
    if (yParity > 0xff)
        members.note("yParity"_L1, "range"_L1, u"it does not fit 8 bits"_s);
    read.yParity = static_cast<quint8>(yParity);
    read.r = members.required("r"_L1, wordOf);
    read.s = members.required("s"_L1, wordOf);
    if (const auto claimed = members.optional("authority"_L1, accountFromJson)) {
        if (const auto authority = read.authority(); !authority || *authority != *claimed)
            members.note("authority"_L1, "mismatch"_L1, u"the signature is not by "_s + claimed->toString());
    }
    if (members.error())
        return std::unexpected(*members.error());
    return read;
}

Result<std::vector<AccessListEntry>> entriesOf(const JsonView &array)
{
    return listOf<AccessListEntry>(array, entryOf);
}

Result<std::vector<Authorization>> authorizationsOf(const JsonView &array)
{
    return listOf<Authorization>(array, authorizationOf);
}

TransactionType typeOf(Members &members)
{
    constexpr auto last = static_cast<quint64>(TransactionType::SetCode);
    if (const auto type = members.optional("type"_L1, uint64Of)) {
        if (*type > last)
            members.note(
                "type"_L1, "value"_L1, u"transactions of type "_s + QString::number(*type) + u" are not known here"_s);
        return static_cast<TransactionType>(std::min(*type, last));
    }
    if (members.has("authorizationList"_L1))
        return TransactionType::SetCode;
    if (members.has("blobVersionedHashes"_L1) || members.has("maxFeePerBlobGas"_L1))
        return TransactionType::Blob;
    if (members.has("maxFeePerGas"_L1) || members.has("maxPriorityFeePerGas"_L1))
        return TransactionType::FeeMarket;
    return members.has("accessList"_L1) ? TransactionType::AccessList : TransactionType::Legacy;
}

// Members of other types must not be dropped in silence.
void refuseForeign(Members &members, TransactionType type)
{
    const bool feeMarket = type >= TransactionType::FeeMarket;
    const std::array<std::pair<QLatin1StringView, bool>, 7> fits
        = {{{"gasPrice"_L1, !feeMarket}, {"maxPriorityFeePerGas"_L1, feeMarket}, {"maxFeePerGas"_L1, feeMarket},
            {"accessList"_L1, type != TransactionType::Legacy}, {"maxFeePerBlobGas"_L1, type == TransactionType::Blob},
            {"blobVersionedHashes"_L1, type == TransactionType::Blob},
            {"authorizationList"_L1, type == TransactionType::SetCode}}};
    for (const auto &[name, fit] : fits) {
        if (!fit && members.has(name))
            members.note(name, "foreign"_L1,
                u"transactions of type "_s + QString::number(static_cast<int>(type)) + u" have no such field"_s);
    }
}

EvmTransaction fieldsOf(Members &members)
{
    EvmTransaction t;
    t.type = typeOf(members);
    refuseForeign(members, t.type);
    if (const auto chainId = members.optional("chainId"_L1, uint64Of))
        t.chainId = ChainId(*chainId);
    else if (t.type != TransactionType::Legacy)
        t.chainId = ChainId(0);
    t.nonce = Nonce(members.number64("nonce"_L1));
    t.gasPrice = members.number("gasPrice"_L1);
    t.maxPriorityFeePerGas = members.number("maxPriorityFeePerGas"_L1);
    t.maxFeePerGas = members.number("maxFeePerGas"_L1);
    t.gasLimit = members.number("gasLimit"_L1);
    t.to = members.optional("to"_L1, accountFromJson);
    t.value = members.number("value"_L1);
    t.data = members.value("data"_L1, bytesFromJson);
    t.accessList = members.value("accessList"_L1, entriesOf);
    t.maxFeePerBlobGas = members.number("maxFeePerBlobGas"_L1);
    t.blobVersionedHashes = members.value("blobVersionedHashes"_L1, hashesOf);
    t.authorizationList = members.value("authorizationList"_L1, authorizationsOf);
    return t;
}

// EIP-155's v, whose chain id must be the transaction's.
std::optional<bool> parityOf(Members &members, const EvmTransaction &t)
{
    const auto v = members.optional("v"_L1, uintOf);
    if (!v)
        return std::nullopt;
    if (t.type != TransactionType::Legacy) {
        members.note("v"_L1, "foreign"_L1, u"only transactions of type 0 have a v"_s);
        return std::nullopt;
    }
    if (*v == Uint256(27) || *v == Uint256(28))
        return *v == Uint256(28);
    const Uint256 even = t.chainId ? *Uint256(t.chainId->value()).shiftedLeft(1).checkedAdd(35) : Uint256(27);
    const auto parity = v->checkedSub(even);
    if (!parity || *parity > Uint256(1)) {
        members.note("v"_L1, "value"_L1, u"it fits neither 27 and 28 nor the transaction's chain id (EIP-155)"_s);
        return std::nullopt;
    }
    return !parity->isZero();
}

// Signs nothing: completes a transaction by its signature, as decodeTransaction does.
std::optional<Error> adoptSignature(DecodedTransaction &decoded, const JsonView &object)
{
    const auto signature = signatureFromJson(object, decoded.transaction);
    if (!signature)
        return signature.error();
    const auto from = recoverAddress(decoded.transaction.signingHash(), *signature);
    if (!from)
        return bad("signature.value"_L1, u"No key can have made the signature"_s).error();
    decoded.signature = *signature;
    decoded.from = *from;
    decoded.hash = keccak256(decoded.serialize());
    return std::nullopt;
}

void compareClaims(Members &members, const DecodedTransaction &decoded)
{
    const auto from = members.optional("from"_L1, accountFromJson);
    if (from && decoded.from && *from != *decoded.from)
        members.note("from"_L1, "mismatch"_L1, u"the signature is by "_s + decoded.from->toString());
    const auto hash = members.optional("hash"_L1, bytes32FromJson);
    if (hash && hash != decoded.hash)
        members.note("hash"_L1, "mismatch"_L1,
            decoded.hash ? u"the hash is "_s + decoded.hash->toString() : u"only a signed transaction has one"_s);
    const auto signingHash = members.optional("signingHash"_L1, bytes32FromJson);
    if (signingHash && *signingHash != decoded.transaction.signingHash())
        members.note("signingHash"_L1, "mismatch"_L1, u"the hash is "_s + decoded.transaction.signingHash().toString());
}

} // namespace

Result<DecodedTransaction> transactionFromJson(
    const JsonView &object, const std::optional<JsonView> &signature, const TransactionDecoding &how)
{
    Members members(object, {}, transactionMembers);
    DecodedTransaction decoded{.transaction = fieldsOf(members)};
    const auto own = members.find("signature"_L1);
    if (own && signature)
        members.note("signature"_L1, "twice"_L1, u"it is given twice"_s);
    if (members.error())
        return std::unexpected(*members.error());
    if (const auto &given = signature ? signature : own) {
        if (auto error = adoptSignature(decoded, *given))
            return std::unexpected(*std::move(error));
    }
    compareClaims(members, decoded);
    if (members.error())
        return std::unexpected(*members.error());
    return judged(std::move(decoded), how);
}

Result<EvmSignature> signatureFromJson(const JsonView &object, const EvmTransaction &transaction)
{
    Members members(object, "signature"_L1, signatureMembers);
    EvmSignature signature;
    signature.r = members.required("r"_L1, wordOf);
    signature.s = members.required("s"_L1, wordOf);
    const auto yParity = members.optional("yParity"_L1, uint64Of);
    const auto fromV = parityOf(members, transaction);
    if (yParity && *yParity > 1)
        members.note("yParity"_L1, "value"_L1, u"it is neither 0 nor 1"_s);
    if (yParity && fromV && (*yParity == 1) != *fromV)
        members.note("yParity"_L1, "mismatch"_L1, u"it contradicts v"_s);
    if (!yParity && !fromV)
        members.note("yParity"_L1, "missing"_L1, u"it is missing"_s);
    if (members.error())
        return std::unexpected(*members.error());
    signature.yParity = fromV.value_or(yParity == 1U);
    if (auto problem = signatureProblem(signature, "tx"_L1))
        return std::unexpected(*std::move(problem));
    return signature;
}

} // namespace countersign
