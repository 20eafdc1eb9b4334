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
        OverridableRole, ///< bool: the policy lets two people override it
        ExplanationRole, ///< what the check is for, and what it guards against
    };

    explicit FindingsModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override; ///< DisplayRole: the message

    /// \a overridable: codes of those that block and may be overridden.
    void setFindings(const QList<Finding> &findings, const QList<CheckNotRun> &notRun = {}, const QStringList &overridable = {});
    const Finding &finding(int row) const { return m_rows.at(row).finding; }
    /// The first row that may be overridden; -1 when there is none.
    int firstOverridable() const;

private:
    struct Row {
        Finding finding; ///< at the first place
        QStringList places;
    };
    static QList<Row> rowsOf(const QList<Finding> &findings, const QList<CheckNotRun> &notRun);
    static QString explanation(const Row &row);

    QList<Finding> m_findings;
    QList<CheckNotRun> m_notRun;
    QStringList m_overridable;
    QList<Row> m_rows;
};

/// "transaction.calls[2].calls[0]" as "call 3.1"; empty for anything that is no inner call.
QString placeText(const QString &where);

} // namespace countersign
