#pragma once

#include "backend/review/review.h"

#include <QAbstractListModel>
#include <QStringList>

namespace countersign {

/// Findings of a review, worst first. The same finding at many places is one row that names them; checks that could not
/// run follow what warns.
class FindingsModel final : public QAbstractListModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FindingsModel)

public:
    enum Role {
        SeverityRole = Qt::UserRole + 1, ///< int of Severity
        CodeRole,
        EvidenceRole,
        PlacesRole, ///< "call 3.1", "in 12 calls"; empty for the transaction as a whole
        ExplanationRole, ///< what the check is for, and what it guards against
    };

    explicit FindingsModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override; ///< DisplayRole: the message

    void setFindings(const QList<Finding> &findings, const QList<CheckNotRun> &notRun = {});

private:
    struct Row {
        Finding finding; ///< at the first place
        QStringList places;
    };
    static QList<Row> rowsOf(const QList<Finding> &findings, const QList<CheckNotRun> &notRun);
    static QString explanation(const Row &row);

    QList<Finding> m_findings;
    QList<CheckNotRun> m_notRun;
    QList<Row> m_rows;
};

/// "transaction.calls[2].calls[0]" as "call 3.1"; empty for anything that is no inner call.
QString placeText(const QString &where);

} // namespace countersign
