#include "backend/canton/ledgerdecoder.h"

#include "backend/types/strings.h"
#include "tests/backend/canton/protobufrows.h"
#include "tests/backend/canton/randomledger.h"

#include <QTest>

using namespace countersign;
using namespace countersign::test;

namespace lapi = com::daml::ledger::api::v2;

class TestLedgerDecoder final : public QObject {
    Q_OBJECT

    static LedgerFilter filter()
    {
        return {{},
            {{u"#vault-intents"_s, u"Vault.Intents"_s, u"IntentRequest"_s},
                {u"pkg-b"_s, u"Vault.Intents"_s, u"IntentReceipt"_s}}};
    }

    // A transaction with one contract of these fields.
    static lapi::GetUpdatesResponse contractWith(const lapi::Value &value)
    {
        lapi::GetUpdatesResponse message;
        message.mutable_transaction()->set_offset(1);
        auto &field
            = *message.mutable_transaction()->add_events()->mutable_created()->mutable_create_arguments()->add_fields();
        field.set_label("v");
        *field.mutable_value() = value;
        return message;
    }

    static Result<QList<LedgerEvent>> decode(const std::string &bytes)
    {
        LedgerDecoder decoder(filter());
        QList<LedgerEvent> rows;
        const Result<void> done
            = decoder.decodeUpdate(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())), rows);
        if (!done)
            return std::unexpected(done.error());
        return rows;
    }

