#include "backend/safe/safecreate.h"

#include "backend/safe/safecalls.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

namespace countersign {

Bytes encodeCreateCall(const CreateCall &call)
{
    if (call.salt)
        return *safeAbi().function(u"performCreate2")->encodeCall({call.value, call.initCode, AbiValue(*call.salt)});
    return *safeAbi().function(u"performCreate")->encodeCall({call.value, call.initCode});
}

Result<CreateCall> decodeCreateCall(QByteArrayView calldata)
{
    static const AbiFunction &create = *safeAbi().function(u"performCreate");
    static const AbiFunction &create2 = *safeAbi().function(u"performCreate2");
    const auto selector = Selector::leading(calldata);
    if (!selector || (*selector != create.selector() && *selector != create2.selector()))
        return fail(ErrorKind::NotFound, u"The data does not call CreateCall."_s, u"createcall.selector"_s);
    const bool salted = *selector == create2.selector();
    const auto values = (salted ? create2 : create).decodeCall(calldata);
    if (!values)
        return std::unexpected(values.error());
    CreateCall call{.value = *(*values)[0].get<Uint256>(), .initCode = *(*values)[1].get<Bytes>()};
    if (salted)
        call.salt = Hash32::fromDigest(*(*values)[2].get<Bytes>());
    return call;
}

CreatePrediction predictCreateCall(const CreateCall &call, SafeOperation operation, const CreateSite &site)
{
    const bool delegated = operation == SafeOperation::DelegateCall;
    CreatePrediction prediction{.address = {}, .creator = delegated ? site.safe : site.library, .orphaned = !delegated, .warning = {}};
    if (call.salt) {
        prediction.address = create2Address(prediction.creator, *call.salt, keccak256(call.initCode));
        prediction.frontRunnable = !delegated;
    } else if (delegated) {
        prediction.address = createAddress(site.safe, site.safeAccountNonce);
    } else if (site.libraryNonce) {
        prediction.address = createAddress(site.library, *site.libraryNonce);
        prediction.frontRunnable = true; // whoever calls the library first takes its nonce
    }
    if (prediction.orphaned)
        prediction.warning = u"By a plain call the CreateCall library is the creator: a contract that makes its creator the owner belongs to "
                             "nobody, for ever. Use a delegatecall, so that the Safe is the creator."_s;
    return prediction;
}

Address deployerAddress(DeterministicDeployer deployer)
{
    static const Address arachnid = *Address::parse(u"0x4e59b44847b379578588920cA78FbF26c0B4956C");
    static const Address safeFactory = *Address::parse(u"0x914d7Fec6aaC8cd542e72Bca78B30650d45643d7");
    return deployer == DeterministicDeployer::Arachnid ? arachnid : safeFactory;
}

std::optional<DeterministicDeployer> deployerAt(const Address &address)
{
    for (const auto deployer : {DeterministicDeployer::Arachnid, DeterministicDeployer::SafeSingletonFactory}) {
        if (deployerAddress(deployer) == address)
            return deployer;
    }
    return std::nullopt;
}

Bytes encodeDeployment(const DeterministicDeployment &deployment)
{
    return deployment.salt.bytes() + deployment.initCode;
}

Result<DeterministicDeployment> decodeDeployment(QByteArrayView calldata)
{
    if (calldata.size() <= Hash32::size)
        return fail(ErrorKind::Invalid, u"A deployment is a salt of 32 bytes and code behind it; this has %1 bytes in all."_s.arg(calldata.size()),
                    u"deployer.truncated at byte %1"_s.arg(calldata.size()));
    return DeterministicDeployment{.salt = Hash32::fromDigest(calldata.first(Hash32::size)),
                                   .initCode = calldata.sliced(Hash32::size).toByteArray()};
}

Address predictDeployment(DeterministicDeployer deployer, const DeterministicDeployment &deployment)
{
    return create2Address(deployerAddress(deployer), deployment.salt, keccak256(deployment.initCode));
}

} // namespace countersign
