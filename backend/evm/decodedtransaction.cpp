#include "backend/evm/decodedtransaction.h"

#include "backend/evm/transactionfields.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

std::unexpected<Error> bad(QLatin1StringView code, const QString &what)
{
    return fail(ErrorKind::Invalid, what + u'.', u"tx."_s + code);
}

// Fields of an unsigned transaction by type; a signed one has three more.
qsizetype fieldCount(TransactionType type)
{
    switch (type) {
    case TransactionType::Legacy:
        return 6;
    case TransactionType::AccessList:
        return 8;
    case TransactionType::FeeMarket:
        return 9;
    case TransactionType::Blob:
        return 11;
    case TransactionType::SetCode:
        break;
    }
    return 10;
}

// The fields that are signed, in the order of their types' EIPs.
EvmTransaction readFields(TransactionFields &fields, TransactionType type)
{
    EvmTransaction t;
    t.type = type;
    if (type != TransactionType::Legacy)
        t.chainId = ChainId(fields.number64("chainId"_L1));
    t.nonce = Nonce(fields.number64("nonce"_L1));
    if (t.hasFeeMarket()) {
        t.maxPriorityFeePerGas = fields.number("maxPriorityFeePerGas"_L1);
        t.maxFeePerGas = fields.number("maxFeePerGas"_L1);
    } else {
        t.gasPrice = fields.number("gasPrice"_L1);
    }
    t.gasLimit = fields.number("gasLimit"_L1);
    t.to = fields.address("to"_L1);
    t.value = fields.number("value"_L1);
    t.data = fields.bytes("data"_L1);
    if (type != TransactionType::Legacy)
        t.accessList = fields.accessList("accessList"_L1);
    if (type == TransactionType::Blob) {
        t.maxFeePerBlobGas = fields.number("maxFeePerBlobGas"_L1);
        t.blobVersionedHashes = fields.hashes("blobVersionedHashes"_L1);
    }
    if (type == TransactionType::SetCode)
        t.authorizationList = fields.authorizations("authorizationList"_L1);
    return t;
}

// Takes EIP-155's v apart into chain id and parity, or leaves it as the chain id of what is to be signed.
std::optional<Error> readLegacyV(DecodedTransaction &decoded, quint64 v, EvmSignature signature, TransactionForm form)
{
    const bool bare = v == 27 || v == 28;
    const bool isUnsigned
        = signature.r.isZero() && signature.s.isZero() && (!bare || form == TransactionForm::Unsigned);
    if (isUnsigned) {
        if (v == 0)
            return bad("chainId.zero"_L1, u"EIP-155 knows no chain with the id 0"_s).error();
        decoded.transaction.chainId = ChainId(v);
        return std::nullopt;
    }
    if (v == 35 || v == 36)
        return bad("chainId.zero"_L1,
            u"v is "_s + QString::number(v) + u", which stands for a chain with the id 0 (EIP-155)"_s)
            .error();
    if (!bare && v < 37)
        return bad("v"_L1, u"v is "_s + QString::number(v) + u", neither 27, 28 nor one of EIP-155"_s).error();
    if (!bare)
        decoded.transaction.chainId = ChainId((v - 35) / 2);
    signature.yParity = bare ? v == 28 : (v - 35) % 2 == 1;
    decoded.signature = signature;
    return std::nullopt;
}

// The three fields behind the signed ones.
std::optional<Error> readSignature(DecodedTransaction &decoded, TransactionFields &fields, TransactionForm form)
{
    const bool legacy = decoded.transaction.type == TransactionType::Legacy;
    const quint64 v = fields.number64(legacy ? "v"_L1 : "yParity"_L1);
    EvmSignature signature;
    signature.r = fields.word("r"_L1);
    signature.s = fields.word("s"_L1);
    if (fields.error())
        return fields.error();
    if (legacy) {
        if (auto error = readLegacyV(decoded, v, signature, form))
            return error;
    } else if (v > 1) {
        return bad("yParity"_L1, u"yParity is "_s + QString::number(v) + u", neither 0 nor 1"_s).error();
    } else {
        signature.yParity = v == 1;
        decoded.signature = signature;
    }
    return decoded.signature ? signatureProblem(*decoded.signature, "tx"_L1) : std::nullopt;
}

// `list` holds the fields; `canonical` is what is hashed.
Result<DecodedTransaction> readTransaction(
    const RlpReader::Item &list, TransactionType type, QByteArrayView typeByte, TransactionForm form)
{
    const RlpReader reader(list.content, list.offset);
    const auto count = reader.count();
    if (!count)
        return std::unexpected(count.error());
    const qsizetype fewest = fieldCount(type);
    if (*count != fewest && *count != fewest + 3)
        return bad("fields.count"_L1,
            u"A transaction of type %1 has %2 fields, signed %3, not %4"_s.arg(static_cast<int>(type))
                .arg(fewest)
                .arg(fewest + 3)
                .arg(*count));
    TransactionFields fields(reader);
    DecodedTransaction decoded{.transaction = readFields(fields, type)};
    std::optional<Error> error = fields.error();
    if (!error && *count != fewest)
        error = readSignature(decoded, fields, form);
    if (error)
        return std::unexpected(*std::move(error));
    if (form != TransactionForm::Any && decoded.signature.has_value() != (form == TransactionForm::Signed))
        return bad(
            "form"_L1, decoded.signature ? u"The transaction is signed already"_s : u"The transaction is not signed"_s);
    if (decoded.signature) {
        const auto from = recoverAddress(decoded.transaction.signingHash(), *decoded.signature);
        if (!from)
            return bad("signature"_L1, u"No key can have made the signature"_s);
        decoded.from = *from;
        decoded.hash = typeByte.isEmpty() ? keccak256(list.whole) : keccak256(typeByte.toByteArray().append(list.whole));
    }
    return decoded;
}

