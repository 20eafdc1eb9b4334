#include "backend/types/strings.h"
#include "models/relayers/relayersstate.h"
#include "ui/pages/relayers/leadershipstrip.h"
#include "ui/pages/relayers/logdetails.h"
#include "ui/pages/relayers/logview.h"
#include "ui/pages/relayers/relayerspage.h"
#include "ui/shell/actionregistry.h"
#include "ui/theme/theme.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/stateoverlay.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/tonelabel.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

// ' stands for ".
QByteArray textOf(Timestamp time, int number, const QByteArray &message, const QByteArray &level = "info")
{
    static const char *const chains[] = {"ethereum", "polygon", "arbitrum"};
    QByteArray line = "{'timestamp':'" + time.toIsoString().toLatin1() + "','level':'" + level + "','message':'" + message
        + "','intentId':'intent-" + QByteArray::number(4711 + number) + "','chain':'" + chains[number % 3] + "','nonce':" + QByteArray::number(200 + number)
        + ",'txHash':'0x9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a" + QByteArray::number(10 + number % 80) + "'}";
    return line.replace('\'', '"');
}

/// The models of a page with three relayers, and a log on disk.
struct World {
    ManualClock clock;
    QTemporaryDir folder;
    std::unique_ptr<LogArchive> archive;
    std::unique_ptr<RelayersState> state;
    std::unique_ptr<RelayersPage> page;
    ElectionState election;

    explicit World(bool hasLog = true)
    {
        if (hasLog) {
            QFile file(path());
            if (file.open(QIODevice::WriteOnly)) {
                for (int i = 0; i < 400; ++i)
                    file.write(textOf(clock.now() - std::chrono::hours(2) + std::chrono::seconds(i), i, "transaction_submitted") + '\n');
            }
            archive = std::make_unique<LogArchive>(QVector<LogSource>{{u"relayer-2"_s, path()}});
            archive->start();
        }
        state = std::make_unique<RelayersState>(clock, archive.get());
        page = std::make_unique<RelayersPage>(*state, clock);
        page->resize(1290, 700);
        page->show();
    }

    QString path() const { return folder.filePath(u"relayer-2.log"_s); }

    static Candidate candidate(const QString &relayer, qint64 revision, int left)
    {
        return {relayer, u"relayer-leader/%1"_s.arg(revision, 0, 16), revision, revision, std::chrono::seconds(left), 15s};
    }

    void fill()
    {
        state->setMainElection(u"relayer-leader"_s);
        const Timestamp now = clock.now();
        election.candidates = {candidate(u"relayer-2"_s, 812, 12), candidate(u"relayer-1"_s, 815, 14), candidate(u"relayer-3"_s, 901, 4)};
        election.history = {{u"relayer-2"_s, 812, now - 12min, std::nullopt, false}, {u"relayer-1"_s, 640, now - 31min, now - 13min, false},
            {u"relayer-3"_s, 12, now - 55min, now - 31min, true}};
        state->setElection(u"relayer-leader"_s, election, {{u"relayer-1"_s, false}, {u"relayer-2"_s, true}, {u"relayer-3"_s, false}});
        setStatus(SourceState::Live, {});
        QVector<RelayerFacts> relayers;
        for (int i = 1; i <= 3; ++i) {
            RelayerFacts facts;
            facts.reading.id = u"relayer-%1"_s.arg(i);
            facts.reading.leader = i == 2;
            facts.reading.queueDepth = i == 2 ? 14 : 0;
            facts.reading.rate = i == 2 ? 0.71 : 0.0;
            facts.reading.successRate = i == 2 ? 0.994 : 1.0;
            facts.reading.ledgerOffset = 120'400 - i * 3;
            facts.metrics = i == 3 ? RelayerFacts::Metrics::Direct : RelayerFacts::Metrics::Prometheus;
            facts.lastLine = now - std::chrono::seconds(i);
            relayers.append(facts);
        }
        state->setRelayers(relayers);
        EtcdClusterState cluster;
        for (int i = 1; i <= 3; ++i) {
            EtcdMemberState one;
            one.member = {static_cast<quint64>(i), u"etcd-%1"_s.arg(i), {}, {}, false};
            one.endpoint = u"127.0.0.1:%1"_s.arg(2378 + i);
            one.health = EtcdMemberState::Health::Healthy;
            EtcdStatus status;
            status.version = u"3.4.23"_s;
            status.dbSize = 2'150'400;
            status.raftIndex = 48'120;
            one.status = status;
            one.leads = i == 1;
            cluster.members.append(one);
        }
        cluster.term = 7;
        state->setCluster(cluster);
        writeLines(0, 60);
    }

