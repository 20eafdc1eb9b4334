#include "backend/evm/opcodes.h"
#include "backend/review/checks/allchecks.h"
#include "backend/review/upgrades.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

class OpcodeCheck final : public ReviewCheck {
public:
    OpcodeCheck()
        : ReviewCheck({39, "opcode"_L1, u"The chain can run the new code",
            u"Compilers write instructions that only newer hard forks have, and not every chain has had them. The instructions "
            u"of the new code are read, and the node is asked at this block to run each of those that are young.",
            u"A contract that deploys and then fails in the one function that matters, with the funds already in it."})
    {
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        if (call.creation)
            lookAtCode(desk, call.creation->initCode, report);
        if (const auto upgrade = upgradeIn(call)) {
            if (const ContractFacts *facts = desk.context.contract(upgrade->implementation); facts && facts->hasCode())
                lookAtCode(desk, facts->code, report);
        }
    }

private:
    static void lookAtCode(const ReviewDesk &desk, const Bytes &code, const CheckReport &report)
    {
        for (const quint8 used : youngOpcodesIn(code)) {
            const YoungOpcode &opcode = *youngOpcode(used);
            const auto facts = std::ranges::find(desk.context.opcodes, used, &OpcodeFacts::opcode);
            if (facts == desk.context.opcodes.end() || !facts->isThere)
                report.notRun(desk.context.isOnline ? u"The node does not tell whether the chain has %1"_s.arg(opcode.name)
                                                    : u"Which instructions the chain has is asked of a node"_s);
            else if (!*facts->isThere)
                report.block("opcode.missing"_L1,
                    u"The new code may use %1, which this chain does not have: it would fail there"_s.arg(opcode.name),
                    u"instruction 0x%1, of Ethereum's %2 fork; found by reading the code from the front"_s.arg(used, 2, 16, QChar(u'0')).arg(opcode.since));
        }
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeOpcodeCheck()
{
    return std::make_unique<OpcodeCheck>();
}

} // namespace countersign
