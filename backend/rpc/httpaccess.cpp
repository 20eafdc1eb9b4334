#include "backend/rpc/httpaccess.h"

#include "backend/types/strings.h"

#include <QHostAddress>

namespace countersign {

QUrl endpointOf(const HttpAccess &access, const QString &path)
{
    QUrl url = access.base;
    QString prefix = url.path(QUrl::FullyEncoded);
    while (prefix.endsWith(u'/'))
        prefix.chop(1);
    url.setPath(prefix + path, QUrl::TolerantMode);
    return url;
}

Result<HttpOptions> optionsOf(const HttpAccess &access)
{
    HttpOptions options;
    options.headers = access.headers;
    options.tls = access.tls;
    if (access.secret.isEmpty())
        return options;
    const QString host = access.base.host();
    if (access.base.scheme() != u"https"_s && host != u"localhost"_s && !QHostAddress(host).isLoopback())
        return fail(ErrorKind::Denied,
            u"The secret for %1 is not sent over an unencrypted connection. Give its address with https."_s.arg(host));
    const QByteArray proof = access.username.isEmpty() ? "Bearer " + access.secret
                                                       : "Basic " + (access.username.toUtf8() + ':' + access.secret).toBase64();
    options.headers.append({"Authorization", proof});
    return options;
}

QByteArray formBody(const QList<std::pair<QString, QString>> &fields)
{
    QByteArray body;
    for (const auto &[key, value] : fields) {
        if (!body.isEmpty())
            body += '&';
        body += QUrl::toPercentEncoding(key) + '=' + QUrl::toPercentEncoding(value);
    }
    return body;
}

} // namespace countersign
