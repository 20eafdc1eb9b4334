#pragma once

#include "backend/evm/jsonabi.h"

#include <QHash>
#include <QList>

#include <optional>
#include <span>

namespace countersign {

/// A log with its meaning, as far as somebody knows it.
struct ReadLog {
    EvmLog log;
    std::optional<DecodedEvent> event; ///< absent: no interface has such an event
    QString text; ///< "KeyRegistered(partyId: 0x…, publicKey: 0x…)"; topic and size of an unknown one
    bool isByContract = false; ///< read by the interface of the very contract; else by what Safes and tokens log
};

/// Logs in words, in their order: by the interface of the contract that wrote them, else as an event of a Safe (told
/// apart by its number of topics between versions), else as one of ERC-20, ERC-721 or ERC-1155. Interfaces outlive the
/// call. An event's name says nothing of who wrote it: that is log.address.
QList<ReadLog> readLogs(std::span<const EvmLog> logs, const QHash<Address, const JsonAbi *> &interfaces = {});

} // namespace countersign
