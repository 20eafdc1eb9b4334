#include "backend/logs/linefinder.h"

#include <algorithm>
#include <cstring>

namespace countersign {

namespace {

constexpr qsizetype lanes = 16; // what every x86-64 and every arm64 has
constexpr qsizetype stride = 2 * lanes;
using Vector = uchar __attribute__((vector_size(lanes)));
using Words = quint64 __attribute__((vector_size(lanes)));

bool isLetter(uchar byte)
{
    return byte >= 'a' && byte <= 'z';
}

// How often a byte stands in logs of JSON lines, roughly; lower is rarer.
int commonness(uchar byte)
{
    static const QByteArray common = "\"etaoinsrdlc";
    if (byte >= '0' && byte <= '9')
        return 60;
    if (byte == ':' || byte == ',' || byte == ' ' || byte == '-')
        return 70;
    if (common.contains(static_cast<char>(byte)))
        return 80;
    if (byte >= 'a' && byte <= 'f')
        return 65;
    return isLetter(byte) ? 30 : 10;
}

Vector loaded(const char *from)
{
    Vector out;
    std::memcpy(&out, from, sizeof out);
    return out;
}

bool isAnySet(Vector mask)
{
    Words words;
    std::memcpy(&words, &mask, sizeof words);
    return (words[0] | words[1]) != 0;
}

} // namespace

LineFinder::LineFinder(const QByteArray &word)
    : m_word(word)
{
    for (char &byte : m_word)
        byte = static_cast<char>(lowerAscii(static_cast<uchar>(byte)));
    const auto commonnessAt = [this](qsizetype at) { return commonness(static_cast<uchar>(m_word[at])); };
    for (qsizetype i = 1; i < m_word.size(); ++i) {
        if (commonnessAt(i) < commonnessAt(m_first))
            m_first = i;
    }
    m_second = m_first == 0 ? m_word.size() - 1 : 0;
    for (qsizetype i = 0; i < m_word.size(); ++i) {
        if (i != m_first && commonnessAt(i) < commonnessAt(m_second))
            m_second = i;
    }
    if (m_second < m_first)
        std::swap(m_first, m_second);
}

bool LineFinder::isAt(const char *text) const
{
    for (qsizetype i = 0; i < m_word.size(); ++i) {
        if (lowerAscii(static_cast<uchar>(text[i])) != static_cast<uchar>(m_word[i]))
            return false;
    }
    return true;
}

qsizetype LineFinder::find(QByteArrayView text, qsizetype from) const
{
    const char *const data = text.data();
    const qsizetype last = text.size() - m_word.size(); // where it could begin at the latest
    const auto first = static_cast<uchar>(m_word[m_first]);
    const auto second = static_cast<uchar>(m_word[m_second]);
    // Setting the bit of the case maps some other bytes on letters as well; isAt() decides.
    const auto caseOfFirst = static_cast<uchar>(isLetter(first) ? 0x20 : 0);
    const auto caseOfSecond = static_cast<uchar>(isLetter(second) ? 0x20 : 0);
    qsizetype at = from;
    const auto candidates = [&](const char *from16) {
        const Vector a = (loaded(from16 + m_first) | caseOfFirst) == first;
        const Vector b = (loaded(from16 + m_second) | caseOfSecond) == second;
        return a & b;
    };
    for (; at + m_second + stride <= text.size() && at <= last; at += stride) {
        const Vector low = candidates(data + at);
        const Vector high = candidates(data + at + lanes);
        if (!isAnySet(low | high))
            continue;
        for (qsizetype lane = 0; lane < stride && at + lane <= last; ++lane) {
            if ((lane < lanes ? low[lane] : high[lane - lanes]) != 0 && isAt(data + at + lane))
                return at + lane;
        }
    }
    for (; at <= last; ++at) {
        if (isAt(data + at))
            return at;
    }
    return -1;
}

} // namespace countersign
