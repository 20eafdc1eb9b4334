#include "backend/evm/storagekeys.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype longestText = 256; // as a key of a mapping nobody uses a longer one
constexpr qsizetype mostWordsOfOneCall = 64;

} // namespace

void StorageKeys::add(const Address &address)
{
    Bytes word(Hash32::size - Address::size, '\0');
    word.append(address.view());
    add(Hash32::fromDigest(word));
}

void StorageKeys::add(const Uint256 &number)
{
    add(Hash32::fromDigest(number.toBigEndian()));
}

void StorageKeys::add(const Hash32 &word)
{
    if (m_words.size() < maxWords && m_known.insert(word).second)
        m_words.push_back(word);
}

void StorageKeys::addText(const Bytes &text)
{
    if (m_texts.size() < maxTexts && text.size() <= longestText && std::ranges::find(m_texts, text) == m_texts.end())
        m_texts.push_back(text);
}

void StorageKeys::addWords(QByteArrayView data)
{
    const qsizetype count = std::min(data.size() / Hash32::size, mostWordsOfOneCall);
    for (qsizetype i = 0; i < count; ++i) {
        const QByteArrayView word = data.sliced(i * Hash32::size, Hash32::size);
        add(Hash32::fromDigest(word));
        // A length with so many bytes behind it may be a text.
        const auto length = Uint256::fromBigEndian(word)->toU64().value_or(0);
        const QByteArrayView rest = data.sliced((i + 1) * Hash32::size);
        if (length > 0 && length <= static_cast<quint64>(std::min(longestText, rest.size())))
            addText(rest.first(static_cast<qsizetype>(length)).toByteArray());
    }
}

void StorageKeys::addCalldata(QByteArrayView calldata)
{
    if (calldata.size() > Selector::size)
        addWords(calldata.sliced(Selector::size));
}

void StorageKeys::addTrace(const CallTrace &trace)
{
    for (const CallFrame &frame : trace.frames) {
        add(frame.from);
        add(frame.to.value_or(frame.from));
    }
    // Creation code is no list of words.
    for (const CallFrame &frame : trace.frames) {
        if (frame.selector())
            addCalldata(frame.input);
    }
    addLogs(trace.logs);
}

void StorageKeys::addLogs(std::span<const EvmLog> logs)
{
    for (const EvmLog &log : logs) {
        for (size_t i = 1; i < log.topics.size(); ++i)
            add(log.topics[i]);
        addWords(log.data);
    }
}

} // namespace countersign
