#pragma once

#include "backend/intents/intentstore.h"

#include <QHash>

#include <optional>
#include <vector>

namespace countersign {

/// What a table sorts by.
enum class IntentSortKey { Created, Since, Age, State, Id, Vault, Chain, Party, Action, Amount, Asset, Nonce, Attempts, Relayer, Reason };

/// Rows of the store in the order of a key. Kept ascending, with ties by row number; descending is the same vector read from its end, so
/// that the newest of a growing store is appended either way. Finds a row by its key in log n steps, also after the key changed, when it
/// was told what the row was before.
class IntentOrder final
{
public:
    explicit IntentOrder(const IntentStore &store);

    std::size_t size() const { return m_rows.size(); }
    quint32 at(std::size_t position) const { return m_rows[physical(position)]; }
    bool isDescending() const { return m_descending; }
    void setDescending(bool descending) { m_descending = descending; }
    IntentSortKey key() const { return m_key; }

    /// Takes these rows in their order by the key; radix sort for numbers and names.
    void assign(std::vector<quint32> rows, IntentSortKey key);
    void clear() { m_rows.clear(); }

    /// From now until settle(), the row is looked up as what it was.
    void remember(quint32 row, const IntentRow &before);
    void settle() { m_before.clear(); }
    bool isRemembered(quint32 row) const { return m_before.contains(row); }
    std::vector<quint32> remembered() const;
    /// Whether a remembered row would now be looked up elsewhere.
    bool keyChanged(quint32 row) const;

    /// Where a row stands, or nothing when it is not in the order.
    std::optional<std::size_t> positionOf(quint32 row) const;
    /// Sorts rows by what they are now.
    void sort(std::vector<quint32> &rows) const;
    bool less(quint32 a, quint32 b) const;

    /// Physical side, for those who announce changes: ascending positions in the vector.
    std::vector<quint32> &rows() { return m_rows; }
    const std::vector<quint32> &rows() const { return m_rows; }
    std::size_t physical(std::size_t position) const { return m_descending ? m_rows.size() - 1 - position : position; }
    std::size_t lowerBound(quint32 row) const;

private:
    qint64 number(quint32 row) const;
    qint64 number(const IntentRow &row) const;
    IntentRow keyOf(quint32 row) const;
    QByteArrayView id(quint32 row) const;

    const IntentStore &m_store;
    std::vector<quint32> m_rows;
    IntentSortKey m_key = IntentSortKey::Created;
    bool m_descending = true;
    QHash<quint32, IntentRow> m_before;
};

} // namespace countersign
