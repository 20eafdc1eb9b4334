#include "backend/evm/selector.h"

#include "backend/evm/abi.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QtEndian>

namespace countersign {

Selector Selector::ofSignature(QStringView canonicalSignature)
{
    const Hash32 hash = keccak256(canonicalSignature.toUtf8());
    return Selector(qFromBigEndian<quint32>(hash.view().data()));
}

Result<Selector> Selector::fromBytes(QByteArrayView bytes)
{
    if (bytes.size() != size)
        return fail(ErrorKind::Invalid, u"A selector has four bytes"_s, u"abi.selector"_s);
    return Selector(qFromBigEndian<quint32>(bytes.data()));
}

Result<Selector> Selector::leading(QByteArrayView data)
{
    if (data.size() < size)
        return fail(ErrorKind::Invalid, u"The data is shorter than a selector"_s, u"abi.truncated at byte "_s + QString::number(data.size()));
    return fromBytes(data.first(size));
}

Result<QByteArrayView> Selector::behind(QByteArrayView data) const
{
    const auto first = leading(data);
    if (!first)
        return std::unexpected(first.error());
    if (*first != *this)
        return abiFail(AbiFault::SelectorMismatch, 0);
    return data.sliced(size);
}

Bytes Selector::bytes() const
{
    Bytes bytes(size, Qt::Uninitialized);
    qToBigEndian(m_value, bytes.data());
    return bytes;
}

QString Selector::toString() const
{
    return toHex(bytes());
}

} // namespace countersign
