#include "backend/proposals/keyuse.h"

#include "backend/types/strings.h"

#include <utility>

namespace countersign {

namespace {

QCoro::Task<Result<EvmSignature>> signUnlocked(Signer &signer, Hash32 digest, SecretBuffer pin)
{
    const auto need = co_await signer.prepare();
    if (!need)
        co_return std::unexpected(need.error());
    if (need->tries == PinTries::Locked)
        co_return fail(
            ErrorKind::Denied, u"The PIN of %1 is locked: it was entered wrongly too often"_s.arg(need->tokenLabel));
    if (need->kind != UnlockNeed::Kind::None) {
        const auto unlocked = co_await signer.unlock(std::move(pin));
        if (!unlocked)
            co_return std::unexpected(unlocked.error());
    }
    co_return co_await signer.signDigest(digest);
}

} // namespace

QCoro::Task<Result<EvmSignature>> signWithToken(Signer &signer, Hash32 digest, SecretBuffer pin)
{
    const auto signature = co_await signUnlocked(signer, digest, std::move(pin));
    // A token that stays open could sign for whoever sits down next. That it was removed is no news here.
    (void)co_await signer.lock();
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

} // namespace countersign
