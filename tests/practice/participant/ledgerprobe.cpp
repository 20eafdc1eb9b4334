#include "ledgerprobe.h"

#include "backend/types/strings.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

namespace countersign {

LedgerProbe::LedgerProbe(const QString &address, const std::shared_ptr<grpc::ChannelCredentials> &credentials)
{
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    m_channel = grpc::CreateCustomChannel(address.toStdString(), credentials, arguments);
}

void LedgerProbe::prepare(grpc::ClientContext &context) const
{
    context.set_deadline(std::chrono::system_clock::now() + m_deadline);
    if (!m_token.empty()) {
        context.AddMetadata("authorization", "Bearer " + m_token);
    }
}

grpc::Status LedgerProbe::ledgerEnd(std::int64_t &offset)
{
    grpc::ClientContext context;
    prepare(context);
    lapi::GetLedgerEndResponse response;
    const grpc::Status status = lapi::StateService::NewStub(m_channel)->GetLedgerEnd(&context, {}, &response);
    offset = response.offset();
    return status;
}

grpc::Status LedgerProbe::create(const ParticipantServer &server, const std::string &commandId, std::size_t padding)
{
    lapi::SubmitAndWaitRequest request;
    lapi::Commands *commands = request.mutable_commands();
    commands->set_user_id("probe");
    commands->set_command_id(commandId);
    commands->add_act_as(server.partyId(u"PolicyIssuer"_s).toStdString());
    lapi::CreateCommand *create = commands->add_commands()->mutable_create();
    create->mutable_template_id()->set_package_id("#vault-intents");
    create->mutable_template_id()->set_module_name("Vault.Intents");
    create->mutable_template_id()->set_entity_name("IntentRequest");
    const auto value = [create] { return create->mutable_create_arguments()->add_fields()->mutable_value(); };
    for (const QString &hint : {u"PolicyIssuer"_s, u"Relayer"_s, u"Regulator"_s}) {
        value()->set_party(server.partyId(hint).toStdString());
    }
    for (const std::string &text : {commandId, std::string("0x11"), std::string("treasury"), std::string("0x22")}) {
        value()->set_text(text);
    }
    value()->set_int64(31337);
    for (const char *text : {"0x33", "rebalance", "USDC"}) {
        value()->set_text(text);
    }
    value()->set_numeric("1.5");
    value()->set_text("0x" + std::string(padding, 'a'));
    value()->set_int64(7);
    value()->set_timestamp(2);
    value()->set_timestamp(1);

    grpc::ClientContext context;
    prepare(context);
    lapi::SubmitAndWaitResponse response;
    return lapi::CommandService::NewStub(m_channel)->SubmitAndWait(&context, request, &response);
}

grpc::Status LedgerProbe::activeContracts(
    const lapi::GetActiveContractsRequest &request, std::vector<lapi::GetActiveContractsResponse> &responses)
{
    grpc::ClientContext context;
    prepare(context);
    const auto reader = lapi::StateService::NewStub(m_channel)->GetActiveContracts(&context, request);
    lapi::GetActiveContractsResponse response;
    while (reader->Read(&response)) {
        responses.push_back(response);
    }
    return reader->Finish();
}

grpc::Status LedgerProbe::updates(const lapi::GetUpdatesRequest &request, std::vector<lapi::GetUpdatesResponse> &responses,
    const std::function<bool()> &enough)
{
    grpc::ClientContext context;
    prepare(context);
    const auto reader = lapi::UpdateService::NewStub(m_channel)->GetUpdates(&context, request);
    lapi::GetUpdatesResponse response;
    while (reader->Read(&response)) {
        responses.push_back(response);
        if (enough()) {
            context.TryCancel();
            while (reader->Read(&response)) {
                // What was under way is of no interest.
            }
            break;
        }
    }
    return reader->Finish();
}

lapi::EventFormat everythingOf(const QString &party)
{
    lapi::EventFormat format;
    format.set_verbose(true);
    (*format.mutable_filters_by_party())[party.toStdString()];
    return format;
}

lapi::GetUpdatesRequest updatesRequest(const QString &party, std::int64_t begin)
{
    lapi::GetUpdatesRequest request;
    request.set_begin_exclusive(begin);
    lapi::TransactionFormat *transactions = request.mutable_update_format()->mutable_include_transactions();
    transactions->set_transaction_shape(lapi::TRANSACTION_SHAPE_ACS_DELTA);
    *transactions->mutable_event_format() = everythingOf(party);
    return request;
}

QByteArray reasonOf(const grpc::Status &status)
{
    google::rpc::Status details;
    if (!details.ParseFromString(status.error_details())) {
        return {};
    }
    for (const google::protobuf::Any &detail : details.details()) {
        google::rpc::ErrorInfo info;
        if (detail.UnpackTo(&info)) {
            return QByteArray::fromStdString(info.reason());
        }
    }
    return {};
}

} // namespace countersign
