#include "backend/proposals/execution/executionquote.h"

#include "backend/evm/chainclient.h"
#include "backend/proposals/claimconfirmation.h"
#include "backend/review/knowncalls.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/safe/safeexecution.h"
#include "backend/safe/safestatereader.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

QCoro::Task<Result<FeeQuote>> quoteOn(
    ChainSettings settings, ExchangeItem item, Address submitter, FeeCaps caps, std::stop_token stop)
{
    JsonRpcClient rpc(settings.rpc.first());
    ChainClient chain(rpc);
    const Address safe = item.proposal.safe;
    const BlockRef latest = BlockRef::latest();
    const auto state = co_await readSafeState(chain, safe, latest, stop);
    if (!state)
        co_return std::unexpected(state.error());
    const QList subjects{ClaimSubject::of(item)};
    const auto confirmed = co_await confirmClaims(chain, *state, subjects, stop);
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"Cancelled"_s);
    std::vector<SafeSignature> signatures;
    for (const CollectedSignature &collected : item.signatures + confirmed.value(item.id()))
        signatures.push_back(collected.signature);
    const auto calldata = safeExecutionCalldata(*state, item.proposal.transaction, signatures);
    if (!calldata)
        co_return std::unexpected(calldata.error());
    const Bytes &data = *calldata;
    const Hash32 block = state->blockHash;
    co_return co_await quoteExecution(chain, submitter, safe, data, block, &knownErrors(), caps, stop);
}

} // namespace

QCoro::Task<Result<FeeQuote>> quoteExecution(const Environment &environment, ExchangeItem item, Address submitter,
    std::optional<FeeCaps> caps, std::stop_token stop)
{
    const ChainSettings *settings = environment.chain(item.proposal.chainId);
    if (!settings || settings->rpc.isEmpty())
        co_return fail(ErrorKind::NotFound, u"This environment has no chain %1"_s.arg(item.proposal.chainId.value()));
    const ChainSettings chain = *settings;
    const FeeCaps limits = caps.value_or(chain.fees);
    co_return co_await quoteOn(chain, item, submitter, limits, stop);
}

} // namespace countersign
