#include "models/dashboards/frames.h"

#include "backend/dashboards/panelreader.h"
#include "backend/types/strings.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <limits>

namespace countersign {

namespace {

using Type = FrameField::Type;

FrameField timeField()
{
    FrameField field;
    field.name = u"Time"_s;
    field.type = Type::Time;
    return field;
}

Frame seriesFrame(const PrometheusSeries &series, const PanelTarget &target, const QString &legendFormat, qint64 step)
{
    Frame frame{target.refId, {}, {timeField(), {}}};
    FrameField &time = frame.fields[0];
    FrameField &value = frame.fields[1];
    value.name = u"Value"_s;
    value.labels = series.labels;
    value.legend = legendText(legendFormat, series.labels);
    time.numbers.reserve(series.samples.size());
    value.numbers.reserve(series.samples.size());
    for (const PrometheusSample &sample : series.samples) {
        if (const qint64 before = time.numbers.isEmpty() ? 0 : static_cast<qint64>(time.numbers.constLast());
            step > 0 && before > 0 && sample.time.millis() - before > step + step / 2) {
            time.numbers.append(static_cast<double>(before + step));
            value.numbers.append(std::numeric_limits<double>::quiet_NaN());
        }
        time.numbers.append(static_cast<double>(sample.time.millis()));
        value.numbers.append(sample.value);
    }
    return frame;
}

Frame tableFrame(const PrometheusResult &result, const PanelTarget &target, const QString &valueName)
{
    QStringList labels;
    for (const PrometheusSeries &series : result.series) {
        for (auto it = series.labels.constBegin(); it != series.labels.constEnd(); ++it) {
            if (!labels.contains(it.key()))
                labels.append(it.key());
        }
    }
    labels.sort();
    Frame frame{target.refId, {}, {timeField()}};
    for (const QString &label : std::as_const(labels)) {
        FrameField field;
        field.name = label;
        field.type = Type::Text;
        frame.fields.append(field);
    }
    FrameField value;
    value.name = valueName;
    for (const PrometheusSeries &series : result.series) {
        for (const PrometheusSample &sample : series.samples) {
            frame.fields[0].numbers.append(static_cast<double>(sample.time.millis()));
            for (qsizetype i = 0; i < labels.size(); ++i)
                frame.fields[i + 1].texts.append(series.labels.value(labels.at(i)));
            value.numbers.append(sample.value);
        }
    }
    frame.fields.append(value);
    return frame;
}

QString seriesName(const QMap<QString, QString> &labels)
{
    QStringList parts;
    for (auto it = labels.constBegin(); it != labels.constEnd(); ++it) {
        if (it.key() != u"__name__"_s)
            parts.append(u"%1=\"%2\""_s.arg(it.key(), it.value()));
    }
    const QString name = labels.value(u"__name__"_s);
    return parts.isEmpty() ? name : name + u'{' + parts.join(u", "_s) + u'}';
}

/// The labels in which the series of an answer differ.
QStringList tellingLabels(const QList<Frame> &frames)
{
    QMap<QString, QSet<QString>> values;
    for (const Frame &frame : frames) {
        for (const FrameField &field : frame.fields) {
            if (field.type != Type::Number || field.labels.isEmpty())
                continue;
            for (auto it = field.labels.constBegin(); it != field.labels.constEnd(); ++it)
                values[it.key()].insert(it.value());
        }
    }
    QStringList telling;
    for (auto it = values.constBegin(); it != values.constEnd(); ++it) {
        if (it->size() > 1)
            telling.append(it.key());
    }
    return telling;
}

QString ownName(const FrameField &field, const QStringList &telling)
{
    if (!field.legend.isEmpty())
        return field.legend;
    if (field.type != Type::Number || field.labels.isEmpty())
        return field.name;
    if (telling.size() == 1 && field.labels.contains(telling.constFirst()))
        return field.labels.value(telling.constFirst());
    const QString name = seriesName(field.labels);
    return name.isEmpty() ? field.name : name;
}

QRegularExpression patternOf(const QString &text)
{
    const qsizetype end = text.lastIndexOf(u'/');
    if (!text.startsWith(u'/') || end < 1)
        return QRegularExpression(text);
    const bool ignoresCase = text.sliced(end + 1).contains(u'i');
    return QRegularExpression(text.sliced(1, end - 1),
        ignoresCase ? QRegularExpression::CaseInsensitiveOption : QRegularExpression::NoPatternOption);
}

bool anyValue(const FrameField &field, const QJsonObject &options)
{
    const double limit = options.value("value"_L1).toDouble();
    const QString op = options.value("op"_L1).toString();
    return std::ranges::any_of(field.numbers, [&](double value) {
        return op == u"gte"_s ? value >= limit : op == u"gt"_s ? value > limit : op == u"lt"_s ? value < limit : op == u"lte"_s ? value <= limit : value == limit;
    });
}

bool matches(const FieldOverride &override, const Frame &frame, const FrameField &field)
{
    const QString text = override.options.toString();
    if (override.matcher == u"byName"_s)
        return field.displayName == text || field.name == text;
    if (override.matcher == u"byRegexp"_s) {
        const QRegularExpression pattern = patternOf(text);
        return pattern.isValid() && pattern.match(field.displayName).hasMatch();
    }
    if (override.matcher == u"byNames"_s) {
        const QJsonObject options = override.options.toObject();
        const bool isNamed = options.value("names"_L1).toArray().contains(QJsonValue(field.displayName));
        return isNamed != (options.value("mode"_L1).toString() == u"exclude"_s);
    }
    if (override.matcher == u"byFrameRefID"_s)
        return frame.refId == text;
    if (override.matcher == u"byType"_s)
        return (text == u"number"_s && field.type == Type::Number) || (text == u"string"_s && field.type == Type::Text)
            || (text == u"time"_s && field.type == Type::Time);
    return override.matcher == u"byValue"_s && anyValue(field, override.options.toObject());
}

} // namespace

qsizetype Frame::find(FrameField::Type type) const
{
    const auto found = std::ranges::find(fields, type, &FrameField::type);
    return found == fields.end() ? -1 : found - fields.begin();
}

QString legendText(const QString &format, const QMap<QString, QString> &labels)
{
    if (format.isEmpty() || format == u"__auto"_s)
        return {};
    static const QRegularExpression reference(uR"(\{\{\s*(.+?)\s*\}\})"_s);
    QString text;
    qsizetype at = 0;
    QRegularExpressionMatchIterator found = reference.globalMatch(format);
    while (found.hasNext()) {
        const QRegularExpressionMatch match = found.next();
        text += QStringView(format).sliced(at, match.capturedStart() - at);
        text += labels.value(match.captured(1));
        at = match.capturedEnd();
    }
    text += QStringView(format).sliced(at);
    return text;
}

QList<Frame> framesOf(const PrometheusResult &result, const PanelTarget &target, const QString &legendFormat,
    const QString &valueName, std::chrono::milliseconds step)
{
    if (target.format == PanelTarget::Format::Table)
        return {tableFrame(result, target, valueName)};
    QList<Frame> frames;
    for (const PrometheusSeries &series : result.series)
        frames.append(seriesFrame(series, target, legendFormat, step.count()));
    return frames;
}

void configureFields(QList<Frame> &frames, const FieldConfig &defaults, const QList<FieldOverride> &overrides)
{
    const QStringList telling = tellingLabels(frames);
    for (Frame &frame : frames) {
        for (FrameField &field : frame.fields) {
            field.config = defaults;
            field.displayName = ownName(field, telling);
            if (field.type == Type::Number && !defaults.displayName.isEmpty())
                field.displayName = legendText(QString(defaults.displayName).replace(u"${__field.name}"_s, field.displayName), field.labels);
            if (field.type == Type::Time)
                field.config.unit.clear();
            const QString before = field.displayName;
            for (const FieldOverride &override : overrides) {
                if (!matches(override, frame, field))
                    continue;
                for (const auto &property : override.properties)
                    applyProperty(field.config, property.first, property.second);
            }
            if (field.config.displayName != defaults.displayName && !field.config.displayName.isEmpty())
                field.displayName = QString(field.config.displayName).replace(u"${__field.name}"_s, before);
        }
    }
}

} // namespace countersign
