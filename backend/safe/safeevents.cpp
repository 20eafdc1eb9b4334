#include "backend/safe/safeevents.h"

namespace countersign {

namespace {

// Those marked with two spellings were unindexed in 1.3.0 and are indexed from 1.4.1 on.
constexpr const char16_t *const events[] = {
    u"ExecutionSuccess(bytes32 txHash,uint256 payment)",
    u"ExecutionSuccess(bytes32 indexed txHash,uint256 payment)",
    u"ExecutionFailure(bytes32 txHash,uint256 payment)",
    u"ExecutionFailure(bytes32 indexed txHash,uint256 payment)",
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
    u"ProxyCreation(address proxy,address singleton)",
    u"ProxyCreation(address indexed proxy,address singleton)",
    u"ContractCreation(address newContract)",
    u"ContractCreation(address indexed newContract)",
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

std::optional<SafeExecutionEvent> findSafeExecution(std::span<const EvmLog> logs, const Address &safe, const Hash32 &safeTxHash)
{
    for (const EvmLog &log : logs) {
        if (log.address != safe)
            continue;
        const auto event = safeEvents().decodeLog(log);
        if (!event || (event->name != u"ExecutionSuccess" && event->name != u"ExecutionFailure"))
            continue;
        if (*event->value(u"txHash")->get<Bytes>() != safeTxHash.view())
            continue;
        return SafeExecutionEvent{.outcome = event->name == u"ExecutionSuccess" ? SafeExecution::Success : SafeExecution::Failure,
                                  .safeTxHash = safeTxHash,
                                  .payment = *event->value(u"payment")->get<Uint256>()};
    }
    return std::nullopt;
}

} // namespace countersign
