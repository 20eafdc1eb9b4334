#include "backend/safe/safeevents.h"

namespace countersign {

namespace {

// Those marked with two spellings were unindexed in 1.3.0 and are indexed from 1.4.1 on.
constexpr const char16_t *const events[] = {
    u"ExecutionSuccess(bytes32 txHash,uint256 payment)",
    u"ExecutionSuccess(bytes32 indexed txHash,uint256 payment)",
    u"ExecutionFailure(bytes32 txHash,uint256 payment)",
    u"ExecutionFailure(bytes32 indexed txHash,uint256 payment)",
    u"ExecutionFailed(bytes32 txHash)", // of 1.0.0, which says nothing of a success
    u"AddedOwner(address owner)",
    u"AddedOwner(address indexed owner)",
    u"RemovedOwner(address owner)",
    u"RemovedOwner(address indexed owner)",
    u"ChangedThreshold(uint256 threshold)",
    u"EnabledModule(address module)",
    u"EnabledModule(address indexed module)",
    u"DisabledModule(address module)",
    u"DisabledModule(address indexed module)",
    u"ChangedGuard(address guard)",
    u"ChangedGuard(address indexed guard)",
    u"ChangedModuleGuard(address indexed moduleGuard)",
    u"ChangedFallbackHandler(address handler)",
    u"ChangedFallbackHandler(address indexed handler)",
    u"ChangedMasterCopy(address singleton)",
    u"ApproveHash(bytes32 indexed approvedHash,address indexed owner)",
    u"SignMsg(bytes32 indexed msgHash)",
    u"SafeSetup(address indexed initiator,address[] owners,uint256 threshold,address initializer,address fallbackHandler)",
    u"SafeReceived(address indexed sender,uint256 value)",
    u"ExecutionFromModuleSuccess(address indexed module)",
    u"ExecutionFromModuleFailure(address indexed module)",
    (u"SafeMultiSigTransaction(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,"
     u"address gasToken,address refundReceiver,bytes signatures,bytes additionalInfo)"),
    u"SafeModuleTransaction(address module,address to,uint256 value,bytes data,uint8 operation)",
    u"ProxyCreation(address proxy)", // up to 1.2.0
    u"ProxyCreation(address proxy,address singleton)",
    u"ProxyCreation(address indexed proxy,address singleton)",
    u"ProxyCreationL2(address indexed proxy,address singleton,bytes initializer,uint256 saltNonce)",
    u"ChainSpecificProxyCreationL2(address indexed proxy,address singleton,bytes initializer,uint256 saltNonce,uint256 chainId)",
    u"ContractCreation(address newContract)",
    u"ContractCreation(address indexed newContract)",
    // ExtensibleFallbackHandler of 1.5.0, emitted by the handler
    u"ChangedDomainVerifier(address indexed safe,bytes32 domainSeparator,address oldVerifier,address newVerifier)",
    u"ChangedSafeMethod(address indexed safe,bytes4 selector,bytes32 oldMethod,bytes32 newMethod)",
    u"AddedInterface(address indexed safe,bytes4 interfaceId)",
    u"RemovedInterface(address indexed safe,bytes4 interfaceId)",
};

} // namespace

const JsonAbi &safeEvents()
{
    static const JsonAbi abi = [] {
        std::vector<AbiEvent> parsed;
        for (const char16_t *text : events)
            parsed.push_back(*AbiEvent::parse(text));
        return JsonAbi::ofParts({}, std::move(parsed));
    }();
    return abi;
}

std::vector<Address> createdBySafe(std::span<const EvmLog> logs, const Address &emitter)
{
    std::vector<Address> created;
    for (const EvmLog &log : logs) {
        if (log.address != emitter)
            continue;
        const auto event = safeEvents().decodeLog(log);
        if (!event)
            continue;
        if (event->name == u"ContractCreation")
            created.push_back(*event->value(u"newContract")->get<Address>());
        else if (event->name == u"ProxyCreation")
            created.push_back(*event->value(u"proxy")->get<Address>());
    }
    return created;
}

std::optional<SafeExecutionEvent> findSafeExecution(std::span<const EvmLog> logs, const Address &safe, const Hash32 &safeTxHash)
{
    for (const EvmLog &log : logs) {
        if (log.address != safe)
            continue;
        const auto event = safeEvents().decodeLog(log);
        if (!event || (event->name != u"ExecutionSuccess" && event->name != u"ExecutionFailure" && event->name != u"ExecutionFailed"))
            continue;
        if (*event->value(u"txHash")->get<Bytes>() != safeTxHash.view())
            continue;
        const AbiValue *payment = event->value(u"payment");
        return SafeExecutionEvent{.outcome = event->name == u"ExecutionSuccess" ? SafeExecution::Success : SafeExecution::Failure,
                                  .safeTxHash = safeTxHash,
                                  .payment = payment ? *payment->get<Uint256>() : Uint256()};
    }
    return std::nullopt;
}

} // namespace countersign
