#pragma once

#include "app/cli/report/report.h"
#include "app/cli/review/safeinput.h"
#include "backend/evm/jsonabi.h"
#include "backend/types/json.h"

namespace countersign {

// What is inside bytes that somebody is asked to sign or send, written into a report with findings. Nothing of it comes
// from a network or from the word of a file.

/// The interface that --abi names (an array of the JSON ABI or an artifact), before those that are known here.
struct Interfaces {
    std::optional<JsonAbi> given;
};

void describeSafeTransaction(Report &report, const SafeInput &input, const Interfaces &interfaces);
/// \a to absent: the target is not known.
void describeCalldata(Report &report, Report::Node &node, QByteArrayView data, const std::optional<Address> &to, const Interfaces &interfaces);
Result<void> describeRawTransaction(Report &report, QByteArrayView raw, const Interfaces &interfaces);
Result<void> describeTypedData(Report &report, JsonView json);
void describeCode(Report &report, QByteArrayView code);
/// A transaction-builder file: its claims, each transaction, and what does not agree.
Result<void> describeBuilderFile(Report &report, JsonView json, const Interfaces &interfaces);

/// Values of a JSON object as lines.
void addJson(Report::Node &node, JsonView json);

} // namespace countersign
