#include "backend/proposals/compose/siblings.h"
#include "backend/proposals/proposaldrafts.h"
#include "backend/safe/transactionbuilder.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/compose/composeestate.h"

#include <QTest>

#include <algorithm>

using namespace countersign;
using namespace countersign::testing;

namespace {

QStringList fieldsOf(const Composition &composition)
{
    QStringList fields;
    for (const ComposeProblem &problem : composition.problems)
        fields.append(problem.action < 0 ? problem.field : u"%1.%2"_s.arg(problem.action).arg(problem.field));
    return fields;
}

void putIn(ExchangeSnapshot &queue, const ExchangeItem &item)
{
    queue.index.insert(item.id(), queue.items.size());
    queue.items.append(item);
}

DeployAction deployRegistry(CreateMethod method = CreateMethod::BySalt)
{
    return {.artifact = u"CantonKeyRegistry"_s, .method = method};
}

} // namespace

class TestComposeRequest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_estate = std::make_unique<ComposeEstate>(); }
    void cleanupTestCase() { m_estate.reset(); }
    void init()
    {
        for (const ChainId id : {ComposeEstate::first(), ComposeEstate::second()})
            m_snapshots.append(m_estate->chainOf(id).chain().ask(u"evm_snapshot"_s));
        m_estate->queue = {};
    }
    void cleanup()
    {
        for (const ChainId id : {ComposeEstate::first(), ComposeEstate::second()})
            QVERIFY(m_estate->chainOf(id).chain().ask(u"evm_revert"_s, {m_snapshots.takeAt(0)}).toBool());
    }

    void everythingThatIsWrongIsToldAtOnce();
    void whatIsWrongWithTheRequestIsToldAtOnce();
    void aProblemOfOneChainNamesTheChain();
    void twoChainsGetOneDraftEach();
    void aContractOfOneAddressEverywhereIsToldFromOthers();
    void ownershipIsAcceptedOnceItWasOffered();
    void aNonceIsUsedUp();
    void aProposalIsReplacedAtItsNonce();
    void anEditLeavesTheTransactionAsItIs();
    void theNextFreeNonceIsTaken();
    void whatAnEarlierProposalCreatesCanBeNamed();
    void anAddressByNonceIsRefusedWhileTheQueueCreates();
    void creationsInOneBatchEachUseUpAnAccountNonce();
    void anOccupiedAddressIsRefused();
    void theOrphanIsWarnedOf();
    void aFileOfTransactionsBecomesOneBatch();
    void aRevocationIsWhatItAlwaysWas();
    void everyVersionOfTheSafeTakesABatch_data();
    void everyVersionOfTheSafeTakesABatch();
    void titlesAndReasonsComeFromTheSteps();
    void aSilentChainIsAnError();
    void aCancelledCompositionSaysSo();
    void siblingsAreFoundByTheirBytes();
    void aLiteralInANamesPlaceIsNoSibling();

private:
    ComposeRequest requestOf(const QList<ComposeAction> &actions, const QList<ChainId> &chains = {ComposeEstate::first()})
    {
        ComposeRequest request;
        request.chains = chains;
        request.actions = actions;
        return request;
    }
    Composition composed(const ComposeRequest &request)
    {
        auto composition = m_estate->compose(request);
        if (!composition)
            qFatal("%s", qPrintable(composition.error().message));
        return *composition;
    }

    std::unique_ptr<ComposeEstate> m_estate;
    QJsonArray m_snapshots;
};