    void setStatus(SourceState to, const QString &error)
    {
        SourceStatus status;
        status.kind = SourceKind::Etcd;
        status.state = to;
        status.lastError = error;
        state->setElectionStatus(status);
    }

    void writeLines(int from, int count)
    {
        static const QByteArray messages[] = {"intent_received", "intent_queued", "transaction_submitted", "transaction_confirmed", "intent_acknowledged"};
        QVector<LogLine> lines;
        for (int i = from; i < from + count; ++i) {
            const QByteArray level = i % 17 == 0 ? "error" : i % 7 == 0 ? "warn" : "info";
            const QByteArray raw = textOf(clock.now() + std::chrono::seconds(i), i, i % 17 == 0 ? QByteArray("intent_failed") : messages[i % 5], level);
            LogLine line = *parseLogLine(raw);
            line.relayer = i % 9 == 0 ? u"relayer-1"_s : u"relayer-2"_s;
            line.raw = raw;
            lines.append(line);
        }
        state->log().append(lines);
    }

    LogView *log() const { return page->log(); }
    QComboBox *combo(const QString &name) const
    {
        const QList<QComboBox *> boxes = page->findChildren<QComboBox *>();
        for (QComboBox *box : boxes) {
            if (box->accessibleName() == name)
                return box;
        }
        return nullptr;
    }
    QLineEdit *filter() const { return page->findChild<QLineEdit *>(u"logFilter"_s); }
};

} // namespace

class TestRelayersPage final : public QObject {
    Q_OBJECT

private slots:
    void whoLeadsAndWhoFollowsStandsAbove()
    {
        World world;
        world.fill();
        QCOMPARE(world.page->election()->model()->rowCount(), 3);
        QCOMPARE(world.page->findChild<StatusBadge *>()->tone(), Tone::Good);
        QVERIFY(world.page->findChild<ElidedLabel *>()->text().startsWith(u"relayer-2 leads, for 12 min"_s));
        const auto *strip = world.page->findChild<LeadershipStrip *>();
        QVERIFY2(strip->summary().contains(u"relayer-2 leads since"_s), qPrintable(strip->summary()));
        QVERIFY(strip->summary().contains(u"changes seen: 2"_s));
    }

    void theHistoryIsWalkedByKeys()
    {
        World world;
        world.fill();
        auto *strip = world.page->findChild<LeadershipStrip *>();
        QTest::keyClick(strip, Qt::Key_Left);
        QVERIFY(strip->summary().startsWith(u"relayer-2 leads"_s));
        QTest::keyClick(strip, Qt::Key_Left);
        QVERIFY2(strip->summary().startsWith(u"Nobody led from"_s), qPrintable(strip->summary()));
        QTest::keyClick(strip, Qt::Key_Left);
        QVERIFY(strip->summary().startsWith(u"relayer-1 led from"_s));
        QTest::keyClick(strip, Qt::Key_Home);
        QVERIFY(strip->summary().contains(u"over"_s)); // it led already when one began to look
        QCOMPARE(strip->accessibleDescription(), strip->summary());
    }

    void twoMindsAboutTheLeaderAreSaidAloud()
    {
        World world;
        world.fill();
        auto *alarm = world.page->findChild<ToneLabel *>();
        QVERIFY(!alarm->isVisible());
        world.election.splitBrain = u"relayer-1 says that it leads, and etcd says relayer-2"_s;
        world.state->setElection(u"relayer-leader"_s, world.election, {{u"relayer-1"_s, true}, {u"relayer-2"_s, true}});
        QVERIFY(alarm->isVisible());
        QVERIFY(alarm->text().contains(u"relayer-1 says that it leads"_s));
        QCOMPARE(world.page->findChild<StatusBadge *>()->tone(), Tone::Bad);
    }

