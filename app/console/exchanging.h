#pragma once

#include "backend/proposals/service/exchangesetup.h"
#include "backend/types/lifetimescope.h"
#include "models/approvals/exchangedesk.h"

#include <QCoroTask>

namespace countersign {

class Composing;

/// The carriers of one environment as the page sees them, and what is taken in and given out beside them.
class Exchanging final : public ExchangeDesk {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Exchanging)

public:
    /// \a setup outlives this object.
    explicit Exchanging(ExchangeSetup &setup, QObject *parent = nullptr);

    QList<DeskCarrier> carriers() const override;
    void refresh() override;
    void level() override;
    void accept(const ExchangeAlarm &alarm) override;
    Result<Bytes> pack(const QList<Hash32> &proposals) const override;
    void take(const Bytes &content, const QString &from) override;

private:
    DeskCarrier describe(const ProposalExchange &carrier) const;
    QCoro::Task<> runLevel();
    QCoro::Task<> runTake(Bytes content, QString from);

    ExchangeSetup &m_setup;
    LifetimeScope m_scope;
};

} // namespace countersign
