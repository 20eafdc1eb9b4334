#include "backend/review/contractreading.h"

#include "backend/evm/jsonquantity.h"
#include "backend/evm/selector.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <array>

namespace countersign {

namespace {

Error malformed(const Error &error)
{
    return {ErrorKind::Corrupt, u"The node's answer about an account is malformed: %1"_s.arg(error.message), error.detail};
}

QList<JsonRpcCall> accountQuestions(const QList<Address> &accounts, const BlockRef &block)
{
    QList<JsonRpcCall> calls;
    for (const Address &account : accounts) {
        for (const QString &method : {u"eth_getCode"_s, u"eth_getBalance"_s, u"eth_getTransactionCount"_s})
            calls.append({method, {account.toLower(), block.toJson()}});
    }
    return calls;
}

Result<ContractFactsByAddress> accountAnswers(const QList<Address> &accounts, const QList<JsonRpcResult> &answers)
{
    ContractFactsByAddress facts;
    for (qsizetype i = 0; i < accounts.size(); ++i) {
        for (qsizetype part = 0; part < 3; ++part) {
            if (!answers.at(i * 3 + part))
                return std::unexpected(answers.at(i * 3 + part).error());
        }
        const auto code = dataFromJson(*answers.at(i * 3));
        const auto balance = quantityFromJson(*answers.at(i * 3 + 1));
        const auto nonce = quantity64FromJson(*answers.at(i * 3 + 2));
        if (!code)
            return std::unexpected(malformed(code.error()));
        if (!balance)
            return std::unexpected(malformed(balance.error()));
        if (!nonce)
            return std::unexpected(malformed(nonce.error()));
        ContractFacts &account = facts[accounts.at(i)];
        account.code = *code;
        account.codeHash = keccak256(*code);
        account.balance = *balance;
        account.nonce = Nonce(*nonce);
    }
    return facts;
}

// The getters that contracts with an owner have; in the order of `take`.
const std::array<Selector, 4> &getters()
{
    static const std::array<Selector, 4> selectors{
        Selector::ofSignature(u"owner()"), Selector::ofSignature(u"pendingOwner()"),
        Selector::ofSignature(u"paused()"), Selector::ofSignature(u"proxiableUUID()")};
    return selectors;
}

QList<JsonRpcCall> contractQuestions(const Address &contract, const BlockRef &block, std::optional<BlockNumber> freshSince)
{
    QList<JsonRpcCall> calls;
    for (const Hash32 &slot : proxySlots())
        calls.append({u"eth_getStorageAt"_s, {contract.toLower(), slot.toString(), block.toJson()}});
    for (const Selector &getter : getters()) {
        CallRequest request;
        request.to = contract;
        request.data = getter.bytes();
        request.gas = 200'000; // a getter that needs more is none
        calls.append({u"eth_call"_s, {request.toJson(), block.toJson()}});
    }
    if (freshSince)
        calls.append({u"eth_getCode"_s, {contract.toLower(), BlockRef::at(*freshSince).toJson()}});
    return calls;
}

// A getter's word; empty when the contract has no such getter, which nodes say in many ways.
Bytes getterWord(const JsonRpcResult &answer)
{
    const auto data = answer ? dataFromJson(*answer) : Result<Bytes>(Bytes());
    return data && data->size() == Hash32::size ? *data : Bytes();
}

std::optional<Address> addressWord(const Bytes &word)
{
    constexpr qsizetype padding = Hash32::size - Address::size;
    if (word.isEmpty() || word.first(padding) != Bytes(padding, '\0'))
        return std::nullopt;
    return Address::fromBytes(word.last(Address::size)).value();
}

std::optional<bool> boolWord(const Bytes &word)
{
    if (word.isEmpty() || word.first(Hash32::size - 1) != Bytes(Hash32::size - 1, '\0') || static_cast<quint8>(word.back()) > 1)
        return std::nullopt;
    return word.back() == '\1';
}

Result<void> takeContract(ContractFacts &facts, const QList<JsonRpcResult> &answers, qsizetype at, bool askedFreshness)
{
    QHash<Hash32, Hash32> storage;
    for (const Hash32 &slot : proxySlots()) {
        const JsonRpcResult &answer = answers.at(at++);
        if (!answer)
            return std::unexpected(answer.error());
        const auto word = storageWordFromJson(*answer);
        if (!word)
            return std::unexpected(malformed(word.error()));
        storage.insert(slot, *word);
    }
    facts.proxy = proxyOf(facts.code, storage);
    facts.owner = addressWord(getterWord(answers.at(at++)));
    facts.pendingOwner = addressWord(getterWord(answers.at(at++)));
    facts.paused = boolWord(getterWord(answers.at(at++)));
    if (const Bytes word = getterWord(answers.at(at++)); !word.isEmpty())
        facts.proxiableUuid = Hash32::fromDigest(word);
    if (askedFreshness) {
        const JsonRpcResult &answer = answers.at(at);
        const auto before = answer ? dataFromJson(*answer) : Result<Bytes>(fail(ErrorKind::NotFound, QString()));
        if (before)
            facts.isFresh = *before != facts.code;
    }
    return {};
}

} // namespace

QCoro::Task<Result<ContractFactsByAddress>> readContracts(JsonRpcClient &rpc, QList<Address> accounts, BlockRef block,
    std::optional<BlockNumber> freshSince, std::stop_token stop)
{
    const QList<JsonRpcCall> first = accountQuestions(accounts, block);
    const auto answers = co_await rpc.batch(first, stop);
    if (!answers)
        co_return std::unexpected(answers.error());
    auto facts = accountAnswers(accounts, *answers);
    if (!facts)
        co_return facts;

    QList<Address> contracts;
    QList<JsonRpcCall> calls;
    for (const Address &account : std::as_const(accounts)) {
        if (!facts->value(account).hasCode())
            continue;
        contracts.append(account);
        calls += contractQuestions(account, block, freshSince);
    }
    if (contracts.isEmpty())
        co_return facts;
    const auto more = co_await rpc.batch(calls, stop);
    if (!more)
        co_return std::unexpected(more.error());
    const qsizetype perContract = calls.size() / contracts.size();
    for (qsizetype i = 0; i < contracts.size(); ++i) {
        const auto taken = takeContract((*facts)[contracts.at(i)], *more, i * perContract, freshSince.has_value());
        if (!taken)
            co_return std::unexpected(taken.error());
    }
    co_return facts;
}

} // namespace countersign
