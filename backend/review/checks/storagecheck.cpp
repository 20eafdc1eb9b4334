#include "backend/evm/storagecomparison.h"
#include "backend/review/checks/allchecks.h"
#include "backend/review/upgrades.h"
#include "backend/types/strings.h"

#include <QStringList>

namespace countersign {

namespace {

QString said(const LayoutChange &change)
{
    switch (change.kind) {
    case LayoutChange::Kind::Renamed:
        return u"%1 has another name in the new code: the same bytes may get another meaning"_s.arg(change.variable);
    case LayoutChange::Kind::TypeChanged:
        return u"%1 has another type in the new code: what is stored would be read as something else"_s.arg(change.variable);
    case LayoutChange::Kind::Moved:
        return u"%1 lies elsewhere in the new code: it would read what another variable wrote"_s.arg(change.variable);
    case LayoutChange::Kind::Removed:
        return u"%1 is gone in the new code, and its value stays where a later variable may find it"_s.arg(change.variable);
    case LayoutChange::Kind::Inserted:
        return u"%1 is new and lies where the code before keeps something else"_s.arg(change.variable);
    case LayoutChange::Kind::GapChanged:
        return u"The room that %1 keeps free no longer ends where it did"_s.arg(change.variable);
    case LayoutChange::Kind::NamespaceRemoved:
        break;
    }
    return u"The namespace %1 is gone in the new code"_s.arg(change.variable);
}

class StorageCheck final : public ReviewCheck {
public:
    StorageCheck()
        : ReviewCheck({37, "storage"_L1, u"New code finds its variables where the old code left them",
            u"Behind a proxy the storage outlives the code. Where two versions disagree about what lies in a slot, the new one "
            u"reads balances as addresses, or an owner as a flag. The layouts of both builds are compared, variable by variable.",
            u"Audius (July 2022): a proxy's variable lay where the new code kept whether it was initialised, and the attacker "
            u"took over the governance."})
    {
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        const auto upgrade = upgradeIn(call);
        if (!upgrade)
            return;
        if (!desk.context.isOnline) {
            report.notRun(u"The code before and after is on the chain"_s);
            return;
        }
        const ContractFacts *proxy = desk.context.contract(upgrade->proxy);
        const Address *before = proxy ? proxy->implementation() : nullptr;
        const KnownCode now = codeAt(desk.tree, desk.context, upgrade->implementation);
        const KnownCode old = before ? codeAt(desk.tree, desk.context, *before) : KnownCode();
        if (!old.layout || !now.layout) {
            QStringList unknown;
            if (!old.layout)
                unknown.append(before ? u"of the code before, %1"_s.arg(before->toString()) : u"of the code before, which was not found"_s);
            if (!now.layout)
                unknown.append(u"of the new code, %1"_s.arg(upgrade->implementation.toString()));
            report.warn("storage.unknown"_L1,
                u"Whether the new code finds its variables where the old code left them could not be compared: the layout is not known"_s,
                unknown.join(u"; "_s));
            return;
        }
        bool isHarmful = false;
        for (const LayoutChange &change : compareLayouts(*old.layout, *now.layout)) {
            isHarmful |= change.isHarmful();
            const QString evidence = u"before: %1; after: %2"_s.arg(
                change.before.isEmpty() ? u"nothing"_s : change.before, change.after.isEmpty() ? u"nothing"_s : change.after);
            if (change.isHarmful())
                report.block("storage.changed"_L1, said(change), evidence);
            else
                report.warn("storage.renamed"_L1, said(change), evidence);
        }
        if (!isHarmful)
            report.info("storage.kept"_L1,
                u"The new code keeps every variable where the code before has it"_s,
                u"%1 variables of %2, %3 of %4; compilers do not tell namespaces of ERC-7201"_s.arg(old.layout->variables().size())
                    .arg(old.artifact->contractName())
                    .arg(now.layout->variables().size())
                    .arg(now.artifact->contractName()));
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeStorageCheck()
{
    return std::make_unique<StorageCheck>();
}

} // namespace countersign
