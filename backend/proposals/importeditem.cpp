#include "backend/proposals/importeditem.h"

namespace countersign {

ExchangeItem itemOfImport(const ImportedTransaction &import)
{
    ExchangeItem item;
    item.proposal.chainId = import.chainId;
    item.proposal.safe = import.safe;
    item.proposal.transaction = import.transaction;
    item.proposal.title = import.title();
    item.proposal.createdAt = import.submittedAt;
    item.import = import;
    return item;
}

} // namespace countersign
