#include "ledgerprobe.h"
#include "selfsigned.h"

#include "app/practice/participant/ledger.h"
#include "app/practice/participant/participantserver.h"

#include "backend/types/strings.h"

#include <com/daml/ledger/api/v2/admin/party_management_service.grpc.pb.h>
#include <com/daml/ledger/api/v2/version_service.grpc.pb.h>
#include <com/digitalasset/canton/admin/participant/v30/participant_status_service.grpc.pb.h>
#include <com/digitalasset/canton/connection/v30/api_info.grpc.pb.h>
#include <grpc/health/v1/health.grpc.pb.h>

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

ParticipantOptions practiceOptions()
{
    ParticipantOptions options;
    options.parties = {u"PolicyIssuer"_s, u"Relayer"_s, u"Regulator"_s};
    options.checkpointInterval = 50ms;
    return options;
}

QString save(const QTemporaryDir &folder, const QString &name, const QByteArray &content)
{
    QFile file(folder.filePath(name));
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size() ? file.fileName() : QString();
}

int transactionsIn(const std::vector<lapi::GetUpdatesResponse> &responses)
{
    return static_cast<int>(std::ranges::count_if(responses, [](const auto &response) { return response.has_transaction(); }));
}

std::int64_t lastOffset(const std::vector<lapi::GetUpdatesResponse> &responses)
{
    std::int64_t last = 0;
    for (const lapi::GetUpdatesResponse &response : responses) {
        last = response.has_transaction() ? response.transaction().offset() : response.offset_checkpoint().offset();
    }
    return last;
}

} // namespace

class TestParticipantServer : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

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
    void cutEndsStreamsAndLetsNewOnesIn();
    void hangingCallsMeetTheirDeadlineAndGoOnAfterwards();
    void refusedCallsSayUnavailableAndHealthSaysNotServing();
    void stopEndsStreamsAndStartServesTheSameLedger();
    void stopEndsHangingCalls();
    void slowReaderDoesNotMakeTheServerRunAhead();
    void hundredsOfUpdatesASecondReachEveryReader();
    void oversizedRequestIsRefused();
    void tlsIsSpokenAndPlainTextRefused();
    void clientCertificateIsAskedFor();
    void tokensDecideWhoMayReadAndSubmit();
    void takenPortIsReported();
    void unreadableTlsFileIsReported();
    void announcementNamesAddressesAndParties();

private:
    SystemClock m_clock;
    std::unique_ptr<ParticipantServer> m_server;
    std::unique_ptr<LedgerProbe> m_probe;

    void restartWith(const ParticipantOptions &options);
    void createMany(int count)
    {
        for (int i = 0; i < count; ++i) {
            const grpc::Status status = m_probe->create(*m_server, "many-" + std::to_string(m_created++));
            QVERIFY2(status.ok(), status.error_message().c_str());
        }
    }
    [[nodiscard]] std::int64_t end()
    {
        std::int64_t offset = -1;
        const grpc::Status status = m_probe->ledgerEnd(offset);
        return status.ok() ? offset : -1;
    }
    [[nodiscard]] QString relayer() const { return m_server->partyId(u"Relayer"_s); }
    int m_created = 0;
};

void TestParticipantServer::init()
{
    restartWith(practiceOptions());
}

void TestParticipantServer::cleanup()
{
    m_probe.reset();
    m_server.reset();
}

void TestParticipantServer::restartWith(const ParticipantOptions &options)
{
    cleanup();
    m_server = std::make_unique<ParticipantServer>(options, m_clock);
    const auto started = m_server->start();
    QVERIFY2(started, started ? "" : qPrintable(started.error().message));
    m_probe = std::make_unique<LedgerProbe>(m_server->ledgerAddress());
}

