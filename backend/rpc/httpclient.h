#pragma once

#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QFuture>
#include <QJsonDocument>
#include <QList>
#include <QUrl>

#include <chrono>
#include <memory>
#include <stop_token>
#include <utility>

namespace countersign {

class CurlLoop;
struct HttpQuestion;

/// Whom to trust and who we are, where that differs from what the system says; every file is an absolute path to PEM.
struct HttpTls {
    QString ca; ///< the server's certificate must chain to this bundle, and to no other; empty: the system's
    QString certificate; ///< of this client; empty: it shows none
    QString key; ///< of the client's certificate
    bool operator==(const HttpTls &) const = default;
};

struct HttpOptions {
    std::chrono::milliseconds deadline{10'000}; ///< for the whole exchange, not for a part of it
    qint64 maxReplyBytes = qint64{16} * 1024 * 1024; ///< after decompression
    QList<std::pair<QByteArray, QByteArray>> headers;
    /// A post (or removal) reaches the server once or not at all, over a connection of its own. Otherwise it is sent again when a kept
    /// connection ends before the first byte of an answer, also when the server had done what it was asked.
    bool once = false;
    HttpTls tls = {};
};

struct HttpReply {
    int status = 0;
    Bytes contentType;
    Bytes body;

    bool isSuccess() const { return status >= 200 && status < 300; }
};

/// HTTP requests with a deadline and a size limit; redirects are not followed (an endpoint is what
/// the profile names, and a credential must not travel elsewhere), cookies and .netrc not used. A proxy is used when the
/// environment names one (http_proxy, https_proxy, all_proxy, no_proxy), never to reach this machine. HTTP/1.1 over kept
/// connections, at most six to one server. Main thread only. Every future ends with a Result, also when the client is
/// destroyed (Cancelled).
class HttpClient final {
public:
    HttpClient();
    ~HttpClient();
    Q_DISABLE_COPY_MOVE(HttpClient)

    /// Any HTTP status is a reply; errors: Unavailable, Timeout, Exhausted (too large), Cancelled, Invalid (address).
    QFuture<Result<HttpReply>> get(QUrl url, HttpOptions options = {}, std::stop_token stop = {});
    QFuture<Result<HttpReply>> post(
        QUrl url, Bytes body, QByteArray contentType, HttpOptions options = {}, std::stop_token stop = {});
    /// DELETE, with a body that says on whose word.
    QFuture<Result<HttpReply>> remove(
        QUrl url, Bytes body, QByteArray contentType, HttpOptions options = {}, std::stop_token stop = {});

private:
    QFuture<Result<HttpReply>> ask(HttpQuestion question, std::stop_token stop);

    std::unique_ptr<CurlLoop> m_loop; // from the first request on
};

/// A status outside 2xx as an Error, with the start of the body as its detail.
Result<HttpReply> requireSuccess(HttpReply reply);
/// The body as JSON; Corrupt when it is none.
Result<QJsonDocument> jsonBody(const HttpReply &reply);

} // namespace countersign
