#pragma once

#include "backend/evm/calltrace.h"

#include <set>
#include <span>
#include <vector>

namespace countersign {

/// What may be a key of a mapping. A slot of a mapping is a hash, so that its key can only be guessed and tried; good
/// guesses are the addresses and words that a call was made with.
class StorageKeys final {
public:
    static constexpr size_t maxWords = 256; ///< what is added later is left out
    static constexpr size_t maxTexts = 64;

    void add(const Address &address);
    void add(const Uint256 &number);
    void add(const Hash32 &word);
    /// For mappings from string or bytes.
    void addText(const Bytes &text);
    /// Every word behind the selector, and what stands there as bytes.
    void addCalldata(QByteArrayView calldata);
    /// Everything that the calls and logs of a trace hold: addresses, arguments, topics.
    void addTrace(const CallTrace &trace);
    void addLogs(std::span<const EvmLog> logs);

    /// As they enter the hash: numbers and addresses to the right of their word.
    const std::vector<Hash32> &words() const { return m_words; }
    const std::vector<Bytes> &texts() const { return m_texts; }

private:
    void addWords(QByteArrayView data);

    std::vector<Hash32> m_words;
    std::set<Hash32> m_known;
    std::vector<Bytes> m_texts;
};

} // namespace countersign
