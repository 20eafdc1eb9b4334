#include "app/console/serversecret.h"

#include "backend/metrics/serveraccess.h"
#include "backend/types/strings.h"

#include <QLoggingCategory>

namespace countersign {

namespace {

Q_LOGGING_CATEGORY(lcSecrets, "countersign.console.secrets")

} // namespace

QCoro::Task<HttpAccess> accessWithSecret(ServerSettings server, SecretStore *store)
{
    QByteArray secret;
    if (store && (server.url.scheme() == u"https"_s || !server.username.isEmpty())) {
        const auto found = co_await store->read(secretNameOf(server));
        if (found)
            secret = found->view().toByteArray();
        else if (found.error().kind != ErrorKind::NotFound)
            qCWarning(lcSecrets, "host=%s %s", qUtf8Printable(server.url.host()), qUtf8Printable(found.error().message));
    }
    co_return accessOf(server, secret);
}

} // namespace countersign
