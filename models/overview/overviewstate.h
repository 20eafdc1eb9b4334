#pragma once

#include "backend/intents/intentstore.h"
#include "backend/types/clock.h"
#include "backend/types/sourcestatus.h"
#include "models/sources/tone.h"

#include <QMap>
#include <QObject>
#include <QString>
#include <QVector>

#include <optional>

namespace countersign {

/// What the Overview's sources say about a relayer; what nobody said is absent.
struct RelayerReading {
    QString id;
    bool leader = false; ///< by etcd
    std::optional<double> queueDepth;
    std::optional<double> rate; ///< intents processed a second
    std::optional<double> successRate; ///< 0 to 1
    std::optional<qint64> ledgerOffset;
    std::optional<bool> claims = std::nullopt; ///< whether it says itself that it leads, and has said so for a while
    std::optional<bool> up = std::nullopt; ///< whether its metrics answer
    bool operator==(const RelayerReading &) const = default;
};

struct ChainReading {
    QString name;
    std::optional<quint64> head;
    std::optional<Timestamp> headTime;
    std::optional<double> rate; ///< transactions of ours a second
    std::optional<double> queueDepth; ///< intents that wait for this chain
    bool operator==(const ChainReading &) const = default;
};

struct ParticipantReading {
    QString id;
    std::optional<qint64> ledgerEnd;
    std::optional<double> rate; ///< intents created a second
    bool operator==(const ParticipantReading &) const = default;
};

/// A node of the map: a participant, a relayer or a chain.
struct OverviewNode {
    enum class Kind { Participant, Relayer, Chain };
    Kind kind = Kind::Participant;
    QString id;
    QString caption; ///< "leader", "offset 1234", "block 99"
    SourceState state = SourceState::Connecting;
    Tone tone = Tone::Neutral;
    bool leader = false;
    std::optional<double> queueDepth;
    std::optional<qint64> ageMicros; ///< of the last data
    bool operator==(const OverviewNode &) const = default;
};

/// A way between two nodes, by their positions in nodes(); only the leader's ways carry intents.
struct OverviewEdge {
    int from = 0;
    int to = 0;
    std::optional<double> rate; ///< intents a second
    bool active = false;
    bool operator==(const OverviewEdge &) const = default;
};

struct OverviewTile {
    enum class Kind { Rate, Success, QueueDepth, LedgerOffset, HeadLag, OldestWaiting };
    Kind kind = Kind::Rate;
    QString title;
    std::optional<double> value; ///< a second; 0 to 1; count; offset; seconds; seconds
    Tone tone = Tone::Neutral;
    QString note; ///< what the number does not say, e.g. which chain lags
    bool operator==(const OverviewTile &) const = default;
};

/// A consequence worth a sentence: "party Treasury desk stopped: its key is revoked".
struct OverviewNote {
    QString text;
    Tone tone = Tone::Warn;
    QString filter; ///< filter line that shows the intents in question; may be empty
    Timestamp since;
    bool operator==(const OverviewNote &) const = default;
};

/// Are we well, and if not, where? Reduces what the sources say to one sentence, a map, tiles and notes.
class OverviewState final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OverviewState)

public:
    OverviewState(const IntentStore &store, const Clock &clock, QObject *parent = nullptr);

    // --- in: facts ---
    void setSource(const SourceStatus &status);
    void setRelayers(const QVector<RelayerReading> &relayers); ///< every relayer of the profile, up or not
    void setChains(const QVector<ChainReading> &chains);
    void setParticipants(const QVector<ParticipantReading> &participants);
    void setMetricsAvailable(bool available); ///< false: rates and success are unknown, not zero
    /// The registry's events: the party by the name that intents carry.
    void keyRevoked(const QString &chain, const QString &party, Timestamp at);
    void keyRegistered(const QString &chain, const QString &party);
    void setRevocationTime(const QString &chain, const QString &party, Timestamp at); ///< of one that still holds
    void setHasElection(bool has); ///< false: the profile names none, and nobody can say who leads
    void setSplitBrain(const QString &problem); ///< what is wrong with the leadership; empty: nothing
    void ledgerReadAnew(const QString &participant, Timestamp at); ///< what ended before that was not told
    void applyBatch(const IntentBatch &batch);
    void tick(); ///< about once a second

    // --- out ---
    const QString &sentence() const { return m_sentence; }
    Tone tone() const { return m_tone; }
    const QVector<OverviewNode> &nodes() const { return m_nodes; }
    const QVector<OverviewEdge> &edges() const { return m_edges; }
    const QVector<OverviewTile> &tiles() const { return m_tiles; }
    const QVector<OverviewNote> &notes() const { return m_notes; }
    QStringList revokedParties() const;
    bool hasLeader() const; ///< also when nobody can say: only a known absence is told

signals:
    /// Something of the above is different; at most once a call of a function above.
    void changed();

private:
    struct Revocation {
        QString chain;
        QString party;
        Timestamp at;
    };
    void update();
    void updateSentence();
    void updateMap();
    void updateTiles();
    void updateNotes();
    const SourceStatus *source(SourceKind kind, const QString &id) const;
    bool isUp(SourceKind kind, const QString &id) const;
    bool leaderIsKnown() const;
    std::optional<bool> isUp(const RelayerReading &relayer) const; ///< nothing: nobody measures it

    const IntentStore &m_store;
    const Clock &m_clock;
    QVector<SourceStatus> m_sources;
    QVector<RelayerReading> m_relayers;
    QVector<ChainReading> m_chains;
    QVector<ParticipantReading> m_participants;
    QVector<Revocation> m_revocations;
    QString m_splitBrain;
    QMap<QString, Timestamp> m_readAnew;
    bool m_metrics = false;
    bool m_hasElection = true;
    QString m_sentence;
    Tone m_tone = Tone::Neutral;
    QVector<OverviewNode> m_nodes;
    QVector<OverviewEdge> m_edges;
    QVector<OverviewTile> m_tiles;
    QVector<OverviewNote> m_notes;
};

} // namespace countersign
