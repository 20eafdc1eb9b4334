#pragma once

#include "backend/types/hash32.h"

#include <QString>
#include <QStringList>

namespace countersign {

/// A hash as a Ledger shows it: "0xAB12…", the digits in upper case.
[[nodiscard]] QString deviceText(const Hash32 &hash);
/// The digits alone, in eight groups of eight for the eye.
[[nodiscard]] QStringList deviceGroups(const Hash32 &hash);

} // namespace countersign
