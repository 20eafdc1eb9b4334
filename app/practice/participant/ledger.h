#pragma once

#include "app/practice/participant/deduplication.h"
#include "app/practice/participant/submission.h"

#include "backend/types/clock.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <unordered_map>

namespace countersign::participant {

struct LedgerSettings {
    std::string participant = "participant"; ///< name; the namespace of its parties follows from it
    std::size_t retainedUpdates = 200'000; ///< older ones are pruned
    std::chrono::microseconds maxDeduplication = std::chrono::hours(24);
};

struct LedgerHead {
    std::int64_t end = 0; ///< offset of the latest update; 0 when there is none
    std::int64_t prunedUpTo = 0; ///< inclusive
    std::uint64_t updates = 0; ///< ever made
    std::size_t activeContracts = 0;
};

/// The participant's ledger: parties, contracts, and the updates that led to them. Any thread may call any method.
class Ledger final {
public:
    /// \p clock must outlive the ledger.
    Ledger(std::vector<PackageSpec> packages, LedgerSettings settings, const Clock &clock);
    Ledger(const Ledger &) = delete;
    Ledger &operator=(const Ledger &) = delete;
    ~Ledger() = default;

    [[nodiscard]] const TemplateRegistry &registry() const { return m_registry; }
    [[nodiscard]] const std::string &participantId() const { return m_participantId; } ///< name::fingerprint
    [[nodiscard]] const std::string &synchronizerId() const { return m_synchronizerId; }
    [[nodiscard]] Timestamp now() const { return m_clock.now(); }

    /// `hint::fingerprint`. Errors: INVALID_ARGUMENT for a hint that exists or is not one.
    Outcome<std::string> allocateParty(const std::string &hint);
    [[nodiscard]] std::vector<std::string> parties() const; ///< in alphabetical order
    [[nodiscard]] bool isKnownParty(const std::string &party) const;

    /// Runs the commands and appends the update, or changes nothing. Errors: DUPLICATE_COMMAND, NO_SYNCHRONIZER_ON_WHICH_…,
    /// INVALID_DEDUPLICATION_PERIOD and those of interpret().
    Outcome<std::shared_ptr<const LedgerUpdate>> submit(const Submission &submission);

    [[nodiscard]] LedgerHead head() const;

    /// At most \p limit updates with `after < offset <= through`, oldest first. Error: PARTICIPANT_PRUNED_DATA_ACCESSED.
    [[nodiscard]] Outcome<std::vector<std::shared_ptr<const LedgerUpdate>>> updates(
        std::int64_t after, std::int64_t through, std::size_t limit) const;
    /// The same from the end: `after < offset <= through`, newest first.
    [[nodiscard]] Outcome<std::vector<std::shared_ptr<const LedgerUpdate>>> updatesDescending(
        std::int64_t after, std::int64_t through, std::size_t limit) const;

    /// Contracts that were active at \p offset, in the order of their creation. Errors: OFFSET_AFTER_LEDGER_END,
    /// PARTICIPANT_PRUNED_DATA_ACCESSED.
    [[nodiscard]] Outcome<std::vector<std::shared_ptr<const Contract>>> activeAt(std::int64_t offset) const;

    /// Forgets updates up to \p offset. Error: OFFSET_OUT_OF_RANGE when it is not below the ledger end.
    Outcome<void> prune(std::int64_t offset);

    /// Returns when there is an update after \p offset, at wake(), or after \p timeout.
    void waitBeyond(std::int64_t offset, std::chrono::milliseconds timeout) const;
    void wake() const { m_changed.notify_all(); }

private:
    struct ContractEntry {
        std::shared_ptr<const Contract> contract;
        std::int64_t archivedOffset = 0; ///< 0 while active
    };

    [[nodiscard]] std::shared_ptr<LedgerUpdate> beginUpdate();
    void append(std::shared_ptr<const LedgerUpdate> update);
    [[nodiscard]] Outcome<void> checkNotPruned(std::int64_t offset) const;
    [[nodiscard]] std::size_t indexAfter(std::int64_t offset) const;
    void pruneTo(std::int64_t offset);

    const Clock &m_clock;
    const LedgerSettings m_settings;
    const TemplateRegistry m_registry;
    const std::string m_namespace;
    const std::string m_participantId;
    const std::string m_synchronizerId;
    const std::string m_seed;

    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    PartySet m_parties;
    std::deque<std::shared_ptr<const LedgerUpdate>> m_updates;
    std::deque<ContractEntry> m_contracts; ///< in the order of creation
    std::unordered_map<std::string, ContractEntry *> m_active;
    Deduplication m_deduplication;
    std::int64_t m_end = 0;
    std::int64_t m_prunedUpTo = 0;
    std::uint64_t m_updateCount = 0;
    std::uint64_t m_nextContract = 0;
    Timestamp m_lastRecordTime;
};

} // namespace countersign::participant
