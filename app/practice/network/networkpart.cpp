#include "app/practice/network/networkpart.h"

#include "backend/rpc/httpclient.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QCoroTimer>

#include <QDeadlineTimer>

namespace countersign {

namespace {

constexpr auto askPause = std::chrono::milliseconds(60);
constexpr auto askDeadline = std::chrono::milliseconds(1000);
constexpr auto readyWithin = std::chrono::seconds(20);

} // namespace

NetworkPart::NetworkPart(QString name, QString endpoint, ProcessCommand command, HealthQuestion question, HttpClient &http,
                         const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_process(name, std::move(command))
    , m_question(std::move(question))
    , m_http(http)
    , m_clock(clock)
{
    m_status.name = std::move(name);
    m_status.endpoint = std::move(endpoint);
    m_status.since = clock.now();
    const auto ended = [this] {
        for (const auto &promise : std::exchange(m_waitingForEnd, {}))
            promise->finish();
    };
    connect(&m_process, &ManagedProcess::died, this, [this, ended](const QString &ending, const QStringList &lines) {
        m_status.lastLogLines = lines;
        set(PartState::Died, ending);
        ended();
    });
    connect(&m_process, &ManagedProcess::stopped, this, [this, ended] {
        set(PartState::Stopped, m_meant);
        ended();
    });
}

Result<void> NetworkPart::start()
{
    m_meant.clear();
    m_status.lastLogLines.clear();
    const Result<void> started = m_process.start();
    if (started)
        set(PartState::Starting);
    else
        set(PartState::Died, started.error().message);
    return started;
}

QCoro::Task<Result<void>> NetworkPart::untilReady()
{
    const std::stop_token stop = m_scope.token();
    const QDeadlineTimer deadline(readyWithin);
    const HttpOptions options{.deadline = askDeadline, .headers = {}};
    while (m_status.state == PartState::Starting) {
        const QFuture<Result<HttpReply>> question = m_question.body.isEmpty()
            ? m_http.get(m_question.url, options, stop)
            : m_http.post(m_question.url, m_question.body, "application/json"_ba, options, stop);
        const Result<HttpReply> reply = co_await question;
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"The network is ending"_s);
        if (m_status.state == PartState::Starting && reply && reply->isSuccess()) {
            set(PartState::Ready);
            co_return Result<void>();
        }
        if (deadline.hasExpired())
            co_return fail(ErrorKind::Timeout, u"%1 does not become ready"_s.arg(m_status.name),
                           m_process.lastLogLines().join(u'\n'));
        co_await QCoro::sleepFor(askPause);
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"The network is ending"_s);
    }
    if (m_status.state == PartState::Ready)
        co_return Result<void>();
    co_return fail(ErrorKind::Unavailable, u"%1 ended: %2"_s.arg(m_status.name, m_status.note), m_status.lastLogLines.join(u'\n'));
}

QCoro::Task<> NetworkPart::stop()
{
    const auto state = m_process.state();
    if (state != ManagedProcess::State::Running && state != ManagedProcess::State::Paused && state != ManagedProcess::State::Stopping)
        co_return;
    auto promise = std::make_shared<QPromise<void>>();
    promise->start();
    m_waitingForEnd.push_back(promise);
    const QFuture<void> ended = promise->future();
    if (state != ManagedProcess::State::Stopping)
        m_process.stop();
    co_await ended;
}

void NetworkPart::kill(const QString &note)
{
    m_meant = note;
    m_process.kill();
}

Result<void> NetworkPart::pause(const QString &note)
{
    const Result<void> paused = m_process.pause();
    if (paused)
        set(PartState::Paused, note);
    return paused;
}

Result<void> NetworkPart::resume()
{
    const Result<void> resumed = m_process.resume();
    if (resumed)
        set(PartState::Ready);
    return resumed;
}

void NetworkPart::set(PartState state, const QString &note)
{
    m_status.state = state;
    m_status.note = note;
    m_status.processId = m_process.processId();
    m_status.since = m_clock.now();
    emit changed(m_status);
}

} // namespace countersign
