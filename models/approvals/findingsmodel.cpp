#include "models/approvals/findingsmodel.h"

namespace countersign {

FindingsModel::FindingsModel(QObject *parent)
    : QAbstractListModel(parent)
{
}

int FindingsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_findings.size());
}

QVariant FindingsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Finding &finding = m_findings[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return finding.message;
    case Qt::ToolTipRole:
    case EvidenceRole:
        return finding.evidence;
    case SeverityRole:
        return static_cast<int>(finding.severity);
    case CodeRole:
        return finding.code;
    default:
        return {};
    }
}

void FindingsModel::setFindings(const QList<Finding> &findings)
{
    if (findings == m_findings)
        return;
    beginResetModel();
    m_findings = findings;
    endResetModel();
}

} // namespace countersign
