#include "backend/canton/log.h"

namespace countersign {

Q_LOGGING_CATEGORY(lcCanton, "countersign.canton")

} // namespace countersign
