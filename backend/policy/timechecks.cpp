#include "backend/policy/policyamount.h"
#include "backend/policy/policychecks.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr std::chrono::minutes clockSkew{5}; // that the clocks of two people's machines may differ by

std::chrono::seconds coolingOff(const PolicyDesk &desk)
{
    std::chrono::seconds longest = desk.ruleCoolingOff;
    for (const PolicyCall &call : desk.question.calls) {
        // A batch is what it holds, unless the policy names batches.
        if (call.kind != ActionKind::Batch || desk.policy.coolingOff.kinds.contains(call.kind))
            longest = std::max(longest, desk.policy.coolingOff.of(call.kind));
    }
    return longest;
}

QString knownSinceText(const PolicyVerdict &verdict)
{
    return verdict.knownSince == KnownSince::FirstSeen
        ? u"first seen here at %1"_s.arg(verdict.knownAt.toIsoString())
        : u"created at %1, as its author says"_s.arg(verdict.knownAt.toIsoString());
}

void checkCoolingOff(const PolicyDesk &desk)
{
    const auto needed = coolingOff(desk);
    if (needed.count() == 0 || desk.isWaived(PolicyWaiver::CoolingOff))
        return;
    const PolicyQuestion &question = desk.question;
    if (!question.now || (!question.createdAt && !question.firstSeenAt)) {
        desk.missing(u"since when the proposal is known"_s);
        return;
    }
    // What the author wrote can only lengthen the wait where it is known when the proposal came.
    PolicyVerdict &verdict = desk.verdict;
    const bool fromSight = question.firstSeenAt && (!question.createdAt || *question.firstSeenAt >= *question.createdAt);
    verdict.knownSince = fromSight ? KnownSince::FirstSeen : KnownSince::Claimed;
    verdict.knownAt = fromSight ? *question.firstSeenAt : *question.createdAt;
    verdict.notBefore = verdict.knownAt + needed;
    if (!question.firstSeenAt)
        desk.find(u"policy.firstSeen"_s, PolicySeverity::Warn,
            u"Since when the proposal is known is its author's word alone: nothing here remembers when it came"_s,
            knownSinceText(verdict));
    if (*question.now < *verdict.notBefore)
        desk.block(u"policy.coolingOff"_s,
            u"The proposal must have been known for %1 first"_s.arg(durationText(needed)),
            u"not before %1; %2"_s.arg(verdict.notBefore->toIsoString(), knownSinceText(verdict)));
}

// A date that lies ahead would put off the expiry, which is reckoned from it.
void checkCreation(const PolicyDesk &desk)
{
    const PolicyQuestion &question = desk.question;
    if (question.createdAt && question.now && *question.createdAt > *question.now + clockSkew)
        desk.block(u"policy.postdated"_s, u"The proposal says that it was created in the future"_s,
            u"created at %1, as its author says; it is %2"_s.arg(
                question.createdAt->toIsoString(), question.now->toIsoString()));
}

void checkExpiry(const PolicyDesk &desk)
{
    const ProposalExpiry &expiry = desk.policy.expiry;
    const PolicyQuestion &question = desk.question;
    const bool needsBirth = question.expiresAt ? expiry.longest.has_value() : expiry.otherwise.has_value();
    if (needsBirth && !question.createdAt) {
        desk.missing(u"since when the proposal is known"_s);
        return;
    }
    if (question.expiresAt && expiry.longest && *question.expiresAt > *question.createdAt + *expiry.longest)
        desk.block(u"policy.expiry"_s, u"The proposal is valid for longer than %1"_s.arg(durationText(*expiry.longest)),
            question.expiresAt->toIsoString());
    desk.verdict.expires = question.expiresAt;
    if (!question.expiresAt && expiry.otherwise)
        desk.verdict.expires = *question.createdAt + *expiry.otherwise;
    if (!desk.verdict.expires)
        return;
    if (!question.now)
        desk.missing(u"the time"_s);
    else if (*desk.verdict.expires <= *question.now)
        desk.block(u"policy.expired"_s, u"The proposal has expired; the chain would still take its signatures"_s,
            desk.verdict.expires->toIsoString());
}

bool isOpen(const ChangeWindows &windows, const QDateTime &now)
{
    const int minute = now.time().hour() * 60 + now.time().minute();
    return std::ranges::any_of(windows.windows, [&](const ChangeWindow &window) {
        return window.days.contains(now.date().dayOfWeek()) && window.from <= minute && minute < window.to;
    });
}

void checkChangeWindows(const PolicyDesk &desk)
{
    const ChangeWindows &windows = desk.policy.changeWindows;
    if (windows.windows.isEmpty() || desk.isWaived(PolicyWaiver::ChangeWindows))
        return;
    const auto held = std::ranges::find_if(desk.question.calls, [&](const PolicyCall &call) {
        return call.kind == ActionKind::Unreadable || windows.kinds.contains(call.kind);
    });
    if (held == desk.question.calls.end())
        return;
    if (!desk.question.now)
        desk.missing(u"the time"_s);
    else if (!isOpen(windows, desk.question.now->toDateTime()))
        desk.block(u"policy.window"_s, u"No change window is open for %1"_s.arg(describeKind(held->kind)),
            desk.question.now->toIsoString());
}

void checkFatigue(const PolicyDesk &desk)
{
    const auto &fatigue = desk.policy.fatigue;
    if (!fatigue || desk.question.stage != PolicyStage::Sign || !desk.question.approver
        || desk.isWaived(PolicyWaiver::Fatigue))
        return;
    if (!desk.question.recentApprovals || !desk.question.now) {
        desk.missing(u"how much the approver has approved lately"_s);
        return;
    }
    const Timestamp from = *desk.question.now - fatigue->within;
    const auto recent
        = std::ranges::count_if(*desk.question.recentApprovals, [from](Timestamp at) { return at > from; });
    if (recent >= fatigue->approvals)
        desk.find(u"policy.fatigue"_s, PolicySeverity::Warn,
            u"%1 has approved %2 in the last %3: take a break before this one"_s.arg(
                desk.question.nameOf(*desk.question.approver), QString::number(recent), durationText(fatigue->within)),
            u"%1 allowed"_s.arg(fatigue->approvals));
}

} // namespace

void checkTimes(const PolicyDesk &desk)
{
    checkCreation(desk);
    checkCoolingOff(desk);
    checkExpiry(desk);
    checkChangeWindows(desk);
    checkFatigue(desk);
}

} // namespace countersign
