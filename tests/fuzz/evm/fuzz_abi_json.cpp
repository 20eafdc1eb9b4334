#include "backend/evm/abi.h"
#include "backend/evm/abijson.h"
#include "backend/evm/abipacked.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

namespace {

const auto &lists()
{
    static const std::array all = {
        *parseParameterList(u"(uint8 a,int16 b,bool c,address d,bytes3 e,function f,uint256 g,int256 h)"),
        *parseParameterList(u"(bytes a,string b,uint256[] c,int8[2] d)"),
        *parseParameterList(u"((address to,(bool ok,bytes data)[2] calls,string[] names)[] list,uint8[3][] grid)"),
    };
    return all;
}

void require(bool holds)
{
    if (!holds)
        std::abort();
}

} // namespace

// Values that were read are of their types: they encode, and decode and write back to themselves.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const auto &parameters = lists()[data[0] % lists().size()];
    const auto text = JsonText::parse(QByteArray(reinterpret_cast<const char *>(data + 1), static_cast<qsizetype>(size) - 1));
    if (!text)
        return 0;
    const auto values = abiValuesFromJson(parameters, text->root());
    if (!values)
        return 0;
    const auto encoded = abiEncode(parameters, *values);
    require(encoded.has_value());
    const auto decoded = abiDecodeStrict(parameters, *encoded);
    require(decoded && *decoded == *values);
    QByteArray json;
    appendAbiJson(json, parameters, *values);
    const auto written = JsonText::parse(json);
    require(written.has_value());
    const auto again = abiValuesFromJson(parameters, written->root());
    require(again && *again == *values);
    static_cast<void>(abiEncodePacked(typesOf(parameters), *values));
    return 0;
}
