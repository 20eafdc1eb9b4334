#pragma once

#include "backend/canton/damlvalue.h"
#include "backend/canton/templateid.h"
#include "backend/types/error.h"

#include "com/daml/ledger/api/v2/value.pb.h"

namespace countersign {

// Our values as protobuf's, for commands. Private to this folder. Exhausted when a value is nested deeper than 32.
void toProto(const TemplateId &id, com::daml::ledger::api::v2::Identifier &out);
[[nodiscard]] Result<void> toProto(const DamlValue &value, com::daml::ledger::api::v2::Value &out);
[[nodiscard]] Result<void> toProto(const DamlValue &record, com::daml::ledger::api::v2::Record &out);

} // namespace countersign
