#include "app/practice/participant/ledger.h"

#include "app/practice/participant/concat.h"
#include "app/practice/participant/derivedid.h"
#include "app/practice/participant/interpreter.h"

#include <algorithm>

namespace countersign::participant {

namespace {

constexpr std::string_view MultihashSha256 = "1220"; // sha2-256, 32 bytes

std::string fingerprint(std::string_view of)
{
    return concat(MultihashSha256, derivedId("namespace", of, 0));
}

} // namespace

Ledger::Ledger(std::vector<PackageSpec> packages, LedgerSettings settings, const Clock &clock)
    : m_clock(clock)
    , m_settings(std::move(settings))
    , m_registry(std::move(packages))
    , m_namespace(fingerprint(m_settings.participant))
    , m_participantId(concat(m_settings.participant, "::", m_namespace))
    , m_synchronizerId(concat("practice::", fingerprint("practice synchronizer")))
    , m_seed(concat(m_participantId, "@", clock.now().micros()))
    , m_deduplication(m_settings.maxDeduplication, m_settings.retainedUpdates)
{
}

Outcome<std::string> Ledger::allocateParty(const std::string &hint)
{
    const std::string party = concat(hint, "::", m_namespace);
    const std::lock_guard lock(m_mutex);
    if (hint.empty() || hint.contains("::") || hint.size() > 185 || !isPartyText(hint)) {
        return std::unexpected(CantonError {errors::InvalidArgument,
            concat("The submitted request has invalid arguments: Invalid party hint '", hint, "'")});
    }
    if (m_parties.contains(party)) {
        return std::unexpected(CantonError {errors::InvalidArgument,
            concat("The submitted request has invalid arguments: Party already exists: party ", party,
                " is already allocated on this node")});
    }
    const std::shared_ptr<LedgerUpdate> update = beginUpdate();
    update->allocatedParty = party;
    m_parties.insert(party);
    append(update);
    return party;
}

std::vector<std::string> Ledger::parties() const
{
    const std::lock_guard lock(m_mutex);
    return {m_parties.begin(), m_parties.end()};
}

bool Ledger::isKnownParty(const std::string &party) const
{
    const std::lock_guard lock(m_mutex);
    return m_parties.contains(party);
}

std::shared_ptr<LedgerUpdate> Ledger::beginUpdate()
{
    auto update = std::make_shared<LedgerUpdate>();
    update->offset = m_end + 1;
    update->updateId = concat(MultihashSha256, derivedId("update", m_seed, static_cast<std::uint64_t>(update->offset)));
    // Record time never goes back, whatever the clock does.
    update->recordTime = std::max(m_clock.now(), m_lastRecordTime + std::chrono::microseconds(1));
    return update;
}

void Ledger::append(std::shared_ptr<const LedgerUpdate> update)
{
    m_end = update->offset;
    m_lastRecordTime = update->recordTime;
    ++m_updateCount;
    m_updates.push_back(std::move(update));
    if (m_updates.size() > m_settings.retainedUpdates) {
        // A tenth at a time, so that the scan over the contracts is rare.
        pruneTo(m_updates[m_settings.retainedUpdates / 10]->offset);
    }
    m_changed.notify_all();
}

Outcome<std::shared_ptr<const LedgerUpdate>> Ledger::submit(const Submission &submission)
{
    const std::lock_guard lock(m_mutex);
    for (const std::string &party : submission.actAs) {
        if (!m_parties.contains(party)) {
            return std::unexpected(CantonError {errors::CannotSubmit,
                concat("This participant cannot submit as the given submitter on any connected synchronizer: ", party)});
        }
    }
    const std::shared_ptr<LedgerUpdate> update = beginUpdate();
    if (auto fresh = m_deduplication.check(submission, update->recordTime, m_prunedUpTo); !fresh) {
        return std::unexpected(fresh.error());
    }
    const InterpreterView view {
        m_registry,
        [this](const std::string &id) {
            const auto found = m_active.find(id);
            return found == m_active.end() ? nullptr : found->second->contract;
        },
        [this](const std::string &party) { return m_parties.contains(party); },
        [this] {
            const std::uint64_t number = m_nextContract++;
            return concat("00", derivedId("contract", m_seed, number), "ca12", MultihashSha256,
                derivedId("contract suffix", m_seed, number));
        },
        update->recordTime,
    };
    auto interpretation = interpret(submission, view);
    if (!interpretation) {
        return std::unexpected(interpretation.error());
    }
    update->commandId = submission.commandId;
    update->submissionId = submission.submissionId;
    update->workflowId = submission.workflowId;
    update->actAs = submission.actAs;
    update->nodes = std::move(interpretation->nodes);
    for (const std::shared_ptr<Contract> &contract : interpretation->created) {
        contract->createdOffset = update->offset;
        m_contracts.push_back({contract, 0});
        ContractEntry &entry = m_contracts.back();
        m_active.emplace(contract->id, &entry);
    }
    for (const std::string &id : interpretation->archived) {
        const auto found = m_active.find(id);
        found->second->archivedOffset = update->offset;
        m_active.erase(found);
    }
    m_deduplication.remember(submission, update->recordTime, update->offset);
    append(update);
    return update;
}

LedgerHead Ledger::head() const
{
    const std::lock_guard lock(m_mutex);
    return {m_end, m_prunedUpTo, m_updateCount, m_active.size()};
}

Outcome<void> Ledger::checkNotPruned(std::int64_t offset) const
{
    if (offset >= m_prunedUpTo) {
        return {};
    }
    return std::unexpected(CantonError {errors::PrunedDataAccessed,
        concat("Request from ", offset, " precedes pruned offset ", m_prunedUpTo),
        {{"earliest_offset", std::to_string(m_prunedUpTo)}}});
}

std::size_t Ledger::indexAfter(std::int64_t offset) const
{
    const auto at = std::ranges::upper_bound(m_updates, offset, {}, [](const auto &update) { return update->offset; });
    return static_cast<std::size_t>(at - m_updates.begin());
}

Outcome<std::vector<std::shared_ptr<const LedgerUpdate>>> Ledger::updates(
    std::int64_t after, std::int64_t through, std::size_t limit) const
{
    const std::lock_guard lock(m_mutex);
    if (auto kept = checkNotPruned(after); !kept) {
        return std::unexpected(kept.error());
    }
    std::vector<std::shared_ptr<const LedgerUpdate>> found;
    const std::size_t last = indexAfter(through);
    for (std::size_t i = indexAfter(after); i < last && found.size() < limit; ++i) {
        found.push_back(m_updates[i]);
    }
    return found;
}

Outcome<std::vector<std::shared_ptr<const LedgerUpdate>>> Ledger::updatesDescending(
    std::int64_t after, std::int64_t through, std::size_t limit) const
{
    const std::lock_guard lock(m_mutex);
    if (auto kept = checkNotPruned(after); !kept) {
        return std::unexpected(kept.error());
    }
    std::vector<std::shared_ptr<const LedgerUpdate>> found;
    const std::size_t first = indexAfter(after);
    for (std::size_t i = indexAfter(through); i > first && found.size() < limit; --i) {
        found.push_back(m_updates[i - 1]);
    }
    return found;
}

Outcome<std::vector<std::shared_ptr<const Contract>>> Ledger::activeAt(std::int64_t offset) const
{
    const std::lock_guard lock(m_mutex);
    if (offset > m_end) {
        return std::unexpected(CantonError {errors::OffsetAfterLedgerEnd,
            concat("active_at_offset offset (", offset, ") is after ledger end (", m_end, ")")});
    }
    if (auto kept = checkNotPruned(offset); !kept && offset != 0) {
        return std::unexpected(kept.error());
    }
    std::vector<std::shared_ptr<const Contract>> active;
    for (const ContractEntry &entry : m_contracts) {
        if (entry.contract->createdOffset > offset) {
            break;
        }
        if (entry.archivedOffset == 0 || entry.archivedOffset > offset) {
            active.push_back(entry.contract);
        }
    }
    return active;
}

Outcome<void> Ledger::prune(std::int64_t offset)
{
    const std::lock_guard lock(m_mutex);
    if (offset < 1 || offset >= m_end) {
        return std::unexpected(CantonError {errors::OffsetOutOfRange,
            concat("prune_up_to needs to be positive and before the ledger end (", m_end, "), but was ", offset)});
    }
    if (offset > m_prunedUpTo) {
        pruneTo(offset);
        m_changed.notify_all();
    }
    return {};
}

void Ledger::pruneTo(std::int64_t offset)
{
    m_prunedUpTo = offset;
    m_updates.erase(m_updates.begin(), m_updates.begin() + static_cast<std::ptrdiff_t>(indexAfter(offset)));
    std::erase_if(m_contracts,
        [offset](const ContractEntry &entry) { return entry.archivedOffset != 0 && entry.archivedOffset <= offset; });
    // The entries moved.
    m_active.clear();
    for (ContractEntry &entry : m_contracts) {
        if (entry.archivedOffset == 0) {
            m_active.emplace(entry.contract->id, &entry);
        }
    }
}

void Ledger::waitBeyond(std::int64_t offset, std::chrono::milliseconds timeout) const
{
    std::unique_lock lock(m_mutex);
    if (m_end <= offset) {
        m_changed.wait_for(lock, timeout);
    }
}

} // namespace countersign::participant
