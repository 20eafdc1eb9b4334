#pragma once

#include "backend/review/review.h"

#include <QAbstractListModel>

namespace countersign {

/// Findings of a review, worst first.
class FindingsModel final : public QAbstractListModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FindingsModel)

public:
    enum Role {
        SeverityRole = Qt::UserRole + 1, ///< int of Severity
        CodeRole,
        EvidenceRole,
    };

    explicit FindingsModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override; ///< DisplayRole: the message

    void setFindings(const QList<Finding> &findings);

private:
    QList<Finding> m_findings;
};

} // namespace countersign
