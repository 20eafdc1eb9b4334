#include "backend/evm/chainclient.h"

#include "backend/evm/jsonquantity.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/types/keccak.h"

#include <algorithm>

namespace countersign {

namespace {

// What the node said, read; a wrong shape is the node's fault, so Corrupt.
template<class Read>
auto readAnswer(const JsonRpcResult &answer, QLatin1StringView method, Read read) -> decltype(read(QJsonValue()))
{
    if (!answer)
        return std::unexpected(answer.error());
    auto value = read(*answer);
    if (!value)
        return fail(ErrorKind::Corrupt, u"The node's answer to "_s + method + u" is malformed: "_s + value.error().message,
                    value.error().detail);
    return value;
}

Result<std::vector<EvmLog>> logsFromJson(const QJsonValue &value)
{
    if (!value.isArray())
        return fail(ErrorKind::Invalid, u"no list of logs"_s, u"json"_s);
    std::vector<EvmLog> logs;
    const QJsonArray array = value.toArray();
    logs.reserve(static_cast<size_t>(array.size()));
    for (const QJsonValue &entry : array) {
        auto log = logFromJson(entry);
        if (!log)
            return std::unexpected(log.error());
        logs.push_back(*std::move(log));
    }
    std::ranges::sort(logs, {}, [](const EvmLog &log) { return std::pair(log.blockNumber, log.logIndex); });
    return logs;
}

QJsonArray callParameters(const CallRequest &request, const BlockRef &block, const StateOverrides &overrides)
{
    QJsonArray parameters{request.toJson(), block.toJson()};
    if (!overrides.isEmpty())
        parameters.append(toJson(overrides));
    return parameters;
}

} // namespace

QCoro::Task<Result<ChainId>> ChainClient::chainId(std::stop_token stop)
{
    const JsonRpcResult answer = co_await m_rpc.call(u"eth_chainId"_s, {}, stop);
    const auto value = readAnswer(answer, "eth_chainId"_L1, quantity64FromJson);
    if (!value)
        co_return std::unexpected(value.error());
    co_return ChainId(*value);
}

QCoro::Task<Result<BlockNumber>> ChainClient::blockNumber(std::stop_token stop)
{
    const JsonRpcResult answer = co_await m_rpc.call(u"eth_blockNumber"_s, {}, stop);
    const auto value = readAnswer(answer, "eth_blockNumber"_L1, quantity64FromJson);
    if (!value)
        co_return std::unexpected(value.error());
    co_return BlockNumber(*value);
}

QCoro::Task<Result<BlockHeader>> ChainClient::getBlock(BlockRef block, std::stop_token stop)
{
    const bool byHash = block.hash().has_value();
    const QString method = byHash ? u"eth_getBlockByHash"_s : u"eth_getBlockByNumber"_s;
    const JsonRpcResult answer = co_await m_rpc.call(method, {block.toString(), false}, stop);
    if (answer && answer->isNull())
        co_return fail(ErrorKind::NotFound, u"The node has no block "_s + block.toString(), u"block="_s + block.toString());
    const auto header = readAnswer(answer, "eth_getBlock"_L1, blockHeaderFromJson);
    if (header && byHash && header->hash != *block.hash())
        co_return fail(ErrorKind::Corrupt, u"The node answered with another block than the one asked for."_s, u"block="_s + block.toString());
    co_return header;
}

QCoro::Task<Result<SealedHeader>> ChainClient::getSealedHeader(BlockRef block, std::stop_token stop)
{
    const bool byHash = block.hash().has_value();
    const QString method = byHash ? u"eth_getBlockByHash"_s : u"eth_getBlockByNumber"_s;
    const JsonRpcResult answer = co_await m_rpc.call(method, {block.toString(), false}, stop);
    if (answer && answer->isNull())
        co_return fail(ErrorKind::NotFound, u"The node has no block "_s + block.toString(), u"block="_s + block.toString());
    const auto header = readAnswer(answer, "eth_getBlock"_L1, sealedHeaderFromJson);
    const bool other = header && ((byHash && header->hash() != *block.hash()) || (block.number() && header->number != *block.number()));
    if (other)
        co_return fail(ErrorKind::Corrupt, u"The node answered with another block than the one asked for."_s, u"block="_s + block.toString());
    co_return header;
}

QCoro::Task<Result<std::vector<BlockHeader>>> ChainClient::getBlocks(BlockNumber from, BlockNumber to, std::stop_token stop)
{
    constexpr quint64 mostHeaders = 10'000;
    if (to < from || to.value() - from.value() >= mostHeaders)
        co_return fail(ErrorKind::Invalid, u"Headers are asked for in ranges of 1 to 10,000 blocks."_s, {});
    QList<JsonRpcCall> calls;
    for (quint64 number = from.value(); number <= to.value(); ++number)
        calls.append({u"eth_getBlockByNumber"_s, {quantityToJson(number), false}});
    const Result<QList<JsonRpcResult>> answers = co_await m_rpc.batch(calls, stop);
    if (!answers)
        co_return std::unexpected(answers.error());
    std::vector<BlockHeader> headers;
    headers.reserve(static_cast<size_t>(answers->size()));
    for (const JsonRpcResult &answer : *answers) {
        const quint64 number = from.value() + headers.size();
        if (answer && answer->isNull())
            co_return fail(ErrorKind::NotFound, u"The node has no block "_s + QString::number(number), {});
        auto header = readAnswer(answer, "eth_getBlockByNumber"_L1, blockHeaderFromJson);
        if (!header)
            co_return std::unexpected(header.error());
        if (header->number.value() != number)
            co_return fail(ErrorKind::Corrupt, u"The node answered with another block than the one asked for."_s, {});
        headers.push_back(*std::move(header));
    }
    co_return headers;
}

QCoro::Task<Result<Bytes>> ChainClient::call(CallRequest request, BlockRef block, StateOverrides overrides, std::stop_token stop)
{
    const JsonRpcResult answer = co_await m_rpc.call(u"eth_call"_s, callParameters(request, block, overrides), stop);
    co_return readAnswer(answer, "eth_call"_L1, dataFromJson);
}

QCoro::Task<Result<std::vector<Result<Bytes>>>> ChainClient::callMany(std::vector<CallRequest> requests, BlockRef block,
                                                                      std::stop_token stop)
{
    QList<JsonRpcCall> calls;
    for (const CallRequest &request : requests)
        calls.append({u"eth_call"_s, callParameters(request, block, {})});
    const Result<QList<JsonRpcResult>> answers = co_await m_rpc.batch(calls, stop);
    if (!answers)
        co_return std::unexpected(answers.error());
    std::vector<Result<Bytes>> outcomes;
    for (const JsonRpcResult &answer : *answers)
        outcomes.push_back(readAnswer(answer, "eth_call"_L1, dataFromJson));
    co_return outcomes;
}

QCoro::Task<Result<quint64>> ChainClient::estimateGas(CallRequest request, std::stop_token stop)
{
    const JsonRpcResult answer = co_await m_rpc.call(u"eth_estimateGas"_s, {request.toJson()}, stop);
    co_return readAnswer(answer, "eth_estimateGas"_L1, quantity64FromJson);
}

QCoro::Task<Result<Nonce>> ChainClient::getTransactionCount(Address account, BlockRef block, std::stop_token stop)
{
    const JsonRpcResult answer = co_await m_rpc.call(u"eth_getTransactionCount"_s, {account.toLower(), block.toJson()}, stop);
    const auto value = readAnswer(answer, "eth_getTransactionCount"_L1, quantity64FromJson);
    if (!value)
        co_return std::unexpected(value.error());
    co_return Nonce(*value);
}

QCoro::Task<Result<Uint256>> ChainClient::getBalance(Address account, BlockRef block, std::stop_token stop)
{
    const JsonRpcResult answer = co_await m_rpc.call(u"eth_getBalance"_s, {account.toLower(), block.toJson()}, stop);
    co_return readAnswer(answer, "eth_getBalance"_L1, quantityFromJson);
}

QCoro::Task<Result<Bytes>> ChainClient::getCode(Address account, BlockRef block, std::stop_token stop)
{
    const JsonRpcResult answer = co_await m_rpc.call(u"eth_getCode"_s, {account.toLower(), block.toJson()}, stop);
    co_return readAnswer(answer, "eth_getCode"_L1, dataFromJson);
}

QCoro::Task<Result<Hash32>> ChainClient::getStorageAt(Address account, Hash32 slot, BlockRef block, std::stop_token stop)
{
    const JsonRpcResult answer =
        co_await m_rpc.call(u"eth_getStorageAt"_s, {account.toLower(), slot.toString(), block.toJson()}, stop);
    co_return readAnswer(answer, "eth_getStorageAt"_L1, storageWordFromJson);
}

QCoro::Task<Result<std::optional<ProxyFinding>>> ChainClient::findProxy(Address account, BlockRef block, std::stop_token stop)
{
    ChainClient client(m_rpc); // this object may be gone when the answers come
    QList<JsonRpcCall> calls{{u"eth_getCode"_s, {account.toLower(), block.toJson()}}};
    for (const Hash32 &slot : proxySlots())
        calls.append({u"eth_getStorageAt"_s, {account.toLower(), slot.toString(), block.toJson()}});
    const Result<QList<JsonRpcResult>> answers = co_await m_rpc.batch(calls, stop);
    if (!answers)
        co_return std::unexpected(answers.error());
    const auto code = readAnswer(answers->at(0), "eth_getCode"_L1, dataFromJson);
    if (!code)
        co_return std::unexpected(code.error());
    QHash<Hash32, Hash32> storage;
    for (qsizetype i = 1; i < answers->size(); ++i) {
        const auto word = readAnswer(answers->at(i), "eth_getStorageAt"_L1, storageWordFromJson);
        if (!word)
            co_return std::unexpected(word.error());
        storage.insert(proxySlots()[static_cast<size_t>(i) - 1], *word);
    }
    auto finding = proxyOf(*code, storage);
    if (!finding || !finding->beacon || stop.stop_requested())
        co_return finding;
    const Bytes implementation("\x5c\x60\xda\x1b", 4); // of EIP-1967: function implementation() view returns (address)
    const Result<Bytes> answer = co_await client.call({.to = finding->beacon, .data = implementation}, block, {}, stop);
    if (answer && answer->size() == Hash32::size && answer->first(12) == Bytes(12, '\0'))
        finding->implementation = *Address::fromBytes(answer->last(Address::size));
    co_return finding;
}

QCoro::Task<Result<std::optional<TransactionReceipt>>> ChainClient::getTransactionReceipt(Hash32 hash, std::stop_token stop)
{
    const JsonRpcResult answer = co_await m_rpc.call(u"eth_getTransactionReceipt"_s, {hash.toString()}, stop);
    if (answer && answer->isNull())
        co_return std::optional<TransactionReceipt>();
    auto receipt = readAnswer(answer, "eth_getTransactionReceipt"_L1, receiptFromJson);
    if (!receipt)
        co_return std::unexpected(receipt.error());
    if (receipt->transactionHash != hash)
        co_return fail(ErrorKind::Corrupt, u"The node answered with the receipt of another transaction."_s, u"tx="_s + hash.toString());
    co_return std::optional<TransactionReceipt>(*std::move(receipt));
}

QCoro::Task<Result<Hash32>> ChainClient::sendRawTransaction(Bytes raw, std::stop_token stop)
{
    const Hash32 expected = keccak256(raw);
    const JsonRpcResult answer = co_await m_rpc.call(u"eth_sendRawTransaction"_s, {toHex(raw)}, stop);
    const auto hash = readAnswer(answer, "eth_sendRawTransaction"_L1, hashFromJson);
    if (hash && *hash != expected)
        co_return fail(ErrorKind::Corrupt, u"The node reports another transaction than the one sent."_s, u"tx="_s + expected.toString());
    co_return hash;
}

QCoro::Task<Result<std::vector<EvmLog>>> ChainClient::getLogs(LogFilter filter, std::stop_token stop)
{
    const JsonRpcResult answer = co_await m_rpc.call(u"eth_getLogs"_s, {filter.toJson()}, stop);
    auto logs = readAnswer(answer, "eth_getLogs"_L1, logsFromJson);
    if (!logs)
        co_return logs;
    if (!std::ranges::all_of(*logs, [&filter](const EvmLog &log) { return filter.matches(log); }))
        co_return fail(ErrorKind::Corrupt, u"The node answered with other logs than those asked for."_s, {});
    const auto samePlace = [](const EvmLog &a, const EvmLog &b) { return a.blockNumber == b.blockNumber && a.logIndex == b.logIndex; };
    if (std::ranges::adjacent_find(*logs, samePlace) != logs->end())
        co_return fail(ErrorKind::Corrupt, u"The node answered with two logs for one place."_s, {});
    co_return logs;
}

QCoro::Task<Result<FeeSuggestion>> ChainClient::feeSuggestion(std::stop_token stop)
{
    constexpr quint64 blocks = 10;
    constexpr int percentile = 50;
    const QList<JsonRpcCall> calls{{u"eth_feeHistory"_s, {quantityToJson(blocks), u"latest"_s, QJsonArray{percentile}}},
                                   {u"eth_maxPriorityFeePerGas"_s, {}},
                                   {u"eth_getBlockByNumber"_s, {u"latest"_s, false}}};
    const Result<QList<JsonRpcResult>> answers = co_await m_rpc.batch(calls, stop);
    if (!answers)
        co_return std::unexpected(answers.error());
    const auto priority = readAnswer(answers->at(1), "eth_maxPriorityFeePerGas"_L1, quantityFromJson);
    if (!priority && priority.error().kind == ErrorKind::Corrupt)
        co_return std::unexpected(priority.error());
    auto history = readAnswer(answers->at(0), "eth_feeHistory"_L1, feeHistoryFromJson);
    if (!history) { // a node without a history still has a head
        const auto head = readAnswer(answers->at(2), "eth_getBlockByNumber"_L1, blockHeaderFromJson);
        if (!head || history.error().kind == ErrorKind::Corrupt)
            co_return std::unexpected(head ? history.error() : head.error());
        history = FeeHistory{.nextBaseFee = head->baseFeePerGas.value_or(Uint256())};
    }
    co_return suggestFee(*history, priority ? std::optional(*priority) : std::nullopt);
}

QCoro::Task<Result<Uint256>> ChainClient::gasPrice(std::stop_token stop)
{
    const JsonRpcResult answer = co_await m_rpc.call(u"eth_gasPrice"_s, {}, stop);
    co_return readAnswer(answer, "eth_gasPrice"_L1, quantityFromJson);
}

QCoro::Task<Result<bool>> ChainClient::knowsTransaction(Hash32 hash, std::stop_token stop)
{
    const JsonRpcResult answer = co_await m_rpc.call(u"eth_getTransactionByHash"_s, {hash.toString()}, stop);
    if (!answer)
        co_return std::unexpected(answer.error());
    if (answer->isNull())
        co_return false;
    if (const auto told = hashFromJson(answer->toObject().value("hash"_L1)); !told || *told != hash)
        co_return fail(ErrorKind::Corrupt, u"The node answered with another transaction."_s, u"tx="_s + hash.toString());
    co_return true;
}

QCoro::Task<Result<CallTrace>> ChainClient::traceTransaction(Hash32 hash, std::stop_token stop)
{
    const QJsonArray parameters{hash.toString(), QJsonObject{{u"tracer"_s, u"callTracer"_s}}};
    const JsonRpcResult answer = co_await m_rpc.call(u"debug_traceTransaction"_s, parameters, stop);
    co_return readAnswer(answer, "debug_traceTransaction"_L1, callTraceFromJson);
}

QCoro::Task<Result<ProvenAccount>> ChainClient::getProof(Address account, std::vector<Hash32> slotsAsked, SealedHeader header,
                                                         std::stop_token stop)
{
    constexpr size_t mostSlots = 1024; // geth's limit
    if (slotsAsked.size() > mostSlots)
        co_return fail(ErrorKind::Invalid, u"Up to 1,024 slots are proven at once."_s, {});
    QJsonArray words;
    for (const Hash32 &slot : slotsAsked)
        words.append(slot.toString());
    const QJsonArray parameters{account.toLower(), words, BlockRef::at(header.hash()).toJson()};
    const JsonRpcResult answer = co_await m_rpc.call(u"eth_getProof"_s, parameters, stop);
    co_return readAnswer(answer, "eth_getProof"_L1, [&](const QJsonValue &value) {
        return provenAccountFromJson(value, account, slotsAsked, header.stateRoot);
    });
}

QCoro::Task<Result<ProvenAccount>> ChainClient::getProof(Address account, std::vector<Hash32> slotsAsked, BlockRef block,
                                                         std::stop_token stop)
{
    ChainClient client(m_rpc); // this object may be gone when the header comes
    const Result<SealedHeader> header = co_await getSealedHeader(block, stop);
    if (!header)
        co_return std::unexpected(header.error());
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, {});
    co_return co_await client.getProof(account, std::move(slotsAsked), *header, stop);
}

