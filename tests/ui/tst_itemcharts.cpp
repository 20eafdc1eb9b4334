#include "backend/types/strings.h"
#include "ui/charts/bargaugeview.h"
#include "ui/charts/barchartview.h"
#include "ui/charts/gaugeview.h"
#include "ui/charts/heatmapview.h"
#include "ui/charts/piechartview.h"
#include "ui/charts/statushistoryview.h"
#include "ui/charts/statview.h"

#include <QApplication>
#include <QClipboard>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace countersign;

namespace {

constexpr qint64 noon = 1'772'366'400'000;

template<typename View> std::unique_ptr<ItemChart> figuresIn()
{
    auto view = std::make_unique<View>();
    view->setFigures({{.name = u"a"_s, .text = u"1.5 s"_s, .value = 1.5}, {.name = u"b"_s, .text = u"3 s"_s, .value = 3}});
    return view;
}

HeatmapData heat()
{
    return {{noon, noon + 1000}, 1000, {1, 10, 100}, {}, {1, 2, 3, 4}};
}

std::vector<std::unique_ptr<ItemChart>> allViews()
{
    std::vector<std::unique_ptr<ItemChart>> views;
    views.push_back(figuresIn<StatView>());
    views.push_back(figuresIn<GaugeView>());
    views.push_back(figuresIn<BarGaugeView>());
    auto bars = std::make_unique<BarChartView>();
    bars->setData({u"x"_s, u"y"_s}, {{u"a"_s, {1, 2}}, {u"b"_s, {3, 4}}});
    views.push_back(std::move(bars));
    auto pie = std::make_unique<PieChartView>();
    pie->setSlices({{u"a"_s, u"1"_s, 1}, {u"b"_s, u"3"_s, 3}});
    views.push_back(std::move(pie));
    auto heatmap = std::make_unique<HeatmapView>();
    heatmap->setData(heat());
    views.push_back(std::move(heatmap));
    const QVector<StateRow> rows{{u"a"_s, {{noon, noon + 1000, u"up"_s, Qt::darkGreen}, {noon + 1000, noon + 2000, u"down"_s, Qt::red}}}};
    auto states = std::make_unique<StateTimelineView>();
    states->setRows(rows);
    views.push_back(std::move(states));
    auto history = std::make_unique<StatusHistoryView>();
    history->setRows(rows);
    views.push_back(std::move(history));
    return views;
}

}

class TestItemCharts final : public QObject {
    Q_OBJECT

private slots:
    void eachIsReachedByKeysSpokenAndCopied()
    {
        for (const auto &view : allViews()) {
            view->setTitle(u"title"_s);
            view->resize(320, 200);
            view->show();
            QSignalSpy activated(view.get(), &ItemChart::activated);
            QVERIFY(view->focusPolicy() & Qt::TabFocus);
            QTest::keyClick(view.get(), Qt::Key_Home);
            QCOMPARE(view->current(), 0);
            QTest::keyClick(view.get(), Qt::Key_Right);
            QVERIFY(view->current() > 0);
            QTest::keyClick(view.get(), Qt::Key_C, Qt::ControlModifier);
            QCOMPARE(QApplication::clipboard()->text(), view->itemValue(view->current()));
            QVERIFY(!view->itemText(view->current()).isEmpty());
            QTest::keyClick(view.get(), Qt::Key_Return);
            QCOMPARE(activated.count(), 1);
            QVERIFY(view->accessibleSummary().contains(view->itemText(0)));
            QTest::keyClick(view.get(), Qt::Key_Escape);
            QCOMPARE(view->current(), -1);
        }
    }

    void eachSurvivesAnySize()
    {
        for (const auto &view : allViews()) {
            for (const QSize &size : {QSize(1, 1), QSize(20, 400), QSize(400, 20), QSize(2560, 1440)}) {
                view->resize(size);
                QVERIFY(!view->grab().isNull());
            }
        }
    }

    void oldDataAreHatched()
    {
        for (const auto &view : allViews()) {
            view->resize(320, 200);
            const QImage fresh = view->grab().toImage();
            view->setStale(u"last sample 4 min ago"_s);
            QVERIFY(view->grab().toImage() != fresh);
            QVERIFY(view->accessibleSummary().contains(u"4 min"_s));
        }
    }

    void withoutDataTheReasonStandsThere()
    {
        StatView view;
        view.setEmptyText(u"The query gave nothing"_s);
        QVERIFY(view.accessibleSummary().contains(u"The query gave nothing"_s));
    }

    void aSliceIsFoundUnderThePointer()
    {
        PieChartView view;
        view.setSlices({{u"a"_s, u"1"_s, 1}, {u"b"_s, u"1"_s, 1}});
        view.setLegend(LegendPlace::None);
        view.setRing(false);
        view.resize(200, 200);
        QSignalSpy activated(&view, &ItemChart::activated);
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(150, 100));
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(50, 100));
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(3, 3));
        QCOMPARE(activated.count(), 2);
        QCOMPARE(activated[0][0].toInt(), 0);
        QCOMPARE(activated[1][0].toInt(), 1);
    }

    void statesThatFollowOnThemselvesAreOneInATimelineOnly()
    {
        const QVector<StateRow> rows{{u"a"_s, {{0, 10, u"up"_s, Qt::green}, {10, 20, u"up"_s, Qt::green}, {25, 30, u"up"_s, Qt::green}}}};
        StateTimelineView timeline;
        timeline.setRows(rows);
        QCOMPARE(timeline.itemCount(), 2);
        StatusHistoryView history;
        history.setRows(rows);
        QCOMPARE(history.itemCount(), 3);
    }

    void aHeatmapCellSaysItsTimeBucketAndCount()
    {
        HeatmapView view;
        view.setData(heat());
        QCOMPARE(view.itemText(3), u"1 Mar 12:00:01 UTC, 10 – 100: 4"_s);
    }

    void aHeatmapShowsTheCrosshairOfItsGroup()
    {
        ChartGroup group;
        HeatmapView view;
        view.setData(heat());
        view.setGroup(&group);
        view.resize(400, 200);
        const QImage before = view.grab().toImage();
        group.setCrosshair(noon + 700);
        QVERIFY(view.grab().toImage() != before);
        group.zoomTo({noon, noon + 500});
        QVERIFY(view.grab().toImage() != before);
    }

    void cellsFillTheirRoomWithoutOverlap()
    {
        for (int count = 1; count < 30; ++count) {
            const QVector<QRect> cells = gridCells(QRect(0, 0, 400, 300), count, 1.5, 6);
            QCOMPARE(cells.size(), count);
            for (int i = 0; i < count; ++i) {
                QVERIFY(QRect(0, 0, 400, 300).contains(cells[i]));
                for (int k = i + 1; k < count; ++k)
                    QVERIFY(!cells[i].intersects(cells[k]));
            }
        }
    }
};

QTEST_MAIN(TestItemCharts)
#include "tst_itemcharts.moc"