void TestParticipantServer::versionPartiesAndStatusAreAnswered()
{
    grpc::ClientContext versionContext;
    lapi::GetLedgerApiVersionResponse version;
    QVERIFY(lapi::VersionService::NewStub(m_probe->channel())->GetLedgerApiVersion(&versionContext, {}, &version).ok());
    QVERIFY(QByteArray::fromStdString(version.version()).startsWith("3.5."));
    QCOMPARE(version.features().offset_checkpoint().max_offset_checkpoint_emission_delay().nanos(), 50'000'000);

    const auto parties = lapi::admin::PartyManagementService::NewStub(m_probe->channel());
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
    QCOMPARE(QString::fromStdString(allocated.party_details().party()), m_server->partyId(u"Auditor"_s));

    namespace padmin = com::digitalasset::canton::admin::participant::v30;
    const LedgerProbe admin(m_server->adminAddress());
    grpc::ClientContext statusContext;
    padmin::ParticipantStatusResponse status;
    QVERIFY(padmin::ParticipantStatusService::NewStub(admin.channel())->ParticipantStatus(&statusContext, {}, &status).ok());
    QVERIFY(status.status().active());
    QCOMPARE(status.status().common_status().ports().at("ledger-api"), int(m_server->ports().ledger));
    QCOMPARE(status.status().connected_synchronizers(0).health(), padmin::ConnectedSynchronizer::HEALTH_HEALTHY);
}

void TestParticipantServer::portsSayWhichApiTheyServe()
{
    namespace connection = com::digitalasset::canton::connection::v30;
    for (const auto &[address, name] :
        {std::pair(m_server->ledgerAddress(), "ledger-api"), std::pair(m_server->adminAddress(), "admin-api")}) {
        const LedgerProbe probe(address);
        grpc::ClientContext context;
        connection::GetApiInfoResponse info;
        QVERIFY(connection::ApiInfoService::NewStub(probe.channel())->GetApiInfo(&context, {}, &info).ok());
        QCOMPARE(info.name(), std::string(name));
    }
    // A service of the other port is not there.
    grpc::ClientContext context;
    lapi::GetLedgerEndResponse response;
    const LedgerProbe admin(m_server->adminAddress());
    QCOMPARE(lapi::StateService::NewStub(admin.channel())->GetLedgerEnd(&context, {}, &response).error_code(),
        grpc::StatusCode::UNIMPLEMENTED);
}

void TestParticipantServer::submittedContractIsActiveAndStreamed()
{
    const std::int64_t before = end();
    createMany(1);
    lapi::GetActiveContractsRequest request;
    request.set_active_at_offset(end());
    *request.mutable_event_format() = everythingOf(relayer());
    std::vector<lapi::GetActiveContractsResponse> active;
    QVERIFY(m_probe->activeContracts(request, active).ok());
    QCOMPARE(active.size(), std::size_t(1));
    const lapi::CreatedEvent &created = active[0].active_contract().created_event();
    QCOMPARE(created.create_arguments().fields(3).label(), std::string("intentId"));
    QCOMPARE(created.create_arguments().fields(11).value().numeric(), std::string("1.5000000000"));
    QCOMPARE(created.package_name(), std::string("vault-intents"));

    std::vector<lapi::GetUpdatesResponse> updates;
    m_probe->updates(updatesRequest(relayer(), before), updates, [&] { return transactionsIn(updates) == 1; });
    const lapi::Transaction &transaction = updates[0].transaction();
    QCOMPARE(transaction.offset(), before + 1);
    QCOMPARE(transaction.events(0).created().contract_id(), created.contract_id());
    QVERIFY(transaction.command_id().empty()); // the relayer did not submit it

    request.set_active_at_offset(0);
    active.clear();
    QVERIFY(m_probe->activeContracts(request, active).ok());
    QVERIFY(active.empty());
}

void TestParticipantServer::streamFollowsTheLedgerAndResumesWithoutGap()
{
    const std::int64_t before = end();
    std::vector<lapi::GetUpdatesResponse> first;
    std::thread writer([this] { createMany(50); });
    m_probe->updates(updatesRequest(relayer(), before), first, [&] { return transactionsIn(first) == 20; });
    std::vector<lapi::GetUpdatesResponse> second;
    m_probe->updates(updatesRequest(relayer(), lastOffset(first)), second, [&] { return transactionsIn(second) == 30; });
    writer.join();
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
    createMany(1);
    const std::int64_t last = end();
    std::vector<lapi::GetUpdatesResponse> updates;
    m_probe->updates(updatesRequest(relayer(), last), updates, [&] { return updates.size() == 3; });
    for (const lapi::GetUpdatesResponse &response : updates) {
        QVERIFY(response.has_offset_checkpoint());
        QCOMPARE(response.offset_checkpoint().offset(), last);
        QVERIFY(response.offset_checkpoint().synchronizer_times(0).record_time().seconds() > 0);
    }
    // One who sees nothing of what happens is moved forward, too.
    const std::string stranger = m_server->ledger().allocateParty("Stranger").value();
    std::thread writer([this] { createMany(3); });
    std::vector<lapi::GetUpdatesResponse> blind;
    m_probe->updates(updatesRequest(QString::fromStdString(stranger), last), blind, [&] { return lastOffset(blind) >= last + 4; });
    writer.join();
    QCOMPARE(transactionsIn(blind), 0);
}