// The network form holds the transaction as the first of its members; the canonical one begins with the chain id.
Result<DecodedTransaction> readBlobTransaction(
    const RlpReader::Item &list, QByteArrayView typeByte, TransactionForm form)
{
    RlpReader wrapper(list.content, list.offset);
    const auto first = wrapper.atEnd() ? Result<RlpReader::Item>(RlpReader::Item()) : wrapper.next();
    if (!first)
        return std::unexpected(first.error());
    if (!first->isList)
        return readTransaction(list, TransactionType::Blob, typeByte, form);
    auto decoded = readTransaction(*first, TransactionType::Blob, typeByte, form);
    if (!decoded)
        return decoded;
    if (!decoded->signature)
        return bad("sidecar.unsigned"_L1, u"Only a signed transaction travels with its blobs"_s);
    const auto sidecar = BlobSidecar::read(wrapper, decoded->transaction.blobVersionedHashes);
    if (!sidecar)
        return std::unexpected(sidecar.error());
    decoded->sidecar = *sidecar;
    return decoded;
}

Result<DecodedTransaction> readAny(QByteArrayView raw, TransactionForm form)
{
    const auto lead = static_cast<quint8>(raw.front());
    const bool legacy = lead >= 0xc0;
    if (!legacy && (lead == 0 || lead > static_cast<quint8>(TransactionType::SetCode))) {
        return bad("type"_L1,
            lead >= 0x80 ? u"The data is a string of RLP, not a transaction"_s
                         : u"Transactions of type "_s + QString::number(lead) + u" are not known here"_s);
    }
    const QByteArrayView typeByte = legacy ? QByteArrayView() : raw.first(1);
    RlpReader reader(raw.sliced(typeByte.size()), typeByte.size());
    const auto list = reader.next();
    if (!list)
        return std::unexpected(list.error());
    if (!list->isList)
        return bad("fields.type"_L1, u"A transaction's fields are a list"_s);
    if (!reader.atEnd()) {
        const QString place = QString::number(reader.position());
        return fail(ErrorKind::Invalid, u"Bytes follow after the transaction (byte "_s + place + u")."_s,
            u"rlp.trailing at byte "_s + place);
    }
    const auto type = legacy ? TransactionType::Legacy : static_cast<TransactionType>(lead);
    return type == TransactionType::Blob ? readBlobTransaction(*list, typeByte, form)
                                         : readTransaction(*list, type, typeByte, form);
}

std::unexpected<Error> tooLarge(qsizetype size, qsizetype limit)
{
    return fail(ErrorKind::Exhausted,
        u"The transaction has %1 bytes, more than the %2 that nodes take."_s.arg(size).arg(limit), u"tx.size"_s);
}

qsizetype sizeLimit(QByteArrayView raw, bool strict)
{
    if (!strict)
        return maxLenientTransactionBytes;
    return raw.front() == static_cast<char>(TransactionType::Blob) ? maxNetworkTransactionBytes : maxTransactionBytes;
}

// No less than the size of a transaction's canonical bytes.
qsizetype mostBytes(const EvmTransaction &t)
{
    constexpr qsizetype rest = 1024; // type, numbers, signature and prefixes
    auto size = rest + t.data.size();
    for (const AccessListEntry &entry : t.accessList)
        size += 64 + static_cast<qsizetype>(entry.storageKeys.size()) * 33;
    size += static_cast<qsizetype>(t.blobVersionedHashes.size()) * 33;
    size += static_cast<qsizetype>(t.authorizationList.size()) * 160;
    return size;
}

} // namespace

Result<DecodedTransaction> decodeTransaction(QByteArrayView raw, const TransactionDecoding &how)
{
    if (raw.isEmpty())
        return bad("empty"_L1, u"The transaction is empty"_s);
    if (const qsizetype limit = sizeLimit(raw, how.strict); raw.size() > limit)
        return tooLarge(raw.size(), limit);
    auto decoded = readAny(raw, how.form);
    if (!decoded)
        return decoded;
    return judged(*std::move(decoded), how);
}

Result<DecodedTransaction> judged(DecodedTransaction decoded, const TransactionDecoding &how)
{
    decoded.problems = transactionProblems(decoded.transaction, how.intrinsicGas);
    if (mostBytes(decoded.transaction) > maxTransactionBytes) {
        if (const qsizetype size = decoded.serialize().size(); size > maxTransactionBytes)
            decoded.problems.push_back(tooLarge(size, maxTransactionBytes).error());
    }
    const auto &chainId = decoded.transaction.chainId;
    if (how.chainId && chainId && *chainId != *how.chainId) {
        const auto other = bad("chainId.other"_L1,
            u"The transaction is for the chain %1, not %2"_s.arg(chainId->value()).arg(how.chainId->value()));
        decoded.problems.push_back(other.error());
    }
    if (decoded.signature && !decoded.signature->isLowS()) {
        const auto high = bad("s.high"_L1, u"The signature's s is in the high form, which EIP-2 forbids"_s);
        decoded.problems.insert(decoded.problems.begin(), high.error());
    }
    if (how.strict && !decoded.problems.empty())
        return std::unexpected(std::move(decoded.problems.front()));
    return decoded;
}

} // namespace countersign
