#pragma once

#include "backend/intents/intentstore.h"
#include "backend/types/clock.h"

#include <QByteArray>

#include <random>

namespace countersign::bench {

/// Fills a store with intents as a busy year would: ids of 23 characters, four chains, amounts and ages at random but the same each time.
class IntentWorld
{
public:
    IntentStore store;
    ManualClock clock;

    IntentBatch add(quint32 count);

private:
    std::mt19937_64 m_random{42};
};

/// Proportional set size of this process in bytes (/proc/self/smaps_rollup).
double proportionalSetSize();

} // namespace countersign::bench