QCoro::Task<Result<Bytes>> ChainClient::getProvenCode(Address account, SealedHeader header, std::stop_token stop)
{
    const BlockRef block = BlockRef::at(header.hash());
    const QList<JsonRpcCall> calls{{u"eth_getProof"_s, {account.toLower(), QJsonArray(), block.toJson()}},
                                   {u"eth_getCode"_s, {account.toLower(), block.toJson()}}};
    const Result<QList<JsonRpcResult>> answers = co_await m_rpc.batch(calls, stop);
    if (!answers)
        co_return std::unexpected(answers.error());
    const auto proven = readAnswer(answers->at(0), "eth_getProof"_L1, [&](const QJsonValue &value) {
        return provenAccountFromJson(value, account, {}, header.stateRoot);
    });
    if (!proven)
        co_return std::unexpected(proven.error());
    const auto code = readAnswer(answers->at(1), "eth_getCode"_L1, dataFromJson);
    if (!code)
        co_return code;
    const Hash32 hash = proven->account ? proven->account->codeHash : keccak256({});
    if (keccak256(*code) != hash)
        co_return fail(ErrorKind::Corrupt, u"The node's code of "_s + account.toString() + u" is not the one that the block proves."_s,
                       u"code hash proven="_s + hash.toString());
    co_return code;
}

std::optional<Bytes> revertDataOf(const Error &error)
{
    constexpr int executionReverted = 3; // geth, reth, anvil; others put the data below their generic server errors
    const auto code = jsonRpcErrorCode(error);
    if (!code)
        return std::nullopt;
    const QJsonValue data = jsonRpcErrorData(error).value_or(QJsonValue());
    if (const auto bytes = dataFromJson(data.isObject() ? data.toObject().value("data"_L1) : data))
        return *bytes;
    return *code == executionReverted ? std::optional(Bytes()) : std::nullopt;
}

} // namespace countersign
