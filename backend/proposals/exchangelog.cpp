#include "backend/proposals/exchangelog.h"

#include "backend/proposals/statementjson.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace countersign {

namespace {

QString range(quint64 from, quint64 to)
{
    return from == to ? u"entry %1"_s.arg(from) : u"entries %1 to %2"_s.arg(from).arg(to);
}

ExchangeAlarm alarmOf(ExchangeAlarmKind kind, const ExchangeLane &lane, quint64 from, quint64 to, const QString &text)
{
    ExchangeAlarm alarm;
    alarm.kind = kind;
    alarm.lane = lane;
    alarm.from = from;
    alarm.to = to;
    alarm.text = text;
    return alarm;
}

} // namespace

Hash32 ExchangeAlarm::id() const
{
    const QString cause = u"%1|%2|%3|%4|%5|%6|%7|%8"_s.arg(QString::number(static_cast<int>(kind)),
        QString::number(lane.chainId.value()), lane.safe.toLower(), lane.author.toLower(), QString::number(from),
        QString::number(to), expected.toString(), found.toString());
    return keccak256(cause.toLatin1());
}

ExchangeLog::ExchangeLog(const ExchangeSet &set)
{
    for (const auto &[hash, entry] : set.entries()) {
        const auto link = linkOf(entry);
        if (!link)
            continue;
        const auto *statement = std::get_if<Statement>(&entry);
        const bool acknowledges = statement && statement->kind == StatementKind::Acknowledgement;
        if (acknowledges)
            m_acknowledgements.append(*statement);
        const ExchangeLane lane = laneOf(entry);
        m_lanes[lane][link->sequence].append(
            {hash, *link, !std::holds_alternative<CollectedSignature>(entry), acknowledges});
        m_where.emplace(hash, std::pair(lane, link->sequence));
    }
    for (const auto &[lane, places] : m_lanes)
        findHeads(lane, places);
}

const ExchangeLog::Place *ExchangeLog::find(const ExchangeLane &lane, quint64 sequence, const Hash32 &hash) const
{
    const auto log = m_lanes.find(lane);
    if (log == m_lanes.end())
        return nullptr;
    const auto places = log->second.find(sequence);
    if (places == log->second.end())
        return nullptr;
    const auto place = std::ranges::find(places->second, hash, &Place::hash);
    return place == places->second.end() ? nullptr : &*place;
}

void ExchangeLog::findHeads(const ExchangeLane &lane, const Lane &places)
{
    // An entry whose place nobody signed counts when it follows from the first, or when a signed one follows it: a file
    // with an invented place must not carry the log away.
    std::set<Hash32> good;
    for (const auto &[sequence, candidates] : places) {
        for (const Place &place : candidates) {
            if (place.isSigned || sequence == 1 || good.contains(place.link.previous))
                good.insert(place.hash);
        }
    }
    for (auto places_ = places.rbegin(); places_ != places.rend(); ++places_) {
        for (const Place &place : places_->second) {
            if (good.contains(place.hash))
                good.insert(place.link.previous);
        }
    }
    const auto better = [](const Place &a, const Place &b) {
        return std::pair(!a.isSigned, a.hash) < std::pair(!b.isSigned, b.hash);
    };
    for (const bool content : {false, true}) {
        for (auto at = places.rbegin(); at != places.rend(); ++at) {
            const Place *best = nullptr;
            for (const Place &place : at->second) {
                if (good.contains(place.hash) && !(content && place.isAcknowledgement)
                    && (!best || better(place, *best)))
                    best = &place;
            }
            if (!best)
                continue;
            (content ? m_contentHeads : m_heads)[lane] = {lane.author, at->first, best->hash};
            break;
        }
    }
}

