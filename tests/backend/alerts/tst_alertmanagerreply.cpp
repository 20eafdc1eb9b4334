#include "backend/alerts/alertmanagerreply.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

namespace {

const QByteArray &oneAlert()
{
    static const QByteArray json = "{\"annotations\":{\"summary\":\"s\"},\"endsAt\":\"2026-11-22T06:07:29.995Z\",\"fingerprint\":\"9bbf1b5fea5b49f5\",\"receivers\":[{\"name\":\"console\"}],"
                                   "\"startsAt\":\"2026-11-22T06:03:29.995Z\",\"status\":{\"inhibitedBy\":[],\"silencedBy\":[\"id-1\"],\"state\":\"suppressed\"},\"updatedAt\":\"2026-11-22T06:03:29.999Z\","
                                   "\"generatorURL\":\"http://p:9090/graph?g0.expr=up\",\"labels\":{\"alertname\":\"Down\",\"severity\":\"critical\"}}";
    return json;
}

} // namespace

class TestAlertmanagerReply final : public QObject
{
    Q_OBJECT

private slots:
    void alertsAreReadAsOldAndNewServersWriteThem()
    {
        const auto old = parseAlerts(200, '[' + oneAlert() + ']');
        QVERIFY2(old.has_value(), old ? "" : qPrintable(old.error().message));
        const Alert &alert = old->first();
        QCOMPARE(alert.name(), u"Down"_s);
        QCOMPARE(alert.severity(), u"critical"_s);
        QCOMPARE(alert.state, Alert::State::Suppressed);
        QCOMPARE(alert.silencedBy, QStringList{u"id-1"_s});
        QCOMPARE(alert.receivers, QStringList{u"console"_s});
        QCOMPARE(alert.startsAt.toIsoString(), u"2026-11-22T06:03:29.995Z"_s);
        QVERIFY(alert.mutedBy.isEmpty());
        QByteArray newer = oneAlert();
        newer.replace("\"state\"", "\"mutedBy\":[\"nights\"],\"state\"");
        QCOMPARE(parseAlerts(200, '[' + newer + ']')->first().mutedBy, QStringList{u"nights"_s});
        const auto groups = parseAlertGroups(200, "[{\"labels\":{\"alertname\":\"Down\"},\"routeLabels\":{},\"receiver\":{\"name\":\"console\"},\"alerts\":[" + oneAlert() + "]}]");
        QCOMPARE(groups->first().receiver, u"console"_s);
        QCOMPARE(groups->first().alerts.size(), 1);
    }

    void silencesStatusAndReceiversAreRead()
    {
        const auto silences = parseSilences(200, "[{\"id\":\"a\",\"status\":{\"state\":\"active\"},\"updatedAt\":\"2026-11-22T06:00:00Z\",\"comment\":\"c\",\"createdBy\":\"b\",\"endsAt\":\"2026-11-22T07:00:00Z\",\"startsAt\":\"2026-11-22T06:00:00Z\",\"matchers\":[{\"isRegex\":true,\"name\":\"job\",\"value\":\"r.*\"},{\"isEqual\":false,\"isRegex\":false,\"name\":\"x\",\"value\":\"y\"}]}]");
        QVERIFY(silences.has_value());
        QCOMPARE(silences->first().matchers, (QVector<SilenceMatcher>{{u"job"_s, u"r.*"_s, true, true}, {u"x"_s, u"y"_s, false, false}}));
        const auto status = parseAlertmanagerStatus(200, "{\"cluster\":{\"name\":\"B\",\"peers\":[{\"address\":\"x\",\"name\":\"B\"},{\"address\":\"y\",\"name\":\"A\"}],\"status\":\"ready\"},\"config\":{\"original\":\"route:\"},\"uptime\":\"2026-11-22T06:00:00Z\",\"versionInfo\":{\"version\":\"0.25.0\"}}");
        QCOMPARE(status->peers, (QStringList{u"A"_s, u"B"_s}));
        QCOMPARE(status->version, u"0.25.0"_s);
        QCOMPARE(parseReceivers(200, "[{\"name\":\"console\"}]").value(), QStringList{u"console"_s});
        QCOMPARE(parseSilenceId(200, "{\"silenceID\":\"u\"}").value(), u"u"_s);
    }

