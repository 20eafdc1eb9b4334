#include "app/practice/participant/httprequest.h"

#include "backend/types/strings.h"

#include <QUrl>

namespace countersign::participant {

namespace {

constexpr int MaxHeaders = 64;

bool isToken(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

QByteArray reason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    default:
        return "Error";
    }
}

Result<void> parseHeader(QByteArrayView line, HttpRequest &to)
{
    const qsizetype colon = line.indexOf(':');
    if (colon < 1 || !isToken(line.first(colon))) {
        return fail(ErrorKind::Invalid, u"A header line of the request has no name"_s);
    }
    if (to.headers.size() >= MaxHeaders) {
        return fail(ErrorKind::Exhausted, u"The request has more than %1 headers"_s.arg(MaxHeaders));
    }
    to.headers.insert(line.first(colon).toByteArray().toLower(), line.sliced(colon + 1).toByteArray().trimmed());
    return {};
}

} // namespace

Result<HttpRequest> HttpRequest::parse(QByteArrayView head)
{
    if (head.size() > MaxHead) {
        return fail(ErrorKind::Exhausted, u"The head of the request is larger than %1 bytes"_s.arg(MaxHead));
    }
    if (!head.endsWith("\r\n\r\n")) {
        return fail(ErrorKind::Invalid, u"The head of the request does not end in an empty line"_s);
    }
    head.chop(4);
    HttpRequest request;
    const qsizetype firstEnd = head.indexOf("\r\n");
    const QByteArrayView first = firstEnd < 0 ? head : head.first(firstEnd);
    const qsizetype methodEnd = first.indexOf(' ');
    const qsizetype targetEnd = first.lastIndexOf(' ');
    if (methodEnd < 1 || targetEnd <= methodEnd || !isToken(first.first(methodEnd))
        || !first.sliced(targetEnd + 1).startsWith("HTTP/1.")) {
        return fail(ErrorKind::Invalid, u"The first line of the request is not METHOD TARGET HTTP/1.x"_s);
    }
    request.method = first.first(methodEnd).toByteArray();
    const QByteArrayView target = first.sliced(methodEnd + 1, targetEnd - methodEnd - 1);
    if (!target.startsWith('/') || target.contains(' ')) {
        return fail(ErrorKind::Invalid, u"The target of the request is not a path"_s);
    }
    const qsizetype question = target.indexOf('?');
    request.path = (question < 0 ? target : target.first(question)).toByteArray();
    if (question >= 0) {
        request.query = QUrlQuery(QString::fromUtf8(target.sliced(question + 1)));
    }
    QByteArrayView rest = firstEnd < 0 ? QByteArrayView() : head.sliced(firstEnd + 2);
    while (!rest.isEmpty()) {
        const qsizetype end = rest.indexOf("\r\n");
        if (auto header = parseHeader(end < 0 ? rest : rest.first(end), request); !header) {
            return std::unexpected(header.error());
        }
        rest = end < 0 ? QByteArrayView() : rest.sliced(end + 2);
    }
    if (const auto length = request.headers.constFind("content-length"); length != request.headers.cend()) {
        bool isNumber = false;
        request.bodyLength = length->toLongLong(&isNumber);
        if (!isNumber || request.bodyLength < 0) {
            return fail(ErrorKind::Invalid, u"The request's Content-Length is not a number"_s);
        }
        if (request.bodyLength > MaxBody) {
            return fail(ErrorKind::Exhausted, u"The body of the request is larger than %1 bytes"_s.arg(MaxBody));
        }
    }
    return request;
}

QByteArray HttpResponse::toBytes() const
{
    return "HTTP/1.1 " + QByteArray::number(status) + ' ' + reason(status) + "\r\nContent-Type: " + contentType
        + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

} // namespace countersign::participant
