#include "backend/types/strings.h"
#include "tests/golden/goldenimage.h"
#include "ui/charts/timeseriesview.h"
#include "ui/map/flowmap.h"
#include "ui/shell/lampstrip.h"
#include "ui/shell/rail.h"
#include "ui/shell/topbar.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/hashview.h"
#include "ui/widgets/keyvalueview.h"
#include "ui/widgets/stalestrip.h"
#include "ui/widgets/stateoverlay.h"
#include "ui/widgets/stattile.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/steplist.h"

#include <QHBoxLayout>
#include <QTest>

#include <cmath>
#include <functional>

using namespace countersign;

namespace {

constexpr qint64 noon = 1'772'366'400'000; // 2026-03-01 12:00 UTC

std::unique_ptr<QWidget> badges()
{
    auto box = std::make_unique<QWidget>();
    auto *row = new QHBoxLayout(box.get());
    const std::pair<Tone, QString> states[]{{Tone::Good, u"live"_s}, {Tone::Warn, u"stuck"_s}, {Tone::Bad, u"failed"_s},
        {Tone::Info, u"submitted"_s}, {Tone::Neutral, u"created"_s}};
    for (const auto &[tone, word] : states) {
        auto *badge = new StatusBadge(box.get());
        badge->setState(tone, word);
        row->addWidget(badge);
    }
    return box;
}

std::unique_ptr<QWidget> hashes()
{
    auto view = std::make_unique<HashView>(u"SafeTx hash"_s);
    view->setGroups({u"0x8F3A12C4"_s, u"0B77E1D2"_s, u"45FF0A91"_s, u"7C3D6E20"_s, u"A1B2C3D4"_s, u"55667788"_s,
        u"99AABBCC"_s, u"DDEEFF01"_s});
    view->setMarkedGroups({2, 5});
    return view;
}

std::unique_ptr<QWidget> map()
{
    auto view = std::make_unique<FlowMap>();
    FlowMapData data;
    data.nodes = {{u"p"_s, 0, u"vault-operator"_s, u"offset 1,204"_s, u"data 0.2 s old"_s, {}, Tone::Warn, Tone::Good,
                      u"live"_s, {}, -1},
        {u"r1"_s, 1, u"relayer-1"_s, u"stands by"_s, u"data 0.4 s old"_s, {}, Tone::Warn, Tone::Good, u"live"_s, {},
            -1},
        {u"r2"_s, 1, u"relayer-2"_s, u"processes the queue"_s, {}, {}, Tone::Warn, Tone::Good, u"live"_s, u"leader"_s,
            9},
        {u"r3"_s, 1, u"relayer-3"_s, u"no answer for 12 s"_s, u"refused"_s, {}, Tone::Warn, Tone::Bad, u"down"_s, {},
            -1},
        {u"c"_s, 2, u"ethereum"_s, u"block 312"_s, u"data 1.1 s old"_s, u"settlement: key revoked, 12 stopped"_s,
            Tone::Warn, Tone::Good, u"live"_s, {}, -1}};
    data.edges = {{u"p"_s, u"r1"_s, {}, 0, false, Tone::Info}, {u"p"_s, u"r2"_s, u"0.8 /s"_s, 0.8, true, Tone::Info},
        {u"p"_s, u"r3"_s, {}, 0, false, Tone::Info}, {u"r1"_s, u"c"_s, {}, 0, false, Tone::Info},
        {u"r2"_s, u"c"_s, u"0.7 /s"_s, 1.0, true, Tone::Info}, {u"r3"_s, u"c"_s, {}, 0, false, Tone::Info}};
    view->setData(data);
    return view;
}

std::unique_ptr<QWidget> chart(int points)
{
    auto view = std::make_unique<TimeSeriesView>(u"Waiting at the relayers"_s);
    view->setBackgroundRole(QPalette::Base);
    view->setFloor(0);
    for (int line = 0; line < 2; ++line) {
        const int series = view->addSeries(line == 0 ? u"relayer-1"_s : u"relayer-2"_s);
        std::vector<qint64> times;
        std::vector<float> values;
        for (int i = 0; i < points; ++i) {
            times.push_back(noon + qint64(i) * 1'800'000 / points);
            const double x = double(i) / points;
            values.push_back(
                float(12 + 8 * std::sin(x * 14 + line * 2) + 3 * std::sin(x * 97) + (i % 997 == 0 ? 9 : 0)));
        }
        view->append(series, times, values);
    }
    return view;
}

std::unique_ptr<QWidget> topBar()
{
    auto bar = std::make_unique<TopBar>(EnvironmentBand{u"PRACTICE"_s, u"practice network"_s, Token::PracticeBand});
    bar->setSentence(Tone::Warn, u"1 of 2 relayers up, leader relayer-2, 14 intents waiting, oldest 37 min"_s);
    bar->setActiveKey(u"alice"_s, u"0x12…"_s);
    const Timestamp now = Timestamp::fromMillis(noon);
    bar->lamps()->setSources({{u"vault-operator"_s, SourceKind::Participant, SourceState::Live, now,
                                  now - std::chrono::milliseconds(400), {}, {}},
        {u"relayer-1"_s, SourceKind::Relayer, SourceState::Down, now, now - std::chrono::minutes(3), u"refused"_s, {}},
        {u"relayer-2"_s, SourceKind::Relayer, SourceState::Live, now, now - std::chrono::seconds(1), {}, {}},
        {u"ethereum"_s, SourceKind::Chain, SourceState::Lagging, now, now - std::chrono::seconds(41), {}, {}},
        {u"etcd"_s, SourceKind::Etcd, SourceState::Live, now, now, {}, {}},
        {u"prometheus"_s, SourceKind::Prometheus, SourceState::Connecting, now, {}, {}, {}}});
    bar->setNow(now);
    return bar;
}

std::unique_ptr<QWidget> tile()
{
    auto view = std::make_unique<StatTile>(u"Queue depth"_s);
    view->setFigure(u"14"_s, u"relayer-2"_s, Tone::Warn, u"watch"_s);
    const int series = 0;
    view->spark()->addSeries(u"depth"_s);
    for (int i = 0; i < 60; ++i)
        view->spark()->append(series, noon + i * 1000, float(6 + 4 * std::sin(i / 5.0) + i / 12.0));
    return view;
}

std::unique_ptr<QWidget> steps()
{
    auto view = std::make_unique<StepList>();
    view->setSteps({u"Review again"_s, u"Unlock the token"_s, u"Sign"_s, u"Check the signature"_s, u"Publish"_s});
    view->setCurrent(2, u"waiting for the token"_s);
    return view;
}

std::unique_ptr<QWidget> rail()
{
    auto view = std::make_unique<Rail>();
    view->addPage(u"overview"_s, u"Overview"_s, "overview"_L1, {});
    view->addPage(u"intents"_s, u"Intents"_s, "intents"_L1, {});
    view->addPage(u"approvals"_s, u"Approvals"_s, "approvals"_L1, {});
    view->addPage(u"journal"_s, u"Journal"_s, "journal"_L1, {});
    view->setCurrent(u"intents"_s);
    view->setCount(u"approvals"_s, 2);
    return view;
}

std::unique_ptr<QWidget> overlay(bool error)
{
    auto box = std::make_unique<QWidget>();
    auto *layout = new QVBoxLayout(box.get());
    layout->setContentsMargins({});
    layout->setSpacing(0);
    auto *strip = new StaleStrip(box.get());
    auto *content = new QWidget(box.get());
    layout->addWidget(strip);
    layout->addWidget(content, 1);
    auto *state = new StateOverlay(strip, content);
    if (error)
        state->showError(u"The journal could not be opened"_s, u"Another program holds it. Close it and try again."_s);
    else
        state->showStale(u"Data is 41 s old: the stream of vault-operator was cut"_s);
    return box;
}

} // namespace

