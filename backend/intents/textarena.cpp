#include "backend/intents/textarena.h"

#include <cstring>

namespace countersign {

TextArena::TextArena()
{
    append({});
}

quint32 TextArena::append(QByteArrayView text)
{
    if (!m_chunks.empty() && text.isEmpty())
        return 0;
    qsizetype length = std::min(text.size(), longestText);
    while (length < text.size() && length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
        --length;
    const auto size = static_cast<std::size_t>(length);
    if (m_used + size + 1 > chunkSize) {
        // 4 GiB of ids are behind us only after some hundred million intents: the text is then lost, the row is not.
        if (m_chunks.size() >= (std::size_t(1) << (32 - chunkBits)))
            return 0;
        m_chunks.push_back(std::make_unique_for_overwrite<char[]>(chunkSize));
        m_used = 0;
    }
    const std::size_t position = ((m_chunks.size() - 1) << chunkBits) + m_used;
    char *at = m_chunks.back().get() + m_used;
    *at = static_cast<char>(static_cast<unsigned char>(size));
    if (size > 0)
        std::memcpy(at + 1, text.data(), size);
    m_used += size + 1;
    return static_cast<quint32>(position);
}

QByteArrayView TextArena::at(quint32 position) const
{
    const char *at = m_chunks[position >> chunkBits].get() + (position & (chunkSize - 1));
    return {at + 1, static_cast<qsizetype>(static_cast<unsigned char>(*at))};
}

} // namespace countersign
