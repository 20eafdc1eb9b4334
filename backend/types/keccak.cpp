#include "backend/types/keccak.h"

#include <QtEndian>

#include <array>
#include <bit>
#include <cstring>

// The sponge of "The Keccak reference" (version 3.0), with 1,600 bits of state, 1,088 of them taking input, and the
// padding 10*1. Written out because every signature and every address waits for it: Qt's, which serves all widths and
// answers with a byte array, takes a third longer.
namespace countersign {

namespace {

constexpr size_t rateBytes = 136;
constexpr size_t rateLanes = rateBytes / 8;

using State = std::array<quint64, 25>; // lane x, y at x + 5 y

constexpr std::array<quint64, 24> roundConstants = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
    0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
    0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

// One row of the state behind pi, from five lanes that theta and rho are applied to on the way, and chi on top.
template<size_t Row, size_t A, int RotA, size_t B, int RotB, size_t C, int RotC, size_t D, int RotD, size_t E, int RotE>
inline void row(const State &in, const std::array<quint64, 5> &theta, State &out)
{
    const quint64 a = std::rotl(in[A] ^ theta[A % 5], RotA);
    const quint64 b = std::rotl(in[B] ^ theta[B % 5], RotB);
    const quint64 c = std::rotl(in[C] ^ theta[C % 5], RotC);
    const quint64 d = std::rotl(in[D] ^ theta[D % 5], RotD);
    const quint64 e = std::rotl(in[E] ^ theta[E % 5], RotE);
    out[Row + 0] = a ^ (~b & c);
    out[Row + 1] = b ^ (~c & d);
    out[Row + 2] = c ^ (~d & e);
    out[Row + 3] = d ^ (~e & a);
    out[Row + 4] = e ^ (~a & b);
}

inline void round(const State &in, State &out, quint64 constant)
{
    std::array<quint64, 5> parity;
    for (size_t x = 0; x < 5; ++x)
        parity[x] = in[x] ^ in[x + 5] ^ in[x + 10] ^ in[x + 15] ^ in[x + 20];
    std::array<quint64, 5> theta;
    for (size_t x = 0; x < 5; ++x)
        theta[x] = parity[(x + 4) % 5] ^ std::rotl(parity[(x + 1) % 5], 1);
    row<0, 0, 0, 6, 44, 12, 43, 18, 21, 24, 14>(in, theta, out);
    row<5, 3, 28, 9, 20, 10, 3, 16, 45, 22, 61>(in, theta, out);
    row<10, 1, 1, 7, 6, 13, 25, 19, 8, 20, 18>(in, theta, out);
    row<15, 4, 27, 5, 36, 11, 10, 17, 15, 23, 56>(in, theta, out);
    row<20, 2, 62, 8, 55, 14, 39, 15, 41, 21, 2>(in, theta, out);
    out[0] ^= constant;
}

void permute(State &state)
{
    State other;
    for (size_t i = 0; i < roundConstants.size(); i += 2) {
        round(state, other, roundConstants[i]);
        round(other, state, roundConstants[i + 1]);
    }
}

void absorb(State &state, const char *block)
{
    for (size_t i = 0; i < rateLanes; ++i)
        state[i] ^= qFromLittleEndian<quint64>(block + i * 8);
    permute(state);
}

} // namespace

Hash32 keccak256(QByteArrayView data)
{
    State state{};
    const char *at = data.data();
    auto left = static_cast<size_t>(data.size());
    for (; left >= rateBytes; left -= rateBytes, at += rateBytes)
        absorb(state, at);
    std::array<char, rateBytes> last{};
    if (left > 0)
        std::memcpy(last.data(), at, left);
    last[left] = 1;
    last.back() = static_cast<char>(last.back() | '\x80');
    absorb(state, last.data());
    std::array<char, Hash32::size> digest;
    for (size_t i = 0; i < 4; ++i)
        qToLittleEndian(state[i], digest.data() + i * 8);
    return Hash32::fromDigest(QByteArrayView(digest.data(), Hash32::size));
}

} // namespace countersign
