#include "backend/proposals/compose/composereading.h"

#include "backend/review/contractreading.h"
#include "backend/safe/safestatereader.h"
#include "backend/safe/safetrust.h"
#include "backend/types/strings.h"

namespace countersign {

QCoro::Task<Result<ComposeSite>> readMore(
    std::shared_ptr<ReviewEndpoint> endpoint, ComposeSite site, QList<Address> accounts, std::stop_token stop)
{
    QList<Address> missing;
    for (const Address &account : std::as_const(accounts)) {
        if (!account.isZero() && !site.contracts.contains(account) && !missing.contains(account))
            missing.append(account);
    }
    if (missing.isEmpty())
        co_return site;
    const BlockRef block = BlockRef::at(site.safe.blockHash);
    const auto facts = co_await readContracts(endpoint->rpc, missing, block, std::nullopt, stop);
    if (!facts)
        co_return std::unexpected(facts.error());
    site.contracts.insert(*facts);
    co_return site;
}

QCoro::Task<Result<ComposeSite>> readComposeSite(
    std::shared_ptr<ReviewEndpoint> endpoint, ComposeSite site, std::stop_token stop)
{
    const QString name = site.chain->name;
    const ChainId chainId = site.chain->chainId;
    const Address safe = *site.chain->safe;
    const auto served = co_await endpoint->chain.chainId(stop);
    if (!served)
        co_return fail(served.error().kind, u"%1: %2"_s.arg(name, served.error().message), served.error().detail);
    if (*served != chainId)
        co_return fail(ErrorKind::Conflict, u"The node of %1 serves chain %2"_s.arg(name).arg(served->value()));
    const BlockRef latest = BlockRef::latest();
    const auto state = co_await readSafeState(endpoint->chain, safe, latest, stop);
    if (!state)
        co_return fail(state.error().kind, u"%1: %2"_s.arg(name, state.error().message), state.error().detail);
    const SafeJudgement judgement = judgeSafe(*state);
    const auto version = SafeVersion::parse(judgement.version);
    if (judgement.trust != SafeTrust::Trusted || !version)
        co_return fail(ErrorKind::Rejected, u"%1: %2"_s.arg(name, judgement.message));
    if (!version->bindsChain())
        co_return fail(ErrorKind::Rejected,
            u"%1: signatures for Safe %2 are valid on every chain, so none are asked for"_s.arg(name, judgement.version));
    site.safe = *state;
    site.version = *version;
    const auto code = knownSafeCode(state->singletonCodeHash);
    site.isL2 = code && code->kind == SafeCodeKind::SingletonL2;
    QList<Address> accounts = libraryCandidates(*version);
    accounts.append(safe);
    co_return co_await readMore(endpoint, site, accounts, stop);
}

} // namespace countersign
