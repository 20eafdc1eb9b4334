#include "backend/rpc/httpclient.h"

#include "backend/types/strings.h"

#include <QIODevice>
#include <QJsonParseError>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QPromise>
#include <QTimer>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace countersign {

namespace {

QString place(const QUrl &url)
{
    // Hosted nodes carry the customer's key in the path.
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

Error networkError(const QNetworkReply &reply)
{
    const QString detail = u"code=%1 %2"_s.arg(static_cast<int>(reply.error())).arg(reply.errorString());
    const QString where = place(reply.url());
    switch (reply.error()) {
    case QNetworkReply::ConnectionRefusedError:
        return {ErrorKind::Unavailable, u"%1 refuses the connection"_s.arg(where), detail};
    case QNetworkReply::HostNotFoundError:
        return {ErrorKind::Unavailable, u"The host of %1 is not known"_s.arg(where), detail};
    case QNetworkReply::SslHandshakeFailedError:
        return {ErrorKind::Unauthenticated, u"%1 has no certificate that is trusted here"_s.arg(where), detail};
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
        return {ErrorKind::Invalid, u"%1 is no address that can be asked"_s.arg(where), detail};
    default:
        return {ErrorKind::Unavailable, u"%1 does not answer"_s.arg(where), detail};
    }
}

} // namespace

class HttpClient::Access final {
public:
    QNetworkAccessManager manager;
};

// One exchange. A child of its reply, so that it ends with the client and still completes its future.
class HttpClient::Call final : public QObject {
public:
    Call(QNetworkReply *reply, const HttpOptions &options, std::stop_token stop)
        : QObject(reply)
        , m_reply(reply)
        , m_limit(options.maxReplyBytes)
    {
        m_promise.start();
        m_deadline.setSingleShot(true);
        connect(&m_deadline, &QTimer::timeout, this,
            [this] { settle(fail(ErrorKind::Timeout, u"%1 did not answer in time"_s.arg(place(m_reply->url())))); });
        m_deadline.start(options.deadline);
        connect(reply, &QNetworkReply::readyRead, this, &Call::collect);
        connect(reply, &QNetworkReply::finished, this, &Call::conclude);
        if (stop.stop_possible())
            m_stop.emplace(std::move(stop), [this] { QMetaObject::invokeMethod(this, &Call::cancel); });
    }

    ~Call() override
    {
        m_stop.reset();
        m_reply = nullptr; // being destroyed itself
        settle(fail(ErrorKind::Cancelled, u"The request was cancelled"_s));
    }

    Q_DISABLE_COPY_MOVE(Call)

    QFuture<Result<HttpReply>> future() { return m_promise.future(); }

private:
    void cancel() { settle(fail(ErrorKind::Cancelled, u"The request was cancelled"_s)); }

    void collect()
    {
        if (m_settled)
            return;
        if (m_body.size() + m_reply->bytesAvailable() > m_limit) {
            settle(fail(ErrorKind::Exhausted,
                u"The answer of %1 is larger than %2 bytes"_s.arg(place(m_reply->url())).arg(m_limit)));
            return;
        }
        m_body += m_reply->readAll();
    }

    void conclude()
    {
        collect();
        if (m_settled)
            return;
        const QVariant status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute);
        // Qt calls 4xx and 5xx an error too; for the caller they are answers. A connection lost in the body is none.
        const bool answered = status.isValid()
            && (m_reply->error() == QNetworkReply::NoError || m_reply->error() >= QNetworkReply::ContentAccessDenied);
        if (!answered) {
            settle(std::unexpected(networkError(*m_reply)));
            return;
        }
        settle(HttpReply{status.toInt(), m_reply->header(QNetworkRequest::ContentTypeHeader).toByteArray(), m_body});
    }

    void settle(Result<HttpReply> result)
    {
        if (m_settled)
            return;
        m_settled = true;
        m_deadline.stop();
        m_promise.addResult(std::move(result));
        m_promise.finish();
        if (m_reply) {
            if (m_reply->isRunning())
                m_reply->abort();
            m_reply->deleteLater();
        }
    }

    QNetworkReply *m_reply;
    qint64 m_limit;
    Bytes m_body;
    QTimer m_deadline;
    QPromise<Result<HttpReply>> m_promise;
    bool m_settled = false;
    std::optional<std::stop_callback<std::function<void()>>> m_stop;
};

