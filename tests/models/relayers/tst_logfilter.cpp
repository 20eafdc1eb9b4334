#include "models/relayers/logfilter.h"

#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;
using Field = LogCondition::Field;

class TestLogFilter final : public QObject {
    Q_OBJECT

private slots:
    void wordsFieldsAndLevelsAreUnderstood()
    {
        const auto query = parseLogFilter(u"level:>=warn -relayer:relayer-2 intent:abc chain:polygon,ethereum message:\"nonce gap\" 0xdead"_s);
        QVERIFY2(query.has_value(), qPrintable(query ? QString() : query.error().message));
        const QVector<LogCondition> expected{
            {.field = Field::Level, .words = {u"warn"_s}, .atLeast = true},
            {.field = Field::Relayer, .words = {u"relayer-2"_s}, .negated = true},
            {.field = Field::Named, .name = u"intentId"_s, .words = {u"abc"_s}},
            {.field = Field::Named, .name = u"chain"_s, .words = {u"polygon"_s, u"ethereum"_s}},
            {.field = Field::Message, .words = {u"nonce gap"_s}},
            {.field = Field::Text, .words = {u"0xdead"_s}},
        };
        QCOMPARE(query->conditions, expected);
        QVERIFY(parseLogFilter(u"  "_s)->conditions.isEmpty());
    }

    void whatIsWrongIsSaidWhereItIs()
    {
        const auto level = parseLogFilter(u"chain:polygon level:eror"_s);
        QVERIFY(!level);
        QCOMPARE(level.error().position, 20);
        QVERIFY(level.error().hint.contains(u"error"_s));
        QVERIFY(!parseLogFilter(u"chain:"_s));
        QVERIFY(!parseLogFilter(u"chain:,"_s));
        QVERIFY(!parseLogFilter(u"\"open"_s));
        QVERIFY(!parseLogFilter(u"level:>="_s));
        QVERIFY(!parseLogFilter(QString(2000, u'x')));
    }
};

QTEST_GUILESS_MAIN(TestLogFilter)
#include "tst_logfilter.moc"
