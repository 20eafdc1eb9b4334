#include "backend/intents/intentstore.h"
#include "backend/intents/routestatistics.h"
#include "backend/intents/stuckrule.h"
#include "backend/types/strings.h"

#include <QTest>

#include <algorithm>
#include <cstring>
#include <limits>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

IntentRow rowNamed(const QString &id, IntentPhase phase = IntentPhase::Created)
{
    IntentRow row;
    const Hash32 hash = intentHashOf(id);
    std::memcpy(row.key.data(), hash.view().data(), row.key.size());
    row.phase = phase;
    row.created = 1'700'000'000'000'000;
    return row;
}

} // namespace

class TestIntentStore final : public QObject
{
    Q_OBJECT

private slots:
    void rowsAreFoundByIdAndHashAcrossChunksAndGrowth()
    {
        IntentStore store;
        const quint32 count = IntentColumns::rows * 2 + 123;
        for (quint32 i = 0; i < count; ++i) {
            const QString id = u"intent-%1"_s.arg(i);
            QCOMPARE(store.append(rowNamed(id), id.toUtf8()), i);
        }
        QCOMPARE(store.size(), count);
        for (quint32 i = 0; i < count; i += 97) {
            const QString id = u"intent-%1"_s.arg(i);
            QCOMPARE(store.find(id), std::optional(i));
            QCOMPARE(store.find(intentHashOf(id)), std::optional(i));
            QCOMPARE(store.find(intentHashOf(id).toString()), std::optional(i));
            QCOMPARE(store.id(i), id);
        }
        QVERIFY(!store.find(u"intent-x"_s));
    }

    void aRowIsReadAsItWasWritten()
    {
        IntentStore store;
        IntentRow row = rowNamed(u"a"_s, IntentPhase::Mined);
        row.amount = -5;
        row.amountScale = 3;
        row.nonce = std::numeric_limits<qint64>::max();
        row.deadline = 4'000'000'000U;
        row.since = 77;
        row.evidence = 9;
        row.vault = 1;
        row.chain = 2;
        row.party = 3;
        row.asset = 4;
        row.action = 5;
        row.relayer = 6;
        row.adapter = 7;
        row.reason = 8;
        row.attempts = 10;
        row.flags = 3;
        store.append(row, "a");
        IntentRow read = store.row(0);
        read.id = 0;
        QCOMPARE(read, row);
    }

    void countsAndOpenRowsFollow()
    {
        IntentStore store;
        for (int i = 0; i < 10; ++i)
            store.append(rowNamed(QString::number(i)), QByteArray::number(i));
        QCOMPARE(store.openCount(), 10U);
        for (quint32 i = 0; i < 10; i += 2) {
            IntentRow row = store.row(i);
            row.phase = IntentPhase::Acknowledged;
            row.flags = bit(IntentFlag::Stuck);
            store.replace(i, row);
        }
        QCOMPARE(store.openCount(), 5U);
        QCOMPARE(store.stuckCount(), 5U);
        QCOMPARE(store.count(IntentPhase::Acknowledged), 5U);
        std::vector<quint32> open(store.openRows().begin(), store.openRows().end());
        std::ranges::sort(open);
        QCOMPARE(open, (std::vector<quint32>{1, 3, 5, 7, 9}));
        IntentRow back = store.row(4); // a reorganisation reopens it
        back.phase = IntentPhase::Submitted;
        back.flags = 0;
        back.created -= 1;
        store.replace(4, back);
        QCOMPARE(store.openCount(), 6U);
        QCOMPARE(store.oldestOpen(), std::optional(4U));
    }

    void rowsStayWithinTheirBytes()
    {
        const double bytes = static_cast<double>(sizeof(IntentColumns)) / IntentColumns::rows;
        QVERIFY2(bytes <= 80.0, qPrintable(QString::number(bytes)));
    }

    void longIdsAreCutAtACharacter()
    {
        TextArena arena;
        const QByteArray text = QByteArray(254, 'a') + "é";
        const quint32 at = arena.append(text);
        QCOMPARE(arena.at(at).toByteArray(), QByteArray(254, 'a'));
        QCOMPARE(arena.at(0).size(), 0);
    }

    void aFullPoolIsVagueButNotWrong()
    {
        StringPool pool(4);
        QCOMPARE(pool.intern(QString()), 0U);
        QCOMPARE(pool.intern(u"b"_s), 1U);
        QCOMPARE(pool.intern(u"a"_s), 2U);
        QCOMPARE(pool.intern(u"b"_s), 1U);
        QCOMPARE(pool.ranks()[1], 2U);
        QCOMPARE(pool.ranks()[2], 1U);
        const quint32 over = pool.intern(u"c"_s);
        QCOMPARE(pool.intern(u"d"_s), over);
        QVERIFY(pool.text(over) != u"c"_s);
        QCOMPARE(pool.ranks().size(), qsizetype(pool.size()));
    }

