#include "models/dashboards/frames.h"
#include "models/dashboards/frametablemodel.h"
#include "models/dashboards/panelcontent.h"
#include "models/dashboards/transformations.h"

#include "backend/dashboards/dashboardreader.h"
#include "backend/types/strings.h"

#include <QJsonDocument>
#include <QAbstractItemModelTester>
#include <QTest>

#include <cmath>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

Panel panelOf(QByteArray json)
{
    return readPanel(QJsonDocument::fromJson(json.replace('\'', '"')).object());
}

PrometheusSeries series(const PrometheusLabels &labels, const QVector<double> &values, qint64 step = 10)
{
    PrometheusSeries one{labels, {}};
    for (qsizetype i = 0; i < values.size(); ++i) {
        if (!std::isnan(values.at(i)))
            one.samples.append({Timestamp::fromSeconds(1'000 + i * step), values.at(i)});
    }
    return one;
}

TargetAnswer answerOf(const Panel &panel, qsizetype target, const QVector<PrometheusSeries> &all)
{
    TargetAnswer answer;
    answer.target = panel.targets.at(target);
    answer.legendFormat = answer.target.legendFormat;
    answer.result.type = PrometheusResult::Type::Matrix;
    answer.result.series = all;
    answer.step = 10s;
    return answer;
}

QStringList column(const Frame &frame, const QString &name)
{
    QStringList cells;
    for (const FrameField &field : frame.fields) {
        if (field.displayName != name)
            continue;
        for (qsizetype i = 0; i < field.size(); ++i)
            cells.append(field.type == FrameField::Type::Text ? field.texts.at(i) : QString::number(field.numbers.at(i)));
    }
    return cells;
}

} // namespace

class TestPanelContent final : public QObject {
    Q_OBJECT

private slots:
    void aChartHasItsNamesGapsAndOverrides()
    {
        const Panel panel = panelOf("{'type':'timeseries','fieldConfig':{'defaults':{'unit':'s'},'overrides':[{'matcher':{'id':'byName','options':'b'},"
                                    "'properties':[{'id':'unit','value':'ops'},{'id':'custom.axisPlacement','value':'right'},{'id':'displayName','value':'second'}]}]},"
                                    "'targets':[{'refId':'A','expr':'x','legendFormat':'{{name}}'}]}");
        const PanelContent content = contentOf(panel, {answerOf(panel, 0, {series({{u"name"_s, u"a"_s}}, {1, NAN, NAN, 4}), series({{u"name"_s, u"b"_s}}, {5, 6, 7, 8})})}, {});
        QCOMPARE(content.kind, PanelContent::Kind::Series);
        QCOMPARE(content.series.size(), 2);
        QCOMPARE(content.series.at(0).name, u"a"_s);
        QCOMPARE(content.series.at(0).values.size(), 3); // one NaN for the gap
        QVERIFY(std::isnan(content.series.at(0).values.at(1)));
        QCOMPARE(content.series.at(1).name, u"second"_s);
        QCOMPARE(content.series.at(1).config.unit, u"ops"_s);
        QCOMPARE(content.series.at(0).config.unit, u"s"_s);
    }

    void seriesWithoutALegendAreToldApart()
    {
        const Panel panel = panelOf("{'type':'timeseries','targets':[{'refId':'A','expr':'x','legendFormat':'__auto'}]}");
        const PanelContent content = contentOf(panel, {answerOf(panel, 0, {series({{u"job"_s, u"j"_s}, {u"chain"_s, u"eth"_s}}, {1}), series({{u"job"_s, u"j"_s}, {u"chain"_s, u"pol"_s}}, {2})})}, {});
        QCOMPARE(content.series.at(0).name, u"eth"_s); // the one label in which they differ
        QCOMPARE(content.series.at(1).name, u"pol"_s);
    }

    void aStatIsReducedWithItsUnitAndColour()
    {
        const Panel panel = panelOf("{'type':'stat','options':{'reduceOptions':{'calcs':['max']}},'fieldConfig':{'defaults':{'unit':'percentunit','decimals':0,"
                                    "'thresholds':{'mode':'absolute','steps':[{'value':null,'color':'red'},{'value':0.5,'color':'green'}]}}},'targets':[{'refId':'A','expr':'x','legendFormat':'L'}]}");
        const PanelContent content = contentOf(panel, {answerOf(panel, 0, {series({}, {0.2, 0.75, 0.5})})}, {});
        QCOMPARE(content.values.size(), 1);
        QCOMPARE(content.values.at(0).value.text.full(), u"75%"_s);
        QCOMPARE(content.values.at(0).value.color, u"green"_s);
        QCOMPARE(content.values.at(0).history.size(), 3);
    }

    void tablesAreMergedOrganizedAndSorted()
    {
        const Panel panel = panelOf("{'type':'table','transformations':[{'id':'merge','options':{}},{'id':'organize','options':{'excludeByName':{'Time':true},'indexByName':{'chain':0},"
                                    "'renameByName':{'Value #A':'Waiting','Value #B':'Rate','chain':'Chain'}}},{'id':'sortBy','options':{'sort':[{'field':'Waiting','desc':true}]}}],"
                                    "'targets':[{'refId':'A','expr':'x','format':'table','instant':true},{'refId':'B','expr':'y','format':'table','instant':true}]}");
        const PanelContent content = contentOf(panel,
            {answerOf(panel, 0, {series({{u"chain"_s, u"eth"_s}}, {3}), series({{u"chain"_s, u"pol"_s}}, {7})}),
                answerOf(panel, 1, {series({{u"chain"_s, u"eth"_s}}, {0.5})})},
            {});
        const Frame &table = content.tables.at(0);
        QCOMPARE(column(table, u"Chain"_s), (QStringList{u"pol"_s, u"eth"_s}));
        QCOMPARE(column(table, u"Waiting"_s), (QStringList{u"7"_s, u"3"_s}));
        QCOMPARE(column(table, u"Rate"_s), (QStringList{u"nan"_s, u"0.5"_s}));
        QCOMPARE(table.fields.size(), 3);
    }

    void transformationsAreGrafanas()
    {
        const Panel panel = panelOf("{'type':'table','targets':[{'refId':'A','expr':'x','format':'table','legendFormat':''}]}");
        const QList<Frame> table = framesOf(answerOf(panel, 0, {series({{u"a"_s, u"x"_s}, {u"b"_s, u"1"_s}}, {1}), series({{u"a"_s, u"x"_s}, {u"b"_s, u"2"_s}}, {5}), series({{u"a"_s, u"y"_s}, {u"b"_s, u"3"_s}}, {9})}).result,
            panel.targets.at(0), {}, u"Value"_s);
        const auto run = [](const QList<Frame> &frames, const QString &id, QByteArray options) {
            QList<Frame> made = transformed(frames, {{id, QJsonDocument::fromJson(options.replace('\'', '"')).object(), false}});
            configureFields(made, {}, {});
            return made;
        };
        const QList<Frame> grouped = run(table, u"groupBy"_s, "{'fields':{'a':{'operation':'groupby'},'Value':{'operation':'aggregate','aggregations':['sum','count']}}}");
        QCOMPARE(column(grouped.at(0), u"a"_s), (QStringList{u"x"_s, u"y"_s}));
        QCOMPARE(column(grouped.at(0), u"Value (sum)"_s), (QStringList{u"6"_s, u"9"_s}));
        QCOMPARE(column(grouped.at(0), u"Value (count)"_s), (QStringList{u"2"_s, u"1"_s}));
        QCOMPARE(run(table, u"limit"_s, "{'limitField':2}").at(0).rows(), 2);
        QCOMPARE(run(table, u"filterFieldsByName"_s, "{'include':{'names':['a']}}").at(0).fields.size(), 1);
        QCOMPARE(run(table, u"filterByValue"_s, "{'type':'include','match':'all','filters':[{'fieldName':'Value','config':{'id':'greater','options':{'value':4}}}]}").at(0).rows(), 2);
        QCOMPARE(column(run(table, u"calculateField"_s, "{'mode':'binary','alias':'double','binary':{'left':'Value','operator':'*','right':'2'}}").at(0), u"double"_s),
            (QStringList{u"2"_s, u"10"_s, u"18"_s}));
        QCOMPARE(column(run(table, u"renameByRegex"_s, "{'regex':'Val(.*)','renamePattern':'It $1'}").at(0), u"It ue"_s).size(), 3);

        PanelTarget line = panel.targets.at(0);
        line.format = PanelTarget::Format::TimeSeries;
        QList<Frame> lines = framesOf(answerOf(panel, 0, {series({{u"a"_s, u"x"_s}}, {1, 2}), series({{u"a"_s, u"y"_s}}, {3, 4})}).result, line, u"{{a}}"_s, {}, 10s);
        configureFields(lines, {}, {});
        const QList<Frame> joined = run(lines, u"joinByField"_s, "{'byField':'Time','mode':'outer'}");
        QCOMPARE(joined.size(), 1);
        QCOMPARE(column(joined.at(0), u"x"_s), (QStringList{u"1"_s, u"2"_s}));
        QCOMPARE(column(joined.at(0), u"y"_s), (QStringList{u"3"_s, u"4"_s}));
        const QList<Frame> reduced = run(lines, u"reduce"_s, "{'reducers':['max','mean']}");
        QCOMPARE(column(reduced.at(0), u"Field"_s), (QStringList{u"x"_s, u"y"_s}));
        QCOMPARE(column(reduced.at(0), u"Max"_s), (QStringList{u"2"_s, u"4"_s}));
        QCOMPARE(run(lines, u"seriesToRows"_s, "{}").at(0).rows(), 4);
        QCOMPARE(column(run(lines, u"labelsToFields"_s, "{}").at(0), u"a"_s), (QStringList{u"x"_s, u"x"_s}));
        QCOMPARE(column(run(lines, u"timeSeriesTable"_s, "{}").at(0), u"a"_s), (QStringList{u"x"_s, u"y"_s}));
        QCOMPARE(run(lines, u"nobody's"_s, "{}").size(), 2);
    }

    void bucketsAreNotCumulativeAnyMore()
    {
        const Panel panel = panelOf("{'type':'heatmap','targets':[{'refId':'A','expr':'x','format':'heatmap'}]}");
        const PanelContent content = contentOf(panel,
            {answerOf(panel, 0, {series({{u"le"_s, u"+Inf"_s}}, {10, 12}), series({{u"le"_s, u"0.1"_s}}, {4, 4}), series({{u"le"_s, u"1"_s}}, {9, 12})})}, {});
        QCOMPARE(content.heat.upper, (QVector<double>{0.1, 1, INFINITY}));
        QCOMPARE(content.heat.counts, (QVector<QVector<double>>{{4, 4}, {5, 8}, {1, 0}}));
    }

    void nativeHistogramsAreBuckets()
    {
        const Panel panel = panelOf("{'type':'heatmap','targets':[{'refId':'A','expr':'x'}]}");
        PrometheusSeries native{{}, {}};
        native.histograms = {{Timestamp::fromSeconds(10), 3, 6, {{HistogramBucket::Bounds::OpenLower, 1, 2, 2}, {HistogramBucket::Bounds::OpenLower, 4, 8, 1}}}};
        const PanelContent content = contentOf(panel, {answerOf(panel, 0, {native})}, {});
        QCOMPARE(content.heat.lower, (QVector<double>{1, 4}));
        QCOMPARE(content.heat.counts, (QVector<QVector<double>>{{2}, {1}}));
    }

    void aTableShowsUnitsAndSortsByNumber()
    {
        FrameTableModel model;
        const QAbstractItemModelTester tester(&model);
        const Panel panel = panelOf("{'type':'table','fieldConfig':{'defaults':{},'overrides':[{'matcher':{'id':'byName','options':'Value'},'properties':[{'id':'unit','value':'s'}]}]},"
                                    "'targets':[{'refId':'A','expr':'x','format':'table'}]}");
        const PanelContent content = contentOf(panel,
            {answerOf(panel, 0, {series({{u"a"_s, u"x"_s}}, {90}), series({{u"a"_s, u"y"_s}}, {7}), series({{u"a"_s, u"z"_s}}, {120})})}, {});
        model.setFrame(content.tables.at(0));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.headerData(2, Qt::Horizontal, Qt::DisplayRole).toString(), u"Value"_s);
        QCOMPARE(model.index(0, 2).data().toString(), u"1.50 min"_s);
        QCOMPARE(model.index(0, 2).data(Qt::ToolTipRole).toString(), u"90"_s);
        QCOMPARE(model.index(0, 0).data().toString(), u"1970-01-01 00:16:40"_s);
        model.sort(2, Qt::DescendingOrder);
        QCOMPARE(model.index(0, 1).data().toString(), u"z"_s);
        model.sort(2, Qt::AscendingOrder);
        QCOMPARE(model.index(0, 1).data().toString(), u"y"_s);
        model.sort(1, Qt::AscendingOrder);
        QCOMPARE(model.index(0, 1).data().toString(), u"x"_s);
        QVERIFY(model.index(0, 2).data(FrameTableModel::NumberRole).toDouble() == 90);
    }

    void equalStatesAreOneSpan()
    {
        const Panel panel = panelOf("{'type':'state-timeline','fieldConfig':{'defaults':{'mappings':[{'type':'value','options':{'1':{'text':'leads','color':'blue'}}}]}},"
                                    "'targets':[{'refId':'A','expr':'x','legendFormat':'r1'}]}");
        const PanelContent content = contentOf(panel, {answerOf(panel, 0, {series({}, {1, 1, 0, 1})})}, {});
        QCOMPARE(content.states.size(), 1);
        QCOMPARE(content.states.at(0).spans.size(), 3);
        QCOMPARE(content.states.at(0).spans.at(0).value.text.full(), u"leads"_s);
        QCOMPARE(content.states.at(0).spans.at(0).to - content.states.at(0).spans.at(0).from, 20'000);
    }

    void whatCannotBeDrawnSaysWhy()
    {
        QCOMPARE(contentOf(panelOf("{'type':'geomap','targets':[]}"), {}, {}).kind, PanelContent::Kind::Unsupported);
        InterpolationScope scope;
        scope.variables.insert(u"v"_s, {});
        scope.variables[u"v"_s].values = {u"x"_s};
        QCOMPARE(contentOf(panelOf("{'type':'text','options':{'content':'# $v','mode':'markdown'}}"), {}, scope).text, u"# x"_s);
    }
};

QTEST_GUILESS_MAIN(TestPanelContent)
#include "tst_panelcontent.moc"
