#include "backend/alerts/alertmerge.h"

#include "backend/alerts/silencematching.h"
#include "backend/types/strings.h"

#include <QMap>
#include <QSet>

#include <algorithm>

namespace countersign {

namespace {

QStringList membersOf(const ManagerView &view)
{
    QStringList members = view.status.peers;
    if (!view.status.clusterName.isEmpty() && !members.contains(view.status.clusterName))
        members.append(view.status.clusterName);
    return members;
}

bool isNewer(const Alert &a, const Alert &b)
{
    return a.updatedAt > b.updatedAt;
}

/// Within a cluster the newest word counts.
struct Sighting {
    Alert alert;
    QStringList managers;
    Timestamp asOf;
    bool isLive = false;
};

MergedAlert merge(const QMap<QString, Sighting> &byCluster)
{
    MergedAlert merged;
    merged.isStale = true;
    const Sighting *chosen = nullptr;
    for (const Sighting &sighting : byCluster) {
        merged.managers += sighting.managers;
        merged.asOf = std::max(merged.asOf, sighting.asOf);
        merged.isStale = merged.isStale && !sighting.isLive;
        const auto rank = [](const Sighting &s) { return std::pair(s.isLive, s.alert.state == Alert::State::Active); };
        const bool isBetter = chosen == nullptr || rank(sighting) > rank(*chosen) || (rank(sighting) == rank(*chosen) && isNewer(sighting.alert, chosen->alert));
        if (isBetter)
            chosen = &sighting;
    }
    if (chosen != nullptr)
        merged.alert = chosen->alert;
    std::ranges::sort(merged.managers);
    return merged;
}

bool comesFirst(const MergedSilence &a, const MergedSilence &b)
{
    const auto isOver = [](const MergedSilence &s) { return s.silence.state == Silence::State::Expired; };
    if (isOver(a) != isOver(b))
        return isOver(b);
    if (a.silence.endsAt != b.silence.endsAt)
        return isOver(a) ? a.silence.endsAt > b.silence.endsAt : a.silence.endsAt < b.silence.endsAt;
    return a.silence.id < b.silence.id;
}

} // namespace

QStringList clustersOf(const QVector<ManagerView> &views)
{
    QStringList names;
    for (const ManagerView &view : views) {
        const QStringList members = membersOf(view);
        names.append(members.isEmpty() ? u"manager "_s + view.id : *std::ranges::min_element(members));
    }
    // A member that lost sight of another is still in its cluster through a third.
    for (qsizetype round = 0; round < views.size(); ++round) {
        for (qsizetype a = 0; a < views.size(); ++a) {
            const QStringList mine = membersOf(views[a]);
            const QSet<QString> members(mine.cbegin(), mine.cend());
            for (qsizetype b = 0; b < views.size(); ++b) {
                const QStringList others = membersOf(views[b]);
                if (std::ranges::any_of(others, [&members](const QString &member) { return members.contains(member); }))
                    names[a] = names[b] = std::min(names[a], names[b]);
            }
        }
    }
    return names;
}

MergedView mergeViews(const QVector<ManagerView> &views)
{
    const QStringList clusters = clustersOf(views);
    QSet<QString> answering;
    for (qsizetype i = 0; i < views.size(); ++i) {
        if (views[i].isLive)
            answering.insert(clusters[i]);
    }
    QMap<QString, QMap<QString, Sighting>> sightings; // by fingerprint and cluster
    QMap<std::pair<QString, QString>, MergedSilence> silences;
    for (qsizetype i = 0; i < views.size(); ++i) {
        const ManagerView &view = views[i];
        if (!view.isLive && answering.contains(clusters[i]))
            continue;
        for (const Alert &alert : view.alerts) {
            Sighting &sighting = sightings[alert.fingerprint][clusters[i]];
            if (sighting.managers.isEmpty() || isNewer(alert, sighting.alert))
                sighting.alert = alert;
            sighting.managers.append(view.id);
            sighting.asOf = std::max(sighting.asOf, view.asOf);
            sighting.isLive = sighting.isLive || view.isLive;
        }
        for (const Silence &silence : view.silences) {
            MergedSilence &known = silences[{clusters[i], silence.id}];
            if (known.silence.id.isEmpty() || silence.updatedAt > known.silence.updatedAt)
                known = {silence, clusters[i], 0, !view.isLive};
        }
    }
    MergedView merged;
    QVector<Alert> present;
    for (const auto &byCluster : std::as_const(sightings)) {
        merged.alerts.append(merge(byCluster));
        present.append(merged.alerts.constLast().alert);
    }
    for (const MergedSilence &known : std::as_const(silences)) {
        MergedSilence silence = known;
        if (const auto matching = SilenceMatching::make(silence.silence.matchers))
            silence.matches = matching->count(present);
        merged.silences.append(silence);
    }
    std::ranges::sort(merged.silences, comesFirst);
    return merged;
}

} // namespace countersign
