#pragma once

#include "backend/evm/rlp.h"
#include "backend/types/keccak.h"

#include <map>

namespace countersign::testing {

/// A Merkle-Patricia trie made for tests, from the yellow paper's definition (appendix D): slow, and nothing but that.
class SmallTrie final {
public:
    enum class Inline { Omitted, Repeated }; ///< nodes below 32 bytes: inside their parent only, or once more

    explicit SmallTrie(const std::map<Bytes, Bytes> &entries)
        : m_values(entries)
    {
        for (const auto &[key, value] : entries)
            m_entries.push_back({nibbles(key), value});
        m_root = keccak256(m_entries.empty() ? Bytes("\x80") : rlpEncode(node(m_entries, 0)));
    }

    const Hash32 &root() const { return m_root; }
    Bytes value(const Bytes &key) const { return m_values.at(key); }

    std::vector<Bytes> proofOf(const Bytes &key, Inline inlined = Inline::Omitted) const
    {
        std::vector<Bytes> proof;
        if (!m_entries.empty())
            walk(m_entries, 0, nibbles(key), inlined, proof);
        return proof;
    }

private:
    struct Entry {
        Bytes path; // a nibble a byte
        Bytes value;
    };
    using Entries = std::vector<Entry>;

    static Bytes nibbles(const Bytes &key)
    {
        Bytes path;
        for (const char byte : key) {
            path += static_cast<char>(static_cast<quint8>(byte) >> 4);
            path += static_cast<char>(byte & 0x0f);
        }
        return path;
    }

    static RlpItem hexPrefix(const Bytes &path, bool isLeaf)
    {
        const bool isOdd = path.size() % 2 == 1;
        Bytes padded(1, static_cast<char>((isLeaf ? 2 : 0) + (isOdd ? 1 : 0)));
        if (!isOdd)
            padded += '\0';
        padded += path;
        Bytes bytes;
        for (qsizetype i = 0; i < padded.size(); i += 2)
            bytes += static_cast<char>(padded[i] << 4 | padded[i + 1]);
        return RlpItem(bytes);
    }

    static qsizetype common(const Entries &entries, qsizetype from)
    {
        qsizetype length = entries.front().path.size() - from;
        for (const Entry &entry : entries) {
            qsizetype same = 0;
            while (same < length && from + same < entry.path.size() && entry.path[from + same] == entries.front().path[from + same])
                ++same;
            length = same;
        }
        return length;
    }

    static Entries under(const Entries &entries, qsizetype from, int nibble)
    {
        Entries below;
        for (const Entry &entry : entries) {
            if (entry.path.size() > from && entry.path[from] == nibble)
                below.push_back(entry);
        }
        return below;
    }

    static RlpItem reference(const RlpItem &node)
    {
        const Bytes rlp = rlpEncode(node);
        return rlp.size() < 32 ? node : RlpItem(keccak256(rlp).bytes());
    }

    static RlpItem node(const Entries &entries, qsizetype from)
    {
        if (entries.size() == 1)
            return RlpItem(RlpItem::List{hexPrefix(entries.front().path.sliced(from), true), RlpItem(entries.front().value)});
        if (const qsizetype shared = common(entries, from); shared > 0) {
            const Bytes path = entries.front().path.sliced(from, shared);
            return RlpItem(RlpItem::List{hexPrefix(path, false), reference(node(entries, from + shared))});
        }
        RlpItem::List items(17);
        for (int nibble = 0; nibble < 16; ++nibble) {
            if (const Entries below = under(entries, from, nibble); !below.empty())
                items[static_cast<size_t>(nibble)] = reference(node(below, from + 1));
        }
        for (const Entry &entry : entries) {
            if (entry.path.size() == from)
                items[16] = RlpItem(entry.value);
        }
        return RlpItem(items);
    }

    static void walk(const Entries &entries, qsizetype from, const Bytes &path, Inline inlined, std::vector<Bytes> &proof)
    {
        const Bytes rlp = rlpEncode(node(entries, from));
        if (proof.empty() || rlp.size() >= 32 || inlined == Inline::Repeated)
            proof.push_back(rlp);
        if (entries.size() == 1)
            return;
        if (const qsizetype shared = common(entries, from); shared > 0) {
            if (path.sliced(qMin(from, path.size())).startsWith(entries.front().path.sliced(from, shared)))
                walk(entries, from + shared, path, inlined, proof);
            return;
        }
        if (path.size() == from)
            return;
        if (const Entries below = under(entries, from, path[from]); !below.empty())
            walk(below, from + 1, path, inlined, proof);
    }

    std::map<Bytes, Bytes> m_values;
    Entries m_entries;
    Hash32 m_root;
};

} // namespace countersign::testing
