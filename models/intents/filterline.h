#pragma once

#include "models/intents/intentfilter.h"

#include <expected>
#include <optional>
#include <vector>

namespace countersign {

/// One blank-separated word of a filter line, taken apart but not yet understood. Positions count characters of the line.
struct FilterWord {
    qsizetype position = 0;
    qsizetype end = 0;
    bool negated = false;
    bool quoted = false;
    QString key; ///< empty: free text
    QString value; ///< without its quotes
    qsizetype valuePosition = 0;
};

std::expected<std::vector<FilterWord>, IntentFilterError> splitFilterLine(const QString &line);

std::optional<IntentFilterTerm::Field> filterKey(const QString &name);
QStringList filterKeyNames();
QStringList filterStates(); ///< phases, flags, "open" and "settled"

/// The candidate that begins alike or is at most two mistakes away; empty when none is.
QString nearestOf(const QString &word, const QStringList &candidates);
QString nearestFilterKey(const QString &word);

} // namespace countersign
