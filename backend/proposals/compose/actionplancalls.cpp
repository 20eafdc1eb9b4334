#include "backend/proposals/compose/actionplan.h"

#include "backend/safe/safecreate.h"
#include "backend/safe/transactionbuilder.h"
#include "backend/types/strings.h"

#include <algorithm>

// The steps that carry code and calls of others: deployments, raw calls, files.

namespace countersign {

namespace {

// What a chain accepts: EIP-3860 and EIP-170.
constexpr qsizetype maxInitCode = 49'152;
constexpr qsizetype maxRuntimeCode = 24'576;

} // namespace

void ActionPlan::plan(const DeployAction &action)
{
    m_fields.setCreated({{}, nullptr, true});
    const ContractArtifact *artifact = nullptr;
    if (action.json.isEmpty()) {
        artifact = m_site.artifacts->find(action.artifact.trimmed());
        if (!artifact)
            m_fields.note(u"artifact"_s, u"There is no build called \"%1\""_s.arg(action.artifact.trimmed()));
    } else if (auto loaded = ContractArtifact::load(action.json)) {
        artifact = &m_given.emplace_back(*std::move(loaded));
        if (!m_site.artifacts->hasCreationCode(artifact->unlinkedCreationCode()))
            m_notes.append(u"The build %1 goes with the proposal as an attachment. For everybody who reviews it, what it is "
                           u"stays your word"_s.arg(artifact->contractName()));
    } else {
        m_fields.note(u"json"_s, loaded.error().message);
    }
    std::optional<Bytes> initCode;
    if (artifact)
        initCode = deploymentCode(*artifact, action.arguments);
    if (initCode)
        create(*artifact, action, *initCode);
    else if (!action.salt.trimmed().isEmpty())
        m_fields.identifier(u"salt"_s, action.salt);
}

std::optional<Bytes> ActionPlan::deploymentCode(const ContractArtifact &artifact, const QStringList &arguments)
{
    if (artifact.needsLinking()) {
        m_fields.note(u"artifact"_s, u"%1 is still to be linked with libraries"_s.arg(artifact.contractName()));
        return std::nullopt;
    }
    if (artifact.runtimeCode().size() > maxRuntimeCode)
        m_fields.note(u"artifact"_s, u"%1 is larger than a chain accepts (EIP-170)"_s.arg(artifact.contractName()));
    const auto &inputs = artifact.abi().constructorInputs();
    if (arguments.size() != static_cast<qsizetype>(inputs.size()))
        m_fields.note(u"arguments"_s,
            u"The constructor takes %1 arguments, not %2"_s.arg(inputs.size()).arg(arguments.size()));
    std::vector<AbiValue> values;
    const size_t count = std::min(inputs.size(), static_cast<size_t>(arguments.size()));
    for (size_t i = 0; i < count; ++i) {
        const auto value = m_fields.value(u"arguments[%1]"_s.arg(i), inputs[i].type, arguments.at(static_cast<qsizetype>(i)));
        if (value)
            values.push_back(*value);
    }
    if (!m_fields.isGood() || values.size() != inputs.size())
        return std::nullopt;
    auto code = artifact.deploymentCode(values);
    if (!code) {
        m_fields.note(u"artifact"_s, code.error().message);
        return std::nullopt;
    }
    if (code->size() > maxInitCode) {
        m_fields.note(u"artifact"_s, u"The creation code is larger than a chain accepts (EIP-3860)"_s);
        return std::nullopt;
    }
    return *std::move(code);
}

void ActionPlan::create(const ContractArtifact &artifact, const DeployAction &action, const Bytes &initCode)
{
    const auto value = m_fields.numberOr(u"value"_s, action.value, Uint256());
    const auto salt = action.salt.trimmed().isEmpty() ? Hash32() : m_fields.identifier(u"salt"_s, action.salt);
    if (!value || !salt)
        return;
    PredictedCreation creation{m_fields.action(), artifact.contractName(), {}, m_site.safe.safe, {}};
    MultiSendTransaction entry;
    if (action.method == CreateMethod::Arachnid || action.method == CreateMethod::SafeSingletonFactory) {
        const auto deployer = action.method == CreateMethod::Arachnid ? DeterministicDeployer::Arachnid
                                                                      : DeterministicDeployer::SafeSingletonFactory;
        const DeterministicDeployment deployment{*salt, initCode};
        creation.creator = deployerAddress(deployer);
        creation.address = predictDeployment(deployer, deployment);
        creation.warning = isOwnedByCreator(artifact)
            ? u"The constructor makes its caller the owner, and that is a shared deployer: the contract would belong to "
              u"nobody, for ever. Create it through CreateCall"_s
            : u"Anyone can create this contract at its address first, with the same code"_s;
        const ContractFacts *facts = m_site.contract(creation.creator);
        if (facts && !facts->hasCode()) {
            m_fields.note(u"method"_s, u"The deployer does not stand on %1"_s.arg(m_site.chain->name));
            return;
        }
        entry = {.to = creation.creator, .value = *value, .data = encodeDeployment(deployment)};
    } else {
        const auto library = m_site.library(SafeContract::CreateCall);
        if (!library) {
            m_fields.note(u"method"_s,
                u"The published CreateCall %1 does not stand on %2"_s.arg(m_site.version.toString(), m_site.chain->name));
            return;
        }
        CreateCall create{*value, initCode, {}};
        if (action.method == CreateMethod::BySalt)
            create.salt = *salt;
        else if (m_site.isQueueCreating)
            m_fields.note(u"method"_s,
                u"Earlier proposals create contracts as the Safe as well, so the address hangs on which of them are "
                u"executed: create it with a salt"_s);
        // Each creation, with a salt too, uses up a nonce of the Safe's account (EIP-161).
        const Nonce nonce(m_site.accountNonce().value() + m_createdByNonce++);
        const CreateSite where{m_site.safe.safe, nonce, *library};
        creation.address = predictCreateCall(create, SafeOperation::DelegateCall, where).address.value_or(Address());
        entry = {.operation = SafeOperation::DelegateCall, .to = *library, .data = encodeCreateCall(create)};
    }
    m_fields.addAccount(creation.address);
    const ContractFacts *standing = m_site.contract(creation.address);
    if ((standing && standing->hasCode()) || m_fields.createdAt(creation.address))
        m_fields.note(u"salt"_s, u"A contract stands at %1 already: take another salt"_s.arg(creation.address.toString()));
    if (!m_fields.isGood())
        return;
    m_fields.setCreated({creation.address, &artifact, true});
    m_creations.append(creation);
    append(std::move(entry));
}

void ActionPlan::plan(const RawCallAction &action)
{
    const auto to = m_fields.account(u"to"_s, action.to);
    const auto value = m_fields.numberOr(u"value"_s, action.value, Uint256());
    auto data = m_fields.bytes(u"data"_s, action.data);
    if (action.isDelegate && value && !value->isZero())
        m_fields.note(u"value"_s, u"A delegatecall carries no value"_s);
    if (!to || !value || !data || !m_fields.isGood())
        return;
    const ContractFacts *facts = m_site.contract(*to);
    const bool isEmpty = facts && !facts->hasCode() && !m_fields.createdAt(*to);
    if (action.isDelegate && isEmpty)
        m_fields.note(u"to"_s, u"No contract stands at %1"_s.arg(to->toString()));
    else if (isEmpty && !data->isEmpty())
        m_notes.append(u"No contract stands at %1: the call would succeed and do nothing"_s.arg(to->toString()));
    if (action.isDelegate && decodeCreateCall(*data))
        ++m_createdByNonce;
    append({.operation = action.isDelegate ? SafeOperation::DelegateCall : SafeOperation::Call,
        .to = *to,
        .value = *value,
        .data = *std::move(data)});
}

void ActionPlan::plan(const BuilderFileAction &action)
{
    const auto file = readTransactionBuilderFile(action.file);
    if (!file) {
        m_fields.note(u"file"_s, file.error().message);
        return;
    }
    if (file->chainId != m_site.chain->chainId)
        m_fields.note(u"file"_s, u"The file is for chain %1"_s.arg(file->chainId.value()));
    if (file->transactions.empty())
        m_fields.note(u"file"_s, u"The file holds no transaction"_s);
    if (file->createdFromSafe && *file->createdFromSafe != m_site.safe.safe)
        m_notes.append(u"The file was made for another Safe, %1"_s.arg(file->createdFromSafe->toString()));
    if (file->checksum && !file->checksumMatches())
        m_notes.append(u"The file's checksum is not that of its content: it was changed or damaged"_s);
    for (size_t i = 0; i < file->transactions.size(); ++i) {
        const BuilderTransaction &transaction = file->transactions[i];
        const QString name = u"Transaction %1 of the file"_s.arg(i + 1);
        if (transaction.disagrees)
            m_fields.note(u"file"_s, u"%1 has other data than its own method and values say"_s.arg(name));
        if (transaction.to.isZero())
            m_fields.note(u"file"_s, u"%1 goes to the zero address"_s.arg(name));
    }
    if (!m_fields.isGood())
        return;
    for (const BuilderTransaction &transaction : file->transactions)
        append({.to = transaction.to, .value = transaction.value, .data = transaction.data});
}

} // namespace countersign
