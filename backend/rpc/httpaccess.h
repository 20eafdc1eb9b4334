#pragma once

#include "backend/rpc/httpclient.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QUrl>

#include <utility>

namespace countersign {

/// A server behind an address and how one asks there: Prometheus, Alertmanager, Loki, each alone or behind a proxy that wants to know who asks.
struct HttpAccess {
    QUrl base; ///< the paths of the server's API begin below it
    QList<std::pair<QByteArray, QByteArray>> headers; ///< sent with every question, a tenant's name among them
    QString username; ///< basic authentication with the secret as password; empty: the secret is a bearer token
    QByteArray secret; ///< from the keychain, never from a file and never in a log; empty: nothing is shown
    HttpTls tls;
    bool operator==(const HttpAccess &) const = default;
};

/// The address below the base, whether that ends in a slash or not. \a path begins with a slash, its percent signs as they are sent.
QUrl endpointOf(const HttpAccess &access, const QString &path);

/// What a question to this server carries. Denied when the secret would cross a network in the clear.
Result<HttpOptions> optionsOf(const HttpAccess &access);

/// Names and values in the way of application/x-www-form-urlencoded; as the query of an address as well.
QByteArray formBody(const QList<std::pair<QString, QString>> &fields);

} // namespace countersign
