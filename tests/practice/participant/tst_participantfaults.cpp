#include "serverfixture.h"

#include "backend/types/strings.h"

#include <grpc/health/v1/health.grpc.pb.h>

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <thread>
#include <utility>

using namespace countersign;
using namespace std::chrono_literals;

class TestParticipantFaults : public QObject {
    Q_OBJECT

private slots:
    void init() { QVERIFY(m_fixture.start()); }
    void cleanup() { m_fixture.stop(); }

    void cutEndsStreamsAndLetsNewOnesIn();
    void hangingCallsMeetTheirDeadlineAndGoOnAfterwards();
    void refusedCallsSayUnavailableAndHealthSaysNotServing();
    void stopEndsStreamsAndStartServesTheSameLedger();
    void stopEndsHangingCalls();
    void slowReaderDoesNotMakeTheServerRunAhead();
    void hundredsOfUpdatesASecondReachEveryReader();

private:
    /// A number of the server's own state. Without checkpoints, `streamMessages` counts transactions.
    [[nodiscard]] int state(const QString &key) const { return m_fixture.server->state().value(key).toInt(); }
    [[nodiscard]] static ParticipantOptions withoutCheckpoints()
    {
        ParticipantOptions options = ServerFixture::options();
        options.checkpointInterval = 1min;
        return options;
    }

    ServerFixture m_fixture;
};

void TestParticipantFaults::cutEndsStreamsAndLetsNewOnesIn()
{
    QVERIFY(m_fixture.start(withoutCheckpoints()));
    const std::int64_t before = m_fixture.end();
    grpc::Status ended;
    std::vector<lapi::GetUpdatesResponse> updates;
    std::jthread reader([&] { ended = m_fixture.probe->updates(updatesRequest(m_fixture.relayer(), before), updates); });
    QVERIFY(m_fixture.createMany(5));
    QTRY_COMPARE(state(u"streamMessages"_s), 5);
    m_fixture.server->cutStreams();
    reader.join();
    QCOMPARE(ended.error_code(), grpc::StatusCode::UNAVAILABLE);
    QCOMPARE(transactionsIn(updates), 5);
    std::vector<lapi::GetUpdatesResponse> resumed;
    QVERIFY(m_fixture.createMany(1));
    m_fixture.probe->updates(updatesRequest(m_fixture.relayer(), lastOffset(updates)), resumed, [&] { return transactionsIn(resumed) == 1; });
    QCOMPARE(transactionsIn(resumed), 1);
}

