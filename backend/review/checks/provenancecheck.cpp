#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class ProvenanceCheck final : public ReviewCheck {
public:
    ProvenanceCheck()
        : ReviewCheck({24, "provenance"_L1, u"Where the build comes from",
            u"A build is worth what is known of its making: compiler, settings and sources stand in its metadata, so that "
            u"anyone can make it again and compare.",
            u"A build that was tampered with before anybody signed."})
    {
    }

    void lookAtCall(const ReviewDesk & /*desk*/, const ReviewedCall &call, const CheckReport &report) const override
    {
        if (!call.creation || !call.creation->isBuild())
            return;
        const ContractArtifact &artifact = *call.creation->match->artifact;
        const bool ours = ArtifactStore::ours().find(artifact.contractName())
            && ArtifactStore::ours().find(artifact.contractName())->runtimeCode() == artifact.runtimeCode();
        if (ours)
            report.info("artifact.ours"_L1,
                u"The build %1 came with this program: its compiler, settings and sources are pinned and built again in the tests"_s.arg(
                    artifact.contractName()),
                artifact.sourceName());
        else
            report.warn("artifact.added"_L1,
                u"The build %1 was added by hand: nothing here proves what sources it was made from"_s.arg(artifact.contractName()),
                artifact.sourceName());
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeProvenanceCheck()
{
    return std::make_unique<ProvenanceCheck>();
}

} // namespace countersign
