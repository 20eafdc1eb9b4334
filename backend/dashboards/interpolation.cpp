#include "backend/dashboards/interpolation.h"

#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QUrl>

namespace countersign {

namespace {

// Of one form: $name, ${name}, ${name.field:format}, [[name]], [[name:format]].
const QRegularExpression &reference()
{
    static const QRegularExpression pattern(
        uR"(\$(\w+)|\$\{(\w+)(?:\.([^:}]+))?(?::([^}]+))?\}|\[\[(\w+?)(?::(\w+))?\]\])"_s);
    return pattern;
}

struct Reference {
    QString name;
    QString field;
    QString format;
};

Reference referenceOf(const QRegularExpressionMatch &match)
{
    for (const int group : {1, 2, 5}) {
        if (match.capturedLength(group) > 0)
            return {match.captured(group), group == 2 ? match.captured(3) : QString(),
                group == 2 ? match.captured(4) : group == 5 ? match.captured(6) : QString()};
    }
    return {};
}

/// Each of these characters with an escape before it.
QString escapedWith(const QString &value, QStringView characters, const QString &escape)
{
    QString escaped;
    for (const QChar c : value) {
        if (characters.contains(c))
            escaped += escape;
        escaped += c;
    }
    return escaped;
}

QString escapedRegex(const QString &value)
{
    return escapedWith(value, u"\\^$*+?.()|[]{}/-", u"\\"_s);
}

QString promTextEscaped(const QString &value)
{
    QString escaped = value;
    return escaped.replace(u'\\', u"\\\\"_s).replace(u'\'', u"\\\\'"_s);
}

QString percentEncoded(const QString &value)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(value));
}

template <class Write> QString joined(const QStringList &values, const QString &separator, Write write)
{
    QStringList parts;
    for (const QString &value : values)
        parts.append(write(value));
    return parts.join(separator);
}

QString alternatives(const QStringList &values, QString (*escape)(const QString &))
{
    const QString text = joined(values, u"|"_s, escape);
    return values.size() == 1 ? text : u"("_s + text + u")"_s;
}

QString quoted(const QStringList &values, QChar quote, const QString &escapedQuote)
{
    return joined(values, u","_s, [quote, &escapedQuote](QString value) { return quote + value.replace(quote, escapedQuote) + quote; });
}

