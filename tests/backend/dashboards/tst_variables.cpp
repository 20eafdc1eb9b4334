#include "backend/dashboards/variables.h"
#include "backend/dashboards/variablereader.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

QStringList valuesOf(const QList<VariableOption> &options)
{
    QStringList values;
    for (const VariableOption &option : options)
        values.append(option.value);
    return values;
}

} // namespace

class TestVariables final : public QObject {
    Q_OBJECT

private slots:
    void queriesAreUnderstood()
    {
        using Kind = VariableQuery::Kind;
        QCOMPARE(parseVariableQuery(u"label_values(job)"_s), (VariableQuery{Kind::LabelValues, u"job"_s, {}}));
        QCOMPARE(parseVariableQuery(u" label_values(up{a=\"x,y\", b=~\"(c|d)\"}, job) "_s),
            (VariableQuery{Kind::LabelValues, u"job"_s, u"up{a=\"x,y\", b=~\"(c|d)\"}"_s}));
        QCOMPARE(parseVariableQuery(u"label_names()"_s), (VariableQuery{Kind::LabelNames, {}, {}}));
        QCOMPARE(parseVariableQuery(u"metrics(relayer_.*)"_s), (VariableQuery{Kind::Metrics, {}, u"relayer_.*"_s}));
        QCOMPARE(parseVariableQuery(u"query_result(topk(5, sum(x) by (a)))"_s), (VariableQuery{Kind::Result, {}, u"topk(5, sum(x) by (a))"_s}));
        QCOMPARE(parseVariableQuery(u"up{job=\"x\"}"_s), (VariableQuery{Kind::Series, {}, u"up{job=\"x\"}"_s}));
    }

    void eachComesAfterThoseThatItNames()
    {
        QList<DashboardVariable> variables(4);
        variables[0].name = u"pod"_s;
        variables[0].query = u"label_values(x{ns=\"$ns\"}, pod)"_s;
        variables[1].name = u"ns"_s;
        variables[1].query = u"label_values(x{cluster=\"${cluster}\"}, ns)"_s;
        variables[2].name = u"cluster"_s;
        variables[3].name = u"self"_s;
        variables[3].query = u"$self"_s;
        QCOMPARE(variableOrder(variables), (QList<qsizetype>{2, 3, 1, 0}));
        variables[2].query = u"$pod"_s; // a circle ends
        QCOMPARE(variableOrder(variables).size(), 4);
    }

    void regexesCutAndName()
    {
        DashboardVariable variable;
        variable.regex = u"/.*instance=\"(?<value>[^:]+):(?<text>\\d+)\".*/"_s;
        const QList<VariableOption> options = variableOptions(variable, {u"up{instance=\"a:1\"}"_s, u"up{instance=\"b:2\"}"_s, u"down"_s, u"up{instance=\"a:3\"}"_s});
        QCOMPARE(options, (QList<VariableOption>{{u"1"_s, u"a"_s}, {u"2"_s, u"b"_s}}));
        variable.regex = u"/(A)b/i"_s;
        QCOMPARE(valuesOf(variableOptions(variable, {u"xab"_s, u"c"_s})), QStringList{u"a"_s});
        variable.regex = u"/[/"_s; // none at all
        QCOMPARE(valuesOf(variableOptions(variable, {u"x"_s})), QStringList{u"x"_s});
    }

    void sortsAreGrafanas()
    {
        DashboardVariable variable;
        const QStringList answered{u"b10"_s, u"a"_s, u"B2"_s, u"b9"_s};
        const auto sorted = [&](int sort) {
            variable.sort = sort;
            return valuesOf(variableOptions(variable, answered));
        };
        QCOMPARE(sorted(0), answered);
        QCOMPARE(sorted(1), (QStringList{u"B2"_s, u"a"_s, u"b10"_s, u"b9"_s}));
        QCOMPARE(sorted(2), (QStringList{u"b9"_s, u"b10"_s, u"a"_s, u"B2"_s}));
        QCOMPARE(sorted(3), (QStringList{u"a"_s, u"B2"_s, u"b9"_s, u"b10"_s}));
        QCOMPARE(sorted(5), (QStringList{u"a"_s, u"b10"_s, u"B2"_s, u"b9"_s}));
        QCOMPARE(sorted(7), (QStringList{u"a"_s, u"B2"_s, u"b9"_s, u"b10"_s}));
    }

    void theCurrentValueStaysWhileItExists()
    {
        DashboardVariable variable;
        variable.current = {u"b"_s};
        const QList<VariableOption> options{{u"a"_s, u"a"_s}, {u"b"_s, u"b"_s}};
        QCOMPARE(chosenValue(variable, options).values, QStringList{u"b"_s});
        variable.current = {u"gone"_s};
        QCOMPARE(chosenValue(variable, options).values, QStringList{u"a"_s});
        variable.includesAll = true;
        variable.current = {u"$__all"_s};
        QCOMPARE(chosenValue(variable, options).values, (QStringList{u"a"_s, u"b"_s}));
        variable.allValue = u".+"_s;
        QVERIFY(chosenValue(variable, options).isVerbatim);
        QCOMPARE(chosenValue(variable, options).values, QStringList{u".+"_s});
        variable.current = {u"x"_s};
        QCOMPARE(chosenValue(variable, {}).values, QStringList{QString()}); // as Grafana: nothing there, nothing put in
    }

    void listsKeepTheirCommas()
    {
        QCOMPARE(listedOptions(u"a, b : two , c\\,d"_s), (QList<VariableOption>{{u"a"_s, u"a"_s}, {u"b"_s, u"two"_s}, {u"c,d"_s, u"c,d"_s}}));
    }

    void autoFollowsTheRange()
    {
        DashboardVariable variable;
        variable.autoCount = 30;
        variable.autoMin = u"10s"_s;
        QCOMPARE(intervalValue(variable, u"$__auto_interval_x"_s, 1h).values, QStringList{u"2m"_s});
        QCOMPARE(intervalValue(variable, u"$__auto_interval_x"_s, 1min).values, QStringList{u"10s"_s});
        QCOMPARE(intervalValue(variable, u"5m"_s, 1h).values, QStringList{u"5m"_s});
    }
};

QTEST_GUILESS_MAIN(TestVariables)
#include "tst_variables.moc"
