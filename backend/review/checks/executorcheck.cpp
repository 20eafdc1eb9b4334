#include "backend/review/checks/allchecks.h"

namespace countersign {

namespace {

// What it looks at exists only while a transaction is executed: see ExecutionFlow in backend/proposals.
class ExecutorCheck final : public ReviewCheck {
public:
    ExecutorCheck()
        : ReviewCheck({32, "executor"_L1, u"What is sent, and what became of it",
            u"The outer transaction is execTransaction with these bytes and nothing else, its fees are capped, and success "
            u"means the Safe's own event with this hash and a state that was read again.",
            u"A receipt that says success although the inner call failed.", CheckStage::Execution})
    {
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeExecutorCheck()
{
    return std::make_unique<ExecutorCheck>();
}

} // namespace countersign
