#pragma once

#include <QByteArrayView>

#include <array>

namespace countersign {

/// Xoshiro256** (Blackman, Vigna 2018), seeded with the SHA-256 of something: the numbers that both sides of a fountain
/// code agree on (BCR-2024-001). Not for secrets.
class Xoshiro256 final {
public:
    explicit Xoshiro256(QByteArrayView seed);

    quint64 next();
    double nextDouble(); ///< in [0, 1)
    quint32 nextBelow(quint32 limit); ///< in [0, limit)

private:
    std::array<quint64, 4> m_state;
};

} // namespace countersign
