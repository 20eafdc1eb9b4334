#pragma once

#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace countersign {

/// All in PEM. Empty \c rootCertificates: those of the system. Certificate and key of the client go together (mutual
/// TLS).
struct TlsSettings {
    Bytes rootCertificates;
    Bytes certificateChain;
    Bytes privateKey;
    QString authority; ///< name to expect in the server's certificate, for forwarded ports
};

struct ChannelSettings {
    QString target; ///< host:port
    bool plainText = false; ///< must be said: nothing falls back to plain text by itself
    std::optional<TlsSettings> tls;
    /// Asked before every call, on the caller's thread; empty: no token. Not sent in plain text beyond this machine.
    std::function<QByteArray()> bearerToken;
    /// Metadata key of the token: "authorization" carries "Bearer <token>", any other the token itself (etcd: "token").
    QByteArray tokenKey = QByteArrayLiteral("authorization");
    QList<std::pair<QByteArray, QByteArray>> metadata = {}; ///< on every call; keys in lower case, no secret
    int receiveLimit
        = 64 * 1024 * 1024; ///< bytes of one message; Canton's own default is 10 MiB, and servers may raise it
};

class ChannelCore; // holds the gRPC channel; defined inside backend/rpc only

/// A gRPC connection that is made when it is needed and made again when it was lost. A cheap handle: copies share the
/// connection. Usable from any thread.
class Channel final {
public:
    /// Does not connect yet. Invalid: no target, neither plain text nor TLS chosen or both, a client certificate
    /// without its key, or a token that would travel in plain text to another machine.
    [[nodiscard]] static Result<Channel> open(ChannelSettings settings);

    [[nodiscard]] const QString &target() const;
    [[nodiscard]] const std::shared_ptr<ChannelCore> &core() const { return m_core; }

private:
    explicit Channel(std::shared_ptr<ChannelCore> core);

    std::shared_ptr<ChannelCore> m_core;
};

/// The settings for a profile's entry: host and port with files instead of bytes. NotFound and Invalid name the file.
struct TlsFiles {
    QString rootCertificates;
    QString certificateChain;
    QString privateKey;
    QString authority;
};
[[nodiscard]] Result<TlsSettings> readTlsFiles(const TlsFiles &files);

struct CallOptions {
    std::chrono::milliseconds deadline{10'000};
    std::stop_token stop; ///< cancels the call on the wire
};

} // namespace countersign
