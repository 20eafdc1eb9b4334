#include "app/practice/relayer/authorisedintent.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

namespace {

QHash<QString, QString> goodFields()
{
    return {{u"intentId"_s, u"INT-1"_s},
            {u"partyId"_s, keccak256("treasury-desk").toString()},
            {u"vaultId"_s, u"treasury"_s},
            {u"vaultAddress"_s, u"0x00000000000000000000000000000000000000aa"_s},
            {u"chainId"_s, u"31337"_s},
            {u"adapterId"_s, keccak256("treasury").toString()},
            {u"amount"_s, u"1250.5000000000"_s},
            {u"callData"_s, u"0x0102"_s},
            {u"nonce"_s, u"42"_s},
            {u"deadline"_s, u"1700000600999999"_s},
            {u"createdAt"_s, u"1700000000000000"_s},
            {u"authorisedAt"_s, u"1700000001000000"_s},
            {u"signature"_s, u"0x"_s + QString(130, u'1')}};
}

} // namespace

class TestAuthorisedIntent : public QObject {
    Q_OBJECT

private slots:
    void readsEveryFieldThatTheVaultNeeds()
    {
        const Result<AuthorisedIntent> intent = AuthorisedIntent::fromFields(u"c1"_s, goodFields());
        QVERIFY(intent);
        QCOMPARE(intent->contractId, u"c1"_s);
        QCOMPARE(intent->call.intentId, keccak256("INT-1"));
        QCOMPARE(intent->call.amount, Uint256(1'250'500'000));
        QCOMPARE(intent->call.data, Bytes("\x01\x02"));
        QCOMPARE(intent->call.nonce, Uint256(42));
        QCOMPARE(intent->call.deadline, Uint256(1'700'000'600)); // whole seconds, rounded down
        QCOMPARE(intent->chain, ChainId(31337));
        QCOMPARE(intent->signature.size(), 65);
        QCOMPARE(intent->authorisedAt, Timestamp::fromSeconds(1'700'000'001));
    }

    void namesTheFieldThatIsMissingOrWrong_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::newRow("no number") << u"nonce"_s << u"many"_s;
        QTest::newRow("negative") << u"chainId"_s << u"-1"_s;
        QTest::newRow("short hash") << u"partyId"_s << u"0x12"_s;
        QTest::newRow("odd hex") << u"callData"_s << u"0x123"_s;
        QTest::newRow("negative amount") << u"amount"_s << u"-5.0"_s;
        QTest::newRow("no moment") << u"deadline"_s << u"tomorrow"_s;
        QTest::newRow("missing") << u"signature"_s << QString();
    }
    void namesTheFieldThatIsMissingOrWrong()
    {
        QFETCH(const QString, field);
        QFETCH(const QString, value);
        QHash<QString, QString> fields = goodFields();
        if (value.isNull())
            fields.remove(field);
        else
            fields.insert(field, value);
        const Result<AuthorisedIntent> intent = AuthorisedIntent::fromFields(u"c1"_s, fields);
        QVERIFY(!intent);
        QCOMPARE(intent.error().kind, ErrorKind::Invalid);
        QVERIFY2(intent.error().message.contains(field), qPrintable(intent.error().message));
    }
};

QTEST_GUILESS_MAIN(TestAuthorisedIntent)
#include "tst_authorisedintent.moc"
