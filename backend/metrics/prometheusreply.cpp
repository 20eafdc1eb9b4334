#include "backend/metrics/prometheusreply.h"

#include "backend/types/strings.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>
#include <limits>

namespace countersign {

namespace {

std::unexpected<Error> corrupt(const QString &what, const QByteArray &body)
{
    return fail(ErrorKind::Corrupt, u"Prometheus answered something unexpected: "_s + what, QString::fromUtf8(body.left(500)));
}

ErrorKind kindOf(const QString &errorType)
{
    static const QHash<QString, ErrorKind> kinds{{u"bad_data"_s, ErrorKind::Invalid},        {u"execution"_s, ErrorKind::Rejected},
                                                 {u"timeout"_s, ErrorKind::Timeout},         {u"canceled"_s, ErrorKind::Cancelled},
                                                 {u"unavailable"_s, ErrorKind::Unavailable}, {u"not_found"_s, ErrorKind::NotFound}};
    return kinds.value(errorType, ErrorKind::Internal);
}

std::unexpected<Error> byStatus(int status, const QByteArray &body)
{
    const QString text = QString::fromUtf8(body.left(200)).simplified();
    if (status == 401)
        return fail(ErrorKind::Unauthenticated, u"Prometheus wants to know who asks (401)."_s, text);
    if (status == 403)
        return fail(ErrorKind::Denied, u"Prometheus refuses this question (403)."_s, text);
    if (status == 404)
        return fail(ErrorKind::NotFound, u"There is no Prometheus API at this address (404)."_s, text);
    if (status == 503 || status == 502 || status == 504)
        return fail(ErrorKind::Unavailable, u"Prometheus is not ready (%1)."_s.arg(status), text);
    if (status >= 200 && status < 300)
        return corrupt(u"no JSON"_s, body);
    return fail(ErrorKind::Internal, u"Prometheus failed (%1)."_s.arg(status), text);
}

/// The "data" of a successful envelope, and its warnings.
Result<QJsonValue> dataOf(int status, const QByteArray &body, const PrometheusLimits &limits, QStringList &warnings)
{
    if (body.size() > limits.bytes)
        return fail(ErrorKind::Exhausted, u"The answer of Prometheus is larger than %1 MiB."_s.arg(limits.bytes / 1024 / 1024));
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (!document.isObject())
        return byStatus(status, body);
    const QJsonObject object = document.object();
    const QString state = object.value(u"status"_s).toString();
    if (state == u"error"_s) {
        const QString error = object.value(u"error"_s).toString();
        return fail(kindOf(object.value(u"errorType"_s).toString()), u"Prometheus: "_s + error.left(300), error);
    }
    if (state != u"success"_s)
        return byStatus(status, body);
    for (const auto &key : {u"warnings"_s, u"infos"_s}) {
        const QJsonArray list = object.value(key).toArray();
        for (const QJsonValue &text : list) {
            if (warnings.size() < 100)
                warnings.append(text.toString().left(500));
        }
    }
    if (!object.contains(u"data"_s))
        return corrupt(u"success without data"_s, body);
    return object.value(u"data"_s);
}

std::optional<double> number(const QString &text)
{
    if (text == u"NaN"_s)
        return std::numeric_limits<double>::quiet_NaN();
    if (text == u"+Inf"_s || text == u"Inf"_s)
        return std::numeric_limits<double>::infinity();
    if (text == u"-Inf"_s)
        return -std::numeric_limits<double>::infinity();
    bool ok = false;
    const double value = text.toDouble(&ok);
    return ok ? std::optional(value) : std::nullopt;
}

std::optional<Timestamp> time(const QJsonValue &seconds)
{
    const double value = seconds.toDouble(std::numeric_limits<double>::quiet_NaN());
    if (!(std::abs(value) < 4e9 * 2))
        return std::nullopt;
    return Timestamp::fromMillis(std::llround(value * 1000));
}

/// [time, "value"]
std::optional<PrometheusSample> sample(const QJsonValue &value)
{
    const QJsonArray pair = value.toArray();
    if (pair.size() != 2 || !pair.at(1).isString())
        return std::nullopt;
    const auto at = time(pair.at(0));
    const auto is = number(pair.at(1).toString());
    if (!at || !is)
        return std::nullopt;
    return PrometheusSample{*at, *is};
}

Result<QMap<QString, QString>> labels(const QJsonValue &value, const QByteArray &body)
{
    QMap<QString, QString> found;
    if (!value.isObject())
        return corrupt(u"a series without labels"_s, body);
    const QJsonObject object = value.toObject();
    if (object.size() > 256)
        return fail(ErrorKind::Exhausted, u"Prometheus answered a series with more than 256 labels."_s);
    for (auto it = object.constBegin(); it != object.constEnd(); ++it) {
        if (!it.value().isString())
            return corrupt(u"a label that is no text"_s, body);
        found.insert(it.key(), it.value().toString());
    }
    return found;
}

Result<void> readSeries(const QJsonObject &data, bool matrix, const QByteArray &body, const PrometheusLimits &limits, PrometheusResult &result)
{
    const QJsonArray list = data.value(u"result"_s).toArray();
    if (list.size() > limits.series)
        return fail(ErrorKind::Exhausted, u"The query has %1 series; at most %2 are read. Narrow it."_s.arg(list.size()).arg(limits.series));
    qsizetype total = 0;
    bool histograms = false;
    for (const QJsonValue &entry : list) {
        const QJsonObject object = entry.toObject();
        PrometheusSeries series;
        auto metric = labels(object.value(u"metric"_s), body);
        if (!metric)
            return std::unexpected(metric.error());
        series.labels = std::move(*metric);
        histograms = histograms || object.contains(u"histogram"_s) || object.contains(u"histograms"_s);
        const QJsonArray values = matrix ? object.value(u"values"_s).toArray()
            : object.contains(u"value"_s) ? QJsonArray{object.value(u"value"_s)} : QJsonArray();
        total += values.size();
        if (total > limits.samples)
            return fail(ErrorKind::Exhausted, u"The query has more than %1 samples. Narrow it, or widen its step."_s.arg(limits.samples));
        series.samples.reserve(values.size());
        for (const QJsonValue &value : values) {
            const auto one = sample(value);
            if (!one)
                return corrupt(u"a sample that is no [time, \"value\"]"_s, body);
            if (!series.samples.isEmpty() && one->time <= series.samples.back().time)
                return corrupt(u"samples that do not ascend in time"_s, body);
            series.samples.append(*one);
        }
        result.series.append(std::move(series));
    }
    if (histograms)
        result.warnings.append(u"native histograms were left out"_s);
    return {};
}

} // namespace

std::optional<double> PrometheusResult::value() const
{
    if (series.isEmpty() || series.first().samples.isEmpty())
        return std::nullopt;
    return series.first().samples.first().value;
}

Result<PrometheusResult> parsePrometheusResult(int httpStatus, const QByteArray &body, const PrometheusLimits &limits)
{
    PrometheusResult result;
    const auto data = dataOf(httpStatus, body, limits, result.warnings);
    if (!data)
        return std::unexpected(data.error());
    const QJsonObject object = data->toObject();
    const QString type = object.value(u"resultType"_s).toString();
    if (type == u"vector"_s || type == u"matrix"_s) {
        if (!object.value(u"result"_s).isArray())
            return corrupt(u"a %1 that is no list"_s.arg(type), body);
        result.type = type == u"matrix"_s ? PrometheusResult::Type::Matrix : PrometheusResult::Type::Vector;
        if (auto read = readSeries(object, type == u"matrix"_s, body, limits, result); !read)
            return std::unexpected(read.error());
        return result;
    }
    if (type == u"scalar"_s) {
        const auto one = sample(object.value(u"result"_s));
        if (!one)
            return corrupt(u"a scalar that is no [time, \"value\"]"_s, body);
        result.type = PrometheusResult::Type::Scalar;
        result.series.append({{}, {*one}});
        return result;
    }
    if (type == u"string"_s) {
        const QJsonArray pair = object.value(u"result"_s).toArray();
        if (pair.size() != 2 || !pair.at(1).isString())
            return corrupt(u"a string that is no [time, \"text\"]"_s, body);
        result.type = PrometheusResult::Type::String;
        result.text = pair.at(1).toString();
        return result;
    }
    return corrupt(u"the result type “%1”"_s.arg(type.left(32)), body);
}

Result<QVector<PrometheusTarget>> parsePrometheusTargets(int httpStatus, const QByteArray &body, const PrometheusLimits &limits)
{
    QStringList warnings;
    const auto data = dataOf(httpStatus, body, limits, warnings);
    if (!data)
        return std::unexpected(data.error());
    const QJsonValue active = data->toObject().value(u"activeTargets"_s);
    if (!active.isArray())
        return corrupt(u"no list of targets"_s, body);
    const QJsonArray list = active.toArray();
    if (list.size() > limits.series)
        return fail(ErrorKind::Exhausted, u"Prometheus has more than %1 targets."_s.arg(limits.series));
    QVector<PrometheusTarget> targets;
    for (const QJsonValue &value : list) {
        const QJsonObject object = value.toObject();
        const QJsonObject names = object.value(u"labels"_s).toObject();
        PrometheusTarget target;
        target.job = names.value(u"job"_s).toString();
        target.instance = names.value(u"instance"_s).toString();
        target.url = object.value(u"scrapeUrl"_s).toString();
        target.health = object.value(u"health"_s).toString();
        target.up = target.health == u"up"_s;
        target.lastError = object.value(u"lastError"_s).toString();
        const QDateTime scraped = QDateTime::fromString(object.value(u"lastScrape"_s).toString(), Qt::ISODateWithMs);
        if (scraped.isValid() && scraped.date().year() > 1970)
            target.lastScrape = Timestamp::fromDateTime(scraped);
        target.lastDurationSeconds = object.value(u"lastScrapeDuration"_s).toDouble();
        targets.append(target);
    }
    return targets;
}

} // namespace countersign
