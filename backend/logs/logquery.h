#pragma once

#include "backend/logs/loglevel.h"
#include "backend/types/timestamp.h"

#include <QString>
#include <QStringList>
#include <QVector>

#include <optional>

namespace countersign {

/// One condition on a line. Words match as parts and without regard to the case of ASCII letters.
struct LogCondition {
    enum class Field : quint8 {
        Text, ///< anywhere in the line, as it is written there
        Level,
        Message,
        Relayer, ///< whose log it is
        Named, ///< the field of this name, in any case of letters
    };
    Field field = Field::Text;
    QString name = {}; ///< of Named
    QStringList words = {}; ///< any of them; of Level: level words
    bool atLeast = false; ///< Level: the first word's level and those above
    bool negated = false;

    friend bool operator==(const LogCondition &, const LogCondition &) = default;
};

/// All conditions hold, and the time lies in [from, until).
struct LogQuery {
    QVector<LogCondition> conditions = {};
    std::optional<Timestamp> from = std::nullopt;
    std::optional<Timestamp> until = std::nullopt;

    friend bool operator==(const LogQuery &, const LogQuery &) = default;
};

} // namespace countersign
