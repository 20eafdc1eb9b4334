#pragma once

#include "backend/proposals/proposalexchange.h"
#include "models/sources/tone.h"

#include <QAbstractListModel>
#include <QList>

namespace countersign {

/// What is not well with the exchange, worst first: it cannot be read, entries were lost, rolled back or withheld,
/// entries do not go together, files were not believed.
class ExchangeNoticesModel final : public QAbstractListModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExchangeNoticesModel)

public:
    enum Role {
        ToneRole = Qt::UserRole + 1, ///< Tone: Bad for an alarm, Warn for a conflict, Neutral for a hint
        DetailRole, ///< QString: what it means and what to do
        ProposalRole, ///< Hash32 of the first proposal concerned; zero: none
        AlarmRole, ///< bool: an alarm that a person can accept
    };

    /// \a exchange outlives the model.
    explicit ExchangeNoticesModel(const ProposalExchange &exchange, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    /// Null where the row is no alarm.
    const ExchangeAlarm *alarm(int row) const;
    int alarmCount() const; ///< that nobody has accepted

    static QString meaning(ExchangeAlarmKind kind);
    static QString meaning(ExchangeConflictKind kind);

signals:
    void countsChanged();

private:
    struct Row {
        Tone tone = Tone::Neutral;
        QString text;
        QString detail;
        Hash32 proposal;
        std::optional<ExchangeAlarm> alarm;
        friend bool operator==(const Row &, const Row &) = default;
    };
    static bool isSame(const Row &row, const Row &other); ///< whatever they say of it
    void rebuild();

    const ProposalExchange &m_exchange;
    QList<Row> m_rows;
};

} // namespace countersign
