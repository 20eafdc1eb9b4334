#include "backend/alerts/silencematching.h"
#include "backend/types/strings.h"

#include <QElapsedTimer>
#include <QTest>

using namespace countersign;

namespace {

bool matches(const char *matcher, const AlertLabels &labels)
{
    const auto read = parseMatcher(QString::fromUtf8(matcher));
    if (!read)
        qFatal("%s", qPrintable(read.error().message));
    // Beside one that always holds, so that the one alone may hold for nothing.
    const auto matching = SilenceMatching::make({*read, {u"alertname"_s, u"Down"_s, false, true}});
    if (!matching)
        qFatal("%s", qPrintable(matching.error().message));
    return matching->matches(labels);
}

} // namespace

class TestSilenceMatching final : public QObject
{
    Q_OBJECT

private slots:
    void matchersHoldAsAlertmanagerHoldsThem()
    {
        const AlertLabels labels{{u"alertname"_s, u"Down"_s}, {u"instance"_s, u"relayer-1:9090"_s}};
        QVERIFY(matches("instance=\"relayer-1:9090\"", labels));
        QVERIFY(!matches("instance=\"relayer-1\"", labels));
        QVERIFY(matches("instance!=\"relayer-2\"", labels));
        QVERIFY(matches("instance=~\"relayer-.*\"", labels));
        QVERIFY(!matches("instance=~\"relayer\"", labels)); // the whole value
        QVERIFY(!matches("instance=~\"relayer-1:909\"", labels));
        QVERIFY(matches("instance=~\"x|relayer-1:9090\"", labels)); // the alternatives stay together
        QVERIFY(!matches("instance!~\"relayer-.*\"", labels));
        QVERIFY(matches("team=\"\"", labels)); // what is absent is empty
        QVERIFY(matches("team!=\"x\"", labels));
        QVERIFY(!matches("team=~\".+\"", labels));
        QVERIFY(matches("instance=~\"(?i)RELAYER-.*\"", labels));
        QVERIFY(!matches("instance=~\"relayer-1:9090\"", {{u"alertname"_s, u"Down"_s}, {u"instance"_s, u"relayer-1:9090\n"_s}}));
    }

    void whatAlertmanagerWouldRefuseIsRefused_data()
    {
        QTest::addColumn<QVector<SilenceMatcher>>("matchers");
        const auto one = [](const char *name, const char *value) { return QVector<SilenceMatcher>{{QString::fromUtf8(name), QString::fromUtf8(value), true, true}}; };
        QTest::newRow("none") << QVector<SilenceMatcher>();
        QTest::newRow("no name") << one("", "x");
        QTest::newRow("holds for all") << one("x", ".*");
        QTest::newRow("open") << one("x", "a(");
        QTest::newRow("closes ours") << one("x", "a)|(b");
        QTest::newRow("look-ahead") << one("x", "a(?=b)");
        QTest::newRow("look-behind") << one("x", "(?<!a)b");
        QTest::newRow("back reference") << one("x", "(a)\\1");
        QTest::newRow("atomic") << one("x", "(?>a)");
        QTest::newRow("possessive") << one("x", "a++");
        QTest::newRow("verb") << one("x", "(*LIMIT_MATCH=1)a");
        QTest::newRow("recursion") << one("x", "a(?R)?b");
        QTest::newRow("long") << one("x", QByteArray(5000, 'a').constData());
    }
    void whatAlertmanagerWouldRefuseIsRefused()
    {
        QFETCH(QVector<SilenceMatcher>, matchers);
        const auto made = SilenceMatching::make(matchers);
        QVERIFY(!made);
        QCOMPARE(made.error().kind, ErrorKind::Invalid);
    }

    void anExpressionCannotTakeLong()
    {
        const auto evil = SilenceMatching::make({{u"x"_s, u"(a|a|aa)+(a|aa)+b"_s, true, true}});
        QVERIFY(evil.has_value());
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!evil->matches({{u"x"_s, QString(20'000, u'a')}}));
        QVERIFY(timer.elapsed() < 2000);
    }

    void theLiveCountIsOfThePresentAlerts()
    {
        QVector<Alert> alerts(3);
        alerts[0].labels = {{u"job"_s, u"relayer"_s}};
        alerts[1].labels = {{u"job"_s, u"relayer"_s}, {u"x"_s, u"y"_s}};
        alerts[2].labels = {{u"job"_s, u"etcd"_s}};
        QCOMPARE(SilenceMatching::make({{u"job"_s, u"relayer"_s, false, true}})->count(alerts), 2);
        QCOMPARE(SilenceMatching::make(exactMatchers(alerts[1].labels))->count(alerts), 1);
    }

    void matchersAreReadAndWritten()
    {
        for (const char *text : {"a=\"b\"", "a!=\"\"", "a=~\"x|y\"", "a!~\"\\\\d+ \\\"q\\\"\""})
            QCOMPARE(matcherText(parseMatcher(QString::fromUtf8(text)).value()), QString::fromUtf8(text));
        QCOMPARE(parseMatcher(u" severity = critical "_s).value(), (SilenceMatcher{u"severity"_s, u"critical"_s, false, true}));
        QVERIFY(!parseMatcher(u"severity"_s) && !parseMatcher(u"=x"_s) && !parseMatcher(u"a=\"x"_s));
    }
};

QTEST_GUILESS_MAIN(TestSilenceMatching)
#include "tst_silencematching.moc"
