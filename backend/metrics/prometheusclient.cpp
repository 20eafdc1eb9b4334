#include "backend/metrics/prometheusclient.h"

#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QUrlQuery>

namespace countersign {

namespace {

constexpr qint64 mostSteps = 11'000; // the server's own limit per series

QString seconds(Timestamp time)
{
    return QString::number(static_cast<double>(time.millis()) / 1000.0, 'f', 3);
}

QByteArray form(const QList<std::pair<QString, QString>> &fields)
{
    QByteArray body;
    for (const auto &[key, value] : fields) {
        if (!body.isEmpty())
            body += '&';
        body += QUrl::toPercentEncoding(key) + '=' + QUrl::toPercentEncoding(value);
    }
    return body;
}

const QByteArray &formType()
{
    static const QByteArray type("application/x-www-form-urlencoded");
    return type;
}

} // namespace

PrometheusClient::PrometheusClient(HttpClient &http, QUrl base, PrometheusLimits limits)
    : m_http(http)
    , m_base(std::move(base))
    , m_limits(limits)
{
}

QUrl PrometheusClient::endpoint(const QString &path) const
{
    QUrl url = m_base;
    QString prefix = url.path();
    while (prefix.endsWith(u'/'))
        prefix.chop(1);
    url.setPath(prefix + path);
    return url;
}

HttpOptions PrometheusClient::options() const
{
    HttpOptions options;
    options.deadline = m_deadline;
    options.maxReplyBytes = m_limits.bytes;
    return options;
}

QCoro::Task<Result<PrometheusResult>> PrometheusClient::query(QString expression, std::optional<Timestamp> time, std::stop_token stop)
{
    QList<std::pair<QString, QString>> fields{{u"query"_s, expression}};
    if (time)
        fields.append({u"time"_s, seconds(*time)});
    const PrometheusLimits limits = m_limits;
    auto asked = m_http.post(endpoint(u"/api/v1/query"_s), form(fields), formType(), options(), stop);
    const Result<HttpReply> reply = co_await asked;
    if (!reply)
        co_return std::unexpected(reply.error());
    co_return parsePrometheusResult(reply->status, reply->body, limits);
}

QCoro::Task<Result<PrometheusResult>> PrometheusClient::queryRange(QString expression, Timestamp start, Timestamp end, std::chrono::milliseconds step,
                                                                  std::stop_token stop)
{
    if (step.count() <= 0 || end < start || (end - start) / step > mostSteps) {
        co_return fail(ErrorKind::Invalid, u"A range of %1 s in steps of %2 ms has more than %3 points, or none."_s
                                               .arg(std::chrono::duration_cast<std::chrono::seconds>(end - start).count())
                                               .arg(step.count())
                                               .arg(mostSteps));
    }
    const QList<std::pair<QString, QString>> fields{{u"query"_s, expression},
                                                    {u"start"_s, seconds(start)},
                                                    {u"end"_s, seconds(end)},
                                                    {u"step"_s, QString::number(static_cast<double>(step.count()) / 1000.0, 'f', 3)}};
    const PrometheusLimits limits = m_limits;
    auto asked = m_http.post(endpoint(u"/api/v1/query_range"_s), form(fields), formType(), options(), stop);
    const Result<HttpReply> reply = co_await asked;
    if (!reply)
        co_return std::unexpected(reply.error());
    co_return parsePrometheusResult(reply->status, reply->body, limits);
}

QCoro::Task<Result<QVector<PrometheusTarget>>> PrometheusClient::targets(std::stop_token stop)
{
    QUrl url = endpoint(u"/api/v1/targets"_s);
    url.setQuery(u"state=active"_s);
    const PrometheusLimits limits = m_limits;
    auto asked = m_http.get(url, options(), stop);
    const Result<HttpReply> reply = co_await asked;
    if (!reply)
        co_return std::unexpected(reply.error());
    co_return parsePrometheusTargets(reply->status, reply->body, limits);
}

QCoro::Task<Result<bool>> PrometheusClient::ready(std::stop_token stop)
{
    auto asked = m_http.get(endpoint(u"/-/ready"_s), options(), stop);
    const Result<HttpReply> reply = co_await asked;
    if (!reply)
        co_return std::unexpected(reply.error());
    co_return reply->isSuccess();
}

} // namespace countersign
