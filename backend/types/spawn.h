#pragma once

#include <QCoroTask>

namespace countersign {

/// Lets a task run on its own. What it throws is logged instead of lost; a task that is merely dropped would hide it.
void spawn(QCoro::Task<> task);

} // namespace countersign
