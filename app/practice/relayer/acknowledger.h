#pragma once

#include "app/practice/relayer/relayerqueue.h"
#include "backend/canton/ledgerclient.h"

#include <QCoroTask>

namespace countersign {

/// Tells the ledger how an intent ended: exercises Acknowledge on its contract as the relayer's party.
class Acknowledger final {
public:
    Acknowledger(LedgerClient ledger, QString party, QString relayerId);

    /// Success also when the contract is acknowledged already, by whomever: there is nothing more to tell.
    QCoro::Task<Result<void>> acknowledge(AuthorisedIntent intent, WorkOutcome outcome, std::optional<Hash32> transaction,
                                          BlockNumber block, std::stop_token stop) const;

private:
    LedgerClient m_ledger;
    QString m_party;
    QString m_relayerId;
};

} // namespace countersign
