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

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        for (const ClaimProblem &problem : desk.context.claimProblems)
            report.warn("artifact.unusable"_L1,
                u"The build “%1” that came with a proposal says nothing here: %2"_s.arg(
                    problem.file.attachment.name, problem.reason),
                problem.file.attachment.contentHash.toString());
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        if (!call.creation || !call.creation->isBuild())
            return;
        const ContractArtifact &artifact = *call.creation->match->artifact;
        if (call.creation->isClaimed())
            return lookAtClaim(desk, *call.creation->match, report);
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

private:
    static void lookAtClaim(const ReviewDesk &desk, const ArtifactStore::Match &match, const CheckReport &report)
    {
        const QString name = match.artifact->contractName();
        const BuildClaim &claim = *match.claim;
        report.warn("artifact.claimed"_L1,
            u"What %1 is, and what its functions are called, is a claim of %2: the proposal brings the build with it. Compare "
            u"the hash of the file with a build of your own"_s.arg(name, desk.book.describe(claim.proposer)),
            u"%1, %2"_s.arg(claim.file, claim.contentHash.toString()));
        if (ArtifactStore::ours().find(name))
            report.block("artifact.impostor"_L1,
                u"The attached build has the name of a build of this program, and is another"_s, name);
        else if (match.resembled)
            report.warn("artifact.resembles"_L1,
                u"The code begins like the build %1 of this program, and is another"_s.arg(match.resembled->contractName()));
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeProvenanceCheck()
{
    return std::make_unique<ProvenanceCheck>();
}

} // namespace countersign
