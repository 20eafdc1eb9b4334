#pragma once

#include "backend/safe/safecreate.h"
#include "backend/safe/safefactory.h"
#include "backend/safe/safemanagement.h"
#include "backend/safe/safemultisend.h"

#include <optional>
#include <vector>

namespace countersign {

enum class SafeCallKind {
    Plain,      ///< anything else: what it does only its target's interface says
    Transfer,   ///< no data
    Batch,      ///< multiSend; the children run as the Safe
    Execution,  ///< execTransaction or execTransactionFromModule of a Safe; the child runs as that Safe
    Management, ///< settings of a Safe
    Creation,   ///< CreateCall
    ProxyCreation,
    Malformed,  ///< calls one of these with data that is not canonical, or nests too deep
};

/// A call that a Safe makes, with the calls inside it.
struct SafeCallNode {
    SafeCallKind kind = SafeCallKind::Plain;
    Address runsAs; ///< whose storage and name it runs in when it is a delegatecall, and who calls when it is none
    SafeOperation operation = SafeOperation::Call;
    Address to;
    Uint256 value;
    Bytes data;
    bool zeroMeansSelf = false; ///< the batch names the zero address and reaches the Safe: a hidden call to itself
    bool knownLibrary = false;  ///< of Batch and Creation: `to` is a published library on this chain, by address
    std::optional<SafeManagementCall> management = {};
    std::optional<CreateCall> creation = {};
    std::optional<ProxyCreation> proxy = {};
    QString problem = {}; ///< of Malformed
    std::vector<SafeCallNode> children = {};
};

struct SafeCallTreeLimits {
    int maxDepth = 8;
    qsizetype maxNodes = 16'384;
};

/// Takes a Safe's transaction apart, through batches and through other Safes. Total: what cannot be read is Malformed and
/// says why. A batch through an unknown library is read with the worst meaning that a library could give it.
SafeCallNode readSafeCallTree(const SafeTransaction &transaction, const Address &safe, ChainId chain, const SafeCallTreeLimits &limits = {});

/// The tree in the order in which the calls run, the outermost first.
std::vector<const SafeCallNode *> flattened(const SafeCallNode &root);

} // namespace countersign
