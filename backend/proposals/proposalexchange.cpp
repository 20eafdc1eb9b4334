#include "backend/proposals/proposalexchange.h"

#include "backend/types/strings.h"

namespace countersign {

QFuture<Result<QString>> ProposalExchange::remove(DeletionOffer offer, EvmSignature /*signature*/)
{
    return QtFuture::makeReadyFuture(
        Result<QString>(fail(ErrorKind::Rejected, u"Nothing is deleted at %1"_s.arg(offer.carrier))));
}

} // namespace countersign
