#include "app/practice/relayer/authorisedintent.h"

#include <QByteArray>

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray input(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    // Lines "label=value": enough to reach every field with any text.
    QHash<QString, QString> fields;
    for (const QByteArray &line : input.split('\n'))
        fields.insert(QString::fromUtf8(line.left(line.indexOf('='))), QString::fromUtf8(line.mid(line.indexOf('=') + 1)));
    (void)countersign::AuthorisedIntent::fromFields(QString(), fields);
    return 0;
}
