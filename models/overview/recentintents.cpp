#include "models/overview/recentintents.h"

#include "backend/types/strings.h"

#include <QHash>

#include <algorithm>

namespace countersign {

namespace {

/// Rows come nearly in the order of their creation: from the newest back.
template<class Visit>
void visitRecent(const IntentStore &store, Visit visit)
{
    const quint32 end = store.size();
    const quint32 begin = end > recentRows ? end - recentRows : 0;
    for (quint32 row = end; row-- > begin;)
        visit(store.columns(row >> IntentColumns::bits), row & (IntentColumns::rows - 1));
}

bool concernsParty(const QString &reason)
{
    return reason.contains(u"KeyNotRegistered"_s) || reason.contains(u"UnauthorizedParty"_s);
}

} // namespace

double recentRate(const IntentStore &store, Timestamp now, std::chrono::seconds window)
{
    const qint64 from = (now - std::chrono::duration_cast<std::chrono::microseconds>(window)).micros();
    quint32 count = 0;
    visitRecent(store, [&](const IntentColumns &columns, std::size_t i) { count += columns.created[i] > from ? 1U : 0U; });
    return static_cast<double>(count) / static_cast<double>(window.count());
}

double recentRate(const IntentStore &store, Timestamp now, std::chrono::seconds window, const QString &chain)
{
    const auto code = store.texts().chains.find(chain);
    if (!code)
        return 0;
    const qint64 from = (now - std::chrono::duration_cast<std::chrono::microseconds>(window)).micros();
    quint32 count = 0;
    visitRecent(store, [&](const IntentColumns &columns, std::size_t i) {
        const IntentPhase phase = columns.phase[i];
        const qint64 entered = columns.created[i] + static_cast<qint64>(columns.since[i]) * 1000;
        const bool mined = phase == IntentPhase::Mined || phase == IntentPhase::Final || phase == IntentPhase::Acknowledged;
        count += columns.chain[i] == *code && mined && entered > from ? 1U : 0U;
    });
    return static_cast<double>(count) / static_cast<double>(window.count());
}

PartyStanding partyStanding(const IntentStore &store, const QString &party, Timestamp since)
{
    PartyStanding standing;
    const auto code = store.texts().parties.find(party);
    if (!code)
        return standing;
    visitRecent(store, [&](const IntentColumns &columns, std::size_t i) {
        if (columns.party[i] != *code)
            return;
        const IntentPhase phase = columns.phase[i];
        const qint64 entered = columns.created[i] + static_cast<qint64>(columns.since[i]) * 1000;
        standing.waiting += isSettled(phase) ? 0U : 1U;
        standing.refused += phase > IntentPhase::Acknowledged && entered >= since.micros() ? 1U : 0U;
    });
    return standing;
}

QVector<Refusal> recentRefusals(const IntentStore &store, Timestamp now)
{
    struct Seen {
        qint64 refused = 0; ///< the last time
        qint64 first = 0;
        qint64 executed = 0;
        quint32 reason = 0;
    };
    std::vector<quint8> concerned(store.texts().reasons.size(), 0);
    bool any = false;
    for (quint32 code = 1; code < concerned.size(); ++code) {
        concerned[code] = concernsParty(store.texts().reasons.text(code)) ? 1 : 0;
        any = any || concerned[code] != 0;
    }
    QVector<Refusal> refusals;
    if (!any)
        return refusals;
    const qint64 from = (now - std::chrono::minutes(10)).micros();
    QHash<quint16, Seen> parties;
    visitRecent(store, [&](const IntentColumns &columns, std::size_t i) {
        const qint64 entered = columns.created[i] + static_cast<qint64>(columns.since[i]) * 1000;
        if (entered < from || !isSettled(columns.phase[i]))
            return;
        Seen &seen = parties[columns.party[i]];
        if (columns.phase[i] == IntentPhase::Acknowledged) {
            seen.executed = std::max(seen.executed, entered);
        } else if (concerned[columns.reason[i]] != 0) {
            seen.first = seen.first == 0 ? entered : std::min(seen.first, entered);
            if (entered >= seen.refused) {
                seen.refused = entered;
                seen.reason = columns.reason[i];
            }
        }
    });
    for (auto it = parties.cbegin(); it != parties.cend(); ++it) {
        if (it->refused > it->executed)
            refusals.append({store.texts().parties.text(it.key()), store.texts().reasons.text(it->reason), Timestamp::fromMicros(it->first)});
    }
    std::ranges::sort(refusals, {}, &Refusal::party);
    return refusals;
}

quint32 recentContradictions(const IntentStore &store)
{
    quint32 count = 0;
    visitRecent(store, [&](const IntentColumns &columns, std::size_t i) { count += (columns.flags[i] & bit(IntentFlag::Contradicted)) != 0 ? 1U : 0U; });
    return count;
}

} // namespace countersign
