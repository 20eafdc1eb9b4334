#include "backend/evm/abitextparser.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

bool isIdentifierStart(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'_' || c == u'$';
}

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

// "256" of "uint256": digits without a leading zero; -1 when it is no such number.
int widthOf(QStringView digits)
{
    if (digits.isEmpty() || digits.size() > 3 || digits.front() == u'0')
        return -1;
    int width = 0;
    for (const QChar c : digits) {
        if (!isDigit(c))
            return -1;
        width = width * 10 + (c.unicode() - u'0');
    }
    return width;
}

} // namespace

std::unexpected<Error> AbiTextParser::failHere(const QString &what) const
{
    return fail(ErrorKind::Invalid, what + u" at character "_s + QString::number(m_at + 1),
                u"abi.text: "_s + m_text.left(200).toString());
}

void AbiTextParser::skipSpaces()
{
    while (m_at < m_text.size() && (m_text[m_at] == u' ' || m_text[m_at] == u'\t' || m_text[m_at] == u'\n'))
        ++m_at;
}

bool AbiTextParser::atEnd()
{
    skipSpaces();
    return m_at == m_text.size();
}

bool AbiTextParser::take(QChar symbol)
{
    skipSpaces();
    if (m_at == m_text.size() || m_text[m_at] != symbol)
        return false;
    ++m_at;
    return true;
}

QStringView AbiTextParser::word()
{
    skipSpaces();
    const qsizetype start = m_at;
    if (m_at < m_text.size() && isIdentifierStart(m_text[m_at])) {
        while (m_at < m_text.size() && (isIdentifierStart(m_text[m_at]) || isDigit(m_text[m_at])))
            ++m_at;
    }
    return m_text.sliced(start, m_at - start);
}

bool AbiTextParser::isIdentifier(QStringView text)
{
    AbiTextParser parser(text);
    return !text.isEmpty() && parser.word().size() == text.size();
}

bool AbiTextParser::takeWord(QStringView wanted)
{
    const qsizetype before = m_at;
    if (word() == wanted)
        return true;
    m_at = before;
    return false;
}

Result<qsizetype> AbiTextParser::number(qsizetype most)
{
    if (m_at == m_text.size() || !isDigit(m_text[m_at]) || m_text[m_at] == u'0')
        return failHere(u"expected an array length from 1"_s);
    qsizetype value = 0;
    while (m_at < m_text.size() && isDigit(m_text[m_at])) {
        value = value * 10 + (m_text[m_at].unicode() - u'0');
        if (value > most)
            return failHere(u"array length above "_s + QString::number(most));
        ++m_at;
    }
    return value;
}

std::optional<AbiType> AbiTextParser::named(QStringView name)
{
    if (name == u"bool")
        return AbiType::makeBool();
    if (name == u"address")
        return AbiType::makeAddress();
    if (name == u"string")
        return AbiType::makeString();
    if (name == u"bytes")
        return AbiType::makeBytes();
    if (name == u"function")
        return AbiType::makeFunction();
    const auto ifAny = [](Result<AbiType> type) { return type ? std::optional(*std::move(type)) : std::nullopt; };
    if (name.startsWith(u"uint"))
        return ifAny(AbiType::makeUint(name.size() == 4 ? 256 : widthOf(name.sliced(4))));
    if (name.startsWith(u"int"))
        return ifAny(AbiType::makeInt(name.size() == 3 ? 256 : widthOf(name.sliced(3))));
    if (name.startsWith(u"bytes"))
        return ifAny(AbiType::makeFixedBytes(widthOf(name.sliced(5))));
    return std::nullopt;
}

Result<AbiType> AbiTextParser::baseType()
{
    const qsizetype start = m_at;
    const QStringView name = word();
    auto type = named(name);
    if (!type) {
        m_at = start;
        return failHere(name.isEmpty() ? u"expected a type"_s : u"unknown type "_s + name.toString());
    }
    return *std::move(type);
}

Result<AbiType> AbiTextParser::typeAt(int depth)
{
    if (depth > AbiType::maxDepth)
        return failHere(u"types nested too deep"_s);
    skipSpaces();
    Result<AbiType> type = fail(ErrorKind::Invalid, {});
    const bool isTuple = m_at < m_text.size() && (m_text[m_at] == u'(' || takeWord(u"tuple"));
    if (isTuple) {
        auto components = parametersAt(depth + 1);
        if (!components)
            return std::unexpected(components.error());
        type = AbiType::makeTuple(*std::move(components));
    } else {
        type = baseType();
    }
    while (type && m_at < m_text.size() && m_text[m_at] == u'[') {
        ++m_at;
        if (m_at < m_text.size() && m_text[m_at] == u']') {
            type = AbiType::makeArray(*std::move(type));
        } else {
            const auto length = number(AbiType::maxHeadSize / 32);
            if (!length)
                return std::unexpected(length.error());
            type = AbiType::makeFixedArray(*std::move(type), *length);
        }
        if (m_at == m_text.size() || m_text[m_at] != u']')
            return failHere(u"expected ]"_s);
        ++m_at;
    }
    if (!type && type.error().detail.isEmpty())
        return failHere(type.error().message);
    return type;
}

Result<AbiType> AbiTextParser::type()
{
    if (m_text.size() > AbiType::maxTextLength)
        return failHere(u"text too long"_s);
    return typeAt(0);
}

Result<std::vector<AbiParameter>> AbiTextParser::parametersAt(int depth)
{
    if (!take(u'('))
        return failHere(u"expected ("_s);
    std::vector<AbiParameter> parameters;
    if (take(u')'))
        return parameters;
    do {
        auto type = typeAt(depth);
        if (!type)
            return std::unexpected(type.error());
        AbiParameter parameter{.name = {}, .type = *std::move(type)};
        for (;;) {
            if (takeWord(u"indexed"))
                parameter.indexed = true;
            else if (!takeWord(u"memory") && !takeWord(u"calldata") && !takeWord(u"storage") && !takeWord(u"payable"))
                break;
        }
        parameter.name = identifier();
        parameters.push_back(std::move(parameter));
    } while (take(u','));
    if (!take(u')'))
        return failHere(u"expected , or )"_s);
    return parameters;
}

Result<std::vector<AbiParameter>> AbiTextParser::parameters()
{
    if (m_text.size() > AbiType::maxTextLength)
        return failHere(u"text too long"_s);
    return parametersAt(0);
}

} // namespace countersign
