#include "app/cli/review/describe.h"

#include "backend/safe/safecalltree.h"
#include "backend/safe/safecontracts.h"
#include "backend/safe/safesignaturereader.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

using Node = Report::Node;
using Severity = Report::Severity;

QString nameOf(const Address &address, ChainId chain)
{
    const auto known = knownSafeContract(address, chain);
    if (!known || !known->listed)
        return address.toString();
    return u"%1 (%2 %3, by address)"_s.arg(address.toString(), safeContractName(known->deployment.contract), known->deployment.version.toString());
}

QString kindOf(const SafeCallNode &call)
{
    switch (call.kind) {
    case SafeCallKind::Plain:
        return u"call"_s;
    case SafeCallKind::Transfer:
        return u"transfer"_s;
    case SafeCallKind::Batch:
        return u"batch"_s;
    case SafeCallKind::Execution:
        return u"execution of another Safe's transaction"_s;
    case SafeCallKind::Management:
        return u"change of a Safe's settings"_s;
    case SafeCallKind::Creation:
        return u"creation of a contract"_s;
    case SafeCallKind::ProxyCreation:
        return u"creation of a proxy"_s;
    case SafeCallKind::Malformed:
        break;
    }
    return u"malformed"_s;
}

void judgeDelegatecall(Report &report, const SafeCallNode &call, const SafeInput &input)
{
    const auto known = knownSafeContract(call.to, input.place.chain);
    if (!known || !known->listed) {
        report.find(Severity::Block, u"operation.delegatecall"_s,
            u"DELEGATECALL to %1, which is no published library of Safe: its code would run as the Safe and can replace everything in it"_s
                .arg(call.to.toString()));
        return;
    }
    report.find(Severity::Warn, u"operation.library"_s,
        u"DELEGATECALL to %1: known by its address only; that its code is the published one must be checked on the chain"_s
            .arg(nameOf(call.to, input.place.chain)));
    if (!call.value.isZero())
        report.find(Severity::Warn, u"operation.value"_s, u"A value with a DELEGATECALL is signed and means nothing"_s);
}

void judgeManagement(Report &report, const SafeCallNode &call, const SafeInput &input)
{
    const bool isOwn = call.to == input.place.safe || (call.zeroMeansSelf && call.runsAs == input.place.safe)
        || call.operation == SafeOperation::DelegateCall;
    report.find(Severity::Warn, u"safe.settings"_s,
        (isOwn ? QString() : u"On %1: "_s.arg(call.to.toString())) + explainManagementCall(*call.management));
    const auto thresholdOf = [](const SafeManagementCall &management) -> std::optional<Uint256> {
        if (const auto *add = std::get_if<AddOwner>(&management))
            return add->threshold;
        if (const auto *remove = std::get_if<RemoveOwner>(&management))
            return remove->threshold;
        if (const auto *change = std::get_if<ChangeThreshold>(&management))
            return change->threshold;
        return std::nullopt;
    };
    if (const auto threshold = thresholdOf(*call.management); threshold && *threshold <= Uint256(1))
        report.find(Severity::Block, u"safe.threshold"_s, u"The threshold becomes %1: one key alone could do anything"_s.arg(threshold->toDecimal()));
}

void describeCall(Report &report, Node &node, const SafeCallNode &call, const SafeInput &input, const Interfaces &interfaces)
{
    node.value = kindOf(call);
    node.add(u"operation"_s, call.operation == SafeOperation::DelegateCall ? u"DELEGATECALL"_s : u"CALL"_s);
    node.add(u"to"_s, nameOf(call.to, input.place.chain));
    node.add(u"value"_s, call.value.toDecimal(), u"value (wei)"_s);
    if (call.zeroMeansSelf)
        report.find(Severity::Block, u"multisend.zero"_s,
            u"An entry of the batch names the zero address, which this library takes for the Safe itself: a hidden call to the Safe"_s);
    if (call.operation == SafeOperation::DelegateCall)
        judgeDelegatecall(report, call, input);
    switch (call.kind) {
    case SafeCallKind::Malformed:
        report.find(Severity::Block, u"call.malformed"_s, u"%1: %2"_s.arg(call.to.toString(), call.problem));
        node.add(u"data"_s, toHex(call.data));
        break;
    case SafeCallKind::Management:
        judgeManagement(report, call, input);
        describeCalldata(report, node, call.data, call.to, interfaces);
        break;
    case SafeCallKind::Creation:
        if (call.operation == SafeOperation::Call)
            report.find(Severity::Block, u"create.orphan"_s,
                u"CreateCall by a plain CALL: the library, not the Safe, is the creator, and a contract that makes its creator the owner is lost"_s);
        node.add(u"initCode"_s, u"%1 bytes, keccak256 %2"_s.arg(call.creation->initCode.size()).arg(toHex(keccak256(call.creation->initCode).view())));
        break;
    case SafeCallKind::Batch:
        break;
    default:
        if (!call.data.isEmpty())
            describeCalldata(report, node, call.data, call.to, interfaces);
    }
    if (call.children.empty())
        return;
    Node &inner = node.list(u"calls"_s);
    int number = 0;
    for (const SafeCallNode &child : call.children)
        describeCall(report, inner.element(u"%1."_s.arg(++number)), child, input, interfaces);
}

