#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class BatchCheck final : public ReviewCheck {
public:
    BatchCheck()
        : ReviewCheck({9, "batch"_L1, u"Batches are whole and hide nothing",
            u"MultiSend walks its bytes carelessly: up to 32 bytes behind the last entry are ignored, and a truncated entry "
            u"reads on. Only an exact sequence of whole entries is accepted, none of them a delegatecall, and none to the "
            u"zero address, which the libraries of 1.5.0 take for the Safe itself.",
            u"A change of the threshold hidden behind a zero address; entries that a viewer does not show."})
    {
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        const SafeCallNode &node = *call.node;
        if (node.kind == SafeCallKind::Malformed)
            report.block("call.malformed"_L1, u"The call cannot be taken apart: %1"_s.arg(node.problem), node.to.toString());
        if (node.kind == SafeCallKind::Batch && !call.isDelegate())
            report.block("batch.call"_L1,
                u"The batch is called plainly: its calls would be made by the library, and not by the Safe"_s,
                node.to.toString());
        if (node.kind == SafeCallKind::Batch && node.children.empty())
            report.warn("batch.empty"_L1, u"The batch is empty"_s, node.to.toString());
        if (call.parent < 0)
            return;
        const SafeCallNode &parent = *desk.tree.calls()[static_cast<size_t>(call.parent)].node;
        if (parent.kind != SafeCallKind::Batch)
            return;
        if (node.zeroMeansSelf)
            report.block("multisend.zero"_L1,
                u"An entry of the batch names the zero address, which this library takes for the Safe itself: a hidden call "
                u"to the Safe"_s,
                toHex(node.data.left(4)));
        else if (node.to.isZero())
            report.warn("multisend.zero"_L1, u"An entry of the batch goes to the zero address"_s);
        // CreateCall is why a batch may hold a delegatecall at all: only so the Safe is the creator.
        if (call.isDelegate() && node.kind != SafeCallKind::Creation)
            report.block("multisend.delegatecall"_L1, u"An entry of the batch is a delegatecall"_s, node.to.toString());
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeBatchCheck()
{
    return std::make_unique<BatchCheck>();
}

} // namespace countersign
