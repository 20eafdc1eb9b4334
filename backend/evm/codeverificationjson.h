#pragma once

#include "backend/evm/codeverification.h"

namespace countersign {

/// Answers a request {artifact, deployed?, initCode?, constructorArgs?, libraries?, address?, contract?}.
///
/// artifact: an object as ContractArtifact reads it, or a whole compiler output (BuildOutput), of which `contract` names
/// one contract ("source:Name", or "Name"). deployed, initCode: 0x bytes. constructorArgs: a list of ABI values (abijson.h), or their
/// encoding as 0x bytes. libraries: {"source:Name": address}. Error Invalid names the member that is wrong.
Result<CodeVerdict> verifyCodeFromJson(JsonView request);

/// {"match": "exact", "immutables": {"<id>": "0x<word>"}, "variables": {"<id>": {"name", "type", "value"}},
/// "reasons": [{"code", "text", "position"?}], "libraryAddress"?}. "variables" has the immutables whose declaration is
/// known; positions are decimal strings.
QByteArray toJson(const CodeVerdict &verdict);

} // namespace countersign
