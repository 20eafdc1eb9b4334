#pragma once

#include <QtGlobal>

namespace countersign {

/// Makes one list of rows another by removing and inserting what differs, so that what stays keeps its selection. For
/// short lists. \a isSame tells whether two rows are about the same thing; what such a row says may differ, and is for
/// the caller to put in place afterwards. \a remove and \a insert take (at, count) and carry it out in \a rows; inserted
/// are the rows of \a after at the same place. What moved is removed and inserted.
template <class List, class IsSame, class Remove, class Insert>
void spliceRows(const List &rows, const List &after, IsSame isSame, Remove remove, Insert insert)
{
    const auto find = [&](qsizetype from, const auto &row) {
        for (qsizetype i = from; i < rows.size(); ++i) {
            if (isSame(rows[i], row))
                return i;
        }
        return qsizetype{-1};
    };
    for (qsizetype at = 0; at < after.size(); ++at) {
        const qsizetype found = find(at, after[at]);
        if (found > at)
            remove(static_cast<int>(at), static_cast<int>(found - at));
        if (found >= 0)
            continue;
        qsizetype end = at + 1;
        while (end < after.size() && find(at, after[end]) < 0)
            ++end;
        insert(static_cast<int>(at), static_cast<int>(end - at));
        at = end - 1;
    }
    if (rows.size() > after.size())
        remove(static_cast<int>(after.size()), static_cast<int>(rows.size() - after.size()));
}

} // namespace countersign
