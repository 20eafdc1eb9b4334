#include "backend/evm/abierror.h"

#include "backend/evm/abitextparser.h"

namespace countersign {

AbiErrorDefinition::AbiErrorDefinition(QString name, std::vector<AbiParameter> inputs)
    : m_name(std::move(name))
    , m_inputs(std::move(inputs))
    , m_selector(Selector::ofSignature(signature()))
{
}

Result<AbiErrorDefinition> AbiErrorDefinition::parse(QStringView text)
{
    AbiTextParser parser(text);
    parser.takeWord(u"error");
    const QString name = parser.identifier();
    if (name.isEmpty())
        return parser.failHere(u"expected an error's name"_s);
    auto inputs = parser.parameters();
    if (!inputs)
        return std::unexpected(inputs.error());
    if (!parser.atEnd())
        return parser.failHere(u"unexpected text after the error"_s);
    return AbiErrorDefinition(name, *std::move(inputs));
}

QString AbiErrorDefinition::signature() const
{
    return m_name + canonicalList(m_inputs);
}

Result<Bytes> AbiErrorDefinition::encode(std::span<const AbiValue> arguments) const
{
    auto encoded = abiEncode(m_inputs, arguments);
    if (!encoded)
        return encoded;
    return m_selector.bytes() + *encoded;
}

Result<std::vector<AbiValue>> AbiErrorDefinition::decode(QByteArrayView revertData) const
{
    const auto arguments = m_selector.behind(revertData);
    if (!arguments)
        return std::unexpected(arguments.error());
    return abiDecodeStrict(m_inputs, *arguments);
}

Result<AbiLenient> AbiErrorDefinition::decodeLenient(QByteArrayView revertData) const
{
    const auto arguments = m_selector.behind(revertData);
    if (!arguments)
        return std::unexpected(arguments.error());
    return abiDecodeLenient(m_inputs, *arguments);
}

} // namespace countersign
