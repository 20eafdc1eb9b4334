#pragma once

#include <QMetaType>
#include <QString>

namespace countersign {

/// Progress of a flow, for the page: which step, and one sentence about it.
struct FlowStep {
    enum class Kind {
        Reviewing,
        Unlocking,
        Signing,
        Checking,
        Recording,
        Publishing,
        Simulating,
        Sending,
        WaitingForBlock,
        ReadingBack,
        Done
    };
    Kind kind = Kind::Reviewing;
    QString text;
};

} // namespace countersign

Q_DECLARE_METATYPE(countersign::FlowStep)
