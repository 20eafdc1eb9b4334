#include "backend/safe/transactionbuilder.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// An accepted file, written and read again, sends the same and has a checksum that fits.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto file = readTransactionBuilderFile(text);
    if (!file)
        return 0;
    const auto again = readTransactionBuilderFile(writeTransactionBuilderFile(*file));
    if (!again || !again->checksumMatches() || again->transactions.size() != file->transactions.size())
        std::abort();
    for (size_t i = 0; i < file->transactions.size(); ++i) {
        const BuilderTransaction &before = file->transactions[i];
        const BuilderTransaction &after = again->transactions[i];
        if (before.to != after.to || before.value != after.value || before.data != after.data)
            std::abort();
    }
    return 0;
}
