#include "backend/alerts/alertacknowledgements.h"
#include "backend/alerts/alertmanagerreply.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// What is accepted keeps the limits; a record that is read is written so that it is read again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const int status = data[0] % 2 == 0 ? 200 : 400;
    const QByteArray body(reinterpret_cast<const char *>(data + 1), static_cast<qsizetype>(size) - 1);
    const AlertmanagerLimits limits{.bytes = 1 << 20, .entries = 16, .depth = 8};
    if (const auto alerts = parseAlerts(status, body, limits); alerts && alerts->size() > limits.entries)
        std::abort();
    if (const auto silences = parseSilences(status, body, limits)) {
        for (const Silence &silence : *silences)
            (void)silenceJson(silence);
    }
    (void)parseAlertGroups(status, body, limits);
    (void)parseAlertmanagerStatus(status, body, limits);
    (void)parseReceivers(status, body, limits);
    (void)parseSilenceId(status, body, limits);
    if (const auto read = parseAcknowledgement(body)) {
        if (!parseAcknowledgement(acknowledgementLine(*read)))
            std::abort();
    }
    return 0;
}
