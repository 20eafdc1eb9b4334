#include "backend/evm/abi.h"

#include <QStringDecoder>

#include <algorithm>

namespace countersign {

namespace {

bool allZero(QByteArrayView bytes)
{
    return std::ranges::all_of(bytes, [](char c) { return c == '\0'; });
}

// Reads the canonical encoding from front to back. Because every offset must be the one that the encoder would have
// written, nothing is read twice and the work is linear in the data, whatever the type.
class Decoder final {
public:
    explicit Decoder(QByteArrayView data) : m_data(data) {}

    template<class TypeAt>
    Result<AbiValue::List> sequence(TypeAt typeAt, size_t count, qsizetype base, qsizetype &end)
    {
        qsizetype head = 0;
        for (size_t i = 0; i < count; ++i) {
            head += typeAt(i).headSize();
            if (head > m_data.size() - base)
                return abiFail(AbiFault::Truncated, m_data.size());
        }
        AbiValue::List values;
        values.reserve(count);
        qsizetype at = base;
        qsizetype tail = base + head;
        for (size_t i = 0; i < count; ++i) {
            const AbiType &type = typeAt(i);
            Result<AbiValue> value = type.isDynamic() ? behindOffset(type, at, base, tail) : inPlace(type, at);
            if (!value)
                return std::unexpected(value.error());
            values.push_back(*std::move(value));
            at += type.headSize();
        }
        end = tail;
        return values;
    }

private:
    Result<AbiValue> behindOffset(const AbiType &type, qsizetype at, qsizetype base, qsizetype &tail)
    {
        const auto offset = small(at, m_data.size() - base);
        if (!offset)
            return abiFail(AbiFault::OffsetTooLarge, at);
        if (*offset < tail - base)
            return abiFail(AbiFault::OffsetBackward, at);
        if (*offset > tail - base)
            return abiFail(AbiFault::OffsetGap, at);
        return dynamic(type, tail);
    }

    // A value without dynamic parts; its head was checked to lie within the data.
    Result<AbiValue> inPlace(const AbiType &type, qsizetype at)
    {
        qsizetype end = at;
        if (type.kind() == AbiKind::Tuple || type.kind() == AbiKind::FixedArray) {
            auto list = composite(type, at, end);
            if (!list)
                return std::unexpected(list.error());
            return AbiValue(*std::move(list));
        }
        return abiDecodeWord(type, m_data.sliced(at, 32), at);
    }

    Result<AbiValue> dynamic(const AbiType &type, qsizetype &tail)
    {
        if (type.kind() == AbiKind::Tuple || type.kind() == AbiKind::FixedArray) {
            auto list = composite(type, tail, tail);
            if (!list)
                return std::unexpected(list.error());
            return AbiValue(*std::move(list));
        }
        if (m_data.size() - tail < 32)
            return abiFail(AbiFault::Truncated, m_data.size());
        const qsizetype at = tail;
        const qsizetype body = at + 32;
        const qsizetype rest = m_data.size() - body;
        if (type.kind() == AbiKind::Array) {
            const auto count = small(at, rest / type.element().headSize());
            if (!count)
                return abiFail(AbiFault::LengthTooLarge, at);
            const AbiType &element = type.element();
            auto list = sequence([&element](size_t) -> const AbiType & { return element; }, static_cast<size_t>(*count), body, tail);
            if (!list)
                return std::unexpected(list.error());
            return AbiValue(*std::move(list));
        }
        const auto length = small(at, rest);
        if (!length)
            return abiFail(AbiFault::LengthTooLarge, at);
        const qsizetype padded = (*length + 31) / 32 * 32;
        if (padded > rest)
            return abiFail(AbiFault::Truncated, m_data.size());
        if (!allZero(m_data.sliced(body + *length, padded - *length)))
            return abiFail(AbiFault::BytesPadding, body + *length);
        tail = body + padded;
        return content(type, m_data.sliced(body, *length), body);
    }