    void everyStateOfTheElectionIsDrawn()
    {
        World world;
        using State = StateOverlay::State;
        const StateOverlay *overlay = world.page->election()->overlay();
        QCOMPARE(overlay->state(), State::Empty);
        world.state->setMainElection(u"relayer-leader"_s);
        world.state->setElection(u"relayer-leader"_s, {}, {});
        QCOMPARE(overlay->state(), State::Loading);
        world.setStatus(SourceState::Down, u"127.0.0.1:2379 does not answer"_s);
        QCOMPARE(overlay->state(), State::Error);
        world.fill();
        QCOMPARE(overlay->state(), State::None);
        world.setStatus(SourceState::Down, u"127.0.0.1:2379 does not answer"_s);
        QCOMPARE(overlay->state(), State::Stale);
        QCOMPARE(world.page->election()->model()->rowCount(), 3); // the last good data stays
        world.setStatus(SourceState::Live, {});
        world.state->setElection(u"relayer-leader"_s, {}, {});
        QCOMPARE(overlay->state(), State::Empty);
    }

    void anotherElectionCanBeChosen()
    {
        World world;
        world.fill();
        auto *elections = world.combo(u"Election"_s);
        QVERIFY(!elections->isEnabled());
        ElectionState jobs;
        jobs.candidates = {World::candidate(u"worker-7"_s, 3, 9)};
        world.state->setElection(u"jobs/nightly"_s, jobs, {});
        QVERIFY(elections->isEnabled());
        elections->setFocus();
        QTest::keyClick(elections, Qt::Key_Down);
        QTRY_COMPARE(world.page->election()->model()->rowCount(), 1);
    }

    void theLogFiltersAsOneTypes()
    {
        World world;
        world.fill();
        QTRY_COMPARE(world.log()->table()->model()->rowCount(), 60);
        world.page->focusFilter();
        QTest::keyClicks(world.filter(), u"level:>=error relayer:relayer-2"_s);
        QTRY_COMPARE(world.log()->table()->model()->rowCount(), 3);
        QCOMPARE(world.log()->errorText(), QString());
        QTest::keyClicks(world.filter(), u" level:lout"_s);
        QTRY_VERIFY(!world.log()->errorText().isEmpty());
        QCOMPARE(world.log()->table()->model()->rowCount(), 3); // the last good filter stays
        QVERIFY(world.page->closeInnermost());
        QCOMPARE(world.filter()->text(), QString());
        QCOMPARE(world.log()->errorText(), QString());
        QVERIFY(!world.page->closeInnermost());
        world.combo(u"Lowest level"_s)->setCurrentIndex(3);
        QTRY_COMPARE(world.log()->table()->model()->rowCount(), 4);
    }

    void aLineShowsWhatWasWrittenAndLeadsToItsIntent()
    {
        World world;
        world.fill();
        QTRY_COMPARE(world.log()->table()->model()->rowCount(), 60);
        const QSignalSpy intents(world.page.get(), &RelayersPage::intentRequested);
        world.log()->table()->setFocus();
        world.log()->table()->setCurrentIndex(world.log()->table()->model()->index(0, 0));
        auto *details = world.page->findChild<LogDetails *>();
        QVERIFY(details->isVisible());
        QVERIFY(details->findChild<QPlainTextEdit *>()->toPlainText().contains(u"\"intentId\": \"intent-4770\""_s));
        QVERIFY(world.page->copySelection());
        QCOMPARE(QGuiApplication::clipboard()->text().toUtf8(), textOf(world.clock.now() + 59s, 59, "intent_acknowledged"));
        QTest::keyClick(world.log()->table(), Qt::Key_Return);
        QCOMPARE(intents.size(), 1);
        QCOMPARE(intents.at(0).at(0).toString(), u"intent-4770"_s);
        QVERIFY(world.page->closeInnermost());
        QVERIFY(!details->isVisible());
    }

    void whileOneReadsTheLinesStandStill()
    {
        World world;
        world.fill();
        QTRY_COMPARE(world.log()->table()->model()->rowCount(), 60);
        world.log()->setPaused(true);
        world.writeLines(60, 5);
        QTRY_COMPARE(world.state->log().pendingCount(), 5);
        QCOMPARE(world.log()->table()->model()->rowCount(), 60);
        world.log()->goToNewest();
        QTRY_COMPARE(world.log()->table()->model()->rowCount(), 65);
        QVERIFY(!world.log()->isPaused());
    }

