#include "backend/proposals/execution/deploymentverifier.h"

#include "backend/review/contractreading.h"
#include "backend/review/reviewtree.h"
#include "backend/safe/safecontracts.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QStringList>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype maxCreations = 256;

/// A contract as it was created: by what the calls say, by what the trace shows, or by both.
struct Creation {
    std::optional<Address> address;
    Address creator;
    Bytes initCode;
    bool isPlanned = false; ///< a call of the proposal names it
    std::optional<Bytes> tracedInitCode;
    std::optional<Bytes> tracedCode; ///< what stood there when the transaction was done
    // What the proposal's own calls do to it afterwards.
    std::optional<Address> handedTo;
    bool isPausedByCalls = false;
};

QList<Creation> plannedCreations(const ExchangeItem &item, const ReviewContext &context, const AddressBook &book)
{
    const ReviewSubject subject = ReviewSubject::of(item);
    const ReviewTree tree(subject, context, book);
    QList<Creation> creations;
    for (const ReviewedCall &call : tree.calls()) {
        if (call.creation && creations.size() < maxCreations)
            creations.append(Creation{.address = call.creation->address, .creator = call.creation->creator, .initCode = call.creation->initCode, .isPlanned = true, .tracedInitCode = {}, .tracedCode = {}, .handedTo = {}});
        const auto target = std::ranges::find(creations, std::optional(call.node->to), &Creation::address);
        if (target == creations.end() || call.creation)
            continue;
        if (call.read.name == "transferOwnership"_L1)
            target->handedTo = call.read.addressArgument(u"newOwner");
        target->isPausedByCalls = call.read.name == "pause"_L1 || (target->isPausedByCalls && call.read.name != "unpause"_L1);
    }
    return creations;
}

// Joins what the trace shows with what was planned; what nobody planned is added.
void addTraced(QList<Creation> &creations, const CallTrace &trace)
{
    QList<const CallFrame *> frames;
    for (const CallFrame &frame : trace.frames) {
        if (frame.isCreation() && !frame.undone && frame.to && frames.size() < maxCreations)
            frames.append(&frame);
    }
    const auto destroyed = selfDestructs(trace);
    for (const CallFrame *frame : std::as_const(frames)) {
        if (std::ranges::find(destroyed, *frame->to, &SelfDestruct::contract) != destroyed.end())
            continue;
        auto known = std::ranges::find(creations, frame->to, &Creation::address);
        if (known == creations.end()) {
            // Its address hung on a nonce that could not be read.
            known = std::ranges::find_if(creations, [frame](const Creation &one) {
                return !one.address && one.creator == frame->from && one.initCode == frame->input;
            });
        }
        if (known == creations.end()) {
            creations.append(Creation{.address = frame->to, .creator = frame->from, .initCode = frame->input, .tracedInitCode = {}, .tracedCode = {}, .handedTo = {}});
            known = creations.end() - 1;
        }
        known->address = frame->to;
        known->tracedInitCode = frame->input;
        known->tracedCode = frame->output;
    }
}

QString plainName(QString name)
{
    while (name.startsWith(u'_'))
        name.remove(0, 1);
    while (name.endsWith(u'_'))
        name.chop(1);
    return name;
}

/// Writes down the steps for one contract.
class Verifier final {
public:
    Verifier(const Creation &creation, const ContractFacts &facts, const ExchangeItem &item, const ArtifactStore &artifacts, bool isTraced)
        : m_creation(creation)
        , m_facts(facts)
        , m_item(item)
        , m_artifacts(artifacts)
        , m_isTraced(isTraced)
    {
    }

    DeploymentVerification verify()
    {
        m_result.address = m_creation.address.value_or(Address());
        m_result.codeHash = m_facts.codeHash;
        if (!m_creation.address) {
            step(u"The contract's address is known"_s, false, u"it hangs on a nonce, and the node neither shows that block's state nor traces"_s);
            return m_result;
        }
        step(u"A contract stands at %1"_s.arg(m_result.address.toString()), m_facts.hasCode(),
            u"code hash %1"_s.arg(m_facts.codeHash.toString()));
        if (!m_facts.hasCode())
            return m_result;
        lookAtCreation();
        if (!lookAtBuild())
            return m_result;
        lookAtOwner();
        lookAtPause();
        return m_result;
    }

private:
    void step(const QString &text, bool ok, const QString &evidence = {}) { m_result.steps.append({text, ok, evidence}); }

