#include "backend/canton/ledgerclient.h"

#include "backend/canton/participantadmin.h"
#include "backend/types/spawn.h"
#include "tests/backend/canton/participantfixture.h"

#include <QProcess>
#include <QTemporaryDir>

using namespace countersign;
using namespace countersign::test;
using namespace std::chrono_literals;

namespace {

template <class T> QCoro::Task<> keep(QCoro::Task<T> task, std::optional<T> *out)
{
    *out = co_await task;
}

// The result of a task, waited for in the event loop.
template <class T> T finished(QCoro::Task<T> task)
{
    std::optional<T> out;
    spawn(keep(std::move(task), &out));
    [&] { QTRY_VERIFY_WITH_TIMEOUT(out.has_value(), 10'000); }();
    return out.value_or(T(fail(ErrorKind::Timeout, u"the task did not finish"_s)));
}

// A self-signed certificate for a name, made by the openssl that every machine with these tests has.
bool makeCertificate(const QString &folder, const QString &name)
{
    return QProcess::execute(u"openssl"_s,
               {u"req"_s, u"-x509"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:prime256v1"_s,
                   u"-nodes"_s, u"-keyout"_s, folder + u'/' + name + u".key"_s, u"-out"_s,
                   folder + u'/' + name + u".pem"_s, u"-days"_s, u"2"_s, u"-subj"_s, u"/CN="_s + name, u"-addext"_s,
                   u"subjectAltName=DNS:"_s + name})
        == 0;
}

} // namespace

class TestLedgerClient final : public QObject {
    Q_OBJECT

private slots:
    void theLedgerPortIsProbed()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const LedgerClient client(plainChannel(participant.server.ledgerAddress()));
        const auto version = finished(client.probe());
        QVERIFY2(version.has_value(), qPrintable(version ? QString() : version.error().message));
        QVERIFY(version->version.startsWith(u"3."_s));
        QVERIFY(version->checkpointDelay > 0ms);
    }

    void swappedPortsAreSaid()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const auto ledger = finished(LedgerClient(plainChannel(participant.server.adminAddress())).probe());
        QCOMPARE(ledger.error().kind, ErrorKind::Invalid);
        QVERIFY(ledger.error().message.contains(u"swapped"_s));
        const auto admin = finished(ParticipantAdmin(plainChannel(participant.server.ledgerAddress())).status());
        QCOMPARE(admin.error().kind, ErrorKind::Invalid);
        QVERIFY(admin.error().message.contains(u"swapped"_s));
    }

