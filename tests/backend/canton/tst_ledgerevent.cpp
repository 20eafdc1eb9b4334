#include "backend/canton/ledgerevent.h"

#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

class TestLedgerEvent final : public QObject {
    Q_OBJECT

    static std::shared_ptr<const LedgerShape> shape()
    {
        return std::make_shared<const LedgerShape>(
            LedgerShape{{u"id"_s, u"M"_s, u"T"_s}, u"name"_s, 2, {"owner", "größe", "empty"}});
    }

private slots:
    void fieldsAreFoundByTheirLabels()
    {
        const LedgerEvent event = LedgerEvent::make(LedgerEvent::Kind::Created, Offset(5), Timestamp::fromSeconds(9),
            u"update"_s, u"contract"_s, shape(), {u"Ünal"_s, u"3"_s, QString()});
        QCOMPARE(event.updateId(), u"update"_s);
        QCOMPARE(event.contractId(), u"contract"_s);
        QCOMPARE(event.fieldCount(), 3);
        QCOMPARE(event.field(u"owner"), u"Ünal"_s);
        QCOMPARE(event.field(u"größe"), u"3"_s);
        QVERIFY(event.field(u"empty").isEmpty());
        QVERIFY(!event.field(u"empty").isNull());
        QVERIFY(event.field(u"absent").isNull());
        QCOMPARE(event.templateIndex(), 2);
        QCOMPARE(event.templateId().entity, u"T"_s);
    }

    void anEmptyEventAnswersEverything()
    {
        const LedgerEvent event;
        QCOMPARE(event.kind(), LedgerEvent::Kind::Checkpoint);
        QVERIFY(event.updateId().isEmpty());
        QVERIFY(event.contractId().isEmpty());
        QCOMPARE(event.fieldCount(), 0);
        QVERIFY(event.value(0).isEmpty());
        QVERIFY(event.value(-1).isEmpty());
        QVERIFY(event.label(0).isEmpty());
        QVERIFY(event.field(u"x").isNull());
        QCOMPARE(event.templateIndex(), -1);
    }

    void eventsWithDifferentContentDiffer()
    {
        const auto make = [](qint64 offset, const QString &value) {
            return LedgerEvent::make(
                LedgerEvent::Kind::Created, Offset(offset), {}, {}, u"c"_s, shape(), {value, {}, {}});
        };
        QCOMPARE(make(1, u"a"_s), make(1, u"a"_s)); // equal shapes, not the same one
        QVERIFY(!(make(1, u"a"_s) == make(2, u"a"_s)));
        QVERIFY(!(make(1, u"a"_s) == make(1, u"b"_s)));
    }
};

QTEST_APPLESS_MAIN(TestLedgerEvent)
#include "tst_ledgerevent.moc"
