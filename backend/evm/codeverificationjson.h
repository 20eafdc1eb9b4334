#pragma once

#include "backend/evm/codeverification.h"

#include <functional>

namespace countersign {

/// Reads the values of a constructor's parameters from a JSON list.
using AbiValuesReader = std::function<Result<std::vector<AbiValue>>(const std::vector<AbiParameter> &, JsonView)>;

/// Answers a request {artifact, deployed?, initCode?, constructorArgs?, libraries?, address?, contract?}.
///
/// artifact: an object as ContractArtifact reads it, or a whole compiler output (BuildOutput), of which `contract` names
/// one contract ("source:Name", or "Name"). deployed, initCode: 0x bytes. constructorArgs: a list of ABI values, read by `readValues` or as abijson.h says, or their
/// encoding as 0x bytes. libraries: {"source:Name": address}. Error Invalid names the member that is wrong.
Result<CodeVerdict> verifyCodeFromJson(JsonView request, const AbiValuesReader &readValues = {});

/// {"match": "exact", "immutables": {"<id>": "0x<word>"}, "variables": {"<id>": {"name", "type", "value"}},
/// "reasons": [{"code", "text", "position"?}], "libraryAddress"?}. "variables" has the immutables whose declaration is
/// known; positions are decimal strings.
QByteArray toJson(const CodeVerdict &verdict);

} // namespace countersign
