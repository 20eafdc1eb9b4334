#include "backend/types/strings.h"
#include "models/sources/sourcelistmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

SourceStatus status(SourceKind kind, const QString &id, SourceState state)
{
    SourceStatus s;
    s.kind = kind;
    s.id = id;
    s.state = state;
    return s;
}

} // namespace

class TestSourceListModel final : public QObject
{
    Q_OBJECT

private slots:
    void sourcesStandByKindAndName()
    {
        ManualClock clock;
        SourceListModel model(clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.apply(status(SourceKind::Chain, u"ethereum"_s, SourceState::Live));
        model.apply(status(SourceKind::Relayer, u"relayer-2"_s, SourceState::Live));
        model.apply(status(SourceKind::Relayer, u"relayer-1"_s, SourceState::Live));
        model.apply(status(SourceKind::Participant, u"vault-operator"_s, SourceState::Live));
        QStringList ids;
        for (int i = 0; i < model.rowCount(); ++i)
            ids.append(model.index(i).data().toString());
        QCOMPARE(ids, (QStringList{u"vault-operator"_s, u"relayer-1"_s, u"relayer-2"_s, u"ethereum"_s}));
        model.remove(SourceKind::Relayer, u"relayer-1"_s);
        QCOMPARE(model.rowCount(), 3);
        model.remove(SourceKind::Relayer, u"none"_s);
        QCOMPARE(model.rowCount(), 3);
    }

    void aStatusReplacesTheEarlierOneAndRepetitionsAreSilent()
    {
        ManualClock clock;
        SourceListModel model(clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.apply(status(SourceKind::Chain, u"ethereum"_s, SourceState::Live));
        const QSignalSpy changed(&model, &SourceListModel::changed);
        const QSignalSpy data(&model, &QAbstractItemModel::dataChanged);
        SourceStatus down = status(SourceKind::Chain, u"ethereum"_s, SourceState::Down);
        down.lastError = u"connection refused"_s;
        down.nextAttempt = clock.now() + 5s;
        model.apply(down);
        model.apply(down);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(data.size(), 1);
        const QModelIndex lamp = model.index(0);
        QCOMPARE(lamp.data(SourceListModel::ToneRole).toInt(), static_cast<int>(Tone::Bad));
        QCOMPARE(lamp.data(SourceListModel::ErrorRole).toString(), u"connection refused"_s);
        QCOMPARE(lamp.data(SourceListModel::NextAttemptRole).toLongLong(), 5'000'000);
        QVERIFY(lamp.data(Qt::ToolTipRole).toString().contains(u"connection refused"_s));
        QVERIFY(!lamp.data(SourceListModel::AgeRole).isValid());
    }

    void agesMoveWithTheClock()
    {
        ManualClock clock;
        SourceListModel model(clock);
        SourceStatus live = status(SourceKind::Chain, u"ethereum"_s, SourceState::Live);
        live.lastData = clock.now();
        model.apply(live);
        clock.advance(3s);
        const QSignalSpy data(&model, &QAbstractItemModel::dataChanged);
        model.tick();
        QCOMPARE(data.size(), 1);
        QCOMPARE(model.index(0).data(SourceListModel::AgeRole).toLongLong(), 3'000'000);
        clock.advance(-10s); // a clock that is set back makes no negative age
        QCOMPARE(model.index(0).data(SourceListModel::AgeRole).toLongLong(), 0);
    }

    void theWorstLampStandsForAll()
    {
        ManualClock clock;
        SourceListModel model(clock);
        QCOMPARE(model.worst(), Tone::Neutral);
        model.apply(status(SourceKind::Chain, u"a"_s, SourceState::Live));
        QCOMPARE(model.worst(), Tone::Good);
        model.apply(status(SourceKind::Chain, u"b"_s, SourceState::Connecting));
        QCOMPARE(model.worst(), Tone::Neutral);
        model.apply(status(SourceKind::Chain, u"c"_s, SourceState::Stale));
        QCOMPARE(model.worst(), Tone::Warn);
        model.apply(status(SourceKind::Chain, u"d"_s, SourceState::Down));
        QCOMPARE(model.worst(), Tone::Bad);
    }
};

QTEST_GUILESS_MAIN(TestSourceListModel)
#include "tst_sourcelistmodel.moc"
