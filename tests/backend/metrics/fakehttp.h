#pragma once

#include "backend/types/strings.h"

#include <QHash>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>
#include <QUrl>
#include <QUrlQuery>

#include <chrono>
#include <functional>

namespace countersign {

struct FakeRequest {
    QByteArray method;
    QUrl url;
    QHash<QByteArray, QByteArray> headers; ///< names in lower case
    QByteArray body;

    QString field(const QString &name) const { return QUrlQuery(QString::fromUtf8(body).replace(u'+', u' ')).queryItemValue(name, QUrl::FullyDecoded); }
};

struct FakeAnswer {
    int status = 200;
    QByteArray body;
    QByteArray type = "application/json";
    std::chrono::milliseconds after{0};
};

/// A server of HTTP on a free port of the loopback that answers as a test says, counts, and can go away and come back at its port.
class FakeHttp final : public QObject {
public:
    using Answer = std::function<FakeAnswer(const FakeRequest &)>;
    explicit FakeHttp(Answer answer)
        : m_answer(std::move(answer))
    {
        connect(&m_server, &QTcpServer::newConnection, this, &FakeHttp::accept);
        m_server.listen(QHostAddress::LocalHost);
        m_port = m_server.serverPort();
    }
    QUrl url(const QString &path = {}) const { return QUrl(u"http://127.0.0.1:%1%2"_s.arg(m_port).arg(path)); }
    void answerWith(Answer answer) { m_answer = std::move(answer); }
    void goAway()
    {
        m_server.close();
        const auto sockets = findChildren<QTcpSocket *>();
        for (QTcpSocket *socket : sockets)
            socket->abort();
    }
    bool comeBack() { return m_server.listen(QHostAddress::LocalHost, m_port); }

    QList<FakeRequest> requests;
    int pending = 0; ///< asked and not answered
    int mostPending = 0;
    int leftEarly = 0; ///< the client went before its answer

private:
    void accept()
    {
        while (QTcpSocket *socket = m_server.nextPendingConnection()) {
            socket->setParent(this);
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
        }
    }
    void read(QTcpSocket *socket)
    {
        QByteArray text = socket->property("text").toByteArray() + socket->readAll();
        const qsizetype end = text.indexOf("\r\n\r\n");
        FakeRequest request;
        if (end >= 0) {
            const QList<QByteArray> lines = text.left(end).split('\n');
            for (const QByteArray &line : lines.sliced(1)) {
                const qsizetype colon = line.indexOf(':');
                request.headers[line.left(colon).toLower()] = line.mid(colon + 1).trimmed();
            }
            const QList<QByteArray> words = lines[0].split(' ');
            request.method = words.value(0);
            request.url = QUrl::fromEncoded(words.value(1));
            request.body = text.mid(end + 4);
        }
        if (end < 0 || request.body.size() < request.headers.value("content-length").toLongLong()) {
            socket->setProperty("text", text);
            return;
        }
        socket->setProperty("text", QByteArray());
        requests.append(request);
        mostPending = std::max(mostPending, ++pending);
        const FakeAnswer answer = m_answer(request);
        QTimer::singleShot(answer.after, this, [this, answer, to = QPointer(socket)] {
            --pending;
            if (!to || to->state() != QAbstractSocket::ConnectedState) {
                ++leftEarly;
                return;
            }
            to->write("HTTP/1.1 " + QByteArray::number(answer.status) + " x\r\nContent-Type: " + answer.type + "\r\nContent-Length: "
                + QByteArray::number(answer.body.size()) + "\r\n\r\n" + answer.body);
        });
    }

    Answer m_answer;
    QTcpServer m_server;
    quint16 m_port = 0;
};

} // namespace countersign
