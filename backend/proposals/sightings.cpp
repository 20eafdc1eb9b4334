#include "backend/proposals/sightings.h"

#include "backend/types/strings.h"

#include <QMetaObject>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

namespace countersign {

namespace {

// A service can invent transactions without end; what somebody signed for or described is worth remembering.
bool isWorthRemembering(const ExchangeItem &item)
{
    return item.isDescribed() || !item.signatures.isEmpty();
}

} // namespace

Sightings::Sightings(
    const ProposalExchange &exchange, std::optional<SightingMemory> memory, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_exchange(exchange)
    , m_memory(std::move(memory))
    , m_clock(clock)
{
    m_writer.setMaxThreadCount(1);
    if (!m_memory) {
        m_problem = u"What this console sees is not kept: there is no journal beside which it could be"_s;
    } else if (auto kept = m_memory->load()) {
        m_sights = *std::move(kept);
    } else {
        m_problem = kept.error().message;
    }
    connect(&m_exchange, &ProposalExchange::changed, this, &Sightings::look);
    look();
}

Sightings::~Sightings()
{
    m_writer.waitForDone();
}

std::optional<Timestamp> Sightings::firstSeen(const Hash32 &safeTxHash) const
{
    const auto found = m_sights.find(safeTxHash);
    return found == m_sights.end() ? std::nullopt : std::optional(found->second);
}

void Sightings::look()
{
    const Timestamp now = m_clock.now();
    bool isNews = false;
    for (const ExchangeItem &item : m_exchange.snapshot().items) {
        if (!isWorthRemembering(item))
            continue;
        const auto [known, isNew] = m_sights.try_emplace(item.id(), now);
        // Seen by a clock that ran ahead: now is not too early either.
        if (!isNew && known->second > now)
            known->second = now;
        else if (!isNew)
            continue;
        isNews = true;
    }
    if (isNews && m_memory)
        write();
}

void Sightings::write()
{
    std::set<Hash32> present;
    for (const ExchangeItem &item : m_exchange.snapshot().items)
        present.insert(item.id());
    // By value: the thread has nothing of this object but the address to answer to, which outlives it.
    m_writer.start([this, memory = *m_memory, seen = m_sights, present = std::move(present)] {
        const auto outcome = std::make_shared<Result<RememberedSights>>(memory.remember(seen, present));
        QMetaObject::invokeMethod(this, [this, outcome] { written(*outcome); });
    });
}

void Sightings::written(const Result<RememberedSights> &outcome)
{
    if (!outcome) {
        m_problem = u"What this console sees is not kept beyond this run: %1"_s.arg(outcome.error().message);
        return;
    }
    if (!outcome->lost.isEmpty())
        m_problem = outcome->lost;
    // Another window may have seen it earlier.
    for (const auto &[id, at] : outcome->sights) {
        const auto [known, isNew] = m_sights.try_emplace(id, at);
        if (!isNew)
            known->second = std::min(known->second, at);
    }
}

} // namespace countersign
