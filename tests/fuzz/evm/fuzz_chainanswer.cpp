#include "backend/evm/chaintypes.h"

#include <QJsonDocument>

#include <cstddef>
#include <cstdint>

using namespace countersign;

// What a node may answer.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray json(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const QJsonValue value = QJsonDocument::fromJson(json).object();
    static_cast<void>(blockHeaderFromJson(value));
    static_cast<void>(logFromJson(value));
    static_cast<void>(receiptFromJson(value));
    return 0;
}
