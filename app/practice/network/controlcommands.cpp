#include "app/practice/commands.h"

#include "app/practice/network/controlclient.h"
#include "app/practice/network/datafolder.h"
#include "app/practice/network/faultservice.h"
#include "app/practice/support/console.h"
#include "backend/types/strings.h"

#include <QCommandLineParser>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLockFile>

#include <optional>

namespace countersign {

namespace {

constexpr int endingPatienceMs = 15'000;

/// What the subcommands have in common: --data and --json, and the rest.
struct ControlOptions {
    DataFolder folder{QString()};
    bool json = false;
    QStringList rest;
};

std::optional<ControlOptions> parseControlOptions(const QString &command, const QStringList &arguments, const QString &help)
{
    QCommandLineParser parser;
    const QCommandLineOption data(u"data"_s, u"Folder of the network."_s, u"folder"_s, DataFolder::defaultRoot());
    const QCommandLineOption json(u"json"_s, u"Answers in JSON."_s);
    parser.addOptions({data, json});
    if (!parser.parse(QStringList{command} + arguments)) {
        printError(parser.errorText() + u'\n' + help);
        return std::nullopt;
    }
    return ControlOptions{DataFolder(parser.value(data)), parser.isSet(json), parser.positionalArguments()};
}

int printFailure(const Error &error)
{
    printError(error.message);
    if (!error.detail.isEmpty())
        printError(error.detail);
    return error.kind == ErrorKind::Invalid ? 2 : 1;
}

QString lineOf(const QJsonObject &part)
{
    const auto column = [&part](QLatin1StringView name, int width) { return part.value(name).toString().leftJustified(width); };
    QString line = column("name"_L1, 18) + column("state"_L1, 10) + column("endpoint"_L1, 24);
    if (const qint64 processId = part.value("pid"_L1).toInteger(); processId != 0)
        line += u"pid %1  "_s.arg(processId);
    line += part.value("note"_L1).toString();
    const QJsonArray log = part.value("log"_L1).toArray();
    for (const QJsonValue &logged : log)
        line += u"\n    "_s + logged.toString();
    return line;
}

} // namespace

int runStatus(const QStringList &arguments)
{
    const auto options = parseControlOptions(u"status"_s, arguments, u"countersign-practice status [--data DIR] [--json]"_s);
    if (!options)
        return 2;
    const Result<QJsonObject> answer = askNetwork(options->folder.controlSocket(), {u"status"_s, {}, {}});
    if (!answer)
        return printFailure(answer.error());
    if (options->json) {
        printLine(QString::fromUtf8(QJsonDocument(*answer).toJson(QJsonDocument::Compact)));
        return 0;
    }
    const QJsonArray parts = answer->value("parts"_L1).toArray();
    for (const QJsonValue &part : parts)
        printLine(lineOf(part.toObject()));
    const bool ready = answer->value("ready"_L1).toBool();
    printLine(u"environment       "_s + (ready ? answer->value("environment"_L1).toString() : u"not ready"_s));
    return 0;
}

int runDown(const QStringList &arguments)
{
    const auto options = parseControlOptions(u"down"_s, arguments, u"countersign-practice down [--data DIR]"_s);
    if (!options)
        return 2;
    const Result<QJsonObject> answer = askNetwork(options->folder.controlSocket(), {u"down"_s, {}, {}});
    if (!answer)
        return printFailure(answer.error());
    // The lock is given up when everything has ended.
    QLockFile lock(options->folder.lockFile());
    lock.setStaleLockTime(0);
    if (!lock.tryLock(endingPatienceMs)) {
        printError(u"The practice network has not ended yet"_s);
        return 1;
    }
    printLine(u"The practice network has ended"_s);
    return 0;
}

int runFault(const QStringList &arguments)
{
    const QString help = u"countersign-practice fault [--data DIR] FAULT\n"_s + FaultService::usage();
    const auto options = parseControlOptions(u"fault"_s, arguments, help);
    if (!options)
        return 2;
    if (options->rest.isEmpty()) {
        printError(help);
        return 2;
    }
    const Result<QJsonObject> answer
        = askNetwork(options->folder.controlSocket(), {u"fault"_s, options->rest.first(), options->rest.sliced(1)});
    if (!answer)
        return printFailure(answer.error());
    printLine(answer->value("message"_L1).toString());
    return 0;
}

} // namespace countersign
