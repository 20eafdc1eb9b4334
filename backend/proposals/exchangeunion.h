#pragma once

#include "backend/proposals/proposalexchange.h"
#include "backend/types/lifetimescope.h"

#include <QCoroTask>
#include <QStringList>

#include <set>
#include <vector>

namespace countersign {

/// What copying did.
struct CopyReport {
    int copied = 0; ///< entries and documents
    QStringList refused; ///< "folder /x: entry: reason"; a carrier may not take every kind
    friend bool operator==(const CopyReport &, const CopyReport &) = default;
};

/// Several carriers as one exchange: the union of what they hold. What one has lost or withholds, another still shows;
/// a private folder of this console among them keeps everything that was ever seen. Nothing is copied unasked.
class ExchangeUnion final : public ProposalExchange {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExchangeUnion)

public:
    /// The carriers outlive the union. What is published goes to the first, and must succeed there; then to the others,
    /// as far as they take it.
    explicit ExchangeUnion(std::vector<ProposalExchange *> carriers, QObject *parent = nullptr);

    QString name() const override;
    const ExchangeSnapshot &snapshot() const override { return m_snapshot; }
    ExchangeStatus status() const override;
    void refresh() override;
    QFuture<Result<ChainLink>> nextLink(ExchangeLane lane) override;
    QFuture<Result<QString>> publish(Proposal proposal, Publishing how = Publishing::Own) override;
    QFuture<Result<QString>> publish(CollectedSignature signature, Publishing how = Publishing::Own) override;
    QFuture<Result<QString>> publish(Statement statement, Publishing how = Publishing::Own) override;
    QFuture<Result<QString>> publishAttachment(Bytes content) override;
    QFuture<Result<Bytes>> attachment(Hash32 contentHash) override;

    /// Names of the carriers that hold an entry, by entry hash.
    QStringList carriersOf(const Hash32 &entryHash) const;
    /// How many entries and documents of the union a carrier does not hold.
    qsizetype lackingAt(const ProposalExchange &carrier) const;
    /// Gives \a carrier what it lacks, in the order of the logs.
    QFuture<CopyReport> copyMissing(ProposalExchange &carrier);

private:
    void merge();
    QCoro::Task<Result<ChainLink>> findNextLink(ExchangeLane lane);
    QCoro::Task<Result<QString>> publishEverywhere(ExchangeEntry entry, Publishing how);
    QCoro::Task<Result<QString>> publishAttachmentEverywhere(Bytes content);
    QCoro::Task<Result<Bytes>> findAttachment(Hash32 contentHash);
    QCoro::Task<CopyReport> copyTo(ProposalExchange &carrier);

    std::vector<ProposalExchange *> m_carriers;
    ExchangeSnapshot m_snapshot;
    std::set<Hash32> m_told; // alarms that no carrier has by itself
    LifetimeScope m_scope;
};

} // namespace countersign
