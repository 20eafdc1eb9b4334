#pragma once

namespace countersign::bench {

/// Serves com.daml.ledger.api.v2.UpdateService/GetUpdates from messages that are serialised once, prints its port on
/// one line and runs until its standard input ends. The request says what to send: begin_exclusive messages,
/// end_inclusive of them a second (0: a flood).
int runIngestServer();

/// Offsets of the messages start here: from here on every one takes five bytes, so that they can be written in place.
inline constexpr long long firstOffset = 1LL << 28;

} // namespace countersign::bench
