#include "backend/types/strings.h"
#include "models/intents/intentfilter.h"
#include "models/intents/intentmatcher.h"

#include <QTest>

#include <cstring>

using namespace countersign;

namespace {

const Timestamp now = Timestamp::fromSeconds(1'700'000'000);

void addIntent(IntentStore &store, const QString &id, IntentPhase phase, const QString &vault, const QString &party, int ageSeconds, const QString &amount,
               quint8 flags = 0, int phaseAfterSeconds = 0)
{
    IntentRow row;
    const Hash32 hash = intentHashOf(id);
    std::memcpy(row.key.data(), hash.view().data(), row.key.size());
    row.phase = phase;
    row.flags = flags;
    row.vault = static_cast<quint16>(store.texts().vaults.intern(vault));
    row.chain = static_cast<quint16>(store.texts().chains.intern(u"ethereum"_s));
    row.party = static_cast<quint16>(store.texts().parties.intern(party));
    row.asset = static_cast<quint16>(store.texts().assets.intern(u"USDC"_s));
    row.reason = store.texts().reasons.intern(phase == IntentPhase::Failed ? u"LimitExceeded(5, 1)"_s : QString());
    const auto parsed = CompactAmount::parse(amount);
    row.amount = parsed->units;
    row.amountScale = parsed->scale;
    row.nonce = store.size();
    row.created = (now - std::chrono::seconds(ageSeconds)).micros();
    row.since = static_cast<quint32>(phaseAfterSeconds) * 1000;
    store.append(row, id.toUtf8());
}

} // namespace

class TestIntentFilter final : public QObject
{
    Q_OBJECT

private:
    IntentStore m_store;

    QStringList found(const QString &line) const
    {
        const auto filter = IntentFilter::parse(line);
        if (!filter)
            return {u"error: "_s + filter.error().message};
        const IntentMatcher matcher(*filter, m_store, now);
        std::vector<quint32> rows;
        matcher.scan(0, m_store.size(), rows);
        QStringList ids;
        for (const quint32 row : rows)
            ids.append(m_store.id(row));
        // One by one must say the same as by column.
        QStringList single;
        for (quint32 row = 0; row < m_store.size(); ++row) {
            if (matcher.matches(row))
                single.append(m_store.id(row));
        }
        return ids == single ? ids : QStringList{u"scan and matches differ"_s};
    }

private slots:
    void initTestCase()
    {
        addIntent(m_store, u"alpha-1"_s, IntentPhase::Queued, u"treasury"_s, u"Treasury desk"_s, 700, u"10"_s, bit(IntentFlag::Stuck));
        addIntent(m_store, u"beta-2"_s, IntentPhase::Queued, u"market"_s, u"Market making"_s, 30, u"250.5"_s);
        addIntent(m_store, u"GAMMA-3"_s, IntentPhase::Failed, u"treasury"_s, u"Treasury desk"_s, 5000, u"1000000"_s, 0, 100);
        addIntent(m_store, u"delta-4"_s, IntentPhase::Acknowledged, u"settlement"_s, u"Settlement"_s, 5000, u"3"_s, 0, 900);
    }

    void aLineSelects_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QStringList>("ids");
        const QString a = u"alpha-1"_s;
        const QString b = u"beta-2"_s;
        const QString c = u"GAMMA-3"_s;
        const QString d = u"delta-4"_s;
        QTest::newRow("nothing") << QString() << QStringList{a, b, c, d};
        QTest::newRow("blanks") << u"   "_s << QStringList{a, b, c, d};
        QTest::newRow("vault") << u"vault:treasury"_s << QStringList{a, c};
        QTest::newRow("part of a name, any case") << u"vault:TREAS"_s << QStringList{a, c};
        QTest::newRow("either") << u"vault:treasury,market"_s << QStringList{a, b, c};
        QTest::newRow("both") << u"vault:treasury state:queued"_s << QStringList{a};
        QTest::newRow("not") << u"-vault:treasury"_s << QStringList{b, d};
        QTest::newRow("quoted") << u"party:\"Market making\""_s << QStringList{b};
        QTest::newRow("state and flag") << u"state:stuck,failed"_s << QStringList{a, c};
        QTest::newRow("open") << u"state:open"_s << QStringList{a, b};
        QTest::newRow("settled") << u"state:settled"_s << QStringList{c, d};
        QTest::newRow("not open") << u"-state:open"_s << QStringList{c, d};
        QTest::newRow("age of open ones counts to now") << u"age:>10m state:open"_s << QStringList{a};
        QTest::newRow("age of settled ones ends with them") << u"age:>10m"_s << QStringList{a, d};
        QTest::newRow("age below") << u"age:<=1m"_s << QStringList{b};
        QTest::newRow("age alone is at least") << u"age:11m"_s << QStringList{a, d};
        QTest::newRow("amount") << u"amount:>=250.5"_s << QStringList{b, c};
        QTest::newRow("nonce") << u"nonce:3"_s << QStringList{d};
        QTest::newRow("id, any case") << u"id:gamma"_s << QStringList{c};
        QTest::newRow("free text in ids") << u"eta-"_s << QStringList{b};
        QTest::newRow("free text in reasons") << u"limitexceeded"_s << QStringList{c};
        QTest::newRow("free text in names") << u"settlement"_s << QStringList{d};
        QTest::newRow("not free text") << u"-treasury"_s << QStringList{b, d};
        QTest::newRow("reason") << u"reason:limit"_s << QStringList{c};
        QTest::newRow("chain and asset") << u"chain:eth asset:usdc"_s << QStringList{a, b, c, d};
        QTest::newRow("a hyphen inside a word negates nothing") << u"alpha-1"_s << QStringList{a};
        QTest::newRow("unknown name") << u"vault:nowhere"_s << QStringList{};
    }
    void aLineSelects()
    {
        QFETCH(QString, line);
        QFETCH(QStringList, ids);
        QCOMPARE(found(line), ids);
    }

