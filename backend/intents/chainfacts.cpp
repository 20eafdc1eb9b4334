#include "backend/intents/chainfacts.h"

#include "backend/evm/abievent.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace countersign {

namespace {

/// The signatures are written here and always parse: they are constants of the contracts that this console knows.
const AbiEvent &intentExecuted()
{
    static const AbiEvent event = AbiEvent::parse(u"IntentExecuted(bytes32 indexed intentId, bytes32 indexed partyId, bytes32 indexed adapterId, "
                                                  u"uint256 amount, uint256 nonce, bytes result)")
                                      .value();
    return event;
}

const AbiEvent &keyRegistered()
{
    static const AbiEvent event = AbiEvent::parse(u"KeyRegistered(bytes32 indexed partyId, address publicKey)").value();
    return event;
}

const AbiEvent &keyRevoked()
{
    static const AbiEvent event = AbiEvent::parse(u"KeyRevoked(bytes32 indexed partyId, address publicKey)").value();
    return event;
}

} // namespace

ChainFacts::ChainFacts(const Environment &environment, const ChainSettings &chain)
    : m_environment(environment)
    , m_chain(chain)
{
}

QVector<Fact> ChainFacts::added(std::span<const EvmLog> logs, BlockNumber head, Timestamp headTime)
{
    QVector<Fact> facts = read(logs, head, headTime, false);
    m_unconfirmed.insert(m_unconfirmed.end(), facts.cbegin(), facts.cend());
    return facts;
}

QVector<Fact> ChainFacts::removed(std::span<const EvmLog> logs)
{
    QVector<Fact> facts = read(logs, std::nullopt, {}, true);
    for (const Fact &fact : std::as_const(facts)) {
        std::erase_if(m_unconfirmed, [&](const Fact &waiting) {
            return waiting.blockHash == fact.blockHash && waiting.reference == fact.reference && waiting.logIndex == fact.logIndex;
        });
    }
    return facts;
}

QVector<Fact> ChainFacts::confirmed(BlockNumber head, Timestamp headTime)
{
    QVector<Fact> facts;
    std::erase_if(m_unconfirmed, [&](const Fact &executed) {
        const qint64 depth = static_cast<qint64>(head.value()) + 1 - executed.position;
        if (depth < static_cast<qint64>(m_chain.confirmations))
            return false;
        Fact fact = executed;
        fact.kind = FactKind::Confirmed;
        fact.time = headTime;
        fact.number = static_cast<quint32>(std::min<qint64>(depth, std::numeric_limits<quint32>::max()));
        facts.append(fact);
        return true;
    });
    return facts;
}

QVector<Fact> ChainFacts::read(std::span<const EvmLog> logs, std::optional<BlockNumber> head, Timestamp headTime, bool retracted)
{
    QVector<Fact> facts;
    ++m_revision;
    for (const EvmLog &log : logs) {
        const VaultSettings *vault = m_environment.vault(m_chain.chainId, log.address);
        if (vault == nullptr || log.topics.empty() || log.topics.front() != intentExecuted().topic())
            continue;
        const auto event = intentExecuted().decode(log.topics, log.data);
        if (!event)
            continue; // a vault of ours with another event of this topic: not what we know
        Fact fact;
        fact.kind = FactKind::Executed;
        fact.source = FactSource::Chain;
        fact.retracted = retracted;
        fact.revision = m_revision;
        if (head == log.blockNumber)
            fact.time = headTime;
        fact.intentHash = log.topics[1];
        fact.origin = m_chain.name;
        fact.position = static_cast<qint64>(log.blockNumber.value());
        fact.reference = log.transactionHash.toString().toUtf8();
        fact.blockHash = log.blockHash.toString().toUtf8();
        fact.logIndex = log.logIndex;
        fact.terms.chain = m_chain.name;
        fact.terms.vault = vault->name;
        const PartySettings *party = m_environment.party(log.topics[2]);
        fact.terms.party = party != nullptr ? party->name : log.topics[2].toString();
        fact.terms.adapter = log.topics[3].toString();
        facts.append(fact);
    }
    return facts;
}

std::optional<RegistryChange> ChainFacts::registryChange(const EvmLog &log) const
{
    if (!m_chain.registry || log.address != *m_chain.registry || log.topics.size() != 2)
        return std::nullopt;
    const bool revoked = log.topics.front() == keyRevoked().topic();
    if (!revoked && log.topics.front() != keyRegistered().topic())
        return std::nullopt;
    if (log.data.size() != 32)
        return std::nullopt;
    const auto key = Address::fromBytes(QByteArrayView(log.data).sliced(12));
    if (!key)
        return std::nullopt;
    const Hash32 &partyId = log.topics[1];
    const PartySettings *party = m_environment.party(partyId);
    return RegistryChange{revoked ? RegistryChange::Kind::Revoked : RegistryChange::Kind::Registered,
                          m_chain.name,
                          partyId,
                          party != nullptr ? party->name : partyId.toString(),
                          *key,
                          log.blockNumber,
                          log.transactionHash};
}

} // namespace countersign
