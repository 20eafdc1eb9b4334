#include "backend/evm/statediff.h"
#include "tests/backend/evm/values.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

QJsonValue json(const QString &text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8());
    if (document.isNull())
        qFatal("the test's JSON is none");
    return document.object();
}

const Address one = address(u"0x1100000000000000000000000000000000000011");
const Address two = address(u"0x2200000000000000000000000000000000000022");

QString padded(int number)
{
    return u"\"0x%1\""_s.arg(number, 64, 16, QLatin1Char('0'));
}

} // namespace

class TestStateDiff final : public QObject {
    Q_OBJECT

private slots:
    void everyKindOfChangeIsRead()
    {
        const auto diff = stateDiffFromJson(json(
            uR"({"pre": {"0x1100000000000000000000000000000000000011": {"balance": "0x5", "nonce": 3, "code": "0x60", "storage": {%1: %2}}},
                 "post": {"0x1100000000000000000000000000000000000011": {"balance": "0x4", "nonce": 4, "storage": {%1: %3}},
                          "0x2200000000000000000000000000000000000022": {"balance": "0x1", "nonce": "0x1", "code": "0x6001"}}})"_s
                .arg(padded(1), padded(2), padded(3))));
        QVERIFY2(diff.has_value(), qPrintable(diff ? QString() : diff.error().message));
        QVERIFY(diff->balances == (QList<BalanceChange>{{one, 5, 4}, {two, 0, 1}}));
        QVERIFY(diff->nonces == (QList<NonceChange>{{one, 3, 4}, {two, 0, 1}}));
        QVERIFY(diff->codes == (QList<CodeChange>{{two, {}, hex(u"6001")}})); // what `post` leaves out is as it was
        QCOMPARE(diff->storage.size(), 1);
        QCOMPARE(diff->codeOf(two)->after, hex(u"6001"));
        QVERIFY(!diff->codeOf(one));
    }

    void accountThatIsGoneHasNothing()
    {
        const auto diff = stateDiffFromJson(json(
            uR"({"pre": {"0x1100000000000000000000000000000000000011": {"balance": "0x5", "nonce": 3, "code": "0x60", "storage": {%1: %2}}}, "post": {}})"_s
                .arg(padded(1), padded(2))));
        QVERIFY(diff.has_value());
        QVERIFY(diff->balances == (QList<BalanceChange>{{one, 5, 0}}));
        QVERIFY(diff->nonces == (QList<NonceChange>{{one, 3, 0}}));
        QVERIFY(diff->codes == (QList<CodeChange>{{one, hex(u"60"), {}}}));
        QCOMPARE(diff->storage.size(), 1);
        QVERIFY(diff->storage.front().after.isZero());
    }

    void nothingChangesNothing()
    {
        const auto diff
            = stateDiffFromJson(json(uR"({"pre": {"0x1100000000000000000000000000000000000011": {"balance": "0x5"}},
            "post": {"0x1100000000000000000000000000000000000011": {"balance": "0x5"}}})"_s));
        QVERIFY(diff.has_value());
        QVERIFY(*diff == StateDiff());
    }

    void wrongShapesAreCorrupt_data()
    {
        QTest::addColumn<QString>("account");
        QTest::newRow("no object") << u"1"_s;
        QTest::newRow("balance") << uR"({"balance": 5})"_s;
        QTest::newRow("balance of 257 bits")
            << uR"({"balance": "0x10000000000000000000000000000000000000000000000000000000000000000"})"_s;
        QTest::newRow("negative nonce") << uR"({"nonce": -1})"_s;
        QTest::newRow("half a nonce") << uR"({"nonce": 0.5})"_s;
        QTest::newRow("nonce of words") << uR"({"nonce": "two"})"_s;
        QTest::newRow("code") << uR"({"code": "0x6"})"_s;
        QTest::newRow("storage") << uR"({"storage": []})"_s;
        QTest::newRow("short slot") << uR"({"storage": {"0x1": %1}})"_s.arg(padded(1));
        QTest::newRow("short word") << uR"({"storage": {%1: "0x1"}})"_s.arg(padded(1));
        QTest::newRow("number for a word") << uR"({"storage": {%1: 1}})"_s.arg(padded(1));
        QTest::newRow("slot twice") << uR"({"storage": {"0x%1a": %2, "0x%1A": %2}})"_s.arg(
            QString(63, u'0'), padded(1));
    }

    void wrongShapesAreCorrupt()
    {
        QFETCH(QString, account);
        for (const QString &side : {u"pre"_s, u"post"_s}) {
            const QString other = side == u"pre" ? u"post"_s : u"pre"_s;
            const auto diff = stateDiffFromJson(
                json(uR"({"%1": {"0x1100000000000000000000000000000000000011": %2}, "%3": {}})"_s.arg(
                    side, account, other)));
            QVERIFY(!diff);
            QCOMPARE(diff.error().kind, ErrorKind::Corrupt);
        }
    }

    void accountsAreNamedOnceAndByTheirAddress()
    {
        for (const QString &text :
            {uR"({"pre": {}})"_s, uR"({"pre": [], "post": {}})"_s, uR"({"pre": {"0x11": {}}, "post": {}})"_s,
                uR"({"pre": {"0xaa00000000000000000000000000000000000011": {}, "0xAA00000000000000000000000000000000000011": {}}, "post": {}})"_s})
            QCOMPARE(stateDiffFromJson(json(text)).error().kind, ErrorKind::Corrupt);
        QCOMPARE(stateDiffFromJson(QJsonValue(u"0x"_s)).error().kind, ErrorKind::Corrupt);
    }

    void floodsAreRefused()
    {
        QJsonObject accounts;
        for (int i = 0; i < 10'001; ++i)
            accounts.insert(u"0x%1"_s.arg(i, 40, 16, QLatin1Char('0')), QJsonObject());
        QCOMPARE(stateDiffFromJson(QJsonObject{{u"pre"_s, accounts}, {u"post"_s, QJsonObject()}}).error().kind,
            ErrorKind::Exhausted);
        QJsonObject storage;
        for (int i = 0; i < 50'001; ++i)
            storage.insert(u"0x%1"_s.arg(i, 64, 16, QLatin1Char('0')), u"0x%1"_s.arg(i, 64, 16, QLatin1Char('0')));
        const QJsonObject account{{one.toLower(), QJsonObject{{u"storage"_s, storage}}}};
        QCOMPARE(stateDiffFromJson(QJsonObject{{u"pre"_s, QJsonObject()}, {u"post"_s, account}}).error().kind,
            ErrorKind::Exhausted);
    }
};

QTEST_GUILESS_MAIN(TestStateDiff)
#include "tst_statediff.moc"
