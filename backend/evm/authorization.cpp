#include "backend/evm/authorization.h"

#include "backend/evm/rlpwriter.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <limits>

namespace countersign {

namespace {

constexpr char magic = 0x05; // EIP-7702's MAGIC: keeps these digests apart from those of transactions

} // namespace

Hash32 Authorization::signingHash() const
{
    RlpWriter writer(Bytes(1, magic));
    writer.beginList();
    writer.number(chainId);
    writer.bytes(address.view());
    writer.number(nonce.value());
    writer.endList();
    return keccak256(writer.take());
}

Result<Address> Authorization::authority() const
{
    if (nonce.value() == std::numeric_limits<quint64>::max())
        return fail(
            ErrorKind::Invalid, u"No account ever has the nonce 2^64-1 (EIP-2681)."_s, u"authorization.nonce.max"_s);
    if (yParity > 1)
        return fail(ErrorKind::Invalid, u"yParity is "_s + QString::number(yParity) + u", neither 0 nor 1."_s,
            u"authorization.yParity"_s);
    const EvmSignature signature{.r = r, .s = s, .yParity = yParity == 1};
    if (auto problem = signatureProblem(signature, "authorization"_L1))
        return std::unexpected(*std::move(problem));
    if (!signature.isLowS())
        return fail(ErrorKind::Invalid, u"The signature's s is in the high form, which EIP-7702 does not accept."_s,
            u"authorization.s.high"_s);
    return recoverAddress(signingHash(), signature);
}

} // namespace countersign
