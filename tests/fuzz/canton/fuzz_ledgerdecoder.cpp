#include "backend/canton/ledgerdecoder.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    using namespace countersign;
    const QByteArrayView message(data, static_cast<qsizetype>(size));
    LedgerDecoder decoder({{}, {{QStringLiteral("#p"), QStringLiteral("M"), QStringLiteral("T")}}});
    QList<LedgerEvent> rows;
    (void)decoder.decodeUpdate(message, rows);
    (void)decoder.decodeActiveContract(message, rows);
    (void)decoder.decodeTransaction(message, rows);
    for (const LedgerEvent &row : rows) {
        (void)row.updateId();
        (void)row.contractId();
        for (qsizetype i = -1; i <= row.fieldCount(); ++i) {
            (void)row.value(i);
            (void)row.field(QString::fromUtf8(row.label(i)));
        }
    }
    return 0;
}
