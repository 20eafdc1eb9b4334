#include "backend/types/nativeamount.h"

#include "backend/types/strings.h"

#include <QRegularExpression>

namespace countersign {

namespace {

constexpr int maxDecimals = 77;

int unitDecimals(QStringView unit)
{
    if (unit == u"ether")
        return 18;
    return unit == u"gwei" ? 9 : 0;
}

} // namespace

Result<Uint256> parseDecimalAmount(QStringView text, int decimals)
{
    static const QRegularExpression pattern(u"\\A([0-9]{1,78})(?:\\.([0-9]{1,78}))?\\z"_s);
    const auto match = pattern.match(text.toString());
    if (!match.hasMatch() || decimals < 0 || decimals > maxDecimals)
        return fail(ErrorKind::Invalid, u"an amount is digits with at most one point, for example \"1500.25\""_s);
    const QString fraction = match.captured(2);
    if (fraction.size() > decimals)
        return fail(ErrorKind::Invalid,
            u"%1 digits behind the point are more than the %2 that this asset has"_s.arg(fraction.size())
                .arg(decimals));
    const auto amount = Uint256::parse(QString(match.captured(1) + fraction.leftJustified(decimals, u'0')));
    if (!amount)
        return fail(ErrorKind::Invalid, u"the amount is larger than any that a contract can hold"_s);
    return *amount;
}

QString decimalAmount(const Uint256 &amount, int decimals)
{
    QString digits = amount.toDecimal();
    if (decimals <= 0)
        return digits;
    digits = digits.rightJustified(decimals + 1, u'0');
    QString fraction = digits.right(decimals);
    while (fraction.endsWith(u'0'))
        fraction.chop(1);
    const QString whole = digits.chopped(decimals);
    return fraction.isEmpty() ? whole : QString(whole + u'.' + fraction);
}

Result<Uint256> parseNativeAmount(QStringView text)
{
    if (text == u"0")
        return Uint256();
    static const QRegularExpression pattern(u"\\A([0-9.]{1,157}) (ether|gwei|wei)\\z"_s);
    const auto match = pattern.match(text.toString());
    if (!match.hasMatch())
        return fail(ErrorKind::Invalid, u"an amount has a number and a unit: ether, gwei or wei"_s);
    return parseDecimalAmount(match.capturedView(1), unitDecimals(match.capturedView(2)));
}

QString nativeAmount(const Uint256 &wei)
{
    return wei.isZero() ? u"0"_s : decimalAmount(wei, 18) + u" ether"_s;
}

} // namespace countersign
