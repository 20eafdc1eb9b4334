#include "backend/proposals/qr/urframe.h"

#include "backend/proposals/qr/bytewords.h"
#include "backend/proposals/qr/cbor.h"
#include "backend/types/strings.h"

#include <limits>
#include <optional>

namespace countersign {

namespace {

constexpr QByteArrayView prefix = "ur:bytes/";
constexpr qsizetype longestSequence = 21; // two numbers of 32 bits and a dash
constexpr qsizetype longest = prefix.size() + longestSequence + 1 + 2 * (UrLimits::wrapped + 4);

/// Decimal, without zeros before it.
std::optional<quint32> numberOf(QByteArrayView text)
{
    constexpr qsizetype digits = 10;
    if (text.isEmpty() || text.size() > digits || text.front() == '0')
        return std::nullopt;
    quint64 value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + static_cast<quint64>(c - '0');
    }
    return value > std::numeric_limits<quint32>::max() ? std::nullopt : std::optional(static_cast<quint32>(value));
}

Result<UrFrame> partFromText(QByteArrayView sequence, QByteArrayView body)
{
    const qsizetype dash = sequence.indexOf('-');
    const auto number = dash < 0 ? std::nullopt : numberOf(sequence.first(dash));
    const auto count = dash < 0 ? std::nullopt : numberOf(sequence.sliced(dash + 1));
    if (!number || !count)
        return fail(ErrorKind::Invalid, u"A frame does not say which of how many parts it is."_s);
    const auto cbor = fromBytewords(body);
    if (!cbor)
        return std::unexpected(cbor.error());
    auto part = fountainPartFromCbor(*cbor);
    if (!part)
        return std::unexpected(part.error());
    if (part->number != *number || part->count != *count)
        return fail(ErrorKind::Invalid,
            u"A frame says that it is part %1 of %2, and holds part %3 of %4."_s.arg(*number)
                .arg(*count)
                .arg(part->number)
                .arg(part->count));
    return UrFrame(*std::move(part));
}

} // namespace

Bytes wrapMessage(QByteArrayView message)
{
    Bytes cbor;
    cbor.reserve(message.size() + 5);
    appendCborHead(cbor, CborKind::ByteString, static_cast<quint64>(message.size()));
    return cbor.append(message);
}

Result<Bytes> unwrapMessage(QByteArrayView cbor)
{
    CborReader reader(cbor);
    const auto message = reader.readByteString(UrLimits::message);
    if (!message)
        return std::unexpected(message.error());
    if (const auto end = reader.end(); !end)
        return std::unexpected(end.error());
    if (message->isEmpty())
        return fail(ErrorKind::Invalid, u"The message is empty."_s);
    return message->toByteArray();
}

QByteArray toUr(const UrFrame &frame)
{
    if (const auto *whole = std::get_if<UrWhole>(&frame))
        return prefix.toByteArray() + toBytewords(wrapMessage(whole->message));
    const auto &part = std::get<FountainPart>(frame);
    return prefix.toByteArray() + QByteArray::number(part.number) + '-' + QByteArray::number(part.count) + '/'
        + toBytewords(toCbor(part));
}

Result<UrFrame> urFrameFromText(QByteArrayView text)
{
    if (text.size() > longest)
        return fail(
            ErrorKind::Exhausted, u"A frame has %1 characters, at most %2 are taken."_s.arg(text.size()).arg(longest));
    if (text.first(std::min(text.size(), prefix.size())).compare(prefix, Qt::CaseInsensitive) != 0)
        return fail(ErrorKind::Invalid, u"This is no frame of a message: it does not begin with ur:bytes/."_s);
    const QByteArrayView path = text.sliced(prefix.size());
    const qsizetype slash = path.indexOf('/');
    if (slash >= 0)
        return partFromText(path.first(slash), path.sliced(slash + 1));
    const auto cbor = fromBytewords(path);
    if (!cbor)
        return std::unexpected(cbor.error());
    auto message = unwrapMessage(*cbor);
    if (!message)
        return std::unexpected(message.error());
    return UrFrame(UrWhole{*std::move(message)});
}

} // namespace countersign
