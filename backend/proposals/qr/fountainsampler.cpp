#include "backend/proposals/qr/fountainsampler.h"

#include "backend/proposals/qr/xoshiro256.h"

#include <QtEndian>

#include <array>
#include <numeric>

namespace countersign {

// Every step here, also the order of additions, is part of the consensus: one that gives other roundings breaks it.
FountainSampler::FountainSampler(quint32 count)
    : m_probability(count)
    , m_alias(count)
{
    std::vector<double> scaled(count);
    for (quint32 i = 0; i < count; ++i)
        scaled[i] = 1.0 / (i + 1.0);
    const double sum = std::accumulate(scaled.begin(), scaled.end(), 0.0);
    for (double &value : scaled)
        value = value * count / sum;
    std::vector<quint32> small;
    std::vector<quint32> large;
    for (quint32 i = count; i-- > 0;)
        (scaled[i] < 1 ? small : large).push_back(i);
    while (!small.empty() && !large.empty()) {
        const quint32 less = small.back();
        const quint32 more = large.back();
        small.pop_back();
        large.pop_back();
        m_probability[less] = scaled[less];
        m_alias[less] = more;
        scaled[more] = scaled[more] + scaled[less] - 1;
        (scaled[more] < 1 ? small : large).push_back(more);
    }
    for (const quint32 rest : large)
        m_probability[rest] = 1;
    for (const quint32 rest : small)
        m_probability[rest] = 1;
}

std::vector<quint32> FountainSampler::indexes(quint32 number, quint32 checksum) const
{
    if (number <= count())
        return {number - 1};
    std::array<char, 8> seed;
    qToBigEndian(number, seed.data());
    qToBigEndian(checksum, seed.data() + 4);
    Xoshiro256 random(QByteArrayView(seed.data(), 8));
    const quint32 column = random.nextBelow(count());
    const quint32 degree = (random.nextDouble() < m_probability[column] ? column : m_alias[column]) + 1;
    std::vector<quint32> rest(count());
    std::iota(rest.begin(), rest.end(), 0U);
    std::vector<quint32> drawn;
    drawn.reserve(degree);
    while (drawn.size() < degree) {
        const auto at = rest.begin() + random.nextBelow(static_cast<quint32>(rest.size()));
        drawn.push_back(*at);
        rest.erase(at);
    }
    return drawn;
}

} // namespace countersign
