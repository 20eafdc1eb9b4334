#include "backend/evm/abitypes.h"

#include "backend/evm/abitextparser.h"

#include <algorithm>

namespace countersign {

AbiType::AbiType(AbiKind kind, qsizetype size)
    : m_kind(kind)
    , m_dynamic(kind == AbiKind::Bytes || kind == AbiKind::String || kind == AbiKind::Array)
    , m_size(size)
{
}

bool operator==(const AbiType &a, const AbiType &b)
{
    const auto sameType = [](const AbiParameter &x, const AbiParameter &y) { return x.type == y.type; };
    return a.m_kind == b.m_kind && a.m_size == b.m_size && std::ranges::equal(a.m_children, b.m_children, sameType);
}

Result<AbiType> AbiType::makeUint(int bits)
{
    if (bits < 8 || bits > 256 || bits % 8 != 0)
        return fail(ErrorKind::Invalid, u"an integer has 8 to 256 bits in steps of 8"_s);
    return AbiType(AbiKind::Uint, bits);
}

Result<AbiType> AbiType::makeInt(int bits)
{
    auto type = makeUint(bits);
    if (type)
        type->m_kind = AbiKind::Int;
    return type;
}

Result<AbiType> AbiType::makeFixedBytes(int length)
{
    if (length < 1 || length > 32)
        return fail(ErrorKind::Invalid, u"fixed bytes are bytes1 to bytes32"_s);
    return AbiType(AbiKind::FixedBytes, length);
}

AbiType AbiType::makeBool()
{
    return AbiType(AbiKind::Bool, 0);
}

AbiType AbiType::makeAddress()
{
    return AbiType(AbiKind::Address, 0);
}

AbiType AbiType::makeFunction()
{
    return AbiType(AbiKind::Function, 24);
}

AbiType AbiType::makeBytes()
{
    return AbiType(AbiKind::Bytes, 0);
}

AbiType AbiType::makeString()
{
    return AbiType(AbiKind::String, 0);
}

Result<AbiType> AbiType::makeArray(AbiType element)
{
    if (element.m_depth >= maxDepth)
        return fail(ErrorKind::Invalid, u"types nested too deep"_s);
    AbiType type(AbiKind::Array, 0);
    type.m_depth = element.m_depth + 1;
    type.m_children.push_back({.name = {}, .type = std::move(element)});
    return type;
}

Result<AbiType> AbiType::makeFixedArray(AbiType element, qsizetype length)
{
    if (element.m_depth >= maxDepth)
        return fail(ErrorKind::Invalid, u"types nested too deep"_s);
    if (length < 1)
        return fail(ErrorKind::Invalid, u"an array of fixed length has at least one element"_s);
    if (length > maxHeadSize / element.m_headSize)
        return fail(ErrorKind::Invalid, u"array of fixed length too large"_s);
    AbiType type(AbiKind::FixedArray, length);
    type.m_dynamic = element.m_dynamic;
    type.m_headSize = element.m_dynamic ? 32 : length * element.m_headSize;
    type.m_depth = element.m_depth + 1;
    type.m_children.push_back({.name = {}, .type = std::move(element)});
    return type;
}

Result<AbiType> AbiType::makeTuple(std::vector<AbiParameter> components)
{
    if (components.empty())
        return fail(ErrorKind::Invalid, u"a tuple has at least one component"_s);
    AbiType type(AbiKind::Tuple, static_cast<qsizetype>(components.size()));
    qsizetype head = 0;
    for (const AbiParameter &component : components) {
        type.m_dynamic = type.m_dynamic || component.type.m_dynamic;
        type.m_depth = std::max(type.m_depth, component.type.m_depth + 1);
        head += component.type.m_headSize;
        if (head > maxHeadSize)
            return fail(ErrorKind::Invalid, u"tuple too large"_s);
    }
    if (type.m_depth > maxDepth)
        return fail(ErrorKind::Invalid, u"types nested too deep"_s);
    type.m_headSize = type.m_dynamic ? 32 : head;
    type.m_children = std::move(components);
    return type;
}

qsizetype AbiType::length() const
{
    const bool counted = m_kind == AbiKind::FixedBytes || m_kind == AbiKind::Function || m_kind == AbiKind::FixedArray
        || m_kind == AbiKind::Tuple;
    return counted ? m_size : 0;
}

const AbiType &AbiType::element() const
{
    Q_ASSERT(m_kind == AbiKind::Array || m_kind == AbiKind::FixedArray);
    return m_children.front().type;
}

const std::vector<AbiParameter> &AbiType::components() const
{
    static const std::vector<AbiParameter> none;
    return m_kind == AbiKind::Tuple ? m_children : none;
}

QString AbiType::canonical() const
{
    switch (m_kind) {
    case AbiKind::Uint:
        return u"uint"_s + QString::number(m_size);
    case AbiKind::Int:
        return u"int"_s + QString::number(m_size);
    case AbiKind::Bool:
        return u"bool"_s;
    case AbiKind::Address:
        return u"address"_s;
    case AbiKind::FixedBytes:
        return u"bytes"_s + QString::number(m_size);
    case AbiKind::Function:
        return u"function"_s;
    case AbiKind::Bytes:
        return u"bytes"_s;
    case AbiKind::String:
        return u"string"_s;
    case AbiKind::Array:
        return element().canonical() + u"[]"_s;
    case AbiKind::FixedArray:
        return element().canonical() + u'[' + QString::number(m_size) + u']';
    case AbiKind::Tuple:
        return canonicalList(m_children);
    }
    return {};
}

QString canonicalList(const std::vector<AbiParameter> &parameters)
{
    QString text = u"("_s;
    for (const AbiParameter &parameter : parameters) {
        if (text.size() > 1)
            text += u',';
        text += parameter.type.canonical();
    }
    text += u')';
    return text;
}

Result<AbiType> AbiType::parse(QStringView text)
{
    AbiTextParser parser(text);
    auto type = parser.type();
    if (type && !parser.atEnd())
        return parser.failHere(u"unexpected text after the type"_s);
    return type;
}

Result<std::vector<AbiParameter>> parseParameterList(QStringView text)
{
    AbiTextParser parser(text);
    auto parameters = parser.parameters();
    if (parameters && !parser.atEnd())
        return parser.failHere(u"unexpected text after the list"_s);
    return parameters;
}

} // namespace countersign
