#include "backend/records/thisprogram.h"

#include "backend/types/strings.h"

#include <QCryptographicHash>
#include <QFile>

namespace countersign {

namespace {

QString buildOfThis()
{
    // The file that runs, also when another has been put under its name since.
    QFile executable(u"/proc/self/exe"_s);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!executable.open(QIODevice::ReadOnly) || !hash.addData(&executable))
        return {};
    return QString::fromLatin1(hash.result().toHex());
}

} // namespace

const ProgramIdentity &thisProgram()
{
    static const ProgramIdentity identity{QStringLiteral("countersign " COUNTERSIGN_VERSION), buildOfThis()};
    return identity;
}

} // namespace countersign
