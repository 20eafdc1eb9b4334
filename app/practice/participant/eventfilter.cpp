#include "app/practice/participant/eventfilter.h"

#include "app/practice/participant/concat.h"
#include "app/practice/participant/valuecodec.h"

#include <com/daml/ledger/api/v2/transaction_filter.pb.h>

#include <algorithm>

namespace countersign::participant {

namespace {

CantonError missing(std::string_view field)
{
    return {errors::MissingField, concat("The submitted command is missing a mandatory field: ", field),
        {{"field_name", std::string(field)}}};
}

CantonError invalidArgument(std::string_view why)
{
    return {errors::InvalidArgument, concat("The submitted request has invalid arguments: ", why)};
}

Outcome<TemplateRef> resolve(const lapi::Identifier &identifier, const TemplateRegistry &registry)
{
    const auto name = decodeIdentifier(identifier);
    if (!name) {
        return std::unexpected(name.error());
    }
    return registry.find(*name);
}

// The model declares no interface, so every interface id is unknown.
CantonError unknownInterface(const TemplateName &name)
{
    if (name.byName) {
        return {errors::NoInterfaceForName,
            concat("The following package-name/interface qualified-name pairs do not reference any interface-id uploaded on this "
                   "participant: [(",
                name.package, ",", name.module, ":", name.entity, ")].")};
    }
    CantonError error {errors::TemplatesNotFound, concat("Interfaces do not exist: [", name.toString(), "].")};
    error.resourceType = "INTERFACE_ID";
    error.resourceName = name.toString();
    return error;
}

} // namespace

struct FilterCompiler {
    static Outcome<EventFilter::Templates> templates(const lapi::Filters &filters, const TemplateRegistry &registry)
    {
        EventFilter::Templates result;
        // Entries that name nothing count only where there is nothing else.
        result.all = std::ranges::all_of(filters.cumulative(), [](const lapi::CumulativeFilter &filter) {
            return filter.identifier_filter_case() == lapi::CumulativeFilter::IDENTIFIER_FILTER_NOT_SET;
        });
        for (const lapi::CumulativeFilter &filter : filters.cumulative()) {
            switch (filter.identifier_filter_case()) {
            case lapi::CumulativeFilter::kWildcardFilter:
                result.all = true;
                break;
            case lapi::CumulativeFilter::IDENTIFIER_FILTER_NOT_SET:
                break;
            case lapi::CumulativeFilter::kInterfaceFilter: {
                const auto name = decodeIdentifier(filter.interface_filter().interface_id());
                return std::unexpected(name ? unknownInterface(*name) : name.error());
            }
            case lapi::CumulativeFilter::kTemplateFilter: {
                const auto ref = resolve(filter.template_filter().template_id(), registry);
                if (!ref) {
                    return std::unexpected(ref.error());
                }
                result.some.insert(ref->spec);
                break;
            }
            }
        }
        return result;
    }
};

Outcome<EventFilter> EventFilter::compile(const lapi::EventFormat &format, const TemplateRegistry &registry)
{
    EventFilter result;
    result.m_verbose = format.verbose();
    if (format.filters_by_party().empty() && !format.has_filters_for_any_party()) {
        return std::unexpected(invalidArgument("filtersByParty and filtersForAnyParty cannot be empty simultaneously"));
    }
    for (const auto &[party, filters] : format.filters_by_party()) {
        if (!isPartyText(party)) {
            return std::unexpected(invalidArgument("a key of filtersByParty is no party id"));
        }
        auto templates = FilterCompiler::templates(filters, registry);
        if (!templates) {
            return std::unexpected(templates.error());
        }
        result.m_byParty.emplace(party, std::move(*templates));
    }
    if (format.has_filters_for_any_party()) {
        auto templates = FilterCompiler::templates(format.filters_for_any_party(), registry);
        if (!templates) {
            return std::unexpected(templates.error());
        }
        result.m_anyParty = std::move(*templates);
    }
    return result;
}

EventFilter EventFilter::everythingFor(const PartySet &parties)
{
    EventFilter result;
    result.m_verbose = true;
    for (const std::string &party : parties) {
        result.m_byParty.emplace(party, Templates {true, {}});
    }
    return result;
}

std::vector<std::string> EventFilter::witnesses(const PartySet &candidates, const TemplateRef &ref) const
{
    const bool any = m_anyParty && m_anyParty->includes(ref);
    std::vector<std::string> result;
    for (const std::string &party : candidates) {
        const auto own = m_byParty.find(party);
        if (any || (own != m_byParty.end() && own->second.includes(ref))) {
            result.push_back(party);
        }
    }
    return result;
}

bool EventFilter::readsAnyOf(const PartySet &parties) const
{
    return m_anyParty
        || std::ranges::any_of(parties, [this](const std::string &party) { return m_byParty.contains(party); });
}

Outcome<UpdateSelection> UpdateSelection::compile(const lapi::UpdateFormat &format, const TemplateRegistry &registry)
{
    UpdateSelection result;
    if (!format.has_include_transactions() && !format.has_include_reassignments() && !format.has_include_topology_events()) {
        return std::unexpected(invalidArgument("update_format selects nothing"));
    }
    if (format.has_include_transactions()) {
        const lapi::TransactionFormat &transactions = format.include_transactions();
        if (!transactions.has_event_format()) {
            return std::unexpected(missing("event_format"));
        }
        switch (transactions.transaction_shape()) {
        case lapi::TRANSACTION_SHAPE_ACS_DELTA:
            result.shape = Shape::AcsDelta;
            break;
        case lapi::TRANSACTION_SHAPE_LEDGER_EFFECTS:
            result.shape = Shape::LedgerEffects;
            break;
        default:
            return std::unexpected(missing("transaction_shape"));
        }
        auto filter = EventFilter::compile(transactions.event_format(), registry);
        if (!filter) {
            return std::unexpected(filter.error());
        }
        result.transactions = std::move(*filter);
    }
    if (format.has_include_reassignments()) {
        // One synchronizer: there never are any, but a wrong filter is still wrong.
        if (auto filter = EventFilter::compile(format.include_reassignments(), registry); !filter) {
            return std::unexpected(filter.error());
        }
    }
    if (format.has_include_topology_events()) {
        result.topology = format.include_topology_events().has_include_participant_authorization_events();
        const auto &parties = format.include_topology_events().include_participant_authorization_events().parties();
        result.topologyParties.insert(parties.begin(), parties.end());
    }
    return result;
}

} // namespace countersign::participant
