#include "backend/safe/safestate.h"

#include <algorithm>

namespace countersign {

bool SafeState::isOwner(const Address &address) const
{
    return std::ranges::find(owners, address) != owners.end();
}

} // namespace countersign
