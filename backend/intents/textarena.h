#pragma once

#include <QByteArrayView>
#include <QString>

#include <memory>
#include <vector>

namespace countersign {

/// Append-only UTF-8 texts, each named by a 32-bit position. Position 0 is the empty text.
class TextArena final
{
public:
    static constexpr qsizetype longestText = 255; ///< bytes

    TextArena();

    /// Longer texts are cut at a character's edge.
    quint32 append(QByteArrayView text);
    QByteArrayView at(quint32 position) const;
    std::size_t bytes() const { return m_chunks.size() * chunkSize; }

private:
    static constexpr std::size_t chunkBits = 18;
    static constexpr std::size_t chunkSize = std::size_t(1) << chunkBits;
    std::vector<std::unique_ptr<char[]>> m_chunks;
    std::size_t m_used = chunkSize;
};

} // namespace countersign
