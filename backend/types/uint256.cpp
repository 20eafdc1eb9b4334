#include "backend/types/uint256.h"

#include "backend/types/strings.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace countersign {

namespace {

__extension__ using Wide = unsigned __int128;

} // namespace

Result<Uint256> Uint256::parse(QStringView text)
{
    if (text.startsWith(u"0x")) {
        const QStringView digits = text.sliced(2);
        if (digits.isEmpty() || digits.size() > 64)
            return fail(ErrorKind::Invalid, u"A 256-bit number has 1 to 64 hexadecimal digits after 0x."_s);
        const auto bytes = bytesFromHex(digits.size() % 2 == 0 ? text.toString() : u"0x0"_s + digits.toString());
        if (!bytes)
            return std::unexpected(bytes.error());
        return fromBigEndian(*bytes);
    }
    if (text.isEmpty() || text.size() > 78)
        return fail(ErrorKind::Invalid, u"A 256-bit number has 1 to 78 decimal digits."_s);
    Uint256 value;
    for (const QChar c : text) {
        if (c < u'0' || c > u'9')
            return fail(ErrorKind::Invalid, u"\"%1\" is no decimal digit."_s.arg(c));
        const auto scaled = value.checkedMul(Uint256(10));
        const auto next = scaled ? scaled->checkedAdd(Uint256(static_cast<quint64>(c.unicode() - u'0'))) : std::nullopt;
        if (!next)
            return fail(ErrorKind::Invalid, u"The number does not fit 256 bits."_s);
        value = *next;
    }
    return value;
}

Result<Uint256> Uint256::fromBigEndian(QByteArrayView bytes)
{
    if (bytes.size() > 32)
        return fail(ErrorKind::Invalid, u"A 256-bit number has at most 32 bytes, this has %1."_s.arg(bytes.size()));
    Uint256 value;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const auto position = static_cast<size_t>(bytes.size() - 1 - i);
        value.m_limbs[position / 8] |= static_cast<quint64>(static_cast<quint8>(bytes[i])) << (position % 8 * 8);
    }
    return value;
}

Bytes Uint256::toBigEndian() const
{
    Bytes bytes(32, Qt::Uninitialized);
    for (size_t i = 0; i < 32; ++i)
        bytes[static_cast<qsizetype>(31 - i)] = static_cast<char>(m_limbs[i / 8] >> (i % 8 * 8) & 0xff);
    return bytes;
}

Bytes Uint256::toMinimalBigEndian() const
{
    return toBigEndian().last((bitLength() + 7) / 8);
}

QString Uint256::toDecimal() const
{
    // Nineteen digits at a time: the largest power of ten that fits a limb.
    constexpr quint64 chunk = 10'000'000'000'000'000'000ULL;
    QString text;
    Uint256 rest = *this;
    while (true) {
        const auto [quotient, remainder] = rest.divmodSmall(chunk);
        const QString digits = QString::number(remainder);
        if (quotient.isZero())
            return digits + text;
        text = digits.rightJustified(19, u'0') + text;
        rest = quotient;
    }
}

QString Uint256::toHexQuantity() const
{
    const QString digits = QString::fromLatin1(toBigEndian().toHex());
    const auto first = std::ranges::find_if(digits, [](QChar c) { return c != u'0'; });
    const QString significant = digits.sliced(first - digits.begin());
    return u"0x"_s + (significant.isEmpty() ? u"0"_s : significant);
}

std::optional<quint64> Uint256::toU64() const
{
    if (m_limbs[1] != 0 || m_limbs[2] != 0 || m_limbs[3] != 0)
        return std::nullopt;
    return m_limbs[0];
}

double Uint256::toDouble() const
{
    double value = 0;
    for (size_t i = 4; i-- > 0;)
        value = std::ldexp(value, 64) + static_cast<double>(m_limbs[i]);
    return value;
}

int Uint256::bitLength() const
{
    for (size_t i = 4; i-- > 0;) {
        if (m_limbs[i] != 0)
            return static_cast<int>(i) * 64 + 64 - std::countl_zero(m_limbs[i]);
    }
    return 0;
}

