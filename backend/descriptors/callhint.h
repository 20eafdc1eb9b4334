#pragma once

#include <QList>
#include <QString>

namespace countersign {

/// One labelled value, as a descriptor would have it shown.
struct HintField {
    QString label;
    QString value;
    QString path; ///< where the value stands in the call; empty for a text of the descriptor's own
    friend bool operator==(const HintField &, const HintField &) = default;
};

/// What a clear-signing descriptor says of a call: somebody's claim about bytes that are decoded without it. It stands
/// beside the decoded call and never in its place.
struct CallHint {
    QString source; ///< file name of the descriptor
    QString hash; ///< keccak256 of the file, of what it includes as well
    QString owner; ///< who it says the contract belongs to
    QString intent;
    QList<HintField> fields;
    friend bool operator==(const CallHint &, const CallHint &) = default;
};

} // namespace countersign