bool ExchangeLog::follows(const Hash32 &entry, const Hash32 &ancestor) const
{
    Hash32 at = entry;
    for (;;) {
        if (at == ancestor)
            return true;
        const auto where = m_where.find(at);
        if (where == m_where.end())
            return false;
        const Place *place = find(where->second.first, where->second.second, at);
        // The place before must be the number before: a hash cannot lead round in a circle, a lie in numbers could.
        const auto before = place ? m_where.find(place->link.previous) : m_where.end();
        if (before == m_where.end() || before->second.first != where->second.first
            || before->second.second + 1 != where->second.second)
            return false;
        at = place->link.previous;
    }
}

void ExchangeLog::appendBreaks(const ExchangeLane &lane, const Lane &places, QList<ExchangeAlarm> &alarms) const
{
    const QString who = lane.author.toString();
    quint64 next = 1;
    for (const auto &[sequence, candidates] : places) {
        if (sequence > next) {
            auto alarm = alarmOf(ExchangeAlarmKind::Gap, lane, next, sequence - 1,
                u"%1 of %2 is missing, but later ones are here"_s.arg(range(next, sequence - 1), who));
            alarm.expected = candidates.first().link.previous;
            alarms.append(alarm);
        }
        next = sequence + 1;
        for (qsizetype i = 1; i < candidates.size(); ++i) {
            auto alarm = alarmOf(ExchangeAlarmKind::Fork, lane, sequence, sequence,
                u"%1 has written two different entries %2"_s.arg(who).arg(sequence));
            alarm.expected = candidates.first().hash;
            alarm.found = candidates[i].hash;
            alarms.append(alarm);
        }
        for (const Place &place : candidates) {
            const auto before = sequence > 1 ? places.find(sequence - 1) : places.end();
            if (before == places.end() || find(lane, sequence - 1, place.link.previous))
                continue;
            auto alarm = alarmOf(ExchangeAlarmKind::Fork, lane, sequence - 1, sequence - 1,
                u"Entry %1 of %2 follows another entry %3 than the one that is here"_s.arg(sequence).arg(who).arg(
                    sequence - 1));
            alarm.expected = place.link.previous;
            alarm.found = before->second.first().hash;
            alarms.append(alarm);
        }
    }
}

void ExchangeLog::appendMissing(QList<ExchangeAlarm> &alarms) const
{
    std::set<Hash32> told;
    for (const Statement &acknowledgement : m_acknowledgements) {
        for (const LaneHead &head : acknowledgement.heads) {
            const ExchangeLane lane{acknowledgement.chainId, acknowledgement.safe, head.author};
            if (find(lane, head.sequence, head.entry) || told.contains(head.entry))
                continue;
            told.insert(head.entry);
            const auto log = m_lanes.find(lane);
            const bool isTaken = log != m_lanes.end() && log->second.contains(head.sequence);
            auto alarm = alarmOf(isTaken ? ExchangeAlarmKind::Fork : ExchangeAlarmKind::Missing, lane, head.sequence,
                head.sequence,
                (isTaken ? u"%1 has seen another entry %2 of %3 than the one that is here"_s
                         : u"%1 has seen entry %2 of %3, which is not here"_s)
                    .arg(acknowledgement.author.toString())
                    .arg(head.sequence)
                    .arg(head.author.toString()));
            alarm.expected = head.entry;
            if (isTaken)
                alarm.found = log->second.at(head.sequence).first().hash;
            alarm.reportedBy = acknowledgement.author;
            alarms.append(alarm);
        }
    }
}