void judgeGas(Report &report, const SafeTransaction &tx)
{
    if (!tx.gasPrice.isZero() && (!tx.gasToken.isZero() || !tx.refundReceiver.isZero()))
        report.find(Severity::Block, u"gas.refund"_s,
            u"gasPrice with a gasToken or a refundReceiver pays out of the Safe; with a token nothing limits the price"_s);
    else if (!tx.gasPrice.isZero() || !tx.baseGas.isZero() || !tx.gasToken.isZero() || !tx.refundReceiver.isZero())
        report.find(Severity::Warn, u"gas.fields"_s, u"The fields of the refund are not all zero"_s);
    if (!tx.safeTxGas.isZero() || !tx.gasPrice.isZero())
        report.find(Severity::Warn, u"gas.nonce"_s, u"With safeTxGas or gasPrice a failure uses up the nonce instead of reverting"_s);
}

void describeSignatures(Report &report, const SafeInput &input, const SafeHashes &hashes)
{
    if (input.signatures.isEmpty())
        return;
    const qsizetype count = input.signatureCount > 0 ? input.signatureCount : input.signatures.size() / 65;
    const auto reading = readSafeSignatures(input.signatures,
        {.safeTxHash = hashes.safeTxHash, .threshold = std::max<qsizetype>(count, 1), .version = input.place.version,
            .preimage = safePreimage(hashes)});
    if (!reading) {
        report.find(Severity::Warn, u"signatures.malformed"_s, reading.error().message);
        return;
    }
    Node &list = report.root().list(u"signatures"_s);
    for (const SafeSignatureEntry &entry : reading->entries) {
        Node &node = list.element(entry.owner ? entry.owner->toString() : u"nobody"_s);
        node.add(u"owner"_s, entry.owner ? entry.owner->toString() : QString());
        node.add(u"type"_s, safeSignatureTypeName(entry.type));
        if (entry.type == SafeSignatureType::EthSign)
            report.find(Severity::Warn, u"signatures.ethsign"_s, u"%1 signed by eth_sign: the device showed an opaque hash"_s.arg(entry.owner->toString()));
        if (!entry.owner)
            report.find(Severity::Block, u"signatures.nobody"_s, u"A signature is by nobody over this hash"_s);
    }
}

} // namespace

void describeSafeTransaction(Report &report, const SafeInput &input, const Interfaces &interfaces)
{
    const SafeHashes hashes = input.hashes();
    const SafeTransaction &tx = input.transaction;
    report.add(u"kind"_s, u"Safe transaction"_s);
    report.add(u"chainId"_s, QString::number(input.place.chain.value()));
    report.add(u"safe"_s, input.place.safe.toString());
    report.add(u"version"_s, input.place.version.toString());
    report.add(u"nonce"_s, tx.nonce.toDecimal());
    const SafeCallNode tree = readSafeCallTree(tx, input.place.safe, input.place.chain);
    describeCall(report, report.root().group(u"transaction"_s), tree, input, interfaces);
    if (tx.safeTxGas != Uint256() || tx.baseGas != Uint256() || tx.gasPrice != Uint256() || !tx.gasToken.isZero() || !tx.refundReceiver.isZero()) {
        Node &gas = report.root().group(u"gas"_s);
        gas.add(u"safeTxGas"_s, tx.safeTxGas.toDecimal());
        gas.add(u"baseGas"_s, tx.baseGas.toDecimal());
        gas.add(u"gasPrice"_s, tx.gasPrice.toDecimal());
        gas.add(u"gasToken"_s, tx.gasToken.toString());
        gas.add(u"refundReceiver"_s, tx.refundReceiver.toString());
    }
    judgeGas(report, tx);
    describeSignatures(report, input, hashes);
    report.add(u"domainHash"_s, hashes.domainHash.toString(), u"Domain hash"_s);
    report.add(u"messageHash"_s, hashes.messageHash.toString(), u"Message hash"_s);
    report.add(u"safeTxHash"_s, hashes.safeTxHash.toString(), u"safeTxHash"_s);
    if (input.claimedHash && *input.claimedHash != hashes.safeTxHash)
        report.find(Severity::Block, u"hash.claim"_s,
            u"The file says that its hash is %1; the fields hash to another. Do not sign"_s.arg(input.claimedHash->toString()));
    if (!input.place.version.bindsChain())
        report.find(Severity::Warn, u"domain.legacy"_s,
            u"Safes before 1.3.0 sign without the chain: the signatures are valid wherever a Safe stands at this address"_s);
}

} // namespace countersign
