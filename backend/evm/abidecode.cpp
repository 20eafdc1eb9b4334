#include "backend/evm/abireader.h"

namespace countersign {

namespace {

template<class Types>
Result<std::vector<AbiValue>> strictly(const Types &types, QByteArrayView data, const AbiLimits &limits)
{
    auto read = AbiReader(data, AbiReader::Mode::Strict, limits).read(types);
    if (!read)
        return std::unexpected(std::move(read.error()));
    return std::move(read->values);
}

} // namespace

Result<std::vector<AbiValue>> abiDecodeStrict(std::span<const AbiType> types, QByteArrayView data, const AbiLimits &limits)
{
    return strictly(types, data, limits);
}

Result<std::vector<AbiValue>> abiDecodeStrict(const std::vector<AbiParameter> &parameters, QByteArrayView data, const AbiLimits &limits)
{
    return strictly(parameters, data, limits);
}

Result<AbiLenient> abiDecodeLenient(std::span<const AbiType> types, QByteArrayView data, const AbiLimits &limits)
{
    return AbiReader(data, AbiReader::Mode::Lenient, limits).read(types);
}

Result<AbiLenient> abiDecodeLenient(const std::vector<AbiParameter> &parameters, QByteArrayView data, const AbiLimits &limits)
{
    return AbiReader(data, AbiReader::Mode::Lenient, limits).read(parameters);
}

} // namespace countersign
