#include "backend/evm/transactionjson.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// A transaction that is read from JSON is read from its bytes and from our own JSON as the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto text = JsonText::parse(QByteArray(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)));
    if (!text)
        return 0;
    const auto read = transactionFromJson(text->root());
    if (!read)
        return 0;
    const auto form = read->signature ? TransactionForm::Signed : TransactionForm::Unsigned;
    const auto decoded = decodeTransaction(read->serialize(), {.form = form});
    if (!decoded) {
        if (decoded.error().kind != ErrorKind::Exhausted)
            std::abort();
        return 0;
    }
    if (!(decoded->transaction == read->transaction) || decoded->from != read->from || decoded->hash != read->hash)
        std::abort();
    const auto own = JsonText::parse(transactionToJson(*read));
    const auto again
        = own ? transactionFromJson(own->root()) : Result<DecodedTransaction>(std::unexpected(own.error()));
    if (!again || !(again->transaction == read->transaction) || again->signature != read->signature)
        std::abort();
    return 0;
}
