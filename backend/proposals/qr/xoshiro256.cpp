#include "backend/proposals/qr/xoshiro256.h"

#include <QCryptographicHash>
#include <QtEndian>

#include <algorithm>
#include <bit>

namespace countersign {

Xoshiro256::Xoshiro256(QByteArrayView seed)
{
    const QByteArray digest = QCryptographicHash::hash(seed.toByteArray(), QCryptographicHash::Sha256);
    for (size_t i = 0; i < m_state.size(); ++i)
        m_state[i] = qFromBigEndian<quint64>(digest.constData() + 8 * i);
}

quint64 Xoshiro256::next()
{
    auto &[a, b, c, d] = m_state;
    const quint64 result = std::rotl(b * 5, 7) * 9;
    const quint64 shifted = b << 17;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = std::rotl(d, 45);
    return result;
}

double Xoshiro256::nextDouble()
{
    constexpr double range = 18446744073709551616.0; // 2^64
    return static_cast<double>(next()) / range;
}

quint32 Xoshiro256::nextBelow(quint32 limit)
{
    // The largest numbers are rounded up to 1, in one case of 2^54.
    return std::min(static_cast<quint32>(nextDouble() * limit), limit - 1);
}

} // namespace countersign
