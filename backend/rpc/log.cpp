#include "backend/rpc/log.h"

namespace countersign {

Q_LOGGING_CATEGORY(lcRpc, "countersign.rpc")

} // namespace countersign
