#include "backend/proposals/statementjson.h"

#include <cstdlib>

using namespace countersign;

// What is accepted is written again as the same bytes and is signed by the author that it names.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const QByteArrayView bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto statement = statementFromJson(bytes);
    if (!statement)
        return 0;
    const auto author = recoverAddress(statement->digest(), statement->signature);
    if (statementToJson(*statement) != bytes || !author || *author != statement->author || !checkStatement(*statement))
        std::abort();
    return 0;
}
