#include "backend/evm/accountproof.h"

#include "backend/evm/jsonquantity.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QJsonArray>

#include <algorithm>

namespace countersign {

namespace {

// A trie of 32-byte keys has at most 65 nodes on a path.
constexpr qsizetype mostNodes = 65;

std::unexpected<Error> bad(const QString &what)
{
    return fail(ErrorKind::Invalid, what, u"proof"_s);
}

std::unexpected<Error> contradicts(const QString &what)
{
    return fail(ErrorKind::Corrupt, u"The node's "_s + what + u" is not the one that its own proof shows."_s, u"proof.contradiction "_s + what);
}

Result<std::vector<Bytes>> nodesFromJson(const QJsonValue &value)
{
    const QJsonArray array = value.toArray();
    if (!value.isArray() || array.size() > mostNodes)
        return bad(u"a proof is a list of up to 65 nodes"_s);
    std::vector<Bytes> nodes;
    nodes.reserve(static_cast<size_t>(array.size()));
    for (const QJsonValue &entry : array) {
        auto node = dataFromJson(entry);
        if (!node)
            return std::unexpected(node.error());
        nodes.push_back(*std::move(node));
    }
    return nodes;
}

// Slots come back as they were sent, or as quantities.
Result<Hash32> slotFromJson(const QJsonValue &value)
{
    const QString text = value.toString();
    const auto number = text.startsWith(u"0x") && text.size() > 2 ? Uint256::parse(text) : Result<Uint256>(bad(u"no slot"_s));
    if (!number)
        return bad(u"a storage proof names no slot"_s);
    return Hash32::fromDigest(number->toBigEndian());
}

} // namespace

Result<ProvenAccount> provenAccountFromJson(const QJsonValue &answer, const Address &account, const std::vector<Hash32> &slotsAsked,
                                            const Hash32 &stateRoot)
{
    if (!answer.isObject())
        return bad(u"a proof is an object"_s);
    const QJsonObject object = answer.toObject();
    const auto address = memberFromJson(object, "address"_L1, addressFromJson);
    if (!address)
        return std::unexpected(address.error());
    if (*address != account)
        return bad(u"address: the proof is for another account"_s);
    const auto nonce = memberFromJson(object, "nonce"_L1, quantity64FromJson);
    if (!nonce)
        return std::unexpected(nonce.error());
    const auto balance = memberFromJson(object, "balance"_L1, quantityFromJson);
    if (!balance)
        return std::unexpected(balance.error());
    const auto nodes = memberFromJson(object, "accountProof"_L1, nodesFromJson);
    if (!nodes)
        return std::unexpected(nodes.error());
    const auto state = verifyAccountProof(stateRoot, account, *nodes);
    if (!state)
        return std::unexpected(state.error());

    ProvenAccount proven{.account = *state};
    const AccountState known = state->value_or(AccountState{.nonce = {}, .balance = {}, .storageRoot = emptyTrieRoot(), .codeHash = {}});
    if (known.nonce.value() != *nonce)
        return contradicts(u"nonce"_s);
    if (known.balance != *balance)
        return contradicts(u"balance"_s);

    const QJsonArray storage = object.value("storageProof"_L1).toArray();
    if (static_cast<size_t>(storage.size()) != slotsAsked.size())
        return bad(u"storageProof: not one proof for each slot"_s);
    for (qsizetype i = 0; i < storage.size(); ++i) {
        const QJsonObject entry = storage.at(i).toObject();
        const Hash32 &slot = slotsAsked[static_cast<size_t>(i)];
        const auto key = slotFromJson(entry.value("key"_L1));
        if (!key || *key != slot)
            return bad(u"storageProof: not the slots that were asked for, in their order"_s);
        const auto told = memberFromJson(entry, "value"_L1, slotFromJson);
        if (!told)
            return std::unexpected(told.error());
        const auto path = memberFromJson(entry, "proof"_L1, nodesFromJson);
        if (!path)
            return std::unexpected(path.error());
        // Below an account that does not exist there is no trie; what nodes send as its proof differs and says nothing.
        const auto word = *state ? verifyStorageProof(known.storageRoot, slot, *path) : Result<Uint256>(Uint256());
        if (!word)
            return fail(word.error().kind, u"slot "_s + slot.toString() + u": "_s + word.error().message, word.error().detail);
        if (word->toBigEndian() != told->view())
            return contradicts(u"value of slot "_s + slot.toString());
        proven.storage.insert(slot, *word);
    }
    return proven;
}

} // namespace countersign
