#include "backend/proposals/policypastreading.h"

#include "backend/proposals/exchangelog.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

#include <limits>
#include <map>

namespace countersign {

namespace {

// A transaction that nobody described or imported is in no exchange.
std::optional<Hash32> idOf(const ReviewSubject &subject)
{
    if (const ProposalDraft *description = subject.description())
        return description->safeTxHash();
    return subject.import ? std::optional(subject.import->safeTxHash()) : std::nullopt;
}

} // namespace

QCoro::Task<PolicyPast> readPolicyPast(const ProposalExchange &exchange, const Sightings &sightings, Journal &journal,
    const Environment &environment, ReviewSubject subject, ReviewActor actor)
{
    PolicyPast past;
    const auto id = idOf(subject);
    past.firstSeenAt = (id ? sightings.firstSeen(*id) : std::nullopt).value_or(sightings.now());
    past.firstSeenProblem = sightings.problem();
    const ExchangeSnapshot &snapshot = exchange.snapshot();
    if (subject.envelope)
        past.acknowledgements = acknowledgersOf(*snapshot.set, *subject.envelope);
    if (!actor.who || actor.stage != PolicyStage::Sign)
        co_return past;
    std::map<QString, Timestamp> approvals; // each once, by safeTxHash
    for (const ExchangeItem &item : snapshot.items) {
        for (const CollectedSignature &signature : item.signatures) {
            if (signature.owner == *actor.who)
                approvals.insert_or_assign(item.id().toString(), signature.signedAt);
        }
    }
    const HolderSettings *holder = environment.holder(*actor.who);
    const QByteArray name = holder ? holder->name.toUtf8() : QByteArray();
    // As for incidents: not up to the known head, since the last entry may be on the disk before this thread knows of it.
    const auto listing = journal.loadLines(1, std::numeric_limits<qint64>::max());
    const auto lines = co_await listing;
    if (!lines)
        co_return past;
    for (const JournalLine &line : *lines) {
        if (line.kind == JournalKind::Signature && !name.isEmpty() && QByteArrayView(line.actor.data(), line.actor.size()) == name)
            approvals.insert_or_assign(QString::fromUtf8(line.subject.data(), line.subject.size()), line.at);
    }
    past.recentApprovals = QList<Timestamp>();
    for (const auto &[subjectOfApproval, at] : approvals)
        past.recentApprovals->append(at);
    co_return past;
}

} // namespace countersign
