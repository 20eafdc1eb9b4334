#include "tests/backend/proposals/compose/composeestate.h"

#include "backend/evm/abifunction.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safecreate.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QTest>

namespace countersign::testing {

namespace {

// The published SafeMigration 1.5.0, at the address that it has everywhere.
void deployMigration(SafeChain &chain)
{
    const SafeContracts &release = chain.contracts(u"1.5.0"_s);
    const ContractArtifact artifact = TestChain::artifact(u"node_modules/@safe-global/safe-smart-account/build/artifacts/"
                                                          u"contracts/libraries/SafeMigration.sol/SafeMigration.json"_s);
    const Bytes code
        = artifact.deploymentCode({{AbiValue(release.singleton), AbiValue(release.singletonL2), AbiValue(release.handler)}}).value();
    chain.chain().execute(deployerAddress(DeterministicDeployer::SafeSingletonFactory), Hash32().bytes() + code);
}

} // namespace

ComposeEstate::ComposeEstate()
{
    TestChain &chain = m_other.chain();
    chain.ask(u"anvil_setChainId"_s, {static_cast<qint64>(second().value())});
    other.safe = m_other.createSafe(
        u"1.4.1"_s, {home.alice.address(), home.bob.address(), home.carol.address()}, 2, true);
    chain.mine(3);
    chain.send(home.alice.address(), {}); // so that the contracts go to other addresses than on the first chain
    chain.mine();
    other.registry = chain.deploy(home.registryBuild.deploymentCode({}).value());
    const std::vector<AbiValue> vaultArguments{AbiValue(other.registry), AbiValue(home.party)};
    other.vault = chain.deploy(home.vaultBuild.deploymentCode(vaultArguments).value());
    const std::vector<AbiValue> adapterArguments{AbiValue(other.vault), AbiValue(Uint256(1000))};
    other.adapter = chain.deploy(home.adapterBuild.deploymentCode(adapterArguments).value());
    chain.execute(other.registry, home.call(home.registryBuild, u"registerKey", {AbiValue(home.party), AbiValue(home.partyKey)}));
    for (const Address &contract : {other.registry, other.vault}) {
        chain.execute(contract, home.call(home.registryBuild, u"transferOwnership", {AbiValue(other.safe)}));
        ProposalDraft draft;
        draft.chainId = second();
        draft.safe = other.safe;
        draft.transaction = m_other.next(other.safe, contract, home.call(home.registryBuild, u"acceptOwnership"));
        execute(draft);
    }

    for (SafeChain *each : {&home.chain, &m_other})
        deployMigration(*each);

    environment = home.environment;
    environment.parties.append({keccak256("market-making"), u"Market making"_s, TestKey(0x3a3).address()});
    ChainSettings settings;
    settings.name = u"base"_s;
    settings.chainId = second();
    settings.rpc = {chain.rpc.url()};
    settings.safe = other.safe;
    settings.registry = other.registry;
    settings.vaults = {{u"treasury"_s, other.vault}};
    environment.chains.append(settings);
    reader = std::make_unique<ReviewReader>(environment, clock);
    composer = std::make_unique<Composer>(environment, *reader, clock);
}

Result<Composition> ComposeEstate::compose(ComposeRequest request)
{
    return QCoro::waitFor(composer->compose(std::move(request), queue));
}

ComposedProposal ComposeEstate::composeOne(const QList<ComposeAction> &actions)
{
    ComposeRequest request;
    request.chains = {first()};
    request.actions = actions;
    const auto composition = compose(request);
    if (!composition)
        qFatal("%s", qPrintable(composition.error().message));
    for (const ComposeProblem &problem : composition->problems)
        qWarning("%d %s: %s", problem.action, qPrintable(problem.field), qPrintable(problem.message));
    if (composition->proposals.size() != 1)
        qFatal("nothing was composed");
    return composition->proposals.first();
}

ExchangeItem ComposeEstate::signedBy(const TestKey &key, ProposalDraft draft)
{
    draft.proposer = key.address();
    draft.link.sequence = 1;
    Proposal proposal;
    static_cast<ProposalDraft &>(proposal) = draft;
    proposal.signature = key.sign(draft.envelopeDigest());
    return {proposal, {}};
}

Review ComposeEstate::review(const ExchangeItem &item)
{
    const auto review = QCoro::waitFor(reader->review(item, {}));
    if (!review)
        qFatal("%s", qPrintable(review.error().message));
    return *review;
}

TransactionReceipt ComposeEstate::execute(const ProposalDraft &draft)
{
    const Hash32 hash = draft.safeTxHash();
    std::vector<SafeSignature> signatures;
    for (const TestKey *key : {&home.alice, &home.bob})
        signatures.push_back(SafeSignature::ecdsa(key->sign(hash)));
    const Bytes blob = encodeSafeSignatures(std::move(signatures), hash).value();
    SafeChain &chain = chainOf(draft.chainId);
    return chain.execute(draft.safe, draft.transaction, blob);
}

QStringList ComposeEstate::brokenPromises(const ComposedProposal &proposal)
{
    QStringList broken;
    for (const PromisedEffect &promise : proposal.draft.promises) {
        for (const Effect &effect : proposal.review->effects) {
            if (effect.variable != promise.name || !effect.place)
                continue;
            ChainClient &client = chainOf(proposal.chainId).client();
            const auto word = QCoro::waitFor(client.getStorageAt(effect.place->contract, effect.place->slot));
            if (word.value() != effect.place->after)
                broken.append(u"%1: %2"_s.arg(promise.name, word.value().toString()));
        }
    }
    return broken;
}

Bytes ComposeEstate::ask(
    ChainId chain, const Address &contract, QStringView function, const std::vector<AbiValue> &arguments)
{
    CallRequest request;
    request.to = contract;
    request.data = AbiFunction::parse(function).value().encodeCall(arguments).value();
    return QCoro::waitFor(chainOf(chain).client().call(request)).value();
}

Address ComposeEstate::addressOf(
    ChainId chain, const Address &contract, QStringView function, const std::vector<AbiValue> &arguments)
{
    return Address::fromBytes(ask(chain, contract, function, arguments).last(Address::size)).value();
}

} // namespace countersign::testing
