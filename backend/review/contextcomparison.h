#pragma once

#include "backend/review/reviewcontext.h"

#include <QStringList>

namespace countersign {

/// What two nodes say differently of one block, in sentences; empty when they agree. Whether a contract is fresh is left
/// out, because a node may have forgotten old blocks.
QStringList differences(const ReviewContext &first, const ReviewContext &second);

} // namespace countersign
