#include "backend/types/strings.h"
#include "models/intents/intentmatcher.h"
#include "models/intents/intenttablemodel.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cstring>
#include <random>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

/// A store that changes by itself, at random but the same way each time.
class World
{
public:
    IntentStore store;
    ManualClock clock;
    std::mt19937 random{7};

    IntentBatch add(int count)
    {
        IntentBatch batch;
        batch.firstAdded = store.size();
        for (int i = 0; i < count; ++i) {
            IntentRow row;
            const QString id = u"intent-%1"_s.arg(random() % 900'000 + 100'000) + QString::number(store.size());
            const Hash32 hash = intentHashOf(id);
            std::memcpy(row.key.data(), hash.view().data(), row.key.size());
            row.created = (clock.now() - std::chrono::seconds(random() % 500)).micros();
            row.phase = allIntentPhases[random() % 7];
            row.vault = static_cast<quint16>(store.texts().vaults.intern(names[random() % 3]));
            row.party = static_cast<quint16>(store.texts().parties.intern(names[random() % 3] + u" desk"_s));
            row.amount = static_cast<qint64>(random() % 50);
            row.amountScale = static_cast<qint8>(random() % 3);
            row.nonce = static_cast<qint64>(random() % 20);
            store.append(row, id.toUtf8());
            ++batch.added;
        }
        return batch;
    }

    IntentBatch change(int count)
    {
        IntentBatch batch;
        batch.firstAdded = store.size();
        QSet<quint32> done;
        for (int i = 0; i < count && store.size() > 0; ++i) {
            const quint32 at = random() % store.size();
            if (done.contains(at))
                continue;
            done.insert(at);
            const IntentRow before = store.row(at);
            IntentRow row = before;
            row.phase = allIntentPhases[random() % intentPhaseCount];
            row.since = random() % 100'000;
            if (random() % 4 == 0)
                row.amount = static_cast<qint64>(random() % 50);
            if (random() % 8 == 0)
                row.created -= 1000;
            row.flags = random() % 3 == 0 ? bit(IntentFlag::Stuck) : 0;
            if (row == before)
                continue;
            store.replace(at, row);
            batch.changed.append({at, before});
        }
        return batch;
    }

    const QStringList names{u"treasury"_s, u"market"_s, u"settlement"_s};
};

/// What the model must show: everything that matches, sorted by brute force.
QVector<quint32> expectedRows(const World &world, const IntentFilter &filter, int column, Qt::SortOrder order)
{
    const IntentMatcher matcher(filter, world.store, world.clock.now());
    QVector<quint32> rows;
    for (quint32 i = 0; i < world.store.size(); ++i) {
        if (matcher.matches(i))
            rows.append(i);
    }
    const auto key = [&](quint32 i) -> std::tuple<double, QString, quint32> {
        const IntentRow row = world.store.row(i);
        switch (column) {
        case IntentTableModel::CreatedColumn:
            return {static_cast<double>(row.created), {}, i};
        case IntentTableModel::AmountColumn:
            return {CompactAmount{row.amount, row.amountScale}.toDouble(), {}, i};
        case IntentTableModel::StateColumn:
            return {static_cast<double>(indexOf(row.phase)), {}, i};
        case IntentTableModel::VaultColumn:
            return {0, world.store.texts().vaults.text(row.vault), i};
        case IntentTableModel::SinceColumn:
            return {static_cast<double>(row.phaseSince().micros()), {}, i};
        case IntentTableModel::IdColumn:
            return {0, world.store.id(i), i};
        default:
            return {0, {}, i};
        }
    };
    std::ranges::sort(rows, {}, key);
    if (order == Qt::DescendingOrder)
        std::ranges::reverse(rows);
    return rows;
}

QVector<quint32> shownRows(const IntentTableModel &model)
{
    QVector<quint32> rows;
    for (int i = 0; i < model.rowCount(); ++i)
        rows.append(model.storeRow(i));
    return rows;
}

} // namespace

