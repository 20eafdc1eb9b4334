#include "backend/safe/safesimulatedevents.h"
#include "backend/safe/safesimulation.h"
#include "backend/safe/safesimulationaccessor.h"
#include "backend/safe/safesimulationcomparison.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// What a node may answer to eth_simulateV1, and the same bytes as what SimulateTxAccessor returned.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    if (const auto calls = simulatedCalls(QJsonDocument::fromJson(bytes).array(), 2)) {
        SafeSimulation simulation;
        simulation.succeeded = calls->front().succeeded;
        simulation.reason = calls->front().reason;
        simulation.logs = calls->front().logs;
        simulation.hasLogs = true;
        if (readLogs(simulation.logs).size() != static_cast<qsizetype>(simulation.logs.size())
            || !differences(simulation, simulation).isEmpty())
            std::abort();
    }
    static_cast<void>(decodeAccessorAnswer(bytes));
    if (const auto answer = decodeSimulateAndRevert(bytes))
        static_cast<void>(decodeAccessorAnswer(*answer));
    return 0;
}
