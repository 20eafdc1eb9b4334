#include "backend/evm/abi.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

namespace {

// Lists with every kind of type; the first byte of the input chooses one.
const auto &lists()
{
    static const std::array all = {
        *parseParameterList(u"(uint8,int16,bool,address,bytes3,function,uint256)"),
        *parseParameterList(u"(bytes,string,uint256[],bytes)"),
        *parseParameterList(u"((bytes32,bytes32,bytes32,uint256,bytes,uint256,uint256) intent,bytes signature)"),
        *parseParameterList(u"((address,(bool,bytes)[2],string[])[],uint8[3][],bytes[2])"),
        *parseParameterList(u"(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)"),
    };
    return all;
}

} // namespace

// encode(decode(x)) == x for all that is accepted: nothing in the bytes goes unseen.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const auto &parameters = lists()[data[0] % lists().size()];
    const QByteArrayView bytes(data + 1, static_cast<qsizetype>(size) - 1);
    const auto values = abiDecodeStrict(parameters, bytes);
    if (!values)
        return 0;
    const auto encoded = abiEncode(parameters, *values);
    if (!encoded || *encoded != bytes)
        std::abort();
    for (size_t i = 0; i < values->size(); ++i)
        abiToText(parameters[i].type, (*values)[i]);
    return 0;
}
