#include "backend/evm/revert.h"

namespace countersign {

namespace {

QString argumentsText(const std::vector<AbiParameter> &parameters, const std::vector<AbiValue> &values)
{
    QString text = u"("_s;
    for (size_t i = 0; i < parameters.size(); ++i) {
        if (i > 0)
            text += u", "_s;
        if (!parameters[i].name.isEmpty())
            text += parameters[i].name + u": "_s;
        text += abiToText(parameters[i].type, values[i]);
    }
    text += u')';
    return text;
}

// error Error(string); error Panic(uint256)
const AbiErrorDefinition &messageError()
{
    static const AbiErrorDefinition error(u"Error"_s, {{.name = u"message"_s, .type = AbiType::makeString()}});
    return error;
}

const AbiErrorDefinition &panicError()
{
    static const AbiErrorDefinition error(u"Panic"_s, {{.name = u"code"_s, .type = *AbiType::makeUint(256)}});
    return error;
}

bool take(const AbiErrorDefinition &error, QByteArrayView data, Revert &revert)
{
    auto read = error.decodeLenient(data);
    if (!read)
        return false;
    revert.name = error.name();
    revert.isCanonical = read->isCanonical();
    revert.arguments = std::move(read->values);
    return true;
}

} // namespace

QString panicMeaning(const Uint256 &code)
{
    switch (code.toU64().value_or(~0ULL)) {
    case 0x00:
        return u"a panic without a code"_s;
    case 0x01:
        return u"an assertion failed"_s;
    case 0x11:
        return u"an arithmetic operation overflowed"_s;
    case 0x12:
        return u"division or modulo by zero"_s;
    case 0x21:
        return u"a value is outside of its enum"_s;
    case 0x22:
        return u"a stored byte array is encoded wrongly"_s;
    case 0x31:
        return u"pop from an empty array"_s;
    case 0x32:
        return u"an array index is out of bounds"_s;
    case 0x41:
        return u"too much memory was asked for"_s;
    case 0x51:
        return u"an internal function was called that was never set"_s;
    default:
        return u"an unknown panic"_s;
    }
}

Revert describeRevert(QByteArrayView data, const JsonAbi *abi)
{
    Revert revert;
    revert.data = data.toByteArray();
    if (data.isEmpty()) {
        revert.text = u"The contract reverted without a reason."_s;
        return revert;
    }
    revert.kind = RevertKind::Unknown;
    revert.text = u"The contract reverted with data that this interface does not explain: "_s
        + toHex(data.first(qMin(data.size(), qsizetype(68)))) + (data.size() > 68 ? u"…"_s : QString());
    const auto selector = Selector::leading(data);
    if (!selector)
        return revert;

    if (*selector == messageError().selector()) {
        if (take(messageError(), data, revert)) {
            revert.kind = RevertKind::Message;
            revert.text = *revert.arguments.front().get<QString>();
        }
        return revert;
    }
    if (*selector == panicError().selector()) {
        if (take(panicError(), data, revert)) {
            const Uint256 code = *revert.arguments.front().get<Uint256>();
            revert.kind = RevertKind::Panic;
            revert.text = u"The contract panicked: "_s + panicMeaning(code) + u" ("_s + code.toHexQuantity() + u")."_s;
        }
        return revert;
    }
    if (const AbiErrorDefinition *known = abi ? abi->error(*selector) : nullptr) {
        if (take(*known, data, revert)) {
            revert.kind = RevertKind::Custom;
            revert.text = known->name() + argumentsText(known->inputs(), revert.arguments);
        }
    }
    return revert;
}

} // namespace countersign
