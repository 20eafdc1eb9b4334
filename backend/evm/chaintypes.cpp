#include "backend/evm/chaintypes.h"

namespace countersign {
} // namespace countersign
