#include "backend/dashboards/intervals.h"

#include "backend/types/strings.h"

#include <QDate>
#include <QDateTime>
#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <cmath>

namespace countersign {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds day = 24h;
constexpr milliseconds week = 7 * day;
constexpr milliseconds month = 30 * day;
constexpr milliseconds year = 365 * day;
constexpr milliseconds longest = 100 * year;
constexpr int rateScrapes = 4; ///< a rate wants this many samples in its window

struct Rounding {
    milliseconds upTo;
    milliseconds becomes;
};

constexpr std::array<Rounding, 29> roundings{{{10ms, 1ms}, {15ms, 10ms}, {35ms, 20ms}, {75ms, 50ms}, {150ms, 100ms},
    {350ms, 200ms}, {750ms, 500ms}, {1'500ms, 1s}, {3'500ms, 2s}, {7'500ms, 5s}, {12'500ms, 10s}, {17'500ms, 15s},
    {25s, 20s}, {45s, 30s}, {90s, 1min}, {210s, 2min}, {450s, 5min}, {750s, 10min}, {1'050s, 15min}, {25min, 20min},
    {45min, 30min}, {90min, 1h}, {150min, 2h}, {270min, 3h}, {9h, 6h}, {day, 12h}, {week, day}, {3 * week, week},
    {6 * week, month}}};

struct Unit {
    QLatin1StringView name;
    milliseconds length;
};

constexpr std::array<Unit, 8> units{{{"ms"_L1, 1ms}, {"s"_L1, 1s}, {"m"_L1, 1min}, {"h"_L1, 1h}, {"d"_L1, day},
    {"w"_L1, week}, {"M"_L1, month}, {"y"_L1, year}}};

const Unit *unitOf(QStringView name)
{
    const auto unit = std::ranges::find_if(units, [name](const Unit &one) { return name == one.name; });
    return unit == units.end() ? nullptr : unit;
}

QDateTime startOf(const QDateTime &time, QStringView unit)
{
    QDate date = time.date();
    if (unit == u"h" || unit == u"m" || unit == u"s") {
        const QTime clock = time.time();
        return {date, QTime(clock.hour(), unit == u"h" ? 0 : clock.minute(), unit == u"s" ? clock.second() : 0), Qt::UTC};
    }
    if (unit == u"w")
        date = date.addDays(1 - date.dayOfWeek());
    else if (unit == u"M")
        date = QDate(date.year(), date.month(), 1);
    else if (unit == u"y")
        date = QDate(date.year(), 1, 1);
    return {date, QTime(0, 0), Qt::UTC};
}

QDateTime moved(const QDateTime &time, qint64 count, QStringView unit)
{
    if (unit == u"M")
        return time.addMonths(static_cast<int>(count));
    if (unit == u"y")
        return time.addYears(static_cast<int>(count));
    const Unit *length = unitOf(unit);
    return length ? time.addMSecs(count * length->length.count()) : QDateTime();
}

// "now", then any number of "-6h", "+1d", "/d".
std::optional<Timestamp> relative(QStringView text, Timestamp now, bool roundUp)
{
    static const QRegularExpression step(uR"(\G(?:([+-])(\d{1,6})?([smhdwMy])|/([smhdwMy])))"_s);
    QDateTime time = now.toDateTime();
    const QString rest = text.sliced(3).toString();
    qsizetype at = 0;
    while (at < rest.size()) {
        const QRegularExpressionMatch match = step.match(rest, at);
        if (!match.hasMatch())
            return std::nullopt;
        at = match.capturedEnd();
        if (const QStringView unit = match.capturedView(4); !unit.isEmpty()) {
            time = startOf(time, unit);
            if (roundUp)
                time = moved(time, 1, unit).addMSecs(-1);
            continue;
        }
        const qint64 count = match.capturedView(2).isEmpty() ? 1 : match.capturedView(2).toLongLong();
        time = moved(time, match.capturedView(1) == u"-" ? -count : count, match.capturedView(3));
        if (!time.isValid())
            return std::nullopt;
    }
    return Timestamp::fromDateTime(time);
}

} // namespace

milliseconds roundInterval(milliseconds interval)
{
    const auto rounding = std::ranges::find_if(roundings, [interval](const Rounding &one) { return interval <= one.upTo; });
    return rounding == roundings.end() ? year : rounding->becomes;
}

Intervals intervalsOf(const IntervalInput &input)
{
    const milliseconds range = std::max(input.range, 1ms);
    const milliseconds least = input.minStep.value_or(input.scrapeInterval);
    const milliseconds fitting = roundInterval(range / std::max(input.maxDataPoints, 1));
    const milliseconds safe = roundInterval(range / maxStepsPerSeries);
    Intervals intervals;
    intervals.range = range;
    intervals.step = std::max({fitting, least, safe, 1ms}) * std::max(input.intervalFactor, 1);
    // Rounding goes down as well: the limit holds all the same.
    const milliseconds floor((range.count() + maxStepsPerSeries - 2) / (maxStepsPerSeries - 1));
    intervals.step = std::max(intervals.step, floor);
    intervals.rateInterval = std::max(intervals.step + least, rateScrapes * least);
    return intervals;
}

std::optional<milliseconds> parseInterval(QStringView text)
{
    static const QRegularExpression pattern(uR"(^\s*>?\s*(\d{1,12}(?:\.\d{1,6})?)\s*(ms|s|m|h|d|w|M|y)?\s*$)"_s);
    const QRegularExpressionMatch match = pattern.match(text.toString());
    if (!match.hasMatch())
        return std::nullopt;
    const Unit *unit = unitOf(match.capturedView(2).isEmpty() ? QStringView(u"s") : match.capturedView(2));
    const double length = match.capturedView(1).toDouble() * static_cast<double>(unit ? unit->length.count() : 0);
    if (length < 1 || length > static_cast<double>(longest.count()))
        return std::nullopt;
    return milliseconds(std::llround(length));
}

QString intervalText(milliseconds interval)
{
    // Months and years are not whole in PromQL's sense: a year of it has 365 days, a month it does not know.
    static constexpr std::array<Unit, 7> whole{
        {{"y"_L1, year}, {"w"_L1, week}, {"d"_L1, day}, {"h"_L1, 1h}, {"m"_L1, 1min}, {"s"_L1, 1s}, {"ms"_L1, 1ms}}};
    for (const Unit &unit : whole) {
        if (interval >= unit.length && interval % unit.length == 0ms)
            return QString::number(interval / unit.length) + unit.name;
    }
    return u"%1ms"_s.arg(interval.count());
}

std::optional<Timestamp> parseRangeTime(const QString &text, Timestamp now, bool roundUp)
{
    const QString trimmed = text.trimmed();
    if (trimmed.startsWith(u"now"_s))
        return relative(trimmed, now, roundUp);
    bool isNumber = false;
    if (const qint64 millis = trimmed.toLongLong(&isNumber); isNumber)
        return Timestamp::fromMillis(millis);
    QDateTime time = QDateTime::fromString(trimmed, Qt::ISODateWithMs);
    if (!time.isValid())
        return std::nullopt;
    if (time.timeSpec() == Qt::LocalTime)
        time.setTimeSpec(Qt::UTC);
    return Timestamp::fromDateTime(time);
}

} // namespace countersign