    void lookAtCreation()
    {
        if (!m_isTraced)
            return;
        if (m_creation.isPlanned)
            step(u"The transaction created it by the code that was signed"_s, m_creation.tracedInitCode == m_creation.initCode,
                m_creation.tracedInitCode ? u"creation code %1"_s.arg(keccak256(*m_creation.tracedInitCode).toString())
                                          : u"the transaction created nothing there"_s);
        if (m_creation.tracedCode)
            step(u"Its code is the one that was created"_s, *m_creation.tracedCode == m_facts.code,
                u"then %1, now %2"_s.arg(keccak256(*m_creation.tracedCode).toString(), m_facts.codeHash.toString()));
    }

    bool lookAtBuild()
    {
        const auto match = m_artifacts.nearestCreation(m_creation.initCode);
        if (!match || match->verdict.match == CodeMatch::Mismatch)
            return lookAtForeign();
        const ContractArtifact &artifact = *match->artifact;
        m_artifact = &artifact;
        m_result.contract = artifact.contractName();
        m_result.isClaimed = match->claim;
        if (!match->claim) // the sources are published by that name
            m_result.contractId = artifact.sourceName() + u':' + artifact.contractName();
        m_result.constructorArguments = m_creation.initCode.sliced(artifact.unlinkedCreationCode().size());
        CodeQuestion question;
        question.deployed = m_facts.code;
        question.initCode = m_creation.initCode;
        question.address = m_result.address;
        const auto verdict = verifyCode(artifact, question);
        QStringList reasons;
        for (const CodeReason &reason : verdict ? verdict->reasons : std::vector<CodeReason>())
            reasons.append(reason.position ? u"%1 (byte %2)"_s.arg(reason.text).arg(*reason.position) : reason.text);
        const bool fits = verdict && verdict->match != CodeMatch::Mismatch;
        step((match->claim ? u"The code is what its proposer attached as %1"_s : u"The code is the build %1"_s).arg(m_result.contract), fits,
            verdict ? QString(codeMatchName(verdict->match)) + (reasons.isEmpty() ? QString() : u": "_s + reasons.join(u"; "_s))
                    : verdict.error().message);
        if (!verdict)
            return false;
        m_verdict = *verdict;
        lookAtArguments();
        lookAtImmutables();
        return true;
    }

    // None of ours. A Safe's proxy is known by its singleton; nothing else is.
    bool lookAtForeign()
    {
        const Address *singleton = m_facts.proxy && m_facts.proxy->kind == ProxyKind::Safe ? m_facts.implementation() : nullptr;
        if (const auto known = singleton ? knownSafeContract(*singleton, m_item.proposal.chainId) : std::nullopt; known) {
            m_result.contract = u"Safe"_s;
            step(u"It is a Safe's proxy"_s, true, u"singleton %1"_s.arg(singleton->toString()));
            return false;
        }
        step(u"It is a known build"_s, false, u"creation code %1 is none of the builds of this console"_s.arg(keccak256(m_creation.initCode).toString()));
        return false;
    }

    void lookAtArguments()
    {
        const auto &inputs = m_artifact->abi().constructorInputs();
        step(u"The constructor's arguments decode to the same bytes"_s, m_verdict.constructorArguments.size() == inputs.size());
        for (size_t i = 0; i < std::min(inputs.size(), m_verdict.constructorArguments.size()); ++i)
            step(u"Constructor argument %1"_s.arg(inputs[i].name), true, abiToText(inputs[i].type, m_verdict.constructorArguments[i]));
    }

    // Those that are named like an argument must hold it; the others are shown.
    void lookAtImmutables()
    {
        const auto &inputs = m_artifact->abi().constructorInputs();
        for (const ImmutableValue &immutable : m_verdict.immutables) {
            const QString name = immutable.name.isEmpty() ? immutable.id : immutable.name;
            const QString value = immutable.text.isEmpty() ? toHex(immutable.value) : immutable.text;
            bool ok = true;
            for (size_t i = 0; i < std::min(inputs.size(), m_verdict.constructorArguments.size()); ++i) {
                if (plainName(inputs[i].name) == plainName(immutable.name) && !immutable.text.isEmpty())
                    ok = abiToText(inputs[i].type, m_verdict.constructorArguments[i]) == immutable.text;
            }
            step(u"Immutable %1"_s.arg(name), ok, value);
        }
    }

    // "0x….owner" or "0x…._owner", as reviews name a new contract's variables.
    std::optional<QString> promised(const QString &variable) const
    {
        for (const PromisedEffect &promise : m_item.proposal.promises) {
            for (const QString &prefix : {u"."_s, u"._"_s}) {
                if (promise.name == m_result.address.toString() + prefix + variable)
                    return promise.after;
            }
        }
        return std::nullopt;
    }

