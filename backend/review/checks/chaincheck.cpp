#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class ChainCheck final : public ReviewCheck {
public:
    ChainCheck()
        : ReviewCheck({1, "chain"_L1, u"Chain and endpoints",
            u"The proposal, the endpoint and the domain that is signed must name one chain, and a second endpoint must see "
            u"the same block and the same state.",
            u"A node that lies, or an attacker between: one endpoint can show any state it likes. EIP-155, EIP-712."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        lookAtEnvironment(desk, report);
        if (!desk.context.isOnline) {
            report.notRun(u"No endpoint was named, so nothing on the chain was looked at"_s);
            return;
        }
        const quint64 wanted = desk.subject.chainId.value();
        if (!desk.context.rpcChainId || *desk.context.rpcChainId != desk.subject.chainId) {
            report.block("chain.mismatch"_L1, u"The endpoint serves another chain than the proposal is for"_s,
                u"proposal %1, endpoint %2"_s.arg(wanted).arg(
                    desk.context.rpcChainId ? QString::number(desk.context.rpcChainId->value()) : u"unknown"_s));
        } else {
            report.info("chain.agrees"_L1, u"The endpoint serves chain %1, as the proposal says"_s.arg(wanted),
                desk.context.endpoint);
        }
        lookAtSecondEndpoint(desk, report);
    }

private:
    static void lookAtEnvironment(const ReviewDesk &desk, const CheckReport &report)
    {
        if (!desk.context.environment) {
            report.notRun(u"No environment was named: chain and Safe are not compared with yours"_s);
        } else if (!desk.chain) {
            report.block("chain.unknown"_L1,
                u"The proposal is for chain %1, which this environment does not have"_s.arg(desk.subject.chainId.value()));
        } else if (!desk.chain->safe || *desk.chain->safe != desk.subject.safe) {
            report.block("safe.foreign"_L1,
                u"The proposal is for the Safe %1, which is not the Safe of %2"_s.arg(
                    desk.subject.safe.toString(), desk.chain->name),
                desk.chain->safe ? desk.chain->safe->toString() : QString());
        }
    }

    static void lookAtSecondEndpoint(const ReviewDesk &desk, const CheckReport &report)
    {
        const auto &second = desk.context.second;
        if (!second) {
            report.warn("endpoint.single"_L1, u"One endpoint only: nobody confirms what it says of the chain"_s,
                desk.context.endpoint);
        } else if (second->error) {
            report.block("endpoint.silent"_L1,
                u"The second endpoint could not be asked: %1"_s.arg(second->error->message), second->endpoint);
        } else if (!second->disagreements.isEmpty()) {
            report.block("endpoint.disagrees"_L1, u"The two endpoints tell different things of the same block"_s,
                second->disagreements.join(u"; "_s));
        } else {
            report.info("endpoint.agrees"_L1, u"A second endpoint sees the same block and state"_s, second->endpoint);
        }
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeChainCheck()
{
    return std::make_unique<ChainCheck>();
}

} // namespace countersign
