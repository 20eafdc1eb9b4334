#include "tests/bench/ingest/ingestserver.h"

#include "com/daml/ledger/api/v2/update_service.grpc.pb.h"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <ctime>
#include <iostream>
#include <mutex>
#include <thread>
#include <vector>

namespace countersign::bench {

namespace {

namespace lapi = com::daml::ledger::api::v2;
using Service = lapi::UpdateService::WithRawCallbackMethod_GetUpdates<lapi::UpdateService::Service>;

constexpr int ring = 4096;
constexpr std::int64_t stampMark = 0x1122334455667788;

std::int64_t monotonicNow()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

struct Prepared {
    std::string bytes;
    std::size_t stampAt = 0;
    std::size_t offsetAt = 0;
};

// An intent as the practice ledger makes them, of about 640 bytes.
Prepared prepare(int i)
{
    lapi::GetUpdatesResponse message;
    auto &transaction = *message.mutable_transaction();
    transaction.set_update_id("1220" + std::to_string(1'000'000 + i));
    transaction.mutable_record_time()->set_seconds(1'700'000'000);
    transaction.set_offset(firstOffset);
    auto &created = *transaction.add_events()->mutable_created();
    created.set_contract_id("00" + std::string(60, static_cast<char>('a' + i % 16)) + std::to_string(i));
    created.mutable_template_id()->set_package_id(std::string(64, 'f'));
    created.mutable_template_id()->set_module_name("Vault.Intents");
    created.mutable_template_id()->set_entity_name("IntentRequest");
    created.set_package_name("vault-intents");
    auto &record = *created.mutable_create_arguments();
    const auto text = [&record](const char *label, const std::string &value) {
        auto &field = *record.add_fields();
        field.set_label(label);
        field.mutable_value()->set_text(value);
    };
    text("intentId", "intent-" + std::to_string(i));
    text("partyId", "0x" + std::string(64, 'b'));
    text("vaultId", "treasury");
    text("action", "deposit");
    text("asset", "USDC");
    auto &amount = *record.add_fields();
    amount.set_label("amount");
    amount.mutable_value()->set_numeric(std::to_string(i) + ".5000000000");
    auto &nonce = *record.add_fields();
    nonce.set_label("nonce");
    nonce.mutable_value()->set_int64(i);
    auto &tags = *record.add_fields();
    tags.set_label("tags");
    for (const char *tag : {"ethereum", "urgent"})
        tags.mutable_value()->mutable_list()->add_elements()->set_text(tag);
    auto &stamp = *record.add_fields();
    stamp.set_label("createdAt");
    stamp.mutable_value()->set_timestamp(stampMark);

    Prepared prepared;
    prepared.bytes = message.SerializeAsString();
    prepared.stampAt = prepared.bytes.find(std::string(reinterpret_cast<const char *>(&stampMark), sizeof stampMark));
    const char offset[] = {0x30, char(0x80), char(0x80), char(0x80), char(0x80), 0x01}; // field 6, 2^28
    prepared.offsetAt = prepared.bytes.find(std::string(offset, sizeof offset)) + 1;
    return prepared;
}

class Writer final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
public:
    Writer(std::vector<Prepared> &messages, std::int64_t count, std::int64_t rate)
        : m_messages(messages)
        , m_count(count)
        , m_allowed(rate == 0 ? count : 0)
    {
        if (rate > 0)
            m_pacer = std::thread([this, rate] { pace(rate); });
        const std::lock_guard lock(m_mutex);
        advance();
    }

private:
    ~Writer() override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_over = true;
        }
        m_wake.notify_all();
        if (m_pacer.joinable())
            m_pacer.join();
    }

    void pace(std::int64_t rate)
    {
        const auto start = std::chrono::steady_clock::now();
        const auto step = std::max(std::chrono::nanoseconds(1'000'000), std::chrono::nanoseconds(1'000'000'000 / rate));
        std::unique_lock lock(m_mutex);
        for (std::int64_t tick = 1; !m_over && m_allowed < m_count; ++tick) {
            m_wake.wait_until(lock, start + step * tick, [this] { return m_over; });
            const auto elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            m_allowed = std::min<std::int64_t>(m_count, static_cast<std::int64_t>(elapsed * static_cast<double>(rate)));
            if (!m_over)
                advance();
        }
    }

    void OnWriteDone(bool ok) override
    {
        const std::lock_guard lock(m_mutex);
        m_writing = false;
        if (!ok)
            end();
        else
            advance();
    }

    void OnCancel() override
    {
        const std::lock_guard lock(m_mutex);
        if (!m_writing)
            end();
        m_count = m_sent;
    }

    void OnDone() override
    {
        std::thread([this] { delete this; }).detach(); // joins the pacer, which must not happen on a thread of gRPC
    }

    void advance()
    {
        if (m_writing || m_over)
            return;
        if (m_sent == m_count) {
            end();
            return;
        }
        if (m_sent == m_allowed)
            return;
        Prepared &message = m_messages[static_cast<std::size_t>(m_sent % ring)];
        const std::int64_t now = monotonicNow();
        std::memcpy(message.bytes.data() + message.stampAt, &now, sizeof now);
        auto offset = static_cast<std::uint64_t>(firstOffset + m_sent++);
        for (std::size_t i = 0; i < 5; ++i, offset >>= 7)
            message.bytes[message.offsetAt + i] = static_cast<char>((offset & 0x7f) | (i < 4 ? 0x80 : 0));
        const grpc::Slice slice(message.bytes);
        m_buffer = grpc::ByteBuffer(&slice, 1);
        m_writing = true;
        StartWrite(&m_buffer);
    }

    void end()
    {
        if (m_over)
            return;
        m_over = true;
        Finish(grpc::Status::OK);
    }

    std::vector<Prepared> &m_messages;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::thread m_pacer;
    grpc::ByteBuffer m_buffer;
    std::int64_t m_count;
    std::int64_t m_allowed;
    std::int64_t m_sent = 0;
    bool m_writing = false;
    bool m_over = false;
};

class IngestService final : public Service {
public:
    IngestService()
    {
        for (int i = 0; i < ring; ++i)
            m_messages.push_back(prepare(i));
    }

    grpc::ServerWriteReactor<grpc::ByteBuffer> *GetUpdates(
        grpc::CallbackServerContext *, const grpc::ByteBuffer *bytes) override
    {
        lapi::GetUpdatesRequest request;
        grpc::ByteBuffer copy(*bytes);
        (void)grpc::SerializationTraits<lapi::GetUpdatesRequest>::Deserialize(&copy, &request);
        return new Writer(m_messages, request.begin_exclusive(), request.end_inclusive());
    }

private:
    std::vector<Prepared> m_messages;
};

} // namespace

int runIngestServer()
{
    IngestService service;
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service);
    const auto server = builder.BuildAndStart();
    if (!server)
        return 1;
    std::cout << port << std::endl;
    std::string line;
    while (std::getline(std::cin, line)) { }
    server->Shutdown(std::chrono::system_clock::now());
    return 0;
}

} // namespace countersign::bench
