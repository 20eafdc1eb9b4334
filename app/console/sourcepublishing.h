#pragma once

#include "app/console/executing.h"
#include "backend/environment/environment.h"
#include "backend/journal/journal.h"
#include "backend/keys/secretstore.h"
#include "backend/proposals/proposalboard.h"
#include "backend/types/lifetimescope.h"
#include "models/approvals/publicationdesk.h"

#include <QCoroTask>
#include <QHash>

namespace countersign {

/// The publication of sources of one environment: what would leave, for where, and that it leaves recorded.
class SourcePublishing final : public PublicationDesk {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SourcePublishing)

public:
    /// All outlive this object. \a secrets null: the machine has no keychain, and explorers get no key.
    SourcePublishing(const Environment &environment, Journal &journal, const ProposalBoard &board,
        const Executing &executing, SecretStore *secrets, QObject *parent = nullptr);

    /// In whose name it is recorded.
    void setHolder(const QString &name) { m_holder = name; }

    QList<DeskPublisher> publishers(const Hash32 &id) const override;
    QString hindrance(const Hash32 &id) const override;
    void lookUpToken(const QString &origin) override;
    Result<QStringList> contents(const ExecutionReport &report, const DeskPublisher &publisher) const override;
    void find(const Hash32 &id) override;
    /// Errors: Denied (the environment does not name the server), Unauthenticated (no API key), those of the journal and of
    /// the publication.
    void publish(const ExecutionReport &report, const DeskPublisher &publisher) override;
    void stop() override;

    std::optional<DeskToken> token(const QString &origin) const override;
    void keepToken(const QString &origin, SecretBuffer token) override;
    void removeToken(const QString &origin) override;

    /// The name of an explorer's API key in the keychain.
    static QString entryOf(const QString &origin);

private:
    const ChainSettings *chainOf(const Hash32 &id) const;
    static const PublisherSettings *settingsOf(const ChainSettings &chain, const DeskPublisher &publisher);
    bool isExplorer(const QString &origin) const;
    /// In which transaction it was executed, as the chain or a record says; absent: neither does.
    std::optional<Hash32> executedIn(const Hash32 &id) const;
    void setToken(const QString &origin, const Result<void> &kept, bool isThere);
    QCoro::Task<> runLookUp(QString origin);
    QCoro::Task<> runKeep(QString origin, SecretBuffer token);
    QCoro::Task<> runRemove(QString origin);
    QCoro::Task<> runFind(ChainSettings chain, ExchangeItem item, Hash32 transaction);
    QCoro::Task<> run(ChainSettings chain, PublisherSettings server, ExecutionReport report);
    /// Of one contract: adds what came of it.
    QCoro::Task<Result<void>> runOne(ChainSettings chain, PublisherSettings server, DeploymentVerification deployment,
        Hash32 transaction, std::shared_ptr<PublishedSources> published, std::stop_token stop);
    QCoro::Task<Result<SecretBuffer>> keyFor(PublisherSettings server);

    const Environment &m_environment;
    Journal &m_journal;
    const ProposalBoard &m_board;
    const Executing &m_executing;
    SecretStore *m_secrets;
    QString m_holder;
    Hash32 m_subject; // safeTxHash of what is being published
    QHash<QString, DeskToken> m_tokens;
    bool m_isRunning = false;
    LifetimeScope m_runScope;
    LifetimeScope m_scope;
};

} // namespace countersign
