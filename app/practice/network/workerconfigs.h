#pragma once

#include "app/practice/network/environmentfile.h"

namespace countersign {

/// Where the signing key of a practice party lies.
QString partyKeyFile(const NetworkLayout &layout, const QString &party);

/// What a relayer reads with --config.
QByteArray relayerConfiguration(const NetworkLayout &layout, const ToolLocations &tools, const PracticeFacts &facts,
                                const RelayerLayout &relayer);
/// What the generator reads with --config.
QByteArray generatorConfiguration(const NetworkLayout &layout, const NetworkOptions &options, const PracticeFacts &facts);

} // namespace countersign
