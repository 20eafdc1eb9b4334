#include "app/practice/network/environmentfile.h"
#include "backend/environment/environment.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

class TestEnvironmentFile : public QObject {
    Q_OBJECT

private slots:
    void theConsoleReadsWhatTheNetworkWrites()
    {
        NetworkOptions options;
        options.data = u"/tmp/a folder with \"quotes\" and ümlauts"_s;
        options.chains = 2;
        options.relayers = 3;
        FreePorts ports;
        const Result<NetworkLayout> layout = NetworkLayout::plan(options, ports);
        QVERIFY(layout);
        PracticeFacts facts;
        facts.softhsmModule = u"/usr/lib/softhsm/libsofthsm2.so"_s;
        const QString fingerprint = u"1220"_s + QString(64, u'a');
        facts.issuerParty = u"PolicyIssuer::"_s + fingerprint;
        facts.relayerParty = u"Relayer::"_s + fingerprint;
        facts.regulatorParty = u"Regulator::"_s + fingerprint;
        facts.parties = {{u"treasury-desk"_s, keccak256("treasury-desk"), address(1)}};
        facts.chains = {{address(2), address(3), {{u"treasury"_s, address(4), address(5)}}}, {address(6), address(7), {{u"treasury"_s, address(8), address(9)}}}};
        facts.holders = {{u"alice"_s, address(10), u"0123456789abcdef"_s, Bytes("\x01")}, {u"bob"_s, address(11), u"00ff"_s, Bytes("\x01")}};

        const Result<Environment> environment = Environment::parse(environmentYaml(*layout, facts), u"environment.yaml"_s);
        QVERIFY2(environment, environment ? "" : qPrintable(environment.error().message + u'\n' + environment.error().detail));
        QCOMPARE(environment->kind, EnvironmentKind::Practice);
        QCOMPARE(environment->participants.first().ledger, layout->ledgerAddress());
        QCOMPARE(environment->participants.first().parties.size(), 3);
        QCOMPARE(environment->relayers.size(), 3);
        QCOMPARE(environment->chains.size(), 2);
        QCOMPARE(environment->chains.last().safe, address(6));
        QCOMPARE(environment->holders.first().pkcs11->serial, u"0123456789abcdef"_s);
        QCOMPARE(environment->holders.first().pkcs11->id, Bytes("\x01"));
        QCOMPARE(environment->proposals, layout->folder.proposals());
        QCOMPARE(environment->practice->pins, layout->folder.pins());
    }

private:
    static Address address(int number)
    {
        return Address::fromBytes(Bytes(Bytes(19, '\0') + static_cast<char>(number))).value_or(Address());
    }
};

QTEST_GUILESS_MAIN(TestEnvironmentFile)
#include "tst_environmentfile.moc"
