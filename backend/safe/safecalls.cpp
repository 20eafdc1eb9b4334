#include "backend/safe/safecalls.h"

namespace countersign {

namespace {

// One a line: what is read, what administers the Safe, and what its factory and libraries take.
constexpr const char16_t *const signatures[] = {
    u"execTransaction(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,"
    u"address gasToken,address refundReceiver,bytes signatures) payable returns (bool success)",
    u"approveHash(bytes32 hashToApprove)",
    u"setup(address[] owners,uint256 threshold,address to,bytes data,address fallbackHandler,address paymentToken,uint256 payment,"
    u"address paymentReceiver)",
    u"addOwnerWithThreshold(address owner,uint256 threshold)",
    u"removeOwner(address prevOwner,address owner,uint256 threshold)",
    u"swapOwner(address prevOwner,address oldOwner,address newOwner)",
    u"changeThreshold(uint256 threshold)",
    u"enableModule(address module)",
    u"disableModule(address prevModule,address module)",
    u"setGuard(address guard)",
    u"setModuleGuard(address moduleGuard)",
    u"setFallbackHandler(address handler)",
    u"execTransactionFromModule(address to,uint256 value,bytes data,uint8 operation) returns (bool success)",
    u"execTransactionFromModuleReturnData(address to,uint256 value,bytes data,uint8 operation) returns (bool success,bytes returnData)",
    u"simulateAndRevert(address targetContract,bytes calldataPayload)",
    u"isValidSignature(bytes32 hash,bytes signature) view returns (bytes4 magic)",
    u"isValidSignature(bytes data,bytes signature) view returns (bytes4 magic)",
    u"getOwners() view returns (address[])",
    u"getThreshold() view returns (uint256)",
    u"isOwner(address owner) view returns (bool)",
    u"nonce() view returns (uint256)",
    u"VERSION() view returns (string)",
    u"domainSeparator() view returns (bytes32)",
    u"getTransactionHash(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,"
    u"address gasToken,address refundReceiver,uint256 nonce) view returns (bytes32)",
    u"getModulesPaginated(address start,uint256 pageSize) view returns (address[] array,address next)",
    u"isModuleEnabled(address module) view returns (bool)",
    u"approvedHashes(address owner,bytes32 hash) view returns (uint256)",
    u"signedMessages(bytes32 hash) view returns (uint256)",
    u"getStorageAt(uint256 offset,uint256 length) view returns (bytes)",
    u"masterCopy() view returns (address)",
    u"createProxyWithNonce(address singleton,bytes initializer,uint256 saltNonce) returns (address proxy)",
    u"multiSend(bytes transactions) payable",
    u"performCreate(uint256 value,bytes deploymentData) returns (address newContract)",
    u"performCreate2(uint256 value,bytes deploymentData,bytes32 salt) returns (address newContract)",
};

} // namespace

const JsonAbi &safeAbi()
{
    static const JsonAbi abi = [] {
        std::vector<AbiFunction> functions;
        for (const char16_t *text : signatures)
            functions.push_back(*AbiFunction::parse(text));
        return JsonAbi::ofParts(std::move(functions));
    }();
    return abi;
}

Bytes encodeExecTransaction(const SafeTransaction &t, const Bytes &signatureBlob)
{
    return *safeAbi().function(u"execTransaction")
                ->encodeCall({t.to, t.value, t.data, Uint256(static_cast<quint64>(t.operation)), t.safeTxGas, t.baseGas, t.gasPrice,
                              t.gasToken, t.refundReceiver, signatureBlob});
}

Result<DecodedExecTransaction> decodeExecTransaction(QByteArrayView calldata)
{
    const auto values = safeAbi().function(u"execTransaction")->decodeCall(calldata);
    if (!values)
        return std::unexpected(values.error());
    const auto number = [&values](size_t i) { return *(*values)[i].get<Uint256>(); };
    const auto operation = number(3).toU64();
    if (operation > 1)
        return fail(ErrorKind::Invalid, u"The operation is neither a call nor a delegatecall."_s, u"safe.operation"_s);
    DecodedExecTransaction decoded;
    decoded.transaction.to = *(*values)[0].get<Address>();
    decoded.transaction.value = number(1);
    decoded.transaction.data = *(*values)[2].get<Bytes>();
    decoded.transaction.operation = *operation == 1 ? SafeOperation::DelegateCall : SafeOperation::Call;
    decoded.transaction.safeTxGas = number(4);
    decoded.transaction.baseGas = number(5);
    decoded.transaction.gasPrice = number(6);
    decoded.transaction.gasToken = *(*values)[7].get<Address>();
    decoded.transaction.refundReceiver = *(*values)[8].get<Address>();
    decoded.signatures = *(*values)[9].get<Bytes>();
    return decoded;
}

Bytes encodeApproveHash(const Hash32 &safeTxHash)
{
    return *safeAbi().function(u"approveHash")->encodeCall({AbiValue(safeTxHash)});
}

QString safeErrorMeaning(QStringView code)
{
    struct Meaning {
        QLatin1StringView code;
        const char16_t *text;
    };
    // safe-smart-account, docs/error_codes.md
    static constexpr Meaning meanings[] = {
        {"GS000"_L1, u"The Safe could not finish its setup."},
        {"GS001"_L1, u"The Safe was not set up: it has no threshold."},
        {"GS002"_L1, u"The setup calls an address without code."},
        {"GS010"_L1, u"Too little gas was given for the Safe transaction."},
        {"GS011"_L1, u"The refund in the chain's own currency could not be paid."},
        {"GS012"_L1, u"The refund in a token could not be paid."},
        {"GS013"_L1, u"The call that the Safe makes failed, and no gas was set aside for a failure."},
        {"GS020"_L1, u"There are fewer signatures than the threshold."},
        {"GS021"_L1, u"A contract's signature points into the other signatures."},
        {"GS022"_L1, u"A contract's signature points beyond the data."},
        {"GS023"_L1, u"A contract's signature is longer than the data."},
        {"GS024"_L1, u"A contract among the owners does not accept its signature."},
        {"GS025"_L1, u"An owner's approval was not found on chain."},
        {"GS026"_L1, u"A signature is not by an owner, not in order, or over another nonce than the Safe's current one."},
        {"GS027"_L1, u"The data does not belong to the hash."},
        {"GS030"_L1, u"Only an owner can approve a hash."},
        {"GS031"_L1, u"Only the Safe itself may change its settings."},
        {"GS100"_L1, u"The modules are set up already."},
        {"GS101"_L1, u"That address cannot be a module."},
        {"GS102"_L1, u"That module is enabled already."},
        {"GS103"_L1, u"The module before this one is another."},
        {"GS104"_L1, u"The caller is no enabled module."},
        {"GS105"_L1, u"The list of modules starts elsewhere."},
        {"GS106"_L1, u"A page of modules has at least one entry."},
        {"GS200"_L1, u"The owners are set up already."},
        {"GS201"_L1, u"The threshold is larger than the number of owners."},
        {"GS202"_L1, u"The threshold must be at least one."},
        {"GS203"_L1, u"That address cannot be an owner."},
        {"GS204"_L1, u"That address is an owner already."},
        {"GS205"_L1, u"The owner before this one is another."},
        {"GS300"_L1, u"That guard does not say that it is one."},
        {"GS301"_L1, u"That module guard does not say that it is one."},
        {"GS400"_L1, u"The Safe cannot be its own fallback handler."},
    };
    for (const Meaning &meaning : meanings) {
        if (meaning.code == code)
            return QString::fromUtf16(meaning.text);
    }
    return {};
}

} // namespace countersign
