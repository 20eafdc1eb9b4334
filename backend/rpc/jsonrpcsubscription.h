#pragma once

#include "backend/rpc/backoff.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/types/lifetimescope.h"

#include <QCoroTask>
#include <QJsonValue>
#include <QObject>
#include <QTimer>
#include <QUrl>

#include <chrono>

QT_BEGIN_NAMESPACE
class QWebSocket;
QT_END_NAMESPACE

namespace countersign {

struct JsonRpcSubscriptionSettings {
    QUrl webSocket; ///< empty: polling only
    QString name; ///< "newHeads", "logs" or "newPendingTransactions"
    QJsonValue filter; ///< of logs: {"address": ..., "topics": ...}
    std::chrono::milliseconds pollInterval{1'000};
    std::chrono::milliseconds deadline{10'000}; ///< to connect and subscribe, and for the answer to a ping
    std::chrono::milliseconds pingInterval{20'000};
    BackoffSettings backoff;
    qint64 maxMessageBytes = 16 * 1024 * 1024;
};

/// An Ethereum subscription (eth_subscribe) over WebSocket for as long as it lives. While the socket is down it asks
/// over HTTP instead (the latest block; filters for the others) and tries the socket again with growing, jittered
/// delays.
class JsonRpcSubscription final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JsonRpcSubscription)

public:
    enum class Mode : quint8 { Stopped, Connecting, Subscribed, Polling };
    Q_ENUM(Mode)

    JsonRpcSubscription(JsonRpcClient &http, JsonRpcSubscriptionSettings settings,
        Backoff::Random random = Backoff::systemRandom(), QObject *parent = nullptr);
    ~JsonRpcSubscription() override;

    void start();
    void stop();
    [[nodiscard]] Mode mode() const { return m_mode; }

signals:
    /// A header, a log, or a transaction hash, as the node gives it. While polling, only the latest header.
    void notified(const QJsonValue &item);
    /// The way it is followed changed: items before this moment may be missing, and the receiver fills the gap.
    void interrupted();
    void modeChanged(countersign::JsonRpcSubscription::Mode mode);
    /// Neither way works at the moment; it goes on trying.
    void failed(const countersign::Error &error);

private:
    void openSocket();
    void closeSocket();
    void receive(const QString &text);
    void socketLost(const Error &error);
    void ping();
    QCoro::Task<> poll();
    QCoro::Task<JsonRpcResult> installFilter(std::stop_token stop);
    void takePolled(const QJsonValue &result);
    void setMode(Mode mode);

    JsonRpcClient &m_http;
    JsonRpcSubscriptionSettings m_settings;
    Backoff m_backoff;
    Mode m_mode = Mode::Stopped;
    QWebSocket *m_socket = nullptr;
    QString m_subscription; // the node's id of it
    QString m_filter; // the node's id of the polled filter
    QString m_lastHead;
    bool m_polling = false;
    bool m_wasFollowing = false;
    QTimer m_patience; // for the answer that is due
    QTimer m_ping;
    QTimer m_reconnect;
    QTimer m_poll;
    LifetimeScope m_scope;
};

} // namespace countersign
