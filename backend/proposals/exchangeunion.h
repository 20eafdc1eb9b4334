#pragma once

#include "backend/proposals/proposalexchange.h"
#include "backend/types/lifetimescope.h"

#include <QCoroTask>
#include <QHash>
#include <QStringList>

#include <functional>
#include <set>
#include <vector>

namespace countersign {

/// What copying did.
struct CopyReport {
    int copied = 0; ///< entries and documents
    QStringList refused; ///< "folder /x: entry: reason"; a carrier may not take every kind
    friend bool operator==(const CopyReport &, const CopyReport &) = default;
};

/// Why a carrier does not have what was published. NotFound: not yet, because something that it wants is missing.
struct CarrierRefusal {
    QString carrier; ///< its name
    Error error;
    friend bool operator==(const CarrierRefusal &, const CarrierRefusal &) = default;
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
    QFuture<Result<QString>> publish(ImportedTransaction import, Publishing how = Publishing::Copy) override;
    QFuture<Result<QString>> publishAttachment(Bytes content) override;
    QFuture<Result<Bytes>> attachment(Hash32 contentHash) override;
    QList<DeletionOffer> deletionOffers(const Hash32 &safeTxHash, const Address &author, Timestamp now) const override;
    QFuture<Result<QString>> remove(DeletionOffer offer, EvmSignature signature) override;

    /// Names of the carriers that hold an entry, by entry hash.
    QStringList carriersOf(const Hash32 &entryHash) const;
    /// How many entries and documents of the union a carrier does not hold.
    qsizetype lackingAt(const ProposalExchange &carrier) const;
    using EntryFilter = std::function<bool(const Hash32 &, const ExchangeEntry &)>;
    /// Gives \a carrier what it lacks, in the order of the logs; only what \a wanted says, when it is given.
    QFuture<CopyReport> copyMissing(ProposalExchange &carrier, EntryFilter wanted = {});
    /// Which carriers did not take an entry or a document, and why, since this object exists; until they have it.
    QList<CarrierRefusal> refusals(const Hash32 &entryHash) const;

signals:
    /// Published, but one carrier has it not: who reads only that one does not see it.
    void refused(const countersign::Hash32 &entryHash, const countersign::CarrierRefusal &refusal);

private:
    void merge();
    QCoro::Task<Result<ChainLink>> findNextLink(ExchangeLane lane);
    QCoro::Task<Result<QString>> publishEverywhere(ExchangeEntry entry, Publishing how);
    QCoro::Task<Result<QString>> publishAttachmentEverywhere(Bytes content);
    QCoro::Task<Result<Bytes>> findAttachment(Hash32 contentHash);
    QCoro::Task<CopyReport> copyTo(ProposalExchange &carrier, EntryFilter wanted);
    void note(const ProposalExchange &carrier, const Hash32 &entryHash, const Result<QString> &written);
    void forgetRefusals();

    std::vector<ProposalExchange *> m_carriers;
    ExchangeSnapshot m_snapshot;
    std::set<Hash32> m_superseded; // entries that nobody needs who has the others
    QHash<Hash32, QList<CarrierRefusal>> m_refusals; // by entry or content hash
    std::set<Hash32> m_told; // alarms that no carrier has by itself
    LifetimeScope m_scope;
};

} // namespace countersign
