#pragma once

#include "backend/relayer/electionreader.h"
#include "backend/types/clock.h"
#include "models/sources/tone.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QString>
#include <QVector>

#include <optional>

namespace countersign {

/// A time for which one relayer led, or nobody (an empty name).
struct LeadershipSpan {
    QString relayer;
    Timestamp since;
    std::optional<Timestamp> until; ///< absent: it goes on
    bool isEarlier = false; ///< it began some time before since
    friend bool operator==(const LeadershipSpan &, const LeadershipSpan &) = default;
};

/// The candidates of one election in the order of succession, and who led before.
class ElectionModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ElectionModel)

public:
    enum Column { PlaceColumn, RelayerColumn, LeaseColumn, SinceColumn, SaysColumn, FenceColumn, ColumnCount };
    enum Role {
        ToneRole = Qt::UserRole + 1, ///< int of Tone
        LeaseShareRole, ///< double, 0 to 1 of the lease that is left; absent: not known
    };

    explicit ElectionModel(const Clock &clock, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    /// \a claims: what relayers say of themselves; absent ones say nothing.
    void setElection(const QString &name, const ElectionState &state, const QHash<QString, bool> &claims);
    void tick(); ///< about once a second: ages move on

    const QString &name() const { return m_name; }
    QString leader() const { return m_rows.isEmpty() ? QString() : m_rows.constFirst().candidate.relayer; }
    std::optional<std::chrono::microseconds> ledFor() const; ///< by the leader of now; nothing when nobody leads
    const QString &splitBrain() const { return m_splitBrain; }
    /// Oldest first; gaps in which nobody led are spans as well.
    const QVector<LeadershipSpan> &history() const { return m_history; }

signals:
    void changed();

private:
    struct Row {
        Candidate candidate;
        std::optional<bool> says;
        int place = 0; ///< in the order of succession
        friend bool operator==(const Row &, const Row &) = default;
    };
    QString leaseText(const Candidate &candidate) const;
    static QString placeText(int place);
    static QString saysText(const Row &row);
    static Tone toneOf(const Row &row);

    const Clock &m_clock;
    QString m_name;
    QString m_splitBrain;
    QVector<Row> m_rows;
    QVector<LeadershipSpan> m_history;
};

} // namespace countersign
