#include "backend/policy/policyamount.h"

#include "backend/types/strings.h"

#include <QRegularExpression>

namespace countersign {

namespace {

constexpr qint64 longestDuration = 3650LL * 24 * 3600;

} // namespace

Result<std::chrono::seconds> parseDuration(QStringView text)
{
    if (text == u"0")
        return std::chrono::seconds(0);
    static const QRegularExpression pattern(u"\\A([0-9]{1,9})([smhd])\\z"_s);
    const auto match = pattern.match(text.toString());
    if (!match.hasMatch())
        return fail(ErrorKind::Invalid, u"a time is a whole number with its unit: 90s, 30m, 24h or 7d"_s);
    const QChar unit = match.capturedView(2).front();
    const qint64 factor = unit == u's' ? 1 : unit == u'm' ? 60 : unit == u'h' ? 3600 : 24 * 3600;
    const qint64 seconds = match.capturedView(1).toLongLong() * factor;
    if (seconds > longestDuration)
        return fail(ErrorKind::Invalid, u"a time is at most 3650d"_s);
    return std::chrono::seconds(seconds);
}

QString durationText(std::chrono::seconds duration)
{
    const qint64 seconds = duration.count();
    if (seconds == 0)
        return u"0"_s;
    if (seconds % (24 * 3600) == 0)
        return u"%1d"_s.arg(seconds / (24 * 3600));
    if (seconds % 3600 == 0)
        return u"%1h"_s.arg(seconds / 3600);
    return seconds % 60 == 0 ? u"%1m"_s.arg(seconds / 60) : u"%1s"_s.arg(seconds);
}

Result<int> parseTimeOfDay(QStringView text)
{
    static const QRegularExpression pattern(u"\\A([01][0-9]|2[0-4]):([0-5][0-9])\\z"_s);
    const auto match = pattern.match(text.toString());
    const int minutes = match.hasMatch() ? match.capturedView(1).toInt() * 60 + match.capturedView(2).toInt() : -1;
    if (minutes < 0 || minutes > 24 * 60)
        return fail(ErrorKind::Invalid, u"a time of the day is hh:mm, from 00:00 to 24:00, in quotes"_s);
    return minutes;
}

QString timeOfDayText(int minutes)
{
    return u"%1:%2"_s.arg(minutes / 60, 2, 10, QLatin1Char('0')).arg(minutes % 60, 2, 10, QLatin1Char('0'));
}

} // namespace countersign
