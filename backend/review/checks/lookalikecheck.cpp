#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

#include <QSet>

namespace countersign {

namespace {

bool looksLike(const Address &address, const Address &known)
{
    constexpr qsizetype shown = 2; // bytes: the four digits that people look at, at either end
    return address != known
        && (address.view().first(shown) == known.view().first(shown) || address.view().last(shown) == known.view().last(shown));
}

class LookAlikeCheck final : public ReviewCheck {
public:
    LookAlikeCheck()
        : ReviewCheck({22, "lookalike"_L1, u"Addresses that look like a known one",
            u"People compare the first and the last digits. An address that shares four of them with a known one, and is "
            u"another, is taken for an attempt to deceive.",
            u"Address poisoning: made-up addresses in the history of transfers."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        if (!desk.context.environment)
            report.notRun(u"The addresses to compare with are in the environment"_s);
        QSet<Address> seen;
        if (!desk.transaction().refundReceiver.isZero())
            lookAt(desk, desk.transaction().refundReceiver, seen, report);
        for (const ReviewedCall &call : desk.tree.calls()) {
            const CheckReport here = report.at(call.where);
            lookAt(desk, call.node->to, seen, here);
            const QList<Address> named = call.read.addresses();
            for (const Address &address : named)
                lookAt(desk, address, seen, here);
            if (call.creation && call.creation->match) {
                for (const AbiValue &value : call.creation->match->verdict.constructorArguments) {
                    if (const auto *address = value.get<Address>())
                        lookAt(desk, *address, seen, here);
                }
            }
        }
    }

private:
    static void lookAt(const ReviewDesk &desk, const Address &address, QSet<Address> &seen, const CheckReport &report)
    {
        if (address.isZero() || seen.contains(address))
            return;
        seen.insert(address);
        if (desk.book.contains(address) || address == desk.subject.safe || desk.context.safe.isOwner(address)
            || desk.tree.createdAt(address))
            return;
        if (const auto alike = desk.book.lookAlike(address))
            return found(address, alike->known, alike->name, report);
        if (looksLike(address, desk.subject.safe))
            return found(address, desk.subject.safe, u"the Safe"_s, report);
        for (const Address &owner : desk.context.safe.owners) {
            if (looksLike(address, owner))
                return found(address, owner, u"an owner of the Safe"_s, report);
        }
    }

    static void found(const Address &address, const Address &known, const QString &name, const CheckReport &report)
    {
        report.block("address.lookalike"_L1, u"%1 looks like %2, but is another address"_s.arg(address.toString(), name),
            known.toString());
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeLookAlikeCheck()
{
    return std::make_unique<LookAlikeCheck>();
}

} // namespace countersign
