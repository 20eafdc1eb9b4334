#pragma once

#include <QAbstractItemModel>
#include <QVector>

#include <algorithm>
#include <functional>

namespace countersign {

/// The hooks of a model that rows are spliced through; QAbstractItemModel has them protected.
struct RowSpliceHooks {
    std::function<void(int first, int last)> beginInsert;
    std::function<void()> endInsert;
    std::function<void(int first, int last)> beginRemove;
    std::function<void()> endRemove;
    std::function<void(int first, int last)> changed;
};

/// Makes \a rows what \a next is by removing, inserting and changing rows, so that selection and scroll position stay.
/// Rows are the same when \a keyOf says so.
template <class Row, class Key>
void spliceRows(QVector<Row> &rows, const QVector<Row> &next, Key keyOf, const RowSpliceHooks &hooks)
{
    const auto isIn = [&keyOf](const QVector<Row> &list, const Row &row) {
        return std::ranges::any_of(list, [&](const Row &other) { return keyOf(other) == keyOf(row); });
    };
    for (qsizetype i = rows.size() - 1; i >= 0; --i) {
        if (isIn(next, rows.at(i)))
            continue;
        hooks.beginRemove(static_cast<int>(i), static_cast<int>(i));
        rows.removeAt(i);
        hooks.endRemove();
    }
    for (qsizetype i = 0; i < next.size(); ++i) {
        if (i < rows.size() && keyOf(rows.at(i)) == keyOf(next.at(i))) {
            if (rows.at(i) != next.at(i)) {
                rows[i] = next.at(i);
                hooks.changed(static_cast<int>(i), static_cast<int>(i));
            }
            continue;
        }
        for (qsizetype k = rows.size() - 1; k >= i; --k) { // it stands further down: it moved
            if (keyOf(rows.at(k)) != keyOf(next.at(i)))
                continue;
            hooks.beginRemove(static_cast<int>(k), static_cast<int>(k));
            rows.removeAt(k);
            hooks.endRemove();
        }
        hooks.beginInsert(static_cast<int>(i), static_cast<int>(i));
        rows.insert(i, next.at(i));
        hooks.endInsert();
    }
}

} // namespace countersign
