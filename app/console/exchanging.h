#pragma once

#include "app/console/sealing.h"
#include "backend/proposals/exchangebundle.h"
#include "backend/proposals/service/exchangesetup.h"
#include "backend/proposals/service/servicetokens.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"
#include "models/approvals/composedesk.h"
#include "models/approvals/exchangedesk.h"

#include <QCoroTask>
#include <QHash>

namespace countersign {

/// The carriers of one environment as the page sees them, and what is taken in and given out beside them.
class Exchanging final : public ExchangeDesk {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Exchanging)

public:
    /// All outlive this object. What is taken in and has no place in the exchange yet becomes a draft of \a composing.
    Exchanging(const Environment &environment, ExchangeSetup &setup, ComposeDesk &composing, Sealing &sealing,
        const Clock &clock, QObject *parent = nullptr);

    /// Outlives this object.
    void setTokens(ServiceTokens &tokens);

    QList<DeskCarrier> carriers() const override;
    void refresh() override;
    void level() override;
    void accept(const ExchangeAlarm &alarm) override;
    Result<Bytes> pack(const QList<Hash32> &proposals) const override;
    Result<DeskPackage> packForOwners(const Hash32 &proposal) const override;
    void take(const Bytes &content, const QString &from) override;
    void keepToken(const QString &origin, SecretBuffer token) override;
    void removeToken(const QString &origin) override;

private:
    DeskCarrier describe(const ProposalExchange &carrier) const;
    QStringList delegatesOf(const ProposalExchange &carrier) const;
    std::optional<DeskToken> tokenOf(const ProposalExchange &carrier) const;
    QList<ProposalExchange *> all() const;
    Result<ExchangeBundle> readOther(const Bytes &content, TakenReport &report);
    void keep(const ComposeRequest &request, TakenReport &report);
    QCoro::Task<> runLevel();
    QCoro::Task<> runKeepToken(QString origin, SecretBuffer token);
    QCoro::Task<> runRemoveToken(QString origin);
    /// Reads what proposals attach, so that pack() has it at once.
    QCoro::Task<> runReadDocuments();
    Result<void> addDocuments(ExchangeBundle &bundle, const QList<Hash32> &proposals) const;
    QCoro::Task<> runTake(Bytes content, QString from);

    const Environment &m_environment;
    ExchangeSetup &m_setup;
    ComposeDesk &m_composing;
    Sealing &m_sealing;
    const Clock &m_clock;
    ServiceTokens *m_tokens = nullptr;
    QHash<Hash32, Bytes> m_documents; // small enough for a message, by content hash
    bool m_isReadingDocuments = false;
    LifetimeScope m_scope;
};

} // namespace countersign
