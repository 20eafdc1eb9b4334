#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

#include <QStringList>

namespace countersign {

namespace {

class HintCheck final : public ReviewCheck {
public:
    HintCheck()
        : ReviewCheck({36, "hint"_L1, u"What a descriptor claims",
            u"A clear-signing descriptor says in words what a call means. It is somebody's claim: it is shown beside the decoded "
            u"call and decides nothing. Looked for is what it leaves out, and a name that it gives to the wrong address.",
            u"A descriptor that hides an argument, or calls the attacker's address by the name of a friend."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        if (!desk.context.descriptors)
            return;
        for (const DescriptorStore::Problem &problem : desk.context.descriptors->problems())
            report.info("hint.file"_L1, u"The descriptor %1 is not used: %2"_s.arg(problem.file, problem.reason));
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        if (!call.descriptor)
            return;
        const QString evidence = u"descriptor %1, %2"_s.arg(call.descriptor->name, call.descriptor->hash.toString());
        if (!call.described.mismatch.isEmpty()) {
            report.info("hint.mismatch"_L1,
                u"The descriptor of this contract does not fit the call and is not shown: %1"_s.arg(call.described.mismatch), evidence);
            return;
        }
        if (!call.described.hidden.isEmpty()) {
            constexpr qsizetype shown = 8;
            report.warn("hint.hidden"_L1,
                u"The descriptor leaves out what the call holds: a device that goes by it does not show %1%2"_s.arg(
                    QStringList(call.described.hidden.first(std::min(shown, call.described.hidden.size()))).join(u", "_s),
                    call.described.hidden.size() > shown ? u", …"_s : QString()),
                evidence);
        }
        for (const NameClaim &claim : call.described.claims)
            lookAtName(desk, claim, report, evidence);
    }

private:
    // A label says what a value is for, until it is a name that the address book gives to somebody else.
    static void lookAtName(const ReviewDesk &desk, const NameClaim &claim, const CheckReport &report, const QString &evidence)
    {
        const QString ours = desk.book.name(claim.address);
        const QList<Address> others = desk.book.named(claim.claim);
        if (!others.isEmpty() && !others.contains(claim.address))
            report.warn("hint.name"_L1,
                u"The descriptor calls %1 “%2”, which in the address book is %3"_s.arg(
                    desk.book.describe(claim.address), claim.claim, others.constFirst().toString()),
                evidence);
        else if (claim.isName && !ours.isEmpty() && ours.compare(claim.claim, Qt::CaseInsensitive) != 0)
            report.warn("hint.name"_L1,
                u"The descriptor calls %1 “%2”, which in the address book is “%3”"_s.arg(claim.address.toString(), claim.claim, ours),
                evidence);
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeHintCheck()
{
    return std::make_unique<HintCheck>();
}

} // namespace countersign
