#include "app/practice/participant/updateservice.h"

#include "app/practice/participant/concat.h"
#include "app/practice/participant/projection.h"

#include <limits>

namespace countersign::participant {

namespace {

constexpr std::size_t BatchSize = 64;
// How long a stream sleeps before it looks again whether its reader has gone.
constexpr std::chrono::milliseconds LongestSleep {100};

using Steady = std::chrono::steady_clock;

/// One call of GetUpdates.
class UpdateStream final {
public:
    UpdateStream(grpc::ServerContext &context, grpc::ServerWriter<lapi::GetUpdatesResponse> &writer, const Ledger &ledger,
        const FaultGate &gate, StreamCounters &counters, UpdateSelection selection)
        : m_context(context)
        , m_writer(writer)
        , m_ledger(ledger)
        , m_gate(gate)
        , m_counters(counters)
        , m_selection(std::move(selection))
        , m_generation(gate.generation())
    {
        ++m_counters.open;
    }
    UpdateStream(const UpdateStream &) = delete;
    UpdateStream &operator=(const UpdateStream &) = delete;
    ~UpdateStream() { --m_counters.open; }

    Outcome<void> ascending(std::int64_t begin, std::int64_t end, bool bounded, std::chrono::milliseconds checkpointInterval);
    Outcome<void> descending(std::int64_t begin, std::int64_t end);

private:
    using Updates = std::vector<std::shared_ptr<const LedgerUpdate>>;

    [[nodiscard]] Outcome<void> goOn() const
    {
        return m_gate.goOn(m_generation, [this] { return m_context.IsCancelled(); });
    }
    Outcome<bool> send(const Updates &updates);
    bool write();
    bool checkpoint(std::int64_t offset);

