#include "backend/review/policyquestions.h"

#include "backend/review/policyoverrides.h"
#include "backend/review/policyspending.h"
#include "backend/types/strings.h"

#include <QHash>

namespace countersign {

namespace {

ActionKind kindByName(const QString &name)
{
    static const QHash<QString, ActionKind> kinds{{u"transfer"_s, ActionKind::TokenTransfer},
        {u"transferFrom"_s, ActionKind::TokenTransfer}, {u"safeTransferFrom"_s, ActionKind::TokenTransfer},
        {u"approve"_s, ActionKind::Allowance}, {u"increaseAllowance"_s, ActionKind::Allowance},
        {u"setApprovalForAll"_s, ActionKind::Allowance}, {u"permit"_s, ActionKind::Allowance},
        {u"transferOwnership"_s, ActionKind::Ownership}, {u"acceptOwnership"_s, ActionKind::Ownership},
        {u"renounceOwnership"_s, ActionKind::Ownership}, {u"grantRole"_s, ActionKind::Ownership},
        {u"revokeRole"_s, ActionKind::Ownership}, {u"renounceRole"_s, ActionKind::Ownership},
        {u"beginDefaultAdminTransfer"_s, ActionKind::Ownership}, {u"acceptDefaultAdminTransfer"_s, ActionKind::Ownership},
        {u"changeAdmin"_s, ActionKind::Ownership}, {u"changeProxyAdmin"_s, ActionKind::Ownership},
        {u"setAuthority"_s, ActionKind::Ownership}, {u"setOwner"_s, ActionKind::Ownership},
        {u"upgradeTo"_s, ActionKind::Upgrade}, {u"upgradeToAndCall"_s, ActionKind::Upgrade},
        {u"upgrade"_s, ActionKind::Upgrade}, {u"upgradeAndCall"_s, ActionKind::Upgrade},
        {u"setImplementation"_s, ActionKind::Upgrade}, {u"setLendingPoolImpl"_s, ActionKind::Upgrade},
        {u"diamondCut"_s, ActionKind::Upgrade}, {u"registerKey"_s, ActionKind::Keys}, {u"revokeKey"_s, ActionKind::Keys},
        {u"registerAdapter"_s, ActionKind::Adapters}, {u"removeAdapter"_s, ActionKind::Adapters}};
    return kinds.value(name, ActionKind::Call);
}

ActionKind kindOf(const ReviewDesk &desk, const ReviewedCall &call)
{
    const SafeCallNode &node = *call.node;
    if (node.kind == SafeCallKind::Malformed || call.read.reading == CallReading::Dirty)
        return ActionKind::Unreadable;
    if (call.creation || node.proxy)
        return ActionKind::Deployment;
    if (node.kind == SafeCallKind::Batch || node.kind == SafeCallKind::Execution)
        return ActionKind::Batch;
    if (node.management) {
        const bool signsSomething = std::holds_alternative<SignMessage>(*node.management)
            || std::holds_alternative<ApproveHash>(*node.management);
        return signsSomething ? ActionKind::Message : ActionKind::Settings;
    }
    if (node.data.isEmpty())
        return node.value.isZero() && node.to == desk.subject.safe ? ActionKind::Cancellation : ActionKind::Transfer;
    if (call.read.reading == CallReading::Unknown)
        return ActionKind::Unreadable;
    return kindByName(call.read.name);
}

std::optional<PolicyTokenMove> tokenMove(const ReviewedCall &call, ActionKind kind)
{
    const bool isAllowance = kind == ActionKind::Allowance;
    if (!isAllowance && kind != ActionKind::TokenTransfer)
        return std::nullopt;
    auto to = call.read.addressArgument(isAllowance ? u"spender" : u"to");
    if (!to)
        to = call.read.addressArgument(u"operator");
    if (!to)
        return std::nullopt;
    // No number means all tokens.
    return PolicyTokenMove{call.node->to, call.read.numberArgument(u"amount").value_or(Uint256::max()), *to};
}

QList<InstalledCode> installsOf(const ReviewDesk &desk, const ReviewedCall &call, ActionKind kind)
{
    QList<InstalledCode> installs;
    const auto add = [&](CodeRole role, const Address &address) {
        const ContractFacts *facts = desk.context.contract(address);
        installs.append({role, address, facts ? std::optional(facts->codeHash) : std::nullopt});
    };
    if (kind == ActionKind::Upgrade) {
        for (const Address &address : call.read.addresses())
            add(CodeRole::Implementation, address);
    }
    if (!call.node->management)
        return installs;
    const SafeManagementCall &management = *call.node->management;
    if (const auto *module = std::get_if<EnableModule>(&management))
        add(CodeRole::Module, module->module);
    else if (const auto *guard = std::get_if<SetGuard>(&management))
        add(CodeRole::Guard, guard->guard);
    else if (const auto *moduleGuard = std::get_if<SetModuleGuard>(&management))
        add(CodeRole::Guard, moduleGuard->guard);
    else if (const auto *handler = std::get_if<SetFallbackHandler>(&management))
        add(CodeRole::FallbackHandler, handler->handler);
    else if (const auto *change = std::get_if<ChangeMasterCopy>(&management))
        add(CodeRole::Implementation, change->singleton);
    return installs;
}

PolicyCall policyCall(const ReviewDesk &desk, const ReviewedCall &call)
{
    const SafeCallNode &node = *call.node;
    PolicyCall question;
    question.safe = node.runsAs;
    question.kind = kindOf(desk, call);
    question.operation = node.operation;
    question.to = node.to;
    if (const ContractFacts *facts = desk.context.contract(node.to))
        question.codeHash = facts->codeHash;
    question.value = node.value;
    if (const auto selector = Selector::leading(node.data); selector && !(call.creation && !node.creation))
        question.selector = *selector;
    question.signature = call.read.decoded.signature;
    question.token = tokenMove(call, question.kind);
    question.installs = installsOf(desk, call, question.kind);
    const Address &destination = question.destination();
    question.destinationKnown
        = desk.book.contains(destination) || destination == desk.subject.safe || desk.tree.createdAt(destination) != nullptr;
    return question;
}

std::optional<PolicyFee> feeOf(const SafeTransaction &transaction)
{
    if (transaction.gasPrice.isZero())
        return PolicyFee{};
    const auto gas = transaction.safeTxGas.checkedAdd(transaction.baseGas);
    const auto most = gas ? gas->checkedMul(transaction.gasPrice) : std::nullopt;
    return PolicyFee{most.value_or(Uint256::max()), transaction.gasToken};
}

} // namespace

Severity severityOf(PolicySeverity severity)
{
    switch (severity) {
    case PolicySeverity::Block:
        return Severity::Block;
    case PolicySeverity::Warn:
        return Severity::Warn;
    case PolicySeverity::Info:
        break;
    }
    return Severity::Info;
}

PolicySeverity policySeverityOf(Severity severity)
{
    switch (severity) {
    case Severity::Block:
        return PolicySeverity::Block;
    case Severity::Warn:
        return PolicySeverity::Warn;
    case Severity::Info:
        break;
    }
    return PolicySeverity::Info;
}

QList<PolicyCall> policyCalls(const ReviewDesk &desk)
{
    QList<PolicyCall> calls;
    for (const ReviewedCall &call : desk.tree.calls())
        calls.append(policyCall(desk, call));
    return calls;
}

PolicyQuestion policyQuestion(const ReviewDesk &desk)
{
    PolicyQuestion question;
    question.chainId = desk.subject.chainId;
    question.safe = desk.subject.safe;
    question.calls = policyCalls(desk);
    question.stage = desk.context.actor.stage;
    (question.stage == PolicyStage::Sign ? question.approver : question.executor) = desk.context.actor.who;
    if (desk.context.environment) {
        question.environment = desk.context.environment->kind;
        for (const HolderSettings &holder : desk.context.environment->holders)
            question.holders.insert(holder.name, holder.address);
    }
    if (desk.hasSafe()) {
        question.owners = QList<Address>(desk.context.safe.owners.begin(), desk.context.safe.owners.end());
        question.threshold = desk.context.safe.threshold.toU64();
    }
    question.now = desk.context.now;
    if (const ProposalDraft *description = desk.subject.description()) {
        if (!description->proposer.isZero())
            question.proposer = description->proposer;
        question.createdAt = description->createdAt;
        question.expiresAt = description->expiresAt;
    }
    question.firstSeenAt = desk.context.past.firstSeenAt;
    for (const CollectedSignature &signature : desk.subject.signatures) {
        // A claim is anybody's word: it counts below, where the chain says so.
        if (!signature.isClaim() && (!desk.hasSafe() || desk.context.safe.isOwner(signature.owner)))
            question.approvals.append(signature.owner);
    }
    for (const CollectedSignature &signature : desk.context.confirmed)
        question.approvals.append(signature.owner);
    question.acknowledgements = desk.context.past.acknowledgements;
    question.recentApprovals = desk.context.past.recentApprovals;
    question.spent = policySpending(desk);
    question.fee = feeOf(desk.transaction());
    if (desk.context.policy)
        question.overrides = policyOverrides(givenOverrides(desk, *desk.context.policy, question), question);
    return question;
}

} // namespace countersign
