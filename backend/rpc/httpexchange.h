#pragma once

#include "backend/rpc/curlapi.h"
#include "backend/rpc/httpclient.h"

#include <QObject>
#include <QPromise>
#include <QTimer>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace countersign {

class CurlLoop;

/// Scheme, host and port of an address; the rest is secret (hosted nodes carry the customer's key in the path).
QString placeOf(const QUrl &url);

struct HttpQuestion {
    QUrl url;
    bool isPost = false; ///< it has a body
    bool isRemoval = false; ///< a DELETE: a post by another name
    Bytes body;
    QByteArray contentType;
    HttpOptions options;
};

/// One exchange, a child of the loop that carries it: it ends with the loop and still completes its future.
class HttpExchange final : public QObject {
    Q_OBJECT // found by its type among the children of the loop
public:
    /// The question's address has been found to be one of http or https.
    HttpExchange(CurlLoop &loop, HttpQuestion question, std::stop_token stop);
    ~HttpExchange() override;
    Q_DISABLE_COPY_MOVE(HttpExchange)

    QFuture<Result<HttpReply>> future() { return m_promise.future(); }
    /// The transfer has ended. Not from a callback of curl.
    void conclude(CURLcode code);

private:
    struct Cleanup {
        void operator()(CURL *transfer) const { curl().easy_cleanup(transfer); }
        void operator()(curl_slist *list) const { curl().slist_free_all(list); }
    };

    static size_t take(char *data, size_t size, size_t count, void *self);

    bool prepare();
    bool addHeader(const QByteArray &line);
    Error transferError(CURLcode code) const;
    void cancel();
    void settle(Result<HttpReply> result);
    void complete(Result<HttpReply> result);

    CurlLoop &m_loop;
    HttpQuestion m_question;
    std::array<char, CURL_ERROR_SIZE> m_errorText{};
    std::unique_ptr<curl_slist, Cleanup> m_headers;
    std::unique_ptr<CURL, Cleanup> m_transfer; // uses the three above
    Bytes m_body;
    bool m_tooLarge = false;
    bool m_settled = false;
    QTimer m_deadline;
    QPromise<Result<HttpReply>> m_promise;
    std::optional<std::stop_callback<std::function<void()>>> m_stop;
};

} // namespace countersign
