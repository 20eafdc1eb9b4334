#pragma once

#include "backend/metrics/prometheusreply.h"
#include "backend/types/json.h"

namespace countersign {

/// What stands under "data" of a small answer, of the kind that it must have; errors as parsePrometheusEnvelope, else Corrupt.
Result<JsonText> parsePrometheusDocument(int httpStatus, const QByteArray &body, JsonView::Kind kind, const PrometheusLimits &limits);

/// Exhausted when a list has more entries than are read.
Result<void> withinLimit(const JsonView &list, const PrometheusLimits &limits);

} // namespace countersign
