#include "ledgerfixture.h"

#include "app/practice/participant/commandcodec.h"
#include "app/practice/participant/valuecodec.h"

#include <com/daml/ledger/api/v2/commands.pb.h>

#include <QTest>

#include <functional>

using namespace countersign;
using namespace countersign::participant;

using Damage = std::function<void(lapi::Commands &)>;
Q_DECLARE_METATYPE(Damage)

class TestCommandCodec : public QObject {
    Q_OBJECT

private slots:
    void createIsRead();
    void labelledFieldsComeInAnyOrder();
    void exerciseIsRead();
    void createAndExerciseBecomesTwoSteps();
    void archiveTakesUnit();
    void wrongCommandsAreRefused_data();
    void wrongCommandsAreRefused();
    void deduplicationPeriodIsRead();

private:
    LedgerFixture m_fixture;

    static void setTemplate(lapi::Identifier &id, const std::string &entity)
    {
        id.set_package_id("#vault-intents");
        id.set_module_name("Vault.Intents");
        id.set_entity_name(entity);
    }

    [[nodiscard]] lapi::Commands createCommands(bool labelled) const
    {
        lapi::Commands commands;
        commands.set_user_id("user");
        commands.set_command_id("command");
        commands.add_act_as(m_fixture.issuer);
        lapi::CreateCommand *create = commands.add_commands()->mutable_create();
        setTemplate(*create->mutable_template_id(), "IntentRequest");
        encodeRecord(m_fixture.intent("a"), m_fixture.ref("IntentRequest").spec->fields, labelled, *create->mutable_create_arguments());
        return commands;
    }

    [[nodiscard]] Outcome<Submission> decode(const lapi::Commands &commands) const
    {
        return decodeCommands(commands, m_fixture.ledger.registry());
    }
};

void TestCommandCodec::createIsRead()
{
    for (const bool labelled : {true, false}) {
        const auto submission = decode(createCommands(labelled));
        QVERIFY(submission);
        QCOMPARE(submission->userId, std::string("user"));
        QCOMPARE(submission->actAs, PartySet {m_fixture.issuer});
        QVERIFY(!submission->deduplicationDuration && !submission->deduplicationOffset);
        QCOMPARE(std::get<CreateStep>(submission->steps.at(0)).arguments, m_fixture.intent("a"));
    }
}

void TestCommandCodec::labelledFieldsComeInAnyOrder()
{
    lapi::Commands commands = createCommands(true);
    lapi::Record *record = commands.mutable_commands(0)->mutable_create()->mutable_create_arguments();
    record->mutable_fields()->SwapElements(0, 15);
    record->mutable_fields()->SwapElements(3, 4);
    const auto submission = decode(commands);
    QVERIFY(submission);
    QCOMPARE(std::get<CreateStep>(submission->steps.at(0)).arguments, m_fixture.intent("a"));
}

void TestCommandCodec::exerciseIsRead()
{
    lapi::Commands commands = createCommands(false);
    lapi::ExerciseCommand *exercise = commands.mutable_commands(0)->mutable_exercise();
    setTemplate(*exercise->mutable_template_id(), "IntentRequest");
    exercise->set_contract_id("00ab");
    exercise->set_choice("Authorise");
    exercise->mutable_choice_argument()->mutable_record()->add_fields()->mutable_value()->set_text("0x12");
    const auto submission = decode(commands);
    QVERIFY(submission);
    const ExerciseStep &step = std::get<ExerciseStep>(submission->steps.at(0));
    QCOMPARE(step.contractId, std::string("00ab"));
    QCOMPARE(step.choice->name, std::string("Authorise"));
    QCOMPARE(step.argument, DamlRecord {damlText("0x12")});
}

void TestCommandCodec::createAndExerciseBecomesTwoSteps()
{
    lapi::Commands commands = createCommands(false);
    const lapi::CreateCommand create = commands.commands(0).create();
    lapi::CreateAndExerciseCommand *both = commands.mutable_commands(0)->mutable_create_and_exercise();
    *both->mutable_template_id() = create.template_id();
    *both->mutable_create_arguments() = create.create_arguments();
    both->set_choice("Withdraw");
    both->mutable_choice_argument()->mutable_record()->add_fields()->mutable_value()->set_text("why");
    const auto submission = decode(commands);
    QVERIFY(submission);
    QCOMPARE(submission->steps.size(), std::size_t(2));
    QVERIFY(std::get<ExerciseStep>(submission->steps.at(1)).contractId.empty());
}

void TestCommandCodec::archiveTakesUnit()
{
    lapi::Commands commands = createCommands(false);
    lapi::ExerciseCommand *exercise = commands.mutable_commands(0)->mutable_exercise();
    setTemplate(*exercise->mutable_template_id(), "IntentRequest");
    exercise->set_contract_id("00ab");
    exercise->set_choice("Archive");
    exercise->mutable_choice_argument()->mutable_record();
    QVERIFY(decode(commands));
    exercise->mutable_choice_argument()->mutable_unit();
    QVERIFY(decode(commands));
    exercise->mutable_choice_argument()->set_text("x");
    QVERIFY(!decode(commands));
}

