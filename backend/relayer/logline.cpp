#include "backend/relayer/logline.h"

#include "backend/types/strings.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonParseError>

#include <limits>
#include <optional>

namespace countersign {

namespace {

// Digits at a place, -1 when there are others.
int number(QStringView text, qsizetype at, qsizetype digits)
{
    int out = 0;
    for (qsizetype i = at; i < at + digits; ++i) {
        if (i >= text.size() || text[i] < u'0' || text[i] > u'9')
            return -1;
        out = out * 10 + text[i].digitValue();
    }
    return out;
}

} // namespace

// QDateTime would round the microseconds away.
std::optional<Timestamp> parseLogTime(QStringView text)
{
    if (text.size() < 20 || text[4] != u'-' || text[7] != u'-'
        || (text[10] != u'T' && text[10] != u't' && text[10] != u' ') || text[13] != u':' || text[16] != u':')
        return std::nullopt;
    const QDate date(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2));
    const int leap = number(text, 17, 2) == 60 ? 1 : 0; // a leap second counts as the one before it
    const QTime time(number(text, 11, 2), number(text, 14, 2), number(text, 17, 2) - leap);
    if (!date.isValid() || !time.isValid())
        return std::nullopt;
    qsizetype at = 19;
    qint64 micros = 0;
    if (text[at] == u'.') {
        qint64 unit = 100'000;
        for (++at; at < text.size() && text[at] >= u'0' && text[at] <= u'9'; ++at, unit /= 10)
            micros += text[at].digitValue() * unit;
    }
    qint64 zone = 0;
    const QStringView rest = text.sliced(at);
    if (rest.size() == 6 && (rest[0] == u'+' || rest[0] == u'-') && rest[3] == u':') {
        const int hours = number(rest, 1, 2);
        const int minutes = number(rest, 4, 2);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
            return std::nullopt;
        zone = (hours * 60 + minutes) * (rest[0] == u'+' ? 60 : -60);
    } else if (rest != u"Z" && rest != u"z") {
        return std::nullopt;
    }
    const qint64 seconds = QDateTime(date, time, Qt::UTC).toSecsSinceEpoch() - zone;
    return Timestamp::fromMicros(seconds * 1'000'000 + micros);
}

QString LogLine::text(QStringView field) const
{
    const QJsonValue value = fields.value(field);
    if (value.isString())
        return value.toString();
    if (value.isBool())
        return value.toBool() ? u"true"_s : u"false"_s;
    if (!value.isDouble())
        return {};
    const qint64 number = value.toInteger(std::numeric_limits<qint64>::min());
    return number == std::numeric_limits<qint64>::min() ? QString::number(value.toDouble(), 'g', 17)
                                                        : QString::number(number);
}

Result<LogLine> parseLogLine(QByteArrayView line)
{
    if (line.size() > longestLogLine)
        return fail(ErrorKind::Exhausted, u"A log line is longer than %1 bytes"_s.arg(longestLogLine));
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromRawData(line.data(), line.size()), &error);
    if (!document.isObject())
        return fail(ErrorKind::Corrupt, u"A log line is no JSON object"_s, error.errorString());
    LogLine out;
    out.fields = document.object();
    const QJsonValue time = out.fields.take("timestamp"_L1);
    const QJsonValue message = out.fields.take("message"_L1);
    out.level = out.fields.take("level"_L1).toString().toLower();
    if (!message.isString() || message.toString().isEmpty())
        return fail(ErrorKind::Corrupt, u"A log line has no message"_s);
    out.message = message.toString();
    const std::optional<Timestamp> moment = parseLogTime(time.toString());
    if (!moment)
        return fail(ErrorKind::Corrupt, u"A log line has no RFC 3339 timestamp"_s);
    out.time = *moment;
    return out;
}

} // namespace countersign