std::optional<Uint256> Uint256::checkedAdd(const Uint256 &other) const
{
    Uint256 sum;
    Wide carry = 0;
    for (size_t i = 0; i < 4; ++i) {
        carry += static_cast<Wide>(m_limbs[i]) + other.m_limbs[i];
        sum.m_limbs[i] = static_cast<quint64>(carry);
        carry >>= 64;
    }
    return carry == 0 ? std::optional(sum) : std::nullopt;
}

std::optional<Uint256> Uint256::checkedSub(const Uint256 &other) const
{
    if (*this < other)
        return std::nullopt;
    Uint256 difference;
    quint64 borrow = 0;
    for (size_t i = 0; i < 4; ++i) {
        const Wide value = static_cast<Wide>(m_limbs[i]) - other.m_limbs[i] - borrow;
        difference.m_limbs[i] = static_cast<quint64>(value);
        borrow = static_cast<quint64>(value >> 64) != 0 ? 1 : 0;
    }
    return difference;
}

std::optional<Uint256> Uint256::checkedMul(const Uint256 &other) const
{
    std::array<quint64, 8> product{};
    for (size_t i = 0; i < 4; ++i) {
        Wide carry = 0;
        for (size_t j = 0; j < 4; ++j) {
            carry += static_cast<Wide>(m_limbs[i]) * other.m_limbs[j] + product[i + j];
            product[i + j] = static_cast<quint64>(carry);
            carry >>= 64;
        }
        product[i + 4] = static_cast<quint64>(carry);
    }
    if ((product[4] | product[5] | product[6] | product[7]) != 0)
        return std::nullopt;
    return fromLimbs({product[0], product[1], product[2], product[3]});
}

std::pair<Uint256, quint64> Uint256::divmodSmall(quint64 divisor) const
{
    Uint256 quotient;
    Wide rest = 0;
    for (size_t i = 4; i-- > 0;) {
        rest = rest << 64 | m_limbs[i];
        quotient.m_limbs[i] = static_cast<quint64>(rest / divisor);
        rest %= divisor;
    }
    return {quotient, static_cast<quint64>(rest)};
}

std::optional<std::pair<Uint256, Uint256>> Uint256::divmod(const Uint256 &divisor) const
{
    if (divisor.isZero())
        return std::nullopt;
    if (const auto small = divisor.toU64()) {
        const auto [quotient, remainder] = divmodSmall(*small);
        return std::pair(quotient, Uint256(remainder));
    }
    Uint256 quotient;
    Uint256 rest;
    for (int i = bitLength() - 1; i >= 0; --i) {
        // rest < divisor <= 2^256-1: the bit that a shift would lose means that rest is certainly larger.
        const bool lost = rest.bit(255);
        rest = rest.shiftedLeft(1);
        rest.m_limbs[0] |= bit(i) ? 1 : 0;
        if (!lost && rest < divisor)
            continue;
        if (lost) { // rest + 2^256 - divisor, which fits
            const Uint256 complement = *max().checkedSub(divisor);
            rest = *rest.checkedAdd(*complement.checkedAdd(Uint256(1)));
        } else {
            rest = *rest.checkedSub(divisor);
        }
        quotient.m_limbs[static_cast<size_t>(i / 64)] |= 1ULL << (i % 64);
    }
    return std::pair(quotient, rest);
}

Uint256 Uint256::shiftedLeft(int bits) const
{
    Q_ASSERT(bits >= 0);
    Uint256 value;
    if (bits >= 256)
        return value;
    const auto limbs = static_cast<size_t>(bits / 64);
    const int rest = bits % 64;
    for (size_t i = 4; i-- > limbs;) {
        value.m_limbs[i] = m_limbs[i - limbs] << rest;
        if (rest != 0 && i > limbs)
            value.m_limbs[i] |= m_limbs[i - limbs - 1] >> (64 - rest);
    }
    return value;
}

Uint256 Uint256::shiftedRight(int bits) const
{
    Q_ASSERT(bits >= 0);
    Uint256 value;
    if (bits >= 256)
        return value;
    const auto limbs = static_cast<size_t>(bits / 64);
    const int rest = bits % 64;
    for (size_t i = 0; i + limbs < 4; ++i) {
        value.m_limbs[i] = m_limbs[i + limbs] >> rest;
        if (rest != 0 && i + limbs + 1 < 4)
            value.m_limbs[i] |= m_limbs[i + limbs + 1] << (64 - rest);
    }
    return value;
}

} // namespace countersign
