#include "backend/alerts/alertmanagerreply.h"

#include "backend/metrics/jsonfields.h"
#include "backend/types/json.h"
#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype longestMessage = 300;

std::unexpected<Error> corrupt(const QString &what)
{
    return fail(ErrorKind::Corrupt, u"Alertmanager answered something unexpected: "_s + what);
}

/// A refusal is a JSON text (0.25), {code, message} of the framework, or plain text of a proxy.
QString reasonOf(const QByteArray &body)
{
    const QByteArray begin = body.left(8192);
    if (const auto text = JsonText::parse(begin)) {
        const JsonView root = text->root();
        return root.isString() ? root.toString() : root.isObject() ? textField(root, "message") : QString();
    }
    return QString::fromUtf8(begin.left(200)).simplified();
}

std::unexpected<Error> refused(int status, const QByteArray &body)
{
    const QString reason = reasonOf(body);
    const QString told = reason.isEmpty() ? QString() : QString(u": "_s + reason.left(longestMessage));
    switch (status) {
    case 400:
    case 422:
        return fail(ErrorKind::Invalid, u"Alertmanager refuses this"_s + told, reason);
    case 401:
        return fail(ErrorKind::Unauthenticated, u"Alertmanager wants to know who asks (401)."_s, reason);
    case 403:
        return fail(ErrorKind::Denied, u"Alertmanager refuses this question (403)."_s, reason);
    case 404:
        return fail(ErrorKind::NotFound, u"Alertmanager does not know this"_s + told, reason);
    case 502:
    case 503:
    case 504:
        return fail(ErrorKind::Unavailable, u"Alertmanager is not ready (%1)."_s.arg(status), reason);
    default:
        if (reason.contains(u"not found"_s)) // 0.25 answers 500 for a silence that it does not have
            return fail(ErrorKind::NotFound, u"Alertmanager does not know this"_s + told, reason);
        return fail(ErrorKind::Internal, u"Alertmanager failed (%1)%2"_s.arg(QString::number(status), told), reason);
    }
}

Result<JsonText> documentOf(int status, const QByteArray &body, JsonView::Kind kind, const AlertmanagerLimits &limits)
{
    if (status < 200 || status > 299)
        return refused(status, body);
    auto text = JsonText::parse(body, {.maxBytes = limits.bytes, .maxDepth = limits.depth, .maxValues = limits.entries * 64});
    if (!text) {
        if (text.error().kind == ErrorKind::Exhausted)
            return fail(ErrorKind::Exhausted, u"The answer of Alertmanager is too large."_s, text.error().detail);
        return corrupt(text.error().message);
    }
    if (text->root().kind() != kind)
        return corrupt(u"%1"_s.arg(text->root().kindName()));
    if (kind == JsonView::Kind::Array && text->root().size() > limits.entries)
        return fail(ErrorKind::Exhausted, u"Alertmanager has %1 entries; at most %2 are read."_s.arg(text->root().size()).arg(limits.entries));
    return text;
}

QStringList namesOf(const JsonView &object, QUtf8StringView member)
{
    QStringList names;
    if (const auto list = object.find(member); list && list->isArray()) {
        for (const JsonView entry : *list)
            names.append(textField(entry, "name"));
    }
    return names;
}

Result<Alert> alertOf(const JsonView &object)
{
    Alert alert;
    alert.fingerprint = textField(object, "fingerprint");
    alert.labels = textMapField(object, "labels");
    if (alert.fingerprint.isEmpty() || alert.labels.isEmpty())
        return corrupt(u"an alert without labels or fingerprint"_s);
    alert.annotations = textMapField(object, "annotations");
    alert.startsAt = timeField(object, "startsAt");
    alert.updatedAt = timeField(object, "updatedAt");
    alert.endsAt = timeField(object, "endsAt");
    alert.generatorUrl = QUrl(textField(object, "generatorURL"), QUrl::StrictMode);
    alert.receivers = namesOf(object, "receivers");
    const auto status = object.find("status");
    if (!status || !status->isObject())
        return corrupt(u"an alert without status"_s);
    const QString state = textField(*status, "state");
    alert.state = state == u"active"_s ? Alert::State::Active : state == u"suppressed"_s ? Alert::State::Suppressed : Alert::State::Unprocessed;
    alert.silencedBy = textsField(*status, "silencedBy");
    alert.inhibitedBy = textsField(*status, "inhibitedBy");
    alert.mutedBy = textsField(*status, "mutedBy");
    return alert;
}

Result<QVector<Alert>> alertsOf(const JsonView &list)
{
    QVector<Alert> alerts;
    for (const JsonView entry : list) {
        auto alert = alertOf(entry);
        if (!alert)
            return std::unexpected(alert.error());
        alerts.append(std::move(*alert));
    }
    return alerts;
}

