#pragma once

#include "backend/proposals/exchangeset.h"
#include "backend/types/timestamp.h"

#include <QList>
#include <QString>

#include <map>
#include <optional>

namespace countersign {

// The logs of an exchange: who wrote what after what.
//
// Each author numbers their entries from 1 and names in each the hash of the one before. Proposals and statements are
// signed with that place inside. A Safe signature cannot be: its content is fixed by the contract. Its place and the
// rest of its entry are bare until the author's next signed entry names it, directly or through others, as previous.
//
// What this gives, against somebody who can write, delete and reorder in every carrier, but has no member's key:
//  - No entry can be changed, moved to another place or another author's log, or put between two that are there.
//  - Removal from the middle shows at once as a Gap. Removal of the last entries shows (a) as Rollback on every console
//    that has seen them and kept its memory, (b) as Missing on the others as soon as they see an acknowledgement by a
//    member who saw them, (c) as a Gap when the author writes again.
//  - A carrier that shows different entries to different members cannot join the two views again without a Fork or a
//    Missing, once one acknowledgement or entry crosses over.
// What it does not give:
//  - A console that has never seen an entry, and sees no acknowledgement of it, cannot know that it was withheld. Nor
//    can one whose memory was deleted: it starts anew with what it is shown.
//  - The date, envelope and place of a Safe signature that nothing covers yet can be rewritten by anybody who can write
//    to the carrier; the signature itself cannot. That shows as a Fork or Rollback where the entry was seen before.
//  - An author can fork an own log, by intent or with two consoles at a time. It is reported, not prevented; both
//  entries
//    count. In one folder the file system prevents it, because a place has one name.
//  - Alarms rest on keys, not on membership: whether an author is an owner, only the chain says.
// Several writers need no lock: each writes an own log only, and the exchange is the union of the logs.

enum class ExchangeAlarmKind {
    Rollback, ///< the log ends before what this console has seen
    Gap, ///< entries are missing between others
    Fork, ///< two entries claim one place
    Missing, ///< a member acknowledged an entry that is not here: withheld, or still on its way
    MemoryLost, ///< this console's own record of what it has seen cannot be read
};

struct ExchangeAlarm {
    ExchangeAlarmKind kind = ExchangeAlarmKind::Gap;
    ExchangeLane lane; ///< whose log
    quint64 from = 0; ///< first and last sequence concerned
    quint64 to = 0;
    Hash32 expected; ///< the entry that should be there; zero: not known
    Hash32 found; ///< the entry that is there in its stead; zero: none
    std::optional<Address> reportedBy; ///< of Missing and of a Fork across views: who acknowledged `expected`
    QString text; ///< one sentence
    Timestamp since; ///< when this console first saw it, since it was started
    bool isAccepted = false; ///< a person at this console has looked into it

    /// The same for the same cause, whenever it is found.
    Hash32 id() const;
    friend bool operator==(const ExchangeAlarm &, const ExchangeAlarm &) = default;
};

/// What a console remembers, and compares with: the last entry seen of each log.
using LaneHeads = std::map<ExchangeLane, LaneHead>;

class ExchangeLog final {
public:
    explicit ExchangeLog(const ExchangeSet &set);

    /// The last entry of each log that follows without a gap from its first, or that a signed entry vouches for.
    const LaneHeads &heads() const { return m_heads; }
    /// As heads, but of the last entry that is no acknowledgement: acknowledging must not make all others out of date.
    const LaneHeads &contentHeads() const { return m_contentHeads; }
    /// What is wrong in the set by itself, and against \a memory; by lane and sequence.
    QList<ExchangeAlarm> alarms(const LaneHeads &memory) const;
    /// \a memory moved on to the present heads of the logs that continue what was remembered.
    LaneHeads advanced(const LaneHeads &memory) const;
    /// Whether \a entry is \a ancestor or follows it in the same log.
    bool follows(const Hash32 &entry, const Hash32 &ancestor) const;

private:
    struct Place {
        Hash32 hash;
        ChainLink link;
        bool isSigned = false;
        bool isAcknowledgement = false;
    };
    using Lane = std::map<quint64, QList<Place>>; // places of one sequence by hash
    const Place *find(const ExchangeLane &lane, quint64 sequence, const Hash32 &hash) const;
    void findHeads(const ExchangeLane &lane, const Lane &places);
    void appendBreaks(const ExchangeLane &lane, const Lane &places, QList<ExchangeAlarm> &alarms) const;
    void appendMissing(QList<ExchangeAlarm> &alarms) const;

    std::map<ExchangeLane, Lane> m_lanes;
    std::map<Hash32, std::pair<ExchangeLane, quint64>> m_where;
    QList<Statement> m_acknowledgements;
    LaneHeads m_heads;
    LaneHeads m_contentHeads;
};

/// Who has seen what there is.
struct AcknowledgementCount {
    Hash32 head; ///< names the members' content heads; short enough to be read out to each other
    QList<Address> acknowledged; ///< members whose acknowledgement, or own entry, covers them all
    QList<Address> open;
};
/// "N of M members have acknowledged head X". Entries of those who are no \a members do not count.
AcknowledgementCount countAcknowledgements(
    const ExchangeSet &set, ChainId chain, const Address &safe, const QList<Address> &members);

/// Members whose acknowledgement covers the proposal as it is described now.
QList<Address> acknowledgersOf(const ExchangeSet &set, const Proposal &proposal);

/// What an acknowledgement made now would list: the heads of all authors of this Safe's exchange, by author.
QList<LaneHead> headsToAcknowledge(const ExchangeLog &log, ChainId chain, const Address &safe);

} // namespace countersign
