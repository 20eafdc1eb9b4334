#pragma once

#include "backend/environment/environment.h"
#include "backend/proposals/proposalexchange.h"
#include "backend/proposals/proposalstanding.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"

#include <QCoroTask>
#include <QHash>
#include <QList>
#include <QObject>

#include <memory>
#include <optional>

namespace countersign {

class JsonRpcClient;

/// A proposal as the queue shows it.
struct BoardEntry {
    ExchangeItem item;
    ProposalStanding standing;
    QString chainName; ///< empty when the environment has no such chain
    QString proposerName; ///< empty when the proposer is no holder of the environment
};

/// All proposals of the exchange with where they stand. Reads the Safes of the environment when the folder or a chain's
/// head changes.
class ProposalBoard final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProposalBoard)

public:
    ProposalBoard(
        const Environment &environment, ProposalExchange &exchange, const Clock &clock, QObject *parent = nullptr);
    ~ProposalBoard() override;

    const QList<BoardEntry> &entries() const { return m_entries; }
    const BoardEntry *find(const Hash32 &safeTxHash) const;
    /// The last state read of a chain's Safe; null before.
    const SafeFacts *facts(ChainId chain) const;
    /// Why a chain could not be read; absent when it could.
    std::optional<Error> problem(ChainId chain) const;

    /// Who sits at this console: tells "waits for me" from "waits for others".
    void setHolder(const std::optional<Address> &holder);

    /// Sealed signatures that are open at this console, by safeTxHash: they count here and nowhere else.
    void setOpened(const QHash<Hash32, QList<CollectedSignature>> &opened);

    /// A transaction of this console that is on its way (ProposalStage::Executing); absent: it is no longer waited for.
    /// The chain's word comes before it.
    void noteSent(ChainId chain, const Hash32 &safeTxHash, const std::optional<Hash32> &transactionHash);

public slots:
    /// Call when a head arrives, after an execution, and for "try again". Calls while one runs are gathered into one.
    void refresh();

signals:
    void changed();
    void chainFailed(countersign::ChainId chain, const countersign::Error &error);

private:
    struct Source;
    QCoro::Task<> read();
    QHash<Hash32, Hash32> sentOf(ChainId chain) const;
    void rebuild();
    ProposalStanding judge(
        const ExchangeItem &item, const QHash<Hash32, DependencyStanding> &dependencies, Timestamp now) const;

    const Environment &m_environment;
    ProposalExchange &m_exchange;
    const Clock &m_clock;
    std::optional<Address> m_holder;
    QHash<ChainId, QHash<Hash32, Hash32>> m_sent;
    QHash<Hash32, QList<CollectedSignature>> m_opened;
    std::vector<std::shared_ptr<Source>> m_sources; // shared with the reading under way, which may outlive this object
    QList<BoardEntry> m_entries;
    bool m_reading = false;
    bool m_again = false;
    LifetimeScope m_scope;
};

} // namespace countersign
