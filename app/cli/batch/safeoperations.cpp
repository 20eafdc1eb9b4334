#include "app/cli/batch/operations.h"
#include "backend/evm/jsonscalar.h"
#include "backend/evm/typeddata.h"
#include "backend/safe/safefactory.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safemultisend.h"
#include "backend/safe/saferequest.h"
#include "backend/safe/safesignaturereader.h"
#include "backend/safe/transactionbuilderchecksum.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <array>

namespace countersign {

namespace {

void addHashes(JsonObject &result, const SafeHashes &hashes)
{
    result.hex("domainHash", hashes.domainHash);
    result.hex("messageHash", hashes.messageHash);
    result.hex("safeTxHash", hashes.safeTxHash);
}

Result<void> hashTransaction(Fields &request, JsonObject &result)
{
    const SafePlace place = safePlaceOf(request);
    const auto tx = request.value("tx");
    const SafeTransaction transaction = tx ? safeTransactionOf(request, *tx) : SafeTransaction();
    if (auto done = request.done(); !done)
        return done;
    addHashes(result, safeHashes(place.version, place.chain, place.safe, transaction));
    return {};
}

// A text is hashed as wallets do (EIP-191) before the Safe's own hash, typed data by EIP-712; bytes in hexadecimal are
// the message of SafeMessage themselves, as SignMessageLib and isValidSignature take it.
Result<void> hashMessage(Fields &request, JsonObject &result)
{
    const SafePlace place = safePlaceOf(request);
    const auto message = request.value("message");
    if (auto done = request.done(); !done)
        return done;
    if (message->isObject()) {
        const auto data = TypedData::fromJson(*message);
        if (!data)
            return std::unexpected(data.error());
        addHashes(result, safeTypedDataHashes(place.version, place.chain, place.safe, data->digest()));
        return {};
    }
    if (!message->isString())
        return fail(ErrorKind::Invalid, u"message: a text, hexadecimal data or typed data is needed, this is %1"_s.arg(message->kindName()));
    const QUtf8StringView text = message->text();
    if (const auto bytes = bytesFromHex(text))
        addHashes(result, safeMessageHashes(place.version, place.chain, place.safe, *bytes));
    else
        addHashes(result, safePersonalMessageHashes(place.version, place.chain, place.safe, QByteArrayView(text.data(), text.size())));
    return {};
}

void addFindings(QByteArray &list, std::span<const SafeSignatureFinding> findings)
{
    list.append('[');
    for (const SafeSignatureFinding &finding : findings) {
        if (!list.endsWith('['))
            list.append(',');
        JsonObject entry(list);
        if (!finding.code.isEmpty())
            entry.text("code", finding.code);
        entry.text("reason", finding.reason);
        if (finding.entry >= 0)
            entry.number("entry", static_cast<quint64>(finding.entry));
        entry.number("position", static_cast<quint64>(finding.position));
        entry.text("message", finding.message);
    }
    list.append(']');
}

Result<void> readSignatures(Fields &request, JsonObject &result)
{
    constexpr quint64 mostOwners = 10'000;
    SafeSignatureQuestion question{.safeTxHash = request.hash("safeTxHash")};
    if (request.has("preimage"))
        question.preimage = request.bytes("preimage");
    if (request.has("version"))
        question.version = safeVersionOf(request);
    const Bytes signatures = request.bytes("signatures");
    const quint64 threshold = request.small("threshold");
    if (threshold > mostOwners)
        request.refuse("threshold", Error{ErrorKind::Invalid, u"no Safe has that many owners"_s, {}});
    question.threshold = static_cast<qsizetype>(threshold);
    if (request.has("owners")) {
        question.owners.emplace();
        for (const JsonView owner : request.list("owners")) {
            const auto address = accountFromJson(owner);
            if (!address)
                request.refuse("owners", address.error());
            else
                question.owners->push_back(*address);
        }
    }
    if (auto done = request.done(); !done)
        return done;
    const auto reading = readSafeSignatures(signatures, question);
    if (!reading)
        return std::unexpected(reading.error());
    QByteArray &entries = result.value("entries");
    entries.append('[');
    for (const SafeSignatureEntry &entry : reading->entries) {
        if (!entries.endsWith('['))
            entries.append(',');
        JsonObject object(entries);
        if (entry.owner)
            object.address("owner", *entry.owner);
        else
            object.value("owner").append("null");
        object.text("type", safeSignatureTypeName(entry.type));
        object.number("v", quint64(entry.v));
    }
    entries.append(']');
    result.flag("wellOrdered", reading->wellOrdered);
    addFindings(result.value("errors"), reading->errors);
    addFindings(result.value("notes"), reading->notes);
    return {};
}

Result<void> decodeBatch(Fields &request, JsonObject &result)
{
    const Bytes data = request.bytes("data");
    const SafeVersion version = safeVersionOf(request);
    const Address safe = request.address("safe");
    const bool callOnly = request.flag("callOnly", false);
    if (auto done = request.done(); !done)
        return done;
    const auto transactions = decodeMultiSend(data, {callOnly ? MultiSendKind::CallOnly : MultiSendKind::Full, version}, safe);
    if (!transactions)
        return std::unexpected(transactions.error());
    QByteArray &list = result.value("transactions");
    list.append('[');
    for (const MultiSendTransaction &transaction : *transactions) {
        if (!list.endsWith('['))
            list.append(',');
        JsonObject entry(list);
        entry.number("operation", static_cast<quint64>(transaction.operation));
        entry.address("to", transaction.to);
        entry.number("value", transaction.value);
        entry.hex("data", transaction.data);
        entry.address("effectiveTo", transaction.effectiveTo);
    }
    list.append(']');
    return {};
}

Result<void> predictSafe(Fields &request, JsonObject &result)
{
    const SafeVersion version = safeVersionOf(request);
    const Address factory = request.address("factory");
    const ProxyCreation creation{.singleton = request.address("singleton"), .initializer = request.bytes("initializer"),
        .saltNonce = request.number("saltNonce")};
    if (auto done = request.done(); !done)
        return done;
    const auto address = predictProxy(version, factory, creation);
    if (!address)
        return std::unexpected(address.error());
    result.address("address", *address);
    return {};
}

Result<void> checksumFile(Fields &request, JsonObject &result)
{
    const auto file = request.value("file");
    if (auto done = request.done(); !done)
        return done;
    if (!file->isObject())
        return fail(ErrorKind::Invalid, u"file: an object is needed, this is %1"_s.arg(file->kindName()));
    result.hex("checksum", transactionBuilderChecksum(*file));
    return {};
}

} // namespace

std::span<const Operation> safeOperations()
{
    static constexpr std::array operations{
        Operation{"safe.hash",
            "chainId, safe, version, tx {to, value, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, nonce}",
            "domainHash, messageHash, safeTxHash", hashTransaction},
        Operation{"safe.message.hash", "chainId, safe, version, message (text, 0x bytes, or typed data)",
            "domainHash, messageHash, safeTxHash", hashMessage},
        Operation{"safe.signatures", "safeTxHash, signatures, threshold[, preimage, version, owners]",
            "entries [{owner, type, v}], wellOrdered, errors, notes", readSignatures},
        Operation{"multisend.decode", "data, version, safe[, callOnly]",
            "transactions [{operation, to, value, data, effectiveTo}]", decodeBatch},
        Operation{"safe.predict", "version, singleton, factory, initializer, saltNonce", "address", predictSafe},
        Operation{"txbuilder.checksum", "file", "checksum", checksumFile},
    };
    return operations;
}

} // namespace countersign
