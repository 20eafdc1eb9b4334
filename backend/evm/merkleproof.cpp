#include "backend/evm/merkleproof.h"

#include "backend/evm/rlpreader.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <array>

namespace countersign {

namespace {

std::unexpected<Error> bad(const QString &what, QLatin1StringView code, qsizetype node, ErrorKind kind = ErrorKind::Invalid)
{
    const QString number = QString::number(node);
    return fail(kind, u"The proof does not hold: "_s + what + u" (node "_s + number + u")."_s, code + u" node "_s + number);
}

using Item = RlpReader::Item;

// Whether all that lies inside a list is canonical. Only for nodes inside nodes, so at most 31 levels.
bool isCanonicalInside(QByteArrayView list)
{
    for (RlpReader reader(list); !reader.atEnd();) {
        const auto item = reader.next();
        if (!item || (item->isList && !isCanonicalInside(item->content)))
            return false;
    }
    return true;
}

constexpr int branchSize = 17;
constexpr qsizetype hashSize = 32;

// The key as half bytes.
class Path final {
public:
    explicit Path(QByteArrayView key) : m_key(key) {}

    qsizetype left() const { return m_key.size() * 2 - m_at; }
    bool isAtEnd() const { return left() == 0; }
    int take()
    {
        const int nibble = nibbleOf(m_key, m_at);
        ++m_at;
        return nibble;
    }
    // Takes the nibbles of `other` from nibble `from` on, if the path goes on with them.
    bool takeSame(QByteArrayView other, qsizetype from)
    {
        const qsizetype count = other.size() * 2 - from;
        if (count > left())
            return false;
        for (qsizetype i = 0; i < count; ++i) {
            if (nibbleOf(m_key, m_at + i) != nibbleOf(other, from + i))
                return false;
        }
        m_at += count;
        return true;
    }

private:
    static int nibbleOf(QByteArrayView bytes, qsizetype index)
    {
        const auto byte = static_cast<quint8>(bytes[index / 2]);
        return index % 2 == 0 ? byte >> 4 : byte & 0x0f;
    }

    QByteArrayView m_key;
    qsizetype m_at = 0;
};

class Walk final {
public:
    Walk(QByteArrayView key, std::span<const Bytes> proof)
        : m_path(key)
        , m_proof(proof)
    {
    }

    Result<std::optional<Bytes>> from(const Hash32 &root)
    {
        if (m_proof.empty()) {
            if (root == emptyTrieRoot())
                return std::nullopt;
            return bad(u"it has no node"_s, "mpt.truncated"_L1, 0);
        }
        if (root == emptyTrieRoot() && m_proof.front() == "\x80") {
            ++m_next;
            return finished(std::nullopt);
        }
        Result<QByteArrayView> node = named(root.view());
        // Each turn takes a nibble of the key or ends: an extension takes one at least, and so does a branch.
        while (node) {
            auto step = enter(*node);
            if (!step)
                return std::unexpected(step.error());
            if (step->ends)
                return finished(std::move(step->value));
            node = std::move(step->next);
        }
        return std::unexpected(node.error());
    }

private:
    struct Step {
        bool ends = false;
        std::optional<Bytes> value = {};
        Result<QByteArrayView> next = QByteArrayView();
    };

    qsizetype index() const { return static_cast<qsizetype>(m_next) - 1; }

    Result<std::optional<Bytes>> finished(std::optional<Bytes> value) const
    {
        if (m_next != m_proof.size())
            return bad(u"further nodes follow after its end"_s, "mpt.extra"_L1, static_cast<qsizetype>(m_next));
        return value;
    }

    // The next node of the proof, which must have this hash.
    Result<QByteArrayView> named(QByteArrayView hash)
    {
        if (m_next >= m_proof.size())
            return bad(u"it ends before the key does"_s, "mpt.truncated"_L1, static_cast<qsizetype>(m_next));
        const Bytes &node = m_proof[m_next++];
        if (keccak256(node).view() != hash)
            return bad(u"the node is not the one named above it"_s, "mpt.hash"_L1, index(), ErrorKind::Corrupt);
        return QByteArrayView(node);
    }

