#include "backend/evm/rlpwriter.h"

#include <array>
#include <utility>

namespace countersign {

namespace {

// 0x80 or 0xc0 with the length: in the prefix itself up to 55, in the bytes behind it above.
class Prefix final {
public:
    Prefix(quint8 base, qsizetype length)
    {
        if (length <= 55) {
            m_bytes[0] = static_cast<char>(base + length);
            return;
        }
        qsizetype bytes = 0;
        for (auto rest = static_cast<quint64>(length); rest != 0; rest >>= 8)
            ++bytes;
        m_bytes[0] = static_cast<char>(base + 55 + bytes);
        for (qsizetype i = 0; i < bytes; ++i)
            m_bytes[static_cast<size_t>(bytes - i)] = static_cast<char>(static_cast<quint64>(length) >> (8 * i) & 0xff);
        m_size = bytes + 1;
    }

    QByteArrayView view() const { return {m_bytes.data(), m_size}; }

private:
    std::array<char, 9> m_bytes{};
    qsizetype m_size = 1;
};

} // namespace

void RlpWriter::bytes(QByteArrayView bytes)
{
    if (bytes.size() != 1 || static_cast<quint8>(bytes.front()) >= 0x80)
        m_out.append(Prefix(0x80, bytes.size()).view());
    m_out.append(bytes);
}

void RlpWriter::number(quint64 number)
{
    std::array<char, 8> digits{};
    for (size_t i = 0; i < digits.size(); ++i)
        digits[i] = static_cast<char>(number >> (8 * (7 - i)) & 0xff);
    bigEndian(digits);
}

void RlpWriter::number(const Uint256 &number)
{
    if (const auto small = number.toU64())
        return this->number(*small);
    bytes(number.toMinimalBigEndian());
}

void RlpWriter::bigEndian(QByteArrayView number)
{
    while (!number.isEmpty() && number.front() == '\0')
        number = number.sliced(1);
    bytes(number);
}

void RlpWriter::endList()
{
    Q_ASSERT(!m_lists.isEmpty());
    const qsizetype start = m_lists.last();
    m_lists.removeLast();
    m_out.insert(start, Prefix(0xc0, m_out.size() - start).view());
}

Bytes RlpWriter::take()
{
    Q_ASSERT(m_lists.isEmpty());
    return std::move(m_out);
}

} // namespace countersign
