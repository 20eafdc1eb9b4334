#pragma once

#include "backend/intents/intentstore.h"
#include "backend/types/clock.h"
#include "models/sources/tone.h"

#include <QAbstractListModel>

#include <array>

namespace countersign {

/// The lanes of the Intents page: one row a phase in the order of the road, the side exits last, each with how many intents are in it and
/// how long the oldest of them waits.
class IntentLanesModel final : public QAbstractListModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IntentLanesModel)

public:
    enum Role {
        PhaseRole = Qt::UserRole + 1, ///< int of IntentPhase
        CountRole, ///< uint
        StuckRole, ///< uint
        OldestAgeRole, ///< qlonglong, microseconds in this phase; absent: empty, or a phase in which nothing waits
        ToneRole, ///< int of Tone
        SideExitRole, ///< bool
        FilterRole, ///< QString: the filter line that shows this lane
    };

    IntentLanesModel(const IntentStore &store, const Clock &clock, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QHash<int, QByteArray> roleNames() const override;

    /// Counts follow at once.
    void applyBatch(const IntentBatch &batch);
    /// Ages follow; about once a second. Walks the open rows.
    void tick();

private:
    struct Lane {
        quint32 count = 0;
        quint32 stuck = 0;
        qint64 oldest = 0; ///< microseconds since 1970; 0: none
        bool operator==(const Lane &) const = default;
    };
    void survey();

    const IntentStore &m_store;
    const Clock &m_clock;
    std::array<Lane, intentPhaseCount> m_lanes{};
};

} // namespace countersign
