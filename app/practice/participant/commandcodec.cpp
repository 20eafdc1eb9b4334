#include "app/practice/participant/commandcodec.h"

#include "app/practice/participant/concat.h"
#include "app/practice/participant/valuecodec.h"

#include <com/daml/ledger/api/v2/commands.pb.h>

#include <algorithm>

namespace countersign::participant {

namespace {

constexpr std::size_t MaxIdLength = 255; // LedgerString
constexpr int MaxCommands = 100;

CantonError missing(std::string_view field)
{
    return {errors::MissingField, concat("The submitted command is missing a mandatory field: ", field),
        {{"field_name", std::string(field)}}};
}

CantonError invalid(std::string_view field, std::string_view why)
{
    return {errors::InvalidField,
        concat("The submitted command has a field with invalid value: Invalid field ", field, ": ", why),
        {{"field_name", std::string(field)}}};
}

Outcome<void> checkId(std::string_view field, const std::string &text, bool mandatory)
{
    if (text.empty()) {
        return mandatory ? Outcome<void>(std::unexpected(missing(field))) : Outcome<void>();
    }
    const bool printable = std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
    if (text.size() > MaxIdLength || !printable) {
        return std::unexpected(invalid(field, "at most 255 printable ASCII characters"));
    }
    return {};
}

template<class Parties>
Outcome<PartySet> decodeParties(std::string_view field, const Parties &parties)
{
    PartySet result;
    for (const std::string &party : parties) {
        if (!isPartyText(party)) {
            return std::unexpected(invalid(field, "not a party id"));
        }
        result.insert(party);
    }
    return result;
}

Outcome<TemplateRef> decodeTemplate(const lapi::Identifier &identifier, const TemplateRegistry &registry)
{
    const auto name = decodeIdentifier(identifier);
    if (!name) {
        return std::unexpected(name.error());
    }
    return registry.find(*name);
}

Outcome<LedgerStep> decodeCreate(
    const lapi::Identifier &identifier, const lapi::Record &arguments, const TemplateRegistry &registry)
{
    const auto ref = decodeTemplate(identifier, registry);
    if (!ref) {
        return std::unexpected(ref.error());
    }
    auto record = decodeRecord(arguments, ref->spec->fields, concat(ref->spec->module, ":", ref->spec->entity));
    if (!record) {
        return std::unexpected(record.error());
    }
    return CreateStep {*ref, std::move(*record)};
}

Outcome<LedgerStep> decodeExercise(const lapi::Identifier &identifier, const std::string &contractId, const std::string &choice,
    const lapi::Value &argument, const TemplateRegistry &registry)
{
    const auto ref = decodeTemplate(identifier, registry);
    if (!ref) {
        return std::unexpected(ref.error());
    }
    if (choice.empty()) {
        return std::unexpected(missing("choice"));
    }
    const ChoiceSpec *spec = ref->spec->choice(choice);
    if (!spec) {
        return std::unexpected(CantonError {errors::PreprocessingFailed,
            concat("Unknown choice ", choice, " of ", ref->spec->module, ":", ref->spec->entity)});
    }
    auto record = decodeArgument(argument, spec->argument, concat("choice ", choice));
    if (!record) {
        return std::unexpected(record.error());
    }
    return ExerciseStep {*ref, contractId, spec, std::move(*record)};
}

Outcome<void> decodeCommand(const lapi::Command &command, const TemplateRegistry &registry, std::vector<LedgerStep> &steps)
{
    const auto add = [&steps](Outcome<LedgerStep> step) -> Outcome<void> {
        if (!step) {
            return std::unexpected(step.error());
        }
        steps.push_back(std::move(*step));
        return {};
    };
    switch (command.command_case()) {
    case lapi::Command::kCreate:
        return add(decodeCreate(command.create().template_id(), command.create().create_arguments(), registry));
    case lapi::Command::kExercise:
        if (command.exercise().contract_id().empty()) {
            return std::unexpected(missing("contract_id"));
        }
        return add(decodeExercise(command.exercise().template_id(), command.exercise().contract_id(), command.exercise().choice(),
            command.exercise().choice_argument(), registry));
    case lapi::Command::kCreateAndExercise: {
        const lapi::CreateAndExerciseCommand &both = command.create_and_exercise();
        if (auto created = add(decodeCreate(both.template_id(), both.create_arguments(), registry)); !created) {
            return created;
        }
        return add(decodeExercise(both.template_id(), {}, both.choice(), both.choice_argument(), registry));
    }
    case lapi::Command::kExerciseByKey:
        return std::unexpected(CantonError {errors::PreprocessingFailed, "The template has no contract key"});
    case lapi::Command::COMMAND_NOT_SET:
        break;
    }
    return std::unexpected(missing("command"));
}

Outcome<void> decodeDeduplication(const lapi::Commands &commands, Submission &to)
{
    if (commands.has_deduplication_offset()) {
        if (commands.deduplication_offset() < 0) {
            return std::unexpected(CantonError {errors::NegativeOffset, "Offset in deduplication_offset is a negative integer"});
        }
        to.deduplicationOffset = commands.deduplication_offset();
    }
    if (commands.has_deduplication_duration()) {
        const auto &duration = commands.deduplication_duration();
        constexpr std::int64_t MaxSeconds = 315'576'000'000; // google.protobuf.Duration's own limit, 10,000 years
        if (duration.seconds() < 0 || duration.nanos() < 0 || duration.seconds() > MaxSeconds) {
            return std::unexpected(invalid("deduplication_period", "Duration must be positive"));
        }
        to.deduplicationDuration = std::chrono::seconds(duration.seconds())
            + std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::nanoseconds(duration.nanos()));
    }
    return {};
}

} // namespace

Outcome<Submission> decodeCommands(const lapi::Commands &commands, const TemplateRegistry &registry)
{
    Submission result;
    for (const auto &[field, text, mandatory] : {
             std::tuple<std::string_view, const std::string &, bool> {"user_id", commands.user_id(), true},
             {"command_id", commands.command_id(), true},
             {"submission_id", commands.submission_id(), false},
             {"workflow_id", commands.workflow_id(), false},
         }) {
        if (auto good = checkId(field, text, mandatory); !good) {
            return std::unexpected(good.error());
        }
    }
    result.userId = commands.user_id();
    result.commandId = commands.command_id();
    result.submissionId = commands.submission_id();
    result.workflowId = commands.workflow_id();

    auto actAs = decodeParties("act_as", commands.act_as());
    if (!actAs) {
        return std::unexpected(actAs.error());
    }
    if (actAs->empty()) {
        return std::unexpected(missing("party or act_as"));
    }
    auto readAs = decodeParties("read_as", commands.read_as());
    if (!readAs) {
        return std::unexpected(readAs.error());
    }
    result.actAs = std::move(*actAs);
    result.readAs = std::move(*readAs);
    if (auto good = decodeDeduplication(commands, result); !good) {
        return std::unexpected(good.error());
    }
    if (commands.commands_size() == 0) {
        return std::unexpected(missing("commands"));
    }
    if (commands.commands_size() > MaxCommands) {
        return std::unexpected(CantonError {errors::InvalidArgument,
            concat("The submitted request has invalid arguments: at most ", MaxCommands, " commands a submission")});
    }
    for (const lapi::Command &command : commands.commands()) {
        if (auto good = decodeCommand(command, registry, result.steps); !good) {
            return std::unexpected(good.error());
        }
    }
    return result;
}

} // namespace countersign::participant
