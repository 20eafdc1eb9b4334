#include "backend/proposals/compose/proposalimport.h"
#include "backend/proposals/proposaljson.h"

#include <cstdlib>

using namespace countersign;

// Whatever is read belongs where the person said, can be hashed, and can be kept as a draft and read again.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    ImportHints hints;
    hints.chain = ChainId(31337);
    hints.safe = *Address::parse(u"0x5afe000000000000000000000000000000005afe");
    hints.now = Timestamp::fromSeconds(1'700'000'000);
    const auto import = importProposals(bytes, hints);
    static_cast<void>(importProposals(bytes));
    if (!import)
        return 0;
    if (import->drafts.isEmpty() == !import->item)
        std::abort();
    for (const ImportedDraft &imported : import->drafts) {
        if (imported.draft.chainId != *hints.chain || imported.draft.safe != *hints.safe)
            std::abort();
        static_cast<void>(imported.subject());
        // What is too large for an envelope is not written; the rest survives.
        const auto again = draftFromJson(draftToJson(imported.draft));
        if (again && *again != imported.draft)
            std::abort();
    }
    return 0;
}
