#include "app/practice/relayer/vaultgateway.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

/// An estimate is of the head's state; the margin covers what changes until the transaction's own block.
quint64 withMargin(quint64 gas)
{
    return gas + gas / 4 + 10'000;
}

Result<Bytes> intentExecutedCall(const Hash32 &partyId, const Hash32 &intentId)
{
    static const Result<AbiFunction> function
        = AbiFunction::parse(u"intentExecuted(bytes32,bytes32) view returns (bool)");
    if (!function)
        return std::unexpected(function.error());
    return function->encodeCall({AbiValue(partyId), AbiValue(intentId)});
}

bool isTrue(const Bytes &word)
{
    return word.size() == 32 && word.back() == 1;
}

std::unexpected<Error> cancelled()
{
    return fail(ErrorKind::Cancelled, u"This relayer leads no longer"_s);
}

} // namespace

VaultGateway::VaultGateway(const QUrl &rpc, ChainId chainId, const PracticeKey &key, const JsonAbi &abi)
    : m_chainId(chainId)
    , m_key(key)
    , m_abi(abi)
    , m_rpc(rpc)
    , m_chain(m_rpc)
{
}

QCoro::Task<Result<Preflight>> VaultGateway::preflight(AuthorisedIntent intent, std::stop_token stop)
{
    const Result<Bytes> asked = intentExecutedCall(intent.call.partyId, intent.call.intentId);
    const Result<Bytes> execute = executeIntentCall(intent.call, intent.signature);
    if (!asked || !execute)
        co_return std::unexpected(!asked ? asked.error() : execute.error());
    std::vector<CallRequest> calls(2);
    calls[0] = {.from = {}, .to = intent.vault, .data = *asked, .value = {}, .gas = {}};
    calls[1] = {.from = m_key.address(), .to = intent.vault, .data = *execute, .value = {}, .gas = {}};
    const auto answers = co_await m_chain.callMany(std::move(calls), BlockRef::latest(), stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!answers)
        co_return std::unexpected(answers.error());
    if (!answers->at(0))
        co_return std::unexpected(answers->at(0).error());
    Preflight result;
    result.executed = isTrue(*answers->at(0));
    if (const Result<Bytes> &run = answers->at(1); !run) {
        const std::optional<Bytes> revert = revertDataOf(run.error());
        if (!revert)
            co_return std::unexpected(run.error());
        result.refusal = judgeRevert(*revert, m_abi);
    }
    co_return result;
}

QCoro::Task<Result<Eip1559Transaction>> VaultGateway::prepare(AuthorisedIntent intent, std::stop_token stop)
{
    const Result<Bytes> data = executeIntentCall(intent.call, intent.signature);
    if (!data)
        co_return std::unexpected(data.error());
    const Result<quint64> gas = co_await m_chain.estimateGas(
        {.from = m_key.address(), .to = intent.vault, .data = *data, .value = {}, .gas = {}}, stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!gas)
        co_return std::unexpected(gas.error());
    if (!m_fees) {
        const Result<FeeSuggestion> fees = co_await m_chain.feeSuggestion(stop);
        if (stop.stop_requested())
            co_return cancelled();
        if (!fees)
            co_return std::unexpected(fees.error());
        m_fees = *fees;
    }
    if (!m_nonce) {
        const Result<Nonce> nonce = co_await m_chain.getTransactionCount(m_key.address(), BlockRef::pending(), stop);
        if (stop.stop_requested())
            co_return cancelled();
        if (!nonce)
            co_return std::unexpected(nonce.error());
        m_nonce = *nonce;
    }
    Eip1559Transaction transaction;
    transaction.chainId = m_chainId;
    transaction.nonce = *m_nonce;
    transaction.maxPriorityFeePerGas = m_fees->maxPriorityFeePerGas;
    transaction.maxFeePerGas = m_fees->maxFeePerGas;
    transaction.gasLimit = withMargin(*gas);
    transaction.to = intent.vault;
    transaction.data = *data;
    co_return transaction;
}

QCoro::Task<Result<Hash32>> VaultGateway::send(AuthorisedIntent intent, std::function<bool()> mayStill, std::stop_token stop)
{
    const Result<Eip1559Transaction> transaction = co_await prepare(std::move(intent), stop);
    if (!transaction)
        co_return std::unexpected(transaction.error());
    if (stop.stop_requested() || !mayStill())
        co_return cancelled();
    const Bytes raw = transaction->serialize(m_key.sign(transaction->signingHash()));
    const Result<Hash32> hash = co_await m_chain.sendRawTransaction(raw, stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (hash)
        m_nonce = Nonce(transaction->nonce.value() + 1);
    else
        forgetNonce(); // it may have been accepted all the same
    co_return hash;
}

QCoro::Task<Result<std::optional<Execution>>> VaultGateway::findExecution(AuthorisedIntent intent, std::stop_token stop)
{
    const AbiEvent *executed = m_abi.event(u"IntentExecuted");
    if (!executed)
        co_return fail(ErrorKind::NotFound, u"The vault's interface has no IntentExecuted"_s);
    const Result<BlockNumber> head = co_await m_chain.blockNumber(stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!head)
        co_return std::unexpected(head.error());
    LogFilter filter;
    filter.addresses = {intent.vault};
    filter.topics = {{executed->topic()}, {intent.call.intentId}, {intent.call.partyId}};
    filter.toBlock = *head;
    const auto logs = co_await m_chain.getLogs(std::move(filter), stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!logs)
        co_return std::unexpected(logs.error());
    if (logs->empty())
        co_return std::nullopt;
    const EvmLog &log = logs->front();
    const auto receipt = co_await m_chain.getTransactionReceipt(log.transactionHash, stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!receipt)
        co_return std::unexpected(receipt.error());
    if (!*receipt)
        co_return std::nullopt;
    co_return Execution{log.transactionHash, (*receipt)->blockNumber, (*receipt)->blockHash, (*receipt)->gasUsed};
}

QCoro::Task<Result<std::vector<std::optional<TransactionReceipt>>>> VaultGateway::receipts(std::vector<Hash32> hashes,
                                                                                         std::stop_token stop)
{
    QList<JsonRpcCall> calls;
    for (const Hash32 &hash : hashes)
        calls.append({u"eth_getTransactionReceipt"_s, {hash.toString()}});
    const Result<QList<JsonRpcResult>> answers = co_await m_rpc.batch(calls, stop);
    if (!answers)
        co_return std::unexpected(answers.error());
    std::vector<std::optional<TransactionReceipt>> found;
    for (const JsonRpcResult &answer : *answers) {
        if (!answer)
            co_return std::unexpected(answer.error());
        if (answer->isNull()) {
            found.emplace_back();
            continue;
        }
        const Result<TransactionReceipt> receipt = receiptFromJson(*answer);
        if (!receipt)
            co_return std::unexpected(receipt.error());
        found.emplace_back(*receipt);
    }
    co_return found;
}

} // namespace countersign
