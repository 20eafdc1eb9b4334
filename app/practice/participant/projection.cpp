#include "app/practice/participant/projection.h"

#include "app/practice/participant/valuecodec.h"

#include <com/daml/ledger/api/v2/update_service.pb.h>

namespace countersign::participant {

namespace {

PartySet stakeholders(const Contract &contract)
{
    PartySet all = contract.signatories;
    all.insert(contract.observers.begin(), contract.observers.end());
    return all;
}

template<class Parties>
void copyParties(const Parties &from, google::protobuf::RepeatedPtrField<std::string> &to)
{
    to.Reserve(static_cast<int>(from.size()));
    for (const std::string &party : from) {
        *to.Add() = party;
    }
}

void projectExercised(const LedgerNode &node, std::int64_t offset, const std::vector<std::string> &witnesses, bool verbose,
    bool acsDelta, lapi::ExercisedEvent &to)
{
    to.set_offset(offset);
    to.set_node_id(node.id);
    to.set_contract_id(node.contract->id);
    encodeIdentifier(node.contract->ref, *to.mutable_template_id());
    to.set_choice(node.choice->name);
    encodeRecord(node.argument, node.choice->argument, verbose, *to.mutable_choice_argument()->mutable_record());
    copyParties(node.actors, *to.mutable_acting_parties());
    to.set_consuming(node.choice->consuming);
    copyParties(witnesses, *to.mutable_witness_parties());
    to.set_last_descendant_node_id(node.lastDescendant);
    if (node.resultContractId.empty()) {
        to.mutable_exercise_result()->mutable_unit();
    } else {
        to.mutable_exercise_result()->set_contract_id(node.resultContractId);
    }
    to.set_package_name(node.contract->ref.package->name);
    to.set_acs_delta(acsDelta);
}

void projectArchived(
    const LedgerNode &node, std::int64_t offset, const std::vector<std::string> &witnesses, lapi::ArchivedEvent &to)
{
    to.set_offset(offset);
    to.set_node_id(node.id);
    to.set_contract_id(node.contract->id);
    encodeIdentifier(node.contract->ref, *to.mutable_template_id());
    copyParties(witnesses, *to.mutable_witness_parties());
    to.set_package_name(node.contract->ref.package->name);
}

void projectDelta(const LedgerNode &node, std::int64_t offset, const EventFilter &filter, lapi::Transaction &to)
{
    const bool archives = node.kind == LedgerNode::Kind::Exercise && node.choice->consuming;
    if (node.transient || (node.kind == LedgerNode::Kind::Exercise && !archives)) {
        return;
    }
    const std::vector<std::string> witnesses = filter.witnesses(stakeholders(*node.contract), node.contract->ref);
    if (witnesses.empty()) {
        return;
    }
    if (archives) {
        projectArchived(node, offset, witnesses, *to.add_events()->mutable_archived());
    } else {
        encodeCreated(*node.contract, node.id, witnesses, filter.verbose(), true, *to.add_events()->mutable_created());
    }
}

void projectEffect(const LedgerNode &node, std::int64_t offset, const EventFilter &filter, lapi::Transaction &to)
{
    const std::vector<std::string> witnesses = filter.witnesses(node.witnesses, node.contract->ref);
    if (witnesses.empty()) {
        return;
    }
    const bool stakeholder = !filter.witnesses(stakeholders(*node.contract), node.contract->ref).empty();
    if (node.kind == LedgerNode::Kind::Create) {
        encodeCreated(*node.contract, node.id, witnesses, filter.verbose(), stakeholder && !node.transient,
            *to.add_events()->mutable_created());
    } else {
        projectExercised(node, offset, witnesses, filter.verbose(), stakeholder && node.choice->consuming && !node.transient,
            *to.add_events()->mutable_exercised());
    }
}

} // namespace

void encodeTimestamp(Timestamp time, google::protobuf::Timestamp &to)
{
    constexpr qint64 MicrosPerSecond = 1'000'000;
    qint64 seconds = time.micros() / MicrosPerSecond;
    qint64 rest = time.micros() % MicrosPerSecond;
    if (rest < 0) {
        --seconds;
        rest += MicrosPerSecond;
    }
    to.set_seconds(seconds);
    to.set_nanos(static_cast<std::int32_t>(rest * 1000));
}

void encodeCreated(const Contract &contract, std::int32_t nodeId, const std::vector<std::string> &witnesses, bool verbose,
    bool acsDelta, lapi::CreatedEvent &to)
{
    to.set_offset(contract.createdOffset);
    to.set_node_id(nodeId);
    to.set_contract_id(contract.id);
    encodeIdentifier(contract.ref, *to.mutable_template_id());
    lapi::Record *arguments = to.mutable_create_arguments();
    if (verbose) {
        encodeIdentifier(contract.ref, *arguments->mutable_record_id());
    }
    encodeRecord(contract.arguments, contract.ref.spec->fields, verbose, *arguments);
    copyParties(witnesses, *to.mutable_witness_parties());
    copyParties(contract.signatories, *to.mutable_signatories());
    copyParties(contract.observers, *to.mutable_observers());
    encodeTimestamp(contract.createdAt, *to.mutable_created_at());
    to.set_package_name(contract.ref.package->name);
    to.set_representative_package_id(contract.ref.package->id);
    to.set_acs_delta(acsDelta);
}

bool projectTransaction(const LedgerUpdate &update, const EventFilter &filter, Shape shape, const ProjectionContext &context,
    lapi::Transaction &to)
{
    for (const LedgerNode &node : update.nodes) {
        if (shape == Shape::AcsDelta) {
            projectDelta(node, update.offset, filter, to);
        } else {
            projectEffect(node, update.offset, filter, to);
        }
    }
    if (to.events().empty()) {
        return false;
    }
    to.set_update_id(update.updateId);
    if (filter.readsAnyOf(update.actAs)) {
        to.set_command_id(update.commandId);
    }
    to.set_workflow_id(update.workflowId);
    encodeTimestamp(update.recordTime, *to.mutable_effective_at());
    to.set_offset(update.offset);
    to.set_synchronizer_id(context.synchronizerId);
    encodeTimestamp(update.recordTime, *to.mutable_record_time());
    return true;
}

bool projectUpdate(const LedgerUpdate &update, const UpdateSelection &selection, const ProjectionContext &context,
    lapi::GetUpdatesResponse &to)
{
    if (update.allocatedParty.empty()) {
        return selection.transactions
            && projectTransaction(update, *selection.transactions, selection.shape, context, *to.mutable_transaction());
    }
    const bool asked = selection.topology
        && (selection.topologyParties.empty() || selection.topologyParties.contains(update.allocatedParty));
    if (!asked) {
        return false;
    }
    lapi::TopologyTransaction *topology = to.mutable_topology_transaction();
    topology->set_update_id(update.updateId);
    topology->set_offset(update.offset);
    topology->set_synchronizer_id(context.synchronizerId);
    encodeTimestamp(update.recordTime, *topology->mutable_record_time());
    auto *added = topology->add_events()->mutable_participant_authorization_added();
    added->set_party_id(update.allocatedParty);
    added->set_participant_id(context.participantId);
    added->set_participant_permission(lapi::PARTICIPANT_PERMISSION_SUBMISSION);
    return true;
}

} // namespace countersign::participant
