#pragma once

#include "backend/environment/environmentproblem.h"
#include "backend/policy/policy.h"

#include <expected>

namespace countersign {

/// YAML to policy, with every problem of the file at once.
std::expected<Policy, EnvironmentProblems> readPolicy(const QByteArray &yaml, const PolicyLoadOptions &options = {});

} // namespace countersign