namespace {

QFuture<Result<HttpReply>> failed(Error error)
{
    QPromise<Result<HttpReply>> promise;
    promise.start();
    promise.addResult(std::unexpected(std::move(error)));
    promise.finish();
    return promise.future();
}

std::optional<Error> refuse(const QUrl &url, const std::stop_token &stop)
{
    if (stop.stop_requested())
        return Error{ErrorKind::Cancelled, u"The request was cancelled"_s, {}};
    if (!url.isValid() || url.host().isEmpty() || (url.scheme() != u"http"_s && url.scheme() != u"https"_s))
        return Error{ErrorKind::Invalid, u"%1 is no http or https address"_s.arg(place(url)), {}};
    return std::nullopt;
}

// A body that cannot be rewound, and so not be sent a second time.
class OneWayBody final : public QIODevice {
public:
    explicit OneWayBody(Bytes body)
        : m_body(std::move(body))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }
    bool isSequential() const override { return true; }
    bool seek(qint64 /*position*/) override { return false; }
    bool reset() override { return false; }
    bool atEnd() const override { return m_at == m_body.size(); }
    qint64 bytesAvailable() const override { return m_body.size() - m_at + QIODevice::bytesAvailable(); }

protected:
    qint64 readData(char *data, qint64 most) override
    {
        const QByteArrayView part = QByteArrayView(m_body).sliced(m_at).first(std::min<qint64>(most, m_body.size() - m_at));
        std::ranges::copy(part, data);
        m_at += part.size();
        return part.isEmpty() && most > 0 ? -1 : part.size();
    }
    qint64 writeData(const char * /*data*/, qint64 /*size*/) override { return -1; }

private:
    Bytes m_body;
    qsizetype m_at = 0;
};

QNetworkRequest prepare(const QUrl &url, const HttpOptions &options)
{
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    for (const auto &[name, value] : options.headers)
        request.setRawHeader(name, value);
    return request;
}

} // namespace

HttpClient::HttpClient()
    : m_access(std::make_unique<Access>())
{
}

HttpClient::~HttpClient() = default;

QFuture<Result<HttpReply>> HttpClient::get(QUrl url, HttpOptions options, std::stop_token stop)
{
    if (auto error = refuse(url, stop))
        return failed(std::move(*error));
    auto *call = new Call(m_access->manager.get(prepare(url, options)), options, std::move(stop));
    return call->future();
}

QFuture<Result<HttpReply>> HttpClient::post(
    QUrl url, Bytes body, QByteArray contentType, HttpOptions options, std::stop_token stop)
{
    if (auto error = refuse(url, stop))
        return failed(std::move(*error));
    QNetworkRequest request = prepare(url, options);
    request.setHeader(QNetworkRequest::ContentTypeHeader, contentType);
    if (!options.once) {
        auto *call = new Call(m_access->manager.post(request, body), options, std::move(stop));
        return call->future();
    }
    request.setHeader(QNetworkRequest::ContentLengthHeader, body.size());
    request.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    auto device = std::make_unique<OneWayBody>(std::move(body));
    QNetworkReply *reply = m_access->manager.post(request, device.get());
    device.release()->setParent(reply); // it is read until the reply has ended
    auto *call = new Call(reply, options, std::move(stop));
    return call->future();
}

Result<HttpReply> requireSuccess(HttpReply reply)
{
    if (reply.isSuccess())
        return reply;
    const QString detail = QString::fromUtf8(reply.body.left(2048));
    const QString message = u"The server answered with HTTP status %1"_s.arg(reply.status);
    switch (reply.status) {
    case 400:
        return fail(ErrorKind::Invalid, message, detail);
    case 401:
        return fail(ErrorKind::Unauthenticated, message, detail);
    case 403:
        return fail(ErrorKind::Denied, message, detail);
    case 404:
        return fail(ErrorKind::NotFound, message, detail);
    case 408:
    case 504:
        return fail(ErrorKind::Timeout, message, detail);
    case 409:
        return fail(ErrorKind::Conflict, message, detail);
    case 413:
    case 429:
        return fail(ErrorKind::Exhausted, message, detail);
    case 502:
    case 503:
        return fail(ErrorKind::Unavailable, message, detail);
    default:
        return fail(reply.status >= 500 ? ErrorKind::Internal : ErrorKind::Rejected, message, detail);
    }
}

Result<QJsonDocument> jsonBody(const HttpReply &reply)
{
    QJsonParseError error;
    QJsonDocument document = QJsonDocument::fromJson(reply.body, &error);
    if (error.error != QJsonParseError::NoError)
        return fail(ErrorKind::Corrupt, u"The answer is no valid JSON"_s,
            u"at byte %1: %2"_s.arg(error.offset).arg(error.errorString()));
    return document;
}

} // namespace countersign
