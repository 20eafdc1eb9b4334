#include "backend/safe/safeprojection.h"

#include "backend/safe/safecalls.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

std::unexpected<Error> reverts(QStringView code)
{
    return fail(ErrorKind::Rejected, safeErrorMeaning(code), code.toString());
}

// A new threshold as changeThreshold takes it.
Result<void> fits(const Uint256 &threshold, qsizetype owners)
{
    if (threshold > Uint256(static_cast<quint64>(owners)))
        return reverts(u"GS201");
    if (threshold.isZero())
        return reverts(u"GS202");
    return {};
}

} // namespace

SafeProjection::SafeProjection(const SafeState &state, SafeVersion version)
    : m_version(version)
    , m_safe(state.safe)
    , m_owners(state.owners)
    , m_threshold(state.threshold)
    , m_modules(state.modules)
    , m_guard(state.guard)
    , m_moduleGuard(state.moduleGuard)
    , m_fallbackHandler(state.fallbackHandler)
{
}

Result<SafeManagementCall> SafeProjection::made(SafeManagementCall call)
{
    const auto applied = apply(call);
    if (!applied)
        return std::unexpected(applied.error());
    return call;
}

Result<SafeManagementCall> SafeProjection::addOwner(const Address &owner, const Uint256 &threshold)
{
    return made(AddOwner{.owner = owner, .threshold = threshold});
}

Result<SafeManagementCall> SafeProjection::removeOwner(const Address &owner, const Uint256 &threshold)
{
    return made(RemoveOwner{.previous = m_owners.before(owner), .owner = owner, .threshold = threshold});
}

Result<SafeManagementCall> SafeProjection::swapOwner(const Address &owner, const Address &newOwner)
{
    return made(SwapOwner{.previous = m_owners.before(owner), .owner = owner, .newOwner = newOwner});
}

Result<SafeManagementCall> SafeProjection::changeThreshold(const Uint256 &threshold)
{
    return made(ChangeThreshold{.threshold = threshold});
}

Result<SafeManagementCall> SafeProjection::enableModule(const Address &module)
{
    return made(EnableModule{.module = module});
}

Result<SafeManagementCall> SafeProjection::disableModule(const Address &module)
{
    return made(DisableModule{.previous = m_modules.before(module), .module = module});
}

Result<void> SafeProjection::apply(const SafeManagementCall &call)
{
    return std::visit([this](const auto &each) { return step(each); }, call);
}

bool SafeProjection::canBeOwner(const Address &owner) const
{
    return SafeLinkedList::canHold(owner) && owner != m_safe;
}

// The checks stand in the order of OwnerManager.sol, which decides the code that comes back.
Result<void> SafeProjection::step(const AddOwner &call)
{
    if (!canBeOwner(call.owner))
        return reverts(u"GS203");
    if (m_owners.contains(call.owner))
        return reverts(u"GS204");
    if (const auto fit = fits(call.threshold, m_owners.size() + 1); !fit)
        return fit;
    m_owners.putFirst(call.owner);
    m_threshold = call.threshold;
    return {};
}

Result<void> SafeProjection::step(const RemoveOwner &call)
{
    const qsizetype left = qMax(m_owners.size() - 1, qsizetype(0));
    if (call.threshold > Uint256(static_cast<quint64>(left)))
        return reverts(u"GS201");
    if (!SafeLinkedList::canHold(call.owner))
        return reverts(u"GS203");
    if (!m_owners.contains(call.owner) || m_owners.before(call.owner) != call.previous)
        return reverts(u"GS205");
    if (const auto fit = fits(call.threshold, left); !fit)
        return fit;
    m_owners.remove(call.owner);
    m_threshold = call.threshold;
    return {};
}

Result<void> SafeProjection::step(const SwapOwner &call)
{
    if (!canBeOwner(call.newOwner))
        return reverts(u"GS203");
    if (m_owners.contains(call.newOwner))
        return reverts(u"GS204");
    if (!SafeLinkedList::canHold(call.owner))
        return reverts(u"GS203");
    if (!m_owners.contains(call.owner) || m_owners.before(call.owner) != call.previous)
        return reverts(u"GS205");
    m_owners.replace(call.owner, call.newOwner);
    return {};
}

Result<void> SafeProjection::step(const ChangeThreshold &call)
{
    if (const auto fit = fits(call.threshold, m_owners.size()); !fit)
        return fit;
    m_threshold = call.threshold;
    return {};
}

Result<void> SafeProjection::step(const EnableModule &call)
{
    if (!SafeLinkedList::canHold(call.module))
        return reverts(u"GS101");
    if (m_modules.contains(call.module))
        return reverts(u"GS102");
    m_modules.putFirst(call.module);
    return {};
}

Result<void> SafeProjection::step(const DisableModule &call)
{
    if (!SafeLinkedList::canHold(call.module))
        return reverts(u"GS101");
    if (!m_modules.contains(call.module) || m_modules.before(call.module) != call.previous)
        return reverts(u"GS103");
    m_modules.remove(call.module);
    return {};
}

// Whether a guard says that it is one (GS300, GS301) only the chain knows.
Result<void> SafeProjection::step(const SetGuard &call)
{
    if (!m_version.hasGuard())
        return fail(ErrorKind::Rejected, u"Safe %1 has no guard."_s.arg(m_version.toString()), u"safe.guard"_s);
    m_guard = call.guard;
    return {};
}

Result<void> SafeProjection::step(const SetModuleGuard &call)
{
    if (!m_version.hasModuleGuard())
        return fail(ErrorKind::Rejected, u"Safe %1 has no guard of its modules."_s.arg(m_version.toString()), u"safe.moduleGuard"_s);
    m_moduleGuard = call.guard;
    return {};
}

Result<void> SafeProjection::step(const SetFallbackHandler &call)
{
    if (!m_version.hasFallbackHandler())
        return fail(ErrorKind::Rejected, u"Safe %1 has no fallback handler."_s.arg(m_version.toString()), u"safe.fallbackHandler"_s);
    if (m_version.refusesItselfAsHandler() && call.handler == m_safe)
        return reverts(u"GS400");
    m_fallbackHandler = call.handler;
    return {};
}

Result<void> SafeProjection::step(const ChangeMasterCopy &call)
{
    if (!m_version.changesMasterCopy())
        return fail(ErrorKind::Rejected, u"Safe %1 changes its singleton by a migration only."_s.arg(m_version.toString()),
                    u"safe.masterCopy"_s);
    if (call.singleton.isZero())
        return fail(ErrorKind::Rejected, u"The Safe needs a singleton."_s, u"safe.masterCopy"_s);
    return {};
}

// The Safe calls itself, and is no owner of itself.
Result<void> SafeProjection::step(const ApproveHash &)
{
    return reverts(u"GS030");
}

Result<void> SafeProjection::step(const SafeSetup &)
{
    return reverts(u"GS200");
}

} // namespace countersign
