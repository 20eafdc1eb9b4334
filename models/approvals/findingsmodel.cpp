#include "models/approvals/findingsmodel.h"

#include "backend/review/checks/reviewcheck.h"
#include "backend/types/strings.h"

#include <QHash>
#include <QRegularExpression>

#include <algorithm>

namespace countersign {

FindingsModel::FindingsModel(QObject *parent)
    : QAbstractListModel(parent)
{
}

int FindingsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant FindingsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return row.finding.message;
    case EvidenceRole:
        return row.finding.evidence;
    case SeverityRole:
        return static_cast<int>(row.finding.severity);
    case CodeRole:
        return row.finding.code;
    case PlacesRole:
        return row.places.size() < 2 ? row.places.value(0) : tr("in %n calls", nullptr, static_cast<int>(row.places.size()));
    case OverridableRole:
        return row.finding.severity == Severity::Block && m_overridable.contains(row.finding.code);
    case Qt::ToolTipRole:
    case ExplanationRole:
        return explanation(row);
    default:
        return {};
    }
}

QString FindingsModel::explanation(const Row &row)
{
    constexpr qsizetype shown = 12;
    QStringList parts;
    if (const CheckInfo *info = checkInfo(row.finding.check)) {
        parts.append(QString::fromUtf16(info->why));
        parts.append(tr("Guards against: %1").arg(QString::fromUtf16(info->guardsAgainst)));
    }
    if (row.places.size() > 1)
        parts.append(tr("At: %1").arg(row.places.first(std::min(shown, row.places.size())).join(u", "_s)));
    return parts.join(u"\n\n"_s);
}

QList<FindingsModel::Row> FindingsModel::rowsOf(const QList<Finding> &findings, const QList<CheckNotRun> &notRun)
{
    QList<Row> rows;
    QHash<QString, qsizetype> known; // what makes two findings the same, to its row
    bool isNotRunTold = false;
    const auto tellNotRun = [&] {
        if (isNotRunTold)
            return;
        isNotRunTold = true;
        for (const CheckNotRun &check : notRun)
            rows.append(Row{{u"check.notrun"_s, Severity::Warn, tr("Not checked: %1").arg(check.title), check.reason, {}, check.check}, {}});
    };
    for (const Finding &finding : findings) {
        if (finding.severity == Severity::Info)
            tellNotRun();
        const QString place = placeText(finding.where);
        const QString same = u"%1\n%2\n%3\n%4"_s.arg(QString::number(static_cast<int>(finding.severity)), finding.code,
            finding.message, finding.evidence);
        const auto found = known.constFind(same);
        if (found == known.cend()) {
            known.insert(same, rows.size());
            rows.append(Row{finding, place.isEmpty() ? QStringList() : QStringList{place}});
        } else if (!place.isEmpty()) {
            rows[*found].places.append(place);
        }
    }
    tellNotRun();
    return rows;
}

int FindingsModel::firstOverridable() const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (data(index(row), OverridableRole).toBool())
            return row;
    }
    return -1;
}

void FindingsModel::setFindings(
    const QList<Finding> &findings, const QList<CheckNotRun> &notRun, const QStringList &overridable)
{
    if (findings == m_findings && notRun == m_notRun && overridable == m_overridable)
        return;
    beginResetModel();
    m_findings = findings;
    m_notRun = notRun;
    m_overridable = overridable;
    m_rows = rowsOf(findings, notRun);
    endResetModel();
}

QString placeText(const QString &where)
{
    static const QRegularExpression step(u"\\.calls\\[(\\d+)\\]"_s);
    QStringList numbers;
    for (auto found = step.globalMatch(where); found.hasNext();)
        numbers.append(QString::number(found.next().captured(1).toInt() + 1));
    return numbers.isEmpty() ? QString() : FindingsModel::tr("call %1").arg(numbers.join(u'.'));
}

} // namespace countersign
