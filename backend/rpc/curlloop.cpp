#include "backend/rpc/curlloop.h"

#include "backend/rpc/httpexchange.h"

#include <QPointer>
#include <QSocketNotifier>

#include <new>
#include <utility>
#include <vector>

namespace countersign {

namespace {

// As many as browsers and Qt open to one server; what is beyond waits for one of them, within its deadline.
constexpr long connectionsPerHost = 6;
constexpr long keptConnections = 24;

CURLM *newMulti()
{
    CURLM *multi = curl().multi_init();
    if (!multi)
        throw std::bad_alloc();
    return multi;
}

void end(QSocketNotifier *notifier)
{
    if (!notifier)
        return;
    notifier->setEnabled(false);
    notifier->deleteLater(); // it may be what called us
}

} // namespace

CurlLoop::CurlLoop()
    : m_multi(newMulti())
{
    curl().multi_setopt(m_multi, CURLMOPT_SOCKETFUNCTION, &CurlLoop::watchSocket);
    curl().multi_setopt(m_multi, CURLMOPT_SOCKETDATA, this);
    curl().multi_setopt(m_multi, CURLMOPT_TIMERFUNCTION, &CurlLoop::setTimer);
    curl().multi_setopt(m_multi, CURLMOPT_TIMERDATA, this);
    curl().multi_setopt(m_multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    curl().multi_setopt(m_multi, CURLMOPT_MAX_HOST_CONNECTIONS, connectionsPerHost);
    curl().multi_setopt(m_multi, CURLMOPT_MAXCONNECTS, keptConnections);
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer); // a coarse one may be early, and curl would find nothing to do
    connect(&m_timer, &QTimer::timeout, this, [this] { act(CURL_SOCKET_TIMEOUT, 0); });
}

CurlLoop::~CurlLoop()
{
    qDeleteAll(findChildren<HttpExchange *>(Qt::FindDirectChildrenOnly));
    curl().multi_cleanup(m_multi); // closes the kept connections, and with them what watches them
}

void CurlLoop::add(CURL *transfer)
{
    if (curl().multi_add_handle(m_multi, transfer) != CURLM_OK)
        throw std::bad_alloc();
}

void CurlLoop::remove(CURL *transfer)
{
    curl().multi_remove_handle(m_multi, transfer);
}

int CurlLoop::watchSocket(CURL * /*transfer*/, curl_socket_t socket, int what, void *self, void * /*socketData*/)
{
    static_cast<CurlLoop *>(self)->watch(socket, what);
    return 0;
}

void CurlLoop::watch(curl_socket_t socket, int what)
{
    if (what == CURL_POLL_REMOVE) {
        const Watch ended = m_watches.take(socket);
        end(ended.readable);
        end(ended.writable);
        return;
    }
    Watch &watch = m_watches[socket];
    const auto set = [this, socket](QSocketNotifier *&notifier, QSocketNotifier::Type type, int event, bool wanted) {
        if (!notifier && wanted) {
            notifier = new QSocketNotifier(socket, type, this);
            connect(notifier, &QSocketNotifier::activated, this, [this, socket, event] { act(socket, event); });
        } else if (notifier) {
            notifier->setEnabled(wanted);
        }
    };
    set(watch.readable, QSocketNotifier::Read, CURL_CSELECT_IN, what == CURL_POLL_IN || what == CURL_POLL_INOUT);
    set(watch.writable, QSocketNotifier::Write, CURL_CSELECT_OUT, what == CURL_POLL_OUT || what == CURL_POLL_INOUT);
}

int CurlLoop::setTimer(CURLM * /*multi*/, long milliseconds, void *self)
{
    QTimer &timer = static_cast<CurlLoop *>(self)->m_timer;
    if (milliseconds < 0)
        timer.stop();
    else
        timer.start(std::chrono::milliseconds(milliseconds));
    return 0;
}

void CurlLoop::act(curl_socket_t socket, int event)
{
    int running = 0;
    curl().multi_socket_action(m_multi, socket, event, &running);
    concludeEnded();
}

// What an exchange's end sets off may end other exchanges and this loop: all is read first, and nothing is touched after.
void CurlLoop::concludeEnded()
{
    std::vector<std::pair<QPointer<HttpExchange>, CURLcode>> ended;
    int left = 0;
    while (const CURLMsg *message = curl().multi_info_read(m_multi, &left)) {
        if (message->msg != CURLMSG_DONE)
            continue;
        HttpExchange *exchange = nullptr;
        curl().easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
        ended.emplace_back(exchange, message->data.result);
    }
    for (const auto &[exchange, code] : ended) {
        if (exchange)
            exchange->conclude(code);
    }
}

} // namespace countersign
