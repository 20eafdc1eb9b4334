#pragma once

#include "app/practice/generator/generatorconfig.h"
#include "app/practice/generator/intentplan.h"
#include "app/practice/support/practicekey.h"
#include "app/practice/support/vaultintent.h"
#include "backend/canton/ledgerclient.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"

#include <QCoroTask>

#include <QObject>
#include <QTimer>

#include <vector>

namespace countersign {

/// The policy issuer of the practice ledger: orders at a steady rate, authorises each order after a moment of thought
/// with the party's key, withdraws a few.
class IntentGenerator final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IntentGenerator)

public:
    IntentGenerator(GeneratorConfig config, std::vector<PracticeKey> keys, LedgerClient ledger, const Clock &clock,
                    RandomShare random, QObject *parent = nullptr);

    void start();
    /// So many more at once, without a moment of thought.
    void flood(int count);
    Bytes exposition() const;

private:
    struct Order {
        PlannedIntent plan;
        QString intentId;
        VaultIntent call;
        qint64 nonce = 0;
        Timestamp createdAt;
        Timestamp deadline;
        bool atOnce = false;
    };

    void orderOne(bool atOnce);
    void scheduleNext();
    QCoro::Task<> carryOut(Order order);
    QCoro::Task<Result<QString>> request(Order order);
    QCoro::Task<Result<void>> decide(Order order, QString contractId);
    LedgerSubmission submission(const QString &commandId, LedgerCommand command) const;
    DamlValue requestRecord(const Order &order) const;

    const GeneratorConfig m_config;
    const std::vector<PracticeKey> m_keys; ///< in the order of the configuration's parties
    const LedgerClient m_ledger;
    const Clock &m_clock;
    const RandomShare m_random;
    const qint64 m_firstNonce;
    QTimer m_timer;
    qint64 m_count = 0;
    int m_waiting = 0; ///< of a flood
    int m_underway = 0;
    quint64 m_requested = 0;
    quint64 m_authorised = 0;
    quint64 m_withdrawn = 0;
    quint64 m_errors = 0;
    LifetimeScope m_scope;
};

} // namespace countersign
