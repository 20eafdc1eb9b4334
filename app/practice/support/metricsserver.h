#pragma once

#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QObject>
#include <QTcpServer>

#include <functional>

class QTcpSocket;

namespace countersign {

/// The path of an HTTP/1.x GET request whose head is complete. Errors: Exhausted when the head is larger than any
/// scraper sends, Invalid when it is no GET, Unavailable while the head is incomplete.
Result<QString> parseGetPath(const Bytes &received);

/// Answers GET /metrics with the exposition and GET /healthz with "ok", on loopback, one request a connection.
class MetricsServer final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MetricsServer)

public:
    explicit MetricsServer(std::function<Bytes()> exposition, QObject *parent = nullptr);

    /// Error: Conflict when the port is taken.
    Result<void> listen(quint16 port);
    quint16 port() const { return m_server.serverPort(); }

private:
    void onConnection();
    void onReadable(QTcpSocket *socket);

    std::function<Bytes()> m_exposition;
    QTcpServer m_server;
};

} // namespace countersign
