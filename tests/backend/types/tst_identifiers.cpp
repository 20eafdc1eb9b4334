#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/hash32.h"
#include "backend/types/keccak.h"
#include "backend/types/partyid.h"
#include "backend/types/strings.h"

#include <QCryptographicHash>
#include <QTest>

using namespace countersign;

class TestIdentifiers final : public QObject {
    Q_OBJECT

private slots:
    void addressesOfTheStandardKeepTheirChecksum_data()
    {
        // The examples of EIP-55.
        QTest::addColumn<QString>("text");
        for (const auto &text : {u"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"_s, u"0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"_s,
                                 u"0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"_s, u"0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"_s,
                                 u"0x52908400098527886E0F7030069857D2E4169EE7"_s, u"0x8617E340B3D01FA5F11F306F4090FD50E238070D"_s,
                                 u"0xde709f2102306220921060314715629080e2fb77"_s, u"0x27b1fdb04752bbc536007a920d24acb045561c26"_s})
            QTest::newRow(qPrintable(text)) << text;
    }

    void addressesOfTheStandardKeepTheirChecksum()
    {
        QFETCH(QString, text);
        const auto address = Address::parse(text);
        QVERIFY(address);
        QCOMPARE(address->toString(), text);
        QCOMPARE(*Address::parse(text.toLower()), *address);
        QCOMPARE(*Address::parse(QString(u"0x"_s + text.sliced(2).toUpper())), *address);
    }

    void anAddressWithOneWrongCaseIsRefused()
    {
        const auto address = Address::parse(u"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed");
        QVERIFY(!address);
        QVERIFY(address.error().message.contains(u"EIP-55"_s));
    }

    void anAddressHasOneShape()
    {
        const QString right = u"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"_s;
        for (const QString &text : {QString(), right.sliced(2), right.chopped(1), right.chopped(2), QString(right + u"00"_s),
                                    QString(u"0X"_s + right.sliced(2)), QString(u' ' + right), QString(right + u' '),
                                    QString(right.chopped(1) + u'g')})
            QVERIFY2(!Address::parse(text), qPrintable(text));
        // Every single letter in the wrong case is found.
        for (qsizetype i = 2; i < right.size(); ++i) {
            QString wrong = right;
            wrong[i] = wrong[i].isUpper() ? wrong[i].toLower() : wrong[i].toUpper();
            QCOMPARE(Address::parse(wrong).has_value(), wrong == right);
        }
    }

    void hexadecimalTextIsReadStrictly()
    {
        QCOMPARE(*bytesFromHex(u"0x00Ff10"), "\x00\xff\x10"_ba);
        QCOMPARE(*bytesFromHex(u"0x"), Bytes());
        QVERIFY(!bytesFromHex(u"00ff"));
        QVERIFY(!bytesFromHex(u"0x0"));
        QVERIFY(bytesFromHex(u"0x0g").error().message.contains(u"Character 4"_s));
        QCOMPARE(toHex("\x00\xff"_ba), u"0x00ff"_s);
        QVERIFY(!Hash32::parse(u"0x00"));
    }

    void keccakIsTheOneOfEthereum()
    {
        QCOMPARE(keccak256({}).toString(), u"0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"_s);
        QCOMPARE(keccak256("abc"_ba).toString(), u"0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"_s);
        // Every length around the blocks of 136 bytes, against another implementation.
        QByteArray data;
        for (int i = 0; i < 420; ++i) {
            QCOMPARE(keccak256(data).bytes(), QCryptographicHash::hash(data, QCryptographicHash::Keccak_256));
            data += static_cast<char>(i * 7);
        }
    }

    void partyIdsHaveAHintAndAFingerprint()
    {
        const QString text = u"PolicyIssuer::1220"_s + QString(64, u'a');
        const auto party = PartyId::parse(text);
        QVERIFY(party);
        QCOMPARE(party->hint(), u"PolicyIssuer");
        QCOMPARE(party->fingerprint().size(), 68);
        QCOMPARE(party->toString(), text);
        QVERIFY(!PartyId::parse(u"PolicyIssuer"));
        QVERIFY(!PartyId::parse(u"::1220"));
        QVERIFY(!PartyId::parse(u"PolicyIssuer::1234567890abcdef"));
        QVERIFY(!PartyId::parse(QString(u"Policy\nIssuer::1220"_s + QString(64, u'a'))));
    }
};

QTEST_GUILESS_MAIN(TestIdentifiers)
#include "tst_identifiers.moc"