void TestParticipantServer::boundedStreamEnds()
{
    const std::int64_t before = end();
    createMany(200);
    lapi::GetUpdatesRequest request = updatesRequest(relayer(), before);
    request.set_end_inclusive(before + 150);
    std::vector<lapi::GetUpdatesResponse> updates;
    QVERIFY(m_probe->updates(request, updates).ok());
    QCOMPARE(transactionsIn(updates), 150);
    request.set_end_inclusive(before); // nothing at all
    updates.clear();
    QVERIFY(m_probe->updates(request, updates).ok());
    QCOMPARE(transactionsIn(updates), 0);
}

void TestParticipantServer::descendingStreamComesNewestFirst()
{
    const std::int64_t before = end();
    createMany(100);
    lapi::GetUpdatesRequest request = updatesRequest(relayer(), before);
    request.set_end_inclusive(before + 100);
    request.set_descending_order(true);
    std::vector<lapi::GetUpdatesResponse> updates;
    QVERIFY(m_probe->updates(request, updates).ok());
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
                                         << QByteArray("INVALID_ARGUMENT");
}

void TestParticipantServer::rangesOutsideTheLedgerAreRefused()
{
    QFETCH(const qint64, begin);
    QFETCH(const QVariant, last);
    QFETCH(const bool, descending);
    QFETCH(const int, status);
    QFETCH(const QByteArray, reason);
    lapi::GetUpdatesRequest request = updatesRequest(relayer(), begin);
    if (!last.isNull()) {
        request.set_end_inclusive(last.toInt());
    }
    request.set_descending_order(descending);
    std::vector<lapi::GetUpdatesResponse> updates;
    const grpc::Status refused = m_probe->updates(request, updates);
    QCOMPARE(int(refused.error_code()), status);
    QCOMPARE(reasonOf(refused), reason);
    QVERIFY(updates.empty());
}

