#include "app/practice/participant/httplistener.h"

#include "backend/types/strings.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace countersign::participant {

namespace {

constexpr timeval ClientTimeout {2, 0};

sockaddr *generic(sockaddr_in &address)
{
    return reinterpret_cast<sockaddr *>(&address); // the socket interface's own idiom
}

std::unexpected<Error> systemError(const QString &what)
{
    return fail(ErrorKind::Unavailable, what, QString::fromLocal8Bit(std::strerror(errno)));
}

Result<HttpRequest> receive(int client)
{
    QByteArray data;
    qsizetype headEnd = -1;
    Result<HttpRequest> request = fail(ErrorKind::Invalid, u"The request ended early"_s);
    while (headEnd < 0 || data.size() < headEnd + request->bodyLength) {
        std::array<char, 4096> buffer;
        const ssize_t count = ::recv(client, buffer.data(), buffer.size(), 0);
        if (count <= 0) {
            return fail(ErrorKind::Invalid, u"The request ended early"_s);
        }
        data.append(buffer.data(), count);
        if (headEnd < 0) {
            const qsizetype end = data.indexOf("\r\n\r\n");
            if (end < 0 && data.size() <= HttpRequest::MaxHead) {
                continue;
            }
            headEnd = end < 0 ? data.size() : end + 4;
            request = HttpRequest::parse(QByteArrayView(data).first(headEnd));
            if (!request) {
                return request;
            }
        }
    }
    return request;
}

} // namespace

Result<quint16> HttpListener::start(const QString &host, quint16 port)
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (::inet_pton(AF_INET, host.toLatin1().constData(), &address.sin_addr) != 1) {
        return fail(ErrorKind::Invalid, u"\"%1\" is not an IPv4 address to listen on"_s.arg(host));
    }
    m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(m_socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    socklen_t length = sizeof address;
    if (m_socket < 0 || ::bind(m_socket, generic(address), sizeof address) != 0 || ::listen(m_socket, 16) != 0
        || ::getsockname(m_socket, generic(address), &length) != 0) {
        const auto error = systemError(u"Cannot listen on %1:%2"_s.arg(host).arg(port));
        stop();
        return error;
    }
    m_wake = ::eventfd(0, EFD_CLOEXEC);
    m_thread = std::thread([this] { run(); });
    return ntohs(address.sin_port);
}

void HttpListener::stop()
{
    if (m_thread.joinable()) {
        ::eventfd_write(m_wake, 1);
        m_thread.join();
    }
    for (int *descriptor : {&m_socket, &m_wake}) {
        if (*descriptor >= 0) {
            ::close(*descriptor);
            *descriptor = -1;
        }
    }
}

void HttpListener::run()
{
    std::array<pollfd, 2> events {pollfd {m_socket, POLLIN, 0}, pollfd {m_wake, POLLIN, 0}};
    while (true) {
        if (::poll(events.data(), events.size(), -1) < 0 && errno != EINTR) {
            return;
        }
        if (events[1].revents != 0) {
            return;
        }
        if ((events[0].revents & POLLIN) == 0) {
            continue;
        }
        const int client = ::accept4(m_socket, nullptr, nullptr, SOCK_CLOEXEC);
        if (client >= 0) {
            ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &ClientTimeout, sizeof ClientTimeout);
            ::setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &ClientTimeout, sizeof ClientTimeout);
            serve(client);
            ::close(client);
        }
    }
}

void HttpListener::serve(int client) const
{
    const Result<HttpRequest> request = receive(client);
    const HttpResponse response
        = request ? m_handler(*request) : HttpResponse {400, "text/plain; charset=utf-8", request.error().message.toUtf8() + '\n'};
    const QByteArray bytes = response.toBytes();
    qsizetype sent = 0;
    while (sent < bytes.size()) {
        const ssize_t count = ::send(client, bytes.constData() + sent, static_cast<size_t>(bytes.size() - sent), MSG_NOSIGNAL);
        if (count <= 0) {
            return;
        }
        sent += count;
    }
}

} // namespace countersign::participant
