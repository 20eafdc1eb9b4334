#pragma once

#include "app/console/holderkeys.h"
#include "backend/environment/environment.h"
#include "backend/journal/journal.h"
#include "backend/proposals/service/exchangesetup.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"
#include "models/approvals/delegatedesk.h"

#include <QCoroTask>

#include <functional>

namespace countersign {

/// The delegations at the transaction services of one environment.
class Delegating final : public DelegateDesk {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Delegating)

public:
    /// All outlive this object.
    Delegating(const Environment &environment, ExchangeSetup &setup, HolderKeys &keys, Journal &journal, const Clock &clock,
        QObject *parent = nullptr);

    void setHolder(const QString &name) { m_holder = name; }
    bool isRunning() const { return m_isRunning; }

    DeskDelegates delegates(const QString &carrier) const override;
    void lookUp(const QString &carrier) override;
    Result<DelegateRequest> request(const QString &carrier, const SafeServiceDelegate &delegate, bool removes) const override;
    /// Errors: Conflict (the hour that was shown is over, or another step runs), those of the token, the journal and the
    /// service.
    void send(const DelegateRequest &shown, SecretBuffer pin) override;
    QString claimOf(const Hash32 &id) const override;

private:
    ServiceExchange *serviceOf(const QString &carrier) const;
    QString nameOf(const Address &address) const;
    QCoro::Task<> run(DelegateRequest shown, SecretBuffer pin);
    QCoro::Task<Result<QString>> signAndSend(DelegateRequest shown, SecretBuffer pin);

    const Environment &m_environment;
    ExchangeSetup &m_setup;
    HolderKeys &m_keys;
    Journal &m_journal;
    const Clock &m_clock;
    QString m_holder;
    bool m_isRunning = false;
    LifetimeScope m_scope;
};

} // namespace countersign
