#pragma once

#include "backend/types/clock.h"
#include "backend/types/sourcestatus.h"
#include "models/sources/tone.h"

#include <QAbstractListModel>
#include <QVector>

namespace countersign {

/// The sources of facts, one lamp a row: participants, relayers, chains, etcd, Prometheus, Alertmanager, in this order, then by name.
class SourceListModel final : public QAbstractListModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SourceListModel)

public:
    enum Role {
        IdRole = Qt::UserRole + 1, ///< QString
        KindRole, ///< int of SourceKind
        StateRole, ///< int of SourceState
        ToneRole, ///< int of Tone
        AgeRole, ///< qlonglong, microseconds since the last data; absent: there was none
        SinceRole, ///< Timestamp of the state
        ErrorRole, ///< QString
        NextAttemptRole, ///< qlonglong, microseconds until the next attempt; absent: none is planned
        StatusRole, ///< SourceStatus
    };

    explicit SourceListModel(const Clock &clock, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QHash<int, QByteArray> roleNames() const override;

    /// A source that is not there yet is added; it is known by kind and id.
    void apply(const SourceStatus &status);
    void remove(SourceKind kind, const QString &id);
    /// Lets the ages move on; about once a second.
    void tick();

    const QVector<SourceStatus> &statuses() const { return m_statuses; }
    /// The worst state there is: what one lamp for all would show.
    Tone worst() const;

    static Tone toneOf(SourceState state);

signals:
    void changed();

private:
    QVariant text(const SourceStatus &status) const;

    const Clock &m_clock;
    QVector<SourceStatus> m_statuses;
};

} // namespace countersign
