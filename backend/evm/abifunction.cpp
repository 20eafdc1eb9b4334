#include "backend/evm/abifunction.h"

#include "backend/evm/abitextparser.h"

namespace countersign {

AbiFunction::AbiFunction(QString name, std::vector<AbiParameter> inputs, std::vector<AbiParameter> outputs, StateMutability mutability)
    : m_name(std::move(name))
    , m_inputs(std::move(inputs))
    , m_outputs(std::move(outputs))
    , m_mutability(mutability)
    , m_selector(Selector::ofSignature(signature()))
{
}

Result<AbiFunction> AbiFunction::parse(QStringView text)
{
    AbiTextParser parser(text);
    parser.takeWord(u"function");
    const QString name = parser.identifier();
    if (name.isEmpty())
        return parser.failHere(u"expected a function's name"_s);
    auto inputs = parser.parameters();
    if (!inputs)
        return std::unexpected(inputs.error());
    auto mutability = StateMutability::NonPayable;
    std::vector<AbiParameter> outputs;
    for (;;) {
        if (parser.takeWord(u"view")) {
            mutability = StateMutability::View;
        } else if (parser.takeWord(u"pure")) {
            mutability = StateMutability::Pure;
        } else if (parser.takeWord(u"payable")) {
            mutability = StateMutability::Payable;
        } else if (parser.takeWord(u"returns")) {
            auto list = parser.parameters();
            if (!list)
                return std::unexpected(list.error());
            outputs = *std::move(list);
        } else if (!parser.takeWord(u"external") && !parser.takeWord(u"public") && !parser.takeWord(u"nonpayable")) {
            break;
        }
    }
    if (!parser.atEnd())
        return parser.failHere(u"unexpected text after the function"_s);
    return AbiFunction(name, *std::move(inputs), std::move(outputs), mutability);
}

QString AbiFunction::signature() const
{
    return m_name + canonicalList(m_inputs);
}

Result<Bytes> AbiFunction::encodeCall(std::span<const AbiValue> arguments) const
{
    auto encoded = abiEncode(m_inputs, arguments);
    if (!encoded)
        return fail(encoded.error().kind, signature() + u": "_s + encoded.error().message, encoded.error().detail);
    return m_selector.bytes() + *encoded;
}

Result<Bytes> AbiFunction::encodeCall(std::initializer_list<AbiValue> arguments) const
{
    return encodeCall(std::span(arguments.begin(), arguments.size()));
}

Result<std::vector<AbiValue>> AbiFunction::decodeCall(QByteArrayView data) const
{
    const auto arguments = m_selector.behind(data);
    if (!arguments)
        return std::unexpected(arguments.error());
    return abiDecodeStrict(m_inputs, *arguments);
}

Result<AbiLenient> AbiFunction::decodeCallLenient(QByteArrayView data) const
{
    const auto arguments = m_selector.behind(data);
    if (!arguments)
        return std::unexpected(arguments.error());
    return abiDecodeLenient(m_inputs, *arguments);
}

Result<std::vector<AbiValue>> AbiFunction::decodeOutput(QByteArrayView data) const
{
    return abiDecodeStrict(m_outputs, data);
}

} // namespace countersign
