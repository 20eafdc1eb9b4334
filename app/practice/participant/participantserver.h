#pragma once

#include "app/practice/participant/participantoptions.h"

#include "backend/types/clock.h"

#include <QJsonObject>

#include <memory>

namespace countersign {

namespace participant {
class Ledger;
}

/// A simulated participant in this process, serving on threads of its own; no event loop is needed. The ledger belongs to the object: it
/// stays through stop() and start(), which are a node that goes down and comes back on the same ports.
class ParticipantServer final {
public:
    enum class Pause {
        Hang, ///< calls wait and streams fall silent, as if the process were stopped
        Refuse, ///< calls get UNAVAILABLE, streams end with it
    };
    struct Ports {
        quint16 ledger = 0;
        quint16 admin = 0;
        quint16 metrics = 0;
        quint16 control = 0;
    };

    /// \p clock must outlive the server and is read from its threads.
    ParticipantServer(ParticipantOptions options, const Clock &clock);
    Q_DISABLE_COPY_MOVE(ParticipantServer)
    ~ParticipantServer();

    /// Errors: Invalid for unreadable TLS or token files and bad party hints, Unavailable for a port that is taken.
    Result<void> start();
    /// Ends every call with UNAVAILABLE. Does nothing when it is not started.
    void stop();

    [[nodiscard]] Ports ports() const;
    [[nodiscard]] QString ledgerAddress() const; ///< host:port
    [[nodiscard]] QString adminAddress() const;
    [[nodiscard]] QString partyId(const QString &hint) const; ///< `hint::fingerprint`; empty when there is no such party
    [[nodiscard]] participant::Ledger &ledger() const;

    void pause(Pause how);
    void resume();
    void cutStreams();

    /// Addresses and parties, as printed by runParticipant() when it serves: `{"participant", "ledger", "admin", "metrics", "control",
    /// "tls", "parties": {hint: id}}`.
    [[nodiscard]] QJsonObject announcement() const;
    /// What `GET /status` of the control interface answers (see ControlApi).
    [[nodiscard]] QJsonObject state() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace countersign
