#include "backend/safe/safesimulationaccessor.h"

#include "backend/safe/safecalls.h"
#include "backend/safe/safecontracts.h"
#include "backend/safe/safelibraries.h"
#include "backend/safe/safeversion.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

const AbiFunction &accessorSimulate()
{
    return *safeLibraryAbi().function(u"simulate(address,uint256,bytes,uint8)");
}

const AbiFunction &handlerSimulate()
{
    return *safeLibraryAbi().function(u"simulate(address,bytes)");
}

const AbiFunction &simulateAndRevert()
{
    return *safeAbi().function(u"simulateAndRevert");
}

std::unexpected<Error> corrupt()
{
    return fail(ErrorKind::Corrupt, u"SimulateTxAccessor's answer is none"_s);
}

// Those of the Safe's own version first; any works with any Safe since 1.3.0.
std::vector<SafeDeployment> accessors(const QString &version)
{
    const auto own = SafeVersion::parse(version);
    std::vector<SafeDeployment> found;
    for (const bool wantsOwn : {true, false}) {
        for (const SafeDeployment &deployment : safeDeployments()) {
            const bool isOwn = own && deployment.version == *own;
            if (deployment.contract == SafeContract::SimulateTxAccessor && isOwn == wantsOwn)
                found.push_back(deployment);
        }
    }
    return found;
}

QCoro::Task<Result<Address>> findAccessor(ChainClient &chain, QString version, BlockRef block, std::stop_token stop)
{
    const std::vector<SafeDeployment> candidates = accessors(version);
    for (const SafeDeployment &deployment : candidates) {
        const auto code = co_await chain.getCode(deployment.address, block, stop);
        if (!code)
            co_return std::unexpected(code.error());
        if (keccak256(*code) == deployment.codeHash)
            co_return deployment.address;
    }
    co_return fail(ErrorKind::Unavailable,
        u"The node can neither trace nor override state, and the chain has no SimulateTxAccessor: nothing can be simulated"_s);
}

} // namespace

Bytes encodeAccessorCall(const SafeTransaction &transaction)
{
    return accessorSimulate()
        .encodeCall({AbiValue(transaction.to), AbiValue(transaction.value), AbiValue(transaction.data),
            AbiValue(Uint256(static_cast<quint64>(transaction.operation)))})
        .value_or(Bytes());
}

Result<InnerCallOutcome> decodeAccessorAnswer(QByteArrayView answer)
{
    const auto values = accessorSimulate().decodeOutput(answer);
    if (!values)
        return corrupt();
    const auto gas = values->at(0).get<Uint256>()->toU64();
    if (!gas)
        return corrupt();
    return InnerCallOutcome{
        .succeeded = *values->at(1).get<bool>(), .returned = *values->at(2).get<Bytes>(), .gasUsed = *gas};
}

Result<Bytes> decodeSimulateAndRevert(QByteArrayView revertData)
{
    constexpr qsizetype head = 2 * Hash32::size;
    if (revertData.size() < head)
        return corrupt();
    const Uint256 succeeded = *Uint256::fromBigEndian(revertData.first(Hash32::size));
    const Uint256 size = *Uint256::fromBigEndian(revertData.sliced(Hash32::size, Hash32::size));
    if (succeeded != Uint256(1) || size != Uint256(static_cast<quint64>(revertData.size() - head)))
        return corrupt();
    return revertData.sliced(head).toByteArray();
}

QCoro::Task<Result<InnerCallOutcome>> simulateThroughAccessor(
    ChainClient &chain, SafeState state, SafeTransaction transaction, std::stop_token stop)
{
    const BlockRef block = BlockRef::at(state.blockHash);
    const auto accessor = co_await findAccessor(chain, state.version, block, stop);
    if (!accessor)
        co_return std::unexpected(accessor.error());
    const Bytes inner = encodeAccessorCall(transaction);
    const StateOverrides none;
    CallRequest request;
    request.to = state.safe;
    request.data = handlerSimulate().encodeCall({AbiValue(*accessor), AbiValue(inner)}).value_or(Bytes());
    const auto answered = co_await chain.call(request, block, none, stop);
    if (answered) {
        // A Safe without such a handler answers nothing, and the handler of another kind something else.
        const auto values = handlerSimulate().decodeOutput(*answered);
        if (values)
            co_return decodeAccessorAnswer(*values->front().get<Bytes>());
    } else if (!revertDataOf(answered.error())) {
        co_return std::unexpected(answered.error());
    }
    request.data = simulateAndRevert().encodeCall({AbiValue(*accessor), AbiValue(inner)}).value_or(Bytes());
    const auto reverted = co_await chain.call(request, block, none, stop);
    const auto data = reverted ? std::nullopt : revertDataOf(reverted.error());
    if (!reverted && !data)
        co_return std::unexpected(reverted.error());
    if (!data || data->isEmpty())
        co_return fail(ErrorKind::Unavailable,
            u"The node can neither trace nor override state, and this Safe cannot simulate: nothing can be simulated"_s);
    const auto answer = decodeSimulateAndRevert(*data);
    if (!answer)
        co_return std::unexpected(answer.error());
    co_return decodeAccessorAnswer(*answer);
}

} // namespace countersign