    Result<QByteArrayView> child(const Item &reference)
    {
        if (!reference.isList)
            return named(reference.content);
        if (m_next < m_proof.size() && reference.whole == m_proof[m_next])
            ++m_next; // the node inside its parent, written once more
        return reference.whole;
    }

    // A child is nothing, the hash of a node, or a node that is shorter than a hash.
    static bool isReference(const Item &item)
    {
        if (!item.isList)
            return item.content.isEmpty() || item.content.size() == hashSize;
        return item.whole.size() < hashSize && isCanonicalInside(item.content);
    }

    Result<Step> enter(QByteArrayView node)
    {
        RlpReader outer(node);
        const auto list = outer.next();
        if (!list || !list->isList || !outer.atEnd())
            return bad(u"the node is no list in canonical RLP"_s, "mpt.rlp"_L1, index());
        std::array<Item, branchSize> items;
        size_t count = 0;
        for (RlpReader inner(list->content); !inner.atEnd();) {
            const auto item = inner.next();
            if (!item || count == branchSize)
                return bad(u"the node is no list of 2 or 17 items in canonical RLP"_s, "mpt.rlp"_L1, index());
            items[count++] = *item;
        }
        if (count == branchSize)
            return enterBranch(items);
        if (count == 2)
            return enterShort(items[0], items[1]);
        return bad(u"the node has neither 2 nor 17 items"_s, "mpt.node"_L1, index());
    }

    Result<Step> enterBranch(const std::array<Item, branchSize> &items)
    {
        m_belowExtension = false;
        int used = 0;
        for (size_t i = 0; i + 1 < branchSize; ++i) {
            if (!isReference(items[i]))
                return bad(u"a branch names a child by neither hash nor node"_s, "mpt.child"_L1, index());
            used += items[i].isList || !items[i].content.isEmpty();
        }
        const Item &value = items.back();
        if (value.isList)
            return bad(u"the value of a branch is a list"_s, "mpt.value"_L1, index());
        used += !value.content.isEmpty();
        if (used < 2)
            return bad(u"a branch has fewer than two ways"_s, "mpt.branch"_L1, index());
        if (m_path.isAtEnd())
            return Step{.ends = true, .value = value.content.isEmpty() ? std::nullopt : std::optional(value.content.toByteArray())};
        const Item &next = items[static_cast<size_t>(m_path.take())];
        if (!next.isList && next.content.isEmpty())
            return Step{.ends = true};
        return Step{.next = child(next)};
    }

    // Extension or leaf: the hex prefix says which, and whether the path has an odd count of nibbles (appendix C).
    Result<Step> enterShort(const Item &path, const Item &second)
    {
        if (path.isList || path.content.isEmpty())
            return bad(u"a path is missing"_s, "mpt.path"_L1, index());
        const auto first = static_cast<quint8>(path.content.front());
        const int flag = first >> 4;
        if (flag > 3 || (flag % 2 == 0 && (first & 0x0f) != 0))
            return bad(u"a path has a wrong prefix"_s, "mpt.path"_L1, index());
        const bool isLeaf = flag >= 2;
        const qsizetype from = flag % 2 == 0 ? 2 : 1;
        if (m_belowExtension)
            return bad(u"below an extension stands no branch"_s, "mpt.extension"_L1, index());
        if (isLeaf) {
            if (second.isList || second.content.isEmpty())
                return bad(u"a leaf has no value"_s, "mpt.value"_L1, index());
            const bool isOurs = path.content.size() * 2 - from == m_path.left() && m_path.takeSame(path.content, from);
            return Step{.ends = true, .value = isOurs ? std::optional(second.content.toByteArray()) : std::nullopt};
        }
        if (path.content.size() * 2 == from)
            return bad(u"an extension has no path"_s, "mpt.path"_L1, index());
        if (!isReference(second) || (!second.isList && second.content.isEmpty()))
            return bad(u"an extension names no child"_s, "mpt.child"_L1, index());
        if (!m_path.takeSame(path.content, from))
            return Step{.ends = true};
        m_belowExtension = true;
        return Step{.next = child(second)};
    }

