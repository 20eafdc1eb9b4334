#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class ProposerCheck final : public ReviewCheck {
public:
    ProposerCheck()
        : ReviewCheck({34, "proposer"_L1, u"Who proposed it",
            u"The proposer's signature covers the transaction, its title, its reason and what it promises. It is recovered "
            u"here; a name in a file proves nothing.",
            u"A proposal in somebody else's name."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        if (const auto &import = desk.subject.import) {
            report.warn("proposer.none"_L1,
                u"Nobody signed a description of this: it comes from %1. What it is called there is no evidence; only what it does counts"_s
                    .arg(import->source.isEmpty() ? u"an unknown source"_s : import->source),
                import->origin);
            for (const Statement &statement : desk.subject.statements)
                lookAtStatement(desk, {}, statement, report);
            return;
        }
        if (!desk.subject.envelope) {
            report.notRun(desk.subject.draft ? u"It has not been proposed yet"_s : u"A bare transaction names no proposer"_s);
            return;
        }
        const Proposal &proposal = *desk.subject.envelope;
        const auto proposer = recoverAddress(proposal.envelopeDigest(), proposal.signature);
        if (!proposer || *proposer != proposal.proposer) {
            report.block("proposer.signature"_L1, u"The proposal is not signed by whom it names as its proposer"_s,
                proposal.proposer.toString());
            return;
        }
        if (!desk.hasSafe())
            report.info("proposer.recovered"_L1, u"Signed as its proposer by %1"_s.arg(desk.book.describe(proposal.proposer)));
        else if (!desk.context.safe.isOwner(proposal.proposer))
            report.warn("proposer.stranger"_L1, u"The proposer is no owner of the Safe"_s, proposal.proposer.toString());
        else
            report.info("proposer.owner"_L1, u"Proposed by %1"_s.arg(desk.book.describe(proposal.proposer)));
        if (!proposal.policy.isZero() && desk.context.policy && proposal.policy != desk.context.policy->id())
            report.warn("policy.other"_L1, u"It was proposed under another policy than the one in force here"_s,
                proposal.policy.toString());
        if (!desk.subject.replacedBy.isZero())
            report.block("proposer.replaced"_L1, u"Its proposer has put another proposal in its stead"_s,
                desk.subject.replacedBy.toString());
        for (const Statement &statement : desk.subject.statements)
            lookAtStatement(desk, proposal.proposer, statement, report);
    }

private:
    // What members say counts for what they are: an owner's report of another hash stops everybody.
    static void lookAtStatement(
        const ReviewDesk &desk, const Address &proposer, const Statement &statement, const CheckReport &report)
    {
        const QString who = desk.book.describe(statement.author);
        const bool isOwner = !desk.hasSafe() || desk.context.safe.isOwner(statement.author);
        if (statement.kind == StatementKind::Withdrawal && statement.author == proposer)
            report.block("proposer.withdrawn"_L1, u"%1 has taken the proposal back"_s.arg(who), statement.text);
        else if (statement.kind == StatementKind::MismatchReport && isOwner)
            report.block("incident.reported"_L1,
                u"%1 reports that their device showed another hash: nobody should sign until that is explained"_s.arg(who),
                statement.text.contains(statement.shownHash.toString()) || statement.shownHash == Hash32()
                    ? statement.text
                    : u"%1 %2"_s.arg(statement.shownHash.toString(), statement.text));
        else if (statement.kind == StatementKind::Rejection && isOwner)
            report.warn("proposer.rejected"_L1, u"%1 will not sign this"_s.arg(who), statement.text);
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeProposerCheck()
{
    return std::make_unique<ProposerCheck>();
}

} // namespace countersign