    grpc::ServerContext &m_context;
    grpc::ServerWriter<lapi::GetUpdatesResponse> &m_writer;
    const Ledger &m_ledger;
    const FaultGate &m_gate;
    StreamCounters &m_counters;
    const UpdateSelection m_selection;
    const std::uint64_t m_generation;
    lapi::GetUpdatesResponse m_message;
};

// Without grpc::WriteOptions::set_buffer_hint(): in gRPC 1.51 a stream that mixes hinted and plain writes now and then stalls for good.
bool UpdateStream::write()
{
    const bool written = m_writer.Write(m_message);
    m_counters.messages += written ? 1 : 0;
    return written;
}

// False: the reader is gone.
Outcome<bool> UpdateStream::send(const Updates &updates)
{
    const ProjectionContext context {m_ledger.synchronizerId(), m_ledger.participantId()};
    for (const std::shared_ptr<const LedgerUpdate> &update : updates) {
        m_message.Clear();
        if (!projectUpdate(*update, m_selection, context, m_message)) {
            continue;
        }
        if (auto open = goOn(); !open) {
            return std::unexpected(open.error());
        }
        if (!write()) {
            return false;
        }
    }
    return true;
}

bool UpdateStream::checkpoint(std::int64_t offset)
{
    m_message.Clear();
    lapi::OffsetCheckpoint *checkpoint = m_message.mutable_offset_checkpoint();
    checkpoint->set_offset(offset);
    lapi::SynchronizerTime *time = checkpoint->add_synchronizer_times();
    time->set_synchronizer_id(m_ledger.synchronizerId());
    encodeTimestamp(m_ledger.now(), *time->mutable_record_time());
    return write();
}

Outcome<void> UpdateStream::ascending(
    std::int64_t begin, std::int64_t end, bool bounded, std::chrono::milliseconds checkpointInterval)
{
    std::int64_t position = begin;
    Steady::time_point nextCheckpoint = Steady::now() + checkpointInterval;
    while (!m_context.IsCancelled()) {
        if (auto open = goOn(); !open) {
            return open;
        }
        const auto batch = m_ledger.updates(position, end, BatchSize);
        if (!batch) {
            return std::unexpected(batch.error());
        }
        const auto sent = send(*batch);
        if (!sent) {
            return std::unexpected(sent.error());
        }
        if (!*sent) {
            return {};
        }
        if (!batch->empty()) {
            position = batch->back()->offset;
        }
        if (bounded && position >= end) {
            return {};
        }
        const Steady::time_point now = Steady::now();
        if (now >= nextCheckpoint) {
            if (!checkpoint(position)) {
                return {};
            }
            nextCheckpoint = now + checkpointInterval;
        }
        if (batch->empty()) {
            const auto untilCheckpoint = std::chrono::ceil<std::chrono::milliseconds>(nextCheckpoint - now);
            m_ledger.waitBeyond(position, std::min(LongestSleep, untilCheckpoint));
        }
    }
    return {};
}

Outcome<void> UpdateStream::descending(std::int64_t begin, std::int64_t end)
{
    std::int64_t position = end;
    while (!m_context.IsCancelled()) {
        const auto batch = m_ledger.updatesDescending(begin, position, BatchSize);
        if (!batch) {
            return std::unexpected(batch.error());
        }
        if (batch->empty()) {
            return {};
        }
        const auto sent = send(*batch);
        if (!sent) {
            return std::unexpected(sent.error());
        }
        if (!*sent) {
            return {};
        }
        position = batch->back()->offset - 1;
    }
    return {};
}

CantonError afterLedgerEnd(std::string_view which, std::int64_t offset, std::int64_t end)
{
    return {errors::OffsetAfterLedgerEnd, concat(which, " offset (", offset, ") is after ledger end (", end, ")")};
}

} // namespace

Outcome<void> UpdateService::checkRange(const lapi::GetUpdatesRequest &request) const
{
    const std::int64_t begin = request.begin_exclusive();
    const std::int64_t ledgerEnd = m_ledger.head().end;
    if (begin < 0) {
        return std::unexpected(CantonError {errors::NegativeOffset,
            concat("Offset ", begin, " in begin_exclusive is a negative integer: the offset in begin_exclusive field has to be a "
                   "non-negative integer (>=0)")});
    }
    if (request.descending_order() && !request.has_end_inclusive()) {
        return std::unexpected(
            CantonError {errors::DescendingOrderMissingEnd, "end_inclusive is not provided when descending_order is true"});
    }
    if (request.has_end_inclusive() && request.end_inclusive() < 1) {
        return std::unexpected(CantonError {errors::NonPositiveOffset,
            concat("Offset ", request.end_inclusive(), " in end_inclusive is not a positive integer: the offset has to be either a "
                   "positive integer (>0) or not defined at all")});
    }
    if (begin > ledgerEnd) {
        return std::unexpected(afterLedgerEnd("Begin", begin, ledgerEnd));
    }
    if (!request.has_end_inclusive()) {
        return {};
    }
    if (request.end_inclusive() > ledgerEnd) {
        return std::unexpected(afterLedgerEnd("End", request.end_inclusive(), ledgerEnd));
    }
    if (request.end_inclusive() < begin) {
        return std::unexpected(CantonError {errors::OffsetOutOfRange,
            concat("End offset ", request.end_inclusive(), " is before begin offset ", begin)});
    }
    return {};
}

grpc::Status UpdateService::GetUpdates(grpc::ServerContext *context, const lapi::GetUpdatesRequest *request,
    grpc::ServerWriter<lapi::GetUpdatesResponse> *writer)
{
    return m_guard.serve(*context, Access::Read, [&]() -> Outcome<void> {
        if (!request->has_update_format()) {
            return std::unexpected(CantonError {errors::MissingField,
                "The submitted command is missing a mandatory field: update_format", {{"field_name", "update_format"}}});
        }
        if (auto range = checkRange(*request); !range) {
            return range;
        }
        auto selection = UpdateSelection::compile(request->update_format(), m_ledger.registry());
        if (!selection) {
            return std::unexpected(selection.error());
        }
        UpdateStream stream(*context, *writer, m_ledger, m_guard.gate(), m_counters, std::move(*selection));
        const std::int64_t end
            = request->has_end_inclusive() ? request->end_inclusive() : std::numeric_limits<std::int64_t>::max();
        return request->descending_order()
            ? stream.descending(request->begin_exclusive(), end)
            : stream.ascending(request->begin_exclusive(), end, request->has_end_inclusive(), m_checkpointInterval);
    });
}

} // namespace countersign::participant