    void amountsAreExactWhereTheyFit_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<bool>("exact");
        QTest::newRow("whole") << u"1250000"_s << u"1250000"_s << true;
        QTest::newRow("fraction") << u"0.0500000000"_s << u"0.05"_s << true;
        QTest::newRow("negative") << u"-1.5"_s << u"-1.5"_s << true;
        QTest::newRow("zero") << u"0.0000000000"_s << u"0"_s << true;
        QTest::newRow("wei") << u"1000000000000000000000"_s << u"1000000000000000000000"_s << true;
        QTest::newRow("too many digits") << u"12345678901234567890123"_s << u"12345678901234567890000"_s.replace(18, 5, u"00000"_s) << false;
    }
    void amountsAreExactWhereTheyFit()
    {
        QFETCH(QString, text);
        QFETCH(QString, shown);
        QFETCH(bool, exact);
        const auto amount = CompactAmount::parse(text);
        QVERIFY(amount.has_value());
        QCOMPARE(amount->exact, exact);
        if (exact)
            QCOMPARE(amount->toString(), shown);
        else
            QCOMPARE(amount->toString().size(), text.size());
    }
    void whatIsNoAmountIsNone()
    {
        for (const QString &text : {u""_s, u"-"_s, u"."_s, u"1e5"_s, u"1,000"_s, u"1.2.3"_s, u" 1"_s})
            QVERIFY2(!CompactAmount::parse(text), qPrintable(text));
    }

    void percentilesAreRightToASixteenth()
    {
        DurationHistogram histogram;
        for (int ms = 1; ms <= 10'000; ++ms)
            histogram.add(std::chrono::milliseconds(ms));
        for (const double q : {0.1, 0.5, 0.95, 0.99}) {
            const double expected = q * 10'000;
            const double found = static_cast<double>(histogram.quantile(q)->count()) / 1000;
            QVERIFY2(std::abs(found - expected) <= expected / 14, qPrintable(QString::number(found)));
        }
        for (int ms = 101; ms <= 10'000; ++ms)
            histogram.remove(std::chrono::milliseconds(ms));
        QCOMPARE(histogram.count(), quint64(100));
        QVERIFY(*histogram.quantile(0.99) < 110ms);
        QVERIFY(!DurationHistogram().quantile(0.5));
        DurationHistogram extreme;
        extreme.add(std::chrono::microseconds::max());
        extreme.add(std::chrono::microseconds(-5));
        QCOMPARE(extreme.count(), quint64(2));
    }

    void stuckMeansLongerThanTheRouteExplains()
    {
        RouteStatistics statistics;
        const auto route = RouteStatistics::route(1, 1);
        StuckRule rule;
        IntentRow row = rowNamed(u"a"_s, IntentPhase::Queued);
        row.vault = 1;
        row.chain = 1;
        const Timestamp start = row.createdAt();
        QVERIFY(!rule.isStuck(statistics, row, start + 2min));
        QVERIFY(rule.isStuck(statistics, row, start + 2min + 1s));
        // A route on which queues of five minutes are usual does not alarm after two.
        for (int i = 0; i < 60; ++i) {
            RouteStatistics::Entries entries{};
            entries[indexOf(IntentPhase::Queued)] = 1'000'000;
            entries[indexOf(IntentPhase::Submitted)] = 1'000'000 + std::chrono::microseconds(5min).count();
            statistics.add(route, entries);
        }
        QVERIFY(!rule.isStuck(statistics, row, start + 10min));
        QVERIFY(rule.isStuck(statistics, row, start + 20min));
        row.phase = IntentPhase::Failed;
        QVERIFY(!rule.isStuck(statistics, row, start + 24h));
    }

    void batchesJoin()
    {
        IntentBatch first{10, 2, {{3, rowNamed(u"x"_s, IntentPhase::Queued)}}};
        IntentBatch second{12, 1, {{3, rowNamed(u"x"_s, IntentPhase::Mined)}, {11, {}}, {4, {}}}};
        first.append(second);
        QCOMPARE(first.firstAdded, 10U);
        QCOMPARE(first.added, 3U);
        QCOMPARE(first.changed.size(), 2); // 3 and 4; 11 is new
        QCOMPARE(first.changed[0].before.phase, IntentPhase::Queued);
        IntentBatch changesOnly{10, 0, {{1, {}}}};
        changesOnly.append(IntentBatch{10, 5, {}});
        QCOMPARE(changesOnly.firstAdded, 10U);
        QCOMPARE(changesOnly.added, 5U);
    }
};

QTEST_GUILESS_MAIN(TestIntentStore)
#include "tst_intentstore.moc"
