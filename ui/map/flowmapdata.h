#pragma once

#include "ui/theme/tokens.h"

#include <QString>
#include <QVector>

namespace countersign {

/// A place that intents pass: a participant, a relayer, a chain.
struct FlowNode {
    QString id;
    int stage = 0; ///< column: 0 ledger, 1 relayer, 2 chain
    QString title;
    QString figure; ///< the one figure of the node: "offset 1,204"
    QString caption; ///< what stands under it: "head 312, 2 confirmations"
    QString note; ///< a consequence worth words: "settlement: key revoked, 12 stopped"
    Tone noteTone = Tone::Warn;
    Tone tone = Tone::Neutral;
    QString word; ///< what the tone says: "live"
    QString tag; ///< "leader"
    int waiting = -1; ///< intents that wait here; -1: not a queue
    bool operator==(const FlowNode &) const = default;
};

struct FlowEdge {
    QString from;
    QString to;
    QString label; ///< "0.8 /s"
    double weight = 0; ///< 0 to 1: share of the busiest edge
    bool active = false;
    Tone tone = Tone::Info;
    bool operator==(const FlowEdge &) const = default;
};

struct FlowMapData {
    QVector<FlowNode> nodes;
    QVector<FlowEdge> edges;
    bool operator==(const FlowMapData &) const = default;
};

} // namespace countersign
