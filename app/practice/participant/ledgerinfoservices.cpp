#include "app/practice/participant/ledgerinfoservices.h"

#include "app/practice/participant/concat.h"

#include <algorithm>

namespace countersign::participant {

namespace {

constexpr int MaxPartiesPage = 10'000;

void describeParty(const std::string &party, lapi::admin::PartyDetails &to)
{
    to.set_party(party);
    to.set_is_local(true);
    to.mutable_local_metadata()->set_resource_version("0");
}

} // namespace

grpc::Status VersionService::GetLedgerApiVersion(grpc::ServerContext *context,
    const lapi::GetLedgerApiVersionRequest * /*request*/, lapi::GetLedgerApiVersionResponse *response)
{
    return m_guard.serve(*context, Access::Read, [&]() -> Outcome<void> {
        response->set_version(std::string(SimulatedVersion));
        lapi::FeaturesDescriptor *features = response->mutable_features();
        features->mutable_user_management()->set_supported(false);
        features->mutable_party_management()->set_max_parties_page_size(MaxPartiesPage);
        auto *delay = features->mutable_offset_checkpoint()->mutable_max_offset_checkpoint_emission_delay();
        delay->set_seconds(m_checkpointInterval.count() / 1000);
        delay->set_nanos(static_cast<std::int32_t>(m_checkpointInterval.count() % 1000) * 1'000'000);
        return {};
    });
}

grpc::Status PartyManagementService::GetParticipantId(grpc::ServerContext *context,
    const lapi::admin::GetParticipantIdRequest * /*request*/, lapi::admin::GetParticipantIdResponse *response)
{
    return m_guard.serve(*context, Access::Read, [&]() -> Outcome<void> {
        response->set_participant_id(m_ledger.participantId());
        return {};
    });
}

grpc::Status PartyManagementService::ListKnownParties(grpc::ServerContext *context,
    const lapi::admin::ListKnownPartiesRequest *request, lapi::admin::ListKnownPartiesResponse *response)
{
    return m_guard.serve(*context, Access::Read, [&]() -> Outcome<void> {
        if (request->page_size() < 0 || request->page_size() > MaxPartiesPage) {
            return std::unexpected(CantonError {errors::InvalidArgument,
                concat("The submitted request has invalid arguments: page_size must be between 0 and ", MaxPartiesPage)});
        }
        const int size = request->page_size() == 0 ? MaxPartiesPage : request->page_size();
        // The token is the last party of the page before.
        const std::vector<std::string> parties = m_ledger.parties();
        auto party = std::ranges::upper_bound(parties, request->page_token());
        for (int i = 0; i < size && party != parties.end(); ++i, ++party) {
            describeParty(*party, *response->add_party_details());
        }
        if (party != parties.end()) {
            response->set_next_page_token(*std::prev(party));
        }
        return {};
    });
}

grpc::Status PartyManagementService::AllocateParty(grpc::ServerContext *context,
    const lapi::admin::AllocatePartyRequest *request, lapi::admin::AllocatePartyResponse *response)
{
    return m_guard.serve(*context, Access::Submit, [&]() -> Outcome<void> {
        const auto party = m_ledger.allocateParty(request->party_id_hint());
        if (!party) {
            return std::unexpected(party.error());
        }
        describeParty(*party, *response->mutable_party_details());
        return {};
    });
}

grpc::Status ApiInfoService::GetApiInfo(
    grpc::ServerContext *context, const connection::GetApiInfoRequest * /*request*/, connection::GetApiInfoResponse *response)
{
    return m_guard.serve(*context, Access::Anyone, [&]() -> Outcome<void> {
        response->set_name(m_name);
        return {};
    });
}

} // namespace countersign::participant
