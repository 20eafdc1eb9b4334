#include "backend/evm/statediff.h"

#include "backend/evm/jsonquantity.h"
#include "backend/types/strings.h"

#include <QJsonObject>

#include <map>
#include <optional>

namespace countersign {

namespace {

constexpr qsizetype mostAccounts = 10'000;
constexpr qsizetype mostSlots = 50'000;

using Slots = std::map<Hash32, Hash32>;

struct Account {
    std::optional<Uint256> balance;
    std::optional<quint64> nonce;
    std::optional<Bytes> code;
    Slots storage;
};
using Accounts = std::map<Address, Account>;

std::unexpected<Error> corrupt(const QString &what, const QString &detail)
{
    return fail(ErrorKind::Corrupt, u"The trace's difference of state cannot be read: "_s + what, detail.left(80));
}

std::unexpected<Error> tooLarge()
{
    return fail(ErrorKind::Exhausted, u"The trace's difference of state is larger than a transaction can make it"_s);
}

// go-ethereum writes a number, others a quantity.
Result<quint64> nonceFromJson(const QJsonValue &value)
{
    if (!value.isDouble())
        return quantity64FromJson(value);
    const qint64 number = value.toInteger(-1);
    if (number < 0)
        return fail(ErrorKind::Invalid, u"a nonce is a whole number"_s);
    return static_cast<quint64>(number);
}

Result<Account> accountFromJson(const QString &name, const QJsonValue &value, qsizetype &slotCount)
{
    if (!value.isObject())
        return corrupt(u"an account is no object"_s, name);
    const QJsonObject object = value.toObject();
    Account account;
    if (object.contains("balance"_L1)) {
        const auto balance = quantityFromJson(object.value("balance"_L1));
        if (!balance)
            return corrupt(u"a balance is none"_s, name);
        account.balance = *balance;
    }
    if (object.contains("nonce"_L1)) {
        const auto nonce = nonceFromJson(object.value("nonce"_L1));
        if (!nonce)
            return corrupt(u"a nonce is none"_s, name);
        account.nonce = *nonce;
    }
    if (object.contains("code"_L1)) {
        auto code = dataFromJson(object.value("code"_L1));
        if (!code)
            return corrupt(u"code is none"_s, name);
        account.code = *std::move(code);
    }
    if (!object.contains("storage"_L1))
        return account;
    if (!object.value("storage"_L1).isObject())
        return corrupt(u"storage is no object"_s, name);
    const QJsonObject storage = object.value("storage"_L1).toObject();
    slotCount += storage.size();
    if (slotCount > mostSlots)
        return tooLarge();
    for (auto at = storage.begin(); at != storage.end(); ++at) {
        const auto slot = hashFromJson(QJsonValue(at.key()));
        const auto word = hashFromJson(at.value());
        if (!slot || !word)
            return corrupt(u"a slot or its word has no 32 bytes"_s, at.key());
        if (!account.storage.emplace(*slot, *word).second)
            return corrupt(u"a slot stands there twice"_s, at.key());
    }
    return account;
}

Result<Accounts> accountsFromJson(const QJsonValue &value)
{
    if (!value.isObject())
        return corrupt(u"it has no \"pre\" and \"post\""_s, {});
    const QJsonObject object = value.toObject();
    if (object.size() > mostAccounts)
        return tooLarge();
    Accounts accounts;
    qsizetype slotCount = 0;
    for (auto at = object.begin(); at != object.end(); ++at) {
        const auto address = addressFromJson(QJsonValue(at.key()));
        if (!address)
            return corrupt(u"it names an account that is no address"_s, at.key());
        auto account = accountFromJson(at.key(), at.value(), slotCount);
        if (!account)
            return std::unexpected(account.error());
        if (!accounts.emplace(*address, *std::move(account)).second)
            return corrupt(u"an account stands there twice"_s, at.key());
    }
    return accounts;
}

Hash32 wordAt(const Slots &storage, const Hash32 &slot)
{
    const auto found = storage.find(slot);
    return found == storage.end() ? Hash32() : found->second;
}

void compareStorage(const Address &contract, const Slots &before, const Slots &after, QList<StorageChange> &changes)
{
    Slots all = before; // for its keys
    all.insert(after.begin(), after.end());
    for (const auto &entry : all) {
        const StorageChange change{contract, entry.first, wordAt(before, entry.first), wordAt(after, entry.first)};
        if (change.before != change.after)
            changes.append(change);
    }
}

// What `post` leaves out is as it was, unless the whole account is gone.
template <class T> T afterwards(const std::optional<T> &after, const T &before, bool gone)
{
    return gone ? T() : after.value_or(before);
}

void compareAccount(const Address &address, const Account &before, const Account *after, StateDiff &diff)
{
    static const Account none;
    const bool gone = after == nullptr;
    const Account &now = gone ? none : *after;
    const Uint256 balance = before.balance.value_or(Uint256());
    if (const Uint256 is = afterwards(now.balance, balance, gone); is != balance)
        diff.balances.append({address, balance, is});
    const quint64 nonce = before.nonce.value_or(0);
    if (const quint64 is = afterwards(now.nonce, nonce, gone); is != nonce)
        diff.nonces.append({address, nonce, is});
    const Bytes code = before.code.value_or(Bytes());
    if (const Bytes is = afterwards(now.code, code, gone); is != code)
        diff.codes.append({address, code, is});
    compareStorage(address, before.storage, now.storage, diff.storage);
}

} // namespace

const CodeChange *StateDiff::codeOf(const Address &account) const
{
    for (const CodeChange &change : codes) {
        if (change.account == account)
            return &change;
    }
    return nullptr;
}

Result<StateDiff> stateDiffFromJson(const QJsonValue &trace)
{
    const QJsonObject object = trace.toObject();
    auto pre = accountsFromJson(object.value("pre"_L1));
    if (!pre)
        return std::unexpected(pre.error());
    const auto post = accountsFromJson(object.value("post"_L1));
    if (!post)
        return std::unexpected(post.error());
    for (const auto &entry : *post)
        pre->emplace(entry.first, Account()); // what appeared was nothing before
    StateDiff diff;
    for (const auto &[address, before] : *pre) {
        const auto after = post->find(address);
        compareAccount(address, before, after == post->end() ? nullptr : &after->second, diff);
    }
    return diff;
}

} // namespace countersign
