#pragma once

#include "backend/intents/intentstore.h"
#include "backend/types/timestamp.h"

#include <QString>
#include <QVector>

#include <expected>
#include <vector>

namespace countersign {

/// What is wrong in a filter line, where (in characters), and what to write instead.
struct IntentFilterError {
    qsizetype position = 0;
    qsizetype length = 0;
    QString message;
    QString hint;
    bool operator==(const IntentFilterError &) const = default;
};

/// One condition of a filter line.
struct IntentFilterTerm {
    enum class Field { Text, Id, Vault, Chain, Party, Asset, Action, Adapter, Relayer, Reason, State, Age, Amount, Nonce };
    enum class Relation { Is, Less, LessOrEqual, Greater, GreaterOrEqual };
    Field field = Field::Text;
    Relation relation = Relation::Is;
    bool negated = false;
    QStringList words; ///< any of them; lower case
    qint64 number = 0; ///< Age: microseconds; Nonce
    double amount = 0; ///< Amount
    quint16 phases = 0; ///< State: bits of IntentPhase
    quint8 flags = 0; ///< State: IntentFlag
    bool open = false; ///< State: any that is not settled
    bool operator==(const IntentFilterTerm &) const = default;
};

/// A filter line, e.g. `vault:treasury state:stuck,failed age:>10m -chain:polygon free text`. Terms are joined by "and", values of one
/// term by "or", a leading "-" negates, quotes keep blanks. Names match as parts and without regard to case. `age` counts from creation,
/// of settled intents to their settling. Times: 90s, 10m, 2h, 3d.
class IntentFilter final
{
public:
    IntentFilter() = default;

    static constexpr qsizetype longestLine = 1000;
    static std::expected<IntentFilter, IntentFilterError> parse(const QString &line);

    bool isEmpty() const { return m_terms.empty(); }
    bool dependsOnTime() const;
    const std::vector<IntentFilterTerm> &terms() const { return m_terms; }
    bool operator==(const IntentFilter &) const = default;

    struct Completion {
        QString text; ///< what replaces the characters from `position` on for `length`
        QString label; ///< what it means, e.g. the number of intents or the unit
        qsizetype position = 0;
        qsizetype length = 0;
    };
    /// What could stand at the cursor, best first, at most 20: keys, then values known to the store.
    static QVector<Completion> complete(const QString &line, qsizetype cursor, const IntentStore &store);

private:
    std::vector<IntentFilterTerm> m_terms;
};

} // namespace countersign
