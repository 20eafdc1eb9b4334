#include "backend/proposals/compose/composition.h"

namespace countersign {

bool Composition::isSameEverywhere(int action) const
{
    std::optional<Address> first;
    for (const ComposedProposal &proposal : proposals) {
        for (const PredictedCreation &creation : proposal.creations) {
            if (creation.action != action)
                continue;
            if (first && *first != creation.address)
                return false;
            first = creation.address;
        }
    }
    return first.has_value();
}

} // namespace countersign