void TestParticipantFaults::hangingCallsMeetTheirDeadlineAndGoOnAfterwards()
{
    m_fixture.server->pause(ParticipantServer::Pause::Hang);
    m_fixture.probe->setDeadline(200ms);
    std::int64_t offset = 0;
    QCOMPARE(m_fixture.probe->ledgerEnd(offset).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
    m_fixture.probe->setDeadline(20s);
    grpc::Status late;
    std::jthread caller([&] { late = m_fixture.probe->ledgerEnd(offset); });
    QTRY_COMPARE(state(u"waitingCalls"_s), 1);
    m_fixture.server->resume();
    caller.join();
    QVERIFY(late.ok());
    QCOMPARE(offset, std::int64_t(3));
}

void TestParticipantFaults::refusedCallsSayUnavailableAndHealthSaysNotServing()
{
    namespace health = grpc::health::v1;
    const auto stub = health::Health::NewStub(m_fixture.probe->channel());
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

    m_fixture.server->pause(ParticipantServer::Pause::Refuse);
    std::int64_t offset = 0;
    const grpc::Status refused = m_fixture.probe->ledgerEnd(offset);
    QCOMPARE(refused.error_code(), grpc::StatusCode::UNAVAILABLE);
    QCOMPARE(reasonOf(refused), QByteArray("SERVICE_NOT_RUNNING"));
    QCOMPARE(check("", serving), grpc::StatusCode::OK);
    QCOMPARE(serving, health::HealthCheckResponse::NOT_SERVING);
    QVERIFY(watch->Read(&change));
    QCOMPARE(change.status(), health::HealthCheckResponse::NOT_SERVING);
    m_fixture.server->resume();
    QVERIFY(watch->Read(&change));
    QCOMPARE(change.status(), health::HealthCheckResponse::SERVING);
    QVERIFY(m_fixture.probe->ledgerEnd(offset).ok());
    watchContext.TryCancel();
}

void TestParticipantFaults::stopEndsStreamsAndStartServesTheSameLedger()
{
    QVERIFY(m_fixture.start(withoutCheckpoints()));
    QVERIFY(m_fixture.createMany(3));
    const std::int64_t last = m_fixture.end();
    const ParticipantServer::Ports ports = m_fixture.server->ports();
    grpc::Status ended;
    std::vector<lapi::GetUpdatesResponse> updates;
    std::jthread reader([&] { ended = m_fixture.probe->updates(updatesRequest(m_fixture.relayer(), 0), updates); });
    QTRY_COMPARE(state(u"streamMessages"_s), 3);
    m_fixture.server->stop();
    reader.join();
    QCOMPARE(ended.error_code(), grpc::StatusCode::UNAVAILABLE);
    QCOMPARE(transactionsIn(updates), 3);
    std::int64_t offset = 0;
    QCOMPARE(m_fixture.probe->ledgerEnd(offset).error_code(), grpc::StatusCode::UNAVAILABLE);

    QVERIFY(m_fixture.server->start());
    QCOMPARE(m_fixture.server->ports().ledger, ports.ledger);
    QCOMPARE(m_fixture.server->ports().control, ports.control);
    QTRY_COMPARE_WITH_TIMEOUT(m_fixture.end(), last, 10'000);
    QVERIFY(m_fixture.createMany(1));
    QCOMPARE(m_fixture.end(), last + 1);
}

void TestParticipantFaults::stopEndsHangingCalls()
{
    m_fixture.server->pause(ParticipantServer::Pause::Hang);
    grpc::Status ended;
    std::jthread caller([&] {
        std::int64_t offset = 0;
        ended = m_fixture.probe->ledgerEnd(offset);
    });
    QTRY_COMPARE(state(u"waitingCalls"_s), 1);
    QElapsedTimer timer;
    timer.start();
    m_fixture.server->stop();
    caller.join();
    QVERIFY(timer.elapsed() < 5000);
    QCOMPARE(ended.error_code(), grpc::StatusCode::UNAVAILABLE);
}

void TestParticipantFaults::slowReaderDoesNotMakeTheServerRunAhead()
{
    constexpr int Count = 300;
    constexpr std::size_t Padding = 100'000;
    for (int i = 0; i < Count; ++i) {
        QVERIFY(m_fixture.probe->create(*m_fixture.server, "large-" + std::to_string(i), Padding).ok());
    }
    grpc::ClientContext context;
    m_fixture.probe->prepare(context);
    const auto reader = lapi::UpdateService::NewStub(m_fixture.probe->channel())->GetUpdates(&context, updatesRequest(m_fixture.relayer(), 0));
    lapi::GetUpdatesResponse response;
    QVERIFY(reader->Read(&response)); // one, and then nothing for a while
    int sent = 0;
    QTRY_COMPARE(std::exchange(sent, state(u"streamMessages"_s)), state(u"streamMessages"_s)); // until it sends no more
    QCOMPARE(state(u"streams"_s), 1);
    // 30 MB are there to send; what a stalled reader's windows and buffers take is a few.
    QVERIFY2(sent < Count / 2, qPrintable(QString::number(sent)));
    int read = 1;
    while (read < Count && reader->Read(&response)) {
        read += response.has_transaction() ? 1 : 0;
    }
    QCOMPARE(read, Count);
    context.TryCancel();
}

void TestParticipantFaults::hundredsOfUpdatesASecondReachEveryReader()
{
    constexpr int Count = 1000;
    constexpr int Readers = 4;
    const std::int64_t before = m_fixture.end();
    std::atomic<int> complete = 0;
    std::vector<std::jthread> readers;
    for (int i = 0; i < Readers; ++i) {
        readers.emplace_back([&] {
            LedgerProbe probe(m_fixture.server->ledgerAddress());
            std::vector<lapi::GetUpdatesResponse> updates;
            int transactions = 0;
            probe.updates(updatesRequest(m_fixture.relayer(), before), updates,
                [&] { return (transactions += updates.back().has_transaction() ? 1 : 0) == Count; });
            complete += transactions == Count ? 1 : 0;
        });
    }
    QElapsedTimer timer;
    timer.start();
    QVERIFY(m_fixture.createMany(Count));
    for (std::jthread &reader : readers) {
        reader.join();
    }
    QCOMPARE(complete.load(), Readers);
    QVERIFY2(timer.elapsed() < 5 * Count, qPrintable(u"%1 ms for %2 updates to %3 readers"_s.arg(timer.elapsed()).arg(Count).arg(Readers)));
}

QTEST_GUILESS_MAIN(TestParticipantFaults)

#include "tst_participantfaults.moc"
