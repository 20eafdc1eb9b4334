#include "app/practice/support/metricsserver.h"

#include "backend/types/strings.h"

#include <QHostAddress>
#include <QTcpSocket>
#include <QTimer>

namespace countersign {

namespace {

constexpr qsizetype largestHead = 16 * 1024;
constexpr int requestTimeoutMs = 5000;

void answer(QTcpSocket *socket, QByteArrayView status, QByteArrayView type, const Bytes &body)
{
    Bytes head("HTTP/1.1 ");
    head.append(status).append("\r\nContent-Type: ").append(type);
    head.append("\r\nContent-Length: ").append(QByteArray::number(body.size()));
    head.append("\r\nConnection: close\r\n\r\n");
    socket->write(head + body);
    socket->disconnectFromHost();
}

} // namespace

Result<QString> parseGetPath(const Bytes &received)
{
    const qsizetype end = received.indexOf("\r\n\r\n");
    if (received.size() > largestHead)
        return fail(ErrorKind::Exhausted, u"The request's head is too large"_s);
    if (end < 0)
        return fail(ErrorKind::Unavailable, u"The request's head is incomplete"_s);
    const QList<QByteArray> words = received.left(received.indexOf("\r\n")).split(' ');
    if (words.size() != 3 || words.at(0) != "GET" || !words.at(1).startsWith('/') || !words.at(2).startsWith("HTTP/1."))
        return fail(ErrorKind::Invalid, u"Only GET is answered"_s);
    return QString::fromLatin1(words.at(1).split('?').first());
}

MetricsServer::MetricsServer(std::function<Bytes()> exposition, QObject *parent)
    : QObject(parent)
    , m_exposition(std::move(exposition))
{
    connect(&m_server, &QTcpServer::newConnection, this, &MetricsServer::onConnection);
}

Result<void> MetricsServer::listen(quint16 port)
{
    if (!m_server.listen(QHostAddress(QHostAddress::LocalHost), port))
        return fail(ErrorKind::Conflict, u"The metrics port %1 is taken"_s.arg(port), m_server.errorString());
    return {};
}

void MetricsServer::onConnection()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { onReadable(socket); });
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        QTimer::singleShot(requestTimeoutMs, socket, [socket] { socket->abort(); });
    }
}

void MetricsServer::onReadable(QTcpSocket *socket)
{
    const Bytes received = socket->peek(largestHead + 1);
    const Result<QString> path = parseGetPath(received);
    if (!path && path.error().kind == ErrorKind::Unavailable)
        return;
    socket->readAll();
    if (!path)
        answer(socket, "400 Bad Request", "text/plain", "bad request\n"_ba);
    else if (*path == "/metrics"_L1)
        answer(socket, "200 OK", "text/plain; version=0.0.4; charset=utf-8", m_exposition());
    else if (*path == "/healthz"_L1)
        answer(socket, "200 OK", "text/plain", "ok\n"_ba);
    else
        answer(socket, "404 Not Found", "text/plain", "not found\n"_ba);
}

} // namespace countersign
