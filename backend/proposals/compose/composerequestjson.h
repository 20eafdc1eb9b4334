#pragma once

#include "backend/proposals/compose/composition.h"

#include <QByteArrayView>

namespace countersign {

/// What a file of a request may have: the user's own artifact is the largest part.
inline constexpr qsizetype maxComposeRequestBytes = qsizetype{2} * 1024 * 1024;
inline constexpr qsizetype maxComposeActions = 100;

/// A request as a draft is kept: everything that was typed, also what is wrong or not there yet. Canonical.
Bytes composeRequestToJson(const ComposeRequest &request);
/// Strict: canonical form, no unknown member. Errors Invalid, Exhausted.
Result<ComposeRequest> composeRequestFromJson(QByteArrayView file);

} // namespace countersign
