#include "tests/backend/review/adversarialestate.h"

#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QTest>

namespace countersign::testing {

AdversarialEstate::AdversarialEstate()
    : registryBuild(TestChain::artifact(u"artifacts/CantonKeyRegistry.json"_s))
    , vaultBuild(TestChain::artifact(u"artifacts/CantonDeFiVault.json"_s))
    , adapterBuild(TestChain::artifact(u"artifacts/TreasuryAdapter.json"_s))
    , party(keccak256("treasury-desk"))
    , partyWithoutKey(keccak256("nobody"))
    , adapterId(keccak256("treasury"))
    , newAdapterId(keccak256("lending"))
    , partyKey(TestKey(0x9a97).address())
{
    const auto deploy = [this](const ContractArtifact &build, std::vector<AbiValue> arguments = {}) {
        return chain.chain().deploy(build.deploymentCode(arguments).value());
    };
    safe = chain.createSafe(u"1.4.1"_s, {alice.address(), bob.address(), carol.address()}, 2, true);
    registry = deploy(registryBuild);
    vault = deploy(vaultBuild, {AbiValue(registry), AbiValue(party)});
    otherVault = deploy(vaultBuild, {AbiValue(registry), AbiValue(party)});
    adapter = deploy(adapterBuild, {AbiValue(vault), AbiValue(Uint256(1000))});
    foreignAdapter = deploy(adapterBuild, {AbiValue(otherVault), AbiValue(Uint256(1000))});
    chain.chain().execute(registry, call(registryBuild, u"registerKey", {AbiValue(party), AbiValue(partyKey)}));
    chain.chain().execute(vault, call(vaultBuild, u"registerAdapter", {AbiValue(adapterId), AbiValue(adapter)}));
    for (const Address &contract : {registry, vault}) {
        chain.chain().execute(contract, call(registryBuild, u"transferOwnership", {AbiValue(safe)}));
        executeAsSafe(contract, call(registryBuild, u"acceptOwnership"));
    }

    ChainSettings settings;
    settings.name = u"ethereum"_s;
    settings.chainId = SafeChain::chainId();
    settings.rpc = {chain.chain().rpc.url()};
    settings.safe = safe;
    settings.registry = registry;
    settings.vaults = {{u"treasury"_s, vault}};
    environment.chains = {settings};
    environment.parties = {{party, u"Treasury desk"_s, partyKey}};
    environment.holders = {{u"alice"_s, alice.address(), {}}, {u"bob"_s, bob.address(), {}}, {u"carol"_s, carol.address(), {}}};
}

Bytes AdversarialEstate::call(
    const ContractArtifact &artifact, QStringView function, std::initializer_list<AbiValue> arguments) const
{
    return artifact.abi().function(function)->encodeCall(arguments).value();
}

void AdversarialEstate::executeAsSafe(const Address &to, const Bytes &data, SafeOperation operation)
{
    chain.require(safe, chain.next(safe, to, data, operation), {&alice, &bob});
}

AdversarialEstate::Package AdversarialEstate::package(const Address &to, const Bytes &data, SafeOperation operation)
{
    return packageOf(safe, to, data, operation);
}

AdversarialEstate::Package AdversarialEstate::packageOf(
    const Address &from, const Address &to, const Bytes &data, SafeOperation operation)
{
    Package package;
    package.environment = environment;
    package.environment.chains.first().safe = from;
    package.subject.chainId = SafeChain::chainId();
    package.subject.safe = from;
    package.subject.transaction = chain.next(from, to, data, operation);
    return package;
}

void AdversarialEstate::propose(
    Package &package, const TestKey &proposer, const std::function<void(ProposalDraft &)> &change)
{
    Proposal proposal;
    proposal.chainId = package.subject.chainId;
    proposal.safe = package.subject.safe;
    proposal.transaction = package.subject.transaction;
    proposal.title = u"A change"_s;
    proposal.rationale = u"It was asked for."_s;
    proposal.createdAt = Timestamp::fromSeconds(1'799'990'000);
    proposal.proposer = proposer.address();
    if (change)
        change(proposal);
    proposal.signature = proposer.sign(proposal.envelopeDigest());
    package.subject.envelope = proposal;
}

void AdversarialEstate::setPolicy(Package &package, const QByteArray &yaml) const
{
    PolicyLoadOptions options;
    options.environment = &package.environment;
    auto policy = Policy::parse(yaml, u"policy.yaml"_s, options);
    if (!policy)
        qFatal("%s\n%s", qPrintable(policy.error().detail), yaml.constData());
    package.policy = std::make_shared<const Policy>(*std::move(policy));
    package.actor = {PolicyStage::Sign, bob.address()};
    package.past.recentApprovals = QList<Timestamp>();
    package.past.firstSeenAt = Timestamp::fromSeconds(1'790'000'000); // long ago
}

void AdversarialEstate::sign(Package &package, const std::vector<const TestKey *> &signers)
{
    const Hash32 hash = SafeChain::hash(package.subject.safe, package.subject.transaction);
    for (const TestKey *signer : signers)
        package.subject.signatures.append(
            {hash, SafeSignature::ecdsa(signer->sign(hash)), signer->address(), Timestamp::fromSeconds(1'799'999'000)});
}

Timestamp AdversarialEstate::chainTime()
{
    return QCoro::waitFor(chain.client().getBlock(BlockRef::latest())).value().timestamp;
}

Review AdversarialEstate::review(const Package &package)
{
    ReviewEndpoints endpoints;
    endpoints.first = std::make_shared<ReviewEndpoint>(chain.chain().rpc.url());
    endpoints.second = std::make_shared<ReviewEndpoint>(package.secondNode.value_or(chain.chain().rpc.url()));
    ReviewContext start;
    start.environment = &package.environment;
    start.artifacts = package.artifacts ? package.artifacts : &ArtifactStore::ours();
    start.claimProblems = package.claimProblems;
    start.descriptors = descriptorsFor(package.environment);
    start.others = package.others;
    start.now = package.now;
    start.policy = package.policy;
    start.actor = package.actor;
    start.past = package.past;
    const auto context = QCoro::waitFor(readReviewContext(endpoints, package.subject, start));
    if (!context)
        qFatal("the chain could not be read: %s", qPrintable(context.error().message));
    return reviewSafeTransaction(package.subject, *context);
}

void AdversarialEstate::setCode(const Address &address, const Bytes &code)
{
    chain.chain().ask(u"anvil_setCode"_s, {address.toString(), toHex(code)});
}

QString AdversarialEstate::snapshot()
{
    return chain.chain().ask(u"evm_snapshot"_s).toString();
}

void AdversarialEstate::revert(const QString &snapshot)
{
    if (!chain.chain().ask(u"evm_revert"_s, {snapshot}).toBool())
        qFatal("the chain did not go back");
}

void verifyPackage(AdversarialEstate &estate, const QString &code, const AdversarialEstate::Make &make)
{
    for (const bool isAttack : {true, false}) {
        const QString before = estate.snapshot();
        const AdversarialEstate::Package package = make(estate, isAttack);
        const Review review = estate.review(package);
        estate.revert(before);
        const Finding *finding = review.finding(code);
        if (isAttack) {
            QVERIFY2(finding && finding->severity == Severity::Block, qPrintable(u"not found: "_s + code));
            QVERIFY(review.isBlocked());
            QVERIFY(!finding->message.isEmpty() && finding->check > 0);
            continue;
        }
        for (const Finding &found : review.findings)
            QVERIFY2(found.severity != Severity::Block,
                qPrintable(found.code + u": "_s + found.message + u" ["_s + found.evidence + u']'));
    }
}

} // namespace countersign::testing