    void theLogOfAnIntentIsLookedForInTheHistory()
    {
        World world;
        world.fill();
        world.page->showLogOf(u"intent-4811"_s);
        QCOMPARE(world.log()->filterText(), u"intent:\"intent-4811\""_s);
        QTRY_COMPARE(world.log()->table()->model()->rowCount(), 1);
        QCOMPARE(world.state->log().mode(), LogTableModel::Mode::History);
        QVERIFY(world.page->closeInnermost()); // back to live, then the filter
        QCOMPARE(world.state->log().mode(), LogTableModel::Mode::Live);
        QVERIFY(world.page->closeInnermost());
        QTRY_COMPARE(world.log()->table()->model()->rowCount(), 60);
        world.page->showLogOf(u"intent-none"_s);
        QTRY_COMPARE(world.log()->table()->overlay()->state(), StateOverlay::State::Empty);
    }

    void aPageWithoutLogsSaysHowToNameThem()
    {
        World world(false);
        QCOMPARE(world.log()->table()->overlay()->state(), StateOverlay::State::Empty);
        QVERIFY(world.log()->table()->overlay()->message().contains(u"names no log"_s));
        World other;
        other.page->setLogProblem(u"The log /var/log/x cannot be read"_s);
        QCOMPARE(other.log()->table()->overlay()->state(), StateOverlay::State::Error);
        other.fill();
        QTRY_COMPARE(other.log()->table()->overlay()->state(), StateOverlay::State::Stale);
    }

    void everythingHasANameAndAKey()
    {
        World world;
        world.fill();
        const QList<QWidget *> widgets = world.page->findChildren<QWidget *>();
        for (const QWidget *widget : widgets) {
            const bool isPart = widget->parentWidget() && widget->parentWidget()->inherits("QAbstractItemView");
            if (widget->focusPolicy() == Qt::NoFocus || isPart || widget->objectName().startsWith(u"qt_"_s) || widget->inherits("QLineEditIconButton"))
                continue;
            QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(u"%1 %2"_s.arg(QLatin1StringView(widget->metaObject()->className()), widget->objectName())));
        }
        QWidget window;
        ActionRegistry registry(&window);
        world.page->registerActions(registry);
        for (const QString &id : {u"relayers.history"_s, u"relayers.pause"_s, u"relayers.newest"_s, u"relayers.intent"_s, u"relayers.errors"_s})
            QVERIFY2(registry.action(id) != nullptr, qPrintable(id));
    }

    // For people: COUNTERSIGN_PICTURES names a folder.
    void picturesInBothThemes()
    {
        const QString folder = qEnvironmentVariable("COUNTERSIGN_PICTURES");
        for (const Scheme scheme : {Scheme::Light, Scheme::Dark}) {
            for (const QSize size : {QSize(1290, 700), QSize(2400, 1340)}) {
                World world;
                qApp->setPalette(paletteFor(scheme));
                world.page->resize(size);
                world.fill();
                QTRY_COMPARE(world.log()->table()->model()->rowCount(), 60);
                const QString name = u"%1-%2"_s.arg(scheme == Scheme::Dark ? u"dark"_s : u"light"_s).arg(size.width());
                const auto take = [&](const QString &what) {
                    QTest::qWait(50);
                    const QPixmap picture = world.page->grab();
                    QVERIFY(!picture.isNull());
                    if (!folder.isEmpty())
                        QVERIFY(picture.save(QDir(folder).filePath(u"relayers-%1-%2.png"_s.arg(what, name))));
                };
                take(u"live"_s);
                world.log()->table()->setCurrentIndex(world.log()->table()->model()->index(8, 0));
                world.election.splitBrain = u"relayer-1 says that it leads, and etcd says relayer-2"_s;
                world.state->setElection(u"relayer-leader"_s, world.election, {{u"relayer-1"_s, true}, {u"relayer-2"_s, true}});
                take(u"split"_s);
            }
        }
    }
};

QTEST_MAIN(TestRelayersPage)
#include "tst_relayerspage.moc"
