#pragma once

#include "backend/proposals/memberreader.h"
#include "backend/review/review.h"

#include <QJsonArray>
#include <QJsonObject>

namespace countersign {

// A review as a record keeps it: everything that was shown, nothing abridged. Calls are a flat list in the order in
// which they run, each with its depth, so that a deep transaction does not make a deep text.

QJsonObject reviewJson(const Review &review);
/// Every member is needed; what is wrong is noted in the reader.
Review readReview(MemberReader &reader);

QJsonArray effectsJson(const QList<Effect> &effects);
QList<Effect> readEffects(MemberReader &reader, QLatin1StringView name);

/// The calls of a tree in the order in which they run, with their depth from 0.
struct CallAtDepth {
    const DecodedCall *call = nullptr;
    int depth = 0;
};
QList<CallAtDepth> flattened(const DecodedCall &call);

QLatin1StringView severityWord(Severity severity);

} // namespace countersign
