#pragma once

#include "models/intents/intentfilter.h"

#include <vector>

namespace countersign {

/// A filter made ready for one moment of the store: names are looked up once in the pools, rows are then compared by code, a column at a
/// time. Valid until the store changes.
class IntentMatcher final
{
public:
    IntentMatcher(const IntentFilter &filter, const IntentStore &store, Timestamp now);

    bool matches(quint32 row) const;
    /// Appends the matching rows of [from, to) to `found`, ascending.
    void scan(quint32 from, quint32 to, std::vector<quint32> &found) const;

private:
    enum class Column { Id, Vault, Chain, Party, Asset, Action, Adapter, Relayer, Reason, State, Age, Amount, Nonce, Text };
    struct Condition {
        Column column = Column::Text;
        IntentFilterTerm term;
        std::vector<quint8> codes; ///< by pool code: 1 when its text matches
        std::vector<quint8> vaults; ///< these six for free text, which looks everywhere
        std::vector<quint8> chains;
        std::vector<quint8> parties;
        std::vector<quint8> assets;
        std::vector<quint8> actions;
        std::vector<quint8> reasons;
        std::vector<QByteArray> words; ///< UTF-8, lower case
    };

    quint32 narrow(const Condition &condition, const IntentColumns &columns, const quint16 *in, quint32 count, quint16 *out) const;
    bool holds(const Condition &condition, const IntentColumns &columns, std::size_t i) const;
    bool idContains(const Condition &condition, quint32 position) const;

    const IntentStore &m_store;
    std::vector<Condition> m_conditions;
    qint64 m_now = 0;
};

} // namespace countersign
