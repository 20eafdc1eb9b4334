// From exec to the first paint, warm cache: the full console against an empty main window, in turn.
//   bench_start CONSOLE EMPTYWINDOW [PAIRS]
#include "backend/types/strings.h"
#include "tests/bench/support/figures.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <cstdio>
#include <optional>

using namespace countersign::bench;

namespace {

std::optional<double> startSeconds(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    const double before = wallSeconds();
    process.start(program, arguments);
    if (!process.waitForFinished(20'000) || process.exitCode() != 0)
        return std::nullopt;
    const auto report = QJsonDocument::fromJson(process.readAllStandardOutput().trimmed()).object();
    const double painted = report.value(u"painted"_s).toDouble() * 1e-9;
    return painted > before ? std::optional(painted - before) : std::nullopt;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 3) {
        std::fprintf(stderr, "usage: bench_start CONSOLE EMPTYWINDOW [PAIRS]\n");
        return 2;
    }
    const int pairs = arguments.size() > 3 ? arguments.at(3).toInt() : 20;
    constexpr int warmUps = 2;
    // Settings and logs of a person stay out of the measurement, and the measurement out of them.
    QTemporaryDir home;
    qputenv("HOME", home.path().toUtf8());
    qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
    qputenv("XDG_DATA_HOME", home.path().toUtf8());

    std::vector<double> console;
    std::vector<double> empty;
    for (int i = 0; i < warmUps + pairs; ++i) {
        const auto ours = startSeconds(arguments.at(1), {u"--report-start"_s});
        const auto floor = startSeconds(arguments.at(2), {});
        if (!ours || !floor) {
            std::fprintf(stderr, "bench_start: %s reported no first paint\n", ours ? "the empty window" : "the console");
            return 2;
        }
        if (i < warmUps)
            continue;
        console.push_back(*ours);
        empty.push_back(*floor);
    }
    const bool xcb = qEnvironmentVariable("QT_QPA_PLATFORM") != "offscreen"_L1;
    Figures figures(u"start"_s);
    figures.add(u"console exec to first paint, median"_s, median(console) * 1e3, u"ms"_s);
    figures.add(u"empty window exec to first paint, median"_s, median(empty) * 1e3, u"ms"_s);
    figures.add(u"console / empty window"_s, median(console) / median(empty), u"ratio"_s, Bound::AtMost, xcb ? 2.5 : 3.5, xcb ? 1.7 : 2.2);
    figures.note(u"platform"_s, xcb ? u"xcb"_s : u"offscreen"_s);
    figures.note(u"pairs"_s, pairs);
    figures.note(u"cache"_s, u"warm"_s);
    return figures.print();
}
