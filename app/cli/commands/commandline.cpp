#include "app/cli/batch/batch.h"
#include "app/cli/batch/operations.h"
#include "app/cli/commands/command.h"
#include "backend/types/strings.h"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace countersign {

namespace {

constexpr int nameWidth = 15;

void print(int descriptor, const QByteArray &text)
{
    for (qsizetype at = 0; at < text.size();) {
        const auto written = ::write(descriptor, text.constData() + at, static_cast<size_t>(text.size() - at));
        if (written <= 0)
            return;
        at += written;
    }
}

QByteArray generalHelp()
{
    QByteArray text = "countersign-cli: check what a multisig is asked to sign, without trusting a server\n\n"
                      "  countersign-cli COMMAND [OPTION …] …\n\n";
    for (const Command &command : allCommands())
        text += "  " + QByteArray(command.name).leftJustified(nameWidth) + command.summary + '\n';
    text += "  " + QByteArray("batch").leftJustified(nameWidth) + "answer JSON requests, one a line\n"
            "\n"
            "countersign-cli COMMAND --help says more. --json prints one JSON object.\n"
            "Exit codes: 0 good, 1 the answer is no, 2 wrong usage, 3 bad input, 4 refused by policy, 5 device or node not reached.\n"
            "review and verify record have their own: 0 nothing blocks, 3 blocked, 2 unusable input.\n"
            "No network is used unless --rpc names a node or --prometheus a server.\n";
    return text;
}

QByteArray batchHelp()
{
    QByteArray text
        = "countersign-cli batch < REQUESTS > ANSWERS\n\n"
          "Reads one JSON object a line, {\"id\":any,\"op\":\"…\",…}, and answers each with a line, in order:\n"
          "  {\"id\":…,\"ok\":true,\"result\":{…}}  or  {\"id\":…,\"ok\":false,\"error\":{\"kind\":\"…\",\"message\":\"…\"}}\n"
          "A line that is wrong is answered with its error and does not stop the rest.\n"
          "Bytes are 0x-hex. Integers are decimal texts in answers; in requests also 0x texts or exact JSON numbers.\n"
          "Values of the ABI are JSON, tuples and arrays as arrays. Members in [ ] may be left out.\n\n";
    for (const Operation &operation : allOperations())
        text += "  " + operation.name.toByteArray().leftJustified(20) + operation.members.toByteArray() + "\n" + QByteArray(22, ' ')
            + "-> " + operation.answer.toByteArray() + '\n';
    return text;
}

ExitCode runBatch(const QStringList &arguments)
{
    if (arguments.contains(u"--help"_s) || arguments.contains(u"-h"_s)) {
        print(STDOUT_FILENO, batchHelp());
        return ExitCode::Good;
    }
    if (arguments.size() > (arguments.contains(u"--json"_s) ? 1 : 0)) {
        print(STDERR_FILENO, "countersign-cli batch: takes no words; requests come on standard input\n");
        return ExitCode::Usage;
    }
    if (answerRequests(STDIN_FILENO, STDOUT_FILENO))
        return ExitCode::Good;
    print(STDERR_FILENO, "countersign-cli batch: standard input or output failed\n");
    return ExitCode::Input;
}

QByteArray helpOf(const Command &command, const QCommandLineParser &parser)
{
    // The parser's own text, from its options on.
    const QString options = parser.helpText();
    const qsizetype begin = options.indexOf(u"\nOptions:");
    return QByteArray("countersign-cli ") + command.name + ' ' + command.words + "\n\n" + command.description
        + (begin < 0 ? QByteArray() : options.sliced(begin).toUtf8());
}

ExitCode failed(const Command &command, const Error &error, bool json)
{
    if (json) {
        QByteArray text = "{\"error\":{\"kind\":";
        appendJsonString(text, QUtf8StringView(errorKindName(error.kind).toUtf8()));
        text += ",\"message\":";
        appendJsonString(text, QUtf8StringView(error.message.toUtf8()));
        print(STDOUT_FILENO, text + "}}\n");
    } else {
        print(STDERR_FILENO, QByteArray("countersign-cli ") + command.name + ": " + error.message.toUtf8() + '\n');
    }
    if (error.detail == u"usage")
        return ExitCode::Usage;
    if (error.detail == u"policy")
        return ExitCode::Refused;
    const ExitCode code = exitCodeOf(error);
    return code == ExitCode::Input ? command.whenUnusable : code;
}

ExitCode runCommand(const Command &command, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOptions(command.options());
    parser.addOptions({{u"json"_s, u"Print one JSON object."_s}, {{u"h"_s, u"help"_s}, u"Say this."_s}});
    if (!parser.parse(QStringList{u"countersign-cli"_s} + arguments)) {
        print(STDERR_FILENO, QByteArray("countersign-cli ") + command.name + ": " + parser.errorText().toUtf8() + "; --help says more\n");
        return ExitCode::Usage;
    }
    if (parser.isSet(u"help"_s)) {
        print(STDOUT_FILENO, helpOf(command, parser));
        return ExitCode::Good;
    }
    const bool json = parser.isSet(u"json"_s);
    Report report;
    if (auto done = command.run(Invocation(parser, parser.positionalArguments()), report); !done) {
        // What was found before a refusal is the reason for it.
        if (!report.root().children.empty() || !report.findings().empty())
            print(STDERR_FILENO, report.toText());
        return failed(command, done.error(), json);
    }
    print(STDOUT_FILENO, json ? report.toJson() : report.toText());
    return report.isBlocked() ? command.whenBlocked : ExitCode::Good;
}

QStringList wordsOf(const Command &command)
{
    return QString::fromLatin1(command.name).split(u' ');
}

} // namespace

Result<QString> Invocation::word(qsizetype index, const QString &what) const
{
    if (index < m_words.size())
        return m_words[index];
    return fail(ErrorKind::Invalid, u"%1 is missing; --help says more"_s.arg(what), u"usage"_s);
}

Result<QString> Invocation::need(const QString &option) const
{
    if (has(option))
        return value(option);
    return fail(ErrorKind::Invalid, u"--%1 is needed; --help says more"_s.arg(option), u"usage"_s);
}

std::span<const Command> allCommands()
{
    static const std::array commands{inspectCommand, hashCommand, verifyCommand, recordCommand, predictCommand, policyCommand, reviewCommand, signCommand, qrCommand, dashboardCommand};
    return commands;
}

ExitCode runCommandLine(const QStringList &arguments)
{
    const QString name = arguments.value(0);
    if (name == u"--version" || name == u"version") {
        print(STDOUT_FILENO, QByteArray("countersign-cli ") + COUNTERSIGN_VERSION + '\n');
        return ExitCode::Good;
    }
    if (name == u"--help" || name == u"-h" || name == u"help") {
        print(STDOUT_FILENO, generalHelp());
        return ExitCode::Good;
    }
    if (name == u"batch")
        return runBatch(arguments.sliced(1));
    const Command *chosen = nullptr; // of two words before of one
    for (const Command &command : allCommands()) {
        const qsizetype words = wordsOf(command).size();
        if (wordsOf(command) == arguments.first(std::min(words, arguments.size())) && (!chosen || words > wordsOf(*chosen).size()))
            chosen = &command;
    }
    if (chosen)
        return runCommand(*chosen, arguments.sliced(wordsOf(*chosen).size()));
    print(STDERR_FILENO,
        name.isEmpty() ? generalHelp() : "countersign-cli: there is no command \"" + name.toUtf8() + "\"; --help lists them\n");
    return ExitCode::Usage;
}

} // namespace countersign
