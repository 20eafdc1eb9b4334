#pragma once

#include "backend/canton/ledgerclient.h"
#include "backend/canton/ledgerevent.h"
#include "backend/canton/ledgerfilter.h"
#include "backend/canton/offsetstore.h"
#include "backend/rpc/backoff.h"
#include "backend/rpc/channel.h"
#include "backend/rpc/serverstream.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"
#include "backend/types/sourcestatus.h"

#include <QObject>
#include <QTimer>
#include <QVector>

#include <chrono>
#include <memory>
#include <optional>

namespace countersign {

struct LedgerFollowerSettings {
    QString id; ///< of the participant in the environment; names the stored offset and the status
    LedgerFilter filter;
    /// Without a stored offset: false starts from the active contracts, true replays the ledger from its beginning.
    bool fromBeginning = false;
    BackoffSettings backoff;
    std::chrono::milliseconds heartbeat{5'000}; ///< how often the ledger end is asked while the stream is open
    std::chrono::milliseconds staleAfter{15'000}; ///< without stream data or a heartbeat's answer
    qsizetype inboxLimit = 65'536; ///< rows; above it the reader waits and flow control slows the participant
};

/// Follows one participant's ledger for as long as it lives: active contracts at the ledger end, then every update
/// after it, and after a lost connection on from the last offset, without loss or duplicate. Transactions are never
/// split over two signals' offsets: the saved offset always covers whole transactions. When the participant no longer
/// has what is missing (pruned) or never had it (restored from a backup), it says so in the status, emits reset() and
/// starts again from the active contracts.
class LedgerFollower final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LedgerFollower)

public:
    LedgerFollower(Channel channel, LedgerFollowerSettings settings, OffsetStore &offsets, const Clock &clock,
        Backoff::Random random = Backoff::systemRandom(), QObject *parent = nullptr);
    ~LedgerFollower() override;

    void start();
    void stop();

    [[nodiscard]] const SourceStatus &status() const { return m_status; }
    [[nodiscard]] std::optional<Offset> offset() const { return m_offset; } ///< everything up to here was delivered
    [[nodiscard]] std::optional<Offset> ledgerEnd() const { return m_ledgerEnd; } ///< as of the last heartbeat

signals:
    /// What was delivered before is void; everything comes anew.
    void reset();
    void eventsArrived(const QVector<countersign::LedgerEvent> &events);
    /// The active contracts are complete; from here on updates arrive as they happen.
    void snapshotCompleted(countersign::Offset offset);
    void statusChanged(const countersign::SourceStatus &status);

private:
    QCoro::Task<> connectToLedger();
    void readActiveContracts(Offset at);
    void readUpdates(Offset after);
    void deliver(const QVector<LedgerEvent> &events);
    void openStream(QByteArray method, Bytes request, ServerStream<LedgerEvent>::Decode decode);
    void streamEnded(const Result<void> &outcome);
    void retryAfter(const Error &error);
    void startOver(const QString &why);
    QCoro::Task<> beat();
    void judge();
    void setState(SourceState state, const QString &error = {});
    void markAlive(bool withData);

    LedgerClient m_client;
    LedgerFollowerSettings m_settings;
    OffsetStore &m_offsets;
    const Clock &m_clock;
    Backoff m_backoff;
    SourceStatus m_status;
    std::optional<Offset> m_offset;
    std::optional<Offset> m_ledgerEnd;
    std::optional<Offset> m_snapshotAt; ///< set while the active contracts are being read
    struct Behind {
        Offset target;
        Timestamp since;
    };
    std::optional<Behind> m_behind;
    std::chrono::milliseconds m_checkpointDelay{0};
    bool m_running = false;
    bool m_delivered = false; // something that reset() would void
    bool m_fromSnapshot = false; // the offset was unusable
    bool m_beating = false;
    bool m_announced = false;
    Timestamp m_lastSign; ///< of life: stream data or a heartbeat's answer
    QTimer m_retry;
    QTimer m_heartbeat;
    std::unique_ptr<ServerStream<LedgerEvent>> m_stream;
    LifetimeScope m_scope;
};

} // namespace countersign
