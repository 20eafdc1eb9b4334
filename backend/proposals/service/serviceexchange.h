#pragma once

#include "backend/proposals/proposalexchange.h"
#include "backend/proposals/service/serviceletter.h"
#include "backend/proposals/service/servicereading.h"
#include "backend/types/lifetimescope.h"

#include <QCoroTask>
#include <QDeadlineTimer>
#include <QHash>
#include <QTimer>
#include <QUrl>

#include <chrono>
#include <functional>

namespace countersign {

/// Of which Safe a service is asked.
struct ServiceSettings {
    QString chainName;
    ChainId chainId;
    Address safe;
    QUrl base; ///< ends with /api/
};

/// The exchange through a Safe transaction service. It carries transactions and owners' signatures, and nothing else:
/// what it lists becomes a transaction that nobody described, and no word of it stands beside a signed envelope. A
/// proposal goes up with the first owner's signature, because the service hides what no owner signed; statements,
/// documents and envelopes never do. Main thread only.
class ServiceExchange final : public ProposalExchange {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ServiceExchange)

public:
    /// How often it is read: without a token of one's own the public service answers 5,000 requests a month.
    static constexpr std::chrono::milliseconds sparingInterval = std::chrono::minutes(10);
    static constexpr std::chrono::milliseconds ownInterval = std::chrono::seconds(30);

    explicit ServiceExchange(ServiceSettings settings, QByteArray token = {}, QObject *parent = nullptr);
    /// For tests of slow services.
    ServiceExchange(ServiceSettings settings, QByteArray token, std::chrono::milliseconds deadline, QObject *parent);
    ~ServiceExchange() override;

    /// From now on nothing is read or sent before setToken().
    void awaitToken() { m_awaitsToken = true; }
    /// Used from the next request on; empty for none. With a token of one's own it is read as often as ownInterval.
    void setToken(QByteArray token);
    /// What its answers are held against, as the chain says. Nothing is read or sent before the first; other Safes are
    /// ignored.
    void setState(const SafeState &state);
    /// Where the rest of what is known of a transaction is found: the fields that a signature needs to go up with.
    using Lookup = std::function<const ExchangeItem *(const Hash32 &)>;
    void setLookup(Lookup lookup) { m_lookup = std::move(lookup); }
    /// Reads now and again every \a interval; more rarely while the service asks for rest.
    void start(std::chrono::milliseconds interval);
    const ServiceSettings &settings() const { return m_settings; }

    QString name() const override;
    const ExchangeSnapshot &snapshot() const override { return m_snapshot; }
    ExchangeStatus status() const override;
    void refresh() override;
    Carriage carriageOf(const Hash32 &entryHash, const ExchangeEntry &entry) const override;
    bool carriesAttachments() const override { return false; }
    /// Rejected: a service keeps no log.
    QFuture<Result<ChainLink>> nextLink(ExchangeLane lane) override;
    /// NotFound: there is no owner's signature to send it with yet. Errors of deliver().
    QFuture<Result<QString>> publish(Proposal proposal, Publishing how = Publishing::Own) override;
    QFuture<Result<QString>> publish(CollectedSignature signature, Publishing how = Publishing::Own) override;
    QFuture<Result<QString>> publish(Statement statement, Publishing how = Publishing::Own) override;
    QFuture<Result<QString>> publish(ImportedTransaction import, Publishing how = Publishing::Copy) override;
    QFuture<Result<QString>> publishAttachment(Bytes content) override;
    QFuture<Result<Bytes>> attachment(Hash32 contentHash) override;
    /// Of what the service says was proposed by \a author: it deletes on the word of nobody else.
    QList<DeletionOffer> deletionOffers(const Hash32 &safeTxHash, const Address &author, Timestamp now) const override;
    QFuture<Result<QString>> remove(DeletionOffer offer, EvmSignature signature) override;
    /// Who may propose for owners, as the service says; read once an hour.
    const SafeServiceDelegates &delegates() const { return m_delegates; }
    /// Why they are not known; empty when they are.
    QString delegatesProblem() const { return m_delegatesProblem; }
    /// Reads them now, and all else; ends in delegatesRead(), also when it cannot be asked.
    void readDelegates();
    /// Whether that address could have delegates here. Errors: Unavailable (the chain is not read yet), Denied (no owner).
    Result<void> mayDelegate(const Address &owner) const;
    /// Under the delegator's signature over safeServiceDelegateDigest(): adds, or \a removes. Errors of SafeService.
    QCoro::Task<Result<void>> delegate(SafeServiceDelegate delegate, EvmSignature signature, bool removes);
    /// Who proposed it, as the service says: absent where it says nothing, or names an owner.
    std::optional<Address> claimedProposer(const Hash32 &safeTxHash) const;

signals:
    void delegatesRead();

private:
    Result<void> checkReady(const ExchangeLane &lane) const;
    const ExchangeItem *lookUp(const Hash32 &safeTxHash) const;
    bool isOwner(const Address &address) const;
    QFuture<Result<QString>> sendTransaction(
        const ExchangeLane &lane, const SafeTransaction &transaction, const Hash32 &safeTxHash, const QString &origin);
    QCoro::Task<Result<QString>> send(ServiceLetter letter);
    QCoro::Task<Result<QString>> sendRemoval(DeletionOffer offer, EvmSignature signature);
    QCoro::Task<> read();
    bool wantsDelegates(const Result<SafeServiceQueue> &queue) const;
    void take(const Result<SafeServiceQueue> &queue, const SafeServiceSubject &subject);

    ServiceSettings m_settings;
    SafeService m_service;
    Lookup m_lookup;
    std::optional<SafeServiceSubject> m_subject;
    Uint256 m_nonce;
    QString m_unfit; // why the Safe cannot be served; empty when it can
    ExchangeSnapshot m_snapshot;
    ExchangeStatus m_status;
    QHash<Hash32, Address> m_proposers; // as the service says
    SafeServiceDelegates m_delegates;
    QDeadlineTimer m_delegatesRest; // until they are read again
    QString m_delegatesProblem;
    QTimer m_timer;
    std::chrono::milliseconds m_interval{0};
    std::chrono::milliseconds m_plainInterval{0}; // as start() said
    bool m_awaitsToken = false;
    bool m_reading = false;
    bool m_again = false;
    QFuture<void> m_turn; // of the last who sends: one at a time, so that nothing is proposed twice
    LifetimeScope m_scope;
};

} // namespace countersign
