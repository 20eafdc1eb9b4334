#include "backend/safe/safemanagement.h"

#include "backend/safe/safecalls.h"
#include "backend/safe/safelibraries.h"
#include "backend/types/strings.h"


namespace countersign {

namespace {

const AbiFunction &safeFunction(QStringView name)
{
    return *safeAbi().function(name);
}

const AbiFunction &libraryFunction(QStringView name)
{
    return *safeLibraryAbi().function(name);
}

// In the order of what Migrate says.
const char16_t *nameOf(const Migrate &call)
{
    if (call.toL2)
        return call.withFallbackHandler ? u"migrateL2WithFallbackHandler" : u"migrateL2Singleton";
    return call.withFallbackHandler ? u"migrateWithFallbackHandler" : u"migrateSingleton";
}

struct Encoder {
    Bytes operator()(const AddOwner &c) const { return *safeFunction(u"addOwnerWithThreshold").encodeCall({c.owner, c.threshold}); }
    Bytes operator()(const RemoveOwner &c) const { return *safeFunction(u"removeOwner").encodeCall({c.previous, c.owner, c.threshold}); }
    Bytes operator()(const SwapOwner &c) const { return *safeFunction(u"swapOwner").encodeCall({c.previous, c.owner, c.newOwner}); }
    Bytes operator()(const ChangeThreshold &c) const { return *safeFunction(u"changeThreshold").encodeCall({c.threshold}); }
    Bytes operator()(const EnableModule &c) const { return *safeFunction(u"enableModule").encodeCall({c.module}); }
    Bytes operator()(const DisableModule &c) const { return *safeFunction(u"disableModule").encodeCall({c.previous, c.module}); }
    Bytes operator()(const SetGuard &c) const { return *safeFunction(u"setGuard").encodeCall({c.guard}); }
    Bytes operator()(const SetModuleGuard &c) const { return *safeFunction(u"setModuleGuard").encodeCall({c.guard}); }
    Bytes operator()(const SetFallbackHandler &c) const { return *safeFunction(u"setFallbackHandler").encodeCall({c.handler}); }
    Bytes operator()(const ApproveHash &c) const { return encodeApproveHash(c.hash); }
    Bytes operator()(const SafeSetup &c) const { return encodeSafeSetup(c); }
    Bytes operator()(const SignMessage &c) const { return *libraryFunction(u"signMessage").encodeCall({c.message}); }
    Bytes operator()(const SetupToL2 &c) const { return *libraryFunction(u"setupToL2").encodeCall({c.singleton}); }
    Bytes operator()(const ChangeMasterCopy &c) const { return *libraryFunction(u"changeMasterCopy").encodeCall({c.singleton}); }
    Bytes operator()(const Migrate &c) const { return *libraryFunction(nameOf(c)).encodeCall({}); }
    Bytes operator()(const MigrateToL2 &c) const
    {
        if (c.from111)
            return *libraryFunction(u"migrateFromV111").encodeCall({c.singleton, c.fallbackHandler});
        return *libraryFunction(u"migrateToL2").encodeCall({c.singleton});
    }
    Bytes operator()(const SetSafeMethod &c) const
    {
        return *libraryFunction(u"setSafeMethod").encodeCall({c.selector.leftJustified(4, '\0', true), AbiValue(c.method)});
    }
    Bytes operator()(const SetDomainVerifier &c) const
    {
        return *libraryFunction(u"setDomainVerifier").encodeCall({AbiValue(c.domain), c.verifier});
    }
};

using Values = std::vector<AbiValue>;

const Address &addressAt(const Values &values, size_t i)
{
    return *values[i].get<Address>();
}

const Uint256 &numberAt(const Values &values, size_t i)
{
    return *values[i].get<Uint256>();
}

Hash32 hashAt(const Values &values, size_t i)
{
    return Hash32::fromDigest(*values[i].get<Bytes>());
}

struct Decoder {
    const AbiFunction *function;
    SafeManagementCall (*make)(const Values &);
};

const std::vector<Decoder> &decoders()
{
    // The lambdas take values of the types that their function names, in its order.
    static const std::vector<Decoder> all = {
        {.function = &safeFunction(u"addOwnerWithThreshold"),
         .make = [](const Values &v) -> SafeManagementCall { return AddOwner{.owner = addressAt(v, 0), .threshold = numberAt(v, 1)}; }},
        {.function = &safeFunction(u"removeOwner"),
         .make = [](const Values &v) -> SafeManagementCall {
             return RemoveOwner{.previous = addressAt(v, 0), .owner = addressAt(v, 1), .threshold = numberAt(v, 2)};
         }},
        {.function = &safeFunction(u"swapOwner"),
         .make = [](const Values &v) -> SafeManagementCall {
             return SwapOwner{.previous = addressAt(v, 0), .owner = addressAt(v, 1), .newOwner = addressAt(v, 2)};
         }},
        {.function = &safeFunction(u"changeThreshold"),
         .make = [](const Values &v) -> SafeManagementCall { return ChangeThreshold{.threshold = numberAt(v, 0)}; }},
        {.function = &safeFunction(u"enableModule"),
         .make = [](const Values &v) -> SafeManagementCall { return EnableModule{.module = addressAt(v, 0)}; }},
        {.function = &safeFunction(u"disableModule"),
         .make = [](const Values &v) -> SafeManagementCall {
             return DisableModule{.previous = addressAt(v, 0), .module = addressAt(v, 1)};
         }},
        {.function = &safeFunction(u"setGuard"),
         .make = [](const Values &v) -> SafeManagementCall { return SetGuard{.guard = addressAt(v, 0)}; }},
        {.function = &safeFunction(u"setModuleGuard"),
         .make = [](const Values &v) -> SafeManagementCall { return SetModuleGuard{.guard = addressAt(v, 0)}; }},
        {.function = &safeFunction(u"setFallbackHandler"),
         .make = [](const Values &v) -> SafeManagementCall { return SetFallbackHandler{.handler = addressAt(v, 0)}; }},
        {.function = &safeFunction(u"approveHash"),
         .make = [](const Values &v) -> SafeManagementCall { return ApproveHash{.hash = hashAt(v, 0)}; }},
        {.function = &libraryFunction(u"signMessage"),
         .make = [](const Values &v) -> SafeManagementCall { return SignMessage{.message = *v[0].get<Bytes>()}; }},
        {.function = &libraryFunction(u"setupToL2"),
         .make = [](const Values &v) -> SafeManagementCall { return SetupToL2{.singleton = addressAt(v, 0)}; }},
        {.function = &libraryFunction(u"changeMasterCopy"),
         .make = [](const Values &v) -> SafeManagementCall { return ChangeMasterCopy{.singleton = addressAt(v, 0)}; }},
        {.function = &libraryFunction(u"migrateSingleton"), .make = [](const Values &) -> SafeManagementCall { return Migrate{}; }},
        {.function = &libraryFunction(u"migrateWithFallbackHandler"),
         .make = [](const Values &) -> SafeManagementCall { return Migrate{.withFallbackHandler = true}; }},
        {.function = &libraryFunction(u"migrateL2Singleton"),
         .make = [](const Values &) -> SafeManagementCall { return Migrate{.toL2 = true}; }},
        {.function = &libraryFunction(u"migrateL2WithFallbackHandler"),
         .make = [](const Values &) -> SafeManagementCall { return Migrate{.toL2 = true, .withFallbackHandler = true}; }},
        {.function = &libraryFunction(u"migrateToL2"),
         .make = [](const Values &v) -> SafeManagementCall { return MigrateToL2{.singleton = addressAt(v, 0)}; }},
        {.function = &libraryFunction(u"migrateFromV111"),
         .make = [](const Values &v) -> SafeManagementCall {
             return MigrateToL2{.singleton = addressAt(v, 0), .from111 = true, .fallbackHandler = addressAt(v, 1)};
         }},
        {.function = &libraryFunction(u"setSafeMethod"),
         .make = [](const Values &v) -> SafeManagementCall {
             return SetSafeMethod{.selector = *v[0].get<Bytes>(), .method = hashAt(v, 1)};
         }},
        {.function = &libraryFunction(u"setDomainVerifier"),
         .make = [](const Values &v) -> SafeManagementCall {
             return SetDomainVerifier{.domain = hashAt(v, 0), .verifier = addressAt(v, 1)};
         }},
    };
    return all;
}

struct Explainer {
    QString operator()(const AddOwner &c) const
    {
        return u"Adds the owner %1 and asks for %2 signatures from then on."_s.arg(c.owner.toString(), c.threshold.toDecimal());
    }
    QString operator()(const RemoveOwner &c) const
    {
        return u"Removes the owner %1 and asks for %2 signatures from then on."_s.arg(c.owner.toString(), c.threshold.toDecimal());
    }
    QString operator()(const SwapOwner &c) const
    {
        return u"Puts %1 in the place of the owner %2."_s.arg(c.newOwner.toString(), c.owner.toString());
    }
    QString operator()(const ChangeThreshold &c) const
    {
        return u"Asks for %1 signatures from then on."_s.arg(c.threshold.toDecimal());
    }
    QString operator()(const EnableModule &c) const
    {
        return u"Enables the module %1: it can do anything in the name of the Safe, without signatures."_s.arg(c.module.toString());
    }
    QString operator()(const DisableModule &c) const { return u"Disables the module %1."_s.arg(c.module.toString()); }
    QString operator()(const SetGuard &c) const
    {
        if (c.guard.isZero())
            return u"Removes the guard: transactions are no longer checked by it."_s;
        return u"Sets the guard %1: it can refuse every transaction from then on, also the one that would remove it."_s.arg(c.guard.toString());
    }
    QString operator()(const SetModuleGuard &c) const
    {
        if (c.guard.isZero())
            return u"Removes the guard of the modules."_s;
        return u"Sets the guard %1 of the modules: it can refuse what they do."_s.arg(c.guard.toString());
    }
    QString operator()(const SetFallbackHandler &c) const
    {
        if (c.handler.isZero())
            return u"Removes the fallback handler: the Safe can no longer answer for signatures of its own."_s;
        return u"Sets the fallback handler %1: it answers for what the Safe has signed, and calls that the Safe does not know reach it."_s.arg(
            c.handler.toString());
    }
    QString operator()(const ApproveHash &c) const
    {
        return u"Approves the hash %1 on chain, as an owner of the Safe that is called. There is no way back."_s.arg(c.hash.toString());
    }
    QString operator()(const SafeSetup &c) const
    {
        const QString text = u"Sets a new Safe up with %1 owners of whom %2 must sign."_s.arg(c.owners.size()).arg(c.threshold.toDecimal());
        if (c.to.isZero())
            return text;
        return text + u" It runs code of "_s + c.to.toString() + u" as the Safe, which can change all of this."_s;
    }
    QString operator()(const SignMessage &c) const
    {
        return u"Signs a message of %1 bytes in the name of the Safe, on chain and without end."_s.arg(c.message.size());
    }
    QString operator()(const SetupToL2 &c) const
    {
        return u"Makes the Safe run the code at %1, on any chain but Ethereum's."_s.arg(c.singleton.toString());
    }
    QString operator()(const ChangeMasterCopy &c) const
    {
        return u"Makes the Safe run the code at %1, which can do anything in its name."_s.arg(c.singleton.toString());
    }
    QString operator()(const Migrate &c) const
    {
        return u"Makes the Safe run the %1 singleton that the called migration names%2."_s.arg(
            c.toL2 ? u"L2"_s : u"plain"_s, c.withFallbackHandler ? u", with its fallback handler"_s : QString());
    }
    QString operator()(const MigrateToL2 &c) const
    {
        return u"Makes the Safe run the code at %1."_s.arg(c.singleton.toString());
    }
    QString operator()(const SetSafeMethod &c) const
    {
        return u"Lets another contract answer calls of %1 to the Safe: %2."_s.arg(toHex(c.selector), c.method.toString());
    }
    QString operator()(const SetDomainVerifier &c) const
    {
        return u"Lets %1 say what the Safe has signed in the domain %2."_s.arg(c.verifier.toString(), c.domain.toString());
    }
};

} // namespace

Bytes encodeManagementCall(const SafeManagementCall &call)
{
    return std::visit(Encoder(), call);
}

Result<SafeManagementCall> decodeManagementCall(QByteArrayView calldata)
{
    const auto selector = Selector::leading(calldata);
    if (!selector)
        return fail(ErrorKind::NotFound, u"The data calls nothing of the Safe's own settings."_s, u"safe.management"_s);
    if (*selector == safeFunction(u"setup").selector()) {
        auto setup = decodeSafeSetup(calldata);
        if (!setup)
            return std::unexpected(setup.error());
        return *std::move(setup);
    }
    for (const Decoder &decoder : decoders()) {
        if (decoder.function->selector() != *selector)
            continue;
        const auto values = decoder.function->decodeCall(calldata);
        if (!values)
            return std::unexpected(values.error());
        return decoder.make(*values);
    }
    return fail(ErrorKind::NotFound, u"The data calls nothing of the Safe's own settings."_s, u"safe.management"_s);
}

QString explainManagementCall(const SafeManagementCall &call)
{
    return std::visit(Explainer(), call);
}

} // namespace countersign
