#include "models/dashboards/dashboardlibrary.h"
#include "models/dashboards/dashboardsession.h"

#include "backend/dashboards/dashboardreader.h"
#include "backend/metrics/managedprometheus.h"
#include "backend/types/strings.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

constexpr qint64 newest = 1'700'000'000; // seconds; well within what is kept, by the retention of the test
constexpr qint64 step = 15;

QByteArray fixture()
{
    QByteArray text("# TYPE depth gauge\n");
    for (const char *chain : {"ethereum", "polygon"}) {
        for (qint64 i = -240; i <= 0; ++i)
            text += "depth{chain=\"" + QByteArray(chain) + "\",zone=\"" + (*chain == 'e' ? "eu" : "us") + "\"} " + QByteArray::number(*chain == 'e' ? 3 : 40 - i) + ' '
                + QByteArray::number(newest + i * step) + '\n';
    }
    return text + "# EOF\n";
}

QByteArray dashboardJson()
{
    QFile file(QStringLiteral(COUNTERSIGN_DASHBOARDS) + u"/session.json"_s);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/// A dashboard over a real Prometheus with data that is known.
class TestDashboardSession final : public QObject {
    Q_OBJECT

    SystemClock m_system;
    QTemporaryDir m_dir;
    std::unique_ptr<ManagedPrometheus> m_prometheus;

    HttpAccess access() const { return {.base = m_prometheus->url(), .headers = {}, .username = {}, .secret = {}, .tls = {}}; }

private slots:
    void initTestCase()
    {
        QVERIFY(QDir().mkpath(m_dir.filePath(u"p/data"_s)));
        QFile file(m_dir.filePath(u"in.om"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(fixture()) > 0);
        file.close();
        QCOMPARE(QProcess::execute(u"promtool"_s, {u"tsdb"_s, u"create-blocks-from"_s, u"openmetrics"_s, u"-q"_s, file.fileName(), m_dir.filePath(u"p/data"_s)}), 0);
        ManagedPrometheusSettings settings;
        settings.folder = m_dir.filePath(u"p"_s);
        settings.retention = u"20y"_s;
        m_prometheus = std::make_unique<ManagedPrometheus>(settings, m_system);
        m_prometheus->start();
        QTRY_VERIFY_WITH_TIMEOUT(!m_prometheus->url().isEmpty(), 60'000);
    }

    void whatIsShownIsWhatPrometheusSays()
    {
        ManualClock clock(Timestamp::fromSeconds(newest));
        QueryService queries(clock);
        DashboardSession session(queries, clock);
        session.open(readDashboard(dashboardJson()).value());
        QCOMPARE(session.panelSlots().size(), 3);
        queries.setServer(access());
        session.setServer(access());
        const auto choice = [&session](const QString &name) {
            const QList<VariableChoice> all = session.variables();
            return *std::ranges::find(all, name, &VariableChoice::name);
        };
        // The second variable follows the first.
        QTRY_COMPARE(choice(u"chain"_s).options.size(), 1);
        QCOMPARE(choice(u"chain"_s).chosen, QStringList{u"ethereum"_s});
        QCOMPARE(choice(u"zone"_s).options.size(), 2);
        QCOMPARE(session.panelSlots().at(0).title, u"Depth of ethereum"_s);

        const QString depth = session.panelSlots().at(0).key;
        const QString most = session.panelSlots().at(1).key;
        QCOMPARE(queries.questionsAsked(), 0); // nothing is on the screen
        session.setShown(depth, true);
        QTRY_COMPARE(session.state(depth).content.series.size(), 1);
        const SeriesContent line = session.state(depth).content.series.at(0);
        QCOMPARE(line.name, u"ethereum"_s);
        QCOMPARE(line.values.constLast(), 3.0);
        QVERIFY(line.times.constLast() <= newest * 1'000 && line.times.constLast() > (newest - 60) * 1'000);
        QVERIFY(session.state(most).content.values.isEmpty());
        QVERIFY(session.queriesOf(depth).constFirst().contains(u"depth{chain=~\"ethereum\"}"_s));

        session.setShown(most, true);
        QTRY_COMPARE(session.state(most).content.values.size(), 1);
        QCOMPARE(session.state(most).content.values.at(0).value.text.full(), u"3"_s);
        session.choose(u"zone"_s, {u"$__all"_s});
        QTRY_COMPARE(session.state(most).content.values.at(0).value.text.full(), u"40"_s);
        QTRY_COMPARE(choice(u"chain"_s).options.size(), 2);
        session.choose(u"chain"_s, {u"polygon"_s});
        QTRY_COMPARE(session.panelSlots().at(0).title, u"Depth of polygon"_s);
        QTRY_COMPARE(session.state(depth).content.series.value(0).name, u"polygon"_s);
    }

    void aWrongQuerySaysWhereAndTheOthersGoOn()
    {
        ManualClock clock(Timestamp::fromSeconds(newest));
        QueryService queries(clock);
        DashboardSession session(queries, clock);
        queries.setServer(access());
        session.setServer(access());
        session.open(readDashboard(dashboardJson()).value());
        const QString wrong = session.panelSlots().at(2).key;
        session.setShown(wrong, true);
        QTRY_VERIFY(!session.state(wrong).error.isEmpty());
        QVERIFY2(session.state(wrong).error.contains(u"1:10"_s), qPrintable(session.state(wrong).error));
    }

    void aServerThatGoesKeepsWhatItSaid()
    {
        ManualClock clock(Timestamp::fromSeconds(newest));
        QueryService queries(clock);
        DashboardSession session(queries, clock);
        queries.setServer(access());
        session.setServer(access());
        session.open(readDashboard(dashboardJson()).value());
        const QString most = session.panelSlots().at(1).key;
        session.setShown(most, true);
        QTRY_COMPARE(session.state(most).content.values.size(), 1);
        HttpAccess nobody = access();
        nobody.base = QUrl(u"http://127.0.0.1:9/"_s);
        queries.setServer(nobody);
        clock.advance(1min);
        session.refresh();
        QTRY_VERIFY(!session.state(most).error.isEmpty());
        QCOMPARE(session.state(most).content.values.size(), 1); // the last good answer
        QVERIFY(session.state(most).asOf.has_value());
    }

    void rangesAreChecked()
    {
        ManualClock clock(Timestamp::fromSeconds(newest));
        QueryService queries(clock);
        DashboardSession session(queries, clock);
        session.open(readDashboard(dashboardJson()).value());
        QVERIFY(!session.setRange(u"soon"_s, u"now"_s));
        QVERIFY(!session.setRange(u"now"_s, u"now-1h"_s));
        QCOMPARE(session.from(), u"now-30m"_s);
        QVERIFY(session.setRange(u"now-2h"_s, u"now-1h"_s));
        QCOMPARE(session.end() - session.begin(), std::chrono::microseconds(1h));
    }

    void theLibraryKeepsTheBytes()
    {
        const QTemporaryDir folder;
        DashboardLibrary library(folder.filePath(u"d"_s));
        const auto before = library.entries().size();
        const auto id = library.import(dashboardJson());
        QVERIFY(id.has_value());
        QCOMPARE(library.entries().size(), before + 1);
        QCOMPARE(library.original(*library.find(*id)).value(), dashboardJson());
        QByteArray other = dashboardJson();
        QVERIFY(library.import(other.replace("\"title\": \"T\"", "\"title\": \"U\"")).has_value()); // the same uid: it takes its place
        QCOMPARE(library.entries().size(), before + 1);
        QCOMPARE(library.find(u"t"_s)->title, u"U"_s);
        QVERIFY(!library.import("{}").has_value());
        QVERIFY(library.remove(*library.find(u"t"_s)).has_value());
        QCOMPARE(library.entries().size(), before);
    }
};

QTEST_GUILESS_MAIN(TestDashboardSession)
#include "tst_dashboardsession.moc"
