#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class ProxyCheck final : public ReviewCheck {
public:
    ProxyCheck()
        : ReviewCheck({15, "proxy"_L1, u"Whose code really runs",
            u"A proxy passes calls on to an implementation, which its administrator can replace. The call is read by the "
            u"implementation's interface, and both addresses are shown.",
            u"A known address with new code behind it (WazirX, July 2024)."})
    {
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        const Address &to = call.node->to;
        const ContractFacts *facts = desk.context.contract(to);
        if (!facts || !facts->proxy || desk.safeOf(to) || facts->proxy->kind == ProxyKind::Delegation)
            return;
        const ProxyFinding &proxy = *facts->proxy;
        const Address *implementation = facts->implementation();
        const QString evidence = implementation ? implementation->toString() : QString();
        if (!implementation) {
            report.warn("proxy.unresolved"_L1,
                u"The target is a proxy (%1) whose implementation could not be found"_s.arg(proxyKindName(proxy.kind)), to.toString());
            return;
        }
        const ContractFacts *behind = desk.context.contract(*implementation);
        if (behind && !behind->hasCode())
            report.block("proxy.empty"_L1,
                u"The target is a proxy, and no code stands where it passes its calls on to"_s, evidence);
        else if (behind && behind->isFresh.value_or(false))
            report.warn("proxy.changed"_L1,
                u"The implementation behind the target is less than a day old: it may have been replaced"_s, evidence);
        lookAtChange(desk, to, *implementation, report);
        lookAtList(desk, to, *implementation, report);
        report.info("proxy.resolved"_L1,
            u"The target is a proxy (%1): the code of %2 runs"_s.arg(
                proxyKindName(proxy.kind), desk.book.describe(*implementation)),
            proxy.admin && !proxy.admin->isZero() ? u"administrator %1"_s.arg(proxy.admin->toString()) : QString());
        if (proxy.admin && *proxy.admin == desk.subject.safe && call.node->runsAs == desk.subject.safe)
            report.warn("proxy.clash"_L1,
                u"The Safe administrates this proxy: the proxy answers administrative calls itself and never passes others on"_s,
                to.toString());
    }

private:
    static void lookAtChange(
        const ReviewDesk &desk, const Address &to, const Address &implementation, const CheckReport &report)
    {
        const ReviewContext &context = desk.context;
        if (!context.reviewedBlock)
            return;
        if (context.reviewedError) {
            report.notRun(u"The node does not show what stood behind the target when it was signed first"_s);
            return;
        }
        const auto before = context.reviewedProxies.constFind(to);
        const Address *then = before == context.reviewedProxies.cend() ? nullptr : before->implementation();
        if (!then || *then != implementation)
            report.block("proxy.replaced"_L1,
                u"Another implementation stands behind the target than when this was signed first"_s,
                u"%1 at block %2, now %3"_s.arg(then ? then->toString() : u"none"_s,
                    QString::number(context.reviewedBlock->value()), implementation.toString()));
    }

    // What the signers of the policy allow behind proxies holds for the contracts that are ours: by address and code.
    static void lookAtList(
        const ReviewDesk &desk, const Address &to, const Address &implementation, const CheckReport &report)
    {
        if (!desk.context.policy || desk.book.role(to) == ContractRole::Unknown)
            return;
        const ContractFacts *behind = desk.context.contract(implementation);
        bool isAsked = false;
        for (const AllowedCode &allowed : desk.context.policy->allow.implementations) {
            if (allowed.published || allowed.chain != desk.subject.chainId)
                continue;
            isAsked = true;
            if (allowed.address == implementation && behind && behind->codeHash == allowed.codeHash)
                return;
        }
        if (isAsked)
            report.block("proxy.unlisted"_L1,
                u"What runs behind %1 is none of the implementations that the policy lists"_s.arg(desk.book.describe(to)),
                behind ? u"%1, code %2"_s.arg(implementation.toString(), behind->codeHash.toString())
                       : implementation.toString());
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeProxyCheck()
{
    return std::make_unique<ProxyCheck>();
}

} // namespace countersign