class TestWidgetImages final : public QObject {
    Q_OBJECT

private slots:
    void looksAsStored_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<std::function<std::unique_ptr<QWidget>()>>("make");
        QTest::newRow("badges") << u"badges"_s << QSize(460, 44) << std::function(badges);
        QTest::newRow("hash") << u"hash"_s << QSize(420, 76) << std::function(hashes);
        QTest::newRow("map") << u"map"_s << QSize(880, 320) << std::function(map);
        QTest::newRow("chart with few samples")
            << u"chart-few"_s << QSize(520, 180) << std::function([] { return chart(120); });
        QTest::newRow("chart with many samples")
            << u"chart-many"_s << QSize(520, 180) << std::function([] { return chart(50'000); });
        QTest::newRow("top bar") << u"topbar"_s << QSize(1366, 65) << std::function(topBar);
        QTest::newRow("tile") << u"tile"_s << QSize(200, 112) << std::function(tile);
        QTest::newRow("steps") << u"steps"_s << QSize(360, 130) << std::function(steps);
        QTest::newRow("rail") << u"rail"_s << QSize(76, 420) << std::function(rail);
        QTest::newRow("error") << u"error"_s << QSize(520, 240) << std::function([] { return overlay(true); });
        QTest::newRow("stale") << u"stale"_s << QSize(520, 120) << std::function([] { return overlay(false); });
    }

    void looksAsStored()
    {
        QFETCH(const QString, name);
        QFETCH(const QSize, size);
        QFETCH(const std::function<std::unique_ptr<QWidget>()>, make);
        for (const Scheme scheme : {Scheme::Light, Scheme::Dark}) {
            wearForGolden(scheme);
            const std::unique_ptr<QWidget> widget = make();
            widget->setFixedSize(size);
            widget->show();
            const QString problem
                = compareWithGolden(*widget, name + (scheme == Scheme::Dark ? u"-dark"_s : u"-light"_s));
            QVERIFY2(problem.isEmpty(), qPrintable(problem));
        }
    }

    void aChangedWidgetIsNoticed()
    {
        if (qEnvironmentVariableIntValue("COUNTERSIGN_GOLDEN_UPDATE") == 1)
            return;
        wearForGolden(Scheme::Light);
        StatusBadge badge;
        badge.setState(Tone::Bad, u"another word"_s);
        badge.setFixedSize(460, 44);
        QVERIFY(!compareWithGolden(badge, u"badges-light"_s).isEmpty());
    }
};

QTEST_MAIN(TestWidgetImages)
#include "tst_widgetimages.moc"
