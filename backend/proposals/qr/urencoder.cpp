#include "backend/proposals/qr/urencoder.h"

#include "backend/proposals/qr/bytewords.h"
#include "backend/proposals/qr/crc32.h"
#include "backend/proposals/qr/urframe.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype divideUp(qsizetype value, qsizetype by)
{
    return (value + by - 1) / by;
}

} // namespace

Result<UrEncoder> UrEncoder::create(QByteArrayView message, int fragment)
{
    if (message.isEmpty())
        return fail(ErrorKind::Invalid, u"An empty message cannot be shown."_s);
    if (message.size() > UrLimits::message)
        return fail(ErrorKind::Exhausted,
            u"The message has %1 bytes, at most %2 can be shown."_s.arg(message.size()).arg(UrLimits::message));
    if (fragment < smallestFragment || fragment > largestFragment)
        return fail(ErrorKind::Invalid,
            u"A frame carries %1 to %2 bytes, not %3."_s.arg(smallestFragment).arg(largestFragment).arg(fragment));
    Bytes wrapped = wrapMessage(message);
    // As few fragments as the size allows, all of one size.
    const qsizetype size = divideUp(wrapped.size(), divideUp(wrapped.size(), fragment));
    if (const qsizetype count = divideUp(wrapped.size(), size); count > UrLimits::parts)
        return fail(ErrorKind::Exhausted,
            u"The message would take %1 frames, at most %2 are read: let each carry more."_s.arg(count).arg(
                UrLimits::parts));
    return UrEncoder(message, std::move(wrapped), static_cast<quint32>(size));
}

UrEncoder::UrEncoder(QByteArrayView message, Bytes wrapped, quint32 fragment)
    : m_messageSize(message.size())
    , m_hash(keccak256(message))
    , m_wrapped(std::move(wrapped))
    , m_wrappedSize(m_wrapped.size())
    , m_fragment(fragment)
    , m_checksum(crc32(m_wrapped))
    , m_sampler(static_cast<quint32>(divideUp(m_wrappedSize, m_fragment)))
{
    m_wrapped.append(m_fragment * partCount() - m_wrappedSize, '\0');
}

QByteArray UrEncoder::frame(quint32 number) const
{
    Q_ASSERT(number > 0);
    if (partCount() == 1)
        return toUr(UrWhole{m_wrapped.last(m_messageSize)});
    FountainPart part{.number = number,
        .count = partCount(),
        .messageSize = static_cast<quint32>(m_wrappedSize),
        .checksum = m_checksum,
        .data = Bytes(m_fragment, '\0')};
    for (const quint32 index : m_sampler.indexes(number, m_checksum)) {
        const char *fragment = m_wrapped.constData() + m_fragment * index;
        std::transform(part.data.cbegin(), part.data.cend(), fragment, part.data.begin(),
            [](char a, char b) { return static_cast<char>(a ^ b); });
    }
    return toUr(part);
}

} // namespace countersign
