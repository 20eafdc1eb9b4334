#pragma once

#include <QLoggingCategory>

namespace countersign {

Q_DECLARE_LOGGING_CATEGORY(lcLogs)

} // namespace countersign
