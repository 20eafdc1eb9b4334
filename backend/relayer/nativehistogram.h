#pragma once

#include "backend/relayer/exposition.h"

#include <QByteArrayView>

namespace countersign {

// Private to this folder.

/// Decodes io.prometheus.client.Histogram. Absent: it has no native part.
[[nodiscard]] Result<std::shared_ptr<const NativeHistogram>> readNativeHistogram(QByteArrayView message);

/// The double in eight bytes as protobuf has it.
[[nodiscard]] double doubleOf(quint64 bits);

} // namespace countersign
