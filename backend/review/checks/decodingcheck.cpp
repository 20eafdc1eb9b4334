#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

bool isReadByTree(const ReviewedCall &call)
{
    const SafeCallKind kind = call.node->kind;
    return call.creation || (kind != SafeCallKind::Plain && kind != SafeCallKind::Transfer && kind != SafeCallKind::Malformed);
}

class DecodingCheck final : public ReviewCheck {
public:
    DecodingCheck()
        : ReviewCheck({13, "decoding"_L1, u"What the call says",
            u"A call is read by the interface of a build that is known here. For any other contract its first four bytes name "
            u"a function only perhaps: different functions share them.",
            u"Labels that come from whoever wrote the proposal, or from a service."})
    {
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        const ReadCall &read = call.read;
        const QString selector = toHex(call.node->data.left(Selector::size));
        switch (read.reading) {
        case CallReading::Empty:
        case CallReading::Dirty:
            return;
        case CallReading::Known:
            report.info("call.decoded"_L1,
                u"The call is %1; encoding it again gives the same bytes"_s.arg(read.decoded.signature),
                u"%1, by the interface of %2"_s.arg(selector, read.source));
            return;
        case CallReading::Claimed:
            if (isReadByTree(call))
                return;
            report.warn("call.claimed"_L1,
                u"The call is %1 by the interface that its proposer attached: nobody here knows whether the contract does "
                u"what the name says"_s.arg(read.decoded.signature),
                u"%1, by %2; encoding it again gives the same bytes"_s.arg(selector, read.source));
            return;
        case CallReading::Guessed:
            if (isReadByTree(call))
                return;
            report.warn("call.guess"_L1,
                u"The contract is not ours: that the call is %1 is a guess from its first four bytes"_s.arg(
                    read.decoded.signature),
                read.decoded.collisions.isEmpty() ? selector : u"%1 is also %2"_s.arg(selector, read.decoded.collisions.join(u", "_s)));
            return;
        case CallReading::Unknown:
            break;
        }
        if (isReadByTree(call))
            return;
        if (desk.book.role(call.node->to) != ContractRole::Unknown)
            report.block("call.unknown"_L1,
                u"%1 has no function that a proposal may call by %2"_s.arg(desk.book.describe(call.node->to), selector),
                selector);
        else
            report.warn("call.unknown"_L1, u"The call cannot be read: its function is not known"_s, selector);
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeDecodingCheck()
{
    return std::make_unique<DecodingCheck>();
}

} // namespace countersign