    Result<AbiValue::List> composite(const AbiType &type, qsizetype at, qsizetype &end)
    {
        const auto count = static_cast<size_t>(type.length());
        if (type.kind() == AbiKind::Tuple)
            return sequence([&type](size_t i) -> const AbiType & { return type.components()[i].type; }, count, at, end);
        return sequence([&type](size_t) -> const AbiType & { return type.element(); }, count, at, end);
    }

    static Result<AbiValue> content(const AbiType &type, QByteArrayView bytes, qsizetype at)
    {
        if (type.kind() == AbiKind::Bytes)
            return AbiValue(bytes.toByteArray());
        // A byte order mark is content here: without this flag the decoder would swallow it.
        QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless | QStringDecoder::Flag::ConvertInitialBom);
        QString text = decoder.decode(bytes);
        if (decoder.hasError() || text.toUtf8() != bytes)
            return abiFail(AbiFault::TextNotUtf8, at);
        return AbiValue(std::move(text));
    }

    // The word at `at` as a number up to `most`.
    std::optional<qsizetype> small(qsizetype at, qsizetype most) const
    {
        const auto word = m_data.sliced(at, 32);
        if (!allZero(word.first(24)))
            return std::nullopt;
        quint64 value = 0;
        for (const char c : word.last(8))
            value = value << 8 | static_cast<quint8>(c);
        if (value > static_cast<quint64>(most))
            return std::nullopt;
        return static_cast<qsizetype>(value);
    }

    QByteArrayView m_data;
};

template<class TypeAt>
Result<std::vector<AbiValue>> decodeTop(TypeAt typeAt, size_t count, QByteArrayView data, const AbiLimits &limits)
{
    if (data.size() > limits.maxBytes)
        return abiFail(AbiFault::TooLarge, data.size());
    Decoder decoder(data);
    qsizetype end = 0;
    auto values = decoder.sequence(typeAt, count, 0, end);
    if (values && end != data.size())
        return abiFail(AbiFault::TrailingBytes, end);
    return values;
}

} // namespace

Result<AbiValue> abiDecodeWord(const AbiType &type, QByteArrayView word, qsizetype position)
{
    if (word.size() != 32)
        return abiFail(AbiFault::Truncated, position + word.size());
    switch (type.kind()) {
    case AbiKind::Uint:
    case AbiKind::Int: {
        AbiValue value(*Uint256::fromBigEndian(word));
        if (!abiEncodeWord(type, value))
            return abiFail(AbiFault::IntegerOutOfRange, position);
        return value;
    }
    case AbiKind::Bool:
        if (!allZero(word.first(31)) || (word.back() != 0 && word.back() != 1))
            return abiFail(AbiFault::BoolNotZeroOrOne, position);
        return AbiValue(word.back() == 1);
    case AbiKind::Address:
        if (!allZero(word.first(12)))
            return abiFail(AbiFault::AddressNotClean, position);
        return AbiValue(*Address::fromBytes(word.last(20)));
    case AbiKind::FixedBytes:
    case AbiKind::Function:
        if (!allZero(word.sliced(type.length())))
            return abiFail(AbiFault::FixedBytesPadding, position);
        return AbiValue(word.first(type.length()).toByteArray());
    default:
        return fail(ErrorKind::Internal, type.canonical() + u" is not one word"_s, u"abi.value"_s);
    }
}

Result<std::vector<AbiValue>> abiDecodeStrict(std::span<const AbiType> types, QByteArrayView data, const AbiLimits &limits)
{
    return decodeTop([types](size_t i) -> const AbiType & { return types[i]; }, types.size(), data, limits);
}

Result<std::vector<AbiValue>> abiDecodeStrict(const std::vector<AbiParameter> &parameters, QByteArrayView data, const AbiLimits &limits)
{
    return decodeTop([&parameters](size_t i) -> const AbiType & { return parameters[i].type; }, parameters.size(), data, limits);
}

} // namespace countersign
