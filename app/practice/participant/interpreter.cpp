#include "app/practice/participant/interpreter.h"

#include "app/practice/participant/concat.h"

#include <algorithm>

namespace countersign::participant {

namespace {

std::string listed(const PartySet &parties)
{
    std::string text;
    for (const std::string &party : parties) {
        text += text.empty() ? party : ", " + party;
    }
    return text;
}

PartySet merged(const PartySet &a, const PartySet &b)
{
    PartySet result = a;
    result.insert(b.begin(), b.end());
    return result;
}

PartySet stakeholders(const Contract &contract)
{
    return merged(contract.signatories, contract.observers);
}

PartySet partiesOf(const TemplateSpec &spec, const DamlRecord &arguments, const std::vector<std::string> &labels)
{
    PartySet parties;
    for (const std::string &label : labels) {
        if (const auto index = spec.field(label)) {
            parties.insert(arguments[*index].text);
        }
    }
    return parties;
}

CantonError notFound(const std::string &contractId)
{
    CantonError error {errors::ContractNotFound, concat("Contract could not be found with id ", contractId)};
    error.resourceType = "CONTRACT_ID";
    error.resourceName = contractId;
    return error;
}

CantonError unauthorised(const std::string &what, const PartySet &required, const PartySet &given)
{
    return {errors::DamlAuthorization,
        concat("Interpretation error: Error: ", what, " requires authorizers ", listed(required), ", but only ", listed(given),
            " were given")};
}

/// One run over the steps of one submission.
class Interpreter final {
public:
    Interpreter(const Submission &submission, const InterpreterView &view)
        : m_submission(submission)
        , m_view(view)
        , m_readers(merged(submission.actAs, submission.readAs))
    {
    }

    Outcome<Interpretation> run();

private:
    Outcome<std::shared_ptr<const Contract>> create(
        const TemplateRef &ref, DamlRecord arguments, const PartySet &authorisers, const PartySet &parentWitnesses);
    Outcome<void> exercise(const ExerciseStep &step);
    [[nodiscard]] std::shared_ptr<const Contract> lookUp(const std::string &id) const;
    [[nodiscard]] DamlRecord consequence(const Creation &creation, const Contract &contract, const ExerciseStep &step) const;
    void markTransient();

