#include "backend/metrics/prometheusclient.h"

#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QPromise>
#include <QThreadPool>
#include <QUrlQuery>

#include <memory>

namespace countersign {

namespace {

constexpr qint64 mostSteps = 11'000; // the server's own limit per series
constexpr qsizetype readHere = 128 * 1024; // reading so much takes about a millisecond

QString seconds(Timestamp time)
{
    return QString::number(static_cast<double>(time.millis()) / 1000.0, 'f', 3);
}

QList<std::pair<QString, QString>> fieldsOf(const PrometheusSelection &selection)
{
    QList<std::pair<QString, QString>> fields;
    for (const QString &matcher : selection.matchers)
        fields.append({u"match[]"_s, matcher});
    if (selection.start)
        fields.append({u"start"_s, seconds(*selection.start)});
    if (selection.end)
        fields.append({u"end"_s, seconds(*selection.end)});
    if (selection.limit > 0)
        fields.append({u"limit"_s, QString::number(selection.limit)});
    return fields;
}

QFuture<Result<PrometheusResult>> readElsewhere(HttpReply reply, PrometheusLimits limits)
{
    auto promise = std::make_shared<QPromise<Result<PrometheusResult>>>();
    promise->start();
    const QFuture<Result<PrometheusResult>> future = promise->future();
    QThreadPool::globalInstance()->start([promise, reply = std::move(reply), limits] {
        promise->addResult(parsePrometheusResult(reply.status, reply.body, limits));
        promise->finish();
    });
    return future;
}

template<class Read>
auto readWith(Read read, const Result<HttpReply> &reply, const PrometheusLimits &limits) -> decltype(read(0, QByteArray(), limits))
{
    if (!reply)
        return std::unexpected(reply.error());
    return read(reply->status, reply->body, limits);
}

} // namespace

PrometheusClient::PrometheusClient(HttpClient &http, QUrl base, PrometheusLimits limits)
    : PrometheusClient(http, HttpAccess{.base = std::move(base), .headers = {}, .username = {}, .secret = {}, .tls = {}}, limits)
{
}

PrometheusClient::PrometheusClient(HttpClient &http, HttpAccess access, PrometheusLimits limits)
    : m_http(http)
    , m_access(std::move(access))
    , m_limits(limits)
{
}

Result<HttpOptions> PrometheusClient::options() const
{
    auto options = optionsOf(m_access);
    if (options) {
        options->deadline = m_deadline;
        options->maxReplyBytes = m_limits.bytes;
    }
    return options;
}

QCoro::Task<Result<HttpReply>> PrometheusClient::get(QString path, Fields fields, std::stop_token stop)
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

QCoro::Task<Result<HttpReply>> PrometheusClient::post(QString path, Fields fields, std::stop_token stop)
{
    const auto asking = options();
    if (!asking)
        co_return std::unexpected(asking.error());
    auto asked = m_http.post(endpointOf(m_access, path), formBody(fields), "application/x-www-form-urlencoded", *asking, stop);
    co_return co_await asked;
}

QCoro::Task<Result<PrometheusResult>> PrometheusClient::ask(QString path, Fields fields, std::stop_token stop)
{
    const PrometheusLimits limits = m_limits;
    Result<HttpReply> reply = co_await post(path, fields, stop);
    if (!reply)
        co_return std::unexpected(reply.error());
    if (reply->body.size() <= readHere)
        co_return parsePrometheusResult(reply->status, reply->body, limits);
    auto reading = readElsewhere(std::move(*reply), limits);
    co_return co_await reading;
}

QCoro::Task<Result<PrometheusResult>> PrometheusClient::query(QString expression, std::optional<Timestamp> time, std::stop_token stop)
{
    Fields fields{{u"query"_s, expression}};
    if (time)
        fields.append({u"time"_s, seconds(*time)});
    co_return co_await ask(u"/api/v1/query"_s, fields, stop);
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
    const Fields fields{{u"query"_s, expression},
                        {u"start"_s, seconds(start)},
                        {u"end"_s, seconds(end)},
                        {u"step"_s, QString::number(static_cast<double>(step.count()) / 1000.0, 'f', 3)}};
    co_return co_await ask(u"/api/v1/query_range"_s, fields, stop);
}

QCoro::Task<Result<QVector<PrometheusLabels>>> PrometheusClient::series(PrometheusSelection selection, std::stop_token stop)
{
    const PrometheusLimits limits = m_limits;
    if (selection.matchers.isEmpty())
        co_return fail(ErrorKind::Invalid, u"Which series are meant has not been said."_s);
    const auto reply = co_await post(u"/api/v1/series"_s, fieldsOf(selection), stop);
    co_return readWith(parsePrometheusSeries, reply, limits);
}

QCoro::Task<Result<QStringList>> PrometheusClient::labelNames(PrometheusSelection selection, std::stop_token stop)
{
    const PrometheusLimits limits = m_limits;
    const auto reply = co_await post(u"/api/v1/labels"_s, fieldsOf(selection), stop);
    co_return readWith(parsePrometheusNames, reply, limits);
}

QCoro::Task<Result<QStringList>> PrometheusClient::labelValues(QString label, PrometheusSelection selection, std::stop_token stop)
{
    const PrometheusLimits limits = m_limits;
    const auto reply = co_await get(u"/api/v1/label/%1/values"_s.arg(escapedLabelName(label)), fieldsOf(selection), stop);
    co_return readWith(parsePrometheusNames, reply, limits);
}

QCoro::Task<Result<QMap<QString, QVector<MetricMetadata>>>> PrometheusClient::metadata(QString metric, std::stop_token stop)
{
    const PrometheusLimits limits = m_limits;
    const Fields fields = metric.isEmpty() ? Fields() : Fields{{u"metric"_s, metric}};
    const auto reply = co_await get(u"/api/v1/metadata"_s, fields, stop);
    co_return readWith(parsePrometheusMetadata, reply, limits);
}

QCoro::Task<Result<QVector<PrometheusTarget>>> PrometheusClient::targets(std::stop_token stop)
{
    const PrometheusLimits limits = m_limits;
    const auto reply = co_await get(u"/api/v1/targets"_s, {{u"state"_s, u"active"_s}}, stop);
    co_return readWith(parsePrometheusTargets, reply, limits);
}

QCoro::Task<Result<QVector<PrometheusRuleGroup>>> PrometheusClient::rules(std::stop_token stop)
{
    const PrometheusLimits limits = m_limits;
    const auto reply = co_await get(u"/api/v1/rules"_s, {}, stop);
    co_return readWith(parsePrometheusRules, reply, limits);
}

QCoro::Task<Result<QVector<PrometheusAlert>>> PrometheusClient::alerts(std::stop_token stop)
{
    const PrometheusLimits limits = m_limits;
    const auto reply = co_await get(u"/api/v1/alerts"_s, {}, stop);
    co_return readWith(parsePrometheusAlerts, reply, limits);
}

QCoro::Task<Result<PrometheusBuild>> PrometheusClient::buildInfo(std::stop_token stop)
{
    const PrometheusLimits limits = m_limits;
    const auto reply = co_await get(u"/api/v1/status/buildinfo"_s, {}, stop);
    co_return readWith(parsePrometheusBuild, reply, limits);
}

QCoro::Task<Result<PrometheusAlertmanagers>> PrometheusClient::alertmanagers(std::stop_token stop)
{
    const PrometheusLimits limits = m_limits;
    const auto reply = co_await get(u"/api/v1/alertmanagers"_s, {}, stop);
    co_return readWith(parsePrometheusAlertmanagers, reply, limits);
}

QCoro::Task<Result<QString>> PrometheusClient::formatQuery(QString expression, std::stop_token stop)
{
    const PrometheusLimits limits = m_limits;
    const auto reply = co_await post(u"/api/v1/format_query"_s, {{u"query"_s, expression}}, stop);
    co_return readWith(parsePrometheusText, reply, limits);
}

QCoro::Task<Result<bool>> PrometheusClient::ready(std::stop_token stop)
{
    const auto reply = co_await get(u"/-/ready"_s, {}, stop);
    if (!reply)
        co_return std::unexpected(reply.error());
    co_return reply->isSuccess();
}

} // namespace countersign
