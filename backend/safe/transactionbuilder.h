#pragma once

#include "backend/evm/abifunction.h"
#include "backend/types/ids.h"

#include <QStringList>

#include <optional>
#include <utility>

namespace countersign {

/// One transaction of a file of Safe's transaction builder. The file says no operation: all are calls, run as a batch.
struct BuilderTransaction {
    Address to = {};
    Uint256 value = {};
    Bytes data = {}; ///< what would be sent: the file's own data, else what is computed from method and values

    bool hasData = false;                                  ///< the file gives data itself
    std::optional<AbiFunction> method = {};                ///< as the file claims it; whoever wrote the file chose the names
    std::vector<std::pair<QString, QString>> inputs = {};  ///< contractInputsValues, in the file's order
    std::optional<Bytes> computed = {};                    ///< of method and inputs
    QString problem = {};                                  ///< why nothing can be computed although the file has a method
    /// The file's data is not what its method and values say. The data wins, and the person was shown something else.
    bool disagrees = false;
};

struct TransactionBuilderFile {
    ChainId chainId = {};
    quint64 createdAt = 0; ///< milliseconds since 1970
    QString name = {};
    QString description = {};
    QString builderVersion = {};
    std::optional<Address> createdFromSafe = {};  ///< a claim
    std::optional<Address> createdFromOwner = {}; ///< a claim
    std::optional<Hash32> checksum = {};          ///< as the file gives it; keyless, so it finds damage and no tampering
    std::vector<BuilderTransaction> transactions = {};

    Hash32 computedChecksum = {};
    QStringList unknownMembers = {}; ///< what the file holds beyond the format, by path; nothing of it is used

    bool checksumMatches() const { return checksum == computedChecksum; }
};

struct TransactionBuilderLimits {
    qsizetype maxBytes = 4 * 1024 * 1024;
    qsizetype maxTransactions = 4'096;
};

/// Reads a file strictly (version "1.0"). Error Invalid says which member is wrong; Exhausted beyond the limits. A
/// transaction that is no plain call (an "operation" of its own) is refused. A transaction whose data cannot be computed has
/// its `problem` and makes no error, since the others can still be read; one with neither data nor a computed one is refused.
Result<TransactionBuilderFile> readTransactionBuilderFile(const QByteArray &utf8, const TransactionBuilderLimits &limits = {});

/// Writes a file that the transaction builder reads, with its checksum. Data is always given.
QByteArray writeTransactionBuilderFile(const TransactionBuilderFile &file);

/// The data that a method makes of text values, by name or, for inputs without a name, by position. Error Invalid.
Result<Bytes> computeBuilderData(const AbiFunction &method, const std::vector<std::pair<QString, QString>> &inputs);

} // namespace countersign
