#pragma once

#include "backend/rpc/serverstreambase.h"

#include <QByteArrayView>
#include <QList>
#include <QPointer>

#include <functional>
#include <utility>

namespace countersign {

/// One server-streaming call. A thread of its own reads with gRPC's synchronous API and decodes each message straight
/// to flat rows (the cheapest arrangement of those measured: messages never cross threads); the rows wait in a bounded
/// inbox and arrive on the thread of this object as one batch: at once when it was idle, else once a frame. A full
/// inbox stops the reading, and HTTP/2 flow control stops the server. The rows of one message are never split. Deleting
/// the stream, in one of its own handlers too, ends the call.
template <class Row> class ServerStream final : public ServerStreamBase {
public:
    /// On the reader thread: appends the rows of one message. An error ends the stream with it.
    using Decode = std::function<Result<void>(QByteArrayView message, QList<Row> &rows)>;
    using OnRows = std::function<void(const QList<Row> &rows)>;
    /// No error: the server ended the stream by itself.
    using OnEnd = std::function<void(const Result<void> &outcome)>;

    /// Starts at once. \a method is the full path, "/package.Service/Method"; \a request its serialised message.
    ServerStream(const Channel &channel, QByteArray method, Bytes request, Decode decode, OnRows onRows, OnEnd onEnd,
        StreamLimits limits = {}, QObject *parent = nullptr)
        : ServerStreamBase(limits, parent)
        , m_decode(std::move(decode))
        , m_onRows(std::move(onRows))
        , m_onEnd(std::move(onEnd))
    {
        startReading(channel, std::move(method), std::move(request));
    }

    ~ServerStream() override { stopReading(); }

    Q_DISABLE_COPY_MOVE(ServerStream)

private:
    Result<void> decodeMessage(QByteArrayView message) override { return m_decode(message, m_scratch); }

    qsizetype publish() override
    {
        if (m_inbox.isEmpty())
            m_inbox.swap(m_scratch);
        else
            m_inbox.append(std::exchange(m_scratch, {}));
        return m_inbox.size();
    }

    void take() override { m_batch.swap(m_inbox); }

    void deliver() override
    {
        if (m_batch.isEmpty())
            return;
        const QList<Row> rows = std::exchange(m_batch, {});
        const OnRows handler = m_onRows; // the handler may delete this object
        handler(rows);
    }

    void conclude(const Result<void> &outcome) override
    {
        const OnEnd handler = m_onEnd;
        handler(outcome);
    }

    Decode m_decode; // reader thread
    QList<Row> m_scratch; // reader thread
    QList<Row> m_inbox; // guarded by the base's mutex
    QList<Row> m_batch; // owner's thread
    OnRows m_onRows;
    OnEnd m_onEnd;
};

} // namespace countersign
