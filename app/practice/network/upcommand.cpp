#include "app/practice/commands.h"

#include "app/practice/network/controlclient.h"
#include "app/practice/network/networkservice.h"
#include "app/practice/support/console.h"
#include "app/practice/support/shutdownsignals.h"
#include "backend/types/strings.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QLockFile>
#include <QProcess>
#include <QThread>

namespace countersign {

namespace {

constexpr int detachedStartSeconds = 60;

/// Starts the same network as a process of its own and waits until it is ready.
int runDetached(const NetworkOptions &options, const QStringList &arguments)
{
    const DataFolder folder(options.data);
    QStringList foreground = arguments;
    foreground.removeAll(u"--detach"_s);
    QProcess process;
    process.setProgram(QCoreApplication::applicationFilePath());
    process.setArguments(QStringList{u"up"_s} + foreground);
    QDir().mkpath(folder.root());
    {
        QLockFile lock(folder.lockFile());
        lock.setStaleLockTime(0);
        if (!lock.tryLock(0)) { // before its environment file and its log are removed
            printError(u"A practice network runs in %1 already"_s.arg(folder.root()));
            return 1;
        }
    }
    const QString log = folder.path(u"practice.log");
    QFile::remove(log);
    QFile::remove(folder.environmentFile());
    process.setStandardOutputFile(log);
    process.setStandardErrorFile(log, QIODevice::Append);
    qint64 processId = 0;
    if (!process.startDetached(&processId)) {
        printError(u"The network cannot be started: %1"_s.arg(process.errorString()));
        return 1;
    }
    for (int tenths = 0; tenths < detachedStartSeconds * 10; ++tenths) {
        if (QFile::exists(folder.environmentFile())) {
            printLine(u"Ready: %1 (pid %2, log %3)"_s.arg(folder.environmentFile()).arg(processId).arg(log));
            return 0;
        }
        if (!QFile::exists(u"/proc/%1"_s.arg(processId)))
            break;
        QThread::msleep(100);
    }
    printError(u"The network did not become ready; see %1"_s.arg(log));
    return 1;
}

} // namespace

int runUp(const QStringList &arguments)
{
    const Result<NetworkOptions> options = NetworkOptions::parse(arguments);
    if (!options && options.error().kind == ErrorKind::NotFound) {
        printLine(options.error().message);
        return 0;
    }
    if (!options) {
        printError(options.error().message);
        return 2;
    }
    const Result<ToolLocations> tools = ToolLocations::find(options->nodeModules);
    if (!tools) {
        printError(tools.error().message);
        return 1;
    }
    if (options->detach)
        return runDetached(*options, arguments);

    const SystemClock clock;
    NetworkService service(*options, *tools, clock);
    ShutdownSignals signalsToEnd;
    QObject::connect(&signalsToEnd, &ShutdownSignals::received, &service, &NetworkService::end);
    QObject::connect(&service, &NetworkService::line, &service, [](const QString &line) { printLine(line); });
    QObject::connect(&service, &NetworkService::ended, QCoreApplication::instance(), [](int code) { QCoreApplication::exit(code); });
    service.begin();
    return QCoreApplication::exec();
}

} // namespace countersign
