#pragma once

#include "backend/environment/environment.h"
#include "backend/evm/log.h"
#include "backend/intents/fact.h"

#include <QVector>

#include <optional>
#include <span>
#include <vector>

namespace countersign {

/// A change of the key registry: of interest to whoever wonders why a party's intents stop.
struct RegistryChange {
    enum class Kind { Registered, Revoked };
    Kind kind = Kind::Registered;
    QString chain;
    Hash32 partyId;
    QString party; ///< its name in the address book, else the id in hex
    Address key;
    BlockNumber block;
    Hash32 transaction;
};

/// Reads the logs of one chain's vaults as facts. What is taken back outranks what was said before, and a block that comes back outranks
/// both, because this object counts what it is told: use one for the life of a follower. It remembers the executions that still want
/// confirmations, and says when they have them.
class ChainFacts final
{
public:
    /// `environment` and the chain's settings in it outlive this object.
    ChainFacts(const Environment &environment, const ChainSettings &chain);

    /// Chain logs carry no time: those of the block `head` get its `headTime`, those of other blocks none.
    QVector<Fact> added(std::span<const EvmLog> logs, BlockNumber head, Timestamp headTime);
    QVector<Fact> removed(std::span<const EvmLog> logs);
    /// Executions that have the chain's confirmations at `head`, counting their own block; each is told once.
    QVector<Fact> confirmed(BlockNumber head, Timestamp headTime);

    /// KeyRegistered and KeyRevoked of the chain's registry; absent for all other logs.
    std::optional<RegistryChange> registryChange(const EvmLog &log) const;

private:
    QVector<Fact> read(std::span<const EvmLog> logs, std::optional<BlockNumber> head, Timestamp headTime, bool retracted);

    const Environment &m_environment;
    const ChainSettings &m_chain;
    quint32 m_revision = 0;
    std::vector<Fact> m_unconfirmed;
};

} // namespace countersign
