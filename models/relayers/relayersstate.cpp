#include "models/relayers/relayersstate.h"

#include "backend/types/strings.h"
#include "models/intents/intenttext.h"

#include <algorithm>

namespace countersign {

RelayersState::RelayersState(const Clock &clock, LogArchive *archive, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_election(clock)
    , m_relayers(clock)
    , m_log(archive)
{
    m_status.kind = SourceKind::Etcd;
}

void RelayersState::setMainElection(const QString &name)
{
    m_main = name;
    m_chosen = name;
    emit electionsChanged();
    emit changed();
}

void RelayersState::setElection(const QString &name, const ElectionState &state, const QHash<QString, bool> &claims)
{
    const bool isNew = !m_known.contains(name);
    m_known.insert(name, {state, claims});
    if (name == m_chosen)
        showChosen();
    if (isNew)
        emit electionsChanged();
    emit changed();
}

void RelayersState::setElectionStatus(const SourceStatus &status)
{
    m_status = status;
    emit changed();
}

void RelayersState::setCluster(const EtcdClusterState &state)
{
    m_members.setCluster(state);
    emit changed();
}

void RelayersState::setRelayers(const QVector<RelayerFacts> &relayers)
{
    m_relayers.setRelayers(relayers);
    emit changed();
}

void RelayersState::tick()
{
    m_election.tick();
    m_relayers.tick();
    emit changed();
}

QStringList RelayersState::elections() const
{
    QStringList names = m_known.keys();
    names.removeAll(m_main);
    names.sort();
    if (!m_main.isEmpty())
        names.prepend(m_main);
    return names;
}

void RelayersState::chooseElection(const QString &name)
{
    if (name == m_chosen || !elections().contains(name))
        return;
    m_chosen = name;
    showChosen();
    emit changed();
}

void RelayersState::showChosen()
{
    const Known known = m_known.value(m_chosen);
    m_election.setElection(m_chosen, known.state, known.claims);
}

QString RelayersState::alarm() const
{
    const QString splitBrain = m_known.value(m_main).state.splitBrain;
    if (!splitBrain.isEmpty())
        return tr("Two minds about who leads: %1. Stop what is not the leader before it sends, then look at its clock and its lease").arg(splitBrain);
    const EtcdClusterState &cluster = m_members.state();
    return cluster.alarms.isEmpty() ? QString() : cluster.alarms.constFirst();
}

QString RelayersState::sentence() const
{
    QStringList parts;
    const ElectionState &state = m_known.value(m_main).state;
    if (m_main.isEmpty())
        parts.append(tr("The environment names no election: nobody can say who leads"));
    else if (m_status.state == SourceState::Connecting)
        parts.append(tr("Asking etcd who leads"));
    else if (m_status.state == SourceState::Down)
        parts.append(state.candidates.isEmpty() ? tr("etcd does not say who leads") : tr("etcd does not answer; %1 led last").arg(state.leader()));
    else if (state.candidates.isEmpty())
        parts.append(tr("Nobody leads: no relayer stands for election"));
    else if (!state.history.isEmpty() && !state.history.constFirst().until)
        parts.append((state.history.constFirst().earlier ? tr("%1 leads, for over %2") : tr("%1 leads, for %2"))
                         .arg(state.leader(), IntentText::roughDuration(m_clock.now() - state.history.constFirst().since)));
    if (state.candidates.size() > 1)
        parts.append(tr("ready to follow: %1").arg(state.candidates.size() - 1));
    else if (state.candidates.size() == 1 && m_status.state == SourceState::Live)
        parts.append(tr("nobody stands ready to follow"));
    const QVector<RelayerFacts> &relayers = m_relayers.relayers();
    if (!relayers.isEmpty()) {
        const auto up = std::ranges::count_if(relayers, [this](const RelayerFacts &relayer) { return m_relayers.isUp(relayer); });
        parts.append(tr("%1 of %2 relayers up").arg(up).arg(relayers.size()));
    }
    return parts.join(u"; "_s);
}

Tone RelayersState::tone() const
{
    if (m_main.isEmpty() || m_status.state == SourceState::Connecting)
        return Tone::Neutral;
    const ElectionState &state = m_known.value(m_main).state;
    if (!alarm().isEmpty() || m_status.state == SourceState::Down || state.candidates.isEmpty())
        return Tone::Bad;
    const QVector<RelayerFacts> &relayers = m_relayers.relayers();
    const bool areUp = std::ranges::all_of(relayers, [this](const RelayerFacts &relayer) { return m_relayers.isUp(relayer); });
    return state.candidates.size() < 2 || !areUp || m_members.tone() == Tone::Warn ? Tone::Warn : Tone::Good;
}

} // namespace countersign
