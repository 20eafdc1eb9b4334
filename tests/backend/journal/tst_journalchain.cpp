#include "backend/journal/journalchain.h"
#include "backend/types/strings.h"

#include <QCryptographicHash>
#include <QTest>

using namespace countersign;

class TestJournalChain final : public QObject {
    Q_OBJECT

private slots:
    void rowHashFollowsTheDocumentedEncoding();
    void headerHashFollowsTheDocumentedEncoding();
    void everyFieldChangesTheHash_data();
    void everyFieldChangesTheHash();
    void textCannotMoveFromOneFieldToTheNext();
};

namespace {

Hash32 previousHash()
{
    return Hash32::fromDigest(QByteArray(32, '\x11'));
}

} // namespace

void TestJournalChain::rowHashFollowsTheDocumentedEncoding()
{
    // The encoding is written out by hand here, so that a change of it cannot pass unseen: old journals must stay
    // verifiable.
    const QByteArray encoded = QByteArray::fromHex("43534a5201"
                                                   "0000000000000007"
                                                   "00060a24181e4000")
        + QByteArray(32, '\x11') + QByteArray::fromHex("00000006") + "review" + QByteArray::fromHex("00000005")
        + "alice" + QByteArray::fromHex("00000002") + "0x" + QByteArray::fromHex("00000003") + "\xc3\xa9!"
        + QByteArray::fromHex("00000000");
    const Hash32 expected = Hash32::fromDigest(QCryptographicHash::hash(encoded, QCryptographicHash::Sha256));
    JournalChain chain;
    QCOMPARE(
        chain.rowHash({7, 0x00060a24181e4000, "review", "alice", "0x", "\xc3\xa9!", {}}, previousHash()).toString(),
        expected.toString());
    // A second row by the same object must not depend on the first.
    QCOMPARE(
        chain.rowHash({7, 0x00060a24181e4000, "review", "alice", "0x", "\xc3\xa9!", {}}, previousHash()).toString(),
        expected.toString());
}

void TestJournalChain::headerHashFollowsTheDocumentedEncoding()
{
    const QByteArray encoded = QByteArray::fromHex("43534a4801"
                                                   "0000000000000005")
        + QByteArray(32, '\x11') + QByteArray::fromHex("0000000000000009") + QByteArray::fromHex("00000003") + "old";
    const Hash32 expected = Hash32::fromDigest(QCryptographicHash::hash(encoded, QCryptographicHash::Sha256));
    QCOMPARE(JournalChain().headerHash({5, previousHash(), 9, "old"}).toString(), expected.toString());
}

void TestJournalChain::everyFieldChangesTheHash_data()
{
    QTest::addColumn<qint64>("id");
    QTest::addColumn<qint64>("micros");
    QTest::addColumn<QByteArrayList>("texts");
    QTest::addColumn<QByteArray>("previous");
    const QByteArrayList texts{"k", "a", "s", "t", "e"};
    const QByteArray zero(32, '\0');
    QTest::newRow("id") << 2LL << 1LL << texts << zero;
    QTest::newRow("time") << 1LL << 2LL << texts << zero;
    QTest::newRow("kind") << 1LL << 1LL << QByteArrayList{"K", "a", "s", "t", "e"} << zero;
    QTest::newRow("actor") << 1LL << 1LL << QByteArrayList{"k", "A", "s", "t", "e"} << zero;
    QTest::newRow("subject") << 1LL << 1LL << QByteArrayList{"k", "a", "S", "t", "e"} << zero;
    QTest::newRow("text") << 1LL << 1LL << QByteArrayList{"k", "a", "s", "T", "e"} << zero;
    QTest::newRow("evidence") << 1LL << 1LL << QByteArrayList{"k", "a", "s", "t", "E"} << zero;
    QTest::newRow("previous") << 1LL << 1LL << texts << QByteArray(32, '\1');
}

void TestJournalChain::everyFieldChangesTheHash()
{
    QFETCH(qint64, id);
    QFETCH(qint64, micros);
    QFETCH(QByteArrayList, texts);
    QFETCH(QByteArray, previous);
    JournalChain chain;
    const Hash32 base = chain.rowHash({1, 1, "k", "a", "s", "t", "e"}, Hash32());
    QVERIFY(chain.rowHash({id, micros, texts[0], texts[1], texts[2], texts[3], texts[4]}, Hash32::fromDigest(previous))
        != base);
}

void TestJournalChain::textCannotMoveFromOneFieldToTheNext()
{
    JournalChain chain;
    QVERIFY(chain.rowHash({1, 1, "k", "ab", "c", "", ""}, Hash32())
        != chain.rowHash({1, 1, "k", "a", "bc", "", ""}, Hash32()));
    QVERIFY(
        chain.rowHash({1, 1, "k", "", "", "x", ""}, Hash32()) != chain.rowHash({1, 1, "k", "", "", "", "x"}, Hash32()));
}

QTEST_GUILESS_MAIN(TestJournalChain)
#include "tst_journalchain.moc"
