#include "backend/proposals/compose/noncechoice.h"

#include "backend/proposals/compose/creations.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

Uint256 after(const Uint256 &nonce)
{
    return nonce.checkedAdd(Uint256(1)).value_or(Uint256());
}

const ExchangeItem *itemOfEnvelope(const ExchangeSnapshot &queue, const Hash32 &envelope)
{
    const auto found = std::ranges::find_if(
        queue.items, [&envelope](const ExchangeItem &item) { return item.proposal.envelopeDigest() == envelope; });
    return found == queue.items.end() ? nullptr : &*found;
}

// The latest nonce, on this Safe, of what the request waits for.
std::optional<Uint256> lastDependedOn(const ComposeRequest &request, const ExchangeSnapshot &queue, const SafeState &safe)
{
    std::optional<Uint256> last;
    for (const Hash32 &hash : request.dependsOn) {
        const ExchangeItem *item = queue.find(hash);
        if (!item || item->proposal.chainId != safe.chainId || item->proposal.safe != safe.safe)
            continue;
        const Uint256 &nonce = item->proposal.transaction.nonce;
        last = last ? std::max(*last, nonce) : nonce;
    }
    return last;
}

const NonceSlot *slotOf(const NonceLane &lane, const Uint256 &nonce)
{
    const auto found = std::ranges::find(lane.nonces, nonce, &NonceSlot::nonce);
    return found == lane.nonces.end() ? nullptr : &*found;
}

bool createsAsSafe(const ExchangeItem &item)
{
    const Proposal &proposal = item.proposal;
    const auto creations = creationsOf(proposal.transaction, proposal.safe, proposal.chainId);
    return std::ranges::any_of(
        creations, [&proposal](const SafeCreation &creation) { return creation.creator == proposal.safe; });
}

} // namespace

NonceChoice chooseNonce(
    const ComposeRequest &request, const ExchangeSnapshot &queue, const SafeState &safe, Timestamp now)
{
    SafeFacts facts;
    facts.state = safe;
    const NonceLane lane = NonceLane::of(queue, facts, now);
    const auto last = lastDependedOn(request, queue, safe);
    NonceChoice choice;
    const auto refuse = [&choice, &safe](const QString &field, const QString &message) {
        choice.problems.append({-1, field, message, safe.chainId});
    };

    const ExchangeItem *earlier = nullptr;
    if (!request.replaces.isZero()) {
        earlier = queue.find(request.replaces);
        if (!earlier)
            refuse(u"replaces"_s, u"The proposal that is to be replaced is not in the queue"_s);
    } else if (!request.previousEnvelope.isZero()) {
        earlier = itemOfEnvelope(queue, request.previousEnvelope);
        if (!earlier)
            refuse(u"previousEnvelope"_s, u"The proposal that is to be edited is not in the queue"_s);
    }
    if (earlier && (earlier->proposal.chainId != safe.chainId || earlier->proposal.safe != safe.safe)) {
        refuse(u"chains"_s, u"The earlier proposal is of another chain or Safe"_s);
        earlier = nullptr;
    }

    if (request.nonce) {
        choice.nonce = *request.nonce;
    } else if (earlier) {
        choice.nonce = earlier->proposal.transaction.nonce;
    } else {
        choice.nonce = lane.nextFree;
        if (last && choice.nonce <= *last)
            choice.nonce = after(*last);
        for (const NonceSlot *slot = slotOf(lane, choice.nonce); slot && slot->isOpen && last; slot = slotOf(lane, choice.nonce))
            choice.nonce = after(choice.nonce);
    }
    if (earlier && choice.nonce != earlier->proposal.transaction.nonce)
        refuse(u"nonce"_s, u"What replaces or edits a proposal has its nonce, %1"_s.arg(earlier->proposal.transaction.nonce.toDecimal()));
    if (choice.nonce < lane.current)
        refuse(u"nonce"_s, u"The Safe has used nonce %1 already; the next is %2"_s.arg(choice.nonce.toDecimal(), lane.current.toDecimal()));
    if (last && choice.nonce <= *last)
        refuse(u"nonce"_s, u"It depends on a proposal with nonce %1, which must come before"_s.arg(last->toDecimal()));

    for (const Hash32 &hash : request.dependsOn) {
        const ExchangeItem *item = queue.find(hash);
        if (item && (item->proposal.chainId != safe.chainId || item->proposal.safe != safe.safe))
            choice.notes.append(u"Nothing on the chain holds this back until \"%1\" is executed elsewhere"_s.arg(item->proposal.title));
    }
    if (lane.nextFree < choice.nonce)
        choice.notes.append(u"Nonce %1 is free: this waits until something has used it"_s.arg(lane.nextFree.toDecimal()));
    if (const NonceSlot *slot = slotOf(lane, choice.nonce); slot && slot->isOpen && request.previousEnvelope.isZero())
        choice.notes.append(u"Another proposal has nonce %1: only one of them can be executed"_s.arg(choice.nonce.toDecimal()));
    for (const NonceSlot &slot : lane.nonces) {
        if (!slot.isOpen || slot.nonce >= choice.nonce)
            continue;
        for (const Hash32 &hash : slot.proposals) {
            const ExchangeItem *item = queue.find(hash);
            choice.isQueueCreating = choice.isQueueCreating || (item && createsAsSafe(*item));
        }
    }
    return choice;
}

} // namespace countersign
