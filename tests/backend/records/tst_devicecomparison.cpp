#include "backend/records/devicecomparison.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

/// What a holder types from their device, judged.
class TestDeviceComparison final : public QObject {
    Q_OBJECT

private slots:
    void endsOfAHashAreEnough_data();
    void endsOfAHashAreEnough();
    void theHashesMustNameTheTransaction();
    void aMismatchIsAlwaysOne();
    void noSentenceTellsTheRightDigits();

private:
    const ReviewHashes m_hashes{keccak256("domain"), keccak256("message"), keccak256("safeTx")};
    static TypedHash typed(ComparedHash which, const Hash32 &hash)
    {
        return {which, hash.toString().sliced(2, 4), hash.toString().last(4)};
    }
};

void TestDeviceComparison::endsOfAHashAreEnough_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("last");
    QTest::addColumn<ComparisonVerdict>("verdict");
    const QString hash = m_hashes.safeTx.toString();
    const QString first = hash.sliced(2, 4), last = hash.last(4);
    const auto matches = ComparisonVerdict::Matches;
    const auto wrong = ComparisonVerdict::DoesNotMatch;
    const auto incomplete = ComparisonVerdict::Incomplete;
    QTest::newRow("lower case") << first << last << matches;
    QTest::newRow("upper case, as a Ledger shows it") << first.toUpper() << last.toUpper() << matches;
    QTest::newRow("with 0x") << u"0x"_s + first.toUpper() << last << matches;
    QTest::newRow("with spaces around") << u" %1 "_s.arg(first) << last + u'\t' << matches;
    QTest::newRow("ends swapped") << last << first << wrong;
    QTest::newRow("first wrong") << u"0000"_s << last << wrong;
    QTest::newRow("last wrong") << first << u"0000"_s << wrong;
    QTest::newRow("the domain's instead")
        << m_hashes.domain.toString().sliced(2, 4) << m_hashes.domain.toString().last(4) << wrong;
    QTest::newRow("nothing") << QString() << QString() << incomplete;
    QTest::newRow("half") << first << QString() << incomplete;
    QTest::newRow("three digits") << first.left(3) << last << incomplete;
    QTest::newRow("the letter O") << u"O123"_s << last << incomplete;
    QTest::newRow("digits of another script") << u"\u0661\u0662\u0663\u0664"_s << last << incomplete;
}

void TestDeviceComparison::endsOfAHashAreEnough()
{
    QFETCH(const QString, first);
    QFETCH(const QString, last);
    QFETCH(const ComparisonVerdict, verdict);
    QCOMPARE(judgeComparison(DeviceComparison::of(ComparedHash::SafeTx, first, last), m_hashes), verdict);
}

void TestDeviceComparison::theHashesMustNameTheTransaction()
{
    const TypedHash domain = typed(ComparedHash::Domain, m_hashes.domain);
    const TypedHash message = typed(ComparedHash::Message, m_hashes.message);
    DeviceComparison comparison;
    QCOMPARE(judgeComparison(comparison, m_hashes), ComparisonVerdict::Incomplete);
    comparison.typed = {domain};
    QCOMPARE(judgeComparison(comparison, m_hashes), ComparisonVerdict::Incomplete);
    comparison.typed = {message};
    QCOMPARE(judgeComparison(comparison, m_hashes), ComparisonVerdict::Incomplete);
    comparison.typed = {domain, message};
    QCOMPARE(judgeComparison(comparison, m_hashes), ComparisonVerdict::Matches);
    comparison.typed = {domain, typed(ComparedHash::Message, m_hashes.domain)};
    QCOMPARE(judgeComparison(comparison, m_hashes), ComparisonVerdict::DoesNotMatch);
    // One that is right does not make up for one that is wrong, nor for one that was begun.
    comparison.typed = {typed(ComparedHash::SafeTx, m_hashes.safeTx), {ComparedHash::Message, u"0000"_s, u"0000"_s}};
    QCOMPARE(judgeComparison(comparison, m_hashes), ComparisonVerdict::DoesNotMatch);
    comparison.typed = {typed(ComparedHash::SafeTx, m_hashes.safeTx), {ComparedHash::Message, {}, {}}};
    QCOMPARE(judgeComparison(comparison, m_hashes), ComparisonVerdict::Incomplete);
}

void TestDeviceComparison::aMismatchIsAlwaysOne()
{
    QCOMPARE(judgeComparison(DeviceComparison::mismatch({}), m_hashes), ComparisonVerdict::DoesNotMatch);
    auto comparison = DeviceComparison::of(
        ComparedHash::SafeTx, m_hashes.safeTx.toString().sliced(2, 4), m_hashes.safeTx.toString().last(4));
    comparison.outcome = DeviceComparison::Outcome::Mismatch;
    QCOMPARE(judgeComparison(comparison, m_hashes), ComparisonVerdict::DoesNotMatch);
}

void TestDeviceComparison::noSentenceTellsTheRightDigits()
{
    for (const auto verdict :
        {ComparisonVerdict::Matches, ComparisonVerdict::DoesNotMatch, ComparisonVerdict::Incomplete}) {
        const QString text = comparisonText(verdict);
        QVERIFY(!text.isEmpty());
        for (const Hash32 &hash : {m_hashes.domain, m_hashes.message, m_hashes.safeTx}) {
            QVERIFY(!text.contains(hash.toString().sliced(2, 4), Qt::CaseInsensitive));
            QVERIFY(!text.contains(hash.toString().last(4), Qt::CaseInsensitive));
        }
    }
}

QTEST_GUILESS_MAIN(TestDeviceComparison)
#include "tst_devicecomparison.moc"
