#include "backend/rpc/jsonrpcsubscription.h"

#include "backend/rpc/log.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QJsonObject>
#include <QPointer>
#include <QWebSocket>

#include <utility>

namespace countersign {

namespace {

constexpr quint64 subscribeId = 1;

// Without path and query: hosted nodes carry the customer's key in them, and this is logged.
QString place(const QUrl &url)
{
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

} // namespace

JsonRpcSubscription::JsonRpcSubscription(
    JsonRpcClient &http, JsonRpcSubscriptionSettings settings, Backoff::Random random, QObject *parent)
    : QObject(parent)
    , m_http(http)
    , m_settings(std::move(settings))
    , m_backoff(m_settings.backoff, std::move(random))
{
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        socketLost(
            {ErrorKind::Timeout, u"%1 did not answer in time"_s.arg(place(m_settings.webSocket)), {}});
    });
    connect(&m_ping, &QTimer::timeout, this, &JsonRpcSubscription::ping);
    m_reconnect.setSingleShot(true);
    connect(&m_reconnect, &QTimer::timeout, this, &JsonRpcSubscription::openSocket);
    connect(&m_poll, &QTimer::timeout, this, [this] { spawn(poll()); });
}

JsonRpcSubscription::~JsonRpcSubscription()
{
    closeSocket();
}

void JsonRpcSubscription::start()
{
    if (m_mode != Mode::Stopped)
        return;
    setMode(Mode::Connecting);
    if (m_settings.webSocket.isEmpty())
        m_poll.start(0); // the first question at once
    else
        openSocket();
}

void JsonRpcSubscription::stop()
{
    closeSocket();
    m_reconnect.stop();
    m_poll.stop();
    m_scope.restart();
    m_polling = false;
    m_wasFollowing = false;
    setMode(Mode::Stopped);
}

void JsonRpcSubscription::openSocket()
{
    closeSocket();
    m_socket = new QWebSocket(QString(), QWebSocketProtocol::VersionLatest, this);
    m_socket->setMaxAllowedIncomingMessageSize(static_cast<quint64>(m_settings.maxMessageBytes));
    m_socket->setMaxAllowedIncomingFrameSize(static_cast<quint64>(m_settings.maxMessageBytes));
    connect(m_socket, &QWebSocket::connected, this, [this] {
        QJsonArray params{m_settings.name};
        if (!m_settings.filter.isNull() && !m_settings.filter.isUndefined())
            params.append(m_settings.filter);
        m_socket->sendTextMessage(QString::fromUtf8(encodeJsonRpcRequest(subscribeId, {u"eth_subscribe"_s, params})));
    });
    connect(m_socket, &QWebSocket::textMessageReceived, this, &JsonRpcSubscription::receive);
    connect(m_socket, &QWebSocket::pong, &m_patience, &QTimer::stop);
    const auto lost = [this] {
        socketLost({ErrorKind::Unavailable, u"%1 ended the connection"_s.arg(place(m_settings.webSocket)),
            m_socket ? m_socket->errorString() : QString()});
    };
    connect(m_socket, &QWebSocket::disconnected, this, lost);
    connect(m_socket, qOverload<QAbstractSocket::SocketError>(&QWebSocket::error), this, lost);
    m_patience.start(m_settings.deadline);
    m_socket->open(m_settings.webSocket);
}

void JsonRpcSubscription::closeSocket()
{
    m_patience.stop();
    m_ping.stop();
    m_subscription.clear();
    if (!m_socket)
        return;
    QWebSocket *socket = std::exchange(m_socket, nullptr);
    socket->disconnect(this);
    socket->disconnect(&m_patience);
    socket->abort();
    socket->deleteLater(); // it may be the one that is calling
}

