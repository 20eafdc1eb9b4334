#include "app/cli/commands/input.h"

#include "backend/types/strings.h"

#include <QFile>
#include <QFileInfo>

#include <unistd.h>

#include <utility>

namespace countersign {

Result<QByteArray> readFile(const QString &name, qsizetype most)
{
    QFile file(name);
    const bool isStandard = name == u"-";
    if (!isStandard && QFileInfo(name).isDir())
        return fail(ErrorKind::Invalid, u"%1 is a folder; a file is needed"_s.arg(name));
    // By its descriptor: through stdio, Qt takes what a pipe holds at the moment for all of it.
    if (!(isStandard ? file.open(STDIN_FILENO, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly)))
        return fail(ErrorKind::NotFound, u"%1 cannot be read: %2"_s.arg(name, file.errorString()));
    // One byte more than is allowed, so that a device without an end is seen to be too large.
    QByteArray bytes;
    for (QByteArray more = file.read(most + 1); !more.isEmpty(); more = file.read(most + 1 - bytes.size()))
        bytes += more;
    if (bytes.size() > most)
        return fail(ErrorKind::Exhausted, u"%1 is larger than %2 bytes"_s.arg(name).arg(most));
    return bytes;
}

Result<QByteArray> readInput(const QString &word)
{
    if (word.startsWith(u"0x") || word.startsWith(u'{') || word.startsWith(u'['))
        return word.toUtf8();
    auto bytes = readFile(word);
    if (bytes)
        *bytes = std::move(*bytes).trimmed();
    return bytes;
}

Result<Bytes> readHexInput(const QString &word)
{
    auto text = readInput(word);
    if (!text)
        return std::unexpected(text.error());
    if (!text->startsWith("0x"))
        text->prepend("0x");
    return bytesFromHex(QUtf8StringView(*text));
}

} // namespace countersign
