#include "backend/metrics/rangecache.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

constexpr auto step = 10s;

Timestamp at(qint64 index)
{
    return Timestamp::fromSeconds(index * 10);
}

/// One series a name, a point a step, its value the index plus `add`.
PrometheusResult answer(const QueryWindow &window, const QStringList &names, double add = 0)
{
    PrometheusResult result;
    result.type = PrometheusResult::Type::Matrix;
    for (const QString &name : names) {
        PrometheusSeries series;
        series.labels.insert(u"a"_s, name);
        for (qint64 i = window.first; i <= window.last; ++i)
            series.samples.append({at(i), static_cast<double>(i) + add});
        result.series.append(series);
    }
    return result;
}

} // namespace

class TestRangeCache final : public QObject
{
    Q_OBJECT

private slots:
    void windowsStandOnTheGridOfTheirStep()
    {
        const auto request = QueryRequest::range(u"up"_s, Timestamp::fromMillis(1'009'999), Timestamp::fromMillis(1'030'001), step);
        QCOMPARE(windowOf(request), (QueryWindow{100, 103}));
        QVERIFY(windowOf(QueryRequest::range(u"up"_s, at(5), at(4), step)).isEmpty());
        QVERIFY(dependsOnRange(u"x @ end ()"_s) && dependsOnRange(u"x @start()"_s) && !dependsOnRange(u"x @ 17"_s));
    }

    void allIsMissingThenTheLiveEdgeThenTheOlderPart()
    {
        RangeCache cache(step);
        QCOMPARE(cache.missing({100, 200}, false), (QueryWindow{100, 200}));
        cache.take({100, 200}, answer({100, 200}, {u"x"_s}), at(190));
        QVERIFY(cache.missing({100, 200}, false).isEmpty());
        QVERIFY(cache.missing({100, 190}, true).isEmpty()); // what is settled is never asked again
        QCOMPARE(cache.missing({100, 200}, true), (QueryWindow{191, 200}));
        QCOMPARE(cache.missing({110, 205}, false), (QueryWindow{191, 205}));
        QCOMPARE(cache.missing({195, 205}, false), (QueryWindow{191, 205})); // no hole stays behind
        QCOMPARE(cache.missing({50, 150}, false), (QueryWindow{50, 99}));
        QCOMPARE(cache.missing({50, 205}, false), (QueryWindow{191, 205}));
        QCOMPARE(cache.missing({500, 600}, false), (QueryWindow{500, 600}));
    }

    void theEdgeReplacesWhatWasThereAndKeepsWhatIsOlder()
    {
        RangeCache cache(step);
        cache.take({100, 200}, answer({100, 200}, {u"x"_s, u"y"_s}), at(190));
        cache.take({191, 205}, answer({191, 205}, {u"x"_s, u"z"_s}, 0.5), at(196));
        const auto result = cache.result({100, 205});
        QCOMPARE(result->series.size(), 3);
        QCOMPARE(result->series[0].samples.size(), 106);
        QCOMPARE(result->series[0].samples[90], (PrometheusSample{at(190), 190}));
        QCOMPARE(result->series[0].samples[91], (PrometheusSample{at(191), 191.5}));
        QCOMPARE(result->series[1].samples.size(), 91); // y is gone from the edge on
        QCOMPARE(result->series[2].samples.size(), 15);
        QCOMPARE(cache.settled(), at(196));
        QCOMPARE(cache.result({100, 205}), result); // the same object while nothing changed
        QCOMPARE(cache.result({195, 200})->series[0].samples.size(), 6);
        QCOMPARE(cache.result({195, 200})->series.size(), 2);
    }

    void anOlderPartGoesBeforeAndChangesNothingElse()
    {
        RangeCache cache(step);
        cache.take({100, 200}, answer({100, 200}, {u"x"_s}), at(190));
        cache.take({50, 99}, answer({50, 99}, {u"x"_s}), at(999));
        QCOMPARE(cache.known(), (QueryWindow{50, 200}));
        QCOMPARE(cache.settled(), at(190));
        const auto &samples = cache.result({50, 200})->series[0].samples;
        QCOMPARE(samples.size(), 151);
        for (qsizetype i = 1; i < samples.size(); ++i)
            QVERIFY(samples[i - 1].time < samples[i].time);
    }

    void anAnswerThatDoesNotTouchReplacesAll()
    {
        RangeCache cache(step);
        cache.take({100, 200}, answer({100, 200}, {u"x"_s}), at(190));
        const qsizetype before = cache.bytes();
        cache.take({500, 510}, answer({500, 510}, {u"y"_s}), at(505));
        QCOMPARE(cache.known(), (QueryWindow{500, 510}));
        QCOMPARE(cache.result({500, 510})->series.size(), 1);
        QVERIFY(cache.bytes() < before);
    }

    void whatIsFarOutsideIsForgotten()
    {
        RangeCache cache(step);
        cache.take({0, 1000}, answer({0, 1000}, {u"x"_s}), at(1000));
        cache.trim({900, 1000});
        QVERIFY(cache.known().first >= 800 && cache.known().last == 1000);
        QCOMPARE(cache.result({900, 1000})->series[0].samples.size(), 101);
        QVERIFY(cache.missing({900, 1000}, false).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestRangeCache)
#include "tst_rangecache.moc"
