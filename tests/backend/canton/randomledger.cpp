#include "tests/backend/canton/randomledger.h"

#include <array>

namespace countersign::test {

namespace lapi = com::daml::ledger::api::v2;

std::string RandomLedger::word()
{
    static constexpr std::array words{"", "a", "0x1f", "treasury desk", "größe", "\"quoted\" \\ and\nbroken",
        "\xF0\x9F\x94\x91 key", "PolicyIssuer::1220aabbccddeeff",
        "a rather long text that does not fit into a small buffer of a string class"};
    return words[static_cast<size_t>(below(static_cast<int>(words.size())))];
}

void RandomLedger::fill(google::protobuf::Timestamp &time)
{
    time.set_seconds(1'600'000'000LL + below(1'000'000'000) - (below(10) == 0 ? 4'000'000'000 : 0));
    time.set_nanos(below(1'000'000'000));
}

void RandomLedger::fill(lapi::Value &value, int depth)
{
    switch (below(depth > 4 ? 10 : 18)) {
    case 0:
        value.mutable_unit();
        break;
    case 1:
        value.set_bool_(below(2) == 1);
        break;
    case 2:
        value.set_int64(static_cast<int64_t>((static_cast<uint64_t>(m_random()) << 32) | m_random()));
        break;
    case 3:
        value.set_date(below(100'000) - 50'000);
        break;
    case 4:
        value.set_timestamp(static_cast<int64_t>((static_cast<uint64_t>(m_random()) << 32) | m_random()));
        break;
    case 5:
        value.set_numeric("-12.5000000000");
        break;
    case 6:
        value.set_party(word());
        break;
    case 7:
    case 8:
        value.set_text(word());
        break;
    case 9:
        value.set_contract_id(word());
        break;
    case 10:
        if (below(3) == 0)
            value.mutable_optional();
        else
            fill(*value.mutable_optional()->mutable_value(), depth + 1);
        break;
    case 11:
        value.mutable_list();
        for (int i = below(4); i > 0; --i)
            fill(*value.mutable_list()->add_elements(), depth + 1);
        break;
    case 12:
        value.mutable_text_map();
        for (int i = below(3); i > 0; --i) {
            auto &entry = *value.mutable_text_map()->add_entries();
            entry.set_key(word());
            fill(*entry.mutable_value(), depth + 1);
        }
        break;
    case 13:
        value.mutable_gen_map();
        for (int i = below(3); i > 0; --i) {
            auto &entry = *value.mutable_gen_map()->add_entries();
            fill(*entry.mutable_key(), depth + 1);
            fill(*entry.mutable_value(), depth + 1);
        }
        break;
    case 14:
        fill(*value.mutable_record(), below(4), depth + 1);
        break;
    case 15:
        value.mutable_variant()->set_constructor(word());
        fill(*value.mutable_variant()->mutable_value(), depth + 1);
        break;
    case 16:
        value.mutable_enum_()->set_constructor(word());
        break;
    default:
        break; // a value that holds nothing
    }
}

void RandomLedger::fill(lapi::Record &record, int fields, int depth)
{
    if (below(2) == 0)
        record.mutable_record_id()->set_entity_name(word());
    for (int i = 0; i < fields; ++i) {
        auto &field = *record.add_fields();
        field.set_label(below(6) == 0 ? word() : "field" + std::to_string(i));
        fill(*field.mutable_value(), depth);
    }
}

void RandomLedger::fill(lapi::CreatedEvent &event)
{
    event.set_offset(below(1'000'000));
    event.set_node_id(below(100));
    event.set_contract_id("00" + word());
    event.mutable_template_id()->set_package_id(below(2) == 0 ? "pkg-a" : "pkg-b");
    event.mutable_template_id()->set_module_name("Vault.Intents");
    event.mutable_template_id()->set_entity_name(below(2) == 0 ? "IntentRequest" : "IntentReceipt");
    event.set_package_name(below(4) == 0 ? "other" : "vault-intents");
    fill(*event.mutable_create_arguments(), below(8), 0);
    fill(*event.mutable_created_at());
    event.add_witness_parties(word());
    event.add_signatories(word());
    event.set_created_event_blob("\xff\x00\x80");
}

lapi::GetUpdatesResponse RandomLedger::update()
{
    lapi::GetUpdatesResponse message;
    switch (below(8)) {
    case 0: {
        auto &checkpoint = *message.mutable_offset_checkpoint();
        checkpoint.set_offset(below(1'000'000));
        for (int i = below(3); i > 0; --i)
            fill(*checkpoint.add_synchronizer_times()->mutable_record_time());
        break;
    }
    case 1: {
        auto &topology = *message.mutable_topology_transaction();
        topology.set_update_id(word());
        topology.set_offset(below(1'000'000));
        fill(*topology.mutable_record_time());
        break;
    }
    case 2: {
        auto &reassignment = *message.mutable_reassignment();
        reassignment.set_update_id(word());
        reassignment.set_offset(below(1'000'000));
        fill(*reassignment.mutable_record_time());
        for (int i = below(3); i > 0; --i) {
            auto &event = *reassignment.add_events();
            if (below(2) == 0)
                fill(*event.mutable_assigned()->mutable_created_event());
            else
                event.mutable_unassigned()->set_contract_id(word());
        }
        break;
    }
    default: {
        auto &transaction = *message.mutable_transaction();
        transaction.set_update_id(word());
        transaction.set_command_id(word());
        transaction.set_offset(below(1'000'000));
        fill(*transaction.mutable_effective_at());
        fill(*transaction.mutable_record_time());
        for (int i = below(4); i > 0; --i) {
            auto &event = *transaction.add_events();
            if (below(3) != 0) {
                fill(*event.mutable_created());
            } else {
                auto &archived = *event.mutable_archived();
                archived.set_contract_id("00" + word());
                // A template of its own: which labels an archived event's shape has depends on what came before.
                archived.mutable_template_id()->set_package_id("pkg-c");
                archived.mutable_template_id()->set_module_name("Vault.Intents");
                archived.mutable_template_id()->set_entity_name("AuthorisedIntent");
                archived.set_package_name("vault-intents");
            }
        }
    }
    }
    return message;
}

lapi::GetActiveContractsResponse RandomLedger::activeContract()
{
    lapi::GetActiveContractsResponse message;
    switch (below(6)) {
    case 0:
        fill(*message.mutable_incomplete_unassigned()->mutable_created_event());
        break;
    case 1:
        fill(*message.mutable_incomplete_assigned()->mutable_assigned_event()->mutable_created_event());
        break;
    default:
        fill(*message.mutable_active_contract()->mutable_created_event());
    }
    return message;
}

} // namespace countersign::test