void TestComposeRequest::everythingThatIsWrongIsToldAtOnce()
{
    const QString typo = u"0xA11ce00000000000000000000000000000000bAD"_s;
    const Composition composition = composed(requestOf({
        RegisterAdapterAction{u"treasure"_s, {}, typo},
        DeployAction{.artifact = u"CantonDeFiVault"_s, .arguments = {u"nobody"_s, u"0x12"_s}, .value = u"much"_s},
        DeployAction{.artifact = u"Nothing"_s, .salt = u"0x12"_s},
        DeployAction{.artifact = u"TreasuryAdapter"_s, .arguments = {u"#2"_s}},
        RevokeKeyAction{{}, u"Treasury"_s},
        AddOwnerAction{u"alice"_s, {}},
        RemoveOwnerAction{m_estate->home.mallory.address().toString(), u"x"_s},
        ChangeThresholdAction{u"9"_s},
        RemoveOwnerAction{m_estate->home.mallory.address().toString(), {}},
        DisableModuleAction{m_estate->home.mallory.address().toString()},
        EnableModuleAction{m_estate->home.mallory.address().toString()},
        MigrateAction{.version = u"1.3.0"_s},
        RawCallAction{.to = u"0x0000000000000000000000000000000000000000"_s, .value = u"-1"_s, .data = u"0x1"_s},
        SetGuardAction{m_estate->home.mallory.address().toString()},
        SetModuleGuardAction{},
        TransferOwnershipAction{u"#99"_s, u"#7"_s},
        PauseAction{u"registry"_s},
        BuilderFileAction{"{}"},
        SetFallbackHandlerAction{u"safe"_s},
    }));
    QVERIFY(composition.proposals.isEmpty());
    const QStringList expected{u"0.adapter"_s, u"0.adapterId"_s, u"0.vault"_s, u"1.arguments[0]"_s, u"1.arguments[1]"_s,
        u"2.artifact"_s, u"2.salt"_s, u"3.arguments"_s, u"4.party"_s, u"5.owner"_s, u"6.threshold"_s, u"7.threshold"_s,
        u"8.owner"_s, u"9.module"_s, u"10.module"_s, u"11.version"_s, u"12.data"_s, u"12.to"_s, u"12.value"_s,
        u"13.guard"_s, u"14.guard"_s, u"15.contract"_s, u"15.newOwner"_s, u"16.vault"_s, u"17.file"_s, u"18.handler"_s};
    QCOMPARE(fieldsOf(composition).join(u' '), expected.join(u' '));
    for (const ComposeProblem &problem : composition.problems)
        QVERIFY(!problem.message.isEmpty());
}

void TestComposeRequest::whatIsWrongWithTheRequestIsToldAtOnce()
{
    ComposeRequest request = requestOf({CancelNonceAction{}, PauseAction{u"treasury"_s}}, {ComposeEstate::first(), ChainId(5)});
    request.expiresAt = m_estate->clock.now() - std::chrono::hours(1);
    request.notBefore = m_estate->clock.now();
    request.dependsOn = {Hash32::fromDigest(Uint256(7).toBigEndian())};
    QCOMPARE(fieldsOf(composed(request)).join(u' '), u"chains dependsOn expiresAt nonce notBefore 0."_s);

    QCOMPARE(fieldsOf(composed(requestOf({}, {}))).join(u' '), u"actions chains"_s);

    ComposeRequest texts = requestOf({PauseAction{u"treasury"_s}});
    texts.title = u"two\nlines"_s;
    texts.rationale = QString(5000, u'x');
    texts.links = {u"http://example.org"_s};
    texts.nonce = Uint256(0);
    QCOMPARE(fieldsOf(composed(texts)).join(u' '), u"nonce"_s);
    texts.nonce.reset();
    QCOMPARE(fieldsOf(composed(texts)).join(u' '), u"links rationale title"_s);
}

void TestComposeRequest::aProblemOfOneChainNamesTheChain()
{
    const QList<ChainId> both{ComposeEstate::first(), ComposeEstate::second()};
    const QString adapter = m_estate->home.foreignAdapter.toString(); // stands on the first chain only
    const Composition composition = composed(requestOf({RegisterAdapterAction{u"treasury"_s, u"lending"_s, adapter}, RevokeKeyAction{{}, u"Nobody"_s}}, both));
    QCOMPARE(fieldsOf(composition).join(u' '), u"0.adapter 1.party"_s);
    QCOMPARE(composition.problems.first().chain, std::optional(ComposeEstate::second()));
    QCOMPARE(composition.problems.last().chain, std::nullopt);
}

