#pragma once

#include "backend/evm/codeverification.h"

namespace countersign {

enum class CodeEnd {
    Closed, ///< both codes end together; metadata at the end may have another length, or be missing
    Open,   ///< the code may go on behind the build: constructor arguments
};

/// Compares code with `expected`: the build with all places filled in that a deployment fills. Metadata is looked for in
/// the build itself, where nobody but the compiler wrote. Adds reasons, whose codes begin with `label`.
CodeMatch compareCode(QByteArrayView build, QByteArrayView expected, QByteArrayView code, CodeEnd end, QLatin1StringView label,
                      std::vector<CodeReason> &reasons);

} // namespace countersign
