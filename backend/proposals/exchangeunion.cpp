#include "backend/proposals/exchangeunion.h"

#include "backend/proposals/exchangeentry.h"
#include "backend/proposals/exchangefuture.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

#include <algorithm>
#include <tuple>
#include <utility>

namespace countersign {

namespace {

Error gone()
{
    return {ErrorKind::Cancelled, u"The exchange was closed"_s, {}};
}

QFuture<Result<QString>> publishAt(ProposalExchange &carrier, const ExchangeEntry &entry, Publishing how)
{
    return std::visit([&carrier, how](const auto &value) { return carrier.publish(value, how); }, entry);
}

// What says less than another entry that is here: a transaction without an envelope beside its envelope, a signature
// without its place beside the same in its place.
std::set<Hash32> supersededIn(const ExchangeSnapshot &snapshot)
{
    const auto nameOf = [](const CollectedSignature &each) { // without recovering anybody
        return std::pair(each.safeTxHash, each.owner.bytes() + each.signature.staticPart() + each.signature.contractData());
    };
    std::set<std::pair<Hash32, Bytes>> placed;
    for (const auto &[hash, entry] : snapshot.set->entries()) {
        if (const auto *signature = std::get_if<CollectedSignature>(&entry); signature && signature->link)
            placed.insert(nameOf(*signature));
    }
    std::set<Hash32> superseded;
    for (const auto &[hash, entry] : snapshot.set->entries()) {
        const auto *signature = std::get_if<CollectedSignature>(&entry);
        if (signature && !signature->link && placed.contains(nameOf(*signature)))
            superseded.insert(hash);
        const auto *import = std::get_if<ImportedTransaction>(&entry);
        const ExchangeItem *item = import ? snapshot.find(import->safeTxHash()) : nullptr;
        if (item && item->isDescribed())
            superseded.insert(hash);
    }
    return superseded;
}

} // namespace

ExchangeUnion::ExchangeUnion(std::vector<ProposalExchange *> carriers, QObject *parent)
    : ProposalExchange(parent)
    , m_carriers(std::move(carriers))
{
    for (ProposalExchange *carrier : m_carriers) {
        connect(carrier, &ProposalExchange::changed, this, &ExchangeUnion::merge);
        connect(carrier, &ProposalExchange::fileRejected, this, &ProposalExchange::fileRejected);
        connect(carrier, &ProposalExchange::failed, this, &ProposalExchange::failed);
        connect(carrier, &ProposalExchange::alarmed, this, &ProposalExchange::alarmed);
    }
    merge();
}

QString ExchangeUnion::name() const
{
    QStringList names;
    for (const ProposalExchange *carrier : m_carriers)
        names.append(carrier->name());
    return names.join(u" + "_s);
}

ExchangeStatus ExchangeUnion::status() const
{
    // As good as the best for reading; what is wrong with any is said.
    ExchangeStatus all;
    bool anyWorks = false;
    for (const ProposalExchange *carrier : m_carriers) {
        const ExchangeStatus one = carrier->status();
        all.hasRead = all.hasRead || one.hasRead;
        all.remembers = all.remembers || one.remembers;
        all.readAt = std::max(all.readAt, one.readAt);
        anyWorks = anyWorks || (one.hasRead && !one.error);
        for (const QString &warning : one.warnings)
            all.warnings.append(u"%1: %2"_s.arg(carrier->name(), warning));
        if (one.error) {
            all.warnings.append(u"%1: %2"_s.arg(carrier->name(), one.error->message));
            all.error = one.error;
        }
    }
    if (anyWorks)
        all.error.reset();
    return all;
}

QList<CarrierRefusal> ExchangeUnion::refusals(const Hash32 &entryHash) const
{
    return m_refusals.value(entryHash);
}

void ExchangeUnion::note(const ProposalExchange &carrier, const Hash32 &entryHash, const Result<QString> &written)
{
    const CarrierRefusal refusal{carrier.name(), written ? Error() : written.error()};
    QList<CarrierRefusal> &all = m_refusals[entryHash];
    const bool isKnown = all.contains(refusal);
    all.removeIf([&refusal](const CarrierRefusal &other) { return other.carrier == refusal.carrier; });
    if (!written)
        all.append(refusal);
    if (all.isEmpty())
        m_refusals.remove(entryHash);
    if (!written && !isKnown)
        emit refused(entryHash, refusal);
}

// What has arrived by another way is not refused any more.
void ExchangeUnion::forgetRefusals()
{
    for (const ProposalExchange *carrier : m_carriers) {
        for (auto at = m_refusals.begin(); at != m_refusals.end(); ++at) {
            const ExchangeEntry *entry = m_snapshot.set->find(at.key());
            if (entry && carrier->carriageOf(at.key(), *entry) == Carriage::Held)
                at->removeIf([carrier](const CarrierRefusal &refusal) { return refusal.carrier == carrier->name(); });
        }
    }
    m_refusals.removeIf([](const auto &entry) { return entry.value().isEmpty(); });
}

void ExchangeUnion::refresh()
{
    for (ProposalExchange *carrier : m_carriers)
        carrier->refresh();
}

void ExchangeUnion::merge()
{
    auto set = std::make_shared<ExchangeSet>();
    QList<RejectedFile> rejected;
    QList<ExchangeAlarm> alarms;
    for (const ProposalExchange *carrier : m_carriers) {
        const ExchangeSnapshot &part = carrier->snapshot();
        set->merge(*part.set);
        rejected += part.rejected;
        for (const ExchangeAlarm &alarm : part.alarms) {
            if (std::ranges::none_of(alarms, [&alarm](const ExchangeAlarm &other) { return other.id() == alarm.id(); }))
                alarms.append(alarm);
        }
    }
    m_snapshot = snapshotOf(set);
    m_superseded = supersededIn(m_snapshot);
    m_snapshot.rejected = rejected;
    const ExchangeLog log(*set);
    m_snapshot.heads = log.heads();
    const qsizetype carried = alarms.size(); // those before were told by their carriers
    // What shows only when carriers are laid side by side: each sound by itself, but telling different stories.
    for (ExchangeAlarm &alarm : log.alarms({})) {
        const auto same = [&alarm](const ExchangeAlarm &other) { return other.id() == alarm.id(); };
        if (std::ranges::none_of(alarms, same))
            alarms.append(alarm);
    }
    const std::set<Hash32> toldBefore = std::exchange(m_told, {});
    QList<ExchangeAlarm> news;
    for (qsizetype i = carried; i < alarms.size(); ++i) {
        const Hash32 id = alarms[i].id();
        m_told.insert(id);
        if (!toldBefore.contains(id))
            news.append(alarms[i]);
    }
    m_snapshot.alarms = alarms;
    forgetRefusals();
    for (const ExchangeAlarm &alarm : std::as_const(news))
        emit alarmed(alarm);
    emit changed();
}

QStringList ExchangeUnion::carriersOf(const Hash32 &entryHash) const
{
    QStringList names;
    for (const ProposalExchange *carrier : m_carriers) {
        if (carrier->snapshot().set->contains(entryHash))
            names.append(carrier->name());
    }
    return names;
}

qsizetype ExchangeUnion::lackingAt(const ProposalExchange &carrier) const
{
    const ExchangeSet &held = *carrier.snapshot().set;
    qsizetype lacking = 0;
    for (const auto &[hash, entry] : m_snapshot.set->entries())
        lacking += !m_superseded.contains(hash) && carrier.carriageOf(hash, entry) == Carriage::Wanted ? 1 : 0;
    if (!carrier.carriesAttachments())
        return lacking;
    for (const auto &[hash, size] : m_snapshot.set->attachments())
        lacking += held.attachments().contains(hash) ? 0 : 1;
    return lacking;
}

QFuture<Result<ChainLink>> ExchangeUnion::nextLink(ExchangeLane lane)
{
    return futureOf(findNextLink(lane));
}

QCoro::Task<Result<ChainLink>> ExchangeUnion::findNextLink(ExchangeLane lane)
{
    const auto stop = m_scope.token();
    const auto carriers = m_carriers;
    Result<ChainLink> latest = fail(ErrorKind::Unavailable, u"No exchange can be read"_s);
    for (ProposalExchange *carrier : carriers) {
        const auto asking = carrier->nextLink(lane);
        const auto link = co_await asking;
        if (stop.stop_requested())
            co_return std::unexpected(gone());
        if (!latest && (link || latest.error().kind == ErrorKind::Unavailable))
            latest = link;
        else if (latest && link && latest->sequence < link->sequence)
            latest = link;
    }
    co_return latest;
}

QFuture<Result<QString>> ExchangeUnion::publish(Proposal proposal, Publishing how)
{
    return futureOf(publishEverywhere(std::move(proposal), how));
}

QFuture<Result<QString>> ExchangeUnion::publish(CollectedSignature signature, Publishing how)
{
    return futureOf(publishEverywhere(std::move(signature), how));
}

QFuture<Result<QString>> ExchangeUnion::publish(Statement statement, Publishing how)
{
    return futureOf(publishEverywhere(std::move(statement), how));
}

QList<DeletionOffer> ExchangeUnion::deletionOffers(const Hash32 &safeTxHash, const Address &author, Timestamp now) const
{
    QList<DeletionOffer> offers;
    for (const ProposalExchange *carrier : m_carriers)
        offers += carrier->deletionOffers(safeTxHash, author, now);
    return offers;
}

QFuture<Result<QString>> ExchangeUnion::remove(DeletionOffer offer, EvmSignature signature)
{
    const auto carrier = std::ranges::find(m_carriers, offer.carrier, [](const ProposalExchange *each) { return each->name(); });
    return carrier != m_carriers.end() ? (*carrier)->remove(std::move(offer), signature)
                                       : ProposalExchange::remove(std::move(offer), signature);
}

QCoro::Task<Result<QString>> ExchangeUnion::publishEverywhere(ExchangeEntry entry, Publishing how)
{
    const auto stop = m_scope.token();
    const auto carriers = m_carriers;
    if (carriers.empty())
        co_return fail(ErrorKind::Unavailable, u"There is no exchange"_s);
    if (how == Publishing::Own && !std::holds_alternative<ImportedTransaction>(entry)) { // which is nobody's own
        const ExchangeLane lane = laneOf(entry);
        const auto link = co_await findNextLink(lane);
        if (stop.stop_requested())
            co_return std::unexpected(gone());
        if (!link)
            co_return std::unexpected(link.error());
        if (auto *signature = std::get_if<CollectedSignature>(&entry)) {
            for (const auto &[hash, held] : m_snapshot.set->entries()) {
                const auto *other = std::get_if<CollectedSignature>(&held);
                if (other && other->safeTxHash == signature->safeTxHash && other->owner == signature->owner
                    && other->isClaim() == signature->isClaim())
                    co_return entryFileName(held);
            }
            // The same entry everywhere: the place is given once.
            if (!signature->isClaim())
                signature->link = *link;
        } else if (linkOf(entry) != *link && !m_snapshot.set->contains(entryHashOf(entry))) {
            co_return fail(ErrorKind::Conflict,
                u"%1 has written to the exchange meanwhile, from another place: sign anew"_s.arg(
                    lane.author.toString()));
        }
        if (const auto *proposal = std::get_if<Proposal>(&entry); proposal && proposal->previousEnvelope.isZero()
            && !m_snapshot.set->contains(entryHashOf(entry))) {
            const ExchangeItem *item = m_snapshot.find(proposal->safeTxHash());
            if (item && item->isDescribed())
                co_return fail(ErrorKind::Conflict, u"This transaction has been proposed already"_s,
                    proposal->safeTxHash().toString());
        }
    }
    const Hash32 hash = entryHashOf(entry);
    Result<QString> first;
    for (size_t i = 0; i < carriers.size(); ++i) {
        if (i > 0 && carriers[i]->carriageOf(hash, entry) == Carriage::Elsewhere)
            continue;
        const auto writing = publishAt(*carriers[i], entry, Publishing::Copy);
        const auto written = co_await writing;
        if (stop.stop_requested())
            co_return std::unexpected(gone());
        if (i == 0)
            first = written;
        if (!first)
            break;
        note(*carriers[i], hash, written);
    }
    co_return first;
}

QFuture<Result<QString>> ExchangeUnion::publish(ImportedTransaction import, Publishing how)
{
    return futureOf(publishEverywhere(std::move(import), how));
}

QFuture<Result<QString>> ExchangeUnion::publishAttachment(Bytes content)
{
    return futureOf(publishAttachmentEverywhere(std::move(content)));
}

QCoro::Task<Result<QString>> ExchangeUnion::publishAttachmentEverywhere(Bytes content)
{
    const auto stop = m_scope.token();
    const auto carriers = m_carriers;
    Result<QString> first = fail(ErrorKind::Unavailable, u"There is no exchange"_s);
    for (size_t i = 0; i < carriers.size(); ++i) {
        const auto writing = carriers[i]->publishAttachment(content);
        const auto written = co_await writing;
        if (stop.stop_requested())
            co_return std::unexpected(gone());
        if (i == 0)
            first = written;
        if (!first)
            break;
        note(*carriers[i], keccak256(content), written);
    }
    co_return first;
}

QFuture<Result<Bytes>> ExchangeUnion::attachment(Hash32 contentHash)
{
    return futureOf(findAttachment(contentHash));
}

QCoro::Task<Result<Bytes>> ExchangeUnion::findAttachment(Hash32 contentHash)
{
    const auto stop = m_scope.token();
    const auto carriers = m_carriers;
    Result<Bytes> found = fail(ErrorKind::NotFound, u"No exchange holds the document"_s);
    for (ProposalExchange *carrier : carriers) {
        const auto reading = carrier->attachment(contentHash);
        auto content = co_await reading;
        if (stop.stop_requested())
            co_return std::unexpected(gone());
        if (content)
            co_return content;
    }
    co_return found;
}

QFuture<CopyReport> ExchangeUnion::copyMissing(ProposalExchange &carrier, EntryFilter wanted)
{
    return futureOf(copyTo(carrier, std::move(wanted)));
}

QCoro::Task<CopyReport> ExchangeUnion::copyTo(ProposalExchange &carrier, EntryFilter wanted)
{
    const auto stop = m_scope.token();
    const auto all = m_snapshot.set;
    const auto superseded = m_superseded;
    const auto held = carrier.snapshot().set;
    CopyReport report;
    for (const auto &[hash, size] : all->attachments()) {
        if (held->attachments().contains(hash) || !carrier.carriesAttachments())
            continue;
        const Hash32 document = hash;
        const auto content = co_await findAttachment(document);
        if (stop.stop_requested())
            co_return report;
        if (!content) {
            report.refused.append(u"%1: %2"_s.arg(document.toString(), content.error().message));
            continue;
        }
        const auto writing = carrier.publishAttachment(*content);
        const auto written = co_await writing;
        if (stop.stop_requested())
            co_return report;
        if (written)
            ++report.copied;
        else
            report.refused.append(u"%1: %2"_s.arg(document.toString(), written.error().message));
    }
    std::vector<std::tuple<ExchangeLane, quint64, Hash32>> order;
    for (const auto &[hash, entry] : all->entries()) {
        if (!superseded.contains(hash) && carrier.carriageOf(hash, entry) == Carriage::Wanted
            && (!wanted || wanted(hash, entry)))
            order.emplace_back(laneOf(entry), linkOf(entry).value_or(ChainLink{0, {}}).sequence, hash);
    }
    std::ranges::sort(order);
    for (const auto &place : order) {
        const ExchangeEntry entry = *all->find(std::get<Hash32>(place));
        const auto writing = publishAt(carrier, entry, Publishing::Copy);
        const auto written = co_await writing;
        if (stop.stop_requested())
            co_return report;
        note(carrier, std::get<Hash32>(place), written);
        if (written)
            ++report.copied;
        else
            report.refused.append(u"%1: %2"_s.arg(entryFileName(entry), written.error().message));
    }
    co_return report;
}

} // namespace countersign
