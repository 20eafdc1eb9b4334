#pragma once

#include "backend/safe/safesetup.h"

#include <variant>

namespace countersign {

// The calls by which a Safe administers itself, one type a call, fields in the order of the arguments.

struct AddOwner {
    Address owner;
    Uint256 threshold;
    friend bool operator==(const AddOwner &, const AddOwner &) = default;
};
struct RemoveOwner {
    Address previous; ///< that points to the owner in the list; the sentinel for the first
    Address owner;
    Uint256 threshold;
    friend bool operator==(const RemoveOwner &, const RemoveOwner &) = default;
};
struct SwapOwner {
    Address previous;
    Address owner;
    Address newOwner;
    friend bool operator==(const SwapOwner &, const SwapOwner &) = default;
};
struct ChangeThreshold {
    Uint256 threshold;
    friend bool operator==(const ChangeThreshold &, const ChangeThreshold &) = default;
};
struct EnableModule {
    Address module;
    friend bool operator==(const EnableModule &, const EnableModule &) = default;
};
struct DisableModule {
    Address previous;
    Address module;
    friend bool operator==(const DisableModule &, const DisableModule &) = default;
};
struct SetGuard {
    Address guard; ///< zero: none
    friend bool operator==(const SetGuard &, const SetGuard &) = default;
};
struct SetModuleGuard {
    Address guard; ///< zero: none
    friend bool operator==(const SetModuleGuard &, const SetModuleGuard &) = default;
};
struct SetFallbackHandler {
    Address handler; ///< zero: none
    friend bool operator==(const SetFallbackHandler &, const SetFallbackHandler &) = default;
};
struct ApproveHash {
    Hash32 hash;
    friend bool operator==(const ApproveHash &, const ApproveHash &) = default;
};
/// SignMessageLib, by delegatecall: a signature of the Safe without end.
struct SignMessage {
    Bytes message;
    friend bool operator==(const SignMessage &, const SignMessage &) = default;
};
/// SafeToL2Setup, by delegatecall inside setup.
struct SetupToL2 {
    Address singleton;
    friend bool operator==(const SetupToL2 &, const SetupToL2 &) = default;
};
/// Of the Safe itself up to 1.2.0: another singleton.
struct ChangeMasterCopy {
    Address singleton;
    friend bool operator==(const ChangeMasterCopy &, const ChangeMasterCopy &) = default;
};
/// SafeMigration, by delegatecall: another singleton, and perhaps its fallback handler.
struct Migrate {
    bool toL2 = false;
    bool withFallbackHandler = false;
    friend bool operator==(const Migrate &, const Migrate &) = default;
};
/// SafeToL2Migration, by delegatecall; `fallbackHandler` only from 1.1.1.
struct MigrateToL2 {
    Address singleton;
    bool from111 = false;
    Address fallbackHandler = {};
    friend bool operator==(const MigrateToL2 &, const MigrateToL2 &) = default;
};
/// ExtensibleFallbackHandler of 1.5.0: whoever calls this method of the Safe is answered by that handler.
struct SetSafeMethod {
    Bytes selector; ///< four bytes
    Hash32 method;  ///< first byte zero for a view, the handler in the last twenty; zero for none
    friend bool operator==(const SetSafeMethod &, const SetSafeMethod &) = default;
};
/// ExtensibleFallbackHandler of 1.5.0: that contract says what the Safe has signed for a domain.
struct SetDomainVerifier {
    Hash32 domain;
    Address verifier; ///< zero: none
    friend bool operator==(const SetDomainVerifier &, const SetDomainVerifier &) = default;
};

using SafeManagementCall = std::variant<AddOwner, RemoveOwner, SwapOwner, ChangeThreshold, EnableModule, DisableModule, SetGuard,
                                        SetModuleGuard, SetFallbackHandler, ApproveHash, SafeSetup, SignMessage, SetupToL2,
                                        ChangeMasterCopy, Migrate, MigrateToL2, SetSafeMethod, SetDomainVerifier>;

Bytes encodeManagementCall(const SafeManagementCall &call);
/// Strict. Error NotFound when the data is none of these calls, Invalid when it is not canonical.
Result<SafeManagementCall> decodeManagementCall(QByteArrayView calldata);

/// What the call does, in a sentence or two for people, with what to watch.
QString explainManagementCall(const SafeManagementCall &call);

} // namespace countersign
