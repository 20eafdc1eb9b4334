#pragma once

#include "app/practice/network/managedprocess.h"
#include "app/practice/network/networklayout.h"

namespace countersign {

// How each part of the network is started. The first start of a chain does not mine by itself, so that everything can
// be deployed within a few blocks; a later start takes the saved state up and mines.
ProcessCommand etcdCommand(const NetworkLayout &layout, const ToolLocations &tools);
ProcessCommand prometheusCommand(const NetworkLayout &layout, const ToolLocations &tools);
ProcessCommand chainCommand(const NetworkLayout &layout, const ToolLocations &tools, const ChainLayout &chain, bool firstStart);
ProcessCommand participantCommand(const NetworkLayout &layout, const ToolLocations &tools);
ProcessCommand relayerCommand(const NetworkLayout &layout, const ToolLocations &tools, const RelayerLayout &relayer);
ProcessCommand generatorCommand(const NetworkLayout &layout, const ToolLocations &tools);

/// Prometheus' configuration: relayers, participant and etcd, each second.
QByteArray prometheusConfiguration(const NetworkLayout &layout);

} // namespace countersign
