#pragma once

#include "backend/types/timestamp.h"

#include <QString>

#include <chrono>
#include <optional>

namespace countersign {

/// What a panel wants to know: the values of an expression over a range, or at one time.
struct QueryRequest {
    QString expression;
    Timestamp start; ///< of a range
    Timestamp end; ///< of a range, included; of an instant query its time, null: now
    std::chrono::milliseconds step{0}; ///< 0: an instant query

    static QueryRequest range(QString expression, Timestamp start, Timestamp end, std::chrono::milliseconds step)
    {
        return {std::move(expression), start, end, step};
    }
    static QueryRequest instant(QString expression, std::optional<Timestamp> time = {})
    {
        return {std::move(expression), {}, time.value_or(Timestamp()), {}};
    }
    bool isRange() const { return step.count() > 0; }
    bool operator==(const QueryRequest &) const = default;
};

/// A stretch of times on the grid of a step, both ends included; empty when last < first. Indexes of steps since 1970, so that it is whole numbers
/// that are compared.
struct QueryWindow {
    qint64 first = 0;
    qint64 last = -1;

    bool isEmpty() const { return last < first; }
    qint64 size() const { return isEmpty() ? 0 : last - first + 1; }
    bool contains(const QueryWindow &other) const { return other.isEmpty() || (first <= other.first && other.last <= last); }
    bool operator==(const QueryWindow &) const = default;
};

/// Both ends down to the step: the same grid for whoever asks with this step, and at whatever moment.
QueryWindow windowOf(const QueryRequest &request);

/// Whether the values of an expression depend on the ends of the range (@ start(), @ end()): such answers cannot be put together from parts.
bool dependsOnRange(const QString &expression);

} // namespace countersign
