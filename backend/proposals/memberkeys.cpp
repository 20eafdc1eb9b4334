#include "backend/proposals/memberkeys.h"

#include <algorithm>
#include <map>

namespace countersign {

namespace {

struct Latest {
    quint64 sequence = 0;
    MemberKey key;
    bool isAmbiguous = false;
};

} // namespace

QList<MemberKey> memberKeys(const ExchangeSet &set, ChainId chain, const Address &safe, const QList<Address> &owners)
{
    std::map<Address, Latest> latest;
    for (const auto &[hash, entry] : set.entries()) {
        const auto *statement = std::get_if<Statement>(&entry);
        if (!statement || statement->kind != StatementKind::EncryptionKey || statement->chainId != chain
            || statement->safe != safe || !owners.contains(statement->author))
            continue;
        Latest &held = latest[statement->author];
        if (statement->link.sequence < held.sequence)
            continue;
        const bool isSamePlace = statement->link.sequence == held.sequence;
        held.isAmbiguous = isSamePlace && (held.isAmbiguous || held.key.key != statement->encryptionKey);
        held.sequence = statement->link.sequence;
        held.key = {statement->author, statement->encryptionKey, hash};
    }
    QList<MemberKey> keys;
    for (const Address &owner : owners) {
        const auto found = latest.find(owner);
        if (found != latest.end() && !found->second.isAmbiguous)
            keys.append(found->second.key);
    }
    return keys;
}

std::optional<MemberKey> keyOfMember(const QList<MemberKey> &keys, const Address &member)
{
    const auto found = std::ranges::find(keys, member, &MemberKey::member);
    return found == keys.end() ? std::nullopt : std::optional(*found);
}

} // namespace countersign
