#include "backend/metrics/serveraccess.h"

#include "backend/types/strings.h"

namespace countersign {

HttpAccess accessOf(const ServerSettings &server, const QByteArray &secret)
{
    HttpAccess access{.base = server.url,
        .headers = {},
        .username = server.username,
        .secret = secret,
        .tls = {.ca = server.tls.ca, .certificate = server.tls.certificate, .key = server.tls.key}};
    for (const auto &[name, value] : server.headers)
        access.headers.append({name.toLatin1(), value.toUtf8()});
    if (!server.tenant.isEmpty())
        access.headers.append({"X-Scope-OrgID", server.tenant.toUtf8()});
    return access;
}

QString secretNameOf(const ServerSettings &server)
{
    const QString origin = server.url.toString(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment);
    const QString user = server.username.isEmpty() ? QString() : QString(u" user "_s + server.username);
    return u"metrics server "_s + origin + user;
}

} // namespace countersign
