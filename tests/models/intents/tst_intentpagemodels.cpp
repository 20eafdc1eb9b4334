#include "backend/intents/intentcorrelator.h"
#include "backend/types/strings.h"
#include "models/intents/intentlanesmodel.h"
#include "models/intents/intenttext.h"
#include "models/intents/intenttimelinemodel.h"

#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

const Timestamp start = Timestamp::fromSeconds(1'700'000'000);

Fact fact(FactKind kind, FactSource source, const QString &id, std::chrono::microseconds after)
{
    Fact f;
    f.kind = kind;
    f.source = source;
    f.intentId = id;
    f.time = start + after;
    f.origin = source == FactSource::Ledger ? u"vault-operator"_s : u"relayer-1"_s;
    f.reference = "ref-" + QByteArray::number(static_cast<int>(kind)) + id.toUtf8();
    f.position = 12;
    f.terms.vault = u"treasury"_s;
    f.terms.chain = u"ethereum"_s;
    f.terms.amount = u"123456789.123456789"_s;
    if (source == FactSource::RelayerLog)
        f.evidence = R"({"message":"transaction_submitted"})";
    return f;
}

} // namespace

class TestIntentPageModels final : public QObject
{
    Q_OBJECT

private slots:
    void lanesCountPhasesAndKnowTheOldest()
    {
        IntentStore store;
        IntentCorrelator correlator(store);
        ManualClock clock(start + 20min);
        IntentLanesModel lanes(store, clock);
        const QAbstractItemModelTester tester(&lanes, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QSignalSpy changes(&lanes, &QAbstractItemModel::dataChanged);
        QCOMPARE(lanes.rowCount(), 10);
        lanes.applyBatch(correlator.apply(QVector<Fact>{fact(FactKind::Authorised, FactSource::Ledger, u"a"_s, 0s),
                                                        fact(FactKind::Authorised, FactSource::Ledger, u"b"_s, 5min),
                                                        fact(FactKind::Submitted, FactSource::RelayerLog, u"c"_s, 19min)}));
        QCOMPARE(changes.size(), 2);
        lanes.applyBatch(correlator.refresh(clock.now()));
        lanes.tick();
        const QModelIndex authorised = lanes.index(static_cast<int>(indexOf(IntentPhase::Authorised)));
        QCOMPARE(authorised.data(IntentLanesModel::CountRole).toUInt(), 2U);
        QCOMPARE(authorised.data(IntentLanesModel::StuckRole).toUInt(), 2U);
        QCOMPARE(authorised.data(IntentLanesModel::OldestAgeRole).toLongLong(), std::chrono::microseconds(20min).count());
        QCOMPARE(authorised.data(IntentLanesModel::ToneRole).toInt(), static_cast<int>(Tone::Warn));
        QCOMPARE(authorised.data(IntentLanesModel::FilterRole).toString(), u"state:authorised"_s);
        const QModelIndex failed = lanes.index(static_cast<int>(indexOf(IntentPhase::Failed)));
        QVERIFY(failed.data(IntentLanesModel::SideExitRole).toBool());
        QVERIFY(!failed.data(IntentLanesModel::OldestAgeRole).isValid());
        QVERIFY(!authorised.data(IntentLanesModel::SideExitRole).toBool());
    }

    void theTimelineShowsHopsWithDurationAgainstTheUsual()
    {
        IntentStore store;
        IntentCorrelator correlator(store);
        ManualClock clock(start + 1h);
        for (int i = 0; i < 40; ++i) { // usual: ten seconds from authorised to submitted
            const QString id = QString::number(i);
            correlator.apply(QVector<Fact>{fact(FactKind::Authorised, FactSource::Ledger, id, 0s), fact(FactKind::Submitted, FactSource::RelayerLog, id, 10s)});
        }
        correlator.apply(QVector<Fact>{fact(FactKind::Authorised, FactSource::Ledger, u"slow"_s, 0s)});
        IntentTimelineModel timeline(store, clock);
        const QAbstractItemModelTester tester(&timeline, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QSignalSpy changed(&timeline, &IntentTimelineModel::changed);
        timeline.setIntent(store.find(u"slow"_s));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(timeline.rowCount(), 1);
        QCOMPARE(timeline.title(), u"slow"_s);
        QVERIFY(!timeline.index(0).data(IntentTimelineModel::DurationRole).isValid());

        const IntentBatch batch = correlator.apply(QVector<Fact>{fact(FactKind::Submitted, FactSource::RelayerLog, u"slow"_s, 50s)});
        const QSignalSpy inserted(&timeline, &QAbstractItemModel::rowsInserted);
        timeline.applyBatch(batch);
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(timeline.rowCount(), 2);
        const QModelIndex hop = timeline.index(1);
        QCOMPARE(hop.data(IntentTimelineModel::DurationRole).toLongLong(), std::chrono::microseconds(50s).count());
        QVERIFY(hop.data(IntentTimelineModel::SlowRole).toBool());
        const double usual = hop.data(IntentTimelineModel::UsualP50Role).toDouble() / 1e6;
        QVERIFY2(std::abs(usual - 10.0) < 1.0, qPrintable(QString::number(usual)));
        QVERIFY(hop.data(IntentTimelineModel::EvidenceRole).toString().contains(u"byte 12 of the log"_s));
        QCOMPARE(hop.data(IntentTimelineModel::SourceRole).toString(), u"log of relayer-1"_s);
        QVERIFY(!timeline.explanation().reason.isEmpty());
    }

    void aHopThatComesLateFindsItsPlace()
    {
        IntentStore store;
        IntentCorrelator correlator(store);
        ManualClock clock(start + 1h);
        correlator.apply(QVector<Fact>{fact(FactKind::Requested, FactSource::Ledger, u"a"_s, 0s), fact(FactKind::Submitted, FactSource::RelayerLog, u"a"_s, 9s)});
        IntentTimelineModel timeline(store, clock);
        const QAbstractItemModelTester tester(&timeline, QAbstractItemModelTester::FailureReportingMode::QtTest);
        timeline.setIntent(0);
        const QPersistentModelIndex first(timeline.index(0));
        timeline.applyBatch(correlator.apply(QVector<Fact>{fact(FactKind::Authorised, FactSource::Ledger, u"a"_s, 3s)}));
        QCOMPARE(timeline.rowCount(), 3);
        QVERIFY(first.isValid());
        QCOMPARE(timeline.index(1).data(IntentTimelineModel::PhaseRole).toInt(), static_cast<int>(IntentPhase::Authorised));
        timeline.setIntent(std::nullopt);
        QCOMPARE(timeline.rowCount(), 0);
        QVERIFY(timeline.title().isEmpty());
        QVERIFY(timeline.toJson().isEmpty());
        timeline.setIntent(99);
        QVERIFY(!timeline.intent());
    }

    void jsonCarriesTermsHopsAndEvidence()
    {
        IntentStore store;
        IntentCorrelator correlator(store);
        ManualClock clock(start + 1h);
        correlator.apply(QVector<Fact>{fact(FactKind::Authorised, FactSource::Ledger, u"a"_s, 0s), fact(FactKind::Submitted, FactSource::RelayerLog, u"a"_s, 9s)});
        IntentTimelineModel timeline(store, clock);
        timeline.setIntent(0);
        const QJsonObject object = QJsonDocument::fromJson(timeline.toJson()).object();
        QCOMPARE(object.value(u"intentId"_s).toString(), u"a"_s);
        QCOMPARE(object.value(u"amount"_s).toString(), u"123456789.123456789"_s); // exact, as text
        QCOMPARE(object.value(u"phase"_s).toString(), u"submitted"_s);
        const QJsonArray hops = object.value(u"hops"_s).toArray();
        QCOMPARE(hops.size(), 2);
        QCOMPARE(hops[1].toObject().value(u"logLine"_s).toObject().value(u"message"_s).toString(), u"transaction_submitted"_s);
        QVERIFY(!object.value(u"next"_s).toString().isEmpty());
    }

    void durationsReadAsPeopleSayThem()
    {
        QCOMPARE(IntentText::duration(850ms), u"850 ms"_s);
        QCOMPARE(IntentText::duration(12'450ms), u"12.4 s"_s);
        QCOMPARE(IntentText::duration(200s), u"3 min 20 s"_s);
        QCOMPARE(IntentText::duration(5h + 7min), u"5 h 07 min"_s);
        QCOMPARE(IntentText::duration(76h), u"3 d 04 h"_s);
        QCOMPARE(IntentText::duration(-5s), u"0 ms"_s);
        QCOMPARE(IntentText::roughDuration(37min + 20s), u"37 min"_s);
    }
};

QTEST_GUILESS_MAIN(TestIntentPageModels)
#include "tst_intentpagemodels.moc"
