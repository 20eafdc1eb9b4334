#include "ui/widgets/format.h"

#include "backend/types/nativeamount.h"
#include "backend/types/strings.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("Format", text);
}

} // namespace

QString utcTime(Timestamp time)
{
    return time.toDateTime().toString(u"HH:mm:ss"_s);
}

QString utcDateTime(Timestamp time)
{
    return time.toDateTime().toString(u"yyyy-MM-dd HH:mm:ss.zzz"_s) + u" UTC"_s;
}

// Four digits that count, never with an exponent: what people compare, they compare at a glance.
static QString significant(double value)
{
    constexpr int digits = 4;
    const int decimals = value == 0 ? 0 : std::clamp(digits - 1 - static_cast<int>(std::floor(std::log10(std::abs(value)))), 0, 2 * digits);
    const QLocale locale;
    QString text = locale.toString(value, 'f', decimals);
    if (decimals > 0) {
        while (text.endsWith(locale.zeroDigit()))
            text.chop(locale.zeroDigit().size());
        if (text.endsWith(locale.decimalPoint()))
            text.chop(locale.decimalPoint().size());
    }
    return text;
}

QString ageText(std::chrono::microseconds age)
{
    const qint64 seconds = std::max<qint64>(0, age.count()) / 1'000'000;
    const QLocale locale;
    if (seconds < 10)
        return translated("%1 s").arg(locale.toString(double(std::max<qint64>(0, age.count())) / 1e6, 'f', 1));
    if (seconds < 120)
        return translated("%1 s").arg(seconds);
    if (seconds < 7200)
        return translated("%1 min").arg(seconds / 60);
    if (seconds < 172'800)
        return translated("%1 h %2").arg(seconds / 3600).arg(seconds % 3600 / 60, 2, 10, QLatin1Char('0'));
    return translated("%1 d").arg(seconds / 86'400);
}

QString nativeAmountText(const Uint256 &wei)
{
    constexpr double weiPerEther = 1e18;
    constexpr double weiPerGwei = 1e9;
    constexpr double fewestEther = 1e14; // a tenth of a thousandth
    constexpr double fewestGwei = 1e6;
    const double amount = decimalAmount(wei, 0).toDouble();
    if (amount == 0 || amount >= fewestEther)
        return u"%1 ether"_s.arg(significant(amount / weiPerEther));
    if (amount >= fewestGwei)
        return u"%1 gwei"_s.arg(significant(amount / weiPerGwei));
    return u"%1 wei"_s.arg(significant(amount));
}

QString shortId(const QString &id, int head, int tail)
{
    if (id.size() <= head + tail + 1)
        return id;
    return id.first(head) + u'…' + id.last(tail);
}

} // namespace countersign
