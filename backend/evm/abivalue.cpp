#include "backend/evm/abivalue.h"

namespace countersign {

namespace {

QString signedText(const Uint256 &value)
{
    if (!value.bit(255))
        return value.toDecimal();
    // -x == ~x + 1, and ~x == max - x
    const Uint256 inverted = *Uint256::max().checkedSub(value);
    return u'-' + inverted.checkedAdd(1)->toDecimal();
}

QString quoted(const QString &text)
{
    QString result = u"\""_s;
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\')
            result += u'\\';
        if (c.isPrint() || c.isSurrogate())
            result += c;
        else
            result += u"\\u"_s + QString::number(c.unicode(), 16).rightJustified(4, u'0');
    }
    result += u'"';
    return result;
}

QString listText(const AbiType &type, const AbiValue::List &list)
{
    const bool isTuple = type.kind() == AbiKind::Tuple;
    QString text = isTuple ? u"("_s : u"["_s;
    for (size_t i = 0; i < list.size(); ++i) {
        if (i > 0)
            text += u", "_s;
        if (!isTuple) {
            text += abiToText(type.element(), list[i]);
        } else if (i < type.components().size()) {
            const AbiParameter &component = type.components()[i];
            if (!component.name.isEmpty())
                text += component.name + u": "_s;
            text += abiToText(component.type, list[i]);
        }
    }
    text += isTuple ? u')' : u']';
    return text;
}

} // namespace

AbiValue AbiValue::ofSigned(qint64 value)
{
    if (value >= 0)
        return Uint256(static_cast<quint64>(value));
    const quint64 below = static_cast<quint64>(-(value + 1)); // -1 -> 0: the distance from the maximum
    return *Uint256::max().checkedSub(below);
}

QString abiToText(const AbiType &type, const AbiValue &value)
{
    if (const auto *number = value.get<Uint256>())
        return type.kind() == AbiKind::Int ? signedText(*number) : number->toDecimal();
    if (const auto *flag = value.get<bool>())
        return *flag ? u"true"_s : u"false"_s;
    if (const auto *address = value.get<Address>())
        return address->toString();
    if (const auto *bytes = value.get<Bytes>())
        return toHex(*bytes);
    if (const auto *text = value.get<QString>())
        return quoted(*text);
    const auto *list = value.get<AbiValue::List>();
    const bool holdsList = type.kind() == AbiKind::Tuple || type.kind() == AbiKind::Array || type.kind() == AbiKind::FixedArray;
    return list && holdsList ? listText(type, *list) : QString();
}

} // namespace countersign
