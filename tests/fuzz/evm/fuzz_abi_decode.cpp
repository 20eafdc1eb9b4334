#include "backend/evm/abijson.h"
#include "backend/evm/abilenient.h"
#include "backend/evm/abipacked.h"
#include "backend/evm/abitopic.h"

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
        *parseParameterList(u"(bool[][][][] a,int8[2][3][] b)"),
    };
    return all;
}

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void checkValues(const std::vector<AbiParameter> &parameters, const std::vector<AbiValue> &values)
{
    QByteArray json;
    appendAbiJson(json, parameters, values);
    const auto text = JsonText::parse(json);
    require(text.has_value());
    const auto again = abiValuesFromJson(parameters, text->root());
    require(again && *again == values);
    for (size_t i = 0; i < values.size(); ++i) {
        abiToText(parameters[i].type, values[i]);
        require(abiTopic(parameters[i].type, values[i]).has_value());
        static_cast<void>(abiEncodePacked(std::array{parameters[i].type}, std::array{values[i]}));
    }
}

} // namespace

// encode(decode(x)) == x for all that is accepted: nothing in the bytes goes unseen. The lenient decoder agrees with the
// strict one about what is canonical, in both directions, and keeps to the bounds that it is given.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const auto &parameters = lists()[data[0] % lists().size()];
    const QByteArrayView bytes(data + 1, static_cast<qsizetype>(size) - 1);
    const AbiLimits limits{.maxBytes = 64 * 1024, .maxValues = 10'000, .maxDeviations = 8};
    const auto strict = abiDecodeStrict(parameters, bytes, limits);
    const auto lenient = abiDecodeLenient(parameters, bytes, limits);
    require(strict.has_value() == (lenient && lenient->isCanonical()));
    if (lenient) {
        require(lenient->deviations.size() <= 8);
        checkValues(parameters, lenient->values);
        const auto encoded = abiEncode(parameters, lenient->values);
        require(encoded && (*encoded == bytes) == lenient->isCanonical());
    }
    if (strict)
        require(*strict == lenient->values);
    return 0;
}
