#pragma once

#include <QByteArray>

namespace countersign {

struct Policy;

/// A policy file that reads back as the same policy. Comments of the file that it was read from are lost.
QByteArray toYaml(const Policy &policy);

/// What the policy's id is the hash of: JSON without spaces, members in the order of their names' UTF-8, every value a
/// text. Severities, which have no order, stand by id; everything else in the order of the file.
QByteArray canonicalPolicy(const Policy &policy);

} // namespace countersign
