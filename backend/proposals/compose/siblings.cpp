#include "backend/proposals/compose/siblings.h"

#include "backend/proposals/compose/creations.h"
#include "backend/safe/safecontracts.h"
#include "backend/types/strings.h"

#include <QHash>

#include <algorithm>
#include <utility>
#include <vector>

namespace countersign {

namespace {

/// A transaction with the places of its chain's own addresses named. What stands there is blanked, so that no address can
/// pass for a name.
struct Form {
    SafeTransaction transaction; ///< nonce zero, own addresses zero
    std::vector<std::pair<qsizetype, QString>> names; ///< by place: -1 is `to`, -2 and -3 the refund's, else byte of the data
    friend bool operator==(const Form &, const Form &) = default;
};

using Names = QHash<Address, QString>;

Names namesOn(const ChainSettings &chain, const Proposal &proposal)
{
    Names names;
    // The first name holds: an address that means two things means the same two elsewhere, or is a difference.
    const auto add = [&names](const Address &address, const QString &name) {
        if (!address.isZero() && !names.contains(address))
            names.insert(address, name);
    };
    add(proposal.safe, u"safe"_s);
    if (chain.registry)
        add(*chain.registry, u"registry"_s);
    for (const VaultSettings &vault : chain.vaults)
        add(vault.address, u"vault "_s + vault.name);
    for (const SafeDeployment &deployment : safeDeployments())
        add(deployment.address, u"library %1 %2"_s.arg(safeContractName(deployment.contract), deployment.version.toString()));
    qsizetype number = 0;
    const auto creations = creationsOf(proposal.transaction, proposal.safe, proposal.chainId);
    for (const SafeCreation &creation : creations) {
        ++number;
        if (creation.address)
            add(*creation.address, u"creation %1"_s.arg(number));
    }
    return names;
}

Form formOf(const Proposal &proposal, const Names &names)
{
    Form form{proposal.transaction, {}};
    SafeTransaction &transaction = form.transaction;
    transaction.nonce = Uint256();
    const auto blank = [&form, &names](Address &address, qsizetype place) {
        if (const auto found = names.constFind(address); found != names.constEnd()) {
            form.names.emplace_back(place, *found);
            address = Address();
        }
    };
    blank(transaction.to, -1);
    blank(transaction.gasToken, -2);
    blank(transaction.refundReceiver, -3);
    Bytes &data = transaction.data;
    for (qsizetype at = 0; at + Address::size <= data.size(); ++at) {
        const auto window = Address::fromBytes(QByteArrayView(data).sliced(at, Address::size));
        const auto found = window ? names.constFind(*window) : names.constEnd();
        if (found == names.constEnd())
            continue;
        form.names.emplace_back(at, *found);
        std::fill_n(data.begin() + at, Address::size, '\0');
        at += Address::size - 1;
    }
    return form;
}

// The chain, when the proposal is for the Safe that the environment has there.
const ChainSettings *chainOf(const Environment &environment, const Proposal &proposal)
{
    const ChainSettings *chain = environment.chain(proposal.chainId);
    return chain && chain->safe == proposal.safe ? chain : nullptr;
}

} // namespace

QList<ExchangeItem> siblingsOf(const ExchangeSnapshot &snapshot, const ExchangeItem &item, const Environment &environment)
{
    QList<ExchangeItem> siblings;
    const Proposal &mine = item.proposal;
    const ChainSettings *home = chainOf(environment, mine);
    if (!home || mine.proposer.isZero())
        return siblings;
    const Form form = formOf(mine, namesOn(*home, mine));
    for (const ExchangeItem &other : snapshot.items) {
        const Proposal &theirs = other.proposal;
        if (theirs.chainId == mine.chainId || theirs.proposer != mine.proposer
            || theirs.transaction.data.size() != mine.transaction.data.size())
            continue;
        const ChainSettings *chain = chainOf(environment, theirs);
        if (chain && formOf(theirs, namesOn(*chain, theirs)) == form)
            siblings.append(other);
    }
    std::ranges::sort(siblings, {}, [](const ExchangeItem &one) { return std::pair(one.proposal.chainId, one.id()); });
    return siblings;
}

} // namespace countersign
