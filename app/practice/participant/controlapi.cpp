#include "app/practice/participant/controlapi.h"

#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace countersign::participant {

namespace {

HttpResponse json(int status, const QJsonObject &object)
{
    return {status, "application/json", QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n'};
}

HttpResponse problem(int status, const QString &text)
{
    return json(status, {{u"error"_s, text}});
}

void addMetric(QByteArray &to, const char *name, const char *type, const char *help, quint64 value)
{
    to += QByteArray("# HELP ") + name + ' ' + help + "\n# TYPE " + name + ' ' + type + '\n' + name + ' ' + QByteArray::number(value)
        + '\n';
}

} // namespace

HttpResponse ControlApi::handle(const HttpRequest &request) const
{
    if (request.headers.contains("origin")) {
        return problem(403, u"Web pages may not control the simulator"_s);
    }
    if (request.path == "/status") {
        return request.method == "GET" ? json(200, state()) : problem(405, u"GET only"_s);
    }
    const bool known = request.path == "/pause" || request.path == "/resume" || request.path == "/cut" || request.path == "/prune";
    if (!known) {
        return problem(404, u"Known are /status, /pause, /resume, /cut and /prune"_s);
    }
    if (request.method != "POST") {
        return problem(405, u"POST only"_s);
    }
    if (request.path == "/pause") {
        return pause(request);
    }
    if (request.path == "/prune") {
        return prune(request);
    }
    if (request.path == "/resume") {
        m_gate.set(FaultGate::Mode::Open);
    } else {
        m_gate.cutStreams();
    }
    m_ledger.wake();
    return json(200, state());
}

HttpResponse ControlApi::pause(const HttpRequest &request) const
{
    const QString mode = request.query.queryItemValue(u"mode"_s);
    if (!mode.isEmpty() && mode != "hang"_L1 && mode != "refuse"_L1) {
        return problem(400, u"The mode is hang or refuse"_s);
    }
    m_gate.set(mode == "refuse"_L1 ? FaultGate::Mode::Refuse : FaultGate::Mode::Hang);
    m_ledger.wake();
    return json(200, state());
}

HttpResponse ControlApi::prune(const HttpRequest &request) const
{
    bool isNumber = false;
    const qint64 offset = request.query.queryItemValue(u"offset"_s).toLongLong(&isNumber);
    if (!isNumber) {
        return problem(400, u"The offset is a whole number"_s);
    }
    if (const auto pruned = m_ledger.prune(offset); !pruned) {
        return problem(409, QString::fromStdString(pruned.error().cause));
    }
    return json(200, state());
}

QJsonObject ControlApi::state() const
{
    const LedgerHead head = m_ledger.head();
    const std::string_view mode = faultModeName(m_gate.mode());
    QJsonArray parties;
    for (const std::string &party : m_ledger.parties()) {
        parties.append(QString::fromStdString(party));
    }
    return {
        {u"mode"_s, QString::fromLatin1(mode.data(), static_cast<qsizetype>(mode.size()))},
        {u"participant"_s, QString::fromStdString(m_ledger.participantId())},
        {u"parties"_s, parties},
        {u"ledgerEnd"_s, static_cast<qint64>(head.end)},
        {u"prunedUpTo"_s, static_cast<qint64>(head.prunedUpTo)},
        {u"updates"_s, static_cast<qint64>(head.updates)},
        {u"activeContracts"_s, static_cast<qint64>(head.activeContracts)},
        {u"streams"_s, m_streams.open.load()},
        {u"streamMessages"_s, static_cast<qint64>(m_streams.messages.load())},
        {u"waitingCalls"_s, m_gate.waiting()},
        {u"cuts"_s, static_cast<qint64>(m_gate.generation())},
    };
}

HttpResponse metricsPage(const HttpRequest &request, const LedgerHead &head, const StreamCounters &streams)
{
    if (request.path != "/metrics") {
        return {404, "text/plain; charset=utf-8", "The metrics are at /metrics\n"};
    }
    QByteArray body;
    addMetric(body, "canton_ledger_height", "gauge", "Offset of the ledger end.", static_cast<quint64>(head.end));
    addMetric(body, "canton_updates_total", "counter", "Updates since the start.", head.updates);
    addMetric(body, "canton_active_contracts", "gauge", "Contracts that are active now.", head.activeContracts);
    addMetric(body, "canton_update_streams", "gauge", "Streams of updates that are open.",
        static_cast<quint64>(std::max(0, streams.open.load())));
    addMetric(body, "canton_stream_messages_total", "counter", "Messages written to streams of updates.", streams.messages.load());
    return {200, "text/plain; version=0.0.4; charset=utf-8", body};
}

} // namespace countersign::participant
