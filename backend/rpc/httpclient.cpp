#include "backend/rpc/httpclient.h"

#include "backend/rpc/curlloop.h"
#include "backend/rpc/httpexchange.h"
#include "backend/types/strings.h"

#include <QJsonParseError>
#include <QPromise>

#include <algorithm>
#include <optional>
#include <utility>

namespace countersign {

namespace {

QFuture<Result<HttpReply>> failed(Error error)
{
    QPromise<Result<HttpReply>> promise;
    promise.start();
    promise.addResult(std::unexpected(std::move(error)));
    promise.finish();
    return promise.future();
}

// A line break would begin a header, or a request, of its own.
bool isOneLine(QByteArrayView text)
{
    return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool isHeaderName(QByteArrayView name)
{
    constexpr QByteArrayView others = "!#$%&'*+-.^_`|~"; // RFC 9110, 5.6.2
    const auto fits = [others](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || others.contains(c); };
    return !name.isEmpty() && std::ranges::all_of(name, fits);
}

std::optional<Error> refuse(const HttpQuestion &question, const std::stop_token &stop)
{
    if (stop.stop_requested())
        return Error{ErrorKind::Cancelled, u"The request was cancelled"_s, {}};
    const QUrl &url = question.url;
    if (!url.isValid() || url.host().isEmpty() || (url.scheme() != u"http"_s && url.scheme() != u"https"_s))
        return Error{ErrorKind::Invalid, u"%1 is no http or https address"_s.arg(placeOf(url)), {}};
    const auto fits = [](const auto &header) { return isHeaderName(header.first) && isOneLine(header.second); };
    if (!isOneLine(question.contentType) || !std::ranges::all_of(question.options.headers, fits))
        return Error{ErrorKind::Invalid, u"A header of a request to %1 cannot be sent"_s.arg(placeOf(url)), {}};
    return std::nullopt;
}

} // namespace

HttpClient::HttpClient() = default;
HttpClient::~HttpClient() = default;

QFuture<Result<HttpReply>> HttpClient::get(QUrl url, HttpOptions options, std::stop_token stop)
{
    return ask({.url = std::move(url), .isPost = false, .isRemoval = false, .body = {}, .contentType = {}, .options = std::move(options)}, std::move(stop));
}

QFuture<Result<HttpReply>> HttpClient::post(
    QUrl url, Bytes body, QByteArray contentType, HttpOptions options, std::stop_token stop)
{
    return ask({.url = std::move(url),
                   .isPost = true,
                   .isRemoval = false,
                   .body = std::move(body),
                   .contentType = std::move(contentType),
                   .options = std::move(options)},
        std::move(stop));
}

QFuture<Result<HttpReply>> HttpClient::remove(
    QUrl url, Bytes body, QByteArray contentType, HttpOptions options, std::stop_token stop)
{
    return ask({.url = std::move(url),
                   .isPost = true,
                   .isRemoval = true,
                   .body = std::move(body),
                   .contentType = std::move(contentType),
                   .options = std::move(options)},
        std::move(stop));
}

QFuture<Result<HttpReply>> HttpClient::ask(HttpQuestion question, std::stop_token stop)
{
    if (auto error = refuse(question, stop))
        return failed(std::move(*error));
    if (!curl().loaded)
        return failed({ErrorKind::Internal, u"libcurl, which asks over HTTP, is not installed"_s, {}});
    if (!m_loop)
        m_loop = std::make_unique<CurlLoop>();
    auto *exchange = new HttpExchange(*m_loop, std::move(question), std::move(stop)); // a child of the loop, until it has ended
    return exchange->future();
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
