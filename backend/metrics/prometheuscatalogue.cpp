#include "backend/metrics/prometheuscatalogue.h"

#include "backend/metrics/jsonfields.h"
#include "backend/metrics/prometheusdocument.h"
#include "backend/types/strings.h"

#include <QRegularExpression>

namespace countersign {

namespace {

std::unexpected<Error> corrupt(const QString &what)
{
    return fail(ErrorKind::Corrupt, u"Prometheus answered something unexpected: "_s + what);
}

PrometheusTarget targetOf(const JsonView &object)
{
    PrometheusTarget target;
    target.labels = textMapField(object, "labels");
    target.job = target.labels.value(u"job"_s);
    target.instance = target.labels.value(u"instance"_s);
    target.url = textField(object, "scrapeUrl");
    target.health = textField(object, "health");
    target.up = target.health == u"up"_s;
    target.lastError = textField(object, "lastError");
    target.lastScrape = timeField(object, "lastScrape");
    target.lastDurationSeconds = numberField(object, "lastScrapeDuration");
    target.pool = textField(object, "scrapePool");
    return target;
}

QVector<QUrl> urlsOf(const JsonView &data, QUtf8StringView name)
{
    QVector<QUrl> urls;
    if (const auto list = data.find(name); list && list->isArray()) {
        for (const JsonView entry : *list)
            urls.append(QUrl(textField(entry, "url"), QUrl::StrictMode));
    }
    return urls;
}

} // namespace

Result<JsonText> parsePrometheusDocument(int httpStatus, const QByteArray &body, JsonView::Kind kind, const PrometheusLimits &limits)
{
    auto data = parsePrometheusEnvelope(httpStatus, body, limits);
    if (!data)
        return std::unexpected(data.error());
    auto text = JsonText::parse(std::move(data->json), {.maxBytes = limits.bytes, .maxDepth = limits.depth, .maxValues = limits.samples});
    if (!text)
        return text.error().kind == ErrorKind::Exhausted ? std::unexpected(text.error()) : corrupt(text.error().message);
    if (text->root().kind() != kind)
        return corrupt(u"%1 as data"_s.arg(text->root().kindName()));
    return text;
}

Result<void> withinLimit(const JsonView &list, const PrometheusLimits &limits)
{
    if (list.size() > limits.series)
        return fail(ErrorKind::Exhausted, u"Prometheus answered %1 entries; at most %2 are read."_s.arg(list.size()).arg(limits.series));
    return {};
}

Result<QVector<PrometheusTarget>> parsePrometheusTargets(int httpStatus, const QByteArray &body, const PrometheusLimits &limits)
{
    const auto text = parsePrometheusDocument(httpStatus, body, JsonView::Kind::Object, limits);
    if (!text)
        return std::unexpected(text.error());
    const auto active = text->root().find("activeTargets");
    if (!active || !active->isArray())
        return corrupt(u"no list of targets"_s);
    if (auto fits = withinLimit(*active, limits); !fits)
        return std::unexpected(fits.error());
    QVector<PrometheusTarget> targets;
    targets.reserve(active->size());
    for (const JsonView entry : *active)
        targets.append(targetOf(entry));
    return targets;
}

Result<QStringList> parsePrometheusNames(int httpStatus, const QByteArray &body, const PrometheusLimits &limits)
{
    const auto text = parsePrometheusDocument(httpStatus, body, JsonView::Kind::Array, limits);
    if (!text)
        return std::unexpected(text.error());
    QStringList names;
    names.reserve(text->root().size());
    for (const JsonView name : text->root()) {
        if (!name.isString())
            return corrupt(u"a name that is no text"_s);
        names.append(name.toString());
    }
    return names;
}

Result<QVector<PrometheusLabels>> parsePrometheusSeries(int httpStatus, const QByteArray &body, const PrometheusLimits &limits)
{
    const auto text = parsePrometheusDocument(httpStatus, body, JsonView::Kind::Array, limits);
    if (!text)
        return std::unexpected(text.error());
    if (auto fits = withinLimit(text->root(), limits); !fits)
        return std::unexpected(fits.error());
    QVector<PrometheusLabels> series;
    for (const JsonView entry : text->root()) {
        PrometheusLabels labels;
        if (!entry.isObject())
            return corrupt(u"a series that is no object"_s);
        for (const JsonView label : entry) {
            if (!label.isString())
                return corrupt(u"a label that is no text"_s);
            labels.insert(label.key().toString(), label.toString());
        }
        series.append(labels);
    }
    return series;
}

Result<QMap<QString, QVector<MetricMetadata>>> parsePrometheusMetadata(int httpStatus, const QByteArray &body, const PrometheusLimits &limits)
{
    const auto text = parsePrometheusDocument(httpStatus, body, JsonView::Kind::Object, limits);
    if (!text)
        return std::unexpected(text.error());
    QMap<QString, QVector<MetricMetadata>> metadata;
    for (const JsonView metric : text->root()) {
        QVector<MetricMetadata> entries;
        for (const JsonView entry : metric)
            entries.append({textField(entry, "type"), textField(entry, "help"), textField(entry, "unit")});
        metadata.insert(metric.key().toString(), entries);
    }
    return metadata;
}

Result<PrometheusBuild> parsePrometheusBuild(int httpStatus, const QByteArray &body, const PrometheusLimits &limits)
{
    const auto text = parsePrometheusDocument(httpStatus, body, JsonView::Kind::Object, limits);
    if (!text)
        return std::unexpected(text.error());
    PrometheusBuild build{textField(text->root(), "version"), textField(text->root(), "revision")};
    static const QRegularExpression numbers(u"^v?(\\d{1,5})\\.(\\d{1,5})"_s);
    const auto match = numbers.match(build.version);
    build.major = match.captured(1).toInt();
    build.minor = match.captured(2).toInt();
    return build;
}

Result<PrometheusAlertmanagers> parsePrometheusAlertmanagers(int httpStatus, const QByteArray &body, const PrometheusLimits &limits)
{
    const auto text = parsePrometheusDocument(httpStatus, body, JsonView::Kind::Object, limits);
    if (!text)
        return std::unexpected(text.error());
    return PrometheusAlertmanagers{urlsOf(text->root(), "activeAlertmanagers"), urlsOf(text->root(), "droppedAlertmanagers")};
}

Result<QString> parsePrometheusText(int httpStatus, const QByteArray &body, const PrometheusLimits &limits)
{
    const auto text = parsePrometheusDocument(httpStatus, body, JsonView::Kind::String, limits);
    if (!text)
        return std::unexpected(text.error());
    return text->root().toString();
}

QString escapedLabelName(const QString &name)
{
    static const QRegularExpression plain(u"^[a-zA-Z_][a-zA-Z0-9_]*$"_s);
    if (plain.match(name).hasMatch() && !name.startsWith(u"U__"_s))
        return name;
    // prometheus/common, model.EscapeName with ValueEncodingEscaping
    QString escaped = u"U__"_s;
    const QList<uint> points = name.toUcs4();
    for (qsizetype i = 0; i < points.size(); ++i) {
        const uint c = points[i];
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9' && i > 0);
        if (c == '_')
            escaped += u"__"_s;
        else if (letter || (c == ':' && i > 0))
            escaped += QChar(c);
        else
            escaped += u'_' + QString::number(c, 16) + u'_';
    }
    return escaped;
}

} // namespace countersign
