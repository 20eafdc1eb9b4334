#pragma once

#include "backend/rpc/channel.h"
#include "backend/types/error.h"

#include <QCoroTask>
#include <QFuture>
#include <QHash>
#include <QString>
#include <QVector>

#include <chrono>
#include <stop_token>

namespace countersign {

struct ComponentHealth {
    enum class State : quint8 { Ok, Degraded, Failed, Fatal };

    QString name;
    State state = State::Ok;
    QString description;
};

struct SynchronizerHealth {
    QString physicalId;
    bool healthy = false;
};

struct ParticipantStatus {
    QString uid;
    QString version;
    std::chrono::milliseconds uptime{0};
    bool active = false; ///< false: a passive replica, its Ledger API does not serve
    QString waitingFor; ///< set when the node is not initialised: id, node topology, initialization
    QHash<QString, int> ports;
    QVector<ComponentHealth> components;
    QVector<SynchronizerHealth> synchronizers;
    quint32 queuedTopology = 0; ///< changes made here that are not effective yet; returns to 0
};

/// Questions to a participant's Admin API.
class ParticipantAdmin final {
public:
    explicit ParticipantAdmin(Channel channel, std::chrono::milliseconds deadline = std::chrono::seconds(10));

    /// Invalid with a hint when the port is the one of the Ledger API, or when the node is no participant.
    QCoro::Task<Result<ParticipantStatus>> status(std::stop_token stop = {}) const;

private:
    Channel m_channel;
    std::chrono::milliseconds m_deadline;
};

} // namespace countersign
