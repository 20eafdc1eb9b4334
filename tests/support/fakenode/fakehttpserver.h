#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QObject>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>

#include <functional>

namespace countersign::test {

struct FakeHttpRequest {
    QByteArray method;
    QByteArray path;
    QHash<QByteArray, QByteArray> headers; ///< names in lower case
    QByteArray body;
};

struct FakeHttpReply {
    int status = 200;
    QByteArray contentType = "application/json";
    QByteArray body;
    bool silent = false; ///< never answered
    bool hangUp = false; ///< the connection is closed instead
};

/// A real HTTP/1.1 server on a free loopback port, as much of one as clients here need: answers come from a functor.
class FakeHttpServer final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FakeHttpServer)

public:
    using Handler = std::function<FakeHttpReply(const FakeHttpRequest &)>;

    explicit FakeHttpServer(Handler handler, QObject *parent = nullptr);
    ~FakeHttpServer() override;

    [[nodiscard]] QUrl url(const QString &path = QStringLiteral("/")) const;
    [[nodiscard]] const QList<FakeHttpRequest> &requests() const { return m_requests; }
    void setHandler(Handler handler) { m_handler = std::move(handler); }
    /// Closes the port and every connection; \c resume() opens the same port again.
    void stop();
    bool resume();

private:
    void accept();
    void serve(QTcpSocket *socket);

    QTcpServer m_server;
    Handler m_handler;
    QHash<QTcpSocket *, QByteArray> m_buffers;
    QList<FakeHttpRequest> m_requests;
    quint16 m_port = 0;
};

} // namespace countersign::test
