#include "backend/evm/transaction.h"

#include "backend/evm/rlpwriter.h"
#include "backend/types/keccak.h"

namespace countersign {

namespace {

void writeAccessList(RlpWriter &writer, const std::vector<AccessListEntry> &list)
{
    writer.beginList();
    for (const AccessListEntry &entry : list) {
        writer.beginList();
        writer.bytes(entry.address.view());
        writer.beginList();
        for (const Hash32 &key : entry.storageKeys)
            writer.bytes(key.view());
        writer.endList();
        writer.endList();
    }
    writer.endList();
}

void writeAuthorizations(RlpWriter &writer, const std::vector<Authorization> &list)
{
    writer.beginList();
    for (const Authorization &entry : list) {
        writer.beginList();
        writer.number(entry.chainId);
        writer.bytes(entry.address.view());
        writer.number(entry.nonce.value());
        writer.number(entry.yParity);
        writer.bigEndian(entry.r.view());
        writer.bigEndian(entry.s.view());
        writer.endList();
    }
    writer.endList();
}

void writeFields(RlpWriter &writer, const EvmTransaction &t)
{
    if (t.type != TransactionType::Legacy)
        writer.number(t.chainId.value_or(ChainId(0)).value());
    writer.number(t.nonce.value());
    if (t.hasFeeMarket()) {
        writer.number(t.maxPriorityFeePerGas);
        writer.number(t.maxFeePerGas);
    } else {
        writer.number(t.gasPrice);
    }
    writer.number(t.gasLimit);
    writer.bytes(t.to ? t.to->view() : QByteArrayView());
    writer.number(t.value);
    writer.bytes(t.data);
    if (t.type != TransactionType::Legacy)
        writeAccessList(writer, t.accessList);
    if (t.type == TransactionType::Blob) {
        writer.number(t.maxFeePerBlobGas);
        writer.beginList();
        for (const Hash32 &hash : t.blobVersionedHashes)
            writer.bytes(hash.view());
        writer.endList();
    }
    if (t.type == TransactionType::SetCode)
        writeAuthorizations(writer, t.authorizationList);
}

RlpWriter writerFor(const EvmTransaction &t)
{
    Bytes start;
    start.reserve(t.data.size() + 256);
    if (t.type != TransactionType::Legacy)
        start.append(static_cast<char>(t.type));
    return RlpWriter(std::move(start));
}

// EIP-155; a chain id of 64 bits gives a v of up to 66.
Uint256 legacyV(const EvmTransaction &t, bool yParity)
{
    const quint64 parity = yParity ? 1 : 0;
    if (!t.chainId)
        return 27 + parity;
    return *Uint256(t.chainId->value()).shiftedLeft(1).checkedAdd(35 + parity);
}

} // namespace

Bytes EvmTransaction::unsignedPayload() const
{
    RlpWriter writer = writerFor(*this);
    writer.beginList();
    writeFields(writer, *this);
    if (type == TransactionType::Legacy && chainId) {
        writer.number(chainId->value());
        writer.number(0U);
        writer.number(0U);
    }
    writer.endList();
    return writer.take();
}

Hash32 EvmTransaction::signingHash() const
{
    return keccak256(unsignedPayload());
}

Bytes EvmTransaction::serialize(const EvmSignature &signature) const
{
    RlpWriter writer = writerFor(*this);
    writer.beginList();
    writeFields(writer, *this);
    if (type == TransactionType::Legacy)
        writer.number(legacyV(*this, signature.yParity));
    else
        writer.number(signature.yParity ? 1U : 0U);
    writer.bigEndian(signature.r.view());
    writer.bigEndian(signature.s.view());
    writer.endList();
    return writer.take();
}

} // namespace countersign
