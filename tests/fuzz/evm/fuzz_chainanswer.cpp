#include "backend/evm/accountproof.h"
#include "backend/evm/chaintypes.h"
#include "backend/evm/sealedheader.h"

#include <QJsonDocument>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// What a node may answer.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray json(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const QJsonValue value = QJsonDocument::fromJson(json).object();
    static_cast<void>(blockHeaderFromJson(value));
    static_cast<void>(logFromJson(value));
    static_cast<void>(receiptFromJson(value));
    static_cast<void>(feeHistoryFromJson(value));
    static_cast<void>(provenAccountFromJson(value, Address(), {Hash32()}, emptyTrieRoot()));
    if (const auto header = sealedHeaderFromJson(value); header && header->hash().toString() != value.toObject().value(QStringLiteral("hash")).toString().toLower())
        std::abort();
    return 0;
}
