#pragma once

#include "backend/evm/jsonabi.h"
#include "backend/types/bytes.h"

#include <QString>

namespace countersign {

/// What a relayer does about a vault that reverts.
struct Refusal {
    enum class Kind {
        Executed, ///< somebody carried the intent out before
        Final, ///< it can never succeed as it is: acknowledge
        Passing, ///< it may succeed later: try again until its deadline
    };
    Kind kind = Kind::Passing;
    QString outcome; ///< of a Final one: failed, expired, rejected
    QString name; ///< the error's name, for metrics
    QString text; ///< the error with its arguments, for people
};

/// Judges revert data of executeIntent with the vault's, registry's and adapters' errors.
Refusal judgeRevert(const Bytes &revertData, const JsonAbi &abi);

/// The interfaces of the contracts that an intent passes through, from the folder of ABIs.
Result<JsonAbi> loadVaultAbi(const QString &folder);

} // namespace countersign