private slots:
    void rowsEqualThoseOfProtobufsOwnParser()
    {
        RandomLedger ledger(20'261'122);
        LedgerDecoder decoder(filter());
        qsizetype created = 0;
        for (int i = 0; i < 20'000; ++i) {
            QList<LedgerEvent> rows;
            QList<LedgerEvent> expected;
            std::string bytes;
            if (i % 4 == 0) {
                const auto message = ledger.activeContract();
                bytes = message.SerializeAsString();
                expected = rowsByProtobuf(message, filter());
                QVERIFY(decoder.decodeActiveContract(
                    QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())), rows));
            } else {
                const auto message = ledger.update();
                bytes = message.SerializeAsString();
                expected = rowsByProtobuf(message, filter());
                QVERIFY(decoder.decodeUpdate(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())), rows));
            }
            QCOMPARE(rows.size(), expected.size());
            for (qsizetype row = 0; row < rows.size(); ++row) {
                created += rows[row].kind() == LedgerEvent::Kind::Created ? 1 : 0;
                if (!(rows[row] == expected[row])) {
                    for (qsizetype f = 0; f < qMax(rows[row].fieldCount(), expected[row].fieldCount()); ++f)
                        qWarning() << rows[row].label(f).toByteArray() << rows[row].value(f).toByteArray() << "|"
                                   << expected[row].label(f).toByteArray() << expected[row].value(f).toByteArray();
                    QFAIL(qPrintable(u"message %1, row %2"_s.arg(i).arg(row)));
                }
            }
        }
        QVERIFY(created > 10'000);
    }

    void aShortenedOrBentMessageIsAnErrorOrRowsButNeverMore()
    {
        RandomLedger ledger(7);
        std::mt19937 random(11);
        int refused = 0;
        for (int i = 0; i < 300; ++i) {
            const std::string whole = ledger.update().SerializeAsString();
            for (size_t size = 0; size < whole.size(); size += 1 + whole.size() / 50)
                refused += decode(whole.substr(0, size)).has_value() ? 0 : 1;
            std::string bent = whole;
            if (bent.empty())
                continue;
            bent[random() % bent.size()] = static_cast<char>(random());
            refused += decode(bent).has_value() ? 0 : 1;
        }
        QVERIFY(refused > 1000);
    }

    void theTemplateOfTheFilterIsNamed()
    {
        lapi::GetUpdatesResponse message;
        for (const char *entity : {"IntentRequest", "IntentReceipt", "Other"}) {
            auto &created = *message.mutable_transaction()->add_events()->mutable_created();
            created.mutable_template_id()->set_package_id("pkg-b");
            created.mutable_template_id()->set_module_name("Vault.Intents");
            created.mutable_template_id()->set_entity_name(entity);
            created.set_package_name("vault-intents");
        }
        const auto rows = decode(message.SerializeAsString());
        QVERIFY(rows.has_value());
        QCOMPARE(rows->size(), 3);
        QCOMPARE(rows->at(0).templateIndex(), 0);
        QCOMPARE(rows->at(1).templateIndex(), 1);
        QCOMPARE(rows->at(2).templateIndex(), -1);
    }

    void contractsOfOneTemplateShareTheirShape()
    {
        LedgerDecoder decoder(filter());
        QList<LedgerEvent> rows;
        for (int fields : {3, 3, 2, 3, 4}) {
            lapi::GetUpdatesResponse message;
            auto &created = *message.mutable_transaction()->add_events()->mutable_created();
            for (int i = 0; i < fields; ++i)
                created.mutable_create_arguments()->add_fields()->set_label("f" + std::to_string(i));
            const std::string bytes = message.SerializeAsString();
            QVERIFY(decoder.decodeUpdate(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())), rows));
        }
        QCOMPARE(rows[0].shape(), rows[1].shape());
        QCOMPARE(rows[2].shape()->labels.size(), size_t(2));
        QCOMPARE(rows[3].shape()->labels.size(), size_t(3));
        QCOMPARE(rows[4].shape()->labels.size(), size_t(4));
    }

    void depthIsLimited()
    {
        lapi::Value deep;
        lapi::Value *inner = &deep;
        for (int i = 0; i < 60; ++i)
            inner = inner->mutable_list()->add_elements();
        QVERIFY(!decode(contractWith(deep).SerializeAsString()).has_value());
        lapi::Value records;
        inner = &records;
        for (int i = 0; i < 60; ++i)
            inner = inner->mutable_record()->add_fields()->mutable_value();
        const auto refused = decode(contractWith(records).SerializeAsString());
        QCOMPARE(refused.error().kind, ErrorKind::Exhausted);
        lapi::Value shallow;
        inner = &shallow;
        for (int i = 0; i < 20; ++i)
            inner = inner->mutable_list()->add_elements();
        QVERIFY(decode(contractWith(shallow).SerializeAsString()).has_value());
    }

    void theNumberOfFieldsIsLimited()
    {
        lapi::Value many;
        for (int i = 0; i <= LedgerDecoder::fieldLimit; ++i)
            many.mutable_record()->add_fields()->mutable_value()->set_bool_(true);
        QCOMPARE(decode(contractWith(many).SerializeAsString()).error().kind, ErrorKind::Exhausted);
    }

    void labelsCannotGrowWithoutLimit()
    {
        lapi::Value nested;
        lapi::Value *inner = &nested;
        for (int i = 0; i < 20; ++i) {
            auto &field = *inner->mutable_record()->add_fields();
            field.set_label(std::string(1000, 'l'));
            inner = field.mutable_value();
        }
        QCOMPARE(decode(contractWith(nested).SerializeAsString()).error().kind, ErrorKind::Exhausted);
    }

    void textThatIsNotUtf8IsCorrupt()
    {
        lapi::Value value;
        value.set_text("xxxx");
        std::string bytes = contractWith(value).SerializeAsString();
        bytes.replace(bytes.find("xxxx"), 4, "\xc3\x28xx");
        QCOMPARE(decode(bytes).error().kind, ErrorKind::Corrupt);
        // Two halves of one character in two fields are no text either.
        lapi::GetUpdatesResponse message = contractWith(value);
        auto &second = *message.mutable_transaction()
                            ->mutable_events(0)
                            ->mutable_created()
                            ->mutable_create_arguments()
                            ->add_fields();
        second.set_label("w");
        second.mutable_value()->set_text("yyyy");
        bytes = message.SerializeAsString();
        bytes.replace(bytes.find("xxxx"), 4, "xxx\xc3");
        bytes.replace(bytes.find("yyyy"), 4, "\xa9yyy");
        QCOMPARE(decode(bytes).error().kind, ErrorKind::Corrupt);
    }

    void timesOutsideTheCalendarAreCorrupt()
    {
        lapi::GetUpdatesResponse message;
        message.mutable_transaction()->mutable_record_time()->set_seconds(std::numeric_limits<int64_t>::max());
        QCOMPARE(decode(message.SerializeAsString()).error().kind, ErrorKind::Corrupt);
    }
};

QTEST_APPLESS_MAIN(TestLedgerDecoder)
#include "tst_ledgerdecoder.moc"
