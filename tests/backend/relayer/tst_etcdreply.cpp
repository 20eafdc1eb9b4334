#include "backend/relayer/etcdreply.h"

#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

class TestEtcdReply final : public QObject {
    Q_OBJECT

private slots:
    void aRangeIsRead()
    {
        const auto range = parseEtcdRange(
            R"({"header":{"cluster_id":"1","revision":"12","raft_term":"3"},"kvs":[{"key":"YS8x","create_revision":"5","mod_revision":"7","version":"2","value":"cg==","lease":"2324035535586022406"}],"count":"1"})");
        QVERIFY(range.has_value());
        QCOMPARE(range->revision, 12);
        QCOMPARE(range->term, 3U);
        QCOMPARE(range->keys, (QVector<EtcdKeyValue>{{"a/1", "r", 5, 7, 2324035535586022406}}));
    }

    void anEmptyRangeHasNoKeys()
    {
        const auto range = parseEtcdRange(R"({"header":{"revision":"1"}})");
        QVERIFY(range.has_value());
        QVERIFY(range->keys.isEmpty());
    }

    void leasesThatRunAndThatAreGone()
    {
        const auto lease = parseEtcdLease(R"({"header":{},"ID":"7","TTL":"4","grantedTTL":"5"})");
        QCOMPARE(lease->left, std::chrono::seconds(4));
        QCOMPARE(lease->granted, std::chrono::seconds(5));
        QCOMPARE(parseEtcdLease(R"({"ID":"7","TTL":"-1"})")->left, std::chrono::seconds(-1));
    }

    void watchLinesCarryPutsDeletesAndCancels()
    {
        const auto events = parseEtcdWatchLine(
            R"({"result":{"header":{"revision":"9"},"events":[{"kv":{"key":"YQ==","value":"Yg==","create_revision":"9","mod_revision":"9"}},{"type":"DELETE","kv":{"key":"YQ==","mod_revision":"9"},"prev_kv":{"key":"YQ==","value":"Yg=="}}]}})");
        QVERIFY(events.has_value());
        QCOMPARE(events->events.size(), 2);
        QVERIFY(!events->events[0].deleted);
        QVERIFY(events->events[1].deleted);
        QCOMPARE(events->events[1].previous->value, "b"_ba);
        const auto cancelled = parseEtcdWatchLine(
            R"({"result":{"header":{"revision":"9"},"canceled":true,"compact_revision":"6","cancel_reason":"compacted"}})");
        QVERIFY(cancelled->cancelled);
        QCOMPARE(cancelled->compactRevision, 6);
    }

    void anErrorOfEtcdIsARefusal()
    {
        const auto range = parseEtcdRange(R"({"error":"etcdserver: permission denied","code":7})");
        QCOMPARE(range.error().kind, ErrorKind::Rejected);
        QVERIFY(range.error().message.contains(u"permission denied"_s));
    }

    void anythingElseIsCorrupt_data()
    {
        QTest::addColumn<QByteArray>("body");
        for (const char *body : {"", "[]", "{}", R"({"header":{"revision":"x"}})", R"({"header":{"revision":1.5}})",
                 R"({"header":{"revision":"1"},"kvs":[{"key":"%%"}]})", R"({"header":{"revision":"1"},"kvs":[1]})",
                 R"({"header":{"revision":"1"},"kvs":[{"key":"YQ==","lease":"99999999999999999999"}]})"})
            QTest::newRow(body) << QByteArray(body);
    }
    void anythingElseIsCorrupt()
    {
        QFETCH(QByteArray, body);
        QCOMPARE(parseEtcdRange(body).error().kind, ErrorKind::Corrupt);
    }
};

QTEST_APPLESS_MAIN(TestEtcdReply)
#include "tst_etcdreply.moc"