void TestComposeRequest::twoChainsGetOneDraftEach()
{
    const QList<ChainId> both{ComposeEstate::first(), ComposeEstate::second()};
    const Composition composition = composed(requestOf(
        {deployRegistry(), DeployAction{.artifact = u"CantonDeFiVault"_s, .arguments = {u"#1"_s, u"Treasury desk"_s}},
            DeployAction{.artifact = u"TreasuryAdapter"_s, .arguments = {u"treasury"_s, u"5"_s}, .method = CreateMethod::ByNonce},
            RegisterAdapterAction{u"treasury"_s, u"lending"_s, u"#3"_s}},
        both));
    QCOMPARE(composition.problems, QList<ComposeProblem>());
    QCOMPARE(composition.proposals.size(), 2);
    for (const ComposedProposal &proposal : composition.proposals) {
        QVERIFY(!proposal.review->isBlocked());
        QVERIFY(m_estate->execute(proposal.draft).succeeded);
        QCOMPARE(proposal.creations.size(), 3);
        for (const PredictedCreation &creation : proposal.creations)
            QVERIFY(m_estate->chainOf(proposal.chainId).hasCode(creation.address));
        QCOMPARE(m_estate->brokenPromises(proposal), QStringList());
        const Address vault = m_estate->environment.chain(proposal.chainId)->vaults.first().address;
        const Address adapter = proposal.creations.last().address;
        QCOMPARE(m_estate->addressOf(proposal.chainId, adapter, u"vault() view returns (address)"), vault);
        QCOMPARE(m_estate->addressOf(proposal.chainId, vault, u"adapters(bytes32) view returns (address)", {AbiValue(m_estate->home.newAdapterId)}), adapter);
        QCOMPARE(m_estate->addressOf(proposal.chainId, proposal.creations.first().address, u"owner() view returns (address)"),
            proposal.draft.safe);
    }
    QVERIFY(composition.isSameEverywhere(0));
    QVERIFY(composition.isSameEverywhere(1));
    QVERIFY(!composition.isSameEverywhere(3)); // which creates nothing
    QCOMPARE(composition.proposals.at(0).draft.safe, composition.proposals.at(1).draft.safe);
}

void TestComposeRequest::aContractOfOneAddressEverywhereIsToldFromOthers()
{
    const QList<ChainId> both{ComposeEstate::first(), ComposeEstate::second()};
    const Composition composition = composed(requestOf({deployRegistry(),
                                                           DeployAction{.artifact = u"TreasuryAdapter"_s, .arguments = {u"treasury"_s, u"5"_s}}},
        both));
    QVERIFY(composition.isSameEverywhere(0));
    QVERIFY(!composition.isSameEverywhere(1)); // its argument is another vault on each chain
}

void TestComposeRequest::ownershipIsAcceptedOnceItWasOffered()
{
    AdversarialEstate &home = m_estate->home;
    const Address registry = home.chain.chain().deploy(home.registryBuild.deploymentCode({}).value());
    const ComposedProposal early = m_estate->composeOne({AcceptOwnershipAction{registry.toString()}});
    QVERIFY(early.review->finding(u"ownership.notoffered"));
    home.chain.chain().execute(registry, home.call(home.registryBuild, u"transferOwnership", {AbiValue(home.safe)}));
    const ComposedProposal proposal = m_estate->composeOne({AcceptOwnershipAction{registry.toString()}});
    QVERIFY(!proposal.review->isBlocked());
    QVERIFY(m_estate->execute(proposal.draft).succeeded);
    QCOMPARE(m_estate->addressOf(ComposeEstate::first(), registry, u"owner() view returns (address)"), home.safe);
}

void TestComposeRequest::aNonceIsUsedUp()
{
    ComposeRequest request = requestOf({CancelNonceAction{}});
    request.nonce = m_estate->home.chain.state(m_estate->home.safe).nonce;
    const ComposedProposal proposal = composed(request).proposals.first();
    QCOMPARE(proposal.draft.transaction.to, m_estate->home.safe);
    QVERIFY(proposal.draft.transaction.data.isEmpty());
    QVERIFY(proposal.draft.transaction.value.isZero());
    QVERIFY(!proposal.review->isBlocked());
    QVERIFY(proposal.draft.promises.isEmpty());
    QVERIFY(m_estate->execute(proposal.draft).succeeded);
    QCOMPARE(m_estate->home.chain.state(m_estate->home.safe).nonce, request.nonce->checkedAdd(Uint256(1)));
}

