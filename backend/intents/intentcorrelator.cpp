#include "backend/intents/intentcorrelator.h"

#include "backend/intents/evidencebook.h"

#include <QHashFunctions>

#include <algorithm>
#include <cstring>
#include <limits>

namespace countersign {

namespace {

constexpr qsizetype mostOrphans = 100'000;

quint8 rankOf(FactSource source)
{
    switch (source) {
    case FactSource::Ledger:
        return 3;
    case FactSource::RelayerLog:
        return 2;
    case FactSource::Chain:
        return 1;
    }
    return 0;
}

/// Decides whether a term is taken over: a better source, or, between equals, what comes first in order.
template<class T>
bool takes(IntentEvidence &evidence, Term term, quint8 rank, const T &given, const T &kept)
{
    quint8 &best = evidence.ranks[static_cast<std::size_t>(term)];
    if (rank < best || (rank == best && !(given < kept)))
        return false;
    best = rank;
    return true;
}

void takeText(IntentEvidence &evidence, Term term, quint8 rank, const QString &given, StringPool &pool, quint16 &code)
{
    if (!given.isEmpty() && takes(evidence, term, rank, given, pool.text(code)))
        code = static_cast<quint16>(pool.intern(given));
}

void takeTerms(const Fact &fact, IntentEvidence &evidence, IntentTexts &texts, IntentRow &row)
{
    const quint8 rank = rankOf(fact.source);
    const IntentTerms &terms = fact.terms;
    takeText(evidence, Term::Vault, rank, terms.vault, texts.vaults, row.vault);
    takeText(evidence, Term::Chain, rank, terms.chain, texts.chains, row.chain);
    takeText(evidence, Term::Party, rank, terms.party, texts.parties, row.party);
    takeText(evidence, Term::Action, rank, terms.action, texts.actions, row.action);
    takeText(evidence, Term::Asset, rank, terms.asset, texts.assets, row.asset);
    takeText(evidence, Term::Adapter, rank, terms.adapter, texts.adapters, row.adapter);
    if (const auto amount = CompactAmount::parse(terms.amount)) {
        if (takes(evidence, Term::Amount, rank, std::pair(amount->units, amount->scale), std::pair(row.amount, row.amountScale))) {
            row.amount = amount->units;
            row.amountScale = amount->scale;
            evidence.cut = !amount->exact;
        }
    }
    if (terms.nonce && takes(evidence, Term::Nonce, rank, *terms.nonce, row.nonce))
        row.nonce = *terms.nonce;
    if (terms.deadline) {
        const qint64 seconds = terms.deadline->micros() / 1'000'000;
        const auto deadline = static_cast<quint32>(std::clamp<qint64>(seconds, 0, std::numeric_limits<quint32>::max()));
        if (takes(evidence, Term::Deadline, rank, deadline, row.deadline))
            row.deadline = deadline;
    }
}

quint64 contractKey(const QByteArray &contractId)
{
    return qHash(contractId, 0x51d);
}

} // namespace

/// The rows that a batch has touched, each as it was, and as it becomes.
struct IntentCorrelator::Touched {
    struct Row {
        quint32 row = 0;
        IntentRow before;
        IntentRow now;
        RouteStatistics::Entries entries{};
        bool added = false;
        bool heard = false; ///< something new was said, also when the row is the same for it
    };
    std::vector<Row> rows;
    QHash<quint32, qsizetype> at;
    quint32 firstNew = 0;
};

IntentCorrelator::IntentCorrelator(IntentStore &store)
    : m_store(store)
{
}

IntentCorrelator::~IntentCorrelator() = default;

quint32 IntentCorrelator::rowFor(const Hash32 &hash, const Fact &fact, Touched &touched)
{
    std::optional<quint32> found = m_store.find(hash);
    if (!found) {
        IntentRow fresh;
        std::memcpy(fresh.key.data(), hash.view().data(), fresh.key.size());
        fresh.evidence = m_store.evidence().open();
        const bool named = !fact.intentId.isEmpty();
        m_store.evidence().at(fresh.evidence).named = named;
        found = m_store.append(fresh, named ? fact.intentId.toUtf8() : hash.toString().toUtf8());
        touched.at.insert(*found, static_cast<qsizetype>(touched.rows.size()));
        touched.rows.push_back({*found, {}, m_store.row(*found), {}, true, true});
        return *found;
    }
    if (!touched.at.contains(*found)) {
        const IntentRow before = m_store.row(*found);
        Touched::Row row{*found, before, before, {}, false, false};
        if (before.evidence != 0) {
            row.entries = foldEvidence(m_store.evidence().at(before.evidence)).entries;
            m_store.statistics().remove(RouteStatistics::route(before.vault, before.chain), row.entries);
        }
        touched.at.insert(*found, static_cast<qsizetype>(touched.rows.size()));
        touched.rows.push_back(row);
    }
    return *found;
}

void IntentCorrelator::take(const Fact &fact, Touched &touched)
{
    if (fact.kind == FactKind::RequestClosed && fact.intentId.isEmpty() && !fact.intentHash) {
        const auto known = m_requests.constFind(contractKey(fact.contractId));
        if (known == m_requests.constEnd()) {
            if (!fact.contractId.isEmpty() && !m_orphans.contains(contractKey(fact.contractId))) {
                m_orphans.insert(contractKey(fact.contractId), fact);
                m_orphanOrder.push_back(contractKey(fact.contractId));
                if (m_orphans.size() > mostOrphans) {
                    m_orphans.remove(m_orphanOrder.front());
                    m_orphanOrder.pop_front();
                }
            }
            return;
        }
        Fact named = fact;
        named.intentId = m_store.id(*known);
        take(named, touched);
        return;
    }
    if ((fact.intentId.isEmpty() && !fact.intentHash) || fact.intentId.toUtf8().size() > TextArena::longestText)
        return;
    const Hash32 hash = fact.intentId.isEmpty() ? *fact.intentHash : intentHashOf(fact.intentId);
    const quint32 row = rowFor(hash, fact, touched);
    Touched::Row &change = touched.rows[static_cast<std::size_t>(touched.at.value(row))];
    if (change.now.evidence == 0)
        return; // sealed: what is said of it now is a repetition
    IntentEvidence &evidence = m_store.evidence().at(change.now.evidence);
    if (!evidence.named && !fact.intentId.isEmpty()) {
        evidence.named = true;
        m_store.rename(row, fact.intentId.toUtf8());
        change.now.id = m_store.row(row).id;
    }
    takeTerms(fact, evidence, m_store.texts(), change.now);
    change.heard |= m_store.evidence().record(change.now.evidence, fact, m_store.texts().relayers);
    if (fact.kind == FactKind::Requested && !fact.contractId.isEmpty()) {
        m_requests.insert(contractKey(fact.contractId), row);
        const auto orphan = m_orphans.constFind(contractKey(fact.contractId));
        if (orphan != m_orphans.constEnd()) {
            Fact closed = *orphan;
            m_orphans.erase(orphan);
            std::erase(m_orphanOrder, contractKey(fact.contractId));
            closed.intentId = fact.intentId;
            closed.intentHash = hash;
            take(closed, touched);
        }
    }
}

IntentBatch IntentCorrelator::apply(std::span<const Fact> facts)
{
    Touched touched;
    touched.firstNew = m_store.size();
    for (const Fact &fact : facts)
        take(fact, touched);

    IntentBatch batch;
    batch.firstAdded = touched.firstNew;
    batch.added = m_store.size() - touched.firstNew;
    for (Touched::Row &change : touched.rows) {
        if (change.now.evidence == 0)
            continue;
        const IntentState state = foldEvidence(m_store.evidence().at(change.now.evidence));
        IntentRow &row = change.now;
        row.created = state.created;
        const qint64 waited = std::max<qint64>(state.since - state.created, 0) / 1000;
        row.since = static_cast<quint32>(std::min<qint64>(waited, std::numeric_limits<quint32>::max()));
        row.phase = state.phase;
        row.attempts = state.attempts;
        row.relayer = state.relayer;
        row.reason = m_store.texts().reasons.intern(state.reason);
        const bool moved = row.phase != change.before.phase || row.since != change.before.since;
        const quint8 kept = change.before.flags & bit(IntentFlag::Stuck);
        const quint8 cut = m_store.evidence().at(row.evidence).cut ? bit(IntentFlag::Cut) : quint8(0);
        row.flags = static_cast<quint8>(state.flags | cut | (moved ? 0 : kept));
        m_store.statistics().add(RouteStatistics::route(row.vault, row.chain), state.entries);
        m_store.replace(change.row, row);
        if (row.settled() && (change.added || !change.before.settled()))
            settle(change.row);
        if (!change.added && (change.heard || !(row == change.before)))
            batch.changed.append({change.row, change.before});
    }
    seal();
    return batch;
}

IntentBatch IntentCorrelator::refresh(Timestamp now)
{
    IntentBatch batch;
    batch.firstAdded = m_store.size();
    for (const quint32 row : m_store.openRows()) {
        const IntentRow before = m_store.row(row);
        const bool stuck = m_store.stuckRule().isStuck(m_store.statistics(), before, now);
        if (stuck != before.has(IntentFlag::Stuck))
            batch.changed.append({row, before});
    }
    for (const IntentBatch::Change &change : std::as_const(batch.changed)) {
        IntentRow row = change.before;
        row.flags ^= bit(IntentFlag::Stuck);
        m_store.replace(change.row, row);
    }
    return batch;
}

void IntentCorrelator::settle(quint32 row)
{
    m_settled.push_back(row);
}

void IntentCorrelator::seal()
{
    while (m_settled.size() > m_evidenceLimit) {
        const quint32 at = m_settled.front();
        m_settled.pop_front();
        IntentRow row = m_store.row(at);
        if (!row.settled() || row.evidence == 0)
            continue; // reopened by a reorganisation: it comes again
        const IntentEvidence &evidence = m_store.evidence().at(row.evidence);
        for (const EvidenceRecord &record : evidence.records) {
            if (record.kind == FactKind::Requested)
                m_requests.remove(contractKey(evidence.text(record.contractId).toByteArray()));
        }
        m_store.evidence().close(row.evidence);
        row.evidence = 0;
        row.flags |= bit(IntentFlag::Sealed);
        m_store.replace(at, row);
    }
}

} // namespace countersign
