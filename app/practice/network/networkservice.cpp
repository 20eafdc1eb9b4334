#include "app/practice/network/networkservice.h"

#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QJsonArray>
#include <QTimer>

namespace countersign {

NetworkService::NetworkService(NetworkOptions options, ToolLocations tools, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_supervisor(std::move(options), std::move(tools), clock)
{
    connect(&m_supervisor, &Supervisor::prepared, this, &NetworkService::openControl);
    connect(&m_supervisor, &Supervisor::partChanged, this, &NetworkService::onPartChanged);
    connect(&m_supervisor, &Supervisor::progressed, this, &NetworkService::line);
}

NetworkService::~NetworkService() = default;

void NetworkService::begin()
{
    m_sinceStart.start();
    spawn(run());
}

QCoro::Task<> NetworkService::run()
{
    const std::stop_token stop = m_scope.token();
    const Result<void> up = co_await m_supervisor.bringUp();
    if (stop.stop_requested() || m_ending)
        co_return;
    if (!up) {
        m_exitCode = 1;
        emit line(u"The practice network cannot be started: %1\n%2"_s.arg(up.error().message, up.error().detail).trimmed());
        end();
        co_return;
    }
    emit line(u"ready after %1 s: %2"_s.arg(static_cast<double>(m_sinceStart.elapsed()) / 1000.0, 0, 'f', 1)
                  .arg(m_supervisor.layout().folder.environmentFile()));
}

// From the start on: status tells how far it is, down ends it. Only after the lock: the socket of another network must not be taken away.
void NetworkService::openControl()
{
    m_faults = std::make_unique<FaultService>(m_supervisor);
    m_control = std::make_unique<ControlServer>(m_supervisor.layout().folder.controlSocket(),
                                                [this](ControlRequest request) { return answer(std::move(request)); });
    if (const Result<void> listening = m_control->listen(); !listening)
        emit line(listening.error().message);
}

void NetworkService::end()
{
    if (m_ending)
        return;
    m_ending = true;
    spawn(finish());
}

QCoro::Task<> NetworkService::finish()
{
    const std::stop_token stop = m_scope.token();
    emit line(u"ending"_s);
    co_await m_supervisor.takeDown();
    if (stop.stop_requested())
        co_return;
    m_control.reset();
    emit ended(m_exitCode);
}

QCoro::Task<Result<QJsonObject>> NetworkService::answer(ControlRequest request)
{
    if (request.command == "status"_L1)
        co_return status();
    if (request.command == "down"_L1) {
        const QJsonObject told{{u"message"_s, u"ending"_s}};
        QTimer::singleShot(0, this, &NetworkService::end); // after the answer is on its way
        co_return told;
    }
    if (m_ending)
        co_return fail(ErrorKind::Conflict, u"The network is ending"_s);
    if (!m_supervisor.isReady())
        co_return fail(ErrorKind::Conflict, u"The network is still starting"_s);
    const Result<QString> done = co_await m_faults->apply(request.fault, request.arguments);
    if (!done)
        co_return std::unexpected(done.error());
    emit line(u"fault: %1"_s.arg(*done));
    co_return QJsonObject{{u"message"_s, *done}};
}

QJsonObject NetworkService::status() const
{
    QJsonArray parts;
    for (const PartStatus &part : m_supervisor.status())
        parts.append(part.toJson());
    return {{u"ready"_s, m_supervisor.isReady()},
            {u"environment"_s, m_supervisor.layout().folder.environmentFile()},
            {u"parts"_s, parts}};
}

void NetworkService::onPartChanged(const PartStatus &status)
{
    if (m_ending)
        return;
    emit line(status.toLine());
    for (const QString &logged : status.lastLogLines)
        emit line(u"    "_s + logged);
}

} // namespace countersign
