#include "backend/intents/intentexplanation.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

QString handler(const IntentStore &store, const IntentRow &row)
{
    const QString relayer = store.texts().relayers.text(row.relayer);
    return relayer.isEmpty() ? u"the leading relayer"_s : relayer;
}

IntentExplanation explainSettled(const IntentRow &row, const QString &why)
{
    IntentExplanation e;
    e.reason = why;
    switch (row.phase) {
    case IntentPhase::Acknowledged:
        if (row.has(IntentFlag::Contradicted)) {
            e.next = u"nothing by itself: look for the transaction on the chain, and correct the ledger's receipt if it does not come back"_s;
            e.needsPerson = true;
        } else {
            e.reason = u"executed and acknowledged on the ledger"_s;
            e.next = u"nothing; it is done"_s;
        }
        break;
    case IntentPhase::Failed:
        e.reason = why.isEmpty() ? u"the execution failed, and the receipt gives no reason"_s : QString(u"the execution failed: "_s + why);
        e.next = u"nothing by itself: the issuer decides whether to request it again"_s;
        e.needsPerson = true;
        break;
    case IntentPhase::Expired:
        e.reason = why.isEmpty() ? u"its deadline passed before it was executed"_s : QString(u"its deadline passed: "_s + why);
        e.next = u"nothing by itself: the issuer may request it again with a later deadline"_s;
        break;
    case IntentPhase::Rejected:
        e.reason = why.isEmpty() ? u"it was rejected, and nobody gave a reason"_s : why;
        e.next = u"nothing; it will not be executed"_s;
        break;
    default:
        break;
    }
    return e;
}

IntentExplanation explainOpen(const IntentStore &store, const IntentRow &row, const QString &why)
{
    IntentExplanation e;
    const QString who = handler(store, row);
    switch (row.phase) {
    case IntentPhase::Created:
        e.reason = u"it waits for its issuer's authorisation on the ledger"_s;
        e.next = u"once it is authorised, the leading relayer takes it up"_s;
        e.needsPerson = true;
        break;
    case IntentPhase::Authorised:
        e.reason = u"it is authorised, and no relayer has taken it up yet"_s;
        e.next = u"the leading relayer reads it from the ledger and queues it"_s;
        break;
    case IntentPhase::Queued:
        e.reason = row.has(IntentFlag::Retrying) ? QString(u"attempt %1 failed: "_s.arg(row.attempts) + (why.isEmpty() ? u"no reason was logged"_s : why))
                                                 : u"it waits for its turn in the queue of "_s + who;
        e.next = row.has(IntentFlag::Retrying) ? QString(who + u" tries again, or gives up and writes a receipt with the reason"_s)
                                               : QString(who + u" submits its transaction"_s);
        break;
    case IntentPhase::Submitted:
        e.reason = why.isEmpty() ? u"its transaction was sent and is not mined yet"_s : why;
        e.next = u"a block includes the transaction"_s;
        break;
    case IntentPhase::Mined:
        e.reason = u"it was executed, and waits for confirmations"_s;
        e.next = who + u" acknowledges it when enough blocks stand upon it"_s;
        break;
    case IntentPhase::Final:
        e.reason = u"it is final on the chain, and the ledger does not know yet"_s;
        e.next = who + u" exercises the acknowledgement on the ledger"_s;
        break;
    default:
        break;
    }
    return e;
}

} // namespace

IntentExplanation explainIntent(const IntentStore &store, quint32 at, const IntentSurroundings &surroundings)
{
    const IntentRow row = store.row(at);
    const QString why = store.reason(at);
    const QString party = store.texts().parties.text(row.party);
    if (row.settled()) {
        IntentExplanation e = explainSettled(row, why);
        const bool refused = row.phase == IntentPhase::Failed || row.phase == IntentPhase::Rejected;
        if (refused && surroundings.revokedParties.contains(party))
            e.reason += u"; the key of “%1” is revoked"_s.arg(party);
        return e;
    }
    IntentExplanation e = explainOpen(store, row, why);
    const bool onChain = row.phase >= IntentPhase::Mined;
    if (!onChain && surroundings.revokedParties.contains(party)) {
        e.reason = u"the key of “%1” is revoked: the vault refuses its intents"_s.arg(party);
        e.next = u"it fails or expires, unless a key is registered for the party again"_s;
        e.needsPerson = true;
    } else if (!onChain && row.deadline != 0 && Timestamp::fromSeconds(row.deadline) < surroundings.now) {
        e.reason = u"its deadline has passed: the vault refuses it now"_s;
        e.next = u"the relayer writes a receipt that says expired"_s;
    } else if (!surroundings.hasLeader && row.phase >= IntentPhase::Authorised) {
        e.reason = u"no relayer leads; before that: "_s + e.reason;
        e.next = u"the relayers elect a leader, which goes on with it"_s;
    } else if (row.has(IntentFlag::Stuck)) {
        const auto usual = store.statistics().phase(RouteStatistics::route(row.vault, row.chain), row.phase);
        if (usual && usual->count >= store.stuckRule().samples)
            e.reason += u"; this takes at most %1 s on its route as a rule"_s.arg(std::chrono::duration_cast<std::chrono::seconds>(usual->p95).count() + 1);
        else
            e.reason += u"; it has been so for longer than it should"_s;
    }
    return e;
}

} // namespace countersign
