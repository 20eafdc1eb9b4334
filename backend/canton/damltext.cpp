#include "backend/canton/damltext.h"

#include "backend/rpc/protowire.h"

#include <array>
#include <charconv>

namespace countersign {

namespace {

// Field numbers of com.daml.ledger.api.v2.Value.
enum DamlSum : int {
    Unit = 1,
    Bool = 2,
    Int64 = 3,
    Date = 4,
    TimestampMicros = 5,
    Numeric = 6,
    Party = 7,
    Text = 8,
    ContractId = 9,
    Optional = damlOptional,
    List = 11,
    TextMap = 12,
    GenMap = 13,
    Record = damlRecord,
    Variant = 15,
    Enum = 16,
};

void appendNumber(qint64 number, QByteArray &out)
{
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end - digits.data());
}

void appendJsonString(QByteArrayView text, QByteArray &out)
{
    static constexpr char hex[] = "0123456789abcdef";
    out.append('"');
    for (const char c : text) {
        const auto byte = static_cast<uchar>(c);
        if (c == '"' || c == '\\') {
            out.append('\\');
            out.append(c);
        } else if (byte < 0x20) {
            out.append("\\u00");
            out.append(hex[byte >> 4]);
            out.append(hex[byte & 15]);
        } else {
            out.append(c);
        }
    }
    out.append('"');
}

// The scalar's own text; false when the kind is no scalar.
bool appendScalar(int kind, QByteArrayView content, quint64 number, QByteArray &out)
{
    switch (kind) {
    case 0:
    case Unit:
        return true;
    case Bool:
        out.append(number != 0 ? "true" : "false");
        return true;
    case Int64:
        appendNumber(static_cast<qint64>(number >> 1) ^ -static_cast<qint64>(number & 1), out);
        return true;
    case Date:
        appendNumber(static_cast<qint32>(static_cast<quint32>(number)), out);
        return true;
    case TimestampMicros:
        appendNumber(static_cast<qint64>(number), out);
        return true;
    case Numeric:
    case Party:
    case Text:
    case ContractId:
        out.append(content);
        return true;
    default:
        return false;
    }
}

// The last bytes field of this number; an empty view when there is none. False: malformed.
bool bytesField(QByteArrayView message, quint32 field, QByteArrayView &out)
{
    ProtoWire wire(message);
    while (wire.next()) {
        if (wire.field() == field && wire.isBytes())
            out = wire.bytes();
    }
    return wire.ok();
}

bool appendJson(QByteArrayView encodedValue, QByteArray &out, int depth);

// "key":value of a map entry or a record field, whose key is field 1 and whose value is field 2.
bool appendMember(QByteArrayView message, QByteArray &out, int depth)
{
    QByteArrayView key;
    QByteArrayView value;
    if (!bytesField(message, 1, key) || !bytesField(message, 2, value))
        return false;
    appendJsonString(key, out);
    out.append(':');
    return appendJson(value, out, depth);
}

bool appendPair(QByteArrayView message, QByteArray &out, int depth)
{
    QByteArrayView key;
    QByteArrayView value;
    if (!bytesField(message, 1, key) || !bytesField(message, 2, value))
        return false;
    out.append('[');
    if (!appendJson(key, out, depth))
        return false;
    out.append(',');
    if (!appendJson(value, out, depth))
        return false;
    out.append(']');
    return true;
}

// The repeated field of a message between brackets.
template <class Append>
bool appendRepeated(
    QByteArrayView message, quint32 field, char open, char close, QByteArray &out, int depth, Append append)
{
    out.append(open);
    bool first = true;
    ProtoWire wire(message);
    while (wire.next()) {
        if (wire.field() != field || !wire.isBytes())
            continue;
        if (!first)
            out.append(',');
        first = false;
        if (!append(wire.bytes(), out, depth))
            return false;
    }
    out.append(close);
    return wire.ok();
}

bool appendStructure(int kind, QByteArrayView content, QByteArray &out, int depth)
{
    switch (kind) {
    case Optional: {
        QByteArrayView value;
        bool present = false;
        ProtoWire wire(content);
        while (wire.next()) {
            if (wire.field() == 1 && wire.isBytes()) {
                value = wire.bytes();
                present = true;
            }
        }
        if (!wire.ok())
            return false;
        if (!present) {
            out.append("null");
            return true;
        }
        return appendJson(value, out, depth + 1);
    }
    case List:
        return appendRepeated(content, 1, '[', ']', out, depth + 1, appendJson);
    case TextMap:
        return appendRepeated(content, 1, '{', '}', out, depth + 1, appendMember);
    case GenMap:
        return appendRepeated(content, 1, '[', ']', out, depth + 1, appendPair);
    case Record:
        return appendRepeated(content, 2, '{', '}', out, depth + 1, appendMember);
    case Variant: {
        QByteArrayView constructor;
        QByteArrayView value;
        if (!bytesField(content, 2, constructor) || !bytesField(content, 3, value))
            return false;
        out.append('{');
        appendJsonString(constructor, out);
        out.append(':');
        if (!appendJson(value, out, depth + 1))
            return false;
        out.append('}');
        return true;
    }
    default:
        return false;
    }
}

bool appendJson(QByteArrayView encodedValue, QByteArray &out, int depth)
{
    if (depth > damlDepthLimit)
        return false;
    QByteArrayView content;
    quint64 number = 0;
    const int kind = openDamlValue(encodedValue, content, number);
    if (kind == 0 || kind == Unit) {
        out.append("null");
        return true;
    }
    if (kind == Numeric || kind == Party || kind == Text || kind == ContractId) {
        appendJsonString(content, out);
        return true;
    }
    if (kind == Enum) {
        QByteArrayView constructor;
        if (!bytesField(content, 2, constructor))
            return false;
        appendJsonString(constructor, out);
        return true;
    }
    if (kind >= Bool && kind <= TimestampMicros) {
        out.append('"');
        appendScalar(kind, content, number, out);
        out.append('"');
        return true;
    }
    return appendStructure(kind, content, out, depth);
}

} // namespace

int openDamlValue(QByteArrayView encodedValue, QByteArrayView &content, quint64 &number)
{
    int kind = 0;
    ProtoWire wire(encodedValue);
    while (wire.next()) {
        const auto field = static_cast<int>(wire.field());
        if (field < Unit || field > Enum)
            continue;
        const bool isVarint = field == Bool || field == Int64 || field == Date;
        const bool fits = isVarint ? wire.isNumber() : field == TimestampMicros ? wire.isFixed64() : wire.isBytes();
        if (!fits)
            continue; // protobuf treats a known number of another wire type as unknown
        kind = field;
        content = wire.isBytes() ? wire.bytes() : QByteArrayView();
        number = wire.isBytes() ? 0 : wire.number();
    }
    return wire.ok() ? kind : -1;
}

bool appendDamlScalarOrJson(QByteArrayView encodedValue, QByteArray &out, int depth)
{
    if (depth > damlDepthLimit)
        return false;
    QByteArrayView content;
    quint64 number = 0;
    const int kind = openDamlValue(encodedValue, content, number);
    if (kind < 0)
        return false;
    if (appendScalar(kind, content, number, out))
        return true;
    if (kind == Enum) {
        QByteArrayView constructor;
        if (!bytesField(content, 2, constructor))
            return false;
        out.append(constructor);
        return true;
    }
    return appendStructure(kind, content, out, depth);
}

} // namespace countersign
