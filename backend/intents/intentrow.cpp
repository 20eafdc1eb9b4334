#include "backend/intents/intentrow.h"

#include "backend/types/strings.h"

#include <QSet>

#include <cmath>
#include <limits>

namespace countersign {

std::optional<CompactAmount> CompactAmount::parse(QStringView text)
{
    CompactAmount amount;
    qsizetype i = 0;
    const bool negative = !text.isEmpty() && text[0] == u'-';
    if (negative)
        ++i;
    bool point = false;
    bool digits = false;
    bool full = false;
    int dropped = 0;
    for (; i < text.size(); ++i) {
        const char16_t c = text[i].unicode();
        if (c == u'.' && !point) {
            point = true;
            continue;
        }
        if (c < u'0' || c > u'9')
            return std::nullopt;
        digits = true;
        const qint64 digit = c - u'0';
        full = full || amount.units > (std::numeric_limits<qint64>::max() - 9) / 10;
        if (!full) {
            amount.units = amount.units * 10 + digit;
            if (point)
                ++amount.scale;
        } else {
            amount.exact = amount.exact && digit == 0;
            if (!point)
                ++dropped;
        }
        if (text.size() > 128)
            return std::nullopt;
    }
    if (!digits)
        return std::nullopt;
    if (dropped > 0)
        amount.scale = static_cast<qint8>(-dropped);
    while (amount.scale > 0 && amount.units % 10 == 0) {
        amount.units /= 10;
        --amount.scale;
    }
    if (negative)
        amount.units = -amount.units;
    return amount;
}

QString CompactAmount::toString() const
{
    QString digits = QString::number(units < 0 ? -units : units);
    if (scale < 0)
        digits += QString(-scale, u'0');
    if (scale > 0) {
        if (digits.size() <= scale)
            digits.prepend(QString(scale - digits.size() + 1, u'0'));
        digits.insert(digits.size() - scale, u'.');
    }
    return units < 0 ? QString(u'-' + digits) : digits;
}

double CompactAmount::toDouble() const
{
    // Powers that a double holds exactly: one division, and the nearest double there is.
    static constexpr std::array powers{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const std::size_t at = static_cast<quint8>(scale); // negative: beyond the table
    return at < powers.size() ? static_cast<double>(units) / powers[at]
                                            : static_cast<double>(units) * std::pow(10.0, -static_cast<double>(scale));
}

void IntentBatch::append(const IntentBatch &next)
{
    if (isEmpty()) {
        *this = next;
        return;
    }
    QSet<quint32> known;
    known.reserve(changed.size());
    for (const Change &change : std::as_const(changed))
        known.insert(change.row);
    // Without rows of its own, the batch so far starts where the next one does.
    const quint32 first = added > 0 ? firstAdded : next.firstAdded;
    for (const Change &change : next.changed) {
        const bool isNew = added > 0 && change.row >= first;
        if (!isNew && !known.contains(change.row))
            changed.append(change);
    }
    firstAdded = first;
    added += next.added;
}

} // namespace countersign
