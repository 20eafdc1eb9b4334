#include "app/cli/batch/operations.h"
#include "backend/evm/transactionjson.h"
#include "backend/types/strings.h"

#include <array>

namespace countersign {

namespace {

// What a request wants of a transaction. `strict` true: everything that nodes refuse is an error; false: it is told in
// `problems`, as long as the transaction has one meaning. Without a word everything is an error but a gas limit above 64
// bits, which the yellow paper allows and no node takes: it is told.
struct Strictness {
    TransactionDecoding how;
    bool isSaid;
};

Strictness strictnessOf(Fields &request)
{
    const bool isSaid = request.has("strict");
    return {{.strict = isSaid && request.flag("strict", true), .intrinsicGas = request.flag("intrinsicGas", false)}, isSaid};
}

Result<DecodedTransaction> judgedBy(Result<DecodedTransaction> decoded, const Strictness &strictness)
{
    if (!decoded || strictness.isSaid)
        return decoded;
    for (const Error &problem : decoded->problems) {
        if (problem.detail != u"tx.gasLimit.range")
            return std::unexpected(problem);
    }
    return decoded;
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
    const Strictness strictness = strictnessOf(request);
    if (auto done = request.done(); !done)
        return done;
    const auto decoded = judgedBy(decodeTransaction(raw, strictness.how), strictness);
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
    const Strictness strictness = strictnessOf(request);
    if (auto done = request.done(); !done)
        return done;
    const auto decoded = judgedBy(transactionFromJson(*tx, signature, strictness.how), strictness);
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
