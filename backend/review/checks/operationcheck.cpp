#include "backend/review/checks/allchecks.h"
#include "backend/safe/safecontracts.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

bool mayRunAsTheSafe(SafeContract contract)
{
    switch (contract) {
    case SafeContract::MultiSend:
    case SafeContract::MultiSendCallOnly:
    case SafeContract::CreateCall:
    case SafeContract::SignMessageLib:
    case SafeContract::SafeMigration:
    case SafeContract::SafeToL2Migration:
        return true;
    default:
        return false;
    }
}

class OperationCheck final : public ReviewCheck {
public:
    OperationCheck()
        : ReviewCheck({8, "operation"_L1, u"Delegatecalls only to known libraries",
            u"A delegatecall runs foreign code as the Safe: it can replace the Safe's owners, its code and everything it owns. "
            u"Only published libraries of Safe are allowed, by address and by the hash of their code.",
            u"Bybit (February 2025): a transfer of nothing, by delegatecall, put the attacker's code behind the Safe."})
    {
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        if (!call.isDelegate())
            return;
        const SafeCallNode &node = *call.node;
        if (!node.value.isZero())
            report.warn("operation.value"_L1, u"A value is signed that a delegatecall ignores"_s, node.value.toDecimal());
        const auto known = knownSafeContract(node.to, desk.subject.chainId);
        const ContractFacts *facts = desk.context.contract(node.to);
        const QString name = known ? u"%1 %2"_s.arg(safeContractName(known->deployment.contract), known->deployment.version.toString())
                                   : QString();
        if (!known || !mayRunAsTheSafe(known->deployment.contract)) {
            report.block("operation.delegatecall"_L1,
                u"The Safe would run foreign code as itself (delegatecall); the target is not on the allow-list"_s,
                node.to.toString());
            return;
        }
        if (facts && facts->codeHash != known->deployment.codeHash) {
            report.block("operation.code"_L1,
                u"At the address of %1 stands other code than the published one: the Safe would run it as itself"_s.arg(name),
                u"code %1, published %2"_s.arg(facts->codeHash.toString(), known->deployment.codeHash.toString()));
            return;
        }
        if (!facts && desk.context.isOnline) {
            report.block("operation.code"_L1, u"The code of %1 could not be read from the chain"_s.arg(name), node.to.toString());
            return;
        }
        if (!facts) {
            if (!known->listed)
                report.warn("operation.unlisted"_L1,
                    u"%1 is not listed for this chain: only its code would prove it"_s.arg(name), node.to.toString());
            report.notRun(u"That the code of %1 is the published one is on the chain; its address is"_s.arg(name));
        }
        report.info("operation.library"_L1,
            u"The Safe runs %1 as itself, a published library%2"_s.arg(name, facts ? u", by its code"_s : u", by its address"_s),
            node.to.toString());
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeOperationCheck()
{
    return std::make_unique<OperationCheck>();
}

} // namespace countersign
