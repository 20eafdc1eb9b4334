#pragma once

#include "backend/rpc/curlapi.h"

#include <QHash>
#include <QObject>
#include <QTimer>

class QSocketNotifier;

namespace countersign {

class HttpExchange;

/// libcurl's multi interface in the Qt event loop: curl names the sockets and the time that it waits for, notifiers and
/// a timer bring it back. No thread and no polling; idle connections cost nothing. Owns its exchanges. Only when
/// curl() is loaded. Main thread only.
class CurlLoop final : public QObject {
public:
    CurlLoop();
    ~CurlLoop() override;
    Q_DISABLE_COPY_MOVE(CurlLoop)

    /// Starts the transfer of a handle whose CURLOPT_PRIVATE is its exchange; the exchange is told the end, from the event loop.
    void add(CURL *transfer);
    /// Not from a callback of curl. A transfer that is not at its end loses its connection.
    void remove(CURL *transfer);

private:
    struct Watch {
        QSocketNotifier *readable = nullptr;
        QSocketNotifier *writable = nullptr;
    };

    static int watchSocket(CURL *transfer, curl_socket_t socket, int what, void *self, void *socketData);
    static int setTimer(CURLM *multi, long milliseconds, void *self);

    void watch(curl_socket_t socket, int what);
    void act(curl_socket_t socket, int event);
    void concludeEnded();

    CURLM *m_multi;
    QHash<curl_socket_t, Watch> m_watches;
    QTimer m_timer;
};

} // namespace countersign
