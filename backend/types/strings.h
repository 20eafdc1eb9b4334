#pragma once

#include <QString>

// u"..."_s, "..."_L1 and "..."_ba everywhere.
using namespace Qt::StringLiterals; // NOLINT(google-global-names-in-headers): literal operators only