void TestComposeRequest::aProposalIsReplacedAtItsNonce()
{
    const ComposedProposal first = m_estate->composeOne({PauseAction{u"treasury"_s}});
    const ExchangeItem published = ComposeEstate::signedBy(m_estate->home.alice, first.draft);
    putIn(m_estate->queue, published);
    ComposeRequest request = requestOf({CancelNonceAction{}});
    request.replaces = published.id();
    const ComposedProposal second = composed(request).proposals.first();
    QCOMPARE(second.draft.transaction.nonce, first.draft.transaction.nonce);
    QCOMPARE(second.draft.replaces, published.id());
    QVERIFY(!second.notes.isEmpty());

    request.nonce = first.draft.transaction.nonce.checkedAdd(Uint256(1));
    QCOMPARE(fieldsOf(composed(request)).join(u' '), u"nonce"_s);
    request.nonce.reset();
    request.chains.append(ComposeEstate::second());
    QVERIFY(fieldsOf(composed(request)).contains(u"chains"_s));
}

void TestComposeRequest::anEditLeavesTheTransactionAsItIs()
{
    const ComposedProposal first = m_estate->composeOne({PauseAction{u"treasury"_s}});
    const ExchangeItem published = ComposeEstate::signedBy(m_estate->home.alice, first.draft);
    putIn(m_estate->queue, published);
    ComposeRequest request = requestOf({PauseAction{u"treasury"_s}});
    request.title = u"Pause at once"_s;
    request.previousEnvelope = published.proposal.envelopeDigest();
    const ComposedProposal edit = composed(request).proposals.first();
    QCOMPARE(edit.draft.safeTxHash(), published.id());
    QCOMPARE(edit.draft.title, request.title);
    request.actions = {SetEmergencyContactAction{u"treasury"_s, u"bob"_s}};
    QCOMPARE(fieldsOf(composed(request)).join(u' '), u"actions"_s);

    ComposeRequest again = requestOf({PauseAction{u"treasury"_s}});
    again.nonce = first.draft.transaction.nonce;
    QCOMPARE(fieldsOf(composed(again)).join(u' '), u"actions"_s); // it has been proposed already
}

void TestComposeRequest::theNextFreeNonceIsTaken()
{
    const Uint256 current = m_estate->home.chain.state(m_estate->home.safe).nonce;
    const ComposedProposal first = m_estate->composeOne({PauseAction{u"treasury"_s}});
    QCOMPARE(first.draft.transaction.nonce, current);
    const ExchangeItem published = ComposeEstate::signedBy(m_estate->home.alice, first.draft);
    putIn(m_estate->queue, published);
    const ComposedProposal second = m_estate->composeOne({SetEmergencyContactAction{u"treasury"_s, u"bob"_s}});
    QCOMPARE(second.draft.transaction.nonce, current.checkedAdd(Uint256(1)));

    ComposeRequest later = requestOf({SetEmergencyContactAction{u"treasury"_s, u"bob"_s}});
    later.nonce = current.checkedAdd(Uint256(5));
    QVERIFY(composed(later).proposals.first().notes.join(u' ').contains(u"waits"_s));
    later.nonce = current;
    QVERIFY(composed(later).proposals.first().notes.join(u' ').contains(u"only one"_s));
    later.dependsOn = {published.id()};
    QCOMPARE(fieldsOf(composed(later)).join(u' '), u"nonce"_s);
}

void TestComposeRequest::whatAnEarlierProposalCreatesCanBeNamed()
{
    const ComposedProposal first = m_estate->composeOne({DeployAction{.artifact = u"TreasuryAdapter"_s, .arguments = {u"treasury"_s, u"5"_s}}});
    const ExchangeItem published = ComposeEstate::signedBy(m_estate->home.alice, first.draft);
    putIn(m_estate->queue, published);
    ComposeRequest request = requestOf({RegisterAdapterAction{u"treasury"_s, u"lending"_s, published.id().toString() + u"#1"_s}});
    QCOMPARE(fieldsOf(composed(request)).join(u' '), u"0.adapter"_s); // it must say that it depends on it
    request.dependsOn = {published.id()};
    const ComposedProposal second = composed(request).proposals.first();
    QVERIFY(second.draft.transaction.nonce > first.draft.transaction.nonce);
    QVERIFY(second.draft.transaction.data.endsWith(first.creations.first().address.bytes()));
    QVERIFY(m_estate->execute(first.draft).succeeded);
    QVERIFY(m_estate->execute(second.draft).succeeded);
}

