#include "models/overview/overviewstate.h"

#include "backend/types/strings.h"
#include "models/intents/intenttext.h"
#include "models/overview/recentintents.h"
#include "models/sources/sourcelistmodel.h"

#include <algorithm>
#include <tuple>

namespace countersign {

OverviewState::OverviewState(const IntentStore &store, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_clock(clock)
{
    update();
}

void OverviewState::setSource(const SourceStatus &status)
{
    const auto at = std::ranges::find_if(m_sources, [&](const SourceStatus &s) { return s.kind == status.kind && s.id == status.id; });
    if (at == m_sources.end())
        m_sources.append(status);
    else
        *at = status;
    update();
}

void OverviewState::setRelayers(const QVector<RelayerReading> &relayers)
{
    m_relayers = relayers;
    update();
}

void OverviewState::setChains(const QVector<ChainReading> &chains)
{
    m_chains = chains;
    update();
}

void OverviewState::setParticipants(const QVector<ParticipantReading> &participants)
{
    m_participants = participants;
    update();
}

void OverviewState::setMetricsAvailable(bool available)
{
    m_metrics = available;
    update();
}

void OverviewState::keyRevoked(const QString &chain, const QString &party, Timestamp at)
{
    const auto known = std::ranges::find_if(m_revocations, [&](const Revocation &r) { return r.chain == chain && r.party == party; });
    if (known == m_revocations.end())
        m_revocations.append({chain, party, at});
    update();
}

void OverviewState::keyRegistered(const QString &chain, const QString &party)
{
    m_revocations.removeIf([&](const Revocation &r) { return r.chain == chain && r.party == party; });
    update();
}

void OverviewState::setRevocationTime(const QString &chain, const QString &party, Timestamp at)
{
    for (Revocation &known : m_revocations) {
        if (known.chain == chain && known.party == party)
            known.at = at;
    }
    update();
}

void OverviewState::setSplitBrain(const QString &problem)
{
    m_splitBrain = problem;
    update();
}

void OverviewState::ledgerReadAnew(const QString &participant, Timestamp at)
{
    m_readAnew.insert(participant, at);
    update();
}

void OverviewState::applyBatch(const IntentBatch &batch)
{
    if (!batch.isEmpty())
        update();
}

void OverviewState::tick()
{
    update();
}

QStringList OverviewState::revokedParties() const
{
    QStringList parties;
    for (const Revocation &r : m_revocations) {
        if (!parties.contains(r.party))
            parties.append(r.party);
    }
    return parties;
}

void OverviewState::setHasElection(bool has)
{
    m_hasElection = has;
    update();
}

bool OverviewState::leaderIsKnown() const
{
    return m_hasElection
        && std::ranges::none_of(m_sources, [](const SourceStatus &s) { return s.kind == SourceKind::Etcd && s.state != SourceState::Live; });
}

bool OverviewState::hasLeader() const
{
    return !leaderIsKnown() || std::ranges::any_of(m_relayers, &RelayerReading::leader);
}

const SourceStatus *OverviewState::source(SourceKind kind, const QString &id) const
{
    const auto at = std::ranges::find_if(m_sources, [&](const SourceStatus &s) { return s.kind == kind && s.id == id; });
    return at == m_sources.end() ? nullptr : &*at;
}

bool OverviewState::isUp(SourceKind kind, const QString &id) const
{
    const SourceStatus *status = source(kind, id);
    return status != nullptr && (status->state == SourceState::Live || status->state == SourceState::Lagging);
}

/// By its metrics: a relayer that died leaves a log that can still be read. Without them the log has to do.
std::optional<bool> OverviewState::isUp(const RelayerReading &relayer) const
{
    if (relayer.up || source(SourceKind::Relayer, relayer.id) == nullptr)
        return relayer.up;
    return isUp(SourceKind::Relayer, relayer.id);
}

void OverviewState::update()
{
    const auto before = std::tuple(m_sentence, m_tone, m_nodes, m_edges, m_tiles, m_notes);
    updateMap();
    updateTiles();
    updateNotes();
    updateSentence();
    if (std::tie(m_sentence, m_tone, m_nodes, m_edges, m_tiles, m_notes) != before)
        emit changed();
}

void OverviewState::updateSentence()
{
    QStringList parts;
    const auto count = [this](bool wanted) {
        return static_cast<int>(std::ranges::count_if(m_relayers, [&](const RelayerReading &r) { return isUp(r) == std::optional(wanted); }));
    };
    const int up = count(true);
    const int down = count(false);
    const auto all = static_cast<int>(m_relayers.size());
    if (all > 0) {
        parts.append(all == 1 ? tr("%1 of 1 relayer up").arg(up) : tr("%1 of %n relayers up", nullptr, all).arg(up));
        if (up + down < all)
            parts.append(tr("%1 not measured").arg(all - up - down));
        const auto leader = std::ranges::find_if(m_relayers, &RelayerReading::leader);
        if (!leaderIsKnown())
            parts.append(tr("leader not known"));
        else
            parts.append(leader == m_relayers.end() ? tr("no leader") : tr("leader %1").arg(leader->id));
    } else {
        parts.append(tr("no relayer known"));
    }
    const auto waiting = static_cast<int>(m_store.openCount());
    const auto oldest = m_store.oldestOpen();
    if (waiting == 0 || !oldest) {
        parts.append(tr("no intent waiting"));
    } else {
        parts.append(waiting == 1 ? tr("1 intent waiting") : tr("%n intents waiting", nullptr, waiting));
        parts.append(tr("oldest %1").arg(IntentText::roughDuration(m_store.row(*oldest).age(m_clock.now()))));
    }
    m_tone = Tone::Good;
    const auto worsen = [this](Tone tone) {
        if (m_tone != Tone::Bad && (tone == Tone::Bad || m_tone != Tone::Warn))
            m_tone = tone;
    };
    bool connecting = m_sources.isEmpty();
    for (const SourceStatus &status : std::as_const(m_sources)) {
        connecting = connecting || status.state == SourceState::Connecting;
        const bool vital = status.kind == SourceKind::Participant || status.kind == SourceKind::Chain;
        const Tone tone = SourceListModel::toneOf(status.state);
        if (tone == Tone::Bad || tone == Tone::Warn)
            worsen(vital ? tone : Tone::Warn);
        if (vital && (status.state == SourceState::Down || status.state == SourceState::Stale))
            parts.append(tr("%1 %2 %3").arg(sourceKindName(status.kind), status.id, sourceStateName(status.state)));
    }
    if (all > 0 && (down == all || !hasLeader()))
        worsen(connecting ? Tone::Neutral : Tone::Bad);
    else if (down > 0)
        worsen(connecting ? Tone::Neutral : Tone::Warn);
    for (const OverviewNote &note : std::as_const(m_notes))
        worsen(note.tone == Tone::Bad ? Tone::Bad : Tone::Warn);
    // The mark before the sentence is on every page; what it marks must be too.
    if (!m_notes.isEmpty()) {
        const auto worst = std::ranges::find(std::as_const(m_notes), Tone::Bad, &OverviewNote::tone);
        parts.append((worst == m_notes.cend() ? m_notes.constFirst() : *worst).text);
    }
    if (m_tone == Tone::Good && connecting)
        m_tone = Tone::Neutral;
    m_sentence = parts.join(u", "_s);
}

void OverviewState::updateMap()
{
    m_nodes.clear();
    m_edges.clear();
    const Timestamp now = m_clock.now();
    const auto add = [&](OverviewNode node, SourceKind kind) {
        if (const SourceStatus *status = source(kind, node.id)) {
            node.state = status->state;
            if (status->lastData)
                node.ageMicros = std::max<qint64>((now - *status->lastData).count(), 0) / 1'000'000 * 1'000'000; // changes once a second
        }
        node.tone = SourceListModel::toneOf(node.state);
        m_nodes.append(node);
        return static_cast<int>(m_nodes.size()) - 1;
    };
    QVector<int> participants;
    QVector<int> relayers;
    for (const ParticipantReading &p : std::as_const(m_participants)) {
        OverviewNode node{OverviewNode::Kind::Participant, p.id, {}, SourceState::Connecting, Tone::Neutral, false, {}, {}};
        node.caption = p.ledgerEnd ? tr("offset %1").arg(*p.ledgerEnd) : QString();
        participants.append(add(node, SourceKind::Participant));
    }
    for (const RelayerReading &r : std::as_const(m_relayers)) {
        OverviewNode node{OverviewNode::Kind::Relayer, r.id, {}, SourceState::Connecting, Tone::Neutral, r.leader, r.queueDepth, {}};
        node.caption = r.leader ? tr("leader") : tr("standby");
        relayers.append(add(node, SourceKind::Relayer));
        if (r.up) {
            m_nodes.last().state = *r.up ? SourceState::Live : SourceState::Down;
            m_nodes.last().tone = SourceListModel::toneOf(m_nodes.last().state);
        }
    }
    QVector<int> chains;
    for (const ChainReading &c : std::as_const(m_chains)) {
        OverviewNode node{OverviewNode::Kind::Chain, c.name, {}, SourceState::Connecting, Tone::Neutral, false, c.queueDepth, {}};
        node.caption = c.head ? tr("block %1").arg(*c.head) : QString();
        chains.append(add(node, SourceKind::Chain));
    }
    const auto flows = [this](int from, int to) { return m_nodes[from].tone != Tone::Bad && m_nodes[to].tone != Tone::Bad; };
    for (qsizetype p = 0; p < participants.size(); ++p) {
        for (const int relayer : relayers) {
            const bool leads = m_nodes[relayer].leader;
            std::optional<double> rate = m_participants[p].rate;
            if (!rate && p == 0)
                rate = recentRate(m_store, now, std::chrono::seconds(60));
            m_edges.append({participants[p], relayer, leads ? rate : std::nullopt, leads && flows(participants[p], relayer)});
        }
    }
    for (const int relayer : relayers) {
        for (qsizetype c = 0; c < chains.size(); ++c) {
            const bool leads = m_nodes[relayer].leader;
            std::optional<double> rate = m_chains[c].rate;
            if (!rate)
                rate = recentRate(m_store, now, std::chrono::seconds(60), m_chains[c].name);
            m_edges.append({relayer, chains[c], leads ? rate : std::nullopt, leads && flows(relayer, chains[c])});
        }
    }
}

void OverviewState::updateTiles()
{
    const Timestamp now = m_clock.now();
    m_tiles.clear();
    const auto leader = std::ranges::find_if(m_relayers, &RelayerReading::leader);
    const bool led = leader != m_relayers.end();

    OverviewTile rate{OverviewTile::Kind::Rate, tr("Intents a second"), {}, Tone::Neutral, {}};
    if (m_metrics && led)
        rate.value = leader->rate;
    if (!rate.value) {
        rate.value = recentRate(m_store, now, std::chrono::seconds(60));
        rate.note = tr("created in the last minute");
    }
    m_tiles.append(rate);

    OverviewTile success{OverviewTile::Kind::Success, tr("Success"), {}, Tone::Neutral, {}};
    if (m_metrics && led)
        success.value = leader->successRate;
    if (!success.value) {
        const double good = m_store.count(IntentPhase::Acknowledged);
        const double bad = m_store.count(IntentPhase::Failed);
        if (good + bad > 0) {
            success.value = good / (good + bad);
            success.note = tr("of all that is known here");
        }
    }
    if (success.value)
        success.tone = *success.value < 0.9 ? Tone::Bad : (*success.value < 0.99 ? Tone::Warn : Tone::Good);
    m_tiles.append(success);

    OverviewTile depth{OverviewTile::Kind::QueueDepth, tr("Queue depth"), {}, Tone::Good, {}};
    if (m_metrics && led)
        depth.value = leader->queueDepth;
    if (!depth.value) {
        depth.value = static_cast<double>(m_store.count(IntentPhase::Authorised)) + m_store.count(IntentPhase::Queued);
        depth.note = tr("authorised or queued, as seen here");
    }
    depth.tone = *depth.value > 10 ? Tone::Warn : Tone::Good;
    m_tiles.append(depth);

    OverviewTile offset{OverviewTile::Kind::LedgerOffset, tr("Ledger offset"), {}, Tone::Neutral, {}};
    for (const ParticipantReading &p : std::as_const(m_participants)) {
        if (p.ledgerEnd && (!offset.value || static_cast<double>(*p.ledgerEnd) > *offset.value)) {
            offset.value = static_cast<double>(*p.ledgerEnd);
            offset.note = p.id;
        }
    }
    m_tiles.append(offset);

    OverviewTile lag{OverviewTile::Kind::HeadLag, tr("Head lag"), {}, Tone::Neutral, {}};
    for (const ChainReading &c : std::as_const(m_chains)) {
        if (!c.headTime)
            continue;
        const double seconds = std::max(0.0, static_cast<double>((now - *c.headTime).count()) / 1e6);
        if (!lag.value || seconds > *lag.value) {
            lag.value = seconds;
            lag.note = c.name;
        }
    }
    if (lag.value)
        lag.tone = *lag.value > 60 ? Tone::Warn : Tone::Good;
    m_tiles.append(lag);

    OverviewTile oldest{OverviewTile::Kind::OldestWaiting, tr("Oldest waiting"), {}, Tone::Good, {}};
    if (const auto row = m_store.oldestOpen()) {
        oldest.value = static_cast<double>(m_store.row(*row).age(now).count()) / 1e6;
        oldest.note = m_store.id(*row);
        oldest.tone = m_store.stuckCount() > 0 ? Tone::Warn : Tone::Good;
    }
    m_tiles.append(oldest);
}

void OverviewState::updateNotes()
{
    m_notes.clear();
    const Timestamp now = m_clock.now();
    if (!m_splitBrain.isEmpty())
        m_notes.append({m_splitBrain, Tone::Bad, {}, {}});
    for (auto it = m_readAnew.cbegin(); it != m_readAnew.cend(); ++it)
        m_notes.append({tr("the ledger of %1 was read anew: an intent that ended before may still be shown as open, until the console is started again").arg(it.key()),
                        Tone::Warn, u"state:open"_s, it.value()});
    const auto quoted = [](const QString &text) { return QString(u"party:\""_s + text + u'"'); };
    for (const Revocation &r : std::as_const(m_revocations)) {
        const PartyStanding standing = partyStanding(m_store, r.party, r.at);
        QString text = tr("party %1 stopped: its key on %2 is revoked").arg(r.party, r.chain);
        if (standing.refused > 0)
            text += standing.refused == 1 ? tr("; 1 intent refused since") : tr("; %n intents refused since", nullptr, static_cast<int>(standing.refused));
        if (standing.waiting > 0)
            text += tr("; %n waiting", nullptr, static_cast<int>(standing.waiting));
        m_notes.append({text, Tone::Warn, quoted(r.party), r.at});
    }
    const QStringList known = revokedParties();
    for (const Refusal &refusal : recentRefusals(m_store, now)) {
        if (!known.contains(refusal.party))
            m_notes.append({tr("party %1 is refused: %2").arg(refusal.party, refusal.reason), Tone::Warn, quoted(refusal.party), refusal.since});
    }
    const quint32 contradicted = recentContradictions(m_store);
    if (contradicted > 0)
        m_notes.append({tr("acknowledged on the ledger, but their block has left the chain: %n", nullptr, static_cast<int>(contradicted)), Tone::Bad,
                        u"state:contradicted"_s, {}});
    const auto stuck = static_cast<int>(m_store.stuckCount());
    if (stuck > 0)
        m_notes.append({stuck == 1 ? tr("1 intent is stuck") : tr("%n intents are stuck", nullptr, stuck), Tone::Warn, u"state:stuck"_s, {}});
}

} // namespace countersign
