#include "app/practice/participant/commandcodec.h"
#include "app/practice/participant/ledger.h"
#include "app/practice/participant/vaultintents.h"

#include "backend/types/clock.h"

#include <com/daml/ledger/api/v2/commands.pb.h>

#include <cstdint>
#include <cstdlib>

// Commands as they come over the wire, into a ledger: whatever they are, the ledger's books stay right.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace countersign;
    using namespace countersign::participant;
    static const ManualClock clock;
    static Ledger ledger({vaultIntentsPackage()}, {"fuzz", 1000, std::chrono::hours(1)}, clock);
    static const std::string party = ledger.allocateParty("P").value();

    lapi::Commands commands;
    if (!commands.ParseFromArray(data, static_cast<int>(size))) {
        return 0;
    }
    // A party that exists stands for every "P", so that mutations reach the interpreter.
    for (std::string &actor : *commands.mutable_act_as()) {
        actor = actor == "P" ? party : actor;
    }
    for (lapi::Command &command : *commands.mutable_commands()) {
        if (command.has_create()) {
            for (lapi::RecordField &field : *command.mutable_create()->mutable_create_arguments()->mutable_fields()) {
                if (field.value().party() == "P") {
                    field.mutable_value()->set_party(party);
                }
            }
        }
    }
    const auto submission = decodeCommands(commands, ledger.registry());
    if (!submission) {
        return 0;
    }
    const LedgerHead before = ledger.head();
    const auto update = ledger.submit(*submission);
    const LedgerHead after = ledger.head();
    if (after.end != before.end + (update ? 1 : 0) || ledger.activeAt(after.end)->size() != after.activeContracts) {
        std::abort();
    }
    return 0;
}
