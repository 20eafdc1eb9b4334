#include "backend/dashboards/coverage.h"
#include "backend/dashboards/dashboardreader.h"
#include "backend/dashboards/variables.h"
#include "backend/types/strings.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <algorithm>

using namespace countersign;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray data(const QString &name)
{
    return contentOf(QStringLiteral(COUNTERSIGN_DASHBOARDS) + u'/' + name);
}

Coverage coverageOfFile(const QString &name)
{
    const Dashboard dashboard = readDashboard(data(name)).value();
    CoverageInput input;
    input.scope.from = Timestamp::fromSeconds(1'700'000'000);
    input.scope.to = Timestamp::fromSeconds(1'700'001'800);
    input.scope.variables = assumedValues(dashboard, std::chrono::minutes(30));
    return coverageOf(dashboard, input);
}

} // namespace

class TestDashboardReader final : public QObject {
    Q_OBJECT

private slots:
    void aModernDashboardIsRead()
    {
        const Dashboard dashboard = readDashboard(data(u"modern.json"_s)).value();
        QCOMPARE(dashboard.uid, u"modern"_s);
        QCOMPARE(dashboard.refresh, u"10s"_s);
        QCOMPARE(dashboard.inputs, QStringList{u"DS_PROMETHEUS"_s});
        QCOMPARE(dashboard.variables.size(), 7); // with the constant of the inputs
        QCOMPARE(flatPanels(dashboard).size(), 7);
        QCOMPARE(dashboard.panels.size(), 7); // what is below a row hangs under it, open or closed
        QCOMPARE(dashboard.panels.at(6).panels.constFirst().title, u"Spread"_s);
        const Panel &depth = dashboard.panels.constFirst();
        QCOMPARE(depth.field.unit, u"bytes"_s);
        QCOMPARE(depth.repeat, u"chain"_s);
        QCOMPARE(depth.overrides.constFirst().properties.size(), 2);
        const Panel &rate = dashboard.panels.at(1);
        QVERIFY(rate.targets.constFirst().isInstant && !rate.targets.constFirst().isRange);
        QVERIFY(!rate.field.thresholds.steps.constFirst().value);
        QCOMPARE(rate.field.thresholds.steps.constLast().color, u"red"_s);
        QCOMPARE(dashboard.original, data(u"modern.json"_s)); // given back unharmed
    }

    void oldPanelsBecomeTodays()
    {
        const Dashboard dashboard = readDashboard(data(u"old.json"_s)).value();
        QCOMPARE(dashboard.panels.size(), 2); // two rows
        const QList<Panel> &figures = dashboard.panels.constFirst().panels;
        QCOMPARE(figures.at(0).type, u"stat"_s);
        QCOMPARE(figures.at(0).fileType, u"singlestat"_s);
        QCOMPARE(figures.at(0).field.unit, u"percentunit"_s);
        QCOMPARE(figures.at(0).options.value(u"reduceOptions").toObject().value(u"calcs").toArray().at(0).toString(), u"mean"_s);
        QCOMPARE(figures.at(0).field.thresholds.steps.size(), 3);
        QCOMPARE(figures.at(0).field.mappings.size(), 2);
        QCOMPARE(figures.at(0).grid, (GridPosition{0, 1, 6, 3}));
        QCOMPARE(figures.at(1).type, u"gauge"_s);
        QCOMPARE(figures.at(1).field.max, std::optional(50.0));
        QCOMPARE(figures.at(2).type, u"table"_s);
        QCOMPARE(figures.at(2).transformations.constFirst().id, u"merge"_s);
        QCOMPARE(figures.at(2).grid.x, 12);
        const Panel &row = dashboard.panels.at(1);
        QVERIFY(row.isCollapsed);
        const Panel &graph = row.panels.constFirst();
        QCOMPARE(graph.type, u"timeseries"_s);
        const QJsonObject &custom = graph.field.custom;
        QCOMPARE(custom.value(u"fillOpacity").toInt(), 20);
        QCOMPARE(custom.value(u"stacking").toObject().value(u"mode").toString(), u"percent"_s);
        QCOMPARE(custom.value(u"lineInterpolation").toString(), u"stepAfter"_s);
        QCOMPARE(custom.value(u"scaleDistribution").toObject().value(u"log").toInt(), 10);
        QVERIFY(custom.value(u"spanNulls").toBool());
        QCOMPARE(graph.field.min, std::optional(0.1));
        QCOMPARE(graph.options.value(u"legend").toObject().value(u"placement").toString(), u"right"_s);
        QCOMPARE(graph.overrides.size(), 2);
        QCOMPARE(graph.overrides.at(1).matcher, u"byRegexp"_s);
        QVERIFY(!dashboard.notes.isEmpty());
    }

    void theReportSaysWhatCanBeDrawn()
    {
        const Coverage coverage = coverageOfFile(u"modern.json"_s);
        QCOMPARE(coverage.panels.size(), 7);
        QCOMPARE(coverage.supported(), 5);
        const auto panel = [&coverage](const QString &title) { return *std::ranges::find(coverage.panels, title, &PanelCoverage::title); };
        QVERIFY(panel(u"Map"_s).reason.contains(u"maps"_s));
        QVERIFY(panel(u"Elsewhere"_s).reason.contains(u"influxdb"_s));
        QCOMPARE(panel(u"Shaped"_s).limits, QStringList{u"transformation “extractFields” is left out"_s});
        QCOMPARE(panel(u"Depth of $chain"_s).limits, QStringList{u"override of “unheard.of” is left out"_s});
        QCOMPARE(panel(u"Depth of $chain"_s).targets.constFirst().substituted, u"sum by (chain) (depth{chain=~\".*\", name=\"any\"})"_s);
        QCOMPARE(panel(u"Rate"_s).targets.constFirst().substituted, u"rate(total[5m])"_s);
        QCOMPARE(panel(u"Spread"_s).targets.constFirst().substituted, u"sum by (le) (increase(latency_bucket[1m]))"_s);
        QCOMPARE(panel(u"Words"_s).row, u"Hidden"_s);
        const auto variable = [&coverage](const QString &name) { return *std::ranges::find(coverage.variables, name, &VariableCoverage::name); };
        QCOMPARE(variable(u"chain"_s).source, u"assumed"_s);
        QCOMPARE(variable(u"chain"_s).query, u"label_values(depth{zone=~\"europe\"}, chain)"_s);
        QCOMPARE(variable(u"zone"_s).values, QStringList{u"europe"_s});
        QVERIFY(coverage.annotations.contains(u"Leader: supported"_s));
        const QJsonObject json = coverage.toJson();
        QCOMPARE(json.value(u"summary").toObject().value(u"supported").toInt(), 5);
        QCOMPARE(json.value(u"types").toArray().size(), 6);
    }

    void wrappedOnesAreFound()
    {
        const QByteArray inner = data(u"modern.json"_s);
        QCOMPARE(readDashboard("{\"dashboard\":" + inner + ",\"meta\":{}}")->title, u"A modern one"_s);
        QCOMPARE(readDashboard("{\"apiVersion\":\"v1\",\"kind\":\"Dashboard\",\"spec\":" + inner + "}")->title, u"A modern one"_s);
        QCOMPARE(readDashboard("\xef\xbb\xbf" + inner)->title, u"A modern one"_s);
    }

    void whatIsNoneIsRefusedWithAReason_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("word");
        QTest::newRow("no JSON") << QByteArray("{\n\"panels\": [\n}") << int(ErrorKind::Invalid) << u"line 3"_s;
        QTest::newRow("a list") << QByteArray("[]") << int(ErrorKind::Invalid) << u"object"_s;
        QTest::newRow("something else") << QByteArray("{\"a\":1}") << int(ErrorKind::Invalid) << u"neither panels"_s;
        QTest::newRow("the new schema") << QByteArray("{\"elements\":{},\"layout\":{}}") << int(ErrorKind::Invalid) << u"v2"_s;
        QTest::newRow("too deep") << QByteArray(QByteArray(100, '[') + QByteArray(100, ']')) << int(ErrorKind::Exhausted) << u"deeper"_s;
        QByteArray many = "{\"panels\":[";
        for (int i = 0; i < maxDashboardPanels + 1; ++i)
            many += i > 0 ? ",{\"type\":\"text\"}" : "{\"type\":\"text\"}";
        QTest::newRow("too many panels") << QByteArray(many + "]}") << int(ErrorKind::Exhausted) << u"panels"_s;
    }
    void whatIsNoneIsRefusedWithAReason()
    {
        QFETCH(QByteArray, json);
        QFETCH(int, kind);
        QFETCH(QString, word);
        const auto read = readDashboard(json);
        QVERIFY(!read);
        QCOMPARE(int(read.error().kind), kind);
        QVERIFY2(read.error().message.contains(word), qPrintable(read.error().message));
    }

    void theBuiltInOnesCanBeDrawnWhole()
    {
        const QStringList files = QDir(QStringLiteral(COUNTERSIGN_RESOURCES) + u"/dashboards"_s).entryList({u"*.json"_s});
        QCOMPARE(files.size(), 4);
        for (const QString &file : files) {
            const auto dashboard = readDashboard(contentOf(QStringLiteral(COUNTERSIGN_RESOURCES) + u"/dashboards/"_s + file));
            QVERIFY2(dashboard.has_value(), qPrintable(file));
            CoverageInput input;
            input.scope.to = Timestamp::fromSeconds(3'600);
            input.scope.variables = assumedValues(*dashboard, std::chrono::hours(1));
            const Coverage coverage = coverageOf(*dashboard, input);
            QCOMPARE(coverage.supported(), coverage.panels.size());
            for (const PanelCoverage &panel : coverage.panels) {
                QVERIFY2(panel.limits.isEmpty(), qPrintable(panel.title));
                for (const TargetCoverage &target : panel.targets)
                    QVERIFY2(target.unknownVariables.isEmpty(), qPrintable(target.expression));
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestDashboardReader)
#include "tst_dashboardreader.moc"