    void anErrorSaysWhereAndWhatToWrite_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("position");
        QTest::addColumn<int>("length");
        QTest::addColumn<QString>("hint");
        QTest::newRow("key") << u"state:open valut:x"_s << 11 << 5 << u"did you mean “vault:”?"_s;
        QTest::newRow("negated key") << u"-valut:x"_s << 1 << 5 << u"did you mean “vault:”?"_s;
        QTest::newRow("far key") << u"zzzzzz:x"_s << 0 << 6 << u"keys: "_s;
        QTest::newRow("state") << u"state:open,stcuk"_s << 11 << 5 << u"did you mean “stuck”?"_s;
        QTest::newRow("no value") << u"vault:"_s << 0 << 6 << u"write a value"_s;
        QTest::newRow("open quote") << u"party:\"Treas"_s << 6 << 6 << u"write \""_s;
        QTest::newRow("time") << u"age:>10"_s << 4 << 3 << u"units are"_s;
        QTest::newRow("number") << u"nonce:x"_s << 6 << 1 << u"nonce:42"_s;
        QTest::newRow("empty between commas") << u"vault:a,,b"_s << 6 << 4 << u"comma"_s;
        QTest::newRow("long") << QString(2000, u'a') << 1000 << 1000 << QString();
    }
    void anErrorSaysWhereAndWhatToWrite()
    {
        QFETCH(QString, line);
        QFETCH(int, position);
        QFETCH(int, length);
        QFETCH(QString, hint);
        const auto filter = IntentFilter::parse(line);
        QVERIFY(!filter.has_value());
        QCOMPARE(filter.error().position, qsizetype(position));
        QCOMPARE(filter.error().length, qsizetype(length));
        QVERIFY(!filter.error().message.isEmpty());
        QVERIFY2(filter.error().hint.contains(hint), qPrintable(filter.error().hint));
    }

    void onlyAgeDependsOnTime()
    {
        QVERIFY(IntentFilter::parse(u"vault:x age:>1m"_s)->dependsOnTime());
        QVERIFY(!IntentFilter::parse(u"vault:x"_s)->dependsOnTime());
    }

    void completionKnowsKeysAndValues()
    {
        const auto texts = [this](const QString &line) {
            QStringList all;
            for (const auto &completion : IntentFilter::complete(line, line.size(), m_store))
                all.append(completion.text);
            return all;
        };
        QVERIFY(texts(QString()).contains(u"vault:"_s));
        QCOMPARE(texts(u"vau"_s), QStringList{u"vault:"_s});
        QCOMPARE(texts(u"state:open vault:tr"_s), QStringList{u"treasury"_s});
        QCOMPARE(texts(u"party:Mar"_s), QStringList{u"\"Market making\""_s});
        QCOMPARE(texts(u"party:\"Market m"_s), QStringList{u"\"Market making\""_s});
        QCOMPARE(texts(u"state:stuck,fai"_s), QStringList{u"failed"_s});
        QVERIFY(texts(u"state:stu"_s).contains(u"stuck"_s));
        const auto one = IntentFilter::complete(u"state:stuck,fai vault:x"_s, 15, m_store);
        QCOMPARE(one.size(), 1);
        QCOMPARE(one[0].position, 12);
        QCOMPARE(one[0].length, 3);
        QCOMPARE(one[0].label, u"1"_s); // one failed
        QVERIFY(IntentFilter::complete(u"nokey:x"_s, 7, m_store).isEmpty());
    }

    void aPartOfTheStoreIsScanned()
    {
        const IntentMatcher matcher(*IntentFilter::parse(u"vault:treasury"_s), m_store, now);
        std::vector<quint32> rows;
        matcher.scan(1, 4, rows);
        QCOMPARE(rows, std::vector<quint32>{2});
        matcher.scan(4, 4, rows);
        QCOMPARE(rows.size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestIntentFilter)
#include "tst_intentfilter.moc"
