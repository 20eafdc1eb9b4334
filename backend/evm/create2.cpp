#include "backend/evm/create2.h"

#include "backend/evm/rlp.h"
#include "backend/types/keccak.h"

namespace countersign {

Address createAddress(const Address &creator, Nonce nonce)
{
    const Bytes encoded = rlpEncode(RlpItem(RlpItem::List{RlpItem(creator.bytes()), RlpItem::ofNumber(nonce.value())}));
    return *Address::fromBytes(keccak256(encoded).view().last(Address::size));
}

Address create2Address(const Address &creator, const Hash32 &salt, const Hash32 &initCodeHash)
{
    Bytes data("\xff", 1);
    data += creator.view();
    data += salt.view();
    data += initCodeHash.view();
    return *Address::fromBytes(keccak256(data).view().last(Address::size));
}

} // namespace countersign