void TestComposeRequest::anAddressByNonceIsRefusedWhileTheQueueCreates()
{
    const ComposedProposal first = m_estate->composeOne({deployRegistry()});
    putIn(m_estate->queue, ComposeEstate::signedBy(m_estate->home.alice, first.draft));
    QCOMPARE(fieldsOf(composed(requestOf({deployRegistry(CreateMethod::ByNonce)}))).join(u' '), u"0.method"_s);
    ComposeRequest salted = requestOf({DeployAction{.artifact = u"CantonKeyRegistry"_s, .salt = u"second"_s}});
    QCOMPARE(composed(salted).problems, QList<ComposeProblem>());
}

void TestComposeRequest::creationsInOneBatchEachUseUpAnAccountNonce()
{
    const ComposedProposal proposal = m_estate->composeOne({deployRegistry(CreateMethod::ByNonce), deployRegistry(CreateMethod::BySalt),
        DeployAction{.artifact = u"TreasuryAdapter"_s, .arguments = {u"treasury"_s, u"1"_s}, .method = CreateMethod::Arachnid},
        deployRegistry(CreateMethod::ByNonce)});
    QCOMPARE(proposal.creations.size(), 4);
    QVERIFY(!proposal.review->isBlocked());
    QVERIFY(m_estate->execute(proposal.draft).succeeded);
    for (const PredictedCreation &creation : proposal.creations)
        QVERIFY2(m_estate->home.chain.hasCode(creation.address), qPrintable(QString::number(creation.action)));
}

void TestComposeRequest::anOccupiedAddressIsRefused()
{
    QCOMPARE(fieldsOf(composed(requestOf({deployRegistry(), deployRegistry()}))).join(u' '), u"1.salt"_s);
    QVERIFY(m_estate->execute(m_estate->composeOne({deployRegistry()}).draft).succeeded);
    QCOMPARE(fieldsOf(composed(requestOf({deployRegistry()}))).join(u' '), u"0.salt"_s);
}

void TestComposeRequest::theOrphanIsWarnedOf()
{
    const ComposedProposal orphan = m_estate->composeOne({deployRegistry(CreateMethod::Arachnid)});
    QVERIFY(orphan.creations.first().warning.contains(u"nobody"_s));
    QVERIFY(orphan.review->finding(u"create.orphan"));
    QVERIFY(m_estate->composeOne({deployRegistry()}).creations.first().warning.isEmpty());
}

void TestComposeRequest::aFileOfTransactionsBecomesOneBatch()
{
    TransactionBuilderFile file;
    file.chainId = ComposeEstate::first();
    file.name = u"Two calls"_s;
    const Address vault = m_estate->home.vault;
    const auto entry = [&](QStringView function, std::initializer_list<AbiValue> arguments) {
        BuilderTransaction transaction;
        transaction.to = vault;
        transaction.data = m_estate->home.call(m_estate->home.vaultBuild, function, arguments);
        file.transactions.push_back(transaction);
    };
    entry(u"pause", {});
    entry(u"setEmergencyContact", {AbiValue(m_estate->home.bob.address())});
    const QByteArray json = writeTransactionBuilderFile(file);
    const ComposedProposal proposal = m_estate->composeOne({BuilderFileAction{json}});
    QVERIFY(!proposal.review->isBlocked());
    QVERIFY(m_estate->execute(proposal.draft).succeeded);
    QCOMPARE(m_estate->addressOf(ComposeEstate::first(), vault, u"emergencyContact() view returns (address)"), m_estate->home.bob.address());
    QCOMPARE(fieldsOf(composed(requestOf({BuilderFileAction{json}}, {ComposeEstate::second()}))).join(u' '), u"0.file"_s);
}

