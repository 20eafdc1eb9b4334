#include "backend/safe/safecalltree.h"

#include "backend/safe/safecalls.h"
#include "backend/safe/safecontracts.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class Reader final {
public:
    Reader(ChainId chain, const SafeCallTreeLimits &limits)
        : m_chain(chain)
        , m_limits(limits)
    {
    }

    SafeCallNode read(SafeCallNode node, int depth)
    {
        ++m_nodes;
        if (node.data.isEmpty()) {
            node.kind = SafeCallKind::Transfer;
            return node;
        }
        const auto selector = Selector::leading(node.data);
        if (!selector)
            return node;
        if (*selector == batchSelector())
            readBatch(node, depth);
        else if (*selector == executionSelector())
            readExecution(node, nullptr, depth);
        else if (const AbiFunction *byModule = moduleFunction(*selector))
            readExecution(node, byModule, depth);
        else
            readLeaf(node);
        return node;
    }

private:
    static Selector batchSelector()
    {
        static const Selector selector = safeAbi().function(u"multiSend")->selector();
        return selector;
    }
    static Selector executionSelector()
    {
        static const Selector selector = safeAbi().function(u"execTransaction")->selector();
        return selector;
    }
    // What a module calls, when the selector is of that; both take the same arguments.
    static const AbiFunction *moduleFunction(Selector selector)
    {
        static const AbiFunction *const plain = safeAbi().function(u"execTransactionFromModule");
        static const AbiFunction *const returning = safeAbi().function(u"execTransactionFromModuleReturnData");
        return selector == plain->selector() ? plain : selector == returning->selector() ? returning : nullptr;
    }

    static void malformed(SafeCallNode &node, const QString &problem)
    {
        node.kind = SafeCallKind::Malformed;
        node.problem = problem;
        node.children.clear();
    }

    bool mayDescend(SafeCallNode &node, int depth, size_t children)
    {
        if (depth >= m_limits.maxDepth) {
            malformed(node, u"Calls are nested deeper than this program reads."_s);
            return false;
        }
        if (static_cast<qsizetype>(children) > m_limits.maxNodes - m_nodes) {
            malformed(node, u"There are more calls than this program reads."_s);
            return false;
        }
        return true;
    }

    void readBatch(SafeCallNode &node, int depth)
    {
        // An unknown library could take the zero address for the Safe, as the latest known one does.
        MultiSendLibrary library{.kind = MultiSendKind::Full, .version = SafeVersion::v150()};
        if (const auto known = knownSafeContract(node.to, m_chain)) {
            const SafeContract contract = known->deployment.contract;
            if (contract == SafeContract::MultiSend || contract == SafeContract::MultiSendCallOnly) {
                node.knownLibrary = known->listed;
                library = {.kind = contract == SafeContract::MultiSend ? MultiSendKind::Full : MultiSendKind::CallOnly,
                           .version = known->deployment.version};
            }
        }
        // By a plain call it is the library that calls, not the Safe.
        const Address caller = node.operation == SafeOperation::DelegateCall ? node.runsAs : node.to;
        auto batch = decodeMultiSend(node.data, library, caller);
        if (!batch)
            return malformed(node, batch.error().message);
        if (!mayDescend(node, depth, batch->size()))
            return;
        node.kind = SafeCallKind::Batch;
        node.children.reserve(batch->size());
        for (MultiSendTransaction &entry : *batch) {
            SafeCallNode child;
            child.runsAs = caller;
            child.operation = entry.operation;
            child.zeroMeansSelf = entry.effectiveTo != entry.to;
            child.to = entry.effectiveTo;
            child.value = entry.value;
            child.data = std::move(entry.data);
            node.children.push_back(read(std::move(child), depth + 1));
        }
    }

    // Signed by the owners, or by a module through that function.
    void readExecution(SafeCallNode &node, const AbiFunction *byModule, int depth)
    {
        SafeCallNode child;
        child.runsAs = node.operation == SafeOperation::DelegateCall ? node.runsAs : node.to;
        if (!byModule) {
            auto inner = decodeExecTransaction(node.data);
            if (!inner)
                return malformed(node, inner.error().message);
            child.operation = inner->transaction.operation;
            child.to = inner->transaction.to;
            child.value = inner->transaction.value;
            child.data = std::move(inner->transaction.data);
        } else {
            const auto values = byModule->decodeCall(node.data);
            if (!values)
                return malformed(node, values.error().message);
            const Uint256 &operation = *(*values)[3].get<Uint256>();
            if (operation > Uint256(1))
                return malformed(node, u"The operation is neither a call nor a delegatecall."_s);
            child.operation = operation.isZero() ? SafeOperation::Call : SafeOperation::DelegateCall;
            child.to = *(*values)[0].get<Address>();
            child.value = *(*values)[1].get<Uint256>();
            child.data = *(*values)[2].get<Bytes>();
        }
        if (!mayDescend(node, depth, 1))
            return;
        node.kind = SafeCallKind::Execution;
        node.children.push_back(read(std::move(child), depth + 1));
    }

    void readLeaf(SafeCallNode &node)
    {
        if (take(node, decodeManagementCall(node.data), node.management, SafeCallKind::Management)
            || take(node, decodeCreateCall(node.data), node.creation, SafeCallKind::Creation)
            || take(node, decodeProxyCreation(node.data), node.proxy, SafeCallKind::ProxyCreation)) {
            const auto known = knownSafeContract(node.to, m_chain);
            node.knownLibrary = known && known->listed;
        }
    }

    // Whether the data calls this; NotFound means that it calls something else.
    template<class Call>
    static bool take(SafeCallNode &node, Result<Call> call, std::optional<Call> &field, SafeCallKind kind)
    {
        if (!call) {
            if (call.error().kind == ErrorKind::NotFound)
                return false;
            malformed(node, call.error().message);
            return true;
        }
        node.kind = kind;
        field = *std::move(call);
        return true;
    }

    ChainId m_chain;
    SafeCallTreeLimits m_limits;
    qsizetype m_nodes = 0;
};

void append(std::vector<const SafeCallNode *> &list, const SafeCallNode &node)
{
    list.push_back(&node);
    for (const SafeCallNode &child : node.children)
        append(list, child);
}

} // namespace

SafeCallNode readSafeCallTree(const SafeTransaction &transaction, const Address &safe, ChainId chain, const SafeCallTreeLimits &limits)
{
    SafeCallNode root;
    root.runsAs = safe;
    root.operation = transaction.operation;
    root.to = transaction.to;
    root.value = transaction.value;
    root.data = transaction.data;
    return Reader(chain, limits).read(std::move(root), 0);
}

std::vector<const SafeCallNode *> flattened(const SafeCallNode &root)
{
    std::vector<const SafeCallNode *> list;
    append(list, root);
    return list;
}

} // namespace countersign
