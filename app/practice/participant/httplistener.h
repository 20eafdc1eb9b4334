#pragma once

#include "app/practice/participant/httprequest.h"

#include <functional>
#include <thread>

namespace countersign::participant {

/// Answers one small HTTP request after another on a thread of its own. It needs no event loop, so that a test that blocks its main
/// thread, or a simulator that has none, is served as well. For loopback: a client that stalls holds the others up for two seconds.
class HttpListener final {
public:
    using Handler = std::function<HttpResponse(const HttpRequest &)>; ///< called on the listener's thread

    explicit HttpListener(Handler handler)
        : m_handler(std::move(handler))
    {
    }
    Q_DISABLE_COPY_MOVE(HttpListener)
    ~HttpListener() { stop(); }

    /// \p port 0 asks the kernel for one. Errors: Invalid for a host that is no IPv4 address, Unavailable. Returns the port.
    Result<quint16> start(const QString &host, quint16 port);
    void stop();

private:
    void run();
    void serve(int client) const;

    Handler m_handler;
    int m_socket = -1;
    int m_wake = -1; ///< eventfd that ends run()
    std::thread m_thread;
};

} // namespace countersign::participant