QString dated(const QString &value, const QString &format)
{
    bool isNumber = false;
    const qint64 millis = value.toLongLong(&isNumber);
    if (!isNumber)
        return value;
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(millis, Qt::UTC);
    if (format == u"seconds"_s)
        return QString::number(millis / 1'000);
    if (format.isEmpty() || format == u"iso"_s)
        return time.toString(Qt::ISODateWithMs);
    // Grafana's formats are moment's; those of Qt differ in the letters of day and year alone.
    QString qt = format;
    return time.toString(qt.replace(u'Y', u'y').replace(u"DD"_s, u"dd"_s).replace(u'D', u'd'));
}

/// In a format that the text asks for; absent for one that is not known.
std::optional<QString> formatted(const QString &name, const VariableValue &value, const QString &format)
{
    const QStringList &values = value.values;
    const bool isOne = values.size() == 1;
    if (format == u"csv"_s || format == u"raw"_s)
        return values.join(u',');
    if (format == u"pipe"_s)
        return values.join(u'|');
    if (format == u"regex"_s)
        return alternatives(values, escapedRegex);
    if (format == u"glob"_s)
        return isOne ? values.constFirst() : u"{"_s + values.join(u',') + u"}"_s;
    if (format == u"json"_s) {
        if (isOne && !value.isMulti)
            return QString::fromUtf8(QJsonDocument(QJsonArray{values.constFirst()}).toJson(QJsonDocument::Compact)).chopped(1).sliced(1);
        return QString::fromUtf8(QJsonDocument(QJsonArray::fromStringList(values)).toJson(QJsonDocument::Compact));
    }
    if (format == u"queryparam"_s)
        return joined(values, u"&"_s, [&name](const QString &one) { return u"var-"_s + percentEncoded(name) + u'=' + percentEncoded(one); });
    if (format == u"percentencode"_s)
        return percentEncoded(isOne ? values.constFirst() : u"{"_s + values.join(u',') + u"}"_s);
    if (format == u"uriencode"_s)
        return joined(values, u","_s, percentEncoded);
    if (format == u"singlequote"_s)
        return quoted(values, u'\'', u"\\'"_s);
    if (format == u"doublequote"_s)
        return quoted(values, u'"', u"\\\""_s);
    if (format == u"sqlstring"_s)
        return quoted(values, u'\'', u"''"_s);
    if (format == u"lucene"_s)
        return isOne ? values.constFirst() : u"("_s + joined(values, u" OR "_s, [](const QString &one) { return u'"' + one + u'"'; }) + u")"_s;
    if (format == u"distributed"_s)
        return values.join(u","_s + name + u"="_s);
    if (format == u"text"_s)
        return (value.texts.isEmpty() ? values : value.texts).join(u" + "_s);
    if (format == u"date"_s || format.startsWith(u"date:"_s))
        return dated(values.constFirst(), format.sliced(std::min<qsizetype>(5, format.size())));
    if (format == u"join"_s || format.startsWith(u"join:"_s))
        return values.join(format.size() > 5 ? format.sliced(5) : u","_s);
    return std::nullopt;
}

QString byDefault(const VariableValue &value, DefaultFormat format)
{
    if (format == DefaultFormat::Text)
        return (value.texts.isEmpty() ? value.values : value.texts).join(u" + "_s);
    if (value.isVerbatim)
        return value.values.join(u'|');
    if (!value.isMulti)
        return promTextEscaped(value.values.join(u','));
    return alternatives(value.values, promRegexEscaped);
}

VariableValue only(const QString &text)
{
    VariableValue value;
    value.values = {text};
    return value;
}

std::optional<VariableValue> builtIn(const QString &name, const InterpolationScope &scope)
{
    const auto seconds = [](std::chrono::milliseconds length) { return QString::number((length.count() + 500) / 1'000); };
    const Intervals &intervals = scope.intervals;
    // Loki's own name for the step.
    if (name == u"__interval"_s || name == u"__auto"_s)
        return only(intervalText(intervals.step));
    if (name == u"__interval_ms"_s)
        return only(QString::number(intervals.step.count()));
    if (name == u"__rate_interval"_s)
        return only(intervalText(intervals.rateInterval));
    if (name == u"__rate_interval_ms"_s)
        return only(QString::number(intervals.rateInterval.count()));
    if (name == u"__range"_s)
        return only(seconds(intervals.range) + u's');
    if (name == u"__range_s"_s)
        return only(seconds(intervals.range));
    if (name == u"__range_ms"_s)
        return only(QString::number(intervals.range.count()));
    if (name == u"__from"_s)
        return only(QString::number(scope.from.millis()));
    if (name == u"__to"_s)
        return only(QString::number(scope.to.millis()));
    if (name == u"__dashboard"_s)
        return only(scope.dashboardTitle);
    if (name == u"__timezone"_s)
        return only(u"utc"_s);
    return std::nullopt;
}

} // namespace

QString promRegexEscaped(const QString &value)
{
    QString escaped = value;
    return escapedWith(escaped.replace(u'\\', u"\\\\\\\\"_s), u"$^*{}[]'+?.()|", u"\\\\"_s);
}

namespace {

/// Whether a text in quotes is open at the end.
bool endsInQuotes(QStringView text)
{
    QChar quote;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (quote.isNull())
            quote = c == u'"' || c == u'\'' || c == u'`' ? c : QChar();
        else if (c == u'\\')
            ++i;
        else if (c == quote)
            quote = QChar();
    }
    return !quote.isNull();
}

} // namespace

Interpolated interpolate(const QString &text, const InterpolationScope &scope, DefaultFormat format)
{
    Interpolated result;
    qsizetype at = 0;
    QRegularExpressionMatchIterator matches = reference().globalMatch(text);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        const Reference found = referenceOf(match);
        result.text += QStringView(text).sliced(at, match.capturedStart() - at);
        at = match.capturedEnd();
        const auto set = scope.variables.constFind(found.name);
        const std::optional<VariableValue> value
            = set != scope.variables.cend() && !set->values.isEmpty() ? std::optional(*set) : builtIn(found.name, scope);
        if (!value) {
            result.text += match.capturedView();
            if (!result.unknown.contains(found.name))
                result.unknown.append(found.name);
            continue;
        }
        // What matches everything is no name: there the variable's own stands.
        if (value->isAssumed && format == DefaultFormat::Prometheus && !endsInQuotes(QStringView(text).first(match.capturedStart()))) {
            result.text += found.name;
            continue;
        }
        const QString wanted = found.field == u"text"_s ? u"text"_s : found.format;
        const std::optional<QString> special = wanted.isEmpty() ? std::nullopt : formatted(found.name, *value, wanted);
        result.text += special ? *special : byDefault(*value, format);
    }
    result.text += QStringView(text).sliced(at);
    return result;
}

QStringList variablesIn(const QString &text)
{
    QStringList names;
    QRegularExpressionMatchIterator matches = reference().globalMatch(text);
    while (matches.hasNext()) {
        const QString name = referenceOf(matches.next()).name;
        if (!names.contains(name))
            names.append(name);
    }
    return names;
}

} // namespace countersign
