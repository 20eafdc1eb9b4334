#include "backend/metrics/prometheusreply.h"

#include "backend/metrics/jsonscanner.h"
#include "backend/metrics/prometheusresultreader.h"
#include "backend/types/strings.h"

#include <QHash>
#include <QRegularExpression>

namespace countersign {

namespace {

constexpr qsizetype mostNotes = 100;
constexpr qsizetype longestNote = 500;
constexpr qsizetype longestMessage = 300;

std::unexpected<Error> corrupt(const QString &what, const QByteArray &body)
{
    return fail(ErrorKind::Corrupt, u"Prometheus answered something unexpected: "_s + what, QString::fromUtf8(body.left(500)));
}

ErrorKind kindOf(const QString &errorType)
{
    static const QHash<QString, ErrorKind> kinds{{u"bad_data"_s, ErrorKind::Invalid},        {u"execution"_s, ErrorKind::Rejected},
                                                 {u"timeout"_s, ErrorKind::Timeout},         {u"canceled"_s, ErrorKind::Cancelled},
                                                 {u"unavailable"_s, ErrorKind::Unavailable}, {u"not_found"_s, ErrorKind::NotFound},
                                                 {u"not_acceptable"_s, ErrorKind::Invalid}};
    return kinds.value(errorType, ErrorKind::Internal);
}

std::unexpected<Error> byStatus(int status, const QByteArray &body)
{
    const QString text = QString::fromUtf8(body.left(200)).simplified();
    if (status == 400 || status == 422)
        return fail(ErrorKind::Invalid, u"Prometheus refuses this question (%1)."_s.arg(status), text);
    if (status == 401)
        return fail(ErrorKind::Unauthenticated, u"Prometheus wants to know who asks (401)."_s, text);
    if (status == 403)
        return fail(ErrorKind::Denied, u"Prometheus refuses this question (403)."_s, text);
    if (status == 404)
        return fail(ErrorKind::NotFound, u"There is no Prometheus API at this address (404)."_s, text);
    if (status == 429)
        return fail(ErrorKind::Exhausted, u"Prometheus is asked too much at once (429)."_s, text);
    if (status == 503 || status == 502 || status == 504)
        return fail(ErrorKind::Unavailable, u"Prometheus is not ready (%1)."_s.arg(status), text);
    if (status >= 200 && status < 300)
        return corrupt(u"no JSON"_s, body);
    return fail(ErrorKind::Internal, u"Prometheus failed (%1)."_s.arg(status), text);
}

/// The envelope as it stands, before it is judged.
struct Envelope {
    QString state;
    QString errorType;
    QString error;
    std::optional<QByteArrayView> data;
    QStringList warnings;
    QStringList infos;
};

bool readNotes(JsonScanner &scanner, QStringList &notes)
{
    if (scanner.peek() != '[')
        return scanner.value().has_value(); // null
    scanner.take('[');
    bool first = true;
    while (scanner.element(first)) {
        const auto text = scanner.string();
        if (!text)
            return false;
        if (notes.size() < mostNotes)
            notes.append(text->left(longestNote));
    }
    return scanner.ended();
}

bool readText(JsonScanner &scanner, QString &to)
{
    auto text = scanner.string();
    if (text)
        to = std::move(*text);
    return text.has_value();
}

std::optional<Envelope> readEnvelope(const QByteArray &body, int depth)
{
    JsonScanner scanner(body, depth);
    Envelope envelope;
    if (!scanner.take('{'))
        return std::nullopt;
    bool first = true;
    bool good = true;
    while (const auto name = scanner.member(first)) {
        if (*name == u"status"_s)
            good = readText(scanner, envelope.state);
        else if (*name == u"errorType"_s)
            good = readText(scanner, envelope.errorType);
        else if (*name == u"error"_s)
            good = readText(scanner, envelope.error);
        else if (*name == u"warnings"_s)
            good = readNotes(scanner, envelope.warnings);
        else if (*name == u"infos"_s)
            good = readNotes(scanner, envelope.infos);
        else {
            const auto value = scanner.value();
            good = value.has_value();
            if (*name == u"data"_s)
                envelope.data = value;
        }
        if (!good)
            return std::nullopt;
    }
    if (!scanner.ended() || !scanner.atEnd())
        return std::nullopt;
    return envelope;
}

/// Reads what is in the envelope, in place.
Result<Envelope> open(int status, const QByteArray &body, const PrometheusLimits &limits)
{
    if (body.size() > limits.bytes)
        return fail(ErrorKind::Exhausted, u"The answer of Prometheus is larger than %1 MiB."_s.arg(limits.bytes / 1024 / 1024));
    auto envelope = readEnvelope(body, limits.depth);
    if (!envelope)
        return byStatus(status, body);
    if (envelope->state == u"error"_s)
        return fail(kindOf(envelope->errorType), u"Prometheus: "_s + envelope->error.left(longestMessage), envelope->error);
    if (envelope->state != u"success"_s || status < 200 || status > 299)
        return byStatus(status, body);
    if (!envelope->data)
        return corrupt(u"success without data"_s, body);
    return std::move(*envelope);
}

} // namespace

std::optional<double> PrometheusResult::value() const
{
    if (series.isEmpty() || series.first().samples.isEmpty())
        return std::nullopt;
    return series.first().samples.first().value;
}

Result<PrometheusData> parsePrometheusEnvelope(int httpStatus, const QByteArray &body, const PrometheusLimits &limits)
{
    auto envelope = open(httpStatus, body, limits);
    if (!envelope)
        return std::unexpected(std::move(envelope.error()));
    return PrometheusData{envelope->data->toByteArray(), std::move(envelope->warnings), std::move(envelope->infos)};
}

Result<PrometheusResult> parsePrometheusResult(int httpStatus, const QByteArray &body, const PrometheusLimits &limits)
{
    auto envelope = open(httpStatus, body, limits);
    if (!envelope)
        return std::unexpected(std::move(envelope.error()));
    auto result = PrometheusResultReader(limits).read(*envelope->data);
    if (!result)
        return result;
    result->warnings = std::move(envelope->warnings);
    result->infos = std::move(envelope->infos);
    return result;
}

std::optional<ExpressionPlace> expressionPlace(const Error &error)
{
    static const QRegularExpression place(u"(?:^|[^0-9:])(\\d{1,6}):(\\d{1,6}): parse error: (.{1,400})"_s, QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression older(u"parse error at line (\\d{1,6}), char (\\d{1,6}): (.{1,400})"_s, QRegularExpression::DotMatchesEverythingOption);
    const QString text = error.detail.left(8192);
    for (const QRegularExpression *form : {&place, &older}) {
        const auto match = form->match(text);
        if (match.hasMatch())
            return ExpressionPlace{match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3).trimmed()};
    }
    return std::nullopt;
}

} // namespace countersign
