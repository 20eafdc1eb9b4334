#include "backend/review/checks/allchecks.h"
#include "backend/safe/safecontracts.h"
#include "backend/types/strings.h"

#include <QMap>
#include <QSet>
#include <QStringList>

namespace countersign {

namespace {

// Instructions by which a contract can tell a simulation from the execution, or can behave otherwise later.
QString hazardOf(quint8 opcode)
{
    switch (opcode) {
    case 0x32:
        return u"tx.origin"_s;
    case 0x3a:
        return u"tx.gasprice"_s;
    case 0x41:
        return u"block.coinbase"_s;
    case 0x42:
        return u"block.timestamp"_s;
    case 0x43:
        return u"block.number"_s;
    case 0x44:
        return u"block.prevrandao"_s;
    case 0x48:
        return u"block.basefee"_s;
    case 0xff:
        return u"selfdestruct"_s;
    default:
        return {};
    }
}

QStringList hazardsIn(QByteArrayView code)
{
    constexpr quint8 push1 = 0x60;
    constexpr quint8 push32 = 0x7f;
    constexpr quint8 invalid = 0xfe; // what compilers put before data
    QMap<QString, bool> found;
    for (qsizetype at = 0; at < code.size(); ++at) {
        const auto opcode = static_cast<quint8>(code[at]);
        if (opcode == invalid)
            break;
        if (opcode >= push1 && opcode <= push32)
            at += opcode - push1 + 1;
        else if (const QString hazard = hazardOf(opcode); !hazard.isEmpty())
            found.insert(hazard, true);
    }
    return found.keys();
}

class HazardsCheck final : public ReviewCheck {
public:
    HazardsCheck()
        : ReviewCheck({29, "hazards"_L1, u"What a simulation cannot promise",
            u"A contract that looks at the time, the block or the sender's gas price may do one thing in a simulation and "
            u"another on the chain.",
            u"Radiant (October 2024): the simulation looked right."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        QSet<Address> seen;
        for (const ReviewedCall &call : desk.tree.calls()) {
            const ContractFacts *facts = desk.context.contract(call.node->to);
            if (!facts || !facts->hasCode() || seen.contains(call.node->to))
                continue;
            seen.insert(call.node->to);
            if (knownSafeContractByCode(facts->codeHash) || desk.safeOf(call.node->to)
                || (desk.context.artifacts && desk.context.artifacts->ofRuntime(facts->code)))
                continue;
            const Address *implementation = facts->implementation();
            const ContractFacts *behind = implementation ? desk.context.contract(*implementation) : nullptr;
            const QStringList hazards = hazardsIn(behind ? behind->code : facts->code);
            if (!hazards.isEmpty())
                report.at(call.where).warn("hazard.environment"_L1,
                    u"The code of %1 looks at what is different when it is executed"_s.arg(desk.book.describe(call.node->to)),
                    hazards.join(u", "_s));
        }
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeHazardsCheck()
{
    return std::make_unique<HazardsCheck>();
}

} // namespace countersign
