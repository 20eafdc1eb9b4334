#include "backend/review/checks/allchecks.h"
#include "backend/review/effects.h"
#include "backend/review/tracefindings.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class SimulationCheck final : public ReviewCheck {
public:
    SimulationCheck()
        : ReviewCheck({28, "simulation"_L1, u"What it would do",
            u"The execution is simulated at a named block with the approvals of enough owners and the guard active, so that a "
            u"changed threshold shows and a veto is seen. What changes is named and compared with what the proposer promised.",
            u"Effects that the call does not say; tools that switch the guard off or override the threshold to simulate."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        if (!desk.context.isOnline) {
            report.notRun(u"A simulation needs a node"_s);
            return;
        }
        const auto &simulation = desk.context.simulation;
        if (!simulation) {
            const auto &error = desk.context.simulationError;
            report.block("simulation.missing"_L1,
                u"The execution could not be simulated: %1"_s.arg(error ? error->message : u"nothing was tried"_s),
                error ? error->detail : QString());
        } else if (!simulation->succeeded) {
            report.block("simulation.failed"_L1, u"The execution fails in simulation: %1"_s.arg(simulation->reason),
                simulation->method);
        } else if (simulation->innerCallOnly) {
            lookAtInnerCall(desk, *simulation, report);
        } else {
            report.info("simulation.succeeded"_L1,
                u"The execution succeeds in simulation at block %1"_s.arg(desk.context.safe.blockNumber.value()),
                simulation->method);
            if (desk.transaction().nonce > desk.context.safe.nonce)
                report.warn("simulation.assumes"_L1,
                    u"The simulation assumes that the transactions before this one change nothing that matters"_s);
        }
        fillEffects(desk, report);
        if (simulation)
            lookAtTrace(desk, *simulation, report);
    }

private:
    // The node can do no more than try the call that the Safe would make: a guard's veto is not seen.
    static void lookAtInnerCall(const ReviewDesk &desk, const SimulationFacts &simulation, const CheckReport &report)
    {
        if (desk.context.safe.guard.isZero())
            report.warn("simulation.inner"_L1,
                u"The node could try the inner call only: signatures, nonce and refund were not simulated"_s, simulation.method);
        else
            report.block("simulation.inner"_L1,
                u"The node could try the inner call only, and the Safe has a guard whose word was not heard"_s, simulation.method);
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeSimulationCheck()
{
    return std::make_unique<SimulationCheck>();
}

} // namespace countersign
