#pragma once

#include "backend/intents/intentexplanation.h"
#include "backend/intents/intentstore.h"
#include "backend/types/clock.h"
#include "models/sources/tone.h"

#include <QAbstractListModel>
#include <QVector>

#include <optional>

namespace countersign {

/// The way of one intent, hop by hop, each with its evidence and its duration against what is usual on its route; and why it is where it
/// is and what comes next.
class IntentTimelineModel final : public QAbstractListModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IntentTimelineModel)

public:
    enum Role {
        TitleRole = Qt::UserRole + 1, ///< QString: what happened
        SourceRole, ///< QString: who says so, e.g. "ledger vault-operator"
        TimeRole, ///< Timestamp
        PhaseRole, ///< int of IntentPhase; absent: the hop proves none
        RetractedRole, ///< bool: taken back by a reorganisation
        DurationRole, ///< qlonglong, microseconds from the hop before; absent on the first
        UsualP50Role, ///< qlonglong, microseconds usual for the phase that ended here; absent: too few
        UsualP95Role,
        SlowRole, ///< bool: longer than the 95th percentile
        EvidenceRole, ///< QString, one line: offset and update id, transaction and block, position in the log
        ReferenceRole, ///< QString: update id or transaction hash, to copy
        DetailRole, ///< QString: the log line, or the reason
        ToneRole, ///< int of Tone
    };

    IntentTimelineModel(const IntentStore &store, const Clock &clock, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QHash<int, QByteArray> roleNames() const override;

    /// Shows an intent by its row in the store; nullopt shows none.
    void setIntent(std::optional<quint32> storeRow);
    std::optional<quint32> intent() const { return m_row; }
    void applyBatch(const IntentBatch &batch);

    /// What the explanation needs beside the store: whether a relayer leads, whose key is revoked.
    void setSurroundings(bool hasLeader, const QStringList &revokedParties);

    IntentExplanation explanation() const;
    QString title() const; ///< the intent's id; empty when none is shown
    /// Everything known of the intent: terms, phase, hops, usual durations. Stable order of keys, exact values as text.
    QByteArray toJson() const;

signals:
    void changed();

private:
    void reload();
    std::optional<qsizetype> before(qsizetype row) const;
    std::optional<RouteStatistics::Usual> usual(qsizetype row) const;

    const IntentStore &m_store;
    const Clock &m_clock;
    std::optional<quint32> m_row;
    QVector<Hop> m_hops;
    bool m_hasLeader = true;
    QStringList m_revokedParties;
};

} // namespace countersign
