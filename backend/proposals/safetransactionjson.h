#pragma once

#include "backend/safe/safetransaction.h"

#include <QJsonObject>

namespace countersign {

class MemberReader;

inline constexpr qsizetype maxTransactionData = 128 * 1024; ///< bytes; what a node's pool takes

/// The ten fields of a Safe transaction as every file of the exchange writes them: texts, numbers in decimal digits.
QJsonObject safeTransactionJson(const SafeTransaction &transaction);
/// The member "transaction" of a file; its problems are those of \a reader. The size of the data is not judged.
SafeTransaction readSafeTransaction(MemberReader &reader);

} // namespace countersign
