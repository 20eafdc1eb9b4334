#include "backend/proposals/exchangeunion.h"

#include "backend/proposals/exchangeentry.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QPromise>

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

namespace countersign {

namespace {

Error gone()
{
    return {ErrorKind::Cancelled, u"The exchange was closed"_s, {}};
}

// A future that is always answered, also when the union goes away before.
template <class T> QFuture<T> futureOf(QCoro::Task<T> task)
{
    auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    const auto future = promise->future();
    const auto complete = [](QCoro::Task<T> running, std::shared_ptr<QPromise<T>> answer) -> QCoro::Task<> {
        answer->addResult(co_await running);
        answer->finish();
    };
    spawn(complete(std::move(task), std::move(promise)));
    return future;
}

QFuture<Result<QString>> publishAt(ProposalExchange &carrier, const ExchangeEntry &entry, Publishing how)
{
    return std::visit([&carrier, how](const auto &value) { return carrier.publish(value, how); }, entry);
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
        lacking += held.contains(hash) ? 0 : 1;
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

QCoro::Task<Result<QString>> ExchangeUnion::publishEverywhere(ExchangeEntry entry, Publishing how)
{
    const auto stop = m_scope.token();
    const auto carriers = m_carriers;
    if (carriers.empty())
        co_return fail(ErrorKind::Unavailable, u"There is no exchange"_s);
    if (how == Publishing::Own) {
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
            && m_snapshot.find(proposal->safeTxHash()) && !m_snapshot.set->contains(entryHashOf(entry)))
            co_return fail(ErrorKind::Conflict, u"This transaction has been proposed already"_s,
                proposal->safeTxHash().toString());
    }
    Result<QString> first;
    for (size_t i = 0; i < carriers.size(); ++i) {
        const auto writing = publishAt(*carriers[i], entry, Publishing::Copy);
        const auto written = co_await writing;
        if (stop.stop_requested())
            co_return std::unexpected(gone());
        if (i == 0)
            first = written;
        if (!first)
            break;
    }
    co_return first;
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

QFuture<CopyReport> ExchangeUnion::copyMissing(ProposalExchange &carrier)
{
    return futureOf(copyTo(carrier));
}

QCoro::Task<CopyReport> ExchangeUnion::copyTo(ProposalExchange &carrier)
{
    const auto stop = m_scope.token();
    const auto all = m_snapshot.set;
    const auto held = carrier.snapshot().set;
    CopyReport report;
    for (const auto &[hash, size] : all->attachments()) {
        if (held->attachments().contains(hash))
            continue;
        const Hash32 wanted = hash;
        const auto content = co_await findAttachment(wanted);
        if (stop.stop_requested())
            co_return report;
        if (!content) {
            report.refused.append(u"%1: %2"_s.arg(wanted.toString(), content.error().message));
            continue;
        }
        const auto writing = carrier.publishAttachment(*content);
        const auto written = co_await writing;
        if (stop.stop_requested())
            co_return report;
        if (written)
            ++report.copied;
        else
            report.refused.append(u"%1: %2"_s.arg(wanted.toString(), written.error().message));
    }
    std::vector<std::tuple<ExchangeLane, quint64, Hash32>> order;
    for (const auto &[hash, entry] : all->entries()) {
        if (!held->contains(hash))
            order.emplace_back(laneOf(entry), linkOf(entry).value_or(ChainLink{0, {}}).sequence, hash);
    }
    std::ranges::sort(order);
    for (const auto &place : order) {
        const ExchangeEntry entry = *all->find(std::get<Hash32>(place));
        const auto writing = publishAt(carrier, entry, Publishing::Copy);
        const auto written = co_await writing;
        if (stop.stop_requested())
            co_return report;
        if (written)
            ++report.copied;
        else
            report.refused.append(u"%1: %2"_s.arg(entryFileName(entry), written.error().message));
    }
    co_return report;
}

} // namespace countersign
