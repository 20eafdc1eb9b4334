#include "serverfixture.h"

#include "app/practice/participant/ledger.h"

#include "backend/types/strings.h"

#include <com/daml/ledger/api/v2/admin/party_management_service.grpc.pb.h>
#include <com/daml/ledger/api/v2/version_service.grpc.pb.h>
#include <com/digitalasset/canton/admin/participant/v30/participant_status_service.grpc.pb.h>
#include <com/digitalasset/canton/connection/v30/api_info.grpc.pb.h>

#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <atomic>
#include <thread>

using namespace countersign;

class TestParticipantServer : public QObject {
    Q_OBJECT

private slots:
    void init() { QVERIFY(m_fixture.start()); }
    void cleanup() { m_fixture.stop(); }

    void versionPartiesAndStatusAreAnswered();
    void portsSayWhichApiTheyServe();
    void submittedContractIsActiveAndStreamed();
    void streamFollowsTheLedgerAndResumesWithoutGap();
    void quietStreamSendsCheckpoints();
    void boundedStreamEnds();
    void descendingStreamComesNewestFirst();
    void rangesOutsideTheLedgerAreRefused_data();
    void rangesOutsideTheLedgerAreRefused();
    void prunedOffsetsAreRefused();
    void errorsCarryCodeTextAndDetails();
    void correlationIsTheCallersTrace();
    void announcementNamesAddressesAndParties();

private:
    ServerFixture m_fixture;
};

void TestParticipantServer::versionPartiesAndStatusAreAnswered()
{
    grpc::ClientContext versionContext;
    lapi::GetLedgerApiVersionResponse version;
    QVERIFY(lapi::VersionService::NewStub(m_fixture.probe->channel())->GetLedgerApiVersion(&versionContext, {}, &version).ok());
    QVERIFY(QByteArray::fromStdString(version.version()).startsWith("3.5."));
    QCOMPARE(version.features().offset_checkpoint().max_offset_checkpoint_emission_delay().nanos(), 50'000'000);

    const auto parties = lapi::admin::PartyManagementService::NewStub(m_fixture.probe->channel());
    QStringList known;
    lapi::admin::ListKnownPartiesRequest page;
    page.set_page_size(2);
    for (int i = 0; i < 2; ++i) {
        grpc::ClientContext context;
        lapi::admin::ListKnownPartiesResponse response;
        QVERIFY(parties->ListKnownParties(&context, page, &response).ok());
        for (const auto &details : response.party_details()) {
            QVERIFY(details.is_local());
            known.append(QString::fromStdString(details.party()).section(u"::"_s, 0, 0));
        }
        page.set_page_token(response.next_page_token());
    }
    QCOMPARE(known, (QStringList {u"PolicyIssuer"_s, u"Regulator"_s, u"Relayer"_s}));
    QVERIFY(page.page_token().empty());

    grpc::ClientContext allocateContext;
    lapi::admin::AllocatePartyRequest allocate;
    allocate.set_party_id_hint("Auditor");
    lapi::admin::AllocatePartyResponse allocated;
    QVERIFY(parties->AllocateParty(&allocateContext, allocate, &allocated).ok());
    QCOMPARE(QString::fromStdString(allocated.party_details().party()), m_fixture.server->partyId(u"Auditor"_s));

    namespace padmin = com::digitalasset::canton::admin::participant::v30;
    const LedgerProbe admin(m_fixture.server->adminAddress());
    grpc::ClientContext statusContext;
    padmin::ParticipantStatusResponse status;
    QVERIFY(padmin::ParticipantStatusService::NewStub(admin.channel())->ParticipantStatus(&statusContext, {}, &status).ok());
    QVERIFY(status.status().active());
    QCOMPARE(status.status().common_status().ports().at("ledger-api"), int(m_fixture.server->ports().ledger));
    QCOMPARE(status.status().connected_synchronizers(0).health(), padmin::ConnectedSynchronizer::HEALTH_HEALTHY);
}