void TestCommandCodec::wrongCommandsAreRefused_data()
{
    QTest::addColumn<Damage>("damage");
    QTest::addColumn<QByteArray>("code");
    const auto arguments = [](lapi::Commands &commands) { return commands.mutable_commands(0)->mutable_create()->mutable_create_arguments(); };
    const auto row = [](const char *name, const char *code, Damage damage) { QTest::newRow(name) << damage << QByteArray(code); };
    row("no user", "MISSING_FIELD", [](auto &commands) { commands.clear_user_id(); });
    row("no command id", "MISSING_FIELD", [](auto &commands) { commands.clear_command_id(); });
    row("no submitter", "MISSING_FIELD", [](auto &commands) { commands.clear_act_as(); });
    row("no command", "MISSING_FIELD", [](auto &commands) { commands.clear_commands(); });
    row("empty command", "MISSING_FIELD", [](auto &commands) { commands.mutable_commands(0)->Clear(); });
    row("no template", "MISSING_FIELD", [](auto &commands) { commands.mutable_commands(0)->mutable_create()->clear_template_id(); });
    row("long command id", "INVALID_FIELD", [](auto &commands) { commands.set_command_id(std::string(256, 'a')); });
    row("command id with a line", "INVALID_FIELD", [](auto &commands) { commands.set_command_id("a\nb"); });
    row("submitter is no party", "INVALID_FIELD", [](auto &commands) { commands.set_act_as(0, "a/b"); });
    row("reader is no party", "INVALID_FIELD", [](auto &commands) { commands.add_read_as(""); });
    row("negative duration", "INVALID_FIELD", [](auto &commands) { commands.mutable_deduplication_duration()->set_seconds(-1); });
    row("duration beyond reason", "INVALID_FIELD",
        [](auto &commands) { commands.mutable_deduplication_duration()->set_seconds(std::numeric_limits<std::int64_t>::max()); });
    row("negative offset", "NEGATIVE_OFFSET", [](auto &commands) { commands.set_deduplication_offset(-1); });
    row("too many commands", "INVALID_ARGUMENT", [](auto &commands) {
        while (commands.commands_size() < 101) {
            *commands.add_commands() = commands.commands(0);
        }
    });
    row("unknown package", "PACKAGE_NAMES_NOT_FOUND",
        [](auto &commands) { commands.mutable_commands(0)->mutable_create()->mutable_template_id()->set_package_id("#x"); });
    row("by key", "COMMAND_PREPROCESSING_FAILED", [](auto &commands) { commands.mutable_commands(0)->mutable_exercise_by_key(); });
    row("unknown choice", "COMMAND_PREPROCESSING_FAILED", [](auto &commands) {
        const lapi::Identifier id = commands.commands(0).create().template_id();
        auto *exercise = commands.mutable_commands(0)->mutable_exercise();
        *exercise->mutable_template_id() = id;
        exercise->set_contract_id("00");
        exercise->set_choice("Sing");
    });
    row("a field too few", "COMMAND_PREPROCESSING_FAILED",
        [arguments](auto &commands) { arguments(commands)->mutable_fields()->RemoveLast(); });
    row("a field too many", "COMMAND_PREPROCESSING_FAILED", [arguments](auto &commands) { arguments(commands)->add_fields(); });
    row("some labels", "COMMAND_PREPROCESSING_FAILED",
        [arguments](auto &commands) { arguments(commands)->mutable_fields(3)->clear_label(); });
    row("wrong label", "COMMAND_PREPROCESSING_FAILED",
        [arguments](auto &commands) { arguments(commands)->mutable_fields(3)->set_label("intent"); });
    row("wrong type", "COMMAND_PREPROCESSING_FAILED",
        [arguments](auto &commands) { arguments(commands)->mutable_fields(3)->mutable_value()->set_int64(1); });
    row("no value", "COMMAND_PREPROCESSING_FAILED",
        [arguments](auto &commands) { arguments(commands)->mutable_fields(0)->clear_value(); });
    row("party is none", "COMMAND_PREPROCESSING_FAILED",
        [arguments](auto &commands) { arguments(commands)->mutable_fields(0)->mutable_value()->set_party("a/b"); });
    row("amount is none", "COMMAND_PREPROCESSING_FAILED",
        [arguments](auto &commands) { arguments(commands)->mutable_fields(11)->mutable_value()->set_numeric("ten"); });
    row("time is a text", "COMMAND_PREPROCESSING_FAILED",
        [arguments](auto &commands) { arguments(commands)->mutable_fields(14)->mutable_value()->set_text("now"); });
    row("number is a text", "COMMAND_PREPROCESSING_FAILED",
        [arguments](auto &commands) { arguments(commands)->mutable_fields(13)->mutable_value()->set_text("1"); });
}

void TestCommandCodec::wrongCommandsAreRefused()
{
    QFETCH(const Damage, damage);
    QFETCH(const QByteArray, code);
    lapi::Commands commands = createCommands(true);
    QVERIFY(decode(commands));
    damage(commands);
    const auto submission = decode(commands);
    QVERIFY(!submission);
    QCOMPARE(QByteArray(submission.error().code.id.data()), code);
}

void TestCommandCodec::deduplicationPeriodIsRead()
{
    lapi::Commands commands = createCommands(true);
    commands.mutable_deduplication_duration()->set_seconds(2);
    commands.mutable_deduplication_duration()->set_nanos(3000);
    QCOMPARE(decode(commands)->deduplicationDuration->count(), 2'000'003);
    commands.set_deduplication_offset(12);
    const auto submission = decode(commands);
    QVERIFY(!submission->deduplicationDuration);
    QCOMPARE(*submission->deduplicationOffset, std::int64_t(12));
}

QTEST_APPLESS_MAIN(TestCommandCodec)

#include "tst_commandcodec.moc"
