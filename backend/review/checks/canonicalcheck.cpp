#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class CanonicalCheck final : public ReviewCheck {
public:
    CanonicalCheck()
        : ReviewCheck({14, "canonical"_L1, u"Nothing is hidden in the encoding",
            u"What is decoded must encode again to the same bytes. Dirty padding, odd offsets and trailing data are how a "
            u"payload is hidden from viewers that decode loosely.",
            u"Arguments that one decoder shows and another contract reads differently."})
    {
    }

    void lookAtCall(const ReviewDesk & /*desk*/, const ReviewedCall &call, const CheckReport &report) const override
    {
        // What the tree takes apart itself it reads strictly, and says why it cannot.
        if (call.read.reading != CallReading::Dirty || call.node->kind == SafeCallKind::Malformed)
            return;
        report.block("call.dirty"_L1,
            u"The arguments of %1 are not in their one canonical encoding: something is hidden in them"_s.arg(
                call.read.decoded.function),
            call.read.problem);
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeCanonicalCheck()
{
    return std::make_unique<CanonicalCheck>();
}

} // namespace countersign
