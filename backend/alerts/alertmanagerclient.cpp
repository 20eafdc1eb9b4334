#include "backend/alerts/alertmanagerclient.h"

#include "backend/types/strings.h"

#include <QCoroFuture>

namespace countersign {

namespace {

template<class Read>
auto readWith(Read read, const Result<HttpReply> &reply, const AlertmanagerLimits &limits) -> decltype(read(0, QByteArray(), limits))
{
    if (!reply)
        return std::unexpected(reply.error());
    return read(reply->status, reply->body, limits);
}

} // namespace

AlertmanagerClient::AlertmanagerClient(HttpClient &http, HttpAccess access, AlertmanagerLimits limits)
    : m_http(http)
    , m_access(std::move(access))
    , m_limits(limits)
{
}

Result<HttpOptions> AlertmanagerClient::options() const
{
    auto options = optionsOf(m_access);
    if (options) {
        options->deadline = m_deadline;
        options->maxReplyBytes = m_limits.bytes;
    }
    return options;
}

QCoro::Task<Result<HttpReply>> AlertmanagerClient::get(QString path, QList<std::pair<QString, QString>> fields, std::stop_token stop)
{
    const auto asking = options();
    if (!asking)
        co_return std::unexpected(asking.error());
    QUrl url = endpointOf(m_access, path);
    if (!fields.isEmpty())
        url.setQuery(QString::fromLatin1(formBody(fields)), QUrl::StrictMode);
    auto asked = m_http.get(url, *asking, stop);
    co_return co_await asked;
}

QCoro::Task<Result<AlertmanagerStatus>> AlertmanagerClient::status(std::stop_token stop)
{
    const AlertmanagerLimits limits = m_limits;
    const auto reply = co_await get(u"/api/v2/status"_s, {}, stop);
    co_return readWith(parseAlertmanagerStatus, reply, limits);
}

QCoro::Task<Result<QStringList>> AlertmanagerClient::receivers(std::stop_token stop)
{
    const AlertmanagerLimits limits = m_limits;
    const auto reply = co_await get(u"/api/v2/receivers"_s, {}, stop);
    co_return readWith(parseReceivers, reply, limits);
}

QCoro::Task<Result<QVector<Alert>>> AlertmanagerClient::alerts(QStringList filters, std::stop_token stop)
{
    const AlertmanagerLimits limits = m_limits;
    QList<std::pair<QString, QString>> fields;
    for (const QString &filter : std::as_const(filters))
        fields.append({u"filter"_s, filter});
    const auto reply = co_await get(u"/api/v2/alerts"_s, fields, stop);
    co_return readWith(parseAlerts, reply, limits);
}

QCoro::Task<Result<QVector<AlertGroup>>> AlertmanagerClient::alertGroups(std::stop_token stop)
{
    const AlertmanagerLimits limits = m_limits;
    const auto reply = co_await get(u"/api/v2/alerts/groups"_s, {}, stop);
    co_return readWith(parseAlertGroups, reply, limits);
}

QCoro::Task<Result<QVector<Silence>>> AlertmanagerClient::silences(std::stop_token stop)
{
    const AlertmanagerLimits limits = m_limits;
    const auto reply = co_await get(u"/api/v2/silences"_s, {}, stop);
    co_return readWith(parseSilences, reply, limits);
}

QCoro::Task<Result<QString>> AlertmanagerClient::setSilence(Silence silence, std::stop_token stop)
{
    const AlertmanagerLimits limits = m_limits;
    auto asking = options();
    if (!asking)
        co_return std::unexpected(asking.error());
    asking->once = true;
    auto asked = m_http.post(endpointOf(m_access, u"/api/v2/silences"_s), silenceJson(silence), "application/json", *asking, stop);
    const Result<HttpReply> reply = co_await asked;
    co_return readWith(parseSilenceId, reply, limits);
}

QCoro::Task<Result<void>> AlertmanagerClient::expireSilence(QString id, std::stop_token stop)
{
    auto asking = options();
    if (!asking)
        co_return std::unexpected(asking.error());
    asking->once = true;
    const QString name = QString::fromLatin1(QUrl::toPercentEncoding(id));
    auto asked = m_http.remove(endpointOf(m_access, u"/api/v2/silence/"_s + name), {}, "application/json", *asking, stop);
    const Result<HttpReply> reply = co_await asked;
    if (!reply)
        co_return std::unexpected(reply.error());
    co_return parseDone(reply->status, reply->body);
}

} // namespace countersign