QList<ExchangeAlarm> ExchangeLog::alarms(const LaneHeads &memory) const
{
    QList<ExchangeAlarm> alarms;
    for (const auto &[lane, places] : m_lanes)
        appendBreaks(lane, places, alarms);
    for (const auto &[lane, seen] : memory) {
        if (find(lane, seen.sequence, seen.entry))
            continue;
        const auto log = m_lanes.find(lane);
        const quint64 last = log == m_lanes.end() || log->second.empty() ? 0 : log->second.rbegin()->first;
        const bool isTaken = log != m_lanes.end() && log->second.contains(seen.sequence);
        const auto kind = isTaken  ? ExchangeAlarmKind::Fork
            : last < seen.sequence ? ExchangeAlarmKind::Rollback
                                   : ExchangeAlarmKind::Gap;
        const QString who = lane.author.toString();
        auto alarm = alarmOf(kind, lane,
            isTaken                    ? seen.sequence
                : last < seen.sequence ? last + 1
                                       : seen.sequence,
            seen.sequence,
            isTaken ? u"Entry %1 of %2 is another one than this console has seen"_s.arg(seen.sequence).arg(who)
                    : u"This console has seen %1 of %2, which is gone"_s.arg(
                          range(std::min(last + 1, seen.sequence), seen.sequence), who));
        alarm.expected = seen.entry;
        if (isTaken)
            alarm.found = log->second.at(seen.sequence).first().hash;
        alarms.append(alarm);
    }
    appendMissing(alarms);
    std::ranges::sort(alarms, [](const ExchangeAlarm &a, const ExchangeAlarm &b) {
        return std::tuple(a.lane, a.from, a.kind, a.expected, a.found)
            < std::tuple(b.lane, b.from, b.kind, b.expected, b.found);
    });
    return alarms;
}

LaneHeads ExchangeLog::advanced(const LaneHeads &memory) const
{
    LaneHeads next = memory;
    for (const auto &[lane, head] : m_heads) {
        const auto seen = memory.find(lane);
        if (seen == memory.end() || follows(head.entry, seen->second.entry))
            next[lane] = head;
    }
    return next;
}

AcknowledgementCount countAcknowledgements(
    const ExchangeSet &set, ChainId chain, const Address &safe, const QList<Address> &members)
{
    const ExchangeLog log(set);
    QList<LaneHead> targets;
    for (const auto &[lane, head] : log.contentHeads()) {
        if (lane.chainId == chain && lane.safe == safe && members.contains(lane.author))
            targets.append(head);
    }
    AcknowledgementCount count;
    Bytes names;
    for (const LaneHead &target : std::as_const(targets))
        names += target.author.bytes() + target.entry.bytes();
    count.head = keccak256(names);
    for (const Address &member : members) {
        QList<LaneHead> seen; // all that this member acknowledged, and their own log
        for (const auto &[hash, entry] : set.entries()) {
            const auto *statement = std::get_if<Statement>(&entry);
            if (statement && statement->kind == StatementKind::Acknowledgement && statement->author == member
                && statement->chainId == chain && statement->safe == safe)
                seen += statement->heads;
        }
        const bool covers = std::ranges::all_of(targets, [&](const LaneHead &target) {
            return target.author == member || std::ranges::any_of(seen, [&](const LaneHead &head) {
                return head.author == target.author && log.follows(head.entry, target.entry);
            });
        });
        (covers ? count.acknowledged : count.open).append(member);
    }
    return count;
}

QList<Address> acknowledgersOf(const ExchangeSet &set, const Proposal &proposal)
{
    const ExchangeLog log(set);
    const Hash32 envelope = proposal.envelopeDigest();
    QList<Address> members;
    for (const auto &[hash, entry] : set.entries()) {
        const auto *statement = std::get_if<Statement>(&entry);
        if (!statement || statement->kind != StatementKind::Acknowledgement || statement->chainId != proposal.chainId
            || statement->safe != proposal.safe || members.contains(statement->author))
            continue;
        const bool covers = std::ranges::any_of(statement->heads, [&](const LaneHead &head) {
            return head.author == proposal.proposer && log.follows(head.entry, envelope);
        });
        if (covers)
            members.append(statement->author);
    }
    return members;
}

QList<LaneHead> headsToAcknowledge(const ExchangeLog &log, ChainId chain, const Address &safe)
{
    QList<LaneHead> heads;
    for (const auto &[lane, head] : log.heads()) {
        if (lane.chainId == chain && lane.safe == safe && heads.size() < maxHeads)
            heads.append(head);
    }
    return heads;
}

} // namespace countersign