void TestParticipantServer::portsSayWhichApiTheyServe()
{
    namespace connection = com::digitalasset::canton::connection::v30;
    for (const auto &[address, name] :
        {std::pair(m_fixture.server->ledgerAddress(), "ledger-api"), std::pair(m_fixture.server->adminAddress(), "admin-api")}) {
        const LedgerProbe probe(address);
        grpc::ClientContext context;
        connection::GetApiInfoResponse info;
        QVERIFY(connection::ApiInfoService::NewStub(probe.channel())->GetApiInfo(&context, {}, &info).ok());
        QCOMPARE(info.name(), std::string(name));
    }
    // A service of the other port is not there.
    grpc::ClientContext context;
    lapi::GetLedgerEndResponse response;
    const LedgerProbe admin(m_fixture.server->adminAddress());
    QCOMPARE(lapi::StateService::NewStub(admin.channel())->GetLedgerEnd(&context, {}, &response).error_code(),
        grpc::StatusCode::UNIMPLEMENTED);
}

void TestParticipantServer::submittedContractIsActiveAndStreamed()
{
    const std::int64_t before = m_fixture.end();
    QVERIFY(m_fixture.createMany(1));
    lapi::GetActiveContractsRequest request;
    request.set_active_at_offset(m_fixture.end());
    *request.mutable_event_format() = everythingOf(m_fixture.relayer());
    std::vector<lapi::GetActiveContractsResponse> active;
    QVERIFY(m_fixture.probe->activeContracts(request, active).ok());
    QCOMPARE(active.size(), std::size_t(1));
    const lapi::CreatedEvent &created = active[0].active_contract().created_event();
    QCOMPARE(created.create_arguments().fields(3).label(), std::string("intentId"));
    QCOMPARE(created.create_arguments().fields(11).value().numeric(), std::string("1.5000000000"));
    QCOMPARE(created.package_name(), std::string("vault-intents"));

    std::vector<lapi::GetUpdatesResponse> updates;
    m_fixture.probe->updates(updatesRequest(m_fixture.relayer(), before), updates, [&] { return transactionsIn(updates) == 1; });
    const lapi::Transaction &transaction = updates[0].transaction();
    QCOMPARE(transaction.offset(), before + 1);
    QCOMPARE(transaction.events(0).created().contract_id(), created.contract_id());
    QVERIFY(transaction.command_id().empty()); // the relayer did not submit it

    request.set_active_at_offset(0);
    active.clear();
    QVERIFY(m_fixture.probe->activeContracts(request, active).ok());
    QVERIFY(active.empty());
}

void TestParticipantServer::streamFollowsTheLedgerAndResumesWithoutGap()
{
    const std::int64_t before = m_fixture.end();
    std::vector<lapi::GetUpdatesResponse> first;
    std::atomic<bool> accepted = false;
    std::jthread writer([&] { accepted = m_fixture.createMany(50); });
    m_fixture.probe->updates(updatesRequest(m_fixture.relayer(), before), first, [&] { return transactionsIn(first) == 20; });
    std::vector<lapi::GetUpdatesResponse> second;
    m_fixture.probe->updates(updatesRequest(m_fixture.relayer(), lastOffset(first)), second, [&] { return transactionsIn(second) == 30; });
    writer.join();
    QVERIFY(accepted);
    QSet<QByteArray> intents;
    for (const auto *part : {&first, &second}) {
        for (const lapi::GetUpdatesResponse &response : *part) {
            if (response.has_transaction()) {
                intents.insert(QByteArray::fromStdString(
                    response.transaction().events(0).created().create_arguments().fields(3).value().text()));
            }
        }
    }
    QCOMPARE(intents.size(), 50);
}

