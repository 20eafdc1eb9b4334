#include "backend/records/devicecomparison.h"

#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype typedDigits = 4;

const Hash32 &hashOf(ComparedHash which, const ReviewHashes &hashes)
{
    switch (which) {
    case ComparedHash::Domain:
        return hashes.domain;
    case ComparedHash::Message:
        return hashes.message;
    case ComparedHash::SafeTx:
        break;
    }
    return hashes.safeTx;
}

/// As written by Hash32::toString(): lower case, without "0x". Empty when these are not four digits.
QString digitsOf(const QString &typed)
{
    QString digits = typed.trimmed().toLower();
    if (digits.startsWith("0x"_L1))
        digits.remove(0, 2);
    const bool isHex
        = std::ranges::all_of(digits, [](QChar c) { return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f'); });
    return isHex && digits.size() == typedDigits ? digits : QString();
}

} // namespace

ComparisonVerdict judgeComparison(const DeviceComparison &comparison, const ReviewHashes &hashes)
{
    if (comparison.outcome == DeviceComparison::Outcome::Mismatch)
        return ComparisonVerdict::DoesNotMatch;
    bool domain = false;
    bool message = false;
    bool safeTx = false;
    bool isWhole = true;
    for (const TypedHash &typed : comparison.typed) {
        const QString first = digitsOf(typed.first4);
        const QString last = digitsOf(typed.last4);
        if (first.isEmpty() || last.isEmpty()) {
            isWhole = false;
            continue;
        }
        const QString text = hashOf(typed.hash, hashes).toString();
        if (text.sliced(2, typedDigits) != first || text.last(typedDigits) != last)
            return ComparisonVerdict::DoesNotMatch;
        domain = domain || typed.hash == ComparedHash::Domain;
        message = message || typed.hash == ComparedHash::Message;
        safeTx = safeTx || typed.hash == ComparedHash::SafeTx;
    }
    const bool namesTheTransaction = safeTx || (domain && message);
    return isWhole && namesTheTransaction ? ComparisonVerdict::Matches : ComparisonVerdict::Incomplete;
}

QString comparisonText(ComparisonVerdict verdict)
{
    switch (verdict) {
    case ComparisonVerdict::Matches:
        return u"What was typed is what this console computed"_s;
    case ComparisonVerdict::DoesNotMatch:
        return u"The device does not show the hash of this proposal"_s;
    case ComparisonVerdict::Incomplete:
        break;
    }
    return u"Type the first four and the last four characters that the device shows: of the SafeTx hash, or of both "
           u"the "
           u"domain hash and the message hash"_s;
}

QString comparedHashName(ComparedHash hash)
{
    switch (hash) {
    case ComparedHash::Domain:
        return u"domain hash"_s;
    case ComparedHash::Message:
        return u"message hash"_s;
    case ComparedHash::SafeTx:
        break;
    }
    return u"SafeTx hash"_s;
}

} // namespace countersign
