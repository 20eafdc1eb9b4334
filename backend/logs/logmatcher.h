#pragma once

#include "backend/logs/linefinder.h"
#include "backend/logs/logblock.h"
#include "backend/logs/logquery.h"

#include <QByteArrayView>

#include <functional>
#include <vector>

namespace countersign {

struct LogLine;

/// A query made ready for many lines. A line is taken apart only when its bytes do not decide. Usable from several
/// threads at once.
class LogMatcher final {
public:
    explicit LogMatcher(LogQuery query);

    /// False: no line of this relayer's log matches.
    [[nodiscard]] bool mayBeOf(const QString &source) const;
    /// False: no line of the block matches.
    [[nodiscard]] bool mayBeIn(const LogBlock &block) const;
    /// Calls \a found with the place of every line of \a lines that matches, ascending, until it answers false.
    void scan(QByteArrayView lines, const std::function<bool(qsizetype from, qsizetype size, Timestamp time)> &found) const;
    /// Of a line that has been read already; \a source is its relayer.
    [[nodiscard]] bool holds(const LogLine &line, QByteArrayView raw) const;

private:
    struct Condition {
        LogCondition of;
        std::vector<LineFinder> raw; // one of these must be in a line in which a word is; empty: bytes do not decide
    };

    [[nodiscard]] static Condition prepared(LogCondition condition);
    [[nodiscard]] bool holdsIn(const Condition &condition, const LogLine &line, QByteArrayView raw) const;
    [[nodiscard]] bool matches(QByteArrayView line, Timestamp &time) const;
    void chooseDriver();

    LogQuery m_query;
    std::vector<Condition> m_conditions;
    const Condition *m_driver = nullptr; // whose words lead from line to line
};

} // namespace countersign
