#include "backend/intents/intentcorrelator.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "models/intents/intentlanesmodel.h"
#include "models/intents/intenttablemodel.h"
#include "models/intents/intenttimelinemodel.h"
#include "models/overview/overviewstate.h"
#include "models/sources/sourcelistmodel.h"
#include "ui/map/flowmap.h"
#include "ui/pages/intents/filterline.h"
#include "ui/pages/intents/intentspage.h"
#include "ui/pages/intents/lanestrip.h"
#include "ui/pages/overview/noterow.h"
#include "ui/pages/overview/overviewpage.h"
#include "ui/theme/theme.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/stateoverlay.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace countersign;

namespace {

/// A store with intents in several phases, and the models on it.
struct World {
    ManualClock clock;
    IntentStore store;
    IntentTableModel table{store, clock};
    IntentLanesModel lanes{store, clock};
    IntentTimelineModel timeline{store, clock};
    OverviewState overview{store, clock};
    SourceListModel sources{clock};

    explicit World(int intents = 0) { grow(intents); }

    void grow(int intents)
    {
        IntentBatch batch;
        batch.firstAdded = store.size();
        for (int i = 0; i < intents; ++i) {
            const QByteArray id = "intent-" + QByteArray::number(int(store.size())).rightJustified(6, '0');
            IntentRow row;
            const Hash32 hash = keccak256(id);
            std::copy_n(hash.array().begin(), row.key.size(), row.key.begin());
            row.created = (clock.now() - std::chrono::minutes(30) + std::chrono::seconds(store.size())).micros();
            row.phase = i % 4 == 0 ? IntentPhase::Queued : i % 4 == 1 ? IntentPhase::Failed : IntentPhase::Acknowledged;
            row.vault = static_cast<quint16>(store.texts().vaults.intern(u"treasury"_s));
            row.chain = static_cast<quint16>(store.texts().chains.intern(u"ethereum"_s));
            row.party
                = static_cast<quint16>(store.texts().parties.intern(i % 3 == 0 ? u"Settlement"_s : u"Treasury desk"_s));
            store.append(row, id);
        }
        batch.added = store.size() - batch.firstAdded;
        table.applyBatch(batch);
        lanes.applyBatch(batch);
        timeline.applyBatch(batch);
        overview.applyBatch(batch);
    }
};

QString namelessControls(const QWidget &root)
{
    QStringList nameless;
    for (const QWidget *widget : root.findChildren<QWidget *>()) {
        if ((widget->focusPolicy() & Qt::TabFocus) != Qt::TabFocus || widget->objectName().startsWith(u"qt_"_s))
            continue;
        if (widget->accessibleName().isEmpty())
            nameless.append(QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->objectName());
    }
    return nameless.join(u", "_s);
}

} // namespace

