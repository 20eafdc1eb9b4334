#pragma once

#include "backend/keys/keyevidence.h"
#include "backend/proposals/memberreader.h"

#include <QJsonObject>

namespace countersign {

/// What a device says of a key, as the journal and the records keep it.
QJsonObject keyEvidenceJson(const KeyEvidence &evidence);
/// Every member is needed; what is wrong is noted in the reader.
KeyEvidence readKeyEvidence(MemberReader &reader);

/// true or false; anything else is noted.
bool readFlag(MemberReader &reader, QLatin1StringView name);

} // namespace countersign
