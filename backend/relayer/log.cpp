#include "backend/relayer/log.h"

namespace countersign {

Q_LOGGING_CATEGORY(lcRelayer, "countersign.relayer")

} // namespace countersign
