#pragma once

#include "app/practice/generator/generatorconfig.h"
#include "backend/types/bytes.h"
#include "backend/types/uint256.h"

#include <chrono>
#include <functional>

namespace countersign {

/// How an order is meant to end.
enum class PlannedEnd { Executed, OverLimit, Expired, UnknownAdapter, Withdrawn };

/// One order, made up: who orders what of which vault, and how it shall end.
struct PlannedIntent {
    qsizetype party = 0; ///< index in the configuration
    qsizetype vault = 0;
    QString action;
    QString asset;
    Uint256 amount; ///< smallest unit
    Bytes callData;
    Hash32 adapterId;
    PlannedEnd end = PlannedEnd::Executed;
    std::chrono::milliseconds thinking{0}; ///< until somebody authorises it
    std::chrono::seconds lifetime{600}; ///< from creation to deadline
};

/// Numbers in [0, 1); injected, so that a test can repeat them.
using RandomShare = std::function<double()>;

/// Makes the next order up, by the configuration's weights and failure share.
PlannedIntent planIntent(const GeneratorConfig &config, const RandomShare &random);

} // namespace countersign
