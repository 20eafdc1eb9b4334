#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace countersign {

/// Finds a word in many bytes without regard to the case of ASCII letters: the two rarest bytes of the word are compared
/// many at once, the word itself only where both are there.
class LineFinder final {
public:
    /// \a word is not empty.
    explicit LineFinder(const QByteArray &word);

    /// Where it begins, at or after \a from; -1 when it is not there.
    [[nodiscard]] qsizetype find(QByteArrayView text, qsizetype from = 0) const;
    [[nodiscard]] bool isIn(QByteArrayView text) const { return find(text) >= 0; }
    [[nodiscard]] const QByteArray &word() const { return m_word; } ///< in lower case

private:
    [[nodiscard]] bool isAt(const char *text) const;

    QByteArray m_word;
    qsizetype m_first = 0; // the places of the two rare bytes, m_first <= m_second
    qsizetype m_second = 0;
};

/// ASCII letters in lower case, all else as it is.
[[nodiscard]] inline uchar lowerAscii(uchar byte)
{
    return byte >= 'A' && byte <= 'Z' ? byte + 0x20 : byte;
}

} // namespace countersign
