#include "app/practice/participant/participantoptions.h"

#include <QTest>

using namespace countersign;
using namespace Qt::StringLiterals;

class TestParticipantOptions : public QObject {
    Q_OBJECT

private slots:
    void everyOptionIsReadAndDocumented();
    void wrongArgumentsAreNamed_data();
    void wrongArgumentsAreNamed();
};

void TestParticipantOptions::everyOptionIsReadAndDocumented()
{
    const QStringList arguments {u"--id"_s, u"node"_s, u"--host"_s, u"127.0.0.2"_s, u"--ledger-port"_s, u"1"_s, u"--admin-port"_s,
        u"2"_s, u"--metrics-port"_s, u"3"_s, u"--control-port"_s, u"4"_s, u"--party"_s, u"A"_s, u"--party"_s, u"B"_s,
        u"--tls-certificate"_s, u"c"_s, u"--tls-key"_s, u"k"_s, u"--tls-client-ca"_s, u"a"_s, u"--token-file"_s, u"t"_s,
        u"--read-token-file"_s, u"r"_s, u"--ports-file"_s, u"p"_s, u"--checkpoint-ms"_s, u"250"_s, u"--max-message-bytes"_s, u"4096"_s,
        u"--retain"_s, u"1000"_s, u"--die-with-parent"_s};
    const auto options = ParticipantOptions::parse(arguments);
    QVERIFY(options);
    QCOMPARE(options->id, u"node"_s);
    QCOMPARE(options->host, u"127.0.0.2"_s);
    QCOMPARE(options->ledgerPort, quint16(1));
    QCOMPARE(options->adminPort, quint16(2));
    QCOMPARE(options->metricsPort, quint16(3));
    QCOMPARE(options->controlPort, quint16(4));
    QCOMPARE(options->parties, (QStringList {u"A"_s, u"B"_s}));
    QCOMPARE(options->tlsCertificate, u"c"_s);
    QCOMPARE(options->tlsKey, u"k"_s);
    QCOMPARE(options->tlsClientCa, u"a"_s);
    QCOMPARE(options->tokenFile, u"t"_s);
    QCOMPARE(options->readTokenFile, u"r"_s);
    QCOMPARE(options->portsFile, u"p"_s);
    QCOMPARE(options->checkpointInterval, std::chrono::milliseconds(250));
    QCOMPARE(options->maxMessageBytes, 4096);
    QCOMPARE(options->retainedUpdates, qsizetype(1000));
    QVERIFY(options->dieWithParent);
    for (const QString &argument : arguments) {
        if (argument.startsWith(u"--"_s)) {
            QVERIFY2(ParticipantOptions::usage().contains(argument), qPrintable(argument));
        }
    }
}

void TestParticipantOptions::wrongArgumentsAreNamed_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("named");
    QTest::newRow("unknown") << QStringList {u"--nonsense"_s} << u"--nonsense"_s;
    QTest::newRow("no value") << QStringList {u"--id"_s} << u"--id"_s;
    QTest::newRow("no port") << QStringList {u"--ledger-port"_s, u"65536"_s} << u"--ledger-port"_s;
    QTest::newRow("no number") << QStringList {u"--retain"_s, u"all"_s} << u"--retain"_s;
    QTest::newRow("too often") << QStringList {u"--checkpoint-ms"_s, u"1"_s} << u"--checkpoint-ms"_s;
    QTest::newRow("half of TLS") << QStringList {u"--tls-key"_s, u"k"_s} << u"--tls-certificate"_s;
    QTest::newRow("client CA alone") << QStringList {u"--tls-client-ca"_s, u"k"_s} << u"--tls-client-ca"_s;
}

void TestParticipantOptions::wrongArgumentsAreNamed()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QString, named);
    const auto options = ParticipantOptions::parse(arguments);
    QVERIFY(!options);
    QCOMPARE(options.error().kind, ErrorKind::Invalid);
    QVERIFY2(options.error().message.contains(named), qPrintable(options.error().message));
}

QTEST_APPLESS_MAIN(TestParticipantOptions)

#include "tst_participantoptions.moc"
