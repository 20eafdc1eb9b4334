#include "app/practice/network/networkoptions.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

class TestNetworkOptions : public QObject {
    Q_OBJECT

private slots:
    void withoutArgumentsOneChainAndThreeRelayers()
    {
        const Result<NetworkOptions> options = NetworkOptions::parse({});
        QVERIFY(options);
        QCOMPARE(options->chains, 1);
        QCOMPARE(options->relayers, 3);
        QCOMPARE(options->mix, defaultMix());
        QVERIFY(!options->data.isEmpty());
        QVERIFY(!options->detach);
    }

    void everyOptionIsTaken()
    {
        const Result<NetworkOptions> options = NetworkOptions::parse(
            {u"--data"_s, u"/d"_s, u"--chains"_s, u"2"_s, u"--relayers"_s, u"4"_s, u"--rate"_s, u"3.5"_s, u"--failures"_s, u"0.5"_s,
             u"--mix"_s, u"settlement=1,treasury-desk=3"_s, u"--detach"_s, u"--ready-file"_s, u"/r"_s});
        QVERIFY(options);
        QCOMPARE(options->data, u"/d"_s);
        QCOMPARE(options->chains, 2);
        QCOMPARE(options->relayers, 4);
        QCOMPARE(options->rate, 3.5);
        QCOMPARE(options->failureShare, 0.5);
        QCOMPARE(options->mix, QList<PartyWeight>({{u"settlement"_s, 1}, {u"treasury-desk"_s, 3}}));
        QVERIFY(options->detach);
        QCOMPARE(options->readyFile, u"/r"_s);
    }

    void aWrongValueIsRefusedWithTheOptionsName_data()
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("value");
        QTest::newRow("no chain") << u"--chains"_s << u"0"_s;
        QTest::newRow("many chains") << u"--chains"_s << u"9"_s;
        QTest::newRow("no number") << u"--relayers"_s << u"some"_s;
        QTest::newRow("share above one") << u"--failures"_s << u"1.5"_s;
        QTest::newRow("not a number") << u"--rate"_s << u"nan"_s;
        QTest::newRow("unknown party") << u"--mix"_s << u"nobody=1"_s;
        QTest::newRow("no weight") << u"--mix"_s << u"settlement=0"_s;
    }
    void aWrongValueIsRefusedWithTheOptionsName()
    {
        QFETCH(const QString, option);
        QFETCH(const QString, value);
        const Result<NetworkOptions> options = NetworkOptions::parse({option, value});
        QVERIFY(!options);
        QCOMPARE(options.error().kind, ErrorKind::Invalid);
        QVERIFY2(options.error().message.contains(option), qPrintable(options.error().message));
    }
};

QTEST_GUILESS_MAIN(TestNetworkOptions)
#include "tst_networkoptions.moc"
