#include "backend/proposals/claimconfirmation.h"

#include "backend/evm/abifunction.h"
#include "backend/safe/safesignaturereader.h"
#include "backend/safe/safeversion.h"
#include "backend/types/strings.h"
#include "backend/types/uint256.h"

namespace countersign {

namespace {

struct ClaimQuestion {
    CallRequest call;
    Bytes yes; // what the answer begins with; empty: any number but zero
};

std::optional<ClaimQuestion> questionOf(
    const CollectedSignature &claim, const SafeState &state, const Proposal &proposal)
{
    ClaimQuestion question;
    if (claim.signature.kind() == SafeSignatureKind::Approved) {
        const auto reader = AbiFunction::parse(u"function approvedHashes(address,bytes32) view returns (uint256)"_s);
        const auto data = reader ? reader->encodeCall({AbiValue(claim.owner), AbiValue(claim.safeTxHash)})
                                 : Result<Bytes>(std::unexpected(reader.error()));
        if (!data)
            return std::nullopt;
        question.call.to = state.safe;
        question.call.data = *data;
        return question;
    }
    const auto version = SafeVersion::parse(state.version);
    if (!version)
        return std::nullopt;
    const SafeHashes hashes = safeHashes(*version, state.chainId, state.safe, proposal.transaction);
    question.call.from = state.safe;
    question.call.to = claim.owner;
    question.call.data = encodeContractSignatureCheck(*version, hashes, claim.signature.contractData());
    question.yes = contractSignatureMagic(*version).first(4);
    return question;
}

bool isYes(const Bytes &answer, const Bytes &yes)
{
    if (answer.size() != 32)
        return false;
    if (!yes.isEmpty())
        return answer.startsWith(yes);
    const auto number = Uint256::fromBigEndian(answer);
    return number && *number != Uint256();
}

} // namespace

QCoro::Task<QHash<Hash32, QSet<Address>>> confirmClaims(
    ChainClient &chain, SafeState state, QList<ExchangeItem> items, std::stop_token stop)
{
    QHash<Hash32, QSet<Address>> confirmed;
    qsizetype asked = 0;
    for (const ExchangeItem &item : std::as_const(items)) {
        const Proposal &proposal = item.proposal;
        if (proposal.chainId != state.chainId || proposal.safe != state.safe
            || proposal.transaction.nonce < state.nonce)
            continue;
        for (const CollectedSignature &claim : item.claims) {
            if (!state.isOwner(claim.owner) || asked++ >= maxClaimsAsked)
                continue;
            const auto question = questionOf(claim, state, proposal);
            if (!question)
                continue;
            const CallRequest call = question->call;
            const auto answer = co_await chain.call(call, BlockRef::at(state.blockHash), {}, stop);
            if (stop.stop_requested())
                co_return confirmed;
            if (answer && isYes(*answer, question->yes))
                confirmed[item.id()].insert(claim.owner);
        }
    }
    co_return confirmed;
}

} // namespace countersign
