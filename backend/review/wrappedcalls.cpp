#include "backend/review/wrappedcalls.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

using List = AbiValue::List;

const List *listAt(const ReadCall &call, size_t index)
{
    return index < call.values.size() ? call.values[index].get<List>() : nullptr;
}

// Tuples of (target, …, data) as Multicall3 takes them; `value` is the place of the value in a tuple, or none.
std::vector<WrappedCall> ofTuples(const ReadCall &call, size_t argument, size_t value, size_t data)
{
    std::vector<WrappedCall> found;
    const List *tuples = listAt(call, argument);
    if (!tuples)
        return found;
    for (const AbiValue &tuple : *tuples) {
        const List *members = tuple.get<List>();
        if (!members || members->size() <= data)
            continue;
        const auto *to = members->at(0).get<Address>();
        const auto *bytes = members->at(data).get<Bytes>();
        const auto *wei = value ? members->at(value).get<Uint256>() : nullptr;
        if (to && bytes)
            found.push_back({call.decoded.to, *to, wei ? *wei : Uint256(), *bytes});
    }
    return found;
}

std::vector<WrappedCall> ofLists(const ReadCall &call)
{
    std::vector<WrappedCall> found;
    const List *targets = listAt(call, 0);
    const List *values = listAt(call, 1);
    const List *datas = listAt(call, 2);
    if (!targets || !values || !datas || targets->size() != values->size() || targets->size() != datas->size())
        return found;
    for (size_t i = 0; i < targets->size(); ++i) {
        const auto *to = targets->at(i).get<Address>();
        const auto *wei = values->at(i).get<Uint256>();
        const auto *bytes = datas->at(i).get<Bytes>();
        if (to && wei && bytes)
            found.push_back({call.decoded.to, *to, *wei, *bytes});
    }
    return found;
}

} // namespace

std::vector<WrappedCall> wrappedCalls(const ReadCall &call, const Address &caller)
{
    const QString &signature = call.decoded.signature;
    if (call.values.empty())
        return {};
    if (signature == "schedule(address,uint256,bytes,bytes32,bytes32,uint256)"_L1
        || signature == "execute(address,uint256,bytes,bytes32,bytes32)"_L1) {
        return {{call.decoded.to, *call.values[0].get<Address>(), *call.values[1].get<Uint256>(), *call.values[2].get<Bytes>()}};
    }
    if (signature == "scheduleBatch(address[],uint256[],bytes[],bytes32,bytes32,uint256)"_L1
        || signature == "executeBatch(address[],uint256[],bytes[],bytes32,bytes32)"_L1)
        return ofLists(call);
    if (signature == "multicall(bytes[])"_L1) {
        // The contract delegates to itself: whoever calls it stays the caller.
        std::vector<WrappedCall> found;
        for (const AbiValue &data : *listAt(call, 0))
            found.push_back({caller, call.decoded.to, Uint256(), *data.get<Bytes>()});
        return found;
    }
    if (signature == "aggregate((address,bytes)[])"_L1)
        return ofTuples(call, 0, 0, 1);
    if (signature == "tryAggregate(bool,(address,bytes)[])"_L1)
        return ofTuples(call, 1, 0, 1);
    if (signature == "aggregate3((address,bool,bytes)[])"_L1)
        return ofTuples(call, 0, 0, 2);
    if (signature == "aggregate3Value((address,bool,uint256,bytes)[])"_L1)
        return ofTuples(call, 0, 2, 3);
    return {};
}

} // namespace countersign
