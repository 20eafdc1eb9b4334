#include "backend/types/keccak.h"
#include "models/approvals/exchangenoticesmodel.h"
#include "tests/models/approvals/fakeexchange.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace countersign;

namespace {

ExchangeAlarm alarmOf(ExchangeAlarmKind kind, const QString &text)
{
    ExchangeAlarm alarm;
    alarm.kind = kind;
    alarm.from = 3;
    alarm.to = 3;
    alarm.text = text;
    return alarm;
}

ExchangeConflict rivals()
{
    return {ExchangeConflictKind::RivalNonce, {keccak256("one"), keccak256("two")}, {}, {},
        u"Two proposals want nonce 7."_s};
}

QStringList texts(const ExchangeNoticesModel &model)
{
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row)
        all.append(model.index(row).data().toString());
    return all;
}

} // namespace

class TestExchangeNoticesModel final : public QObject {
    Q_OBJECT

private slots:
    void anAlarmStandsFirstUntilItIsAccepted()
    {
        FakeExchange exchange;
        ExchangeNoticesModel model(exchange);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QSignalSpy counts(&model, &ExchangeNoticesModel::countsChanged);
        QCOMPARE(model.rowCount(), 0);
        exchange.held.conflicts = {rivals()};
        emit exchange.changed();
        QCOMPARE(model.alarmCount(), 0);
        QCOMPARE(model.index(0).data(ExchangeNoticesModel::ToneRole).value<Tone>(), Tone::Warn);
        QVERIFY(!model.alarm(0));
        QCOMPARE(model.index(0).data(ExchangeNoticesModel::ProposalRole).value<Hash32>().toString(),
            keccak256("one").toString());

        exchange.held.alarms = {alarmOf(ExchangeAlarmKind::Rollback, u"alice's log ends early."_s)};
        emit exchange.alarmed(exchange.held.alarms.first());
        QCOMPARE(texts(model), QStringList({u"alice's log ends early."_s, u"Two proposals want nonce 7."_s}));
        QCOMPARE(model.alarmCount(), 1);
        QVERIFY(model.index(0).data(ExchangeNoticesModel::AlarmRole).toBool());
        QVERIFY(model.alarm(0));
        QCOMPARE(model.alarm(0)->kind, ExchangeAlarmKind::Rollback);
        QVERIFY(model.index(0).data(ExchangeNoticesModel::DetailRole).toString().contains(u"old copy"_s));

        exchange.held.alarms.first().isAccepted = true;
        emit exchange.changed();
        QCOMPARE(model.alarmCount(), 0);
        QVERIFY(!model.index(0).data(ExchangeNoticesModel::AlarmRole).toBool());
        QCOMPARE(texts(model).size(), 2);
        QCOMPARE(texts(model).first(), u"Two proposals want nonce 7."_s);
        QCOMPARE(counts.size(), 3);
        emit exchange.changed();
        QCOMPARE(counts.size(), 3);
    }
    void whatCannotBeReadIsSaidWithEverythingThatWasThere()
    {
        FakeExchange exchange;
        exchange.held.conflicts = {rivals()};
        exchange.state.warnings = {u"What was seen is not remembered."_s};
        ExchangeNoticesModel model(exchange);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.index(1).data(ExchangeNoticesModel::ToneRole).value<Tone>(), Tone::Neutral);
        exchange.state.error = Error{ErrorKind::Unavailable, u"The folder is gone."_s, u"ENOENT"_s};
        emit exchange.failed(*exchange.state.error);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0).data().toString(), u"The exchange cannot be read: The folder is gone."_s);
        QVERIFY2(!model.index(0).data(ExchangeNoticesModel::AlarmRole).toBool(), "nobody can accept this away");
        QVERIFY(!model.alarm(0));
        exchange.state.error.reset();
        emit exchange.changed();
        QCOMPARE(model.rowCount(), 2);
    }
    void rejectedFilesDoNotBuryTheRest()
    {
        FakeExchange exchange;
        exchange.held.alarms = {alarmOf(ExchangeAlarmKind::Gap, u"Entry 3 is missing."_s)};
        for (int i = 0; i < 25; ++i)
            exchange.held.rejected.append({u"file%1"_s.arg(i), u"it is no JSON"_s, i % 2 == 0});
        ExchangeNoticesModel model(exchange);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 22);
        QCOMPARE(model.index(0).data().toString(), u"Entry 3 is missing."_s);
        QVERIFY2(model.index(1).data().toString().contains(u"file5 "_s), "the newest are shown");
        QVERIFY(model.index(20).data().toString().contains(u"file24 "_s));
        QVERIFY(model.index(20).data(ExchangeNoticesModel::DetailRole).toString().contains(u"quarantine"_s));
        QVERIFY(model.index(19).data(ExchangeNoticesModel::DetailRole).toString().isEmpty());
        QVERIFY(model.index(21).data().toString().endsWith(u" 5"_s));
    }
    void theSelectedNoticeStaysSelectedWhenOthersCome()
    {
        FakeExchange exchange;
        exchange.held.conflicts = {rivals()};
        ExchangeNoticesModel model(exchange);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QPersistentModelIndex selected = model.index(0);
        exchange.held.rejected = {{u"x"_s, u"it is no JSON"_s}};
        emit exchange.fileRejected(exchange.held.rejected.first());
        exchange.held.alarms = {alarmOf(ExchangeAlarmKind::Fork, u"bob used two consoles."_s)};
        emit exchange.alarmed(exchange.held.alarms.first());
        QVERIFY(selected.isValid());
        QCOMPARE(selected.row(), 1);
        QCOMPARE(selected.data().toString(), u"Two proposals want nonce 7."_s);
        QCOMPARE(model.rowCount(), 3);
        // At both ends in one reading.
        exchange.held.alarms.append(alarmOf(ExchangeAlarmKind::Gap, u"Entry 3 is missing."_s));
        exchange.held.rejected.append({u"y"_s, u"it is no JSON"_s});
        emit exchange.changed();
        QCOMPARE(model.rowCount(), 5);
        QCOMPARE(selected.row(), 2);
        exchange.held.alarms.clear();
        emit exchange.changed();
        QCOMPARE(selected.row(), 0);
    }
    void everyKindSaysWhatItMeans()
    {
        QSet<QString> meanings;
        for (int kind = 0; kind <= static_cast<int>(ExchangeAlarmKind::MemoryLost); ++kind)
            meanings.insert(ExchangeNoticesModel::meaning(static_cast<ExchangeAlarmKind>(kind)));
        QCOMPARE(meanings.size(), 5);
        for (int kind = 0; kind <= static_cast<int>(ExchangeConflictKind::MissingAttachment); ++kind)
            QVERIFY(ExchangeNoticesModel::meaning(static_cast<ExchangeConflictKind>(kind)).endsWith(u'.'));
    }
};

QTEST_GUILESS_MAIN(TestExchangeNoticesModel)
#include "tst_exchangenoticesmodel.moc"
