#include "backend/dashboards/interpolation.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

InterpolationScope scope()
{
    InterpolationScope scope;
    const auto set = [&scope](const QString &name, const QStringList &values, bool isMulti) {
        VariableValue value;
        value.values = values;
        value.isMulti = isMulti;
        scope.variables.insert(name, value);
    };
    set(u"one"_s, {u"a.b"_s}, false);
    set(u"multi"_s, {u"a.b"_s, u"c|d"_s}, true);
    set(u"single"_s, {u"x+y"_s}, true);
    set(u"quoted"_s, {u"it's"_s, u"\"so\""_s}, true);
    scope.variables[u"multi"_s].texts = {u"A"_s, u"C"_s};
    VariableValue all;
    all.values = {u".+"_s};
    all.isMulti = true;
    all.isVerbatim = true;
    scope.variables.insert(u"all"_s, all);
    scope.intervals = {30s, 2min, 1h};
    scope.from = Timestamp::fromMillis(1'700'000'000'000);
    scope.to = Timestamp::fromMillis(1'700'003'600'000);
    return scope;
}

} // namespace

class TestInterpolation final : public QObject {
    Q_OBJECT

private slots:
    void formsAndFormats_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const QString &text, const QString &expected) { QTest::newRow(name) << text << expected; };
        row("dollar", u"x{a=\"$one\"}"_s, u"x{a=\"a.b\"}"_s);
        row("braces", u"${one}b"_s, u"a.bb"_s);
        row("brackets", u"[[one]]b"_s, u"a.bb"_s);
        row("several are alternatives, escaped", u"{a=~\"$multi\"}"_s, u"{a=~\"(a\\\\.b|c\\\\|d)\"}"_s);
        row("one of a multi value is escaped", u"{a=~\"$single\"}"_s, u"{a=~\"x\\\\+y\"}"_s);
        row("all is verbatim", u"{a=~\"$all\"}"_s, u"{a=~\".+\"}"_s);
        row("csv", u"${multi:csv}"_s, u"a.b,c|d"_s);
        row("raw", u"${multi:raw}"_s, u"a.b,c|d"_s);
        row("pipe", u"${multi:pipe}"_s, u"a.b|c|d"_s);
        row("regex", u"${multi:regex}"_s, u"(a\\.b|c\\|d)"_s);
        row("regex of one", u"${one:regex}"_s, u"a\\.b"_s);
        row("glob", u"${multi:glob}"_s, u"{a.b,c|d}"_s);
        row("json", u"${multi:json}"_s, u"[\"a.b\",\"c|d\"]"_s);
        row("json of one", u"${one:json}"_s, u"\"a.b\""_s);
        row("queryparam", u"${multi:queryparam}"_s, u"var-multi=a.b&var-multi=c%7Cd"_s);
        row("percentencode", u"${multi:percentencode}"_s, u"%7Ba.b%2Cc%7Cd%7D"_s);
        row("singlequote", u"${quoted:singlequote}"_s, u"'it\\'s','\"so\"'"_s);
        row("doublequote", u"${quoted:doublequote}"_s, u"\"it's\",\"\\\"so\\\"\""_s);
        row("sqlstring", u"${quoted:sqlstring}"_s, u"'it''s','\"so\"'"_s);
        row("text", u"${multi:text}"_s, u"A + C"_s);
        row("text as field", u"${multi.text}"_s, u"A + C"_s);
        row("date", u"${__from:date:YYYY-MM-DD}"_s, u"2023-11-14"_s);
        row("date in seconds", u"${__from:date:seconds}"_s, u"1700000000"_s);
        row("date in ISO", u"${__to:date}"_s, u"2023-11-14T23:13:20.000Z"_s);
        row("interval", u"rate(x[$__interval])"_s, u"rate(x[30s])"_s);
        row("rate interval", u"rate(x[$__rate_interval])"_s, u"rate(x[2m])"_s);
        row("range", u"x[$__range] $__range_s $__range_ms"_s, u"x[3600s] 3600 3600000"_s);
        row("milliseconds", u"$__interval_ms"_s, u"30000"_s);
        row("ends", u"$__from $__to"_s, u"1700000000000 1700003600000"_s);
        row("an unknown one stays", u"$nobody ${nobody:csv} $1"_s, u"$nobody ${nobody:csv} $1"_s);
        row("an unknown format is as none", u"${one:whatever}"_s, u"a.b"_s);
    }
    void formsAndFormats()
    {
        QFETCH(QString, text);
        QTEST(interpolate(text, scope()).text, "expected");
    }

    void valuesAreNotLookedThroughAgain()
    {
        InterpolationScope hostile = scope();
        hostile.variables[u"one"_s].values = {u"$multi ${all}"_s};
        QCOMPARE(interpolate(u"$one"_s, hostile).text, u"$multi ${all}"_s);
    }

    void aValueCannotEndTheTextThatItStandsIn()
    {
        // Escaped for a regular expression inside of double quotes, and read back by them.
        QCOMPARE(promRegexEscaped(u"a\\b"_s), u"a\\\\\\\\b"_s);
        QCOMPARE(promRegexEscaped(u"{x}"_s), u"\\\\{x\\\\}"_s);
    }

    void whatNobodyKnowsIsAPatternInQuotesAndANameOutside()
    {
        InterpolationScope assumed;
        VariableValue value;
        value.values = {u".*"_s};
        value.isMulti = value.isVerbatim = value.isAssumed = true;
        assumed.variables.insert(u"v"_s, value);
        QCOMPARE(interpolate(u"m_${v}_total{a=~\"$v\"}"_s, assumed).text, u"m_v_total{a=~\".*\"}"_s);
    }

    void unknownNamesAreReportedOnce()
    {
        QCOMPARE(interpolate(u"$a $b $a"_s, {}).unknown, (QStringList{u"a"_s, u"b"_s}));
        QCOMPARE(variablesIn(u"$a ${b:csv} [[c]] ${a.text}"_s), (QStringList{u"a"_s, u"b"_s, u"c"_s}));
    }
};

QTEST_GUILESS_MAIN(TestInterpolation)
#include "tst_interpolation.moc"
