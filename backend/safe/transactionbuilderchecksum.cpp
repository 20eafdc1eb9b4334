#include "backend/safe/transactionbuilderchecksum.h"

#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace countersign {

namespace {

// ECMA-262, QuoteJSONString. Ours are never lone surrogates.
void appendString(QByteArray &out, QUtf8StringView text)
{
    out += '"';
    for (const char c : QByteArrayView(text.data(), text.size())) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\f':
            out += "\\f";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (static_cast<quint8>(c) < 0x20) {
                constexpr auto digits = "0123456789abcdef";
                out += "\\u00";
                out += digits[c >> 4];
                out += digits[c & 15];
            } else {
                out += c;
            }
        }
    }
    out += '"';
}

// ECMA-262, Number::toString: the file went through a JavaScript number, and so must what is hashed.
void appendNumber(QByteArray &out, QUtf8StringView text)
{
    double value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec == std::errc::result_out_of_range) {
        // libstdc++ leaves the value alone; a huge number becomes Infinity, which JSON writes as null, a tiny one zero.
        const QByteArrayView all(text.data(), text.size());
        const qsizetype exponent = all.indexOf('e') < 0 ? all.indexOf('E') : all.indexOf('e');
        const bool tiny = exponent >= 0 && all.size() > exponent + 1 && all[exponent + 1] == '-';
        out += tiny ? "0" : "null";
        return;
    }
    if (value == 0) {
        out += '0';
        return;
    }
    if (value < 0)
        out += '-';
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(value), std::chars_format::scientific).ptr;
    const QByteArrayView shortest(buffer.data(), end - buffer.data());
    const qsizetype e = shortest.indexOf('e');
    QByteArray digits = shortest.first(e).toByteArray();
    digits.replace(".", "");
    const qsizetype count = digits.size();
    const qsizetype point = shortest.sliced(e + 1).toInt() + 1; // the number is 0.digits * 10^point
    if (count <= point && point <= 21) {
        out += digits + QByteArray(point - count, '0');
    } else if (point > 0 && point <= 21) {
        out += digits.first(point) + '.' + digits.sliced(point);
    } else if (point > -6 && point <= 0) {
        out += "0." + QByteArray(-point, '0') + digits;
    } else {
        out += digits.first(1);
        if (count > 1)
            out += '.' + digits.sliced(1);
        out += point - 1 < 0 ? "e-" : "e+";
        out += QByteArray::number(std::abs(point - 1));
    }
}

// The members of meta are hashed differently from all others.
enum class Place { File, Meta, Inside };

struct Member {
    QString name;
    std::optional<JsonView> value; // absent: null
};

void append(QByteArray &out, JsonView value, Place place);

void appendObject(QByteArray &out, std::vector<Member> members, Place place)
{
    // JavaScript sorts names by UTF-16 code units, as QString does.
    std::ranges::sort(members, {}, &Member::name);
    out += "{[";
    for (size_t i = 0; i < members.size(); ++i) {
        if (i > 0)
            out += ',';
        appendString(out, members[i].name.toUtf8());
    }
    out += ']';
    for (const Member &member : members) {
        if (member.value)
            append(out, *member.value, place == Place::File && member.name == u"meta" ? Place::Meta : Place::Inside);
        else
            out += "null";
        out += ',';
    }
    out += '}';
}

void append(QByteArray &out, JsonView value, Place place)
{
    switch (value.kind()) {
    case JsonView::Kind::Null:
        out += "null";
        break;
    case JsonView::Kind::Bool:
        out += value.toBool() ? "true" : "false";
        break;
    case JsonView::Kind::Number:
        appendNumber(out, value.text());
        break;
    case JsonView::Kind::String:
        appendString(out, value.text());
        break;
    case JsonView::Kind::Array: {
        out += '[';
        bool first = true;
        for (const JsonView element : value) {
            if (!first)
                out += ',';
            first = false;
            append(out, element, Place::Inside);
        }
        out += ']';
        break;
    }
    case JsonView::Kind::Object: {
        std::vector<Member> members;
        for (const JsonView member : value) {
            const QString name = member.key().toString();
            if (place == Place::Meta && (name == u"checksum" || name == u"name"))
                continue;
            members.push_back({.name = name, .value = member});
        }
        if (place == Place::Meta)
            members.push_back({.name = u"name"_s, .value = std::nullopt});
        appendObject(out, std::move(members), place);
        break;
    }
    }
}

} // namespace

QByteArray transactionBuilderSerialization(JsonView file)
{
    QByteArray out;
    append(out, file, Place::File);
    return out;
}

Hash32 transactionBuilderChecksum(JsonView file)
{
    return keccak256(transactionBuilderSerialization(file));
}

} // namespace countersign
