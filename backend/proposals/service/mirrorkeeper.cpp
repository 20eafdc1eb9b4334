#include "backend/proposals/service/mirrorkeeper.h"

#include "backend/types/spawn.h"

#include <QCoroFuture>

#include <algorithm>
#include <utility>

namespace countersign {

MirrorKeeper::MirrorKeeper(ExchangeUnion &exchange, ProposalExchange &mirror, QObject *parent)
    : QObject(parent)
    , m_exchange(exchange)
    , m_mirror(mirror)
{
    connect(&m_exchange, &ProposalExchange::changed, this, &MirrorKeeper::look);
    look();
}

bool MirrorKeeper::isWorthKeeping(const ExchangeEntry &entry) const
{
    if (const auto *import = std::get_if<ImportedTransaction>(&entry)) {
        const ExchangeItem *item = m_exchange.find(import->safeTxHash());
        return item && !item->signatures.isEmpty();
    }
    const auto *signature = std::get_if<CollectedSignature>(&entry);
    if (!signature || signature->link || !signature->isClaim())
        return true;
    // Anybody can write another claim for the same owner: the first is as good as the next, the chain decides.
    const ExchangeItem *item = m_mirror.find(signature->safeTxHash);
    return item && std::ranges::none_of(item->claims, [signature](const CollectedSignature &other) {
        return other.owner == signature->owner;
    });
}

void MirrorKeeper::look()
{
    if (m_copying) {
        m_again = true;
        return;
    }
    // Before the first reading it would seem to lack everything.
    if (!m_mirror.status().hasRead || m_exchange.lackingAt(m_mirror) == 0)
        return;
    m_copying = true;
    spawn(copy());
}

QCoro::Task<> MirrorKeeper::copy()
{
    const auto stop = m_scope.token();
    const auto copying = m_exchange.copyMissing(
        m_mirror, [this](const Hash32 & /*hash*/, const ExchangeEntry &entry) { return isWorthKeeping(entry); });
    const auto report = co_await copying;
    if (stop.stop_requested())
        co_return;
    m_copying = false;
    if (report.copied > 0 || !report.refused.isEmpty())
        emit kept(report);
    if (std::exchange(m_again, false))
        look();
}

} // namespace countersign
