#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <functional>
#include <memory>
#include <optional>

namespace countersign::test {

/// How a call is answered. Messages are written one after the other; then the call ends with the status, or stays open.
struct FakeGrpcReply {
    QList<QByteArray> messages;
    /// Called for further messages until it gives none; on threads of the server.
    std::function<std::optional<QByteArray>(qint64 index)> generator;
    int status = 0;
    QString text;
    QByteArray details; ///< grpc-status-details-bin
    bool stayOpen = false; ///< until the client or the server ends it
};

/// A real gRPC server on a free loopback port that answers any method as a functor says, with raw bytes.
class FakeGrpcServer final {
public:
    /// On threads of the server. \a metadata is the "authorization" header of the call.
    using Handler = std::function<FakeGrpcReply(
        const QByteArray &method, const QByteArray &request, const QByteArray &authorization)>;

    explicit FakeGrpcServer(Handler handler);
    ~FakeGrpcServer();
    Q_DISABLE_COPY_MOVE(FakeGrpcServer)

    [[nodiscard]] QString target() const;
    /// Writes one more message on every open call.
    void push(const QByteArray &message);
    /// Calls that are open now.
    [[nodiscard]] int openCalls() const;
    /// Messages handed to the transport so far, of all calls.
    [[nodiscard]] qint64 written() const;
    /// Ends all calls and closes the port; start() opens the same port again.
    void stop();
    void start();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace countersign::test
