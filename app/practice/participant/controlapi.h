#pragma once

#include "app/practice/participant/faultgate.h"
#include "app/practice/participant/httprequest.h"
#include "app/practice/participant/ledger.h"
#include "app/practice/participant/updateservice.h"

#include <QJsonObject>

namespace countersign::participant {

/// Fault injection and state, for the practice network's commands and for tests:
/// `GET /status`, `POST /pause?mode=hang|refuse`, `POST /resume`, `POST /cut`, `POST /prune?offset=N`. Every answer is the state as JSON,
/// or `{"error": text}`. Requests of a web page (they carry an Origin) are refused.
class ControlApi final {
public:
    ControlApi(Ledger &ledger, FaultGate &gate, const StreamCounters &streams)
        : m_ledger(ledger)
        , m_gate(gate)
        , m_streams(streams)
    {
    }

    [[nodiscard]] HttpResponse handle(const HttpRequest &request) const;
    [[nodiscard]] QJsonObject state() const;

private:
    [[nodiscard]] HttpResponse pause(const HttpRequest &request) const;
    [[nodiscard]] HttpResponse prune(const HttpRequest &request) const;

    Ledger &m_ledger;
    FaultGate &m_gate;
    const StreamCounters &m_streams;
};

/// `/metrics` in Prometheus' text format.
[[nodiscard]] HttpResponse metricsPage(const HttpRequest &request, const LedgerHead &head, const StreamCounters &streams);

} // namespace countersign::participant