class TestIntentTableModel final : public QObject
{
    Q_OBJECT

private slots:
    void liveSortingAndFilteringAreWhatASortFromScratchWouldGive_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<int>("column");
        QTest::addColumn<Qt::SortOrder>("order");
        const QList<std::pair<const char *, int>> columns{{"created", IntentTableModel::CreatedColumn}, {"amount", IntentTableModel::AmountColumn},
                                                          {"state", IntentTableModel::StateColumn},     {"vault", IntentTableModel::VaultColumn},
                                                          {"since", IntentTableModel::SinceColumn},     {"id", IntentTableModel::IdColumn}};
        for (const auto &[name, column] : columns) {
            for (const auto &[which, filter] : {std::pair("all", QString()), std::pair("some", u"-state:acknowledged amount:>5"_s)}) {
                QTest::addRow("%s %s ascending", name, which) << filter << column << Qt::AscendingOrder;
                QTest::addRow("%s %s descending", name, which) << filter << column << Qt::DescendingOrder;
            }
        }
    }
    void liveSortingAndFilteringAreWhatASortFromScratchWouldGive()
    {
        QFETCH(QString, filter);
        QFETCH(int, column);
        QFETCH(Qt::SortOrder, order);
        World world;
        IntentTableModel model(world.store, world.clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFilter(*IntentFilter::parse(filter));
        model.sort(column, order);
        QCOMPARE(model.sortOrder(), order);
        for (int round = 0; round < 14; ++round) {
            IntentBatch batch = world.change(static_cast<int>(world.random() % 25));
            batch.append(world.add(static_cast<int>(world.random() % 22)));
            model.applyBatch(batch);
            QCOMPARE(shownRows(model), expectedRows(world, model.filter(), column, order));
        }
        QVERIFY(model.rowCount() > 30);
    }

    void whatViewsHoldOnToFollowsItsIntent()
    {
        World world;
        IntentTableModel model(world.store, world.clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.applyBatch(world.add(100));
        model.sort(IntentTableModel::AmountColumn, Qt::AscendingOrder);
        QHash<quint32, QPersistentModelIndex> held;
        for (int i = 0; i < 100; i += 7)
            held.insert(model.storeRow(i), QPersistentModelIndex(model.index(i, i % IntentTableModel::ColumnCount)));
        for (int round = 0; round < 12; ++round) {
            IntentBatch batch = world.change(30);
            batch.append(world.add(20));
            model.applyBatch(batch);
            if (round == 6)
                model.sort(IntentTableModel::IdColumn, Qt::DescendingOrder);
        }
        for (auto it = held.cbegin(); it != held.cend(); ++it) {
            QVERIFY(it->isValid());
            QCOMPARE(model.storeRow(it->row()), it.key());
            QCOMPARE(model.rowOf(it.key()), it->row());
        }
    }

    void rowsThatAreHiddenLeaveTheirHoldersInvalid()
    {
        World world;
        IntentTableModel model(world.store, world.clock);
        model.setFilter(*IntentFilter::parse(u"state:open"_s));
        model.applyBatch(world.add(50));
        QVERIFY(model.rowCount() > 1);
        const quint32 first = model.storeRow(0);
        const QPersistentModelIndex holder(model.index(0, 0));
        const IntentRow before = world.store.row(first);
        IntentRow row = before;
        row.phase = IntentPhase::Acknowledged;
        world.store.replace(first, row);
        model.applyBatch({world.store.size(), 0, {{first, before}}});
        QVERIFY(!holder.isValid());
        QCOMPARE(model.rowOf(first), -1);
    }

    void whileHeldNothingMovesAndNewOnesAreCounted()
    {
        World world;
        IntentTableModel model(world.store, world.clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFilter(*IntentFilter::parse(u"-state:acknowledged"_s));
        model.sort(IntentTableModel::AmountColumn, Qt::AscendingOrder);
        model.applyBatch(world.add(100));
        const QVector<quint32> before = shownRows(model);
        model.setHeld(true);
        const QSignalSpy pending(&model, &IntentTableModel::pendingCountChanged);
        const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        for (int round = 0; round < 15; ++round) {
            IntentBatch batch = world.change(20);
            batch.append(world.add(4));
            model.applyBatch(batch);
            QCOMPARE(shownRows(model), before);
        }
        QVERIFY(model.pendingCount() > 0);
        QVERIFY(!pending.isEmpty());
        QCOMPARE(pending.last().first().toInt(), model.pendingCount());
        QVERIFY(!changes.isEmpty()); // what is in sight still changes its texts
        model.setHeld(false);
        QCOMPARE(model.pendingCount(), 0);
        QCOMPARE(shownRows(model), expectedRows(world, model.filter(), IntentTableModel::AmountColumn, Qt::AscendingOrder));
    }

    void sortingWhileHeldLosesNothing()
    {
        World world;
        IntentTableModel model(world.store, world.clock);
        model.setFilter(*IntentFilter::parse(u"-state:acknowledged"_s));
        model.applyBatch(world.add(100));
        model.setHeld(true);
        model.applyBatch(world.change(60));
        model.sort(IntentTableModel::AmountColumn, Qt::AscendingOrder);
        IntentBatch batch = world.change(60);
        batch.append(world.add(10));
        model.applyBatch(batch);
        model.setHeld(false);
        QCOMPARE(shownRows(model), expectedRows(world, model.filter(), IntentTableModel::AmountColumn, Qt::AscendingOrder));
    }

    void manyScatteredChangesAreOneNewLayout()
    {
        World world;
        IntentTableModel model(world.store, world.clock);
        model.setFilter(*IntentFilter::parse(u"-state:acknowledged"_s));
        model.sort(IntentTableModel::AmountColumn, Qt::AscendingOrder);
        model.applyBatch(world.add(400));
        const QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
        const QSignalSpy removals(&model, &QAbstractItemModel::rowsRemoved);
        IntentBatch batch = world.change(300);
        batch.append(world.add(200));
        model.applyBatch(batch);
        QCOMPARE(inserts.size(), 1);
        QCOMPARE(removals.size(), 1);
        QCOMPARE(shownRows(model), expectedRows(world, model.filter(), IntentTableModel::AmountColumn, Qt::AscendingOrder));
    }

    void aFilterOnAgeFollowsTheClock()
    {
        World world;
        IntentTableModel model(world.store, world.clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFilter(*IntentFilter::parse(u"age:>10m state:open"_s));
        model.applyBatch(world.add(60));
        QCOMPARE(model.rowCount(), 0);
        for (int minute = 0; minute < 20; ++minute) {
            world.clock.advance(1min);
            model.tick();
            QCOMPARE(shownRows(model), expectedRows(world, model.filter(), IntentTableModel::CreatedColumn, Qt::DescendingOrder));
        }
        QCOMPARE(model.rowCount(), static_cast<int>(world.store.openCount()));
        model.setFilter(*IntentFilter::parse(u"age:<25m state:open"_s));
        for (int minute = 0; minute < 20; ++minute) {
            world.clock.advance(1min);
            model.tick();
        }
        QCOMPARE(model.rowCount(), 0);
    }

    void newestFirstIsAppendedWithoutANewLayout()
    {
        World world;
        IntentTableModel model(world.store, world.clock);
        model.applyBatch(world.add(50));
        const QSignalSpy layouts(&model, &QAbstractItemModel::layoutChanged);
        const QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
        world.clock.advance(1h); // everything that comes now is newer
        model.applyBatch(world.add(20));
        QCOMPARE(layouts.size(), 0);
        QCOMPARE(inserts.size(), 1);
        QCOMPARE(inserts.first().at(1).toInt(), 0);
        QCOMPARE(inserts.first().at(2).toInt(), 19);
    }

    void cellsSayWhatTheStoreSays()
    {
        World world;
        IntentTableModel model(world.store, world.clock);
        model.applyBatch(world.add(1));
        const IntentRow row = world.store.row(0);
        const auto text = [&](int column) { return model.index(0, column).data().toString(); };
        QCOMPARE(text(IntentTableModel::IdColumn), world.store.id(0));
        QCOMPARE(text(IntentTableModel::VaultColumn), world.store.texts().vaults.text(row.vault));
        QCOMPARE(text(IntentTableModel::CreatedColumn), row.createdAt().toIsoString());
        QCOMPARE(model.index(0, IntentTableModel::CreatedColumn).data(IntentTableModel::ValueRole).value<Timestamp>(), row.createdAt());
        QCOMPARE(model.index(0, 0).data(IntentTableModel::StoreRowRole).toUInt(), 0U);
        QCOMPARE(model.index(0, 0).data(IntentTableModel::PhaseRole).toInt(), static_cast<int>(row.phase));
        for (int column = 0; column < IntentTableModel::ColumnCount; ++column)
            QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
        QVERIFY(!model.data(QModelIndex()).isValid());
    }
};

QTEST_GUILESS_MAIN(TestIntentTableModel)
#include "tst_intenttablemodel.moc"
