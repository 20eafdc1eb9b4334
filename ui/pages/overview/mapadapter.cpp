#include "ui/pages/overview/mapadapter.h"

#include "backend/types/strings.h"
#include "models/overview/overviewstate.h"
#include "ui/shell/lampstrip.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("FlowMap", text);
}

int stageOf(OverviewNode::Kind kind)
{
    switch (kind) {
    case OverviewNode::Kind::Participant:
        return 0;
    case OverviewNode::Kind::Relayer:
        return 1;
    case OverviewNode::Kind::Chain:
        break;
    }
    return 2;
}

} // namespace

QString rateText(std::optional<double> perSecond)
{
    if (!perSecond || !std::isfinite(*perSecond))
        return u"–"_s;
    const QLocale locale;
    if (*perSecond > 0 && *perSecond < 0.1)
        return translated("%1 /min").arg(locale.toString(*perSecond * 60, 'f', 1));
    return translated("%1 /s").arg(locale.toString(*perSecond, 'f', *perSecond < 10 ? 1 : 0));
}

FlowMapData flowMapOf(const OverviewState &state)
{
    FlowMapData data;
    for (const OverviewNode &node : state.nodes()) {
        FlowNode shown;
        shown.id = QString::number(data.nodes.size());
        shown.stage = stageOf(node.kind);
        shown.title = node.id;
        shown.tone = node.state == SourceState::Live ? Tone::Good : toneOf(node.state);
        if (node.tone == Tone::Warn || node.tone == Tone::Bad)
            shown.tone = node.tone;
        shown.word = wordOf(node.state);
        shown.tag = node.leader ? translated("leader") : QString();
        shown.figure = node.leader ? translated("processes the queue") : node.caption;
        if (node.kind == OverviewNode::Kind::Relayer && !node.leader)
            shown.figure = translated("stands by");
        if (node.ageMicros)
            shown.caption = translated("data %1 old").arg(ageText(std::chrono::microseconds(*node.ageMicros)));
        if (node.queueDepth && (node.leader || node.kind == OverviewNode::Kind::Chain))
            shown.waiting = int(std::lround(*node.queueDepth));
        data.nodes.append(shown);
    }
    double busiest = 0;
    for (const OverviewEdge &edge : state.edges())
        busiest = std::max(busiest, edge.rate.value_or(0));
    for (const OverviewEdge &edge : state.edges()) {
        FlowEdge shown;
        shown.from = QString::number(edge.from);
        shown.to = QString::number(edge.to);
        shown.active = edge.active;
        shown.label = edge.active && edge.rate ? rateText(edge.rate) : QString();
        shown.weight = busiest > 0 ? edge.rate.value_or(0) / busiest : 0;
        data.edges.append(shown);
    }
    return data;
}

} // namespace countersign
