#pragma once

#include "backend/environment/environment.h"
#include "backend/environment/mapreader.h"

namespace countersign {

/// "https://host", or {url, headers, tenant, username, tls: {ca, certificate, key}}: a server under a key of the profile, if it is there.
std::optional<ServerSettings> readServer(MapReader &reader, const QString &key);

/// One such server, or a list of them.
QVector<ServerSettings> readServers(MapReader &reader, const QString &key);

} // namespace countersign
