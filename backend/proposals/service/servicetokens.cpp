#include "backend/proposals/service/servicetokens.h"

#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <utility>

namespace countersign {

ServiceTokens::ServiceTokens(
    const std::vector<std::unique_ptr<ServiceExchange>> &services, SecretStore &store, QObject *parent)
    : QObject(parent)
    , m_services(services)
    , m_store(store)
{
    for (const auto &service : m_services) {
        service->awaitToken();
        m_tokens.insert(originOf(service->settings().base), {});
    }
}

QString ServiceTokens::originOf(const QUrl &base)
{
    return base.adjusted(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo).toString(QUrl::FullyEncoded);
}

QString ServiceTokens::entryOf(const QString &origin)
{
    return u"transaction service "_s + origin;
}

void ServiceTokens::start()
{
    const QStringList origins = m_tokens.keys();
    for (const QString &origin : origins)
        spawn(read(origin));
}

ServiceToken ServiceTokens::token(const QString &origin) const
{
    return m_tokens.value(origin);
}

std::vector<ServiceExchange *> ServiceTokens::servicesOf(const QString &origin) const
{
    std::vector<ServiceExchange *> services;
    for (const auto &service : m_services) {
        if (originOf(service->settings().base) == origin)
            services.push_back(service.get());
    }
    return services;
}

void ServiceTokens::set(const QString &origin, const ServiceToken &token)
{
    m_tokens.insert(origin, token);
    emit changed();
}

void ServiceTokens::use(const QString &origin, QByteArrayView secret)
{
    for (ServiceExchange *service : servicesOf(origin))
        service->setToken(secret.toByteArray());
}

QCoro::Task<> ServiceTokens::read(QString origin)
{
    const auto stop = m_scope.token();
    const int turn = m_turns.value(origin);
    const auto secret = co_await m_store.read(entryOf(origin));
    if (stop.stop_requested() || m_turns.value(origin) != turn)
        co_return;
    ServiceToken token{ServiceToken::State::None, {}};
    if (secret && !secret->isEmpty()) {
        token.state = ServiceToken::State::Stored;
    } else if (!secret && secret.error().kind != ErrorKind::NotFound) {
        token.state = ServiceToken::State::Unreadable;
        token.problem = secret.error().message;
    }
    use(origin, secret ? secret->view() : QByteArrayView());
    set(origin, token);
}

QCoro::Task<Result<ServiceToken>> ServiceTokens::keep(QString origin, SecretBuffer secret)
{
    const auto stop = m_scope.token();
    const auto services = servicesOf(origin);
    if (services.empty())
        co_return fail(ErrorKind::NotFound, u"No transaction service of this environment is at %1"_s.arg(origin));
    if (secret.isEmpty())
        co_return fail(ErrorKind::Invalid, u"There is no token"_s);
    if (const auto fits = SafeService::checkToken(services.front()->settings().base, secret.view()); !fits)
        co_return std::unexpected(fits.error());
    const int turn = ++m_turns[origin];
    use(origin, secret.view());
    set(origin, {ServiceToken::State::ThisRun, {}});
    const auto written = co_await m_store.write(entryOf(origin), std::move(secret));
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"The console was closed"_s);
    const ServiceToken token = written ? ServiceToken{ServiceToken::State::Stored, {}}
                                       : ServiceToken{ServiceToken::State::ThisRun, written.error().message};
    if (m_turns.value(origin) == turn)
        set(origin, token);
    co_return token;
}

QCoro::Task<Result<ServiceToken>> ServiceTokens::remove(QString origin)
{
    const auto stop = m_scope.token();
    const int turn = ++m_turns[origin];
    use(origin, {});
    set(origin, {ServiceToken::State::None, {}});
    const auto removed = co_await m_store.remove(entryOf(origin));
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"The console was closed"_s);
    if (!removed) {
        if (m_turns.value(origin) == turn)
            set(origin, {ServiceToken::State::None, removed.error().message});
        co_return std::unexpected(removed.error());
    }
    co_return ServiceToken{ServiceToken::State::None, {}};
}

} // namespace countersign