void TestParticipantServer::quietStreamSendsCheckpoints()
{
    QVERIFY(m_fixture.createMany(1));
    const std::int64_t last = m_fixture.end();
    std::vector<lapi::GetUpdatesResponse> updates;
    m_fixture.probe->updates(updatesRequest(m_fixture.relayer(), last), updates, [&] { return updates.size() == 3; });
    for (const lapi::GetUpdatesResponse &response : updates) {
        QVERIFY(response.has_offset_checkpoint());
        QCOMPARE(response.offset_checkpoint().offset(), last);
        QVERIFY(response.offset_checkpoint().synchronizer_times(0).record_time().seconds() > 0);
    }
    // One who sees nothing of what happens is moved forward, too.
    const std::string stranger = m_fixture.server->ledger().allocateParty("Stranger").value();
    std::atomic<bool> accepted = false;
    std::jthread writer([&] { accepted = m_fixture.createMany(3); });
    std::vector<lapi::GetUpdatesResponse> blind;
    m_fixture.probe->updates(updatesRequest(QString::fromStdString(stranger), last), blind, [&] { return lastOffset(blind) >= last + 4; });
    writer.join();
    QVERIFY(accepted);
    QCOMPARE(transactionsIn(blind), 0);
}

void TestParticipantServer::boundedStreamEnds()
{
    const std::int64_t before = m_fixture.end();
    QVERIFY(m_fixture.createMany(200));
    lapi::GetUpdatesRequest request = updatesRequest(m_fixture.relayer(), before);
    request.set_end_inclusive(before + 150);
    std::vector<lapi::GetUpdatesResponse> updates;
    QVERIFY(m_fixture.probe->updates(request, updates).ok());
    QCOMPARE(transactionsIn(updates), 150);
    request.set_end_inclusive(before); // nothing at all
    updates.clear();
    QVERIFY(m_fixture.probe->updates(request, updates).ok());
    QCOMPARE(transactionsIn(updates), 0);
}

void TestParticipantServer::descendingStreamComesNewestFirst()
{
    const std::int64_t before = m_fixture.end();
    QVERIFY(m_fixture.createMany(100));
    lapi::GetUpdatesRequest request = updatesRequest(m_fixture.relayer(), before);
    request.set_end_inclusive(before + 100);
    request.set_descending_order(true);
    std::vector<lapi::GetUpdatesResponse> updates;
    QVERIFY(m_fixture.probe->updates(request, updates).ok());
    QCOMPARE(updates.size(), std::size_t(100));
    for (std::size_t i = 0; i < updates.size(); ++i) {
        QCOMPARE(updates[i].transaction().offset(), before + 100 - static_cast<std::int64_t>(i));
    }
}

void TestParticipantServer::rangesOutsideTheLedgerAreRefused_data()
{
    QTest::addColumn<qint64>("begin");
    QTest::addColumn<QVariant>("last");
    QTest::addColumn<bool>("descending");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("negative") << qint64(-1) << QVariant() << false << int(grpc::StatusCode::INVALID_ARGUMENT) << QByteArray("NEGATIVE_OFFSET");
    QTest::newRow("begin after end of ledger") << qint64(1000) << QVariant() << false << int(grpc::StatusCode::OUT_OF_RANGE)
                                               << QByteArray("OFFSET_AFTER_LEDGER_END");
    QTest::newRow("end after end of ledger") << qint64(0) << QVariant(1000) << false << int(grpc::StatusCode::OUT_OF_RANGE)
                                             << QByteArray("OFFSET_AFTER_LEDGER_END");
    QTest::newRow("end before begin") << qint64(3) << QVariant(2) << false << int(grpc::StatusCode::FAILED_PRECONDITION)
                                      << QByteArray("OFFSET_OUT_OF_RANGE");
    QTest::newRow("descending for ever") << qint64(0) << QVariant() << true << int(grpc::StatusCode::INVALID_ARGUMENT)
                                         << QByteArray("DESCENDING_ORDER_MISSING_END");
    QTest::newRow("end that is none") << qint64(0) << QVariant(0) << false << int(grpc::StatusCode::INVALID_ARGUMENT)
                                      << QByteArray("NON_POSITIVE_OFFSET");
}

