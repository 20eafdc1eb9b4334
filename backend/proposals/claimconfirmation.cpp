#include "backend/proposals/claimconfirmation.h"

#include "backend/safe/safecalls.h"
#include "backend/safe/safesignaturereader.h"
#include "backend/safe/safeversion.h"
#include "backend/types/uint256.h"

#include <algorithm>
#include <vector>

namespace countersign {

namespace {

struct ClaimQuestion {
    CollectedSignature signature; // what counts when the answer is yes
    CallRequest call;
    Bytes yes; // what the answer begins with; empty: any number but zero
};

// A claim of it that is there already is what counts then.
std::optional<ClaimQuestion> askForApproval(const SafeState &state, const Hash32 &safeTxHash, const Address &owner,
    const CollectedSignature *claim)
{
    const bool isClaimed = claim && claim->signature.kind() == SafeSignatureKind::Approved;
    const auto signature = isClaimed ? Result<CollectedSignature>(*claim)
        : CollectedSignature::make(state.chainId, state.safe, safeTxHash, SafeSignature::approved(owner), {});
    const auto data = safeAbi().function(u"approvedHashes")->encodeCall({AbiValue(owner), AbiValue(safeTxHash)});
    if (!signature || !data)
        return std::nullopt;
    ClaimQuestion question{*signature, {}, {}};
    question.call.to = state.safe;
    question.call.data = *data;
    return question;
}

std::optional<ClaimQuestion> askContract(
    const SafeState &state, const SafeTransaction &transaction, const CollectedSignature &claim)
{
    const auto version = SafeVersion::parse(state.version);
    if (!version || claim.signature.kind() != SafeSignatureKind::Contract)
        return std::nullopt;
    ClaimQuestion question{claim, {}, contractSignatureMagic(*version).first(4)};
    question.call.from = state.safe;
    question.call.to = claim.owner;
    question.call.data = encodeContractSignatureCheck(*version,
        safeHashes(*version, state.chainId, state.safe, transaction), claim.signature.contractData());
    return question;
}

void ask(const SafeState &state, const ClaimSubject &subject, std::vector<ClaimQuestion> &questions)
{
    if (subject.transaction.nonce < state.nonce)
        return;
    const auto take = [&questions](std::optional<ClaimQuestion> question) {
        if (question && std::cmp_less(questions.size(), maxClaimsAsked))
            questions.push_back(*std::move(question));
    };
    for (const Address &owner : state.owners) {
        const auto held = std::ranges::find(subject.signatures, owner, &CollectedSignature::owner);
        if (held != subject.signatures.end() && !held->isClaim())
            continue;
        const CollectedSignature *claim = held != subject.signatures.end() ? &*held : nullptr;
        take(askForApproval(state, subject.safeTxHash, owner, claim));
        if (claim)
            take(askContract(state, subject.transaction, *claim));
    }
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

QCoro::Task<QHash<Hash32, QList<CollectedSignature>>> confirmClaims(
    ChainClient &chain, SafeState state, QList<ClaimSubject> subjects, std::stop_token stop)
{
    QHash<Hash32, QList<CollectedSignature>> confirmed;
    std::vector<ClaimQuestion> questions;
    for (const ClaimSubject &subject : std::as_const(subjects))
        ask(state, subject, questions);
    if (questions.empty())
        co_return confirmed;
    std::vector<CallRequest> calls;
    calls.reserve(questions.size());
    for (const ClaimQuestion &question : questions)
        calls.push_back(question.call);
    const BlockRef block = BlockRef::at(state.blockHash);
    const auto answers = co_await chain.callMany(calls, block, stop);
    if (stop.stop_requested() || !answers)
        co_return confirmed;
    for (size_t i = 0; i < answers->size(); ++i) {
        const auto &answer = answers->at(i);
        const CollectedSignature &signature = questions[i].signature;
        QList<CollectedSignature> &of = confirmed[signature.safeTxHash];
        if (answer && isYes(*answer, questions[i].yes)
            && std::ranges::find(std::as_const(of), signature.owner, &CollectedSignature::owner) == of.cend())
            of.append(signature);
    }
    co_return confirmed;
}

} // namespace countersign
