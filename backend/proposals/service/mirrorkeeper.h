#pragma once

#include "backend/proposals/exchangeunion.h"
#include "backend/types/lifetimescope.h"

#include <QCoroTask>

namespace countersign {

/// Puts everything that the union shows into a private folder of this console, so that what a carrier loses or
/// withholds later is still here. Of what nobody here signed for it keeps only what a signature proves to be worth it:
/// a service can invent transactions without end.
class MirrorKeeper final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MirrorKeeper)

public:
    /// Both outlive this object; \a mirror is a carrier of \a exchange.
    MirrorKeeper(ExchangeUnion &exchange, ProposalExchange &mirror, QObject *parent = nullptr);

    /// Whether this entry of the union is kept.
    bool isWorthKeeping(const ExchangeEntry &entry) const;
    bool isIdle() const { return !m_copying; }

signals:
    /// One round is over; what was refused is said, and tried again when something changes.
    void kept(const countersign::CopyReport &report);

private:
    void look();
    QCoro::Task<> copy();

    ExchangeUnion &m_exchange;
    ProposalExchange &m_mirror;
    bool m_copying = false;
    bool m_again = false;
    LifetimeScope m_scope;
};

} // namespace countersign
