#include "backend/policy/policyreading.h"
#include "backend/types/strings.h"

#include <functional>

namespace countersign {

namespace {

using Need = MapReader::Need;
using AmountOf = std::function<std::optional<Uint256>(MapReader &, const QString &)>;

AmountLimits readAmounts(MapReader &reader, const AmountOf &amount)
{
    AmountLimits limits;
    limits.perTransaction = amount(reader, u"perTransaction"_s);
    limits.per24h = amount(reader, u"per24h"_s);
    limits.per7d = amount(reader, u"per7d"_s);
    const auto larger = [&reader](const QString &key, const std::optional<Uint256> &smaller,
                            const std::optional<Uint256> &limit) {
        if (smaller && limit && *smaller > *limit)
            reader.problem(key, u"“%1” is less than a shorter limit, which could then never be reached"_s.arg(key));
    };
    larger(u"per24h"_s, limits.perTransaction, limits.per24h);
    larger(u"per7d"_s, limits.per24h ? limits.per24h : limits.perTransaction, limits.per7d);
    return limits;
}

void readToken(MapReader &reader, ChainLimits &chain, UniqueText &assets)
{
    TokenLimits token;
    if (const auto asset = reader.address(u"asset"_s)) {
        token.asset = *asset;
        assets.check(reader, u"asset"_s, asset->toString());
    }
    token.name = PolicyReading::plainText(reader, u"name"_s, Need::Required, 64);
    token.decimals = static_cast<int>(reader.integer(u"decimals"_s, 0, 77).value_or(0));
    token.limits = readAmounts(reader,
        [&token](MapReader &of, const QString &key) { return PolicyReading::tokenAmount(of, key, token.decimals); });
    chain.tokens.append(token);
}

void readChain(MapReader &reader, Policy &policy, UniqueText &chains)
{
    ChainLimits chain;
    const QString word = reader.text(u"chain"_s, Need::Required, 32);
    if (word != u"any")
        chain.chain = PolicyReading::chain(reader, u"chain"_s, Need::Optional);
    chains.check(reader, u"chain"_s, chain.chain ? QString::number(chain.chain->value()) : word);
    reader.map(u"native"_s, u"“native”"_s, Need::Optional,
        [&](MapReader &native) { chain.native = readAmounts(native, PolicyReading::nativeAmount); });
    chain.maxFee = PolicyReading::nativeAmount(reader, u"maxFee"_s);
    UniqueText assets;
    reader.list(u"tokens"_s, u"a token"_s, Need::Optional, [&](MapReader &token) { readToken(token, chain, assets); });
    chain.otherTokens
        = PolicyReading::word<PolicySeverity>(reader, u"otherTokens"_s, Need::Required).value_or(PolicySeverity::Block);
    policy.limits.append(chain);
}

bool serves(SafeContract contract, CodeRole role)
{
    switch (contract) {
    case SafeContract::MultiSend:
    case SafeContract::MultiSendCallOnly:
    case SafeContract::CreateCall:
    case SafeContract::SignMessageLib:
    case SafeContract::SimulateTxAccessor:
    case SafeContract::SafeMigration:
    case SafeContract::SafeToL2Migration:
    case SafeContract::SafeToL2Setup:
        return role == CodeRole::Delegatecall;
    case SafeContract::Safe:
    case SafeContract::SafeL2:
        return role == CodeRole::Implementation;
    case SafeContract::CompatibilityFallbackHandler:
    case SafeContract::DefaultCallbackHandler:
    case SafeContract::ExtensibleFallbackHandler:
    case SafeContract::TokenCallbackHandler:
        return role == CodeRole::FallbackHandler;
    case SafeContract::ProxyFactory:
        break;
    }
    return false;
}

std::optional<SafeContract> readPublished(MapReader &reader, CodeRole role)
{
    const QString name = reader.text(u"published"_s, Need::Optional, 64);
    QStringList fitting;
    for (int i = 0; i <= static_cast<int>(SafeContract::SafeToL2Setup); ++i) {
        const auto contract = static_cast<SafeContract>(i);
        if (!serves(contract, role))
            continue;
        if (name == safeContractName(contract))
            return contract;
        fitting.append(safeContractName(contract));
    }
    const QString near = nearest(name, fitting);
    reader.problem(u"published"_s,
        u"“%1” is no published Safe contract for “%2”"_s.arg(name.left(48), policyWord(role)),
        !near.isEmpty()         ? u"did you mean “%1”?"_s.arg(near)
            : fitting.isEmpty() ? u"name it by chain, address and codeHash"_s
                                : u"there are %1"_s.arg(fitting.join(u", "_s)));
    return std::nullopt;
}

void readCode(MapReader &reader, CodeRole role, QList<AllowedCode> &list)
{
    AllowedCode code;
    if (reader.value(u"published"_s, Need::Optional) != nullptr) {
        code.published = readPublished(reader, role);
    } else {
        code.name = PolicyReading::plainText(reader, u"name"_s, Need::Required, 64);
        code.chain = PolicyReading::chain(reader, u"chain"_s, Need::Required).value_or(ChainId());
        code.address = reader.address(u"address"_s).value_or(Address());
        code.codeHash = reader.hash(u"codeHash"_s).value_or(Hash32());
    }
    if (list.contains(code))
        reader.context().problem(reader.node(), u"this stands here twice"_s);
    list.append(code);
}

} // namespace

void readAllowLists(MapReader &root, Policy &policy)
{
    root.map(u"allow"_s, u"“allow”"_s, Need::Optional, [&](MapReader &reader) {
        for (int i = 0; i < policyWordCount<CodeRole>; ++i) {
            const auto role = static_cast<CodeRole>(i);
            reader.list(policyWord(role), u"allowed code"_s, Need::Optional,
                [&](MapReader &one) { readCode(one, role, policy.allow.of(role)); });
        }
    });
}

void readContacts(MapReader &root, Policy &policy)
{
    UniqueText places;
    root.list(u"contacts"_s, u"a contact"_s, Need::Optional, [&](MapReader &reader) {
        PolicyContact contact;
        contact.name = PolicyReading::plainText(reader, u"name"_s, Need::Required, 64);
        contact.chain = PolicyReading::chain(reader, u"chain"_s);
        contact.address = reader.address(u"address"_s).value_or(Address());
        places.check(reader, u"address"_s,
            contact.address.toString() + (contact.chain ? u" on chain %1"_s.arg(contact.chain->value()) : QString()));
        contact.proven
            = PolicyReading::word<ContactProof>(reader, u"proven"_s, Need::Required).value_or(ContactProof::None);
        policy.contacts.append(contact);
    });
}

void readLimits(MapReader &root, Policy &policy)
{
    UniqueText chains;
    root.list(u"limits"_s, u"limits of a chain"_s, Need::Optional,
        [&](MapReader &reader) { readChain(reader, policy, chains); });
}

} // namespace countersign