    void aSilenceIsWrittenAsTheServerReadsIt()
    {
        Silence silence{.id = {}, .matchers = {{u"a"_s, u"b\"c"_s, false, true}}, .startsAt = Timestamp::fromSeconds(1'700'000'000), .endsAt = Timestamp::fromSeconds(1'700'000'060),
            .updatedAt = {}, .createdBy = u"me"_s, .comment = u"why"_s, .state = Silence::State::Active};
        QCOMPARE(silenceJson(silence),
            "{\"comment\":\"why\",\"createdBy\":\"me\",\"endsAt\":\"2023-11-14T22:14:20.000Z\",\"matchers\":[{\"isEqual\":true,\"isRegex\":false,\"name\":\"a\",\"value\":\"b\\\"c\"}],\"startsAt\":\"2023-11-14T22:13:20.000Z\"}");
        silence.id = u"u"_s;
        QVERIFY(silenceJson(silence).contains("\"id\":\"u\""));
    }

    void refusalsHaveTheirKindAndTheirWords_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<QString>("words");
        QTest::newRow("a text in JSON") << 400 << QByteArray("\"bad matcher format: x\"\n") << ErrorKind::Invalid << u"bad matcher format"_s;
        QTest::newRow("of the framework") << 422 << QByteArray("{\"code\":602,\"message\":\"endsAt in body is required\"}") << ErrorKind::Invalid << u"endsAt in body"_s;
        QTest::newRow("unknown") << 404 << QByteArray("\"silence not found\"") << ErrorKind::NotFound << u"silence not found"_s;
        QTest::newRow("page") << 404 << QByteArray("404 page not found") << ErrorKind::NotFound << u"404 page"_s;
        QTest::newRow("who") << 401 << QByteArray("Unauthorized") << ErrorKind::Unauthenticated << u"who asks"_s;
        QTest::newRow("proxy") << 502 << QByteArray("<html>") << ErrorKind::Unavailable << u"not ready"_s;
        QTest::newRow("failed") << 500 << QByteArray("\"boom\"") << ErrorKind::Internal << u"boom"_s;
        QTest::newRow("unknown to 0.25") << 500 << QByteArray("\"silence x not found\"") << ErrorKind::NotFound << u"not found"_s;
        QTest::newRow("login page") << 200 << QByteArray("<html>login</html>") << ErrorKind::Corrupt << u"unexpected"_s;
        QTest::newRow("another shape") << 200 << QByteArray("{}") << ErrorKind::Corrupt << u"unexpected"_s;
        QTest::newRow("no fingerprint") << 200 << QByteArray("[{\"labels\":{\"a\":\"b\"}}]") << ErrorKind::Corrupt << u"fingerprint"_s;
        QTest::newRow("cut off") << 200 << QByteArray("[{\"labels\":{\"a\":\"b\"}") << ErrorKind::Corrupt << u"unexpected"_s;
    }
    void refusalsHaveTheirKindAndTheirWords()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        const auto read = parseAlerts(status, body);
        QVERIFY(!read);
        QTEST(read.error().kind, "kind");
        QFETCH(QString, words);
        QVERIFY2(read.error().message.contains(words) || read.error().detail.contains(words), qPrintable(read.error().message));
    }

    void limitsHold()
    {
        const QByteArray two = '[' + oneAlert() + ',' + oneAlert() + ']';
        QCOMPARE(parseAlerts(200, two, {.bytes = 1 << 20, .entries = 1, .depth = 16}).error().kind, ErrorKind::Exhausted);
        QCOMPARE(parseAlerts(200, two, {.bytes = 100, .entries = 10, .depth = 16}).error().kind, ErrorKind::Exhausted);
        QVERIFY(!parseAlerts(200, two, {.bytes = 1 << 20, .entries = 10, .depth = 2}).has_value());
    }
};

QTEST_GUILESS_MAIN(TestAlertmanagerReply)
#include "tst_alertmanagerreply.moc"
