#pragma once

#include "backend/safe/safelinkedlist.h"
#include "backend/safe/safemanagement.h"
#include "backend/safe/safestate.h"
#include "backend/safe/safeversion.h"

namespace countersign {

/// What the Safe's settings will be after the calls of a batch, step by step. Each step is judged as the contract judges it:
/// what the contract would revert is Error Rejected with the contract's code as detail ("GS205") and changes nothing.
/// Steps of the first group find the entry before by themselves, which is what goes wrong in batches made by hand.
class SafeProjection final {
public:
    SafeProjection(const SafeState &state, SafeVersion version);

    const std::vector<Address> &owners() const { return m_owners.entries(); }
    const Uint256 &threshold() const { return m_threshold; }
    const std::vector<Address> &modules() const { return m_modules.entries(); }
    const Address &guard() const { return m_guard; }
    const Address &moduleGuard() const { return m_moduleGuard; }
    const Address &fallbackHandler() const { return m_fallbackHandler; }

    /// Makes the call, and applies it.
    Result<SafeManagementCall> addOwner(const Address &owner, const Uint256 &threshold);
    Result<SafeManagementCall> removeOwner(const Address &owner, const Uint256 &threshold);
    Result<SafeManagementCall> swapOwner(const Address &owner, const Address &newOwner);
    Result<SafeManagementCall> changeThreshold(const Uint256 &threshold);
    Result<SafeManagementCall> enableModule(const Address &module);
    Result<SafeManagementCall> disableModule(const Address &module);

    /// Applies a call that somebody else made, from the Safe to itself. Those that say nothing about these settings (a
    /// migration, a signed message) change nothing.
    Result<void> apply(const SafeManagementCall &call);

private:
    Result<SafeManagementCall> made(SafeManagementCall call);

    Result<void> step(const AddOwner &call);
    Result<void> step(const RemoveOwner &call);
    Result<void> step(const SwapOwner &call);
    Result<void> step(const ChangeThreshold &call);
    Result<void> step(const EnableModule &call);
    Result<void> step(const DisableModule &call);
    Result<void> step(const SetGuard &call);
    Result<void> step(const SetModuleGuard &call);
    Result<void> step(const SetFallbackHandler &call);
    Result<void> step(const ChangeMasterCopy &call);
    Result<void> step(const ApproveHash &call);
    Result<void> step(const SafeSetup &call);
    template<class Other>
    Result<void> step(const Other &) { return {}; }

    bool canBeOwner(const Address &owner) const;

    SafeVersion m_version;
    Address m_safe;
    SafeLinkedList m_owners;
    Uint256 m_threshold;
    SafeLinkedList m_modules;
    Address m_guard;
    Address m_moduleGuard;
    Address m_fallbackHandler;
};

} // namespace countersign
