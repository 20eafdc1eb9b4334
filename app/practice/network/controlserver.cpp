#include "app/practice/network/controlserver.h"

#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QLocalSocket>

namespace countersign {

ControlServer::ControlServer(QString path, Handler handler, QObject *parent)
    : QObject(parent)
    , m_path(std::move(path))
    , m_handler(std::move(handler))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &ControlServer::onConnection);
}

ControlServer::~ControlServer()
{
    m_server.close();
}

Result<void> ControlServer::listen()
{
    QLocalServer::removeServer(m_path); // of a network that was killed; the lock file says that none runs
    if (!m_server.listen(m_path))
        return fail(ErrorKind::Conflict, u"The control socket %1 cannot be made"_s.arg(m_path), m_server.errorString());
    return {};
}

void ControlServer::onConnection()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] { onReadable(socket); });
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        onReadable(socket);
    }
}

void ControlServer::onReadable(QLocalSocket *socket)
{
    while (socket->canReadLine())
        spawn(answer(socket, socket->readLine(longestControlLine + 2)));
    if (socket->bytesAvailable() > longestControlLine)
        socket->abort();
}

QCoro::Task<> ControlServer::answer(QPointer<QLocalSocket> socket, Bytes line)
{
    const std::stop_token stop = m_scope.token();
    const Result<ControlRequest> request = parseControlRequest(line);
    Result<QJsonObject> result = QJsonObject();
    if (request)
        result = co_await m_handler(*request);
    else
        result = std::unexpected(request.error());
    if (stop.stop_requested() || !socket)
        co_return;
    socket->write(result ? encodeControlAnswer(*result) : encodeControlError(result.error()));
    socket->flush();
}

} // namespace countersign
