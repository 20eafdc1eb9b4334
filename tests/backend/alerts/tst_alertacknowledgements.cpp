#include "backend/alerts/alertacknowledgements.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

class TestAlertAcknowledgements final : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;
    ManualClock m_clock;

    QString path(const QString &name) const { return m_dir.filePath(name); }
    AlertAcknowledgement mine(const QString &fingerprint = u"f1"_s) const
    {
        return {.fingerprint = fingerprint, .alert = u"Down"_s, .owner = u"alice"_s, .note = u"on it\n\"now\""_s, .at = {}, .until = m_clock.now() + 1h, .remindAt = m_clock.now() + 30min, .silences = {u"s1"_s}};
    }
    Alert firing(Timestamp since, const QString &fingerprint = u"f1"_s) const
    {
        Alert alert;
        alert.fingerprint = fingerprint;
        alert.startsAt = since;
        return alert;
    }

private slots:
    void whatIsSetIsThereAfterANewStart()
    {
        AlertAcknowledgements first(path(u"a/one.jsonl"_s), m_clock);
        QVERIFY(first.open().has_value());
        QVERIFY(first.set(mine()).has_value());
        QVERIFY(first.set(mine(u"f2"_s)).has_value());
        QVERIFY(first.remove(u"f2"_s).has_value());
        AlertAcknowledgements second(path(u"a/one.jsonl"_s), m_clock);
        QVERIFY(second.open().has_value());
        QCOMPARE(second.all(), first.all());
        QCOMPARE(second.all().size(), 1);
        QCOMPARE(second.all().value(u"f1"_s).silences, QStringList{u"s1"_s});
        QCOMPARE(QFile(path(u"a/one.jsonl"_s)).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    }

    void itStandsForThisFiringUntilItsEnd()
    {
        AlertAcknowledgements store(path(u"two.jsonl"_s), m_clock);
        QVERIFY(store.open().has_value());
        QVERIFY(store.set(mine()).has_value());
        const Timestamp now = m_clock.now();
        QVERIFY(store.of(firing(now - 5min)).has_value());
        QVERIFY(!store.of(firing(now - 5min, u"other"_s)));
        QVERIFY(!store.of(firing(now + 1s))); // it ended and fires anew
        m_clock.advance(59min);
        QVERIFY(store.of(firing(now - 5min)).has_value());
        m_clock.advance(1min);
        QVERIFY(!store.of(firing(now - 5min)));
    }

    void whatMakesNoSenseIsRefused()
    {
        AlertAcknowledgements store(path(u"three.jsonl"_s), m_clock);
        QCOMPARE(store.set(mine()).error().kind, ErrorKind::Unavailable); // not opened
        QVERIFY(store.open().has_value());
        AlertAcknowledgement bad = mine();
        bad.owner = u" "_s;
        QCOMPARE(store.set(bad).error().kind, ErrorKind::Invalid);
        bad = mine();
        bad.until = m_clock.now();
        QCOMPARE(store.set(bad).error().kind, ErrorKind::Invalid);
        QVERIFY(!QFile::exists(path(u"three.jsonl"_s)));
    }

    void aLineThatWasCutOffIsDroppedAndAnotherDamageIsNot()
    {
        const QString name = path(u"four.jsonl"_s);
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        AlertAcknowledgement good = mine();
        good.at = m_clock.now();
        file.write(acknowledgementLine(good) + acknowledgementLine(good).left(40));
        file.close();
        AlertAcknowledgements store(name, m_clock);
        QVERIFY(store.open().has_value());
        QCOMPARE(store.all().size(), 1);
        QVERIFY(store.set(mine(u"f2"_s)).has_value());
        AlertAcknowledgements again(name, m_clock);
        QVERIFY(again.open().has_value());
        QCOMPARE(again.all().size(), 2);

        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"fingerprint\":1}\n" + acknowledgementLine(good));
        file.close();
        AlertAcknowledgements damaged(name, m_clock);
        QCOMPARE(damaged.open().error().kind, ErrorKind::Corrupt);
        QCOMPARE(damaged.set(mine()).error().kind, ErrorKind::Unavailable);
    }

    void whatIsLongOverIsForgotten()
    {
        AlertAcknowledgements store(path(u"five.jsonl"_s), m_clock);
        QVERIFY(store.open().has_value() && store.set(mine()).has_value());
        m_clock.advance(std::chrono::hours(24 * 8));
        QVERIFY(store.open().has_value());
        QVERIFY(store.all().isEmpty());
        QCOMPARE(QFile(path(u"five.jsonl"_s)).size(), 0);
    }

    void aFolderThatCannotBeWrittenIsSaid()
    {
        AlertAcknowledgements store(u"/proc/none/a.jsonl"_s, m_clock);
        QVERIFY(store.open().has_value());
        QCOMPARE(store.set(mine()).error().kind, ErrorKind::Denied);
        QVERIFY(store.all().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestAlertAcknowledgements)
#include "tst_alertacknowledgements.moc"
