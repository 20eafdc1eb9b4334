#include "backend/rpc/serverstreambase.h"

#include "backend/rpc/streamcall.h"

#include <QCoreApplication>
#include <QEvent>
#include <QPointer>

#include <pthread.h>

#include <utility>

namespace countersign {

ServerStreamBase::ServerStreamBase(StreamLimits limits, QObject *parent)
    : QObject(parent)
    , m_limits(limits)
    , m_nextFrame(this)
{
    m_nextFrame.setSingleShot(true);
    m_nextFrame.setTimerType(Qt::PreciseTimer);
    connect(&m_nextFrame, &QTimer::timeout, this, &ServerStreamBase::flush);
}

ServerStreamBase::~ServerStreamBase()
{
    Q_ASSERT(!m_thread.joinable());
}

quint64 ServerStreamBase::pauses() const
{
    const std::lock_guard lock(m_mutex);
    return m_pauses;
}

void ServerStreamBase::startReading(const Channel &channel, QByteArray method, Bytes request)
{
    // The call object exists before the thread, so that it can be cancelled from the first moment on.
    m_call = std::make_unique<StreamCall>(channel, std::move(method), std::move(request));
    m_thread = std::thread([this] {
        pthread_setname_np(pthread_self(), "rpc-stream");
        read();
    });
}

void ServerStreamBase::stopReading()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_roomInInbox.notify_all();
    if (m_call)
        m_call->cancel();
    if (m_thread.joinable())
        m_thread.join();
}

void ServerStreamBase::read()
{
    Result<void> outcome;
    m_call->start();
    while (m_call->next()) {
        const QByteArrayView message = m_call->message();
        outcome = decodeMessage(message);
        if (!outcome) {
            m_call->cancel();
            break;
        }
        std::unique_lock lock(m_mutex);
        m_inboxRows = publish();
        m_inboxBytes += message.size();
        if (m_inboxRows > 0)
            announce();
        if (m_inboxRows >= m_limits.rows || m_inboxBytes >= m_limits.bytes) {
            ++m_pauses;
            announce(); // messages without rows fill it too
            m_roomInInbox.wait(
                lock, [this] { return m_stopping || (m_inboxRows < m_limits.rows && m_inboxBytes < m_limits.bytes); });
        }
        if (m_stopping)
            break;
    }
    const Result<void> finish = m_call->finish();
    const std::lock_guard lock(m_mutex);
    m_outcome = outcome ? finish : outcome;
    m_ended = true;
    announce();
}

void ServerStreamBase::announce()
{
    if (std::exchange(m_announced, true) || m_stopping)
        return;
    QCoreApplication::postEvent(this, new QEvent(QEvent::User));
}

void ServerStreamBase::customEvent(QEvent *event)
{
    if (event->type() != QEvent::User) {
        QObject::customEvent(event);
        return;
    }
    const auto frame = std::chrono::duration_cast<std::chrono::nanoseconds>(m_limits.frame);
    const std::chrono::nanoseconds since(m_sinceFlush.isValid() ? m_sinceFlush.nsecsElapsed() : frame.count());
    if (since >= frame)
        flush();
    else
        m_nextFrame.start(std::chrono::ceil<std::chrono::milliseconds>(frame - since));
}

void ServerStreamBase::flush()
{
    m_sinceFlush.start();
    bool ended = false;
    {
        const std::lock_guard lock(m_mutex);
        take();
        m_inboxRows = 0;
        m_inboxBytes = 0;
        m_announced = false;
        ended = m_ended;
    }
    m_roomInInbox.notify_one();
    const QPointer<ServerStreamBase> alive(this);
    deliver();
    if (alive && ended)
        conclude(m_outcome);
}

} // namespace countersign
