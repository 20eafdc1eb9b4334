#pragma once

#include "app/practice/participant/templateregistry.h"

namespace com::daml::ledger::api::v2 {
class Identifier;
class Record;
class Value;
}

namespace countersign::participant {

namespace lapi = com::daml::ledger::api::v2;

/// Reads a template id. Errors: MISSING_FIELD, INVALID_FIELD.
[[nodiscard]] Outcome<TemplateName> decodeIdentifier(const lapi::Identifier &identifier);

/// Reads a record against its declaration: fields by label in any order when all are labelled, by position when none is.
/// \p what names the record in the error, COMMAND_PREPROCESSING_FAILED.
[[nodiscard]] Outcome<DamlRecord> decodeRecord(
    const lapi::Record &record, const std::vector<FieldSpec> &fields, std::string_view what);

/// A choice argument: a record, or unit where the choice takes none.
[[nodiscard]] Outcome<DamlRecord> decodeArgument(
    const lapi::Value &value, const std::vector<FieldSpec> &fields, std::string_view what);

void encodeIdentifier(const TemplateRef &ref, lapi::Identifier &to);
void encodeScalar(const DamlScalar &scalar, lapi::Value &to);
/// Labels only when \p verbose, as a participant does.
void encodeRecord(const DamlRecord &record, const std::vector<FieldSpec> &fields, bool verbose, lapi::Record &to);

} // namespace countersign::participant
