#include "backend/types/error.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

namespace {

struct Said {
    int code = -1;
    QByteArray output;
    QByteArray errors;
    QJsonObject json() const { return QJsonDocument::fromJson(output).object(); }
};

Said run(const QStringList &arguments)
{
    QProcess process;
    process.start(QStringLiteral(COUNTERSIGN_CLI), QStringList{u"dashboard"_s} + arguments);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000))
        qFatal("the command does not end");
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

QString file(const QString &name)
{
    return QStringLiteral(COUNTERSIGN_ROOT) + u"/tests/backend/dashboards/data/"_s + name;
}

} // namespace

/// countersign-cli dashboard, as a program, alone and with a real Prometheus.
class TestCliDashboard final : public QObject {
    Q_OBJECT

private slots:
    void theReportIsJson()
    {
        const Said said = run({file(u"modern.json"_s), u"--json"_s});
        QCOMPARE(said.code, 0);
        const QJsonObject summary = said.json().value(u"summary").toObject();
        QCOMPARE(summary.value(u"panels").toInt(), 7);
        QCOMPARE(summary.value(u"supported").toInt(), 5);
        const QJsonObject first = said.json().value(u"panels").toArray().at(0).toObject();
        QCOMPARE(first.value(u"targets").toArray().at(0).toObject().value(u"substituted").toString(), u"sum by (chain) (depth{chain=~\".*\", name=\"any\"})"_s);
    }

    void valuesAndRangeAreTheCallers()
    {
        const Said said = run({file(u"modern.json"_s), u"--json"_s, u"--var"_s, u"chain=eth.1"_s, u"--var"_s, u"chain=pol"_s, u"--from"_s, u"now-7d"_s});
        QCOMPARE(said.code, 0);
        const QJsonObject target = said.json().value(u"panels").toArray().at(0).toObject().value(u"targets").toArray().at(0).toObject();
        QCOMPARE(target.value(u"substituted").toString(), u"sum by (chain) (depth{chain=~\"(eth\\\\.1|pol)\", name=\"any\"})"_s);
        QCOMPARE(target.value(u"step").toString(), u"10m"_s);
    }

    void peopleReadIt()
    {
        const Said said = run({file(u"old.json"_s)});
        QCOMPARE(said.code, 0);
        QVERIFY(said.output.contains("4 of 4 can be drawn"));
        QVERIFY(said.output.contains("graph as timeseries"));
    }

    void wrongUseAndWrongFilesAreTold()
    {
        QCOMPARE(run({}).code, 2);
        QCOMPARE(run({file(u"modern.json"_s), u"--var"_s, u"nobody=1"_s}).code, 2);
        QCOMPARE(run({file(u"modern.json"_s), u"--from"_s, u"soon"_s}).code, 2);
        QCOMPARE(run({file(u"modern.json"_s), u"--prometheus"_s, u"ftp://x"_s}).code, 2);
        QCOMPARE(run({QStringLiteral(COUNTERSIGN_ROOT) + u"/README.md"_s}).code, 3);
        QCOMPARE(run({file(u"modern.json"_s), u"--prometheus"_s, u"http://127.0.0.1:9/"_s}).code, 5);
    }

    void queriesAreEvaluated()
    {
        const QTemporaryDir folder;
        QFile config(folder.filePath(u"p.yml"_s));
        QVERIFY(config.open(QIODevice::WriteOnly) && config.write("global: {scrape_interval: 1s}\n") > 0);
        config.close();
        QProcess prometheus;
        prometheus.setProcessChannelMode(QProcess::MergedChannels);
        prometheus.start(u"prometheus"_s, {u"--config.file="_s + config.fileName(), u"--storage.tsdb.path="_s + folder.filePath(u"data"_s), u"--web.listen-address=127.0.0.1:0"_s});
        QByteArray log;
        QString address;
        QTRY_VERIFY_WITH_TIMEOUT([&] {
            log += prometheus.readAll();
            // The port that was asked for is said before, and is 0.
            const QByteArray listening = "Listening on\" address=";
            if (const qsizetype at = log.indexOf(listening); at >= 0 && log.indexOf('\n', at) > at)
                address = QString::fromLatin1(log.mid(at + listening.size(), log.indexOf('\n', at) - at - listening.size())).trimmed();
            return !address.isEmpty() && log.contains("Server is ready");
        }(), 30'000);
        const Said said = run({file(u"modern.json"_s), u"--json"_s, u"--prometheus"_s, u"http://"_s + address});
        prometheus.terminate();
        prometheus.waitForFinished(10'000);
        QCOMPARE(said.code, 0);
        const QJsonObject target = said.json().value(u"panels").toArray().at(0).toObject().value(u"targets").toArray().at(0).toObject();
        QVERIFY(target.contains(u"series"));
        QVERIFY(!target.contains(u"error"));
        QCOMPARE(said.json().value(u"summary").toObject().value(u"errors").toInt(), 0);
    }
};

QTEST_GUILESS_MAIN(TestCliDashboard)
#include "tst_cli_dashboard.moc"
