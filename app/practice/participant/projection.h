#pragma once

#include "app/practice/participant/eventfilter.h"

namespace com::daml::ledger::api::v2 {
class CreatedEvent;
class GetUpdatesResponse;
class OffsetCheckpoint;
class Transaction;
}
namespace google::protobuf {
class Timestamp;
}

namespace countersign::participant {

/// What stands in an answer besides the update itself.
struct ProjectionContext {
    const std::string &synchronizerId;
    const std::string &participantId;
};

void encodeTimestamp(Timestamp time, google::protobuf::Timestamp &to);

/// \p acsDelta: whether a reader of the ACS sees the contract, too.
void encodeCreated(const Contract &contract, std::int32_t nodeId, const std::vector<std::string> &witnesses, bool verbose,
    bool acsDelta, lapi::CreatedEvent &to);

/// Fills \p to with what the filter lets through; false when that is nothing.
[[nodiscard]] bool projectTransaction(const LedgerUpdate &update, const EventFilter &filter, Shape shape,
    const ProjectionContext &context, lapi::Transaction &to);

/// The message of a stream for an update; false when the reader sees nothing of it.
[[nodiscard]] bool projectUpdate(const LedgerUpdate &update, const UpdateSelection &selection, const ProjectionContext &context,
    lapi::GetUpdatesResponse &to);

} // namespace countersign::participant
