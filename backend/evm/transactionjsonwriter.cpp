#include "backend/evm/transactionjson.h"

#include "backend/evm/jsonscalar.h"

namespace countersign {

namespace {

void appendNumber(QByteArray &json, const Uint256 &number)
{
    json += '"';
    appendDecimal(json, number);
    json += '"';
}

void appendBytes(QByteArray &json, QByteArrayView bytes)
{
    json += '"';
    appendHex(json, bytes);
    json += '"';
}

// Writes one object front to back.
class Object final {
public:
    explicit Object(QByteArray &json)
        : m_json(json)
    {
        m_json += '{';
    }
    Q_DISABLE_COPY_MOVE(Object)
    ~Object() { m_json += '}'; }

    void number(const char *name, const Uint256 &value) { appendNumber(member(name), value); }
    void bytes(const char *name, QByteArrayView value) { appendBytes(member(name), value); }
    void address(const char *name, const std::optional<Address> &value)
    {
        member(name);
        if (value)
            quoted(*value);
        else
            m_json += "null";
    }
    /// For a value that the caller writes.
    QByteArray &member(const char *name)
    {
        if (!m_first)
            m_json += ',';
        m_first = false;
        m_json += '"';
        m_json += name;
        m_json += "\":";
        return m_json;
    }

private:
    void quoted(const Address &value)
    {
        m_json += '"';
        appendAccount(m_json, value);
        m_json += '"';
    }

    QByteArray &m_json;
    bool m_first = true;
};

template <class List> void appendArray(QByteArray &json, const List &list, auto append)
{
    json += '[';
    const qsizetype start = json.size();
    for (const auto &entry : list) {
        if (json.size() > start)
            json += ',';
        append(json, entry);
    }
    json += ']';
}

void appendHashes(QByteArray &json, const std::vector<Hash32> &hashes)
{
    appendArray(json, hashes, [](QByteArray &out, const Hash32 &hash) { appendBytes(out, hash.view()); });
}

void appendEntry(QByteArray &json, const AccessListEntry &entry)
{
    Object object(json);
    object.address("address", entry.address);
    appendHashes(object.member("storageKeys"), entry.storageKeys);
}

void appendAuthorization(QByteArray &json, const Authorization &authorization)
{
    Object object(json);
    object.number("chainId", authorization.chainId);
    object.address("address", authorization.address);
    object.number("nonce", authorization.nonce.value());
    object.number("yParity", authorization.yParity);
    object.bytes("r", authorization.r.view());
    object.bytes("s", authorization.s.view());
    const auto authority = authorization.authority();
    object.address("authority", authority ? std::optional(*authority) : std::nullopt);
}

void appendSignature(QByteArray &json, const EvmSignature &signature)
{
    Object object(json);
    object.bytes("r", signature.r.view());
    object.bytes("s", signature.s.view());
    object.number("yParity", signature.yParity ? 1 : 0);
}

void writeFields(Object &object, const EvmTransaction &t)
{
    object.number("type", static_cast<quint64>(t.type));
    if (t.chainId)
        object.number("chainId", t.chainId->value());
    else
        object.member("chainId") += t.type == TransactionType::Legacy ? "null" : "\"0\"";
    object.number("nonce", t.nonce.value());
    object.address("to", t.to);
    object.number("value", t.value);
    object.bytes("data", t.data);
    object.number("gasLimit", t.gasLimit);
    if (t.hasFeeMarket()) {
        object.number("maxPriorityFeePerGas", t.maxPriorityFeePerGas);
        object.number("maxFeePerGas", t.maxFeePerGas);
    } else {
        object.number("gasPrice", t.gasPrice);
    }
    if (t.type != TransactionType::Legacy)
        appendArray(object.member("accessList"), t.accessList, appendEntry);
    if (t.type == TransactionType::Blob) {
        object.number("maxFeePerBlobGas", t.maxFeePerBlobGas);
        appendHashes(object.member("blobVersionedHashes"), t.blobVersionedHashes);
    }
    if (t.type == TransactionType::SetCode)
        appendArray(object.member("authorizationList"), t.authorizationList, appendAuthorization);
}

void writeIdentity(Object &object, const DecodedTransaction &decoded)
{
    if (decoded.from)
        object.address("from", decoded.from);
    if (decoded.hash)
        object.bytes("hash", decoded.hash->view());
    object.bytes("signingHash", decoded.transaction.signingHash().view());
}

} // namespace

QByteArray transactionToJson(const DecodedTransaction &decoded)
{
    QByteArray json;
    json.reserve(1024 + decoded.transaction.data.size() * 2);
    {
        Object object(json);
        writeFields(object, decoded.transaction);
        if (decoded.signature)
            appendSignature(object.member("signature"), *decoded.signature);
        writeIdentity(object, decoded);
    }
    return json;
}

QByteArray encodedTransactionToJson(const DecodedTransaction &decoded)
{
    QByteArray json;
    {
        Object object(json);
        object.bytes("raw", decoded.serialize());
        writeIdentity(object, decoded);
    }
    return json;
}

} // namespace countersign
