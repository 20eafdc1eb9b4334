#pragma once

#include "backend/logs/logquery.h"
#include "models/intents/intentfilter.h"

#include <QString>

#include <expected>

namespace countersign {

/// A filter line of the log, in the language of the intents' filter: `level:>=warn intent:abc -relayer:relayer-2 "free
/// text"`. Any other field of the lines may be named: `chain:polygon,ethereum`. Errors say where and what to write.
[[nodiscard]] std::expected<LogQuery, IntentFilterError> parseLogFilter(const QString &line);

} // namespace countersign
