#include "backend/logs/log.h"

namespace countersign {

Q_LOGGING_CATEGORY(lcLogs, "countersign.logs", QtInfoMsg)

} // namespace countersign