    void theAdminPortTellsTheStateOfTheNode()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const auto status = finished(ParticipantAdmin(plainChannel(participant.server.adminAddress())).status());
        QVERIFY(status.has_value());
        QVERIFY(status->active);
        QVERIFY(!status->uid.isEmpty());
        QVERIFY(!status->synchronizers.isEmpty());
        QVERIFY(status->synchronizers.first().healthy);
    }

    void commandsMakeContractsAndChoicesEndThem()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const LedgerClient client(plainChannel(participant.server.ledgerAddress()));
        const auto created = waited(client.submitAndWaitForTransaction(participant.request(u"intent-1"_s)));
        QVERIFY2(created.has_value(), qPrintable(created ? QString() : created.error().detail));
        QCOMPARE(created->events.size(), 1);
        const LedgerEvent &event = created->events.first();
        QCOMPARE(event.field(u"intentId"), u"intent-1"_s);
        QCOMPARE(event.field(u"nonce"), u"7"_s);
        QCOMPARE(event.field(u"deadline"), u"2000000000000000"_s);
        QCOMPARE(event.field(u"issuer"), participant.issuer());

        const auto authorised = waited(client.submitAndWait(participant.authorise(event.contractId())));
        QVERIFY2(authorised.has_value(), qPrintable(authorised ? QString() : authorised.error().detail));
        QVERIFY(authorised->completionOffset > created->completionOffset);
        const auto end = waited(client.ledgerEnd());
        QCOMPARE(*end, authorised->completionOffset);

        const auto active = waited(client.activeContracts(*end, participant.filter()));
        QVERIFY(active.has_value());
        QCOMPARE(active->size(), 1);
        QCOMPARE(active->first().templateId().entity, u"AuthorisedIntent"_s);
        QCOMPARE(active->first().templateIndex(), 1);
        const auto before = waited(client.activeContracts(created->completionOffset, participant.filter()));
        QCOMPARE(before->size(), 1);
        QCOMPARE(before->first().templateId().entity, u"IntentRequest"_s);
    }

    void refusalsCarryCantonsCode()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const LedgerClient client(plainChannel(participant.server.ledgerAddress()));
        const auto gone = waited(client.submitAndWait(participant.authorise(u"00ff"_s)));
        QVERIFY(!gone.has_value());
        QVERIFY2(!cantonErrorCode(gone.error()).isEmpty(), qPrintable(gone.error().detail));
        QVERIFY(waited(client.submitAndWait(participant.request(u"twice"_s))).has_value());
        const auto repeated = waited(client.submitAndWait(participant.request(u"twice"_s)));
        QCOMPARE(cantonErrorCode(repeated.error()), u"DUPLICATE_COMMAND"_s);
        QCOMPARE(repeated.error().kind, ErrorKind::Conflict);
    }

    void anIncompleteSubmissionIsRefusedHere()
    {
        const LedgerClient client(plainChannel(u"127.0.0.1:1"_s));
        const auto refused = client.submitAndWait({});
        QVERIFY(refused.isFinished());
        QCOMPARE(refused.result().error().kind, ErrorKind::Invalid);
    }

    void partiesAreAllocatedAndListed()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        const LedgerClient client(plainChannel(participant.server.ledgerAddress()));
        const auto party = waited(client.allocateParty(u"Auditor"_s));
        QVERIFY(party.has_value());
        QVERIFY(party->party.startsWith(u"Auditor::1220"_s));
        const auto all = finished(client.knownParties());
        QVERIFY(all.has_value());
        QCOMPARE(all->size(), 4);
    }

    void aSnapshotCanBeCancelled()
    {
        ParticipantFixture participant;
        QVERIFY(participant.server.start());
        participant.server.pause(ParticipantServer::Pause::Hang);
        const LedgerClient client(plainChannel(participant.server.ledgerAddress()));
        std::stop_source stop;
        const auto future = client.activeContracts(Offset(1), participant.filter(), stop.get_token());
        stop.request_stop();
        QTRY_VERIFY(future.isFinished());
        QCOMPARE(future.result().error().kind, ErrorKind::Cancelled);
        participant.server.resume();
    }

    void tlsWithAClientCertificateAndAnotherNameConnects()
    {
        QTemporaryDir folder;
        QVERIFY(makeCertificate(folder.path(), u"participant.test"_s));
        QVERIFY(makeCertificate(folder.path(), u"console.test"_s));
        ParticipantOptions options;
        options.tlsCertificate = folder.filePath(u"participant.test.pem"_s);
        options.tlsKey = folder.filePath(u"participant.test.key"_s);
        options.tlsClientCa = folder.filePath(u"console.test.pem"_s);
        ParticipantFixture participant(options);
        QVERIFY(participant.server.start());

        const auto connectWith = [&](const TlsFiles &files) {
            ChannelSettings settings;
            settings.target = participant.server.ledgerAddress();
            settings.tls = *readTlsFiles(files);
            return waited(LedgerClient(*Channel::open(settings), 3s).ledgerEnd());
        };
        const TlsFiles right{options.tlsCertificate, folder.filePath(u"console.test.pem"_s),
            folder.filePath(u"console.test.key"_s), u"participant.test"_s};
        const auto good = connectWith(right);
        QVERIFY2(good.has_value(), qPrintable(good ? QString() : good.error().detail));

        TlsFiles wrongName = right;
        wrongName.authority = u"elsewhere.test"_s;
        QVERIFY(!connectWith(wrongName).has_value());
        TlsFiles unknownCa = right;
        unknownCa.rootCertificates = folder.filePath(u"console.test.pem"_s);
        QVERIFY(!connectWith(unknownCa).has_value());
        TlsFiles anonymous = right;
        anonymous.certificateChain.clear();
        anonymous.privateKey.clear();
        QVERIFY(!connectWith(anonymous).has_value());
        const auto plain = waited(LedgerClient(plainChannel(participant.server.ledgerAddress()), 3s).ledgerEnd());
        QVERIFY(!plain.has_value());
    }
};

QTEST_GUILESS_MAIN(TestLedgerClient)
#include "tst_ledgerclient.moc"
