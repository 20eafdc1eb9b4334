#include "backend/types/strings.h"
#include "models/charts/reducers.h"

#include <QTest>

#include <cmath>
#include <vector>

using namespace countersign;

namespace {
constexpr double gap = std::numeric_limits<double>::quiet_NaN();
}

class TestReducers final : public QObject {
    Q_OBJECT

private slots:
    void eachReducerAnswersItsFigure_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<double>("expected");
        // 4, 10, missing, 3 (began again), 9, 9
        const std::vector<std::pair<QString, double>> rows{{u"lastNotNull"_s, 9}, {u"last"_s, 9}, {u"firstNotNull"_s, 4},
            {u"first"_s, 4}, {u"mean"_s, 7}, {u"min"_s, 3}, {u"max"_s, 10}, {u"sum"_s, 35}, {u"count"_s, 6},
            {u"nonNullCount"_s, 5}, {u"range"_s, 7}, {u"delta"_s, 15}, {u"diff"_s, 5}, {u"diffperc"_s, 1.25},
            {u"step"_s, -7}, {u"logmin"_s, 3}, {u"changeCount"_s, 3}, {u"variance"_s, 8.4}, {u"stdDev"_s, std::sqrt(8.4)},
            {u"allIsZero"_s, 0}, {u"allIsNull"_s, 0}, {u"median"_s, 9}, {u"distinctCount"_s, 5}, {u"current"_s, 9},
            {u"avg"_s, 7}, {u"total"_s, 35}};
        for (const auto &[id, expected] : rows)
            QTest::newRow(qPrintable(id)) << id << expected;
    }

    void eachReducerAnswersItsFigure()
    {
        QFETCH(const QString, id);
        QFETCH(const double, expected);
        const std::vector<double> values{4, 10, gap, 3, 9, 9};
        const auto reducer = reducerFromId(id);
        QVERIFY(reducer.has_value());
        const auto found = reduce(*reducer, values);
        QVERIFY(found.has_value());
        QVERIFY(std::abs(*found - expected) < 1e-9);
    }

    void namesLeadThereAndBack()
    {
        for (int i = 0; i <= int(Reducer::DistinctCount); ++i) {
            const auto reducer = Reducer(i);
            QCOMPARE(reducerFromId(reducerId(reducer)).value_or(Reducer::Count), reducer);
            QVERIFY(!reducerLabel(reducer).isEmpty());
        }
        QVERIFY(!reducerFromId(u"p95"_s));
    }

    void nothingComesOfNothing()
    {
        for (const std::vector<double> &values : {std::vector<double>{}, std::vector<double>{gap, gap}}) {
            for (const Reducer reducer : {Reducer::Mean, Reducer::Last, Reducer::Min, Reducer::Delta, Reducer::Median,
                     Reducer::Step, Reducer::Variance})
                QVERIFY(!reduce(reducer, values));
            QCOMPARE(reduce(Reducer::Count, values), double(values.size()));
            QCOMPARE(reduce(Reducer::AllIsNull, values), 1.0);
        }
    }

    void aMissingLastSampleIsLastButNotTheLastPresent()
    {
        const std::vector<double> values{1, 2, gap};
        QVERIFY(!reduce(Reducer::Last, values));
        QCOMPARE(reduce(Reducer::LastNotNull, values), 2.0);
    }

    void aCounterThatEndsRightAfterARestartCountsWhatItShows()
    {
        QCOMPARE(reduce(Reducer::Delta, std::vector<double>{5, 8, 2}), 5.0);
    }
};

QTEST_GUILESS_MAIN(TestReducers)
#include "tst_reducers.moc"
