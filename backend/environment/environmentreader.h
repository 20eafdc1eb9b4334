#pragma once

#include "backend/environment/environment.h"
#include "backend/environment/yamltree.h"

#include <expected>

namespace countersign {

/// YAML to profile, with every problem of the file at once. Relative paths are taken from `folder`; where that is empty they are problems.
std::expected<Environment, EnvironmentProblems> readEnvironment(const QByteArray &yaml, const QString &folder);

} // namespace countersign