    // By the constructor: an argument that is named so, else its sender.
    Address firstOwner() const
    {
        const auto &inputs = m_artifact->abi().constructorInputs();
        for (size_t i = 0; i < std::min(inputs.size(), m_verdict.constructorArguments.size()); ++i) {
            const auto *address = m_verdict.constructorArguments[i].get<Address>();
            if (address && inputs[i].name.contains("owner"_L1, Qt::CaseInsensitive))
                return *address;
        }
        return m_creation.creator;
    }

    void lookAtOwner()
    {
        if (!m_facts.owner) {
            if (m_artifact->abi().function(u"owner"))
                step(u"owner() answers"_s, false);
            return;
        }
        const Address first = firstOwner();
        const auto byPromise = promised(u"owner"_s);
        const bool isExpected = byPromise ? *byPromise == m_facts.owner->toString()
                                          : *m_facts.owner == first || (m_creation.handedTo && *m_facts.owner == *m_creation.handedTo);
        step(u"owner() is as promised"_s, isExpected && !m_facts.owner->isZero(),
            u"it is %1, expected %2"_s.arg(m_facts.owner->toString(), byPromise.value_or((m_creation.handedTo ? *m_creation.handedTo : first).toString())));
        if (!m_facts.pendingOwner)
            return;
        const auto nextByPromise = promised(u"pendingOwner"_s);
        const bool isNextExpected = m_facts.pendingOwner->isZero() || (nextByPromise && *nextByPromise == m_facts.pendingOwner->toString())
            || (m_creation.handedTo && *m_facts.pendingOwner == *m_creation.handedTo);
        step(u"pendingOwner() is as promised"_s, isNextExpected, m_facts.pendingOwner->toString());
    }

    void lookAtPause()
    {
        if (!m_facts.paused)
            return;
        const auto byPromise = promised(u"paused"_s);
        const bool expected = byPromise ? *byPromise == "true"_L1 : m_creation.isPausedByCalls;
        step(u"paused() is as promised"_s, *m_facts.paused == expected, *m_facts.paused ? u"paused"_s : u"not paused"_s);
    }

    const Creation &m_creation;
    const ContractFacts &m_facts;
    const ExchangeItem &m_item;
    const ArtifactStore &m_artifacts;
    const bool m_isTraced;
    const ContractArtifact *m_artifact = nullptr;
    CodeVerdict m_verdict;
    DeploymentVerification m_result;
};

// The account nonces from which the creators counted, as the block before the execution had them.
QCoro::Task<void> readNonces(ChainClient &chain, QList<Creation> creations, BlockNumber executedIn, ReviewContext &context, std::stop_token stop)
{
    const BlockRef before = BlockRef::at(BlockNumber(executedIn.value() - 1));
    for (const Creation &creation : std::as_const(creations)) {
        if (context.contracts.contains(creation.creator))
            continue;
        const Address creator = creation.creator;
        const auto nonce = co_await chain.getTransactionCount(creator, before, stop);
        if (nonce)
            context.contracts[creator].nonce = *nonce;
    }
}

} // namespace

QCoro::Task<Result<QList<DeploymentVerification>>> verifyDeployments(JsonRpcClient &rpc, ExchangeItem item,
    TransactionReceipt receipt, BlockRef block, const ArtifactStore &artifacts, std::stop_token stop)
{
    ChainClient chain(rpc);
    ReviewContext context;
    context.artifacts = &artifacts;
    context.safe.chainId = item.proposal.chainId;
    context.safe.safe = item.proposal.safe;
    const AddressBook book(nullptr, nullptr);
    QList<Creation> creations = plannedCreations(item, context, book);
    if (!creations.isEmpty() && receipt.blockNumber > BlockNumber(0)) {
        co_await readNonces(chain, creations, receipt.blockNumber, context, stop);
        creations = plannedCreations(item, context, book);
    }
    const Hash32 hash = receipt.transactionHash;
    const auto trace = co_await chain.traceTransaction(hash, stop);
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"The verification was given up"_s);
    if (trace)
        addTraced(creations, *trace);
    QList<Address> accounts;
    for (const Creation &creation : std::as_const(creations)) {
        if (creation.address && !accounts.contains(*creation.address))
            accounts.append(*creation.address);
    }
    QList<DeploymentVerification> verifications;
    if (creations.isEmpty())
        co_return verifications;
    const auto facts = co_await readContracts(rpc, accounts, block, std::nullopt, stop);
    if (!facts)
        co_return std::unexpected(facts.error());
    for (const Creation &creation : std::as_const(creations)) {
        const ContractFacts found = creation.address ? facts->value(*creation.address) : ContractFacts();
        verifications.append(Verifier(creation, found, item, artifacts, trace.has_value()).verify());
    }
    co_return verifications;
}

} // namespace countersign
