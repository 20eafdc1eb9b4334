#include "backend/safe/transactionbuildervalue.h"

#include "backend/types/json.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

std::unexpected<Error> bad(const AbiType &type, QStringView text, const QString &why = {})
{
    return fail(ErrorKind::Invalid,
                u"\"%1\" is no %2%3"_s.arg(text.first(qMin(text.size(), qsizetype(80))), type.canonical(), why.isEmpty() ? u"."_s : u": "_s + why),
                u"txbuilder.value"_s);
}

Result<AbiValue> integer(const AbiType &type, QStringView text)
{
    const bool negative = text.startsWith(u'-');
    const auto magnitude = Uint256::parse(negative ? text.sliced(1) : text);
    if (!magnitude)
        return bad(type, text, magnitude.error().message);
    const int bits = type.bits();
    if (type.kind() == AbiKind::Uint) {
        if (negative || magnitude->bitLength() > bits)
            return bad(type, text, u"it does not fit."_s);
        return *magnitude;
    }
    // Two's complement: -2^(bits-1) is the one value whose magnitude has all the bits.
    const Uint256 half = Uint256(1).shiftedLeft(bits - 1);
    if (negative ? *magnitude > half : *magnitude >= half)
        return bad(type, text, u"it does not fit."_s);
    if (!negative || magnitude->isZero())
        return *magnitude;
    return *Uint256::max().checkedSub(*magnitude->checkedSub(Uint256(1)));
}

Result<AbiValue> elementary(const AbiType &type, QStringView text)
{
    switch (type.kind()) {
    case AbiKind::Uint:
    case AbiKind::Int:
        return integer(type, text);
    case AbiKind::Bool:
        if (text.compare(u"true", Qt::CaseInsensitive) == 0 || text == u"1")
            return true;
        if (text.compare(u"false", Qt::CaseInsensitive) == 0 || text == u"0")
            return false;
        return bad(type, text);
    case AbiKind::Address: {
        const auto address = Address::parse(text);
        if (!address)
            return bad(type, text, address.error().message);
        return *address;
    }
    case AbiKind::FixedBytes:
    case AbiKind::Function:
    case AbiKind::Bytes: {
        auto bytes = bytesFromHex(text);
        if (!bytes)
            return bad(type, text, bytes.error().message);
        const qsizetype exact = type.kind() == AbiKind::FixedBytes ? type.length() : type.kind() == AbiKind::Function ? 24 : bytes->size();
        if (bytes->size() != exact)
            return bad(type, text, u"it has %1 bytes."_s.arg(bytes->size()));
        return *std::move(bytes);
    }
    default:
        return bad(type, text);
    }
}

bool isList(const AbiType &type)
{
    return type.kind() == AbiKind::Array || type.kind() == AbiKind::FixedArray || type.kind() == AbiKind::Tuple;
}

// The type of the n-th thing in a list; null when the list is full.
const AbiType *partOf(const AbiType &type, size_t index)
{
    switch (type.kind()) {
    case AbiKind::Array:
        return &type.element();
    case AbiKind::FixedArray:
        return static_cast<qsizetype>(index) < type.length() ? &type.element() : nullptr;
    default:
        return index < type.components().size() ? &type.components()[index].type : nullptr;
    }
}

bool isWhole(const AbiType &type, size_t count)
{
    return type.kind() == AbiKind::Array || static_cast<qsizetype>(count) == type.length();
}

// The depth of the recursion is that of the type, which is limited.
Result<AbiValue> fromJson(const AbiType &type, JsonView json)
{
    if (!isList(type)) {
        if (type.kind() == AbiKind::String)
            return json.isString() ? Result<AbiValue>(json.toString()) : bad(type, json.toString());
        if (type.kind() == AbiKind::Bool && json.kind() == JsonView::Kind::Bool)
            return json.toBool();
        return elementary(type, json.toString());
    }
    AbiValue::List list;
    if (json.isObject() && type.kind() == AbiKind::Tuple) {
        for (const AbiParameter &component : type.components()) {
            const auto member = json.find(component.name.toUtf8());
            if (component.name.isEmpty() || !member)
                return bad(type, component.name, u"this part of the tuple is missing."_s);
            auto value = fromJson(component.type, *member);
            if (!value)
                return value;
            list.push_back(*std::move(value));
        }
        if (json.size() != type.length())
            return bad(type, {}, u"the tuple has parts that the type does not name."_s);
        return list;
    }
    if (!json.isArray())
        return bad(type, json.toString(), u"a list in brackets is expected."_s);
    for (const JsonView element : json) {
        const AbiType *part = partOf(type, list.size());
        if (!part)
            return bad(type, {}, u"the list is too long."_s);
        auto value = fromJson(*part, element);
        if (!value)
            return value;
        list.push_back(*std::move(value));
    }
    if (!isWhole(type, list.size()))
        return bad(type, {}, u"the list is too short."_s);
    return list;
}

// "[0xab…, 0xcd…]": words without quotes, which JSON does not know. Text is never taken so: where it ends is a guess.
class BareList final {
public:
    explicit BareList(QStringView text)
        : m_text(text)
    {
    }

    Result<AbiValue> read(const AbiType &type)
    {
        auto value = readOne(type);
        skipSpaces();
        if (value && m_at != m_text.size())
            return bad(type, m_text, u"something follows behind the list."_s);
        return value;
    }

private:
    void skipSpaces()
    {
        while (m_at < m_text.size() && m_text[m_at].isSpace())
            ++m_at;
    }
    bool take(QChar c)
    {
        skipSpaces();
        if (m_at == m_text.size() || m_text[m_at] != c)
            return false;
        ++m_at;
        return true;
    }

    Result<AbiValue> readOne(const AbiType &type)
    {
        if (!isList(type))
            return readWord(type);
        if (!take(u'['))
            return bad(type, m_text, u"a list in brackets is expected."_s);
        AbiValue::List list;
        if (!take(u']')) {
            do {
                const AbiType *part = partOf(type, list.size());
                if (!part)
                    return bad(type, m_text, u"the list is too long."_s);
                auto value = readOne(*part);
                if (!value)
                    return value;
                list.push_back(*std::move(value));
            } while (take(u','));
            if (!take(u']'))
                return bad(type, m_text, u"the list does not end."_s);
        }
        if (!isWhole(type, list.size()))
            return bad(type, m_text, u"the list is too short."_s);
        return list;
    }

    Result<AbiValue> readWord(const AbiType &type)
    {
        skipSpaces();
        const qsizetype begin = m_at;
        while (m_at < m_text.size() && m_text[m_at] != u',' && m_text[m_at] != u']')
            ++m_at;
        QStringView word = m_text.sliced(begin, m_at - begin).trimmed();
        if (word.size() >= 2 && word.startsWith(u'"') && word.endsWith(u'"'))
            word = word.sliced(1, word.size() - 2);
        return elementary(type, word);
    }

    QStringView m_text;
    qsizetype m_at = 0;
};

} // namespace

Result<AbiValue> parseBuilderValue(const AbiType &type, QStringView text)
{
    if (type.kind() == AbiKind::String)
        return text.toString();
    const QStringView trimmed = text.trimmed();
    if (!isList(type))
        return elementary(type, trimmed);
    const auto json = JsonText::parse(trimmed.toUtf8());
    return json ? fromJson(type, json->root()) : BareList(trimmed).read(type);
}

} // namespace countersign
