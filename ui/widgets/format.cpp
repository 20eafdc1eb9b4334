#include "ui/widgets/format.h"

#include "backend/types/nativeamount.h"
#include "backend/types/strings.h"

#include <QCoreApplication>
#include <QLocale>

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
    constexpr double gweiPerEther = 1e9;
    constexpr double fewestEther = 1e-4;
    const double ether = decimalAmount(wei, 18).toDouble();
    const QLocale locale;
    return ether == 0 || ether >= fewestEther ? u"%1 ether"_s.arg(locale.toString(ether, 'g', 4))
                                              : u"%1 gwei"_s.arg(locale.toString(ether * gweiPerEther, 'g', 4));
}

QString shortId(const QString &id, int head, int tail)
{
    if (id.size() <= head + tail + 1)
        return id;
    return id.first(head) + u'…' + id.last(tail);
}

} // namespace countersign
