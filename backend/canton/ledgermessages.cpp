#include "backend/canton/ledgermessages.h"

#include "backend/canton/damlproto.h"
#include "backend/canton/ledgerdecoder.h"
#include "backend/rpc/protowire.h"
#include "backend/types/strings.h"

#include "com/daml/ledger/api/v2/admin/party_management_service.pb.h"
#include "com/daml/ledger/api/v2/command_service.pb.h"
#include "com/daml/ledger/api/v2/state_service.pb.h"
#include "com/daml/ledger/api/v2/update_service.pb.h"
#include "com/daml/ledger/api/v2/version_service.pb.h"
#include "com/digitalasset/canton/admin/participant/v30/participant_status_service.pb.h"
#include "com/digitalasset/canton/connection/v30/api_info.pb.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace countersign::ledgermessages {

namespace lapi = com::daml::ledger::api::v2;
namespace admin = com::digitalasset::canton::admin;

namespace {

Bytes encoded(const google::protobuf::MessageLite &message)
{
    return Bytes::fromStdString(message.SerializeAsString());
}

template <class Message> Result<Message> decoded(QByteArrayView bytes)
{
    Message message;
    if (bytes.size() > std::numeric_limits<int>::max()
        || !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        return fail(ErrorKind::Corrupt, u"The participant sent an answer that cannot be read"_s);
    return message;
}

// What \a make says of a message; std::expected of libstdc++ 12 has no transform.
template <class Message, class Make>
auto read(QByteArrayView bytes, Make make) -> Result<decltype(make(std::declval<const Message &>()))>
{
    const Result<Message> message = decoded<Message>(bytes);
    if (!message)
        return std::unexpected(message.error());
    return make(*message);
}

QString text(const std::string &text)
{
    return QString::fromStdString(text);
}

void fill(lapi::EventFormat &format, const LedgerFilter &filter)
{
    lapi::Filters filters;
    for (const TemplateId &id : filter.templates)
        toProto(id, *filters.add_cumulative()->mutable_template_filter()->mutable_template_id());
    if (filter.templates.isEmpty())
        filters.add_cumulative()->mutable_wildcard_filter();
    for (const QString &party : filter.parties)
        (*format.mutable_filters_by_party())[party.toStdString()] = filters;
    if (filter.parties.isEmpty())
        *format.mutable_filters_for_any_party() = filters;
    format.set_verbose(true); // labels
}

Result<void> fill(lapi::Commands &out, const LedgerSubmission &submission)
{
    if (submission.commandId.isEmpty() || submission.actAs.isEmpty() || submission.commands.isEmpty())
        return fail(ErrorKind::Invalid, u"A submission needs a command id, an acting party and a command"_s);
    out.set_command_id(submission.commandId.toStdString());
    out.set_user_id(submission.userId.toStdString());
    out.set_workflow_id(submission.workflowId.toStdString());
    for (const QString &party : submission.actAs)
        out.add_act_as(party.toStdString());
    for (const QString &party : submission.readAs)
        out.add_read_as(party.toStdString());
    for (const LedgerCommand &command : submission.commands) {
        lapi::Command &to = *out.add_commands();
        if (const auto *create = std::get_if<CreateCommand>(&command)) {
            if (create->arguments.kind() != DamlValue::Kind::Record)
                return fail(ErrorKind::Invalid, u"The arguments of a contract are a record"_s);
            toProto(create->templateId, *to.mutable_create()->mutable_template_id());
            if (auto done = toProto(create->arguments, *to.mutable_create()->mutable_create_arguments()); !done)
                return done;
        } else if (const auto *exercise = std::get_if<ExerciseCommand>(&command)) {
            toProto(exercise->templateId, *to.mutable_exercise()->mutable_template_id());
            to.mutable_exercise()->set_contract_id(exercise->contractId.toStdString());
            to.mutable_exercise()->set_choice(exercise->choice.toStdString());
            if (auto done = toProto(exercise->argument, *to.mutable_exercise()->mutable_choice_argument()); !done)
                return done;
        }
    }
    return {};
}

ComponentHealth componentOf(const admin::health::v30::ComponentStatus &component)
{
    using Case = admin::health::v30::ComponentStatus::StatusCase;
    ComponentHealth health{text(component.name()), ComponentHealth::State::Ok, {}};
    switch (component.status_case()) {
    case Case::kOk:
        health.description = text(component.ok().description());
        break;
    case Case::kDegraded:
        health.state = ComponentHealth::State::Degraded;
        health.description = text(component.degraded().description());
        break;
    case Case::kFailed:
        health.state = ComponentHealth::State::Failed;
        health.description = text(component.failed().description());
        break;
    case Case::kFatal:
        health.state = ComponentHealth::State::Fatal;
        health.description = text(component.fatal().description());
        break;
    case Case::STATUS_NOT_SET:
        break;
    }
    return health;
}

LedgerParty partyOf(const lapi::admin::PartyDetails &details)
{
    return {text(details.party()), details.is_local()};
}

} // namespace

Bytes updatesRequest(Offset afterExclusive, const LedgerFilter &filter)
{
    lapi::GetUpdatesRequest request;
    request.set_begin_exclusive(afterExclusive.value());
    lapi::UpdateFormat &format = *request.mutable_update_format();
    fill(*format.mutable_include_transactions()->mutable_event_format(), filter);
    format.mutable_include_transactions()->set_transaction_shape(lapi::TRANSACTION_SHAPE_ACS_DELTA);
    fill(*format.mutable_include_reassignments(), filter);
    return encoded(request);
}

Bytes activeContractsRequest(Offset at, const LedgerFilter &filter)
{
    lapi::GetActiveContractsRequest request;
    request.set_active_at_offset(at.value());
    fill(*request.mutable_event_format(), filter);
    return encoded(request);
}

Bytes connectedSynchronizersRequest(const QString &party)
{
    lapi::GetConnectedSynchronizersRequest request;
    request.set_party(party.toStdString());
    return encoded(request);
}

Bytes allocatePartyRequest(const QString &hint)
{
    lapi::admin::AllocatePartyRequest request;
    request.set_party_id_hint(hint.toStdString());
    return encoded(request);
}

Bytes knownPartiesRequest(const QString &pageToken)
{
    lapi::admin::ListKnownPartiesRequest request;
    request.set_page_token(pageToken.toStdString());
    return encoded(request);
}

Result<Bytes> submitRequest(const LedgerSubmission &submission)
{
    lapi::SubmitAndWaitRequest request;
    if (auto done = fill(*request.mutable_commands(), submission); !done)
        return std::unexpected(done.error());
    return encoded(request);
}

Result<Bytes> submitForTransactionRequest(const LedgerSubmission &submission)
{
    lapi::SubmitAndWaitForTransactionRequest request;
    if (auto done = fill(*request.mutable_commands(), submission); !done)
        return std::unexpected(done.error());
    lapi::TransactionFormat &format = *request.mutable_transaction_format();
    format.set_transaction_shape(lapi::TRANSACTION_SHAPE_ACS_DELTA);
    fill(*format.mutable_event_format(), LedgerFilter{submission.actAs, {}});
    return encoded(request);
}

Result<QString> apiName(QByteArrayView message)
{
    return read<com::digitalasset::canton::connection::v30::GetApiInfoResponse>(
        message, [](const com::digitalasset::canton::connection::v30::GetApiInfoResponse &response) {
            return text(response.name());
        });
}

Result<LedgerVersion> version(QByteArrayView message)
{
    return read<lapi::GetLedgerApiVersionResponse>(message, [](const lapi::GetLedgerApiVersionResponse &response) {
        const auto &delay = response.features().offset_checkpoint().max_offset_checkpoint_emission_delay();
        // Bounded: what a server advertises is used as a waiting time.
        const qint64 seconds = std::clamp<qint64>(delay.seconds(), 0, 86'400);
        return LedgerVersion{
            text(response.version()), std::chrono::milliseconds(seconds * 1000 + delay.nanos() / 1'000'000)};
    });
}

Result<Offset> ledgerEnd(QByteArrayView message)
{
    return read<lapi::GetLedgerEndResponse>(
        message, [](const lapi::GetLedgerEndResponse &response) { return Offset(response.offset()); });
}

Result<Offset> prunedUpTo(QByteArrayView message)
{
    return read<lapi::GetLatestPrunedOffsetsResponse>(
        message, [](const lapi::GetLatestPrunedOffsetsResponse &response) {
            return Offset(response.participant_pruned_up_to_inclusive());
        });
}

Result<QVector<ConnectedSynchronizer>> connectedSynchronizers(QByteArrayView message)
{
    return read<lapi::GetConnectedSynchronizersResponse>(
        message, [](const lapi::GetConnectedSynchronizersResponse &response) {
            QVector<ConnectedSynchronizer> out;
            for (const auto &one : response.connected_synchronizers()) {
                QString permission;
                if (one.permission() == lapi::PARTICIPANT_PERMISSION_SUBMISSION)
                    permission = u"submission"_s;
                else if (one.permission() == lapi::PARTICIPANT_PERMISSION_CONFIRMATION)
                    permission = u"confirmation"_s;
                else if (one.permission() == lapi::PARTICIPANT_PERMISSION_OBSERVATION)
                    permission = u"observation"_s;
                out.append({text(one.synchronizer_alias()), text(one.synchronizer_id()), permission});
            }
            return out;
        });
}

Result<LedgerParty> allocatedParty(QByteArrayView message)
{
    return read<lapi::admin::AllocatePartyResponse>(
        message, [](const lapi::admin::AllocatePartyResponse &response) { return partyOf(response.party_details()); });
}

Result<PartyPage> knownParties(QByteArrayView message)
{
    return read<lapi::admin::ListKnownPartiesResponse>(
        message, [](const lapi::admin::ListKnownPartiesResponse &response) {
            PartyPage page;
            for (const auto &details : response.party_details())
                page.parties.append(partyOf(details));
            page.next = text(response.next_page_token());
            return page;
        });
}

Result<LedgerReceipt> receipt(QByteArrayView message)
{
    return read<lapi::SubmitAndWaitResponse>(message, [](const lapi::SubmitAndWaitResponse &response) {
        return LedgerReceipt{text(response.update_id()), Offset(response.completion_offset()), {}};
    });
}

Result<LedgerReceipt> transactionReceipt(QByteArrayView message)
{
    // SubmitAndWaitForTransactionResponse {1 transaction}: read by the decoder of the streams, so that both give the
    // same rows.
    QByteArrayView transaction;
    ProtoWire wire(message);
    while (wire.next()) {
        if (wire.field() == 1 && wire.isBytes())
            transaction = wire.bytes();
    }
    LedgerReceipt receipt;
    LedgerDecoder decoder{LedgerFilter{}};
    const Result<void> read = decoder.decodeTransaction(transaction, receipt.events);
    if (!wire.ok() || !read || receipt.events.isEmpty())
        return fail(ErrorKind::Corrupt, u"The participant sent an answer that cannot be read"_s);
    receipt.completionOffset = receipt.events.last().offset();
    ProtoWire fields(transaction);
    while (fields.next()) {
        if (fields.field() == 1 && fields.isBytes())
            receipt.updateId = QString::fromUtf8(fields.bytes());
    }
    receipt.events.removeIf([](const LedgerEvent &event) { return event.kind() == LedgerEvent::Kind::Checkpoint; });
    return receipt;
}

Result<ParticipantStatus> participantStatus(QByteArrayView message)
{
    const auto response = decoded<admin::participant::v30::ParticipantStatusResponse>(message);
    if (!response)
        return std::unexpected(response.error());
    ParticipantStatus status;
    if (response->has_not_initialized()) {
        using Waiting = admin::health::v30::NotInitialized;
        status.active = response->not_initialized().active();
        status.version = text(response->not_initialized().version());
        switch (response->not_initialized().waiting_for_external_input()) {
        case Waiting::WAITING_FOR_EXTERNAL_INPUT_ID:
            status.waitingFor = u"id"_s;
            break;
        case Waiting::WAITING_FOR_EXTERNAL_INPUT_NODE_TOPOLOGY:
            status.waitingFor = u"node topology"_s;
            break;
        default:
            status.waitingFor = u"initialization"_s;
        }
        return status;
    }
    const auto &common = response->status().common_status();
    status.uid = text(common.uid());
    status.version = text(common.version());
    status.uptime = std::chrono::seconds(std::clamp<qint64>(common.uptime().seconds(), 0, qint64{1} << 40));
    status.active = response->status().active();
    for (const auto &[name, port] : common.ports())
        status.ports.insert(text(name), port);
    for (const auto &component : common.components())
        status.components.append(componentOf(component));
    for (const auto &synchronizer : response->status().connected_synchronizers())
        status.synchronizers.append({text(synchronizer.physical_synchronizer_id()),
            synchronizer.health() == admin::participant::v30::ConnectedSynchronizer::HEALTH_HEALTHY});
    const auto &queues = common.topology_queues();
    status.queuedTopology = queues.manager() + queues.dispatcher() + queues.clients();
    return status;
}

} // namespace countersign::ledgermessages
