#pragma once

#include "backend/relayer/exposition.h"

#include <QByteArrayView>
#include <QString>

#include <optional>

namespace countersign {

// The pieces of one line of the exposition formats. Private to this folder.

/// Takes a metric or label name off the front, plain or in quotes.
[[nodiscard]] std::optional<QString> takeExpositionName(QByteArrayView &text);
/// Resolves \\, \n and \".
[[nodiscard]] QString unescapeExposition(QByteArrayView text);
/// One sample; nothing for a blank line; Corrupt with what is wrong.
[[nodiscard]] Result<std::optional<MetricSample>> parseExpositionSample(QByteArrayView line, bool openMetrics);

} // namespace countersign
