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
        report.info("proxy.resolved"_L1,
            u"The target is a proxy (%1): the code of %2 runs"_s.arg(
                proxyKindName(proxy.kind), desk.book.describe(*implementation)),
            proxy.admin && !proxy.admin->isZero() ? u"administrator %1"_s.arg(proxy.admin->toString()) : QString());
        if (proxy.admin && *proxy.admin == desk.subject.safe && call.node->runsAs == desk.subject.safe)
            report.warn("proxy.clash"_L1,
                u"The Safe administrates this proxy: the proxy answers administrative calls itself and never passes others on"_s,
                to.toString());
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeProxyCheck()
{
    return std::make_unique<ProxyCheck>();
}

} // namespace countersign
