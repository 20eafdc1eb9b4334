#include "app/cli/commands/input.h"

#include "backend/types/strings.h"

#include <QFile>
#include <QFileInfo>

namespace countersign {

Result<QByteArray> readInput(const QString &word)
{
    if (word.startsWith(u"0x") || word.startsWith(u'{') || word.startsWith(u'['))
        return word.toUtf8();
    QFile file(word);
    const bool isStandard = word == u"-";
    if (!isStandard && QFileInfo(word).isDir())
        return fail(ErrorKind::Invalid, u"%1 is a folder; a file is needed"_s.arg(word));
    if (!(isStandard ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly)))
        return fail(ErrorKind::NotFound, u"%1 cannot be read: %2"_s.arg(word, file.errorString()));
    // One byte more than is allowed, so that a device without an end is seen to be too large.
    const QByteArray bytes = file.read(largestInput + 1);
    if (bytes.size() > largestInput)
        return fail(ErrorKind::Exhausted, u"%1 is larger than %2 bytes"_s.arg(word).arg(largestInput));
    return bytes.trimmed();
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
