#include "app/practice/relayer/etcdmessages.h"
#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace countersign;

class TestEtcdMessages : public QObject {
    Q_OBJECT

private slots:
    void aLeaseIsNamedInLowerCaseHexWithoutPadding()
    {
        QCOMPARE(LeaseId{2324035535586022406}.toHex(), u"2040a2019ffd5406"_s);
        QCOMPARE(LeaseId{255}.toHex(), u"ff"_s);
    }

    void thePrefixEndsWithTheNextByte()
    {
        QCOMPARE(prefixEnd("relayer-leader/"), Bytes("relayer-leader0"));
        QCOMPARE(prefixEnd(Bytes("a\xff", 2)), Bytes("b"));
        QCOMPARE(prefixEnd(Bytes("\xff", 1)), Bytes(1, '\0')); // no end
    }

    void aGrantGivesLeaseAndSeconds()
    {
        const auto grant = parseLeaseGrant(R"({"header":{"revision":"1"},"ID":"7905121375403410950","TTL":"5"})");
        QVERIFY(grant);
        QCOMPARE(grant->id.value, 7905121375403410950);
        QCOMPARE(grant->ttl, std::chrono::seconds(5));
    }

    void aKeepAliveWithoutSecondsMeansThatTheLeaseIsGone()
    {
        QCOMPARE(*parseKeepAlive(R"({"result":{"ID":"7","TTL":"5"}})"), std::chrono::seconds(5));
        QCOMPARE(*parseKeepAlive(R"({"result":{"ID":"7"}})"), std::chrono::seconds(0));
    }

    void candidatesComeInTheOrderOfTheirCreation()
    {
        const auto keys = parseRange(
            R"({"kvs":[{"key":"Yg==","create_revision":"9","lease":"2"},{"key":"YQ==","create_revision":"4","value":"eA==","lease":"1"}]})");
        QVERIFY(keys);
        QCOMPARE(keys->size(), 2);
        QCOMPARE(keys->first().key, "a"_ba);
        QCOMPARE(keys->first().value, "x"_ba);
        QCOMPARE(keys->last().createRevision, 9);
    }

    void aCreationSaysWhetherItHappenedAndAtWhichRevision()
    {
        const auto made = parseCreate(R"({"header":{"revision":"12"},"succeeded":true})");
        QVERIFY(made && made->created);
        QCOMPARE(made->revision, 12);
        const auto not_made = parseCreate(R"({"header":{"revision":"12"}})");
        QVERIFY(not_made && !not_made->created);
    }

    void refusesAnswersThatAreNone_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << "404 page not found"_ba;
        QTest::newRow("array") << "[]"_ba;
        QTest::newRow("error") << R"({"error":"etcdserver: no leader","code":14})"_ba;
    }
    void refusesAnswersThatAreNone()
    {
        QFETCH(const QByteArray, json);
        QVERIFY(!parseLeaseGrant(json));
        QVERIFY(!parseKeepAlive(json));
        QVERIFY(!parseCreate(json));
        QVERIFY(!parseRange(json));
    }

    void creatingAsksForAbsenceAndBindsTheLease()
    {
        const QJsonObject request = QJsonDocument::fromJson(createKeyRequest("k", "v", LeaseId{7})).object();
        const QJsonObject compare = request.value("compare"_L1).toArray().first().toObject();
        QCOMPARE(compare.value("target"_L1).toString(), u"CREATE"_s);
        QCOMPARE(compare.value("create_revision"_L1).toString(), u"0"_s);
        const QJsonObject put = request.value("success"_L1).toArray().first().toObject().value("request_put"_L1).toObject();
        QCOMPARE(put.value("lease"_L1).toString(), u"7"_s);
    }
};

QTEST_GUILESS_MAIN(TestEtcdMessages)
#include "tst_etcdmessages.moc"