Result<Silence> silenceOf(const JsonView &object)
{
    Silence silence;
    silence.id = textField(object, "id");
    const auto matchers = object.find("matchers");
    if (silence.id.isEmpty() || !matchers || !matchers->isArray())
        return corrupt(u"a silence without id or matchers"_s);
    for (const JsonView matcher : *matchers)
        silence.matchers.append({textField(matcher, "name"), textField(matcher, "value"), boolField(matcher, "isRegex"), boolField(matcher, "isEqual", true)});
    silence.startsAt = timeField(object, "startsAt");
    silence.endsAt = timeField(object, "endsAt");
    silence.updatedAt = timeField(object, "updatedAt");
    silence.createdBy = textField(object, "createdBy");
    silence.comment = textField(object, "comment");
    const auto status = object.find("status");
    const QString state = status ? textField(*status, "state") : QString();
    if (state != u"active"_s && state != u"pending"_s && state != u"expired"_s)
        return corrupt(u"a silence of the state “%1”"_s.arg(state.left(32)));
    silence.state = state == u"active"_s ? Silence::State::Active : state == u"pending"_s ? Silence::State::Pending : Silence::State::Expired;
    return silence;
}

} // namespace

Result<QVector<Alert>> parseAlerts(int httpStatus, const QByteArray &body, const AlertmanagerLimits &limits)
{
    const auto text = documentOf(httpStatus, body, JsonView::Kind::Array, limits);
    if (!text)
        return std::unexpected(text.error());
    return alertsOf(text->root());
}

Result<QVector<AlertGroup>> parseAlertGroups(int httpStatus, const QByteArray &body, const AlertmanagerLimits &limits)
{
    const auto text = documentOf(httpStatus, body, JsonView::Kind::Array, limits);
    if (!text)
        return std::unexpected(text.error());
    QVector<AlertGroup> groups;
    qsizetype total = 0;
    for (const JsonView entry : text->root()) {
        const auto list = entry.find("alerts");
        if (!list || !list->isArray())
            return corrupt(u"a group without alerts"_s);
        total += list->size();
        if (total > limits.entries)
            return fail(ErrorKind::Exhausted, u"Alertmanager has more than %1 alerts."_s.arg(limits.entries));
        auto alerts = alertsOf(*list);
        if (!alerts)
            return std::unexpected(alerts.error());
        const auto receiver = entry.find("receiver");
        groups.append({textMapField(entry, "labels"), receiver ? textField(*receiver, "name") : QString(), std::move(*alerts)});
    }
    return groups;
}

Result<QVector<Silence>> parseSilences(int httpStatus, const QByteArray &body, const AlertmanagerLimits &limits)
{
    const auto text = documentOf(httpStatus, body, JsonView::Kind::Array, limits);
    if (!text)
        return std::unexpected(text.error());
    QVector<Silence> silences;
    for (const JsonView entry : text->root()) {
        auto silence = silenceOf(entry);
        if (!silence)
            return std::unexpected(silence.error());
        silences.append(std::move(*silence));
    }
    return silences;
}

Result<AlertmanagerStatus> parseAlertmanagerStatus(int httpStatus, const QByteArray &body, const AlertmanagerLimits &limits)
{
    const auto text = documentOf(httpStatus, body, JsonView::Kind::Object, limits);
    if (!text)
        return std::unexpected(text.error());
    const auto cluster = text->root().find("cluster");
    if (!cluster || !cluster->isObject())
        return corrupt(u"a status without its cluster"_s);
    AlertmanagerStatus status;
    status.clusterState = textField(*cluster, "status");
    status.clusterName = textField(*cluster, "name");
    status.peers = namesOf(*cluster, "peers");
    std::ranges::sort(status.peers);
    if (const auto version = text->root().find("versionInfo"))
        status.version = textField(*version, "version");
    if (const auto config = text->root().find("config"))
        status.configuration = textField(*config, "original");
    status.startedAt = timeField(text->root(), "uptime");
    return status;
}

Result<QStringList> parseReceivers(int httpStatus, const QByteArray &body, const AlertmanagerLimits &limits)
{
    const auto text = documentOf(httpStatus, body, JsonView::Kind::Array, limits);
    if (!text)
        return std::unexpected(text.error());
    QStringList names;
    for (const JsonView entry : text->root())
        names.append(textField(entry, "name"));
    return names;
}

Result<QString> parseSilenceId(int httpStatus, const QByteArray &body, const AlertmanagerLimits &limits)
{
    const auto text = documentOf(httpStatus, body, JsonView::Kind::Object, limits);
    if (!text)
        return std::unexpected(text.error());
    const QString id = textField(text->root(), "silenceID");
    return id.isEmpty() ? corrupt(u"a silence without an id"_s) : Result<QString>(id);
}

Result<void> parseDone(int httpStatus, const QByteArray &body)
{
    if (httpStatus < 200 || httpStatus > 299)
        return refused(httpStatus, body);
    return {};
}

QByteArray silenceJson(const Silence &silence)
{
    QJsonArray matchers;
    for (const SilenceMatcher &matcher : silence.matchers)
        matchers.append(QJsonObject{{u"name"_s, matcher.name}, {u"value"_s, matcher.value}, {u"isRegex"_s, matcher.isRegex}, {u"isEqual"_s, matcher.isEqual}});
    QJsonObject json{{u"matchers"_s, matchers},
                     {u"startsAt"_s, silence.startsAt.toIsoString()},
                     {u"endsAt"_s, silence.endsAt.toIsoString()},
                     {u"createdBy"_s, silence.createdBy},
                     {u"comment"_s, silence.comment}};
    if (!silence.id.isEmpty())
        json.insert(u"id"_s, silence.id);
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

} // namespace countersign
