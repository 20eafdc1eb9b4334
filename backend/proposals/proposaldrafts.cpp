#include "backend/proposals/proposaldrafts.h"

#include "backend/evm/abifunction.h"
#include "backend/types/strings.h"

namespace countersign {

QString registryKeyVariable(const Hash32 &partyId)
{
    return u"CantonKeyRegistry.cantonPartyToKey(%1)"_s.arg(partyId.toString());
}

QString keyText(const Address &key)
{
    return key.isZero() ? u"none"_s : key.toString();
}

ProposalDraft draftRevokeKey(const RevokeKeyRequest &request)
{
    ProposalDraft draft;
    draft.chainId = request.chainId;
    draft.safe = request.safe;
    draft.transaction.to = request.registry;
    draft.transaction.data = Selector::ofSignature(u"revokeKey(bytes32)").bytes() + request.partyId.bytes();
    draft.transaction.nonce = request.nonce;
    draft.title = u"Revoke the Canton key of %1"_s.arg(
        request.partyName.isEmpty() ? request.partyId.toString() : request.partyName);
    draft.rationale = request.rationale;
    draft.createdAt = request.now;
    draft.promises = {{registryKeyVariable(request.partyId), keyText(request.currentKey), keyText(Address())}};
    return draft;
}

} // namespace countersign
