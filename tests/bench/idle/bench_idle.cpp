// What the console costs while nobody touches it: wake-ups and CPU of all its threads, without a source and with one open stream.
//   bench_idle CONSOLE [ENVIRONMENT-WITH-ONE-STREAM]
#include "backend/types/strings.h"
#include "tests/bench/support/figures.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QThread>

#include <cstdio>

#include <unistd.h>

using namespace countersign::bench;

namespace {

struct Usage {
    double wakeUps = 0; // voluntary context switches
    double cpuSeconds = 0;
};

Usage usageOf(qint64 pid)
{
    Usage usage;
    const QDir tasks(u"/proc/%1/task"_s.arg(pid));
    for (const QString &task : tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile status(tasks.filePath(task + u"/status"_s));
        if (status.open(QIODevice::ReadOnly)) {
            for (const QByteArray &line : status.readAll().split('\n')) {
                if (line.startsWith("voluntary_ctxt_switches:"))
                    usage.wakeUps += line.split(':').last().trimmed().toDouble();
            }
        }
        QFile schedule(tasks.filePath(task + u"/schedstat"_s));
        if (schedule.open(QIODevice::ReadOnly))
            usage.cpuSeconds += schedule.readAll().split(' ').first().toDouble() * 1e-9;
    }
    return usage;
}

bool measure(Figures &figures, const QString &program, const QStringList &arguments, const QString &name, double mustWakeUps, double stretchWakeUps,
             double mustCpu, double stretchCpu)
{
    constexpr int settleSeconds = 4;
    constexpr int windowSeconds = 10;
    QProcess console;
    console.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    console.start(program, arguments);
    if (!console.waitForStarted())
        return false;
    QThread::sleep(settleSeconds);
    const Usage before = usageOf(console.processId());
    QThread::sleep(windowSeconds);
    const Usage after = usageOf(console.processId());
    const bool alive = console.state() == QProcess::Running;
    console.terminate();
    if (!console.waitForFinished(5000))
        console.kill();
    console.waitForFinished(5000);
    if (!alive)
        return false;
    figures.add(u"wake-ups, %1"_s.arg(name), (after.wakeUps - before.wakeUps) / windowSeconds, u"1/s"_s, Bound::AtMost, mustWakeUps, stretchWakeUps);
    figures.add(u"CPU, %1"_s.arg(name), (after.cpuSeconds - before.cpuSeconds) / windowSeconds * 100, u"% of a core"_s, Bound::AtMost, mustCpu, stretchCpu);
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 2) {
        std::fprintf(stderr, "usage: bench_idle CONSOLE [ENVIRONMENT]\n");
        return 2;
    }
    QTemporaryDir home;
    qputenv("HOME", home.path().toUtf8());
    qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
    qputenv("XDG_DATA_HOME", home.path().toUtf8());

    Figures figures(u"idle"_s);
    bool ok = measure(figures, arguments.at(1), {}, u"no source"_s, 2, 0.1, 0.05, 0.01);
    if (ok && arguments.size() > 2)
        ok = measure(figures, arguments.at(1), {u"--environment"_s, arguments.at(2)}, u"one open stream"_s, 20, 10, 0.5, 0.2);
    if (!ok) {
        std::fprintf(stderr, "bench_idle: the console did not stay up\n");
        return 2;
    }
    return figures.print();
}