void TestParticipantServer::prunedOffsetsAreRefused()
{
    createMany(10);
    const std::int64_t last = end();
    QVERIFY(m_server->ledger().prune(last - 2));
    std::vector<lapi::GetUpdatesResponse> updates;
    const grpc::Status refused = m_probe->updates(updatesRequest(relayer(), 0), updates);
    QCOMPARE(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    QCOMPARE(reasonOf(refused), QByteArray("PARTICIPANT_PRUNED_DATA_ACCESSED"));
    m_probe->updates(updatesRequest(relayer(), last - 2), updates, [&] { return transactionsIn(updates) == 2; });
    QCOMPARE(transactionsIn(updates), 2);

    grpc::ClientContext context;
    lapi::GetLatestPrunedOffsetsResponse pruned;
    QVERIFY(lapi::StateService::NewStub(m_probe->channel())->GetLatestPrunedOffsets(&context, {}, &pruned).ok());
    QCOMPARE(pruned.participant_pruned_up_to_inclusive(), last - 2);
}

void TestParticipantServer::errorsCarryCodeTextAndDetails()
{
    QVERIFY(m_probe->create(*m_server, "once").ok());
    const grpc::Status twice = m_probe->create(*m_server, "once");
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
    const grpc::Status refused = lapi::CommandService::NewStub(m_probe->channel())->SubmitAndWait(&context, {}, &response);
    QCOMPARE(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    QVERIFY(QByteArray::fromStdString(refused.error_message()).startsWith("MISSING_FIELD(8,0af76519): "));
}

void TestParticipantServer::cutEndsStreamsAndLetsNewOnesIn()
{
    const std::int64_t before = end();
    grpc::Status ended;
    std::vector<lapi::GetUpdatesResponse> updates;
    std::thread reader([&] { ended = m_probe->updates(updatesRequest(relayer(), before), updates); });
    createMany(5);
    // The thread that reads is the only one that touches the updates, so the server is asked whether it sent them.
    QTest::qWait(200);
    m_server->cutStreams();
    reader.join();
    QCOMPARE(ended.error_code(), grpc::StatusCode::UNAVAILABLE);
    QCOMPARE(transactionsIn(updates), 5);
    std::vector<lapi::GetUpdatesResponse> resumed;
    createMany(1);
    m_probe->updates(updatesRequest(relayer(), lastOffset(updates)), resumed, [&] { return transactionsIn(resumed) == 1; });
    QCOMPARE(transactionsIn(resumed), 1);
}

void TestParticipantServer::hangingCallsMeetTheirDeadlineAndGoOnAfterwards()
{
    m_server->pause(ParticipantServer::Pause::Hang);
    m_probe->setDeadline(200ms);
    std::int64_t offset = 0;
    QCOMPARE(m_probe->ledgerEnd(offset).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
    m_probe->setDeadline(20s);
    grpc::Status late;
    std::thread caller([&] { late = m_probe->ledgerEnd(offset); });
    QTest::qWait(100);
    m_server->resume();
    caller.join();
    QVERIFY(late.ok());
    QCOMPARE(offset, std::int64_t(3));
}

void TestParticipantServer::refusedCallsSayUnavailableAndHealthSaysNotServing()
{
    namespace health = grpc::health::v1;
    const auto stub = health::Health::NewStub(m_probe->channel());
    const auto check = [&stub](const std::string &service, health::HealthCheckResponse::ServingStatus &serving) {
        grpc::ClientContext context;
        health::HealthCheckRequest request;
        request.set_service(service);
        health::HealthCheckResponse response;
        const grpc::Status status = stub->Check(&context, request, &response);
        serving = response.status();
        return status.error_code();
    };
    health::HealthCheckResponse::ServingStatus serving = health::HealthCheckResponse::UNKNOWN;
    QCOMPARE(check("", serving), grpc::StatusCode::OK);
    QCOMPARE(serving, health::HealthCheckResponse::SERVING);
    QCOMPARE(check("nothing", serving), grpc::StatusCode::NOT_FOUND);

    grpc::ClientContext watchContext;
    const auto watch = stub->Watch(&watchContext, {});
    health::HealthCheckResponse change;
    QVERIFY(watch->Read(&change));
    QCOMPARE(change.status(), health::HealthCheckResponse::SERVING);

    m_server->pause(ParticipantServer::Pause::Refuse);
    std::int64_t offset = 0;
    const grpc::Status refused = m_probe->ledgerEnd(offset);
    QCOMPARE(refused.error_code(), grpc::StatusCode::UNAVAILABLE);
    QCOMPARE(reasonOf(refused), QByteArray("SERVICE_NOT_RUNNING"));
    QCOMPARE(check("", serving), grpc::StatusCode::OK);
    QCOMPARE(serving, health::HealthCheckResponse::NOT_SERVING);
    QVERIFY(watch->Read(&change));
    QCOMPARE(change.status(), health::HealthCheckResponse::NOT_SERVING);
    m_server->resume();
    QVERIFY(watch->Read(&change));
    QCOMPARE(change.status(), health::HealthCheckResponse::SERVING);
    QVERIFY(m_probe->ledgerEnd(offset).ok());
    watchContext.TryCancel();
}

void TestParticipantServer::stopEndsStreamsAndStartServesTheSameLedger()
{
    createMany(3);
    const std::int64_t last = end();
    const ParticipantServer::Ports ports = m_server->ports();
    grpc::Status ended;
    std::vector<lapi::GetUpdatesResponse> updates;
    std::thread reader([&] { ended = m_probe->updates(updatesRequest(relayer(), 0), updates); });
    QTest::qWait(200);
    m_server->stop();
    reader.join();
    QCOMPARE(ended.error_code(), grpc::StatusCode::UNAVAILABLE);
    QCOMPARE(transactionsIn(updates), 3);
    std::int64_t offset = 0;
    QCOMPARE(m_probe->ledgerEnd(offset).error_code(), grpc::StatusCode::UNAVAILABLE);

    QVERIFY(m_server->start());
    QCOMPARE(m_server->ports().ledger, ports.ledger);
    QCOMPARE(m_server->ports().control, ports.control);
    QTRY_COMPARE_WITH_TIMEOUT(end(), last, 10'000);
    createMany(1);
    QCOMPARE(end(), last + 1);
}

void TestParticipantServer::stopEndsHangingCalls()
{
    m_server->pause(ParticipantServer::Pause::Hang);
    grpc::Status ended;
    std::thread caller([&] {
        std::int64_t offset = 0;
        ended = m_probe->ledgerEnd(offset);
    });
    QTest::qWait(100);
    QElapsedTimer timer;
    timer.start();
    m_server->stop();
    caller.join();
    QVERIFY(timer.elapsed() < 5000);
    QCOMPARE(ended.error_code(), grpc::StatusCode::UNAVAILABLE);
}

void TestParticipantServer::slowReaderDoesNotMakeTheServerRunAhead()
{
    constexpr int Count = 300;
    constexpr std::size_t Padding = 100'000;
    for (int i = 0; i < Count; ++i) {
        QVERIFY(m_probe->create(*m_server, "large-" + std::to_string(i), Padding).ok());
    }
    grpc::ClientContext context;
    m_probe->prepare(context);
    const auto reader = lapi::UpdateService::NewStub(m_probe->channel())->GetUpdates(&context, updatesRequest(relayer(), 0));
    lapi::GetUpdatesResponse response;
    QVERIFY(reader->Read(&response)); // one, and then nothing for a while
    QTest::qWait(500);
    const QJsonObject stalled = m_server->state();
    QCOMPARE(stalled.value(u"streams"_s).toInt(), 1);
    // 30 MB are there to send; what a stalled reader's windows and buffers take is a few.
    QVERIFY2(stalled.value(u"streamMessages"_s).toInt() < Count / 2, qPrintable(QString::number(stalled.value(u"streamMessages"_s).toInt())));
    int read = 1;
    while (read < Count && reader->Read(&response)) {
        read += response.has_transaction() ? 1 : 0;
    }
    QCOMPARE(read, Count);
    context.TryCancel();
}

void TestParticipantServer::hundredsOfUpdatesASecondReachEveryReader()
{
    constexpr int Count = 1000;
    constexpr int Readers = 4;
    const std::int64_t before = end();
    std::vector<std::thread> readers;
    std::atomic<int> complete = 0;
    for (int i = 0; i < Readers; ++i) {
        readers.emplace_back([&] {
            LedgerProbe probe(m_server->ledgerAddress());
            std::vector<lapi::GetUpdatesResponse> updates;
            int transactions = 0;
            probe.updates(updatesRequest(relayer(), before), updates,
                [&] { return (transactions += updates.back().has_transaction() ? 1 : 0) == Count; });
            complete += transactions == Count ? 1 : 0;
        });
    }
    QElapsedTimer timer;
    timer.start();
    createMany(Count);
    for (std::thread &reader : readers) {
        reader.join();
    }
    QCOMPARE(complete.load(), Readers);
    QVERIFY2(timer.elapsed() < 5 * Count, qPrintable(u"%1 ms for %2 updates to %3 readers"_s.arg(timer.elapsed()).arg(Count).arg(Readers)));
}

void TestParticipantServer::oversizedRequestIsRefused()
{
    ParticipantOptions options = practiceOptions();
    options.maxMessageBytes = 64 * 1024;
    restartWith(options);
    QVERIFY(m_probe->create(*m_server, "small", 1000).ok());
    QCOMPARE(m_probe->create(*m_server, "large", 100'000).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    QVERIFY(m_probe->create(*m_server, "small again", 1000).ok());
}

void TestParticipantServer::tlsIsSpokenAndPlainTextRefused()
{
    const QTemporaryDir folder;
    const SelfSigned identity = SelfSigned::make();
    ParticipantOptions options = practiceOptions();
    options.tlsCertificate = save(folder, u"certificate.pem"_s, identity.certificate);
    options.tlsKey = save(folder, u"key.pem"_s, identity.key);
    restartWith(options);
    grpc::SslCredentialsOptions trust;
    trust.pem_root_certs = identity.certificate.toStdString();
    LedgerProbe trusting(m_server->ledgerAddress(), grpc::SslCredentials(trust));
    std::int64_t offset = 0;
    const grpc::Status good = trusting.ledgerEnd(offset);
    QVERIFY2(good.ok(), good.error_message().c_str());

    trust.pem_root_certs = SelfSigned::make().certificate.toStdString();
    LedgerProbe distrusting(m_server->ledgerAddress(), grpc::SslCredentials(trust));
    QCOMPARE(distrusting.ledgerEnd(offset).error_code(), grpc::StatusCode::UNAVAILABLE);
    QCOMPARE(m_probe->ledgerEnd(offset).error_code(), grpc::StatusCode::UNAVAILABLE);
}

void TestParticipantServer::clientCertificateIsAskedFor()
{
    const QTemporaryDir folder;
    const SelfSigned identity = SelfSigned::make();
    const SelfSigned client = SelfSigned::make();
    ParticipantOptions options = practiceOptions();
    options.tlsCertificate = save(folder, u"certificate.pem"_s, identity.certificate);
    options.tlsKey = save(folder, u"key.pem"_s, identity.key);
    options.tlsClientCa = save(folder, u"client.pem"_s, client.certificate);
    restartWith(options);
    grpc::SslCredentialsOptions trust;
    trust.pem_root_certs = identity.certificate.toStdString();
    std::int64_t offset = 0;
    LedgerProbe anonymous(m_server->ledgerAddress(), grpc::SslCredentials(trust));
    QCOMPARE(anonymous.ledgerEnd(offset).error_code(), grpc::StatusCode::UNAVAILABLE);
    trust.pem_cert_chain = client.certificate.toStdString();
    trust.pem_private_key = client.key.toStdString();
    LedgerProbe known(m_server->ledgerAddress(), grpc::SslCredentials(trust));
    const grpc::Status good = known.ledgerEnd(offset);
    QVERIFY2(good.ok(), good.error_message().c_str());
}

void TestParticipantServer::tokensDecideWhoMayReadAndSubmit()
{
    const QTemporaryDir folder;
    ParticipantOptions options = practiceOptions();
    options.tokenFile = save(folder, u"full"_s, "full-token\n");
    options.readTokenFile = save(folder, u"read"_s, "read-token");
    restartWith(options);
    std::int64_t offset = 0;
    QCOMPARE(m_probe->ledgerEnd(offset).error_code(), grpc::StatusCode::UNAUTHENTICATED);
    m_probe->setToken("wrong");
    QCOMPARE(m_probe->ledgerEnd(offset).error_code(), grpc::StatusCode::UNAUTHENTICATED);
    m_probe->setToken("read-token");
    QVERIFY(m_probe->ledgerEnd(offset).ok());
    const grpc::Status denied = m_probe->create(*m_server, "a");
    QCOMPARE(denied.error_code(), grpc::StatusCode::PERMISSION_DENIED);
    QVERIFY(QByteArray::fromStdString(denied.error_message()).startsWith("An error occurred. Please contact the operator"));
    m_probe->setToken("full-token");
    QVERIFY(m_probe->create(*m_server, "a").ok());
}

void TestParticipantServer::takenPortIsReported()
{
    ParticipantOptions options = practiceOptions();
    options.ledgerPort = m_server->ports().ledger;
    ParticipantServer second(options, m_clock);
    const auto started = second.start();
    QVERIFY(!started);
    QCOMPARE(started.error().kind, ErrorKind::Unavailable);
    options.ledgerPort = 0;
    options.metricsPort = m_server->ports().metrics;
    ParticipantServer third(options, m_clock);
    QVERIFY(!third.start());
}

void TestParticipantServer::unreadableTlsFileIsReported()
{
    ParticipantOptions options = practiceOptions();
    options.tlsCertificate = u"/nowhere/certificate.pem"_s;
    options.tlsKey = u"/nowhere/key.pem"_s;
    ParticipantServer server(options, m_clock);
    const auto started = server.start();
    QVERIFY(!started);
    QCOMPARE(started.error().kind, ErrorKind::Invalid);
    QVERIFY(started.error().message.contains(options.tlsCertificate));
}

void TestParticipantServer::announcementNamesAddressesAndParties()
{
    const QJsonObject announced = m_server->announcement();
    QCOMPARE(announced.value(u"ledger"_s).toString(), m_server->ledgerAddress());
    QCOMPARE(announced.value(u"admin"_s).toString(), m_server->adminAddress());
    QCOMPARE(announced.value(u"parties"_s).toObject().value(u"Relayer"_s).toString(), relayer());
    QVERIFY(announced.value(u"metrics"_s).toString().endsWith(u"/metrics"_s));
    QCOMPARE(announced.value(u"tls"_s).toBool(), false);
}

QTEST_GUILESS_MAIN(TestParticipantServer)

#include "tst_participantserver.moc"
