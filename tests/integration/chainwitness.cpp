#include "tests/integration/chainwitness.h"

#include "backend/canton/ledgerclient.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

constexpr auto executedEvent = "IntentExecuted(bytes32,bytes32,bytes32,uint256,uint256,bytes)";

} // namespace

ChainWitness::ChainWitness(const ChainSettings &chain)
    : m_chain(chain)
    , m_rpc(chain.rpc.first())
    , m_client(m_rpc)
{
}

Result<QHash<Hash32, int>> ChainWitness::executions()
{
    const auto head = QCoro::waitFor(m_client.blockNumber());
    if (!head)
        return std::unexpected(head.error());
    LogFilter filter;
    for (const VaultSettings &vault : m_chain.vaults)
        filter.addresses.push_back(vault.address);
    filter.topics = {{keccak256(executedEvent)}};
    filter.toBlock = *head;
    const auto logs = QCoro::waitFor(m_client.getLogs(filter));
    if (!logs)
        return std::unexpected(logs.error());
    QHash<Hash32, int> executions;
    for (const EvmLog &log : *logs)
        ++executions[log.topics.at(1)];
    return executions;
}

Result<Bytes> ChainWitness::read(const Address &to, const QByteArray &signature, const Bytes &arguments)
{
    CallRequest request;
    request.to = to;
    request.data = keccak256(signature).bytes().first(4) + arguments;
    return QCoro::waitFor(m_client.call(request));
}

Result<Address> ChainWitness::registryKey(const Hash32 &partyId)
{
    const auto word = read(*m_chain.registry, "cantonPartyToKey(bytes32)", partyId.bytes());
    if (!word)
        return std::unexpected(word.error());
    return Address::fromBytes(QByteArrayView(*word).last(20));
}

Result<quint64> ChainWitness::safeNonce()
{
    const auto word = read(*m_chain.safe, "nonce()", {});
    if (!word)
        return std::unexpected(word.error());
    return Uint256::fromBigEndian(*word)->toU64().value_or(0);
}

Result<QHash<QString, QStringList>> ledgerReceipts(const Environment &environment)
{
    const ParticipantSettings &participant = environment.participants.first();
    ChannelSettings settings;
    settings.target = participant.ledger;
    settings.plainText = true;
    const auto channel = Channel::open(settings);
    if (!channel)
        return std::unexpected(channel.error());
    const LedgerClient client(*channel);
    const auto end = QCoro::waitFor(awaited(client.ledgerEnd()));
    if (!end)
        return std::unexpected(end.error());
    LedgerFilter filter;
    for (const PartyId &party : participant.parties)
        filter.parties.append(party.toString());
    filter.templates.append(*TemplateId::parse(environment.model.receipt));
    const auto contracts = QCoro::waitFor(awaited(client.activeContracts(*end, filter)));
    if (!contracts)
        return std::unexpected(contracts.error());
    QHash<QString, QStringList> receipts;
    for (const LedgerEvent &event : *contracts)
        receipts[event.field(environment.model.fields.intentId)].append(event.field(environment.model.fields.outcome));
    return receipts;
}

} // namespace countersign
