#include "tests/practice/ledgerandchain.h"

#include "app/practice/support/intentmodel.h"
#include "backend/canton/ledgerclient.h"
#include "backend/evm/abievent.h"
#include "backend/evm/chainclient.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

namespace countersign {

namespace {

QCoro::Task<Result<QVector<LedgerEvent>>> contracts(QString ledgerAddress, QString party, QString entity)
{
    const Result<Channel> channel = Channel::open({.target = ledgerAddress, .plainText = true, .tls = {}, .bearerToken = {}});
    if (!channel)
        co_return std::unexpected(channel.error());
    const LedgerClient ledger(*channel);
    const QFuture<Result<Offset>> endQuestion = ledger.ledgerEnd();
    const Result<Offset> end = co_await endQuestion;
    if (!end)
        co_return std::unexpected(end.error());
    const QFuture<Result<QVector<LedgerEvent>>> question = ledger.activeContracts(*end, {{party}, {intentTemplate(entity)}});
    co_return co_await question;
}

QCoro::Task<Result<std::vector<EvmLog>>> executions(QUrl rpc, std::vector<Address> vaults)
{
    JsonRpcClient client(rpc);
    ChainClient chain(client);
    const Result<BlockNumber> head = co_await chain.blockNumber();
    if (!head)
        co_return std::unexpected(head.error());
    const Result<AbiEvent> event = AbiEvent::parse(
        u"IntentExecuted(bytes32 indexed intentId, bytes32 indexed partyId, bytes32 indexed adapterId, uint256 amount, uint256 nonce, bytes result)");
    if (!event)
        co_return std::unexpected(event.error());
    LogFilter filter;
    filter.addresses = std::move(vaults);
    filter.topics = {{event->topic()}};
    filter.toBlock = *head;
    co_return co_await chain.getLogs(filter);
}

QString partyWithHint(const Environment &environment, QStringView hint)
{
    for (const PartyId &party : environment.participants.first().parties) {
        if (party.hint() == hint)
            return party.toString();
    }
    return {};
}

} // namespace

int IntentLedgers::acknowledged(const QString &outcome) const
{
    return static_cast<int>(std::ranges::count(outcomes, outcome));
}

Result<IntentLedgers> readLedgers(const Environment &environment)
{
    const QString ledger = environment.participants.first().ledger;
    const QString relayer = partyWithHint(environment, u"Relayer");
    const auto waiting = QCoro::waitFor(contracts(ledger, relayer, u"AuthorisedIntent"_s));
    const auto receipts = QCoro::waitFor(contracts(ledger, relayer, u"IntentReceipt"_s));
    if (!waiting || !receipts)
        return std::unexpected(!waiting ? waiting.error() : receipts.error());
    IntentLedgers ledgers;
    for (const LedgerEvent &event : *waiting)
        ledgers.authorised.insert(event.field(u"intentId"));
    for (const LedgerEvent &event : *receipts) {
        ++ledgers.receipts[event.field(u"intentId")];
        ledgers.outcomes.insert(event.field(u"intentId"), event.field(u"outcome"));
    }
    for (const ChainSettings &chain : environment.chains) {
        std::vector<Address> vaults;
        for (const VaultSettings &vault : chain.vaults)
            vaults.push_back(vault.address);
        const auto logs = QCoro::waitFor(executions(chain.rpc.first(), vaults));
        if (!logs)
            return std::unexpected(logs.error());
        for (const EvmLog &log : *logs)
            ++ledgers.executions[log.topics.at(1)];
    }
    return ledgers;
}

} // namespace countersign
