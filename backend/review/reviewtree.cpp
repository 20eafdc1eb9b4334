#include "backend/review/reviewtree.h"

#include "backend/review/knowncalls.h"
#include "backend/review/wrappedcalls.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safecontracts.h"
#include "backend/safe/safelibraries.h"
#include "backend/types/strings.h"

#include <QSet>

namespace countersign {

namespace {

constexpr int maxWrappedDepth = 8;
constexpr size_t maxCalls = 16'384;

KnownInterface ofArtifact(const ContractArtifact &artifact, bool isClaimed = false)
{
    const QString &name = artifact.contractName();
    return {&artifact.abi(), isClaimed ? u"%1, as its proposer says"_s.arg(name) : u"build %1"_s.arg(name), isClaimed};
}

// Whose interface the target of a call has, by what is known without trusting anybody.
KnownInterface interfaceOf(
    const SafeCallNode &node, const ReviewContext &context, const AddressBook &book, const ReviewedCreation *created)
{
    const ChainId chain = context.safe.chainId;
    const auto published = knownSafeContract(node.to, chain);
    const ContractFacts *facts = context.contract(node.to);
    const bool isPublished = published && (!facts || !facts->hasCode() || facts->codeHash == published->deployment.codeHash);
    const KnownInterface library{&safeLibraryAbi(), u"Safe's libraries"_s};
    const KnownInterface safe{&safeAbi(), u"Safe"_s};
    if (isPublished && node.kind != SafeCallKind::Malformed) {
        const auto selector = Selector::leading(node.data);
        return selector && safeLibraryAbi().function(*selector) ? library : safe;
    }
    // A delegatecall runs foreign code as the Safe: what the target is for others says nothing about what its code does.
    if (node.operation == SafeOperation::DelegateCall)
        return {};
    if (const JsonAbi *role = abiOfRole(book.role(node.to)))
        return {role, book.name(node.to)};
    if (created && created->isBuild())
        return ofArtifact(*created->match->artifact, created->isClaimed());
    if (node.to == context.safe.safe || context.otherSafes.contains(node.to) || node.kind == SafeCallKind::Execution)
        return safe;
    if (context.artifacts && facts) {
        if (const ContractArtifact *artifact = context.artifacts->ofRuntime(facts->code))
            return ofArtifact(*artifact);
        const Address *implementation = facts->implementation();
        const ContractFacts *behind = implementation ? context.contract(*implementation) : nullptr;
        if (const ContractArtifact *artifact = behind ? context.artifacts->ofRuntime(behind->code) : nullptr)
            return {&artifact->abi(), u"build %1 behind a proxy"_s.arg(artifact->contractName())};
        for (const ContractFacts *one : {facts, behind}) {
            if (const ContractArtifact *claimed = one ? context.artifacts->claimedForRuntime(one->code) : nullptr)
                return ofArtifact(*claimed, true);
        }
    }
    return {};
}

void collectAccounts(const ReviewedCall &call, QSet<Address> &seen, QList<Address> &accounts)
{
    const auto add = [&seen, &accounts](const Address &address) {
        if (address.isZero() || seen.contains(address))
            return;
        seen.insert(address);
        accounts.append(address);
    };
    add(call.node->to);
    for (const Address &address : call.read.addresses())
        add(address);
    if (call.creation && call.creation->address)
        add(*call.creation->address);
}

} // namespace

ReviewTree::ReviewTree(const ReviewSubject &subject, const ReviewContext &context, const AddressBook &book)
    : m_subject(subject)
    , m_context(context)
    , m_book(book)
    , m_root(readSafeCallTree(subject.transaction, subject.safe, subject.chainId))
{
    append(m_root, -1, u"transaction"_s, 0);
}

void ReviewTree::append(const SafeCallNode &node, qsizetype parent, const QString &where, int depth)
{
    const auto index = static_cast<qsizetype>(m_calls.size());
    const CallToRead question{node.to, node.value, node.data, node.operation == SafeOperation::DelegateCall};
    ReviewedCall call;
    call.where = where;
    call.node = &node;
    call.read = readCall(question, interfaceOf(node, m_context, m_book, createdAt(node.to)), m_book);
    call.parent = parent;
    call.depth = depth;
    describe(call);
    call.creation = readCreation(node);
    if (call.creation && !deployerAt(node.to))
        call.read.decoded.isDecoded = true;
    if (call.creation && call.creation->address)
        m_created.insert(*call.creation->address, index);
    m_calls.push_back(std::move(call));
    qsizetype number = 0;
    for (const SafeCallNode &child : node.children)
        append(child, index, u"%1.calls[%2]"_s.arg(where).arg(number++), depth + 1);
    if (node.children.empty())
        appendWrapped(index, depth);
}

// What a descriptor says beside what was read: found by the address, by that of the code behind a proxy, or by our build.
const Descriptor *ReviewTree::descriptorOf(const SafeCallNode &node) const
{
    const DescriptorStore *store = m_context.descriptors.get();
    if (!store || node.data.size() < Selector::size || node.operation == SafeOperation::DelegateCall)
        return nullptr;
    if (const Descriptor *found = store->find(m_subject.chainId, node.to))
        return found;
    const ContractFacts *facts = m_context.contract(node.to);
    const Address *implementation = facts ? facts->implementation() : nullptr;
    if (const Descriptor *found = implementation ? store->find(m_subject.chainId, *implementation) : nullptr)
        return found;
    switch (m_book.role(node.to)) {
    case ContractRole::Registry:
        return store->ofBuild(u"CantonKeyRegistry"_s);
    case ContractRole::Vault:
        return store->ofBuild(u"CantonDeFiVault"_s);
    case ContractRole::Safe:
    case ContractRole::Unknown:
        break;
    }
    const ContractArtifact *build = facts ? ArtifactStore::ours().ofRuntime(facts->code) : nullptr;
    return build ? store->ofBuild(build->contractName()) : nullptr;
}

void ReviewTree::describe(ReviewedCall &call) const
{
    const SafeCallNode &node = *call.node;
    call.descriptor = descriptorOf(node);
    if (!call.descriptor)
        return;
    CallToDescribe question{m_subject.chainId, node.runsAs, node.to, node.value, node.data, nullptr, {}};
    if (call.read.reading == CallReading::Known) {
        question.parameters = &call.read.parameters;
        question.signature = call.read.decoded.signature;
    }
    call.described = describeCall(*call.descriptor, question, [this](const Address &address) { return m_book.name(address); });
    call.read.decoded.hint = call.described.hint;
}

void ReviewTree::appendWrapped(qsizetype index, int depth)
{
    const ReviewedCall &call = m_calls[static_cast<size_t>(index)];
    if (call.isDelegate())
        return;
    const QString where = call.where;
    std::vector<WrappedCall> wrapped = wrappedCalls(call.read, call.node->runsAs);
    if (wrapped.empty())
        return;
    if (depth >= maxWrappedDepth || m_calls.size() + wrapped.size() > maxCalls) {
        SafeCallNode &node = m_wrapped.emplace_back(*call.node);
        node.kind = SafeCallKind::Malformed;
        node.problem = u"Calls are nested deeper, or are more, than this program reads."_s;
        m_calls[static_cast<size_t>(index)].node = &node;
        return;
    }
    qsizetype number = 0;
    for (WrappedCall &inner : wrapped) {
        SafeTransaction transaction;
        transaction.to = inner.to;
        transaction.value = inner.value;
        transaction.data = std::move(inner.data);
        const SafeCallNode &node = m_wrapped.emplace_back(readSafeCallTree(transaction, inner.caller, m_subject.chainId));
        append(node, index, u"%1.calls[%2]"_s.arg(where).arg(number++), depth + 1);
    }
}

std::optional<ReviewedCreation> ReviewTree::readCreation(const SafeCallNode &node)
{
    ReviewedCreation creation;
    if (const auto deployer = deployerAt(node.to); deployer && node.operation == SafeOperation::Call) {
        const auto deployment = decodeDeployment(node.data);
        if (!deployment)
            return std::nullopt;
        creation.initCode = deployment->initCode;
        creation.creator = node.to;
        creation.address = predictDeployment(*deployer, *deployment);
        creation.isFrontRunnable = true;
    } else if (node.creation) {
        CreateSite site{node.runsAs, Nonce(0), node.to};
        const Address creator = node.operation == SafeOperation::DelegateCall ? node.runsAs : node.to;
        const ContractFacts *facts = m_context.contract(creator);
        const quint64 nonce = (facts ? facts->nonce.value() : 0) + m_creations.value(creator);
        site.safeAccountNonce = Nonce(nonce);
        if (facts)
            site.libraryNonce = Nonce(nonce);
        const CreatePrediction prediction = predictCreateCall(*node.creation, node.operation, site);
        creation.initCode = node.creation->initCode;
        creation.creator = prediction.creator;
        if (node.creation->salt || facts)
            creation.address = prediction.address;
        creation.isOrphaned = prediction.orphaned;
        creation.isFrontRunnable = prediction.frontRunnable;
        ++m_creations[creator];
    } else {
        return std::nullopt;
    }
    if (m_context.artifacts)
        creation.match = m_context.artifacts->nearestCreation(creation.initCode);
    return creation;
}

const ReviewedCreation *ReviewTree::createdAt(const Address &address) const
{
    const auto found = m_created.constFind(address);
    return found == m_created.constEnd() ? nullptr : &*m_calls[static_cast<size_t>(*found)].creation;
}

QList<Address> ReviewTree::accounts() const
{
    QSet<Address> seen;
    QList<Address> accounts;
    for (const ReviewedCall &call : m_calls)
        collectAccounts(call, seen, accounts);
    return accounts;
}

DecodedCall ReviewTree::decodedAt(qsizetype index, const std::vector<std::vector<qsizetype>> &children) const
{
    DecodedCall decoded = m_calls[static_cast<size_t>(index)].read.decoded;
    for (const qsizetype child : children[static_cast<size_t>(index)])
        decoded.inner.append(decodedAt(child, children));
    return decoded;
}

DecodedCall ReviewTree::decoded() const
{
    std::vector<std::vector<qsizetype>> children(m_calls.size());
    for (size_t i = 1; i < m_calls.size(); ++i)
        children[static_cast<size_t>(m_calls[i].parent)].push_back(static_cast<qsizetype>(i));
    return decodedAt(0, children);
}

} // namespace countersign
