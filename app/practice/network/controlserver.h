#pragma once

#include "app/practice/network/controlmessage.h"
#include "backend/types/lifetimescope.h"

#include <QCoroTask>

#include <QJsonObject>
#include <QLocalServer>
#include <QObject>
#include <QPointer>

#include <functional>

class QLocalSocket;

namespace countersign {

/// Takes requests to the running network from a local socket that only its owner may open.
class ControlServer final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ControlServer)

public:
    using Handler = std::function<QCoro::Task<Result<QJsonObject>>(ControlRequest)>;

    ControlServer(QString path, Handler handler, QObject *parent = nullptr);
    ~ControlServer() override;

    /// Error: Conflict when the socket cannot be made.
    Result<void> listen();

private:
    void onConnection();
    void onReadable(QLocalSocket *socket);
    QCoro::Task<> answer(QPointer<QLocalSocket> socket, Bytes line);

    QString m_path;
    Handler m_handler;
    QLocalServer m_server;
    LifetimeScope m_scope;
};

} // namespace countersign