void TestComposeRequest::aRevocationIsWhatItAlwaysWas()
{
    const AdversarialEstate &home = m_estate->home;
    const ComposedProposal proposal = m_estate->composeOne({RevokeKeyAction{{}, u"Treasury desk"_s}});
    const ProposalDraft before = draftRevokeKey({.chainId = ComposeEstate::first(),
        .safe = home.safe,
        .registry = home.registry,
        .partyId = home.party,
        .partyName = u"Treasury desk"_s,
        .currentKey = home.partyKey,
        .nonce = proposal.draft.transaction.nonce,
        .rationale = {},
        .now = m_estate->clock.now()});
    QCOMPARE(proposal.draft.transaction, before.transaction);
    QCOMPARE(proposal.draft.promises, before.promises);
    QCOMPARE(proposal.draft.title, before.title);
}

void TestComposeRequest::everyVersionOfTheSafeTakesABatch_data()
{
    QTest::addColumn<QString>("version");
    QTest::addColumn<bool>("isL2");
    for (const QString &version : {u"1.3.0"_s, u"1.4.1"_s, u"1.5.0"_s}) {
        QTest::addRow("%s", qPrintable(version)) << version << false;
        QTest::addRow("%s L2", qPrintable(version)) << version << true;
    }
}

void TestComposeRequest::everyVersionOfTheSafeTakesABatch()
{
    QFETCH(const QString, version);
    QFETCH(const bool, isL2);
    AdversarialEstate &home = m_estate->home;
    Environment environment = m_estate->environment;
    environment.chains.first().safe
        = home.chain.createSafe(version, {home.alice.address(), home.bob.address(), home.carol.address()}, 2, isL2);
    ReviewReader reader(environment, m_estate->clock);
    Composer composer(environment, reader, m_estate->clock);
    const auto run = [&](const QList<ComposeAction> &actions) {
        const auto composition = QCoro::waitFor(composer.compose(requestOf(actions), {}));
        if (!composition || composition->proposals.isEmpty() || composition->proposals.first().review->isBlocked())
            return false;
        const ComposedProposal &proposal = composition->proposals.first();
        return m_estate->execute(proposal.draft).succeeded && m_estate->brokenPromises(proposal).isEmpty()
            && std::ranges::all_of(proposal.creations,
                [&](const PredictedCreation &creation) { return home.chain.hasCode(creation.address); });
    };
    QVERIFY(run({ChangeThresholdAction{u"3"_s}, ChangeThresholdAction{u"2"_s}})); // MultiSendCallOnly
    QVERIFY(run({deployRegistry(CreateMethod::ByNonce), deployRegistry(), TransferOwnershipAction{u"#1"_s, u"bob"_s}})); // MultiSend
    if (version != u"1.5.0"_s) {
        QVERIFY(run({MigrateAction{.version = u"1.5.0"_s}}));
        const SafeState after = home.chain.state(*environment.chains.first().safe);
        QCOMPARE(after.version, u"1.5.0"_s);
        const SafeContracts &release = home.chain.contracts(u"1.5.0"_s);
        QCOMPARE(after.singleton, isL2 ? release.singletonL2 : release.singleton);
        QCOMPARE(after.fallbackHandler, release.handler);
    }
}

void TestComposeRequest::titlesAndReasonsComeFromTheSteps()
{
    const ComposedProposal proposal = m_estate->composeOne({PauseAction{u"treasury"_s}, RevokeKeyAction{{}, u"Treasury desk"_s}});
    QCOMPARE(proposal.draft.title, u"Pause treasury; Revoke the Canton key of Treasury desk"_s);
    QCOMPARE(proposal.draft.rationale, u"1. Pause treasury\n2. Revoke the Canton key of Treasury desk"_s);
    QList<ComposeAction> many;
    for (int i = 0; i < 40; ++i)
        many.append(AuthorisePartyAction{u"treasury"_s, keccak256(QByteArray::number(i)).toString(), true});
    QVERIFY(m_estate->composeOne(many).draft.title.endsWith(u"; and 39 more"_s));
}

