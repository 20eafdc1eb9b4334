#include "backend/proposals/keyuse.h"

#include "backend/types/strings.h"

#include <utility>

namespace countersign {

namespace {

constexpr auto foreign = "signature.foreign"_L1;

QCoro::Task<Result<void>> unlock(Signer &signer, SecretBuffer pin)
{
    const auto need = co_await signer.prepare();
    if (!need)
        co_return std::unexpected(need.error());
    if (need->tries == PinTries::Locked)
        co_return fail(
            ErrorKind::Denied, u"The PIN of %1 is locked: it was entered wrongly too often"_s.arg(need->tokenLabel));
    if (need->kind == UnlockNeed::Kind::None)
        co_return Result<void>{};
    co_return co_await signer.unlock(std::move(pin));
}

QCoro::Task<Result<EvmSignature>> signUnlocked(Signer &signer, Hash32 digest)
{
    const auto signature = co_await signer.signDigest(digest);
    if (!signature && signature.error().kind != ErrorKind::Rejected)
        co_return std::unexpected(signature.error());
    const auto recovered
        = signature ? recoverAddress(digest, *signature) : Result<Address>(std::unexpected(signature.error()));
    if (!recovered || *recovered != signer.address()) {
        co_return fail(ErrorKind::Rejected,
            u"The token returned a signature that is not by %1 over the hash that was shown. Do not try again: report this as an incident"_s
                .arg(signer.address().toString()),
            u"%1: digest %2, recovered %3"_s.arg(
                foreign, digest.toString(), recovered ? recovered->toString() : recovered.error().message));
    }
    co_return *signature;
}

} // namespace

QCoro::Task<Result<EvmSignature>> signWithToken(Signer &signer, Hash32 digest, SecretBuffer pin)
{
    const auto signatures = co_await signAllWithToken(signer, {digest}, std::move(pin));
    if (!signatures)
        co_return std::unexpected(signatures.error());
    co_return signatures->first();
}

QCoro::Task<Result<QList<EvmSignature>>> signAllWithToken(Signer &signer, QList<Hash32> digests, SecretBuffer pin)
{
    const auto unlocked = co_await unlock(signer, std::move(pin));
    std::optional<Error> problem = unlocked ? std::nullopt : std::optional(unlocked.error());
    QList<EvmSignature> signatures;
    for (const Hash32 &digest : digests) {
        if (problem)
            break;
        const auto signature = co_await signUnlocked(signer, digest);
        if (signature)
            signatures.append(*signature);
        else
            problem = signature.error();
    }
    // A token that stays open could sign for whoever sits down next. That it was removed is no news here.
    (void)co_await signer.lock();
    if (problem)
        co_return std::unexpected(*problem);
    co_return signatures;
}

QCoro::Task<Result<TwoSignatures>> signTwiceWithToken(
    Signer &signer, Hash32 digest, std::function<Hash32(const EvmSignature &)> following, SecretBuffer pin)
{
    const auto made = co_await signInTurnWithToken(signer, digest, {std::move(following)}, std::move(pin));
    if (!made)
        co_return std::unexpected(made.error());
    co_return TwoSignatures{made->first, made->next.constFirst()};
}

QCoro::Task<Result<SignaturesInTurn>> signInTurnWithToken(
    Signer &signer, Hash32 digest, QList<FollowingDigest> following, SecretBuffer pin)
{
    const auto unlocked = co_await unlock(signer, std::move(pin));
    Result<EvmSignature> first = std::unexpected(unlocked ? Error() : unlocked.error());
    if (unlocked)
        first = co_await signUnlocked(signer, digest);
    QList<Result<EvmSignature>> next;
    for (const FollowingDigest &make : following) {
        if (!first)
            break;
        const auto wanted = make(*first);
        Result<EvmSignature> made
            = fail(ErrorKind::Denied, u"The key wants the PIN for each signature, and a person is asked for it once"_s);
        if (!wanted)
            made = fail(ErrorKind::Invalid, u"There was nothing to be signed"_s);
        else if (!signer.evidence().alwaysAuthenticate)
            made = co_await signUnlocked(signer, *wanted);
        next.append(made);
    }
    (void)co_await signer.lock();
    if (!first)
        co_return std::unexpected(first.error());
    co_return SignaturesInTurn{*first, next};
}

bool isForeignSignature(const Error &error)
{
    return error.kind == ErrorKind::Rejected && error.detail.startsWith(foreign);
}

} // namespace countersign
