#pragma once

#include "backend/types/error.h"

#include <QByteArray>
#include <QHash>
#include <QUrlQuery>

namespace countersign::participant {

/// The head of an HTTP/1.x request; enough for `/metrics` and the control interface.
struct HttpRequest {
    static constexpr qsizetype MaxHead = 16 * 1024;
    static constexpr qsizetype MaxBody = 4 * 1024;

    QByteArray method;
    QByteArray path; ///< without the query
    QUrlQuery query;
    QHash<QByteArray, QByteArray> headers; ///< names in lower case
    qsizetype bodyLength = 0;

    /// Reads a head that ends in an empty line. Errors: Invalid, Exhausted for more than the limits allow.
    [[nodiscard]] static Result<HttpRequest> parse(QByteArrayView head);
};

struct HttpResponse {
    int status = 200;
    QByteArray contentType = "text/plain; charset=utf-8";
    QByteArray body;

    [[nodiscard]] QByteArray toBytes() const;
};

} // namespace countersign::participant
