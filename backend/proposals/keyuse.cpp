#include "backend/proposals/keyuse.h"

#include "backend/types/strings.h"

#include <utility>

namespace countersign {

namespace {

QCoro::Task<Result<void>> unlock(Signer &signer, SecretBuffer pin)
{
    const auto need = co_await signer.prepare();
    if (!need)
        co_return std::unexpected(need.error());
    if (need->tries == PinTries::Locked)
        co_return fail(
            ErrorKind::Denied, u"The PIN of %1 is locked: it was entered wrongly too often"_s.arg(need->tokenLabel));
    if (need->kind == UnlockNeed::Kind::None)
        co_return {};
    co_return co_await signer.unlock(std::move(pin));
}

QCoro::Task<Result<EvmSignature>> signUnlocked(Signer &signer, Hash32 digest)
{
    const auto signature = co_await signer.signDigest(digest);
    if (!signature)
        co_return std::unexpected(signature.error());
    const auto recovered = recoverAddress(digest, *signature);
    if (!recovered || *recovered != signer.address()) {
        co_return fail(ErrorKind::Rejected,
            u"The token returned a signature that is not by %1 over the hash that was shown. Do not try again: report this as an incident"_s
                .arg(signer.address().toString()),
            u"digest %1, recovered %2"_s.arg(
                digest.toString(), recovered ? recovered->toString() : recovered.error().message));
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
    QList<EvmSignature> signatures;
    std::optional<Error> problem = unlocked ? std::nullopt : std::optional(unlocked.error());
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

} // namespace countersign
