#include "backend/logs/logblock.h"

#include "backend/logs/linefinder.h"
#include "backend/relayer/logline.h"

#include <QString>

namespace countersign {

namespace {

constexpr std::chrono::seconds disorder{30};
constexpr qsizetype longestTime = 40; // bytes of an RFC 3339 time

size_t slotOf(quint32 group)
{
    return (group * 0x9e3779b1U) >> 17; // 15 bits
}

QByteArrayView lineAt(QByteArrayView lines, qsizetype from)
{
    const qsizetype end = lines.indexOf('\n', from);
    return lines.sliced(from, (end < 0 ? lines.size() : end) - from);
}

} // namespace

std::optional<Timestamp> timeOfLogLine(QByteArrayView line)
{
    static constexpr QByteArrayView key = "\"timestamp\"";
    qsizetype at = line.indexOf(key);
    if (at < 0)
        return std::nullopt;
    at += key.size();
    while (at < line.size() && (line[at] == ' ' || line[at] == ':' || line[at] == '\t'))
        ++at;
    if (at >= line.size() || line[at] != '"')
        return std::nullopt;
    const qsizetype end = line.indexOf('"', at + 1);
    if (end < 0 || end - at > longestTime)
        return std::nullopt;
    return parseLogTime(QString::fromLatin1(line.sliced(at + 1, end - at - 1)));
}

LogBlock::LogBlock(QByteArrayView lines)
{
    quint32 group = 0;
    qsizetype run = 0;
    for (const char byte : lines) {
        const auto lower = static_cast<quint32>(lowerAscii(static_cast<uchar>(byte)));
        group = ((group << 8) | lower) & 0xffffff;
        if (++run < 3)
            continue;
        const size_t slot = slotOf(group);
        m_groups[slot / 64] |= quint64{1} << (slot % 64);
    }
    m_first = timeOfLogLine(lineAt(lines, 0));
    const qsizetype before = lines.size() < 2 ? -1 : lines.chopped(1).lastIndexOf('\n');
    m_last = timeOfLogLine(lineAt(lines, before + 1));
}

bool LogBlock::mayContain(QByteArrayView word) const
{
    for (qsizetype i = 2; i < word.size(); ++i) {
        const auto byte = [&word, i](qsizetype back) { return static_cast<quint32>(static_cast<uchar>(word[i - back])); };
        const size_t slot = slotOf((byte(2) << 16) | (byte(1) << 8) | byte(0));
        if ((m_groups[slot / 64] >> (slot % 64) & 1) == 0)
            return false;
    }
    return true;
}

bool LogBlock::mayLieIn(const std::optional<Timestamp> &from, const std::optional<Timestamp> &until) const
{
    if (!m_first || !m_last)
        return true;
    return (!from || *m_last + disorder >= *from) && (!until || *m_first - disorder < *until);
}

} // namespace countersign