    const Submission &m_submission;
    const InterpreterView &m_view;
    PartySet m_readers;
    Interpretation m_result;
    std::string m_lastCreated;
};

std::shared_ptr<const Contract> Interpreter::lookUp(const std::string &id) const
{
    if (std::ranges::find(m_result.archived, id) != m_result.archived.end()) {
        return nullptr;
    }
    const auto own = std::ranges::find(m_result.created, id, [](const auto &contract) { return contract->id; });
    if (own != m_result.created.end()) {
        return *own;
    }
    std::shared_ptr<const Contract> contract = m_view.activeContract(id);
    const bool visible = contract
        && std::ranges::any_of(m_readers, [&](const std::string &party) { return contract->isStakeholder(party); });
    return visible ? contract : nullptr;
}

Outcome<std::shared_ptr<const Contract>> Interpreter::create(
    const TemplateRef &ref, DamlRecord arguments, const PartySet &authorisers, const PartySet &parentWitnesses)
{
    auto contract = std::make_shared<Contract>();
    contract->signatories = partiesOf(*ref.spec, arguments, ref.spec->signatories);
    contract->observers = partiesOf(*ref.spec, arguments, ref.spec->observers);
    for (const std::string &signatory : contract->signatories) {
        contract->observers.erase(signatory);
    }
    if (!std::ranges::includes(authorisers, contract->signatories)) {
        return std::unexpected(
            unauthorised(concat("create of ", ref.spec->module, ":", ref.spec->entity), contract->signatories, authorisers));
    }
    for (const std::string &party : stakeholders(*contract)) {
        if (!m_view.isKnownParty(party)) {
            return std::unexpected(CantonError {errors::UnknownInformees,
                concat("The participant is not connected to any synchronizer where the given informees are known: ", party)});
        }
    }
    contract->id = m_view.nextContractId();
    contract->ref = ref;
    contract->arguments = std::move(arguments);
    contract->createdAt = m_view.ledgerTime;
    contract->workflowId = m_submission.workflowId;

    LedgerNode node;
    node.kind = LedgerNode::Kind::Create;
    node.id = static_cast<std::int32_t>(m_result.nodes.size());
    node.lastDescendant = node.id;
    node.witnesses = merged(stakeholders(*contract), parentWitnesses);
    contract->createdNode = node.id;
    node.contract = contract;
    m_result.nodes.push_back(std::move(node));
    m_result.created.push_back(contract);
    m_lastCreated = contract->id;
    return contract;
}

DamlRecord Interpreter::consequence(const Creation &creation, const Contract &contract, const ExerciseStep &step) const
{
    DamlRecord arguments;
    for (const FieldSource &source : creation.sources) {
        switch (source.from) {
        case FieldSource::From::LedgerTime:
            arguments.push_back(damlTimestamp(m_view.ledgerTime.micros()));
            break;
        case FieldSource::From::Contract:
            arguments.push_back(contract.arguments[*contract.ref.spec->field(source.label)]);
            break;
        case FieldSource::From::Argument: {
            const auto &fields = step.choice->argument;
            const auto at = std::ranges::find(fields, source.label, &FieldSpec::label) - fields.begin();
            arguments.push_back(step.argument[static_cast<std::size_t>(at)]);
            break;
        }
        }
    }
    return arguments;
}

Outcome<void> Interpreter::exercise(const ExerciseStep &step)
{
    const std::string id = step.contractId.empty() ? m_lastCreated : step.contractId;
    const std::shared_ptr<const Contract> contract = lookUp(id);
    if (!contract) {
        return std::unexpected(notFound(id));
    }
    if (contract->ref != step.ref) {
        return std::unexpected(CantonError {errors::PreprocessingFailed,
            concat("Contract ", id, " is of template ", contract->ref.spec->module, ":", contract->ref.spec->entity, ", not ",
                step.ref.spec->module, ":", step.ref.spec->entity)});
    }
    const PartySet controllers = step.choice->controller.empty()
        ? contract->signatories
        : partiesOf(*contract->ref.spec, contract->arguments, {step.choice->controller});
    if (!std::ranges::includes(m_submission.actAs, controllers)) {
        return std::unexpected(unauthorised(concat("exercise of ", step.choice->name, " in ", contract->ref.spec->module, ":",
                                                contract->ref.spec->entity),
            controllers, m_submission.actAs));
    }

    LedgerNode node;
    node.kind = LedgerNode::Kind::Exercise;
    node.id = static_cast<std::int32_t>(m_result.nodes.size());
    node.contract = contract;
    node.choice = step.choice;
    node.argument = step.argument;
    node.actors = controllers;
    // Observers do not see a choice that leaves the contract as it is.
    node.witnesses = step.choice->consuming ? merged(stakeholders(*contract), controllers)
                                            : merged(contract->signatories, controllers);
    const PartySet witnesses = node.witnesses;
    const std::size_t at = m_result.nodes.size();
    m_result.nodes.push_back(std::move(node));
    if (step.choice->consuming) {
        m_result.archived.push_back(id);
    }
    if (step.choice->creates) {
        const TemplateRef ref = m_view.registry.sibling(contract->ref, step.choice->creates->entity);
        auto made = create(ref, consequence(*step.choice->creates, *contract, step),
            merged(contract->signatories, controllers), witnesses);
        if (!made) {
            return std::unexpected(made.error());
        }
        m_result.nodes[at].resultContractId = (*made)->id;
    }
    m_result.nodes[at].lastDescendant = static_cast<std::int32_t>(m_result.nodes.size()) - 1;
    return {};
}

void Interpreter::markTransient()
{
    for (LedgerNode &node : m_result.nodes) {
        const bool own = std::ranges::any_of(m_result.created, [&](const auto &made) { return made->id == node.contract->id; });
        node.transient = own
            && std::ranges::find(m_result.archived, node.contract->id) != m_result.archived.end();
    }
}

Outcome<Interpretation> Interpreter::run()
{
    for (const LedgerStep &step : m_submission.steps) {
        if (const auto *creation = std::get_if<CreateStep>(&step)) {
            auto made = create(creation->ref, creation->arguments, m_submission.actAs, {});
            if (!made) {
                return std::unexpected(made.error());
            }
        } else if (auto done = exercise(std::get<ExerciseStep>(step)); !done) {
            return std::unexpected(done.error());
        }
    }
    markTransient();
    return std::move(m_result);
}

} // namespace

Outcome<Interpretation> interpret(const Submission &submission, const InterpreterView &view)
{
    return Interpreter(submission, view).run();
}

} // namespace countersign::participant