    Path m_path;
    std::span<const Bytes> m_proof;
    size_t m_next = 0;
    bool m_belowExtension = false;
};

// A number as a trie holds it: big-endian without leading zeros.
std::optional<Uint256> takeNumber(RlpReader &reader)
{
    const auto item = reader.next();
    if (!item || item->isList || item->content.size() > hashSize || (!item->content.isEmpty() && item->content.front() == '\0'))
        return std::nullopt;
    return Uint256::fromBigEndian(item->content).value();
}

std::optional<Hash32> takeHash(RlpReader &reader)
{
    const auto item = reader.next();
    return item && !item->isList && item->content.size() == hashSize ? std::optional(Hash32::fromDigest(item->content)) : std::nullopt;
}

} // namespace

const Hash32 &emptyTrieRoot()
{
    static const Hash32 root = keccak256("\x80");
    return root;
}

Result<std::optional<Bytes>> verifyTrieProof(const Hash32 &root, QByteArrayView key, std::span<const Bytes> proof, const TrieLimits &limits)
{
    qsizetype total = 0;
    for (const Bytes &node : proof)
        total += node.size();
    // A path has no more nodes than nibbles, and one; a proof may hold each once.
    if (key.size() > limits.maxKeyBytes || total > limits.maxProofBytes || static_cast<qsizetype>(proof.size()) > key.size() * 2 + 1)
        return fail(ErrorKind::Exhausted, u"The proof is larger than any that a key of this length has."_s, u"mpt.limit"_s);
    return Walk(key, proof).from(root);
}

Result<AccountState> accountStateFromRlp(QByteArrayView rlp)
{
    const auto wrong = [] { return fail(ErrorKind::Invalid, u"The trie holds no account at this address."_s, u"mpt.account"_s); };
    RlpReader outer(rlp);
    const auto list = outer.next();
    if (!list || !list->isList || !outer.atEnd())
        return wrong();
    RlpReader reader(list->content);
    const auto nonce = takeNumber(reader);
    const auto balance = takeNumber(reader);
    const auto storageRoot = takeHash(reader);
    const auto codeHash = takeHash(reader);
    const auto smallNonce = nonce ? nonce->toU64() : std::nullopt;
    if (!smallNonce || !balance || !storageRoot || !codeHash || !reader.atEnd())
        return wrong();
    return AccountState{.nonce = Nonce(*smallNonce), .balance = *balance, .storageRoot = *storageRoot, .codeHash = *codeHash};
}

Result<std::optional<AccountState>> verifyAccountProof(const Hash32 &stateRoot, const Address &account, std::span<const Bytes> proof)
{
    const auto value = verifyTrieProof(stateRoot, keccak256(account.view()).view(), proof);
    if (!value)
        return std::unexpected(value.error());
    if (!*value)
        return std::nullopt;
    const auto state = accountStateFromRlp(**value);
    if (!state)
        return std::unexpected(state.error());
    return *state;
}

Result<Uint256> verifyStorageProof(const Hash32 &storageRoot, const Hash32 &slot, std::span<const Bytes> proof)
{
    const auto value = verifyTrieProof(storageRoot, keccak256(slot.view()).view(), proof);
    if (!value)
        return std::unexpected(value.error());
    if (!*value)
        return Uint256();
    RlpReader reader(**value);
    const auto number = takeNumber(reader);
    if (!number || number->isZero() || !reader.atEnd()) // a word that is zero is not stored
        return fail(ErrorKind::Invalid, u"The trie holds no storage word at this slot."_s, u"mpt.storage"_s);
    return *number;
}

} // namespace countersign
