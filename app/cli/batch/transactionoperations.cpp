#include "app/cli/batch/operations.h"
#include "backend/evm/transactionjson.h"
#include "backend/types/strings.h"

#include <array>

namespace countersign {

namespace {

// `strict` false also takes what nodes refuse, as long as it has one meaning, and says what they refuse it for.
TransactionDecoding wayOf(Fields &request)
{
    return {.strict = request.flag("strict", true), .intrinsicGas = request.flag("intrinsicGas", false)};
}

void addProblems(JsonObject &result, const DecodedTransaction &decoded)
{
    if (decoded.problems.empty())
        return;
    QByteArray &list = result.value("problems");
    list.append('[');
    for (const Error &problem : decoded.problems) {
        if (!list.endsWith('['))
            list.append(',');
        JsonObject entry(list);
        entry.text("code", problem.detail);
        entry.text("message", problem.message);
    }
    list.append(']');
}

Result<void> decode(Fields &request, JsonObject &result)
{
    const Bytes raw = request.bytes("raw");
    const TransactionDecoding how = wayOf(request);
    if (auto done = request.done(); !done)
        return done;
    const auto decoded = decodeTransaction(raw, how);
    if (!decoded)
        return std::unexpected(decoded.error());
    const QByteArray json = transactionToJson(*decoded);
    result.members(membersOf(json));
    addProblems(result, *decoded);
    return {};
}

Result<void> encode(Fields &request, JsonObject &result)
{
    const auto tx = request.value("tx");
    const auto signature = request.optional("signature");
    const TransactionDecoding how = wayOf(request);
    if (auto done = request.done(); !done)
        return done;
    const auto decoded = transactionFromJson(*tx, signature, how);
    if (!decoded)
        return std::unexpected(decoded.error());
    const QByteArray json = encodedTransactionToJson(*decoded);
    result.members(membersOf(json));
    addProblems(result, *decoded);
    return {};
}

} // namespace

std::span<const Operation> transactionOperations()
{
    static constexpr std::array operations{
        Operation{"tx.decode", "raw[, strict, intrinsicGas]",
            "type, chainId, nonce, to, value, data, gasLimit, fee fields, lists, signature, from, hash, signingHash", decode},
        Operation{"tx.encode", "tx[, signature {r, s, yParity}, strict, intrinsicGas]", "raw, signingHash[, hash, from]", encode},
    };
    return operations;
}

} // namespace countersign
