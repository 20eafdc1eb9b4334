#pragma once

#include "backend/rpc/channel.h"
#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QByteArrayView>
#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace countersign {

struct StreamLimits {
    qsizetype rows = 65'536; ///< in the inbox; above it reading stops until the next flush
    qsizetype bytes = 32 * 1024 * 1024; ///< of the messages behind these rows
    std::chrono::milliseconds frame{16}; ///< shortest time between two batches
};

class StreamCall; // the call on the wire; defined inside backend/rpc only

/// What ServerStream does whatever its rows are: the thread, the inbox's lock, the flush. The one place with a mutex.
class ServerStreamBase : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ServerStreamBase)

public:
    ~ServerStreamBase() override;

    /// How often reading had to stop because the inbox was full.
    [[nodiscard]] quint64 pauses() const;

protected:
    ServerStreamBase(StreamLimits limits, QObject *parent);

    void startReading(const Channel &channel, QByteArray method, Bytes request);
    /// Cancels and waits for the thread. The most derived destructor calls it, while the virtual functions still stand.
    void stopReading();

    void customEvent(QEvent *event) override;

private:
    virtual Result<void> decodeMessage(QByteArrayView message) = 0; ///< reader thread
    virtual qsizetype publish() = 0; ///< reader thread, locked: decoded rows to the inbox; answers its size
    virtual void take() = 0; ///< owner's thread, locked: the inbox becomes the batch
    virtual void deliver() = 0; ///< owner's thread, may delete this
    virtual void conclude(const Result<void> &outcome) = 0; ///< owner's thread, may delete this

    void read();
    void announce(); ///< locked
    void flush();

    const StreamLimits m_limits;
    std::unique_ptr<StreamCall> m_call;
    std::thread m_thread;
    QTimer m_nextFrame;
    QElapsedTimer m_sinceFlush;

    mutable std::mutex m_mutex;
    std::condition_variable m_roomInInbox;
    qsizetype m_inboxRows = 0;
    qsizetype m_inboxBytes = 0;
    quint64 m_pauses = 0;
    bool m_announced = false; // a flush is on its way
    bool m_stopping = false;
    bool m_ended = false;
    Result<void> m_outcome;
};

} // namespace countersign
