#pragma once

#include "backend/canton/ledgerevent.h"
#include "backend/canton/ledgerfilter.h"

#include "com/daml/ledger/api/v2/state_service.pb.h"
#include "com/daml/ledger/api/v2/update_service.pb.h"

#include <QList>

namespace countersign::test {

/// The rows of a message made from protobuf's own objects: what LedgerDecoder is held against.
QList<LedgerEvent> rowsByProtobuf(
    const com::daml::ledger::api::v2::GetUpdatesResponse &message, const LedgerFilter &filter);
QList<LedgerEvent> rowsByProtobuf(
    const com::daml::ledger::api::v2::GetActiveContractsResponse &message, const LedgerFilter &filter);

} // namespace countersign::test