class TestPages final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_theme.apply(ThemeMode::Light); }

    void everyFocusableControlHasAName()
    {
        World world(12);
        OverviewPage overview(world.overview, world.sources);
        overview.setWaiting({{u"0x1"_s, u"Revoke the key of Settlement"_s, u"1 of 2 signatures"_s, true}});
        IntentsPage intents(world.table, world.lanes, world.timeline);
        for (QWidget *page : {static_cast<QWidget *>(&overview), static_cast<QWidget *>(&intents)}) {
            page->resize(1290, 700);
            page->show();
            QCOMPARE(namelessControls(*page), QString());
        }
    }

    void theTableFiltersAsOneTypes()
    {
        World world(40);
        IntentsPage page(world.table, world.lanes, world.timeline);
        page.resize(1290, 700);
        page.show();
        auto *edit = page.findChild<QLineEdit *>(u"intentFilter"_s);
        QVERIFY(edit);
        QTest::keyClicks(edit, u"state:failed"_s);
        QTRY_COMPARE(world.table.rowCount(), 10);
        QVERIFY(page.closeInnermost());
        QTRY_COMPARE(world.table.rowCount(), 40);
    }

    void aWrongFilterIsSaidInPlaceAndTheLastGoodOneStays()
    {
        World world(40);
        IntentsPage page(world.table, world.lanes, world.timeline);
        page.show();
        page.setFilterText(u"state:failed"_s);
        QCOMPARE(world.table.rowCount(), 10);
        page.setFilterText(u"age:>soon"_s);
        auto *line = page.findChild<FilterLine *>();
        QVERIFY(!line->errorText().isEmpty());
        QCOMPARE(world.table.rowCount(), 10);
        page.setFilterText(u"state:queued"_s);
        QVERIFY(line->errorText().isEmpty());
    }

    void anEmptyResultSaysSoInTheView()
    {
        World world(4);
        IntentsPage page(world.table, world.lanes, world.timeline);
        page.show();
        QCOMPARE(page.table()->overlay()->state(), StateOverlay::State::None);
        page.setFilterText(u"party:nobody"_s);
        QCOMPARE(page.table()->overlay()->state(), StateOverlay::State::Empty);
    }

    void untilASourceAnswersAnEmptyTableIsLoading()
    {
        World world;
        IntentsPage page(world.table, world.lanes, world.timeline);
        page.show();
        QCOMPARE(page.table()->overlay()->state(), StateOverlay::State::Loading);
        page.setConnected(true);
        QCOMPARE(page.table()->overlay()->state(), StateOverlay::State::Empty);
    }

    void rowsAreHeldWhileOneIsChosenAndTheNewOnesAreCounted()
    {
        World world(30);
        IntentsPage page(world.table, world.lanes, world.timeline);
        page.resize(1290, 700);
        page.show();
        QVERIFY(page.openIntent(u"intent-000007"_s));
        QVERIFY(world.table.isHeld());
        QCOMPARE(world.timeline.title(), u"intent-000007"_s);
        world.grow(5);
        QCOMPARE(world.table.rowCount(), 30);
        QCOMPARE(world.table.pendingCount(), 5);
        QPushButton *button = nullptr;
        for (QPushButton *candidate : page.findChildren<QPushButton *>()) {
            if (candidate->text() == u"5 new"_s)
                button = candidate;
        }
        QVERIFY(button && button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(world.table.rowCount(), 35);
        QVERIFY(page.closeInnermost());
        QVERIFY(!world.table.isHeld());
    }

    void aLaneIsAFilter()
    {
        World world(40);
        IntentsPage page(world.table, world.lanes, world.timeline);
        page.resize(1290, 700);
        page.show();
        auto *lanes = page.findChild<LaneStrip *>();
        QSignalSpy asked(lanes, &LaneStrip::filterRequested);
        lanes->setFocus();
        for (int i = 0; i < 2; ++i)
            QTest::keyClick(lanes, Qt::Key_Right);
        QTest::keyClick(lanes, Qt::Key_Return);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(page.filterText(), world.lanes.index(2, 0).data(IntentLanesModel::FilterRole).toString());
        QCOMPARE(world.table.rowCount(), 10);
        QTest::keyClick(lanes, Qt::Key_Return);
        QCOMPARE(world.table.rowCount(), 40);
    }

    void anIntentIsCopiedAsJson()
    {
        World world(3);
        IntentsPage page(world.table, world.lanes, world.timeline);
        page.show();
        QVERIFY(page.openIntent(u"intent-000001"_s));
        QVERIFY(page.copySelection());
        QVERIFY(QApplication::clipboard()->text().contains(u"intent-000001"_s));
    }

    void theMapFollowsTheOverview()
    {
        World world(10);
        OverviewPage page(world.overview, world.sources);
        page.resize(1290, 700);
        page.show();
        const Timestamp now = world.clock.now();
        const SourceStatus live{u"vault-operator"_s, SourceKind::Participant, SourceState::Live, now, now, {}, {}};
        const SourceStatus down{u"relayer-1"_s, SourceKind::Relayer, SourceState::Down, now, now, u"refused"_s, {}};
        for (const SourceStatus &status : {live, down}) {
            world.overview.setSource(status);
            world.sources.apply(status);
        }
        world.overview.setParticipants({{u"vault-operator"_s, 1204, 0.8}});
        RelayerReading relayer;
        relayer.id = u"relayer-1"_s;
        world.overview.setRelayers({relayer});
        world.overview.setChains({{u"ethereum"_s, 312, now, 0.7, 4}});
        const FlowMapData &data = page.findChild<FlowMap *>()->data();
        QCOMPARE(data.nodes.size(), 3);
        const auto node = [&](const QString &title) { return *std::ranges::find(data.nodes, title, &FlowNode::title); };
        QCOMPARE(node(u"relayer-1"_s).tone, Tone::Bad);
        QCOMPARE(node(u"vault-operator"_s).tone, Tone::Good);
        QVERIFY(page.findChild<FlowMap *>()->accessibleSummary().contains(u"relayer-1"_s));
    }

    void aRevokedKeyIsANoteThatLeadsToItsIntents()
    {
        World world(12);
        OverviewPage page(world.overview, world.sources);
        page.show();
        QSignalSpy asked(&page, &OverviewPage::filterRequested);
        world.overview.keyRevoked(u"ethereum"_s, u"Settlement"_s, world.clock.now());
        auto *note = page.findChild<NoteRow *>();
        QVERIFY(note);
        QString said;
        for (const QLabel *label : note->findChildren<QLabel *>())
            said += label->text();
        QVERIFY(said.contains(u"Settlement"_s));
        if (auto *button = note->findChild<QPushButton *>()) {
            QTest::mouseClick(button, Qt::LeftButton);
            QCOMPARE(asked.size(), 1);
        }
    }

private:
    Theme m_theme;
};

QTEST_MAIN(TestPages)
#include "tst_pages.moc"
