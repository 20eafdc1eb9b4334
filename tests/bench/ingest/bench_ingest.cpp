#include "backend/canton/ledgerdecoder.h"
#include "backend/rpc/serverstream.h"
#include "backend/types/strings.h"
#include "tests/bench/ingest/ingestpeer.h"
#include "tests/bench/ingest/ingestserver.h"
#include "tests/bench/ingest/ingestview.h"
#include "tests/bench/support/figures.h"

#include <QApplication>
#include <QEventLoop>
#include <QProcess>

#include <cstdio>
#include <cstring>

// Socket to painted row: a server process with pre-serialised messages, the bridge, a model and a table. Interleaved
// with a loop that only reads, parses and discards the same stream.

namespace countersign::bench {

namespace {

constexpr long long floodCount = 200'000;
constexpr int rounds = 5;
constexpr double frame = 16; // ms

struct Leg {
    bool complete = false;
    double wall = 0; // seconds
    double guiCpu = 0; // seconds of the main thread
    std::vector<double> latencies; // ms
};

Leg run(IngestModel &model, IngestView &view, const Channel &channel, long long count, long long rate, bool measure)
{
    view.restart(measure);
    QCoreApplication::processEvents();
    auto decoder = std::make_shared<LedgerDecoder>(
        LedgerFilter{{}, {{u"#vault-intents"_s, u"Vault.Intents"_s, u"IntentRequest"_s}}});
    bool ended = false;
    const double wall = wallSeconds();
    const double cpu = threadCpuSeconds();
    ServerStream<LedgerEvent> stream(
        channel, "/com.daml.ledger.api.v2.UpdateService/GetUpdates", ingestRequest(count, rate),
        [decoder](QByteArrayView message, QList<LedgerEvent> &rows) { return decoder->decodeUpdate(message, rows); },
        [&](const QList<LedgerEvent> &rows) {
            model.append(rows);
            view.scrollToBottom();
        },
        [&ended](const Result<void> &) { ended = true; });
    while (!ended || view.painted() < model.rows().size())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    Leg leg;
    leg.wall = wallSeconds() - wall;
    leg.guiCpu = threadCpuSeconds() - cpu;
    leg.complete = model.rows().size() == count && model.rows().last().offset().value() == firstOffset + count - 1;
    leg.latencies = view.latencies();
    return leg;
}

int runBench()
{
    QProcess server;
    server.start(QCoreApplication::applicationFilePath(), {u"--server"_s});
    if (!server.waitForStarted() || !server.waitForReadyRead(10'000))
        return 2;
    const QString target = u"127.0.0.1:%1"_s.arg(server.readLine().trimmed().toInt());
    ChannelSettings settings;
    settings.target = target;
    settings.plainText = true;
    const Channel channel = *Channel::open(settings);

    IngestModel model;
    IngestView view(model);
    view.show();

    std::vector<double> ours;
    std::vector<double> peer;
    std::vector<double> gui;
    bool complete = true;
    for (int round = 0; round < rounds; ++round) {
        peer.push_back(readParseDiscard(target, floodCount));
        const Leg leg = run(model, view, channel, floodCount, 0, false);
        complete = complete && leg.complete && peer.back() > 0;
        ours.push_back(static_cast<double>(floodCount) / leg.wall);
        gui.push_back(leg.guiCpu / static_cast<double>(floodCount) * 1e6);
    }
    const Leg quiet = run(model, view, channel, 40, 10, true);
    const auto half = static_cast<long long>(median(ours) / 2);
    const Leg loaded = run(model, view, channel, half * 3, half, true);
    complete = complete && quiet.complete && loaded.complete;

    Figures figures(u"ingest"_s);
    figures.add(u"complete"_s, complete ? 1 : 0, u"bool"_s, Bound::AtLeast, 1, 1);
    figures.add(u"floodVersusReadParseDiscard"_s, median(ours) / median(peer), u"ratio"_s, Bound::AtLeast, 0.85, 1.3);
    figures.add(u"guiCpuPerMessage"_s, median(gui), u"us"_s, Bound::AtMost, 3, 1);
    figures.add(u"quietP50"_s, percentile(quiet.latencies, 0.5), u"ms"_s, Bound::AtMost, 8, 3);
    figures.add(u"halfLoadP99"_s, percentile(loaded.latencies, 0.99) / frame, u"frames"_s, Bound::AtMost, 2.5, 1.5);
    figures.add(u"flood"_s, median(ours), u"messages/s"_s);
    figures.add(u"readParseDiscard"_s, median(peer), u"messages/s"_s);
    figures.note(u"messages"_s, floodCount);
    figures.note(u"rounds"_s, rounds);
    const int result = figures.print();
    server.closeWriteChannel();
    if (!server.waitForFinished(5'000))
        server.kill();
    return result;
}

} // namespace

} // namespace countersign::bench

int main(int argc, char **argv)
{
    if (argc == 2 && std::strcmp(argv[1], "--server") == 0)
        return countersign::bench::runIngestServer();
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    return countersign::bench::runBench();
}
