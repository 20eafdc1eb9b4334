#include "backend/intents/evidencebook.h"

#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

using Records = std::vector<EvidenceRecord>;

bool hasLiveExecution(const IntentEvidence &evidence, QByteArrayView transaction)
{
    return std::ranges::any_of(evidence.records, [&](const EvidenceRecord &r) {
        return r.kind == FactKind::Executed && !r.retracted && (transaction.isEmpty() || evidence.text(r.reference) == transaction);
    });
}

/// A relayer's confirmation names no block hash: it falls with the block of its number and transaction, unless the transaction was
/// executed again elsewhere.
bool standsOnTakenBlock(const IntentEvidence &evidence, const EvidenceRecord &confirmed)
{
    const QByteArrayView transaction = evidence.text(confirmed.reference);
    if (hasLiveExecution(evidence, transaction))
        return false;
    return std::ranges::any_of(evidence.records, [&](const EvidenceRecord &r) {
        return r.kind == FactKind::Executed && r.retracted && evidence.text(r.reference) == transaction
            && (confirmed.position == 0 || r.position == confirmed.position);
    });
}

/// Later time first, then any order that arrival cannot change.
bool isLater(const EvidenceRecord &a, const EvidenceRecord &b)
{
    return std::pair(a.time, a.identity) > std::pair(b.time, b.identity);
}

void earliest(qint64 &kept, qint64 time)
{
    if (time != 0 && (kept == 0 || time < kept))
        kept = time;
}

QString reasonOf(const IntentEvidence &evidence, const EvidenceRecord *record)
{
    return record == nullptr ? QString() : QString::fromUtf8(evidence.text(record->reason));
}

IntentPhase phaseOf(FactOutcome outcome)
{
    switch (outcome) {
    case FactOutcome::Failed:
        return IntentPhase::Failed;
    case FactOutcome::Expired:
        return IntentPhase::Expired;
    case FactOutcome::Rejected:
        return IntentPhase::Rejected;
    case FactOutcome::None:
    case FactOutcome::Executed:
        break;
    }
    return IntentPhase::Acknowledged;
}

/// The facts that decide, found in one pass.
struct Deciding {
    const EvidenceRecord *receipt = nullptr; ///< of the ledger
    const EvidenceRecord *acknowledged = nullptr; ///< of a relayer
    const EvidenceRecord *failure = nullptr; ///< the last one
    const EvidenceRecord *closed = nullptr;
    const EvidenceRecord *handler = nullptr; ///< the last that names a relayer
    qint64 lastSubmitted = 0;
    qint64 first = 0;
    qint64 requested = 0;
    quint16 submissions = 0;
    bool taken = false; ///< a reorganisation took something back
    std::array<bool, intentRoadLength> reached{};
};

Deciding survey(const IntentEvidence &evidence, IntentState &state)
{
    Deciding d;
    const auto last = [](const EvidenceRecord *&kept, const EvidenceRecord &record) {
        if (kept == nullptr || isLater(record, *kept))
            kept = &record;
    };
    for (const EvidenceRecord &record : evidence.records) {
        if (record.kind == FactKind::Executed && record.retracted) {
            d.taken = true;
            continue;
        }
        earliest(d.first, record.time);
        if (record.relayer != 0)
            last(d.handler, record);
        if (record.kind == FactKind::Confirmed && standsOnTakenBlock(evidence, record))
            continue;
        if (record.kind == FactKind::Receipted)
            last(d.receipt, record);
        else if (record.kind == FactKind::RelayerAcknowledged)
            last(d.acknowledged, record);
        else if (record.kind == FactKind::AttemptFailed)
            last(d.failure, record);
        else if (record.kind == FactKind::RequestClosed)
            last(d.closed, record);
        if (record.kind == FactKind::Requested)
            earliest(d.requested, record.time);
        if (record.kind == FactKind::Submitted) {
            d.lastSubmitted = std::max(d.lastSubmitted, record.time);
            ++d.submissions;
        }
        if (const auto phase = phaseOf(record.kind)) {
            d.reached[indexOf(*phase)] = true;
            earliest(state.entries[indexOf(*phase)], record.time);
        }
    }
    return d;
}

void applyOutcome(const IntentEvidence &evidence, const Deciding &d, const EvidenceRecord &outcome, IntentState &state)
{
    state.phase = phaseOf(outcome.outcome);
    state.since = outcome.time;
    if (state.phase == IntentPhase::Acknowledged) {
        state.entries[indexOf(IntentPhase::Acknowledged)] = outcome.time;
        if (d.taken && !hasLiveExecution(evidence, {})) {
            state.flags |= bit(IntentFlag::Contradicted);
            state.reason = u"the ledger says executed, but the block that executed it has left the chain"_s;
        }
        return;
    }
    state.reason = reasonOf(evidence, &outcome);
    if (state.reason.isEmpty())
        state.reason = reasonOf(evidence, d.acknowledged);
    if (state.reason.isEmpty())
        state.reason = reasonOf(evidence, d.failure);
}

void applyRoad(const IntentEvidence &evidence, const Deciding &d, IntentState &state)
{
    std::size_t furthest = 0;
    for (std::size_t i = 0; i < intentRoadLength; ++i) {
        if (d.reached[i])
            furthest = i;
    }
    const bool seenLater = furthest > indexOf(IntentPhase::Created);
    if (d.closed != nullptr && !seenLater) {
        state.phase = IntentPhase::Rejected;
        state.since = d.closed->time;
        state.reason = u"withdrawn by the issuer before it was authorised"_s;
        return;
    }
    state.phase = allIntentPhases[furthest];
    for (std::size_t i = 0; i <= furthest; ++i) { // what was reached at an unknown time was reached after what came before
        if (state.entries[i] != 0)
            state.since = state.entries[i];
    }
    if (d.failure != nullptr && state.phase < IntentPhase::Mined && d.failure->time >= d.lastSubmitted) {
        state.flags |= bit(IntentFlag::Retrying);
        state.reason = reasonOf(evidence, d.failure);
        if (state.phase == IntentPhase::Submitted) { // its transaction is lost: it waits for the next attempt
            state.phase = IntentPhase::Queued;
            state.since = d.failure->time;
        }
    } else if (d.taken && state.phase < IntentPhase::Mined) {
        state.reason = u"its block was reorganised away; the transaction must be mined again"_s;
    }
}

} // namespace

IntentState foldEvidence(const IntentEvidence &evidence)
{
    IntentState state;
    const Deciding d = survey(evidence, state);
    state.created = d.requested != 0 ? d.requested : d.first;
    if (state.entries[0] == 0)
        state.entries[0] = state.created;
    const quint16 attempts = std::max(d.submissions, d.failure == nullptr ? quint16(0) : d.failure->number);
    state.attempts = static_cast<quint8>(std::min<quint16>(attempts, 255));
    if (d.taken)
        state.flags |= bit(IntentFlag::Reorganised);
    if (!evidence.named)
        state.flags |= bit(IntentFlag::ChainOnly);
    const EvidenceRecord *outcome = d.receipt != nullptr ? d.receipt : d.acknowledged;
    if (d.handler != nullptr)
        state.relayer = d.receipt != nullptr && d.receipt->relayer != 0 ? d.receipt->relayer : d.handler->relayer;
    if (outcome != nullptr)
        applyOutcome(evidence, d, *outcome, state);
    else
        applyRoad(evidence, d, state);
    if (state.since == 0)
        state.since = state.created;
    return state;
}

} // namespace countersign