void TestParticipantServer::rangesOutsideTheLedgerAreRefused()
{
    QFETCH(const qint64, begin);
    QFETCH(const QVariant, last);
    QFETCH(const bool, descending);
    QFETCH(const int, status);
    QFETCH(const QByteArray, reason);
    lapi::GetUpdatesRequest request = updatesRequest(m_fixture.relayer(), begin);
    if (!last.isNull()) {
        request.set_end_inclusive(last.toInt());
    }
    request.set_descending_order(descending);
    std::vector<lapi::GetUpdatesResponse> updates;
    const grpc::Status refused = m_fixture.probe->updates(request, updates);
    QCOMPARE(int(refused.error_code()), status);
    QCOMPARE(reasonOf(refused), reason);
    QVERIFY(updates.empty());
}

void TestParticipantServer::prunedOffsetsAreRefused()
{
    QVERIFY(m_fixture.createMany(10));
    const std::int64_t last = m_fixture.end();
    QVERIFY(m_fixture.server->ledger().prune(last - 2));
    std::vector<lapi::GetUpdatesResponse> updates;
    const grpc::Status refused = m_fixture.probe->updates(updatesRequest(m_fixture.relayer(), 0), updates);
    QCOMPARE(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    QCOMPARE(reasonOf(refused), QByteArray("PARTICIPANT_PRUNED_DATA_ACCESSED"));
    m_fixture.probe->updates(updatesRequest(m_fixture.relayer(), last - 2), updates, [&] { return transactionsIn(updates) == 2; });
    QCOMPARE(transactionsIn(updates), 2);

    grpc::ClientContext context;
    lapi::GetLatestPrunedOffsetsResponse pruned;
    QVERIFY(lapi::StateService::NewStub(m_fixture.probe->channel())->GetLatestPrunedOffsets(&context, {}, &pruned).ok());
    QCOMPARE(pruned.participant_pruned_up_to_inclusive(), last - 2);
}

void TestParticipantServer::errorsCarryCodeTextAndDetails()
{
    QVERIFY(m_fixture.probe->create(*m_fixture.server, "once").ok());
    const grpc::Status twice = m_fixture.probe->create(*m_fixture.server, "once");
    QCOMPARE(twice.error_code(), grpc::StatusCode::ALREADY_EXISTS);
    QCOMPARE(reasonOf(twice), QByteArray("DUPLICATE_COMMAND"));
    const QRegularExpression form(u"^DUPLICATE_COMMAND\\(10,[0-9a-f]{8}\\): A command with the given command id"_s);
    QVERIFY(form.match(QString::fromStdString(twice.error_message())).hasMatch());
}

void TestParticipantServer::correlationIsTheCallersTrace()
{
    grpc::ClientContext context;
    context.AddMetadata("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    lapi::SubmitAndWaitResponse response;
    const grpc::Status refused = lapi::CommandService::NewStub(m_fixture.probe->channel())->SubmitAndWait(&context, {}, &response);
    QCOMPARE(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    QVERIFY(QByteArray::fromStdString(refused.error_message()).startsWith("MISSING_FIELD(8,0af76519): "));
}

void TestParticipantServer::announcementNamesAddressesAndParties()
{
    const QJsonObject announced = m_fixture.server->announcement();
    QCOMPARE(announced.value(u"ledger"_s).toString(), m_fixture.server->ledgerAddress());
    QCOMPARE(announced.value(u"admin"_s).toString(), m_fixture.server->adminAddress());
    QCOMPARE(announced.value(u"parties"_s).toObject().value(u"Relayer"_s).toString(), m_fixture.relayer());
    QVERIFY(announced.value(u"metrics"_s).toString().endsWith(u"/metrics"_s));
    QCOMPARE(announced.value(u"tls"_s).toBool(), false);
}

QTEST_GUILESS_MAIN(TestParticipantServer)

#include "tst_participantserver.moc"
