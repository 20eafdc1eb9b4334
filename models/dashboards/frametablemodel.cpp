#include "models/dashboards/frametablemodel.h"

#include "backend/types/strings.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace countersign {

FrameTableModel::FrameTableModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void FrameTableModel::setFrame(const Frame &frame)
{
    beginResetModel();
    m_frame = frame;
    if (m_sortColumn >= m_frame.fields.size())
        m_sortColumn = -1;
    reorder();
    endResetModel();
}

void FrameTableModel::reorder()
{
    m_order.resize(m_frame.rows());
    std::iota(m_order.begin(), m_order.end(), 0);
    if (m_sortColumn < 0)
        return;
    const FrameField &field = m_frame.fields.at(m_sortColumn);
    const bool isDescending = m_sortOrder == Qt::DescendingOrder;
    std::sort(m_order.begin(), m_order.end(), [&](qsizetype a, qsizetype b) {
        if (field.type == FrameField::Type::Text) {
            const int order = field.texts.at(a).localeAwareCompare(field.texts.at(b));
            return order != 0 ? (isDescending ? order > 0 : order < 0) : a < b;
        }
        const double left = field.numbers.at(a);
        const double right = field.numbers.at(b);
        if (std::isnan(left) || std::isnan(right))
            return std::isnan(left) == std::isnan(right) ? a < b : std::isnan(right);
        return left != right ? (isDescending ? left > right : left < right) : a < b;
    });
}

void FrameTableModel::sort(int column, Qt::SortOrder order)
{
    if (column >= m_frame.fields.size())
        return;
    beginResetModel();
    m_sortColumn = column;
    m_sortOrder = order;
    reorder();
    endResetModel();
}

int FrameTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_order.size());
}

int FrameTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_frame.fields.size());
}

DisplayValue FrameTableModel::cell(int row, int column) const
{
    const FrameField &field = m_frame.fields.at(column);
    const qsizetype at = m_order.at(row);
    if (field.type == FrameField::Type::Text)
        return displayOf(field.texts.at(at), field.config);
    if (field.type == FrameField::Type::Time && field.config.unit.isEmpty()) {
        DisplayValue time;
        time.number = field.numbers.at(at);
        time.text = formatValue(field.numbers.at(at), u"dateTimeAsIso"_s);
        return time;
    }
    return displayOf(field.numbers.at(at), field.config);
}

QVariant FrameTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const DisplayValue value = cell(index.row(), index.column());
    switch (role) {
    case Qt::DisplayRole:
        return value.text.full();
    case Qt::ToolTipRole:
        return std::isnan(value.number) ? value.text.full() : QString::number(value.number, 'g', 15);
    case Qt::TextAlignmentRole:
        return m_frame.fields.at(index.column()).type == FrameField::Type::Number ? int(Qt::AlignRight | Qt::AlignVCenter)
                                                                                    : int(Qt::AlignLeft | Qt::AlignVCenter);
    case ColorRole:
        return value.color;
    case NumberRole:
        return value.number;
    default:
        return {};
    }
}

QVariant FrameTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section >= m_frame.fields.size())
        return {};
    return m_frame.fields.at(section).displayName;
}

} // namespace countersign
