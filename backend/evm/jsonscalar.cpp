#include "backend/evm/jsonscalar.h"

#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace countersign {

namespace {

// The largest power of ten that fits 64 bits, and how many digits lie below it.
constexpr quint64 chunkFactor = 10'000'000'000'000'000'000ULL;
constexpr size_t chunkDigits = 19;

struct Magnitude {
    Uint256 value;
    bool negative = false;
};

std::unexpected<Error> bad(const QString &what)
{
    return fail(ErrorKind::Invalid, what, u"json.scalar"_s);
}

std::unexpected<Error> badKind(const QString &needed, JsonView value)
{
    return bad(needed + u" is needed, not "_s + value.kindName());
}

std::string_view textOf(JsonView value)
{
    const QUtf8StringView text = value.text();
    return {reinterpret_cast<const char *>(text.data()), static_cast<size_t>(text.size())};
}

QString shown(std::string_view text)
{
    const QString start = QString::fromUtf8(text.data(), static_cast<qsizetype>(std::min<size_t>(text.size(), 80)));
    return u'"' + start + (text.size() > 80 ? u"…\""_s : u"\""_s);
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

int hexDigit(char c)
{
    if (isDigit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

// Digits only, any number of leading zeros; absent beyond 256 bits.
std::optional<Uint256> fromDecimal(std::string_view digits)
{
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    if (digits.size() > 78)
        return std::nullopt;
    Uint256 value;
    while (!digits.empty()) {
        const std::string_view piece = digits.substr(0, chunkDigits);
        digits.remove_prefix(piece.size());
        quint64 number = 0;
        quint64 factor = 1;
        for (const char c : piece) {
            number = number * 10 + static_cast<quint64>(c - '0');
            factor *= 10;
        }
        const auto scaled = value.checkedMul(Uint256(factor));
        const auto sum = scaled ? scaled->checkedAdd(Uint256(number)) : std::nullopt;
        if (!sum)
            return std::nullopt;
        value = *sum;
    }
    return value;
}

std::optional<Uint256> fromHex(std::string_view digits)
{
    if (digits.empty() || digits.size() > 64)
        return std::nullopt;
    std::array<char, 32> word{};
    size_t at = 64 - digits.size();
    for (const char c : digits) {
        const int nibble = hexDigit(c);
        if (nibble < 0)
            return std::nullopt;
        word[at / 2] = static_cast<char>(word[at / 2] << 4 | nibble);
        ++at;
    }
    return *Uint256::fromBigEndian(QByteArrayView(word.data(), 32));
}

Result<Magnitude> ofString(std::string_view text)
{
    Magnitude number;
    std::string_view digits = text;
    if (digits.starts_with('-')) {
        number.negative = true;
        digits.remove_prefix(1);
    }
    const bool isHex = digits.starts_with("0x");
    if (!isHex && (digits.empty() || !std::ranges::all_of(digits, isDigit)))
        return bad(shown(text) + u" is no integer: decimal digits, or 0x and hexadecimal digits, are needed"_s);
    const auto value = isHex ? fromHex(digits.substr(2)) : fromDecimal(digits);
    if (!value)
        return bad(shown(text) + (isHex ? u" is no integer: 0x needs 1 to 64 hexadecimal digits"_s : u" does not fit 256 bits"_s));
    number.value = *value;
    return number;
}

// A JSON number that is an integer: "5", "5.00", "-1e3", "120e-1". Its syntax was checked by the reader.
Result<Magnitude> ofNumber(std::string_view text)
{
    Magnitude number;
    std::string_view rest = text;
    if (rest.starts_with('-')) {
        number.negative = true;
        rest.remove_prefix(1);
    }
    const size_t letter = rest.find_first_of("eE");
    const std::string_view mantissa = rest.substr(0, letter);
    const size_t point = mantissa.find('.');
    const std::string_view whole = mantissa.substr(0, point);
    const std::string_view fraction = point == std::string_view::npos ? std::string_view() : mantissa.substr(point + 1);
    if (letter == std::string_view::npos && fraction.find_first_not_of('0') == std::string_view::npos) {
        const auto value = fromDecimal(whole);
        if (!value)
            return bad(shown(text) + u" does not fit 256 bits"_s);
        number.value = *value;
        return number;
    }
    std::string digits(whole);
    digits += fraction;
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
    if (digits.empty())
        return number;
    qint64 exponent = -static_cast<qint64>(fraction.size());
    if (letter != std::string_view::npos) {
        std::string_view written = rest.substr(letter + 1);
        const bool down = written.starts_with('-');
        if (down || written.starts_with('+'))
            written.remove_prefix(1);
        qint64 power = 0;
        for (const char c : written)
            power = std::min<qint64>(power * 10 + (c - '0'), 1'000'000'000'000);
        exponent += down ? -power : power;
    }
    const size_t significant = digits.find_last_not_of('0') + 1;
    const auto zeros = static_cast<qint64>(digits.size() - significant);
    if (exponent + zeros < 0)
        return bad(shown(text) + u" is no integer"_s);
    if (static_cast<qint64>(digits.size()) + exponent > 78)
        return bad(shown(text) + u" does not fit 256 bits"_s);
    digits.resize(static_cast<size_t>(static_cast<qint64>(digits.size()) + exponent), '0');
    const auto value = fromDecimal(digits);
    if (!value)
        return bad(shown(text) + u" does not fit 256 bits"_s);
    number.value = *value;
    return number;
}

Result<Magnitude> magnitude(JsonView value)
{
    if (value.isString())
        return ofString(textOf(value));
    if (value.isNumber())
        return ofNumber(textOf(value));
    return badKind(u"an integer"_s, value);
}

} // namespace

Result<Uint256> uintFromJson(JsonView value, int bits)
{
    const auto number = magnitude(value);
    if (!number)
        return std::unexpected(number.error());
    if (number->negative && !number->value.isZero())
        return bad(shown(textOf(value)) + u" is negative"_s);
    if (number->value.bitLength() > bits)
        return bad(shown(textOf(value)) + u" does not fit "_s + QString::number(bits) + u" bits"_s);
    return number->value;
}

Result<Uint256> intFromJson(JsonView value, int bits)
{
    const auto number = magnitude(value);
    if (!number)
        return std::unexpected(number.error());
    if (number->value.isZero())
        return Uint256();
    // The most negative number has one magnitude more than the largest: compare the distance below zero.
    const Uint256 below = *number->value.checkedSub(Uint256(1));
    if ((number->negative ? below : number->value).bitLength() > bits - 1)
        return bad(shown(textOf(value)) + u" does not fit "_s + QString::number(bits) + u" bits with a sign"_s);
    return number->negative ? *Uint256::max().checkedSub(below) : number->value;
}

Result<Bytes> bytesFromJson(JsonView value)
{
    if (!value.isString())
        return badKind(u"a text of 0x and hexadecimal digits"_s, value);
    return bytesFromHex(value.text());
}

Result<Hash32> bytes32FromJson(JsonView value)
{
    const auto bytes = bytesFromJson(value);
    if (!bytes)
        return std::unexpected(bytes.error());
    if (bytes->size() != Hash32::size)
        return bad(u"32 bytes are needed, these are "_s + QString::number(bytes->size()));
    return Hash32::fromDigest(*bytes);
}

Result<Address> accountFromJson(JsonView value)
{
    if (!value.isString())
        return badKind(u"an address"_s, value);
    const std::string_view text = textOf(value);
    const auto bytes = bytesFromHex(value.text());
    if (!bytes || bytes->size() != Address::size)
        return bad(shown(text) + u" is no address: 0x and 40 hexadecimal digits are needed"_s);
    const auto address = *Address::fromBytes(*bytes);
    const bool hasLower = std::ranges::any_of(text.substr(2), [](char c) { return c >= 'a'; });
    const bool hasUpper = std::ranges::any_of(text.substr(2), [](char c) { return c >= 'A' && c <= 'F'; });
    if (hasLower && hasUpper) {
        QByteArray right;
        appendAccount(right, address);
        if (std::string_view(right.constData(), static_cast<size_t>(right.size())) != text)
            return fail(ErrorKind::Invalid,
                        u"The upper and lower case of "_s + shown(text)
                            + u" do not match its checksum (EIP-55): a character is wrong"_s,
                        u"json.checksum"_s);
    }
    return address;
}

void appendDecimal(QByteArray &json, const Uint256 &value)
{
    std::array<quint64, 5> chunks{}; // 5 * 19 digits hold 256 bits
    size_t count = 0;
    Uint256 rest = value;
    while (!rest.toU64() || *rest.toU64() >= chunkFactor) {
        const auto split = rest.divmod(Uint256(chunkFactor));
        chunks[count++] = *split->second.toU64();
        rest = split->first;
    }
    chunks[count] = *rest.toU64();
    std::array<char, 20> text{};
    char *end = std::to_chars(text.data(), text.data() + text.size(), chunks[count]).ptr;
    json.append(text.data(), end - text.data());
    while (count-- > 0) {
        quint64 chunk = chunks[count];
        for (size_t i = chunkDigits; i-- > 0; chunk /= 10)
            text[i] = static_cast<char>('0' + chunk % 10);
        json.append(text.data(), static_cast<qsizetype>(chunkDigits));
    }
}

void appendSignedDecimal(QByteArray &json, const Uint256 &value)
{
    if (!value.bit(255)) {
        appendDecimal(json, value);
        return;
    }
    json += '-';
    appendDecimal(json, *Uint256::max().checkedSub(value)->checkedAdd(Uint256(1))); // -x == (max - x) + 1
}

void appendAccount(QByteArray &json, const Address &address)
{
    const qsizetype start = json.size() + 2;
    appendHex(json, address.view());
    const Hash32 hash = keccak256(QByteArrayView(json).sliced(start));
    char *const digits = json.data() + start;
    for (size_t i = 0; i < 40; ++i) {
        const quint8 byte = hash.array()[i / 2];
        const int nibble = i % 2 == 0 ? byte >> 4 : byte & 15;
        if (nibble >= 8 && digits[i] >= 'a')
            digits[i] = static_cast<char>(digits[i] - 'a' + 'A');
    }
}

} // namespace countersign
