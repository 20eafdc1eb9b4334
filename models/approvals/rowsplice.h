#pragma once

#include <QtGlobal>

#include <algorithm>

namespace countersign {

/// How one list of rows becomes another by replacing one stretch of it: enough for short lists that mostly grow.
struct RowSplice {
    int at = 0;
    int removed = 0;
    int inserted = 0;

    template <class List> static RowSplice between(const List &before, const List &after)
    {
        const auto common = std::min(before.size(), after.size());
        qsizetype head = 0;
        while (head < common && before[head] == after[head])
            ++head;
        qsizetype tail = 0;
        while (tail < common - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
            ++tail;
        return {static_cast<int>(head), static_cast<int>(before.size() - head - tail),
            static_cast<int>(after.size() - head - tail)};
    }
};

} // namespace countersign