void TestComposeRequest::aSilentChainIsAnError()
{
    Environment environment = m_estate->environment;
    environment.chains[1].rpc = {QUrl(u"http://127.0.0.1:1"_s)};
    ReviewReader reader(environment, m_estate->clock);
    Composer composer(environment, reader, m_estate->clock);
    const auto alone = QCoro::waitFor(composer.compose(requestOf({PauseAction{u"treasury"_s}}, {ComposeEstate::second()}), {}));
    QCOMPARE(alone.error().kind, ErrorKind::Unavailable);
    const auto both = QCoro::waitFor(composer.compose(requestOf({PauseAction{u"treasury"_s}}, {ComposeEstate::first(), ComposeEstate::second()}), {}));
    QCOMPARE(fieldsOf(both.value()).join(u' '), u"chains"_s);
    QCOMPARE(both->problems.first().chain, std::optional(ComposeEstate::second()));
}

void TestComposeRequest::aCancelledCompositionSaysSo()
{
    std::stop_source source;
    auto task = m_estate->composer->compose(requestOf({PauseAction{u"treasury"_s}}), {}, source.get_token());
    source.request_stop();
    QCOMPARE(QCoro::waitFor(std::move(task)).error().kind, ErrorKind::Cancelled);

    auto composer = std::make_unique<Composer>(m_estate->environment, *m_estate->reader, m_estate->clock);
    auto orphaned = composer->compose(requestOf({PauseAction{u"treasury"_s}}), {});
    composer.reset();
    QCOMPARE(QCoro::waitFor(std::move(orphaned)).error().kind, ErrorKind::Cancelled);
}

void TestComposeRequest::siblingsAreFoundByTheirBytes()
{
    const QList<ChainId> both{ComposeEstate::first(), ComposeEstate::second()};
    const Composition composition = composed(requestOf(
        {DeployAction{.artifact = u"TreasuryAdapter"_s, .arguments = {u"treasury"_s, u"5"_s}},
            RegisterAdapterAction{u"treasury"_s, u"lending"_s, u"#1"_s}, RevokeKeyAction{{}, u"Treasury desk"_s}},
        both));
    ExchangeSnapshot queue;
    for (const ComposedProposal &proposal : composition.proposals)
        putIn(queue, ComposeEstate::signedBy(m_estate->home.alice, proposal.draft));
    // The same title, other bytes; the same bytes, another author.
    const Composition others = composed(requestOf({RevokeKeyAction{{}, u"Market making"_s}}, {ComposeEstate::second()}));
    ProposalDraft misleading = others.proposals.first().draft;
    misleading.title = composition.proposals.first().draft.title;
    putIn(queue, ComposeEstate::signedBy(m_estate->home.alice, misleading));
    ProposalDraft foreign = composition.proposals.last().draft;
    foreign.transaction.nonce = Uint256(9);
    putIn(queue, ComposeEstate::signedBy(m_estate->home.bob, foreign));

    const auto siblings = siblingsOf(queue, queue.items.first(), m_estate->environment);
    QCOMPARE(siblings.size(), 1);
    QCOMPARE(siblings.first().id(), queue.items.at(1).id());
    QCOMPARE(siblingsOf(queue, siblings.first(), m_estate->environment).first().id(), queue.items.first().id());
    QVERIFY(siblingsOf(queue, queue.items.at(2), m_estate->environment).isEmpty());
}

// What takes the place of a name in the comparison must not be something that a proposer can write.
void TestComposeRequest::aLiteralInANamesPlaceIsNoSibling()
{
    const QList<ChainId> both{ComposeEstate::first(), ComposeEstate::second()};
    const Composition composition = composed(requestOf({TransferOwnershipAction{u"registry"_s, u"safe"_s}}, both));
    ExchangeSnapshot queue;
    for (const ComposedProposal &proposal : composition.proposals)
        putIn(queue, ComposeEstate::signedBy(m_estate->home.alice, proposal.draft));
    QCOMPARE(siblingsOf(queue, queue.items.first(), m_estate->environment).size(), 1);
    ProposalDraft draft = composition.proposals.last().draft;
    draft.transaction.data.replace(draft.transaction.data.size() - Address::size, Address::size, Bytes(Address::size, '\0'));
    ExchangeSnapshot spoiled;
    putIn(spoiled, queue.items.first());
    putIn(spoiled, ComposeEstate::signedBy(m_estate->home.alice, draft));
    QVERIFY(siblingsOf(spoiled, spoiled.items.first(), m_estate->environment).isEmpty());
}

QTEST_GUILESS_MAIN(TestComposeRequest)
#include "tst_composerequest.moc"