void JsonRpcSubscription::receive(const QString &text)
{
    const Result<JsonRpcIncoming> message = decodeJsonRpcIncoming(text.toUtf8());
    if (!message) {
        socketLost(message.error());
        return;
    }
    if (message->notification) {
        if (message->notification->subscription == m_subscription && m_mode == Mode::Subscribed)
            emit notified(message->notification->result);
        return;
    }
    if (message->id != subscribeId || m_mode == Mode::Subscribed)
        return;
    if (!message->result) {
        socketLost(message->result.error());
        return;
    }
    m_subscription = message->result->toString();
    m_patience.stop();
    m_ping.start(m_settings.pingInterval);
    m_backoff.reset();
    m_poll.stop();
    m_filter.clear();
    const QPointer<JsonRpcSubscription> alive(this);
    setMode(Mode::Subscribed);
    if (alive && m_mode == Mode::Subscribed && std::exchange(m_wasFollowing, true))
        emit interrupted();
}

void JsonRpcSubscription::socketLost(const Error &error)
{
    if (!m_socket)
        return;
    closeSocket();
    const std::chrono::milliseconds delay = m_backoff.next();
    qCInfo(lcRpc).noquote() << u"subscription=%1 retryMs=%2 %3 %4"_s.arg(m_settings.name)
                                   .arg(delay.count())
                                   .arg(error.message, error.detail);
    m_reconnect.start(delay);
    if (m_mode != Mode::Polling && !m_poll.isActive())
        m_poll.start(0);
    if (m_mode == Mode::Subscribed)
        setMode(Mode::Connecting);
}

void JsonRpcSubscription::ping()
{
    if (!m_socket || m_patience.isActive())
        return;
    m_socket->ping();
    m_patience.start(m_settings.deadline);
}

QCoro::Task<> JsonRpcSubscription::poll()
{
    const std::stop_token stop = m_scope.token();
    if (m_polling)
        co_return;
    m_polling = true;
    m_poll.setInterval(m_settings.pollInterval);
    std::optional<JsonRpcResult> result;
    const bool isHeads = m_settings.name == "newHeads"_L1;
    bool installed = false;
    if (isHeads) {
        const QJsonArray params{u"latest"_s, false};
        result = co_await m_http.call(u"eth_getBlockByNumber"_s, params, stop);
    } else if (m_filter.isEmpty()) {
        result = co_await installFilter(stop);
        installed = true;
    } else {
        const QJsonArray params{m_filter};
        result = co_await m_http.call(u"eth_getFilterChanges"_s, params, stop);
    }
    if (stop.stop_requested())
        co_return;
    m_polling = false;
    if (!m_poll.isActive())
        co_return; // the socket came back meanwhile
    if (!*result) {
        m_filter.clear(); // nodes forget filters
        emit failed(result->error());
        co_return;
    }
    const QPointer<JsonRpcSubscription> alive(this);
    if (m_mode != Mode::Polling) {
        setMode(Mode::Polling);
        if (alive && std::exchange(m_wasFollowing, true))
            emit interrupted();
    } else if (installed) {
        emit interrupted();
    }
    if (!alive || stop.stop_requested())
        co_return;
    if (installed)
        m_filter = (*result)->toString();
    else
        takePolled(**result);
}

QCoro::Task<JsonRpcResult> JsonRpcSubscription::installFilter(std::stop_token stop)
{
    if (m_settings.name == "logs"_L1) {
        QJsonArray params;
        params.append(m_settings.filter.isObject() ? m_settings.filter : QJsonValue(QJsonObject()));
        return m_http.call(u"eth_newFilter"_s, params, std::move(stop));
    }
    return m_http.call(u"eth_newPendingTransactionFilter"_s, {}, std::move(stop));
}

void JsonRpcSubscription::takePolled(const QJsonValue &result)
{
    if (m_settings.name == "newHeads"_L1) {
        const QString hash = result.toObject().value("hash"_L1).toString();
        if (!hash.isEmpty() && std::exchange(m_lastHead, hash) != hash)
            emit notified(result);
        return;
    }
    const QPointer<JsonRpcSubscription> alive(this);
    const QJsonArray items = result.toArray();
    for (const QJsonValue &item : items) {
        emit notified(item);
        if (!alive)
            return;
    }
}

void JsonRpcSubscription::setMode(Mode mode)
{
    if (std::exchange(m_mode, mode) != mode)
        emit modeChanged(mode);
}

} // namespace countersign
