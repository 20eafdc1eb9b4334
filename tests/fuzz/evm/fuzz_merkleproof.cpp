#include "backend/evm/merkleproof.h"
#include "backend/evm/rlp.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/smalltrie.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;
using namespace countersign::testing;

namespace {

const SmallTrie &trie()
{
    static const SmallTrie known = [] {
        std::map<Bytes, Bytes> entries{{"do", "verb"}, {"dog", "puppy"}, {"doge", "coin"}, {"horse", "stallion"}};
        for (int i = 0; i < 200; ++i)
            entries[keccak256(QByteArray::number(i)).bytes()] = Bytes(1 + i % 60, static_cast<char>(i + 1));
        return SmallTrie(entries);
    }();
    return known;
}

// A real proof, with the input's bytes laid over it: what is accepted says the truth.
void mutateRealProof(QByteArrayView data)
{
    if (data.size() < 4)
        return;
    const int number = static_cast<quint8>(data[0]) | static_cast<quint8>(data[1]) << 8;
    const Bytes key = number < 4 ? std::array<Bytes, 4>{"do", "dog", "doge", "zebra"}.at(static_cast<size_t>(number)) : keccak256(QByteArray::number(number % 400)).bytes();
    std::vector<Bytes> proof = trie().proofOf(key);
    const std::vector<Bytes> untouched = proof;
    for (qsizetype at = 2; at + 2 < data.size(); at += 3) {
        Bytes &node = proof[static_cast<quint8>(data[at]) % proof.size()];
        if (!node.isEmpty()) {
            const qsizetype byte = static_cast<quint8>(data[at + 1]) % node.size();
            node[byte] = static_cast<char>(node[byte] ^ data[at + 2]);
        }
    }
    const auto value = verifyTrieProof(trie().root(), key, proof);
    if (value.has_value() != (proof == untouched))
        std::abort();
}

// Nodes made of the input, linked by their hashes: the checker must come to an end, and read no byte beyond.
void checkAnyNodes(QByteArrayView data)
{
    if (data.size() < 3)
        return;
    const qsizetype keySize = static_cast<quint8>(data[0]) % 33;
    QByteArrayView rest = data.sliced(1);
    const Bytes key = rest.first(qMin(keySize, rest.size())).toByteArray();
    rest = rest.sliced(key.size());
    std::vector<Bytes> proof;
    while (!rest.isEmpty() && proof.size() < 64) {
        const qsizetype length = qMin<qsizetype>(static_cast<quint8>(rest[0]) * 4, rest.size() - 1);
        proof.push_back(rest.sliced(1, length).toByteArray());
        rest = rest.sliced(1 + length);
    }
    if (proof.empty())
        return;
    const auto first = verifyTrieProof(keccak256(proof.front()), key, proof);
    // The real trie's root stands for no node of ours.
    const auto other = verifyTrieProof(trie().root(), key, proof);
    if (other && *other && trie().proofOf(key) != proof)
        std::abort();
    if (first && *first)
        static_cast<void>(accountStateFromRlp(**first));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    mutateRealProof(bytes);
    checkAnyNodes(bytes);
    return 0;
}
