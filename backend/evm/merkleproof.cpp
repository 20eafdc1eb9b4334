#include "backend/evm/merkleproof.h"

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

// An RLP item in place: nothing is copied.
struct Item {
    bool isList = false;
    QByteArrayView payload;
    QByteArrayView whole; // with its prefix
};

// The item at `at`, which moves behind it; absent when it is not canonical or does not fit.
std::optional<Item> takeItem(QByteArrayView data, qsizetype &at)
{
    if (at >= data.size())
        return std::nullopt;
    const qsizetype start = at;
    const auto prefix = static_cast<quint8>(data[at++]);
    if (prefix < 0x80)
        return Item{.payload = data.sliced(start, 1), .whole = data.sliced(start, 1)};
    const bool isList = prefix >= 0xc0;
    const int tag = prefix - (isList ? 0xc0 : 0x80);
    quint64 length = static_cast<quint64>(tag);
    if (tag > 55) {
        const int bytes = tag - 55;
        if (bytes > data.size() - at || data[at] == '\0')
            return std::nullopt;
        length = 0;
        for (int i = 0; i < bytes; ++i)
            length = length << 8 | static_cast<quint8>(data[at++]);
        if (length <= 55)
            return std::nullopt;
    }
    if (length > static_cast<quint64>(data.size() - at))
        return std::nullopt;
    const QByteArrayView payload = data.sliced(at, static_cast<qsizetype>(length));
    if (!isList && payload.size() == 1 && static_cast<quint8>(payload.front()) < 0x80)
        return std::nullopt;
    at += payload.size();
    return Item{.isList = isList, .payload = payload, .whole = data.sliced(start, at - start)};
}

// Whether all that lies inside a list is canonical. Only for nodes inside nodes, so at most 31 levels.
bool isCanonicalInside(QByteArrayView payload)
{
    for (qsizetype at = 0; at < payload.size();) {
        const auto item = takeItem(payload, at);
        if (!item || (item->isList && !isCanonicalInside(item->payload)))
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
            return named(reference.payload);
        if (m_next < m_proof.size() && reference.whole == m_proof[m_next])
            ++m_next; // the node inside its parent, written once more
        return reference.whole;
    }

    // A child is nothing, the hash of a node, or a node that is shorter than a hash.
    static bool isReference(const Item &item)
    {
        if (!item.isList)
            return item.payload.isEmpty() || item.payload.size() == hashSize;
        return item.whole.size() < hashSize && isCanonicalInside(item.payload);
    }

    Result<Step> enter(QByteArrayView node)
    {
        qsizetype end = 0;
        const auto list = takeItem(node, end);
        if (!list || !list->isList || end != node.size())
            return bad(u"the node is no list in canonical RLP"_s, "mpt.rlp"_L1, index());
        std::array<Item, branchSize> items;
        size_t count = 0;
        for (qsizetype at = 0; at < list->payload.size();) {
            const auto item = takeItem(list->payload, at);
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
            used += items[i].isList || !items[i].payload.isEmpty();
        }
        const Item &value = items.back();
        if (value.isList)
            return bad(u"the value of a branch is a list"_s, "mpt.value"_L1, index());
        used += !value.payload.isEmpty();
        if (used < 2)
            return bad(u"a branch has fewer than two ways"_s, "mpt.branch"_L1, index());
        if (m_path.isAtEnd())
            return Step{.ends = true, .value = value.payload.isEmpty() ? std::nullopt : std::optional(value.payload.toByteArray())};
        const Item &next = items[static_cast<size_t>(m_path.take())];
        if (!next.isList && next.payload.isEmpty())
            return Step{.ends = true};
        return Step{.next = child(next)};
    }

    // Extension or leaf: the hex prefix says which, and whether the path has an odd count of nibbles (appendix C).
    Result<Step> enterShort(const Item &path, const Item &second)
    {
        if (path.isList || path.payload.isEmpty())
            return bad(u"a path is missing"_s, "mpt.path"_L1, index());
        const auto first = static_cast<quint8>(path.payload.front());
        const int flag = first >> 4;
        if (flag > 3 || (flag % 2 == 0 && (first & 0x0f) != 0))
            return bad(u"a path has a wrong prefix"_s, "mpt.path"_L1, index());
        const bool isLeaf = flag >= 2;
        const qsizetype from = flag % 2 == 0 ? 2 : 1;
        if (m_belowExtension)
            return bad(u"below an extension stands no branch"_s, "mpt.extension"_L1, index());
        if (isLeaf) {
            if (second.isList || second.payload.isEmpty())
                return bad(u"a leaf has no value"_s, "mpt.value"_L1, index());
            const bool isOurs = path.payload.size() * 2 - from == m_path.left() && m_path.takeSame(path.payload, from);
            return Step{.ends = true, .value = isOurs ? std::optional(second.payload.toByteArray()) : std::nullopt};
        }
        if (path.payload.size() * 2 == from)
            return bad(u"an extension has no path"_s, "mpt.path"_L1, index());
        if (!isReference(second) || (!second.isList && second.payload.isEmpty()))
            return bad(u"an extension names no child"_s, "mpt.child"_L1, index());
        if (!m_path.takeSame(path.payload, from))
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
std::optional<Uint256> numberOf(const std::optional<Item> &item)
{
    if (!item || item->isList || item->payload.size() > hashSize || (!item->payload.isEmpty() && item->payload.front() == '\0'))
        return std::nullopt;
    return Uint256::fromBigEndian(item->payload).value();
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
    qsizetype end = 0;
    const auto list = takeItem(rlp, end);
    if (!list || !list->isList || end != rlp.size())
        return wrong();
    qsizetype at = 0;
    const auto nonce = numberOf(takeItem(list->payload, at));
    const auto balance = nonce ? numberOf(takeItem(list->payload, at)) : std::nullopt;
    const auto storage = balance ? takeItem(list->payload, at) : std::nullopt;
    const auto code = storage ? takeItem(list->payload, at) : std::nullopt;
    const bool isHashes = code && !storage->isList && storage->payload.size() == hashSize && !code->isList && code->payload.size() == hashSize;
    const auto smallNonce = nonce ? nonce->toU64() : std::nullopt;
    if (!isHashes || !smallNonce || at != list->payload.size())
        return wrong();
    return AccountState{.nonce = Nonce(*smallNonce),
                        .balance = *balance,
                        .storageRoot = Hash32::fromDigest(storage->payload),
                        .codeHash = Hash32::fromDigest(code->payload)};
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
    qsizetype end = 0;
    const auto number = numberOf(takeItem(**value, end));
    if (!number || number->isZero() || end != (*value)->size()) // a word that is zero is not stored
        return fail(ErrorKind::Invalid, u"The trie holds no storage word at this slot."_s, u"mpt.storage"_s);
    return *number;
}

} // namespace countersign
