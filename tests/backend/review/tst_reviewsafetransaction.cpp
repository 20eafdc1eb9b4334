#include "backend/review/checks/reviewcheck.h"
#include "backend/review/knowncalls.h"
#include "backend/review/reviewsafetransaction.h"
#include "backend/safe/safestorage.h"
#include "tests/backend/review/reviewfixture.h"

#include <QSet>
#include <QTest>

#include <algorithm>
#include <functional>

using namespace countersign;

using Spoil = std::function<void(ReviewFixture &)>;
Q_DECLARE_METATYPE(Spoil)

static Hash32 word(const Address &address)
{
    const Bytes bytes = Bytes(12, '\0') + address.bytes();
    return Hash32::fromDigest(bytes);
}

class TestReviewSafeTransaction final : public QObject {
    Q_OBJECT

private slots:
    void flawlessRevocationBlocksNothing();
    void sentenceIsOneThatATreasurerWouldSay();
    void hashesAreGroupedAsALedgerShowsThem();
    void hashesAreThoseOfPublishedVectors();
    void everyDangerHasItsFinding_data();
    void everyDangerHasItsFinding();
    void everyCheckExplainsItself();
    void whatCannotRunWithoutANodeIsSaid();
    void worstFindingsComeFirst();
    void signersAreNamedAndMarked();
    void effectIsComparedWithThePromise();
    void storageDifferencesGetNames();
    void sentencesOfOtherCalls_data();
    void sentencesOfOtherCalls();
};

void TestReviewSafeTransaction::flawlessRevocationBlocksNothing()
{
    const ReviewFixture fixture;
    const Review review = reviewSafeTransaction(fixture.item, fixture.context);
    for (const Finding &finding : review.findings)
        QVERIFY2(finding.severity == Severity::Info, qPrintable(finding.code + u": "_s + finding.message));
    QVERIFY(!review.isBlocked());
    QVERIFY(review.call.isDecoded);
    QCOMPARE(review.call.function, u"revokeKey"_s);
    QCOMPARE(review.call.arguments.size(), 1);
    QCOMPARE(review.call.arguments.first().value, testParty.toString());
    QCOMPARE(review.call.arguments.first().known, u"Treasury desk"_s);
    QVERIFY(review.finding(u"intents.stop"));
}

void TestReviewSafeTransaction::sentenceIsOneThatATreasurerWouldSay()
{
    ReviewFixture fixture;
    QCOMPARE(reviewSafeTransaction(fixture.item, fixture.context).sentence,
        u"Revoke the Canton signing key of Treasury desk (%1) in the key registry on ethereum"_s.arg(
            testPartyKey.toString()));
    // The title of a proposal has no part in it.
    auto draft = testDraft();
    draft.title = u"Pay the salaries"_s;
    fixture.propose(draft);
    QVERIFY(
        reviewSafeTransaction(fixture.item, fixture.context).sentence.startsWith(u"Revoke the Canton signing key"_s));
}

void TestReviewSafeTransaction::hashesAreGroupedAsALedgerShowsThem()
{
    const Hash32 hash = *Hash32::parse(u"0x0cb7250b8becd7069223c54e2839feaed4cee156363fbfe5dd0a48e75c4e25b3");
    QCOMPARE(deviceText(hash), u"0x0CB7250B8BECD7069223C54E2839FEAED4CEE156363FBFE5DD0A48E75C4E25B3"_s);
    QCOMPARE(deviceGroups(hash),
        (QStringList{u"0CB7250B"_s, u"8BECD706"_s, u"9223C54E"_s, u"2839FEAE"_s, u"D4CEE156"_s, u"363FBFE5"_s,
            u"DD0A48E7"_s, u"5C4E25B3"_s}));
}

void TestReviewSafeTransaction::hashesAreThoseOfPublishedVectors()
{
    // The examples of safe-tx-hashes-util: adding an owner on Arbitrum, plain and with every dangerous field set.
    const Address safe = *Address::parse(u"0x111CEEee040739fD91D29C34C33E6B3E112F2177");
    ProposalDraft draft;
    draft.chainId = ChainId(42161);
    draft.safe = safe;
    draft.title = u"Vector"_s;
    draft.transaction.to = safe;
    draft.transaction.data = *bytesFromHex(u"0x0d582f13"
                                           "0000000000000000000000000c75fa5a5f1c0997e3eea425cfa13184ed0ec9e5"
                                           "0000000000000000000000000000000000000000000000000000000000000003"_s);
    draft.transaction.nonce = Uint256(234);
    const ReviewContext nothing;
    Review review = reviewSafeTransaction({alice.propose(draft), {}}, nothing);
    QCOMPARE(review.hashes.domain.toString(), u"0x1cf7f9b1efe3bc47fe02fd27c649fea19e79d66040683a1c86c7490c80bf7291"_s);
    QCOMPARE(review.hashes.message.toString(), u"0xd9109ea63c50ecd3b80b6b27ed5c5a9fd3d546c2169dfb69bfa7ba24cd14c7a5"_s);
    QCOMPARE(review.hashes.safeTx.toString(), u"0x0cb7250b8becd7069223c54e2839feaed4cee156363fbfe5dd0a48e75c4e25b3"_s);
    QVERIFY(review.isBlocked());

    draft.transaction.value = Uint256(1000);
    draft.transaction.operation = SafeOperation::DelegateCall;
    draft.transaction.gasPrice = Uint256(50);
    draft.transaction.gasToken = *Address::parse(u"0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2");
    draft.transaction.refundReceiver = *Address::parse(u"0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045");
    review = reviewSafeTransaction({alice.propose(draft), {}}, nothing);
    QCOMPARE(review.hashes.message.toString(), u"0xc7e826933da60e6ac3e2246ed0563a26a920a65beaa9089d784ac96234141bb3"_s);
    QCOMPARE(review.hashes.safeTx.toString(), u"0xc818fceb1cace51c1a4039c4c66fc73d95eccc298104c9c52debac604b9f4e04"_s);
    for (const auto *code : {u"operation.delegatecall", u"gas.refund", u"gas.burn"})
        QCOMPARE(review.finding(code)->severity, Severity::Block);
}

void TestReviewSafeTransaction::everyDangerHasItsFinding_data()
{
    QTest::addColumn<Spoil>("spoil");
    QTest::addColumn<QString>("code");
    QTest::addColumn<bool>("blocks");
    const auto row = [](const char *name, const QString &code, bool blocks, Spoil spoil) {
        QTest::newRow(name) << spoil << code << blocks;
    };
    const auto drafted = [](std::function<void(ProposalDraft &)> change) {
        return Spoil([change](ReviewFixture &fixture) {
            auto draft = testDraft();
            change(draft);
            fixture.propose(draft);
        });
    };

    row("chain that the environment does not have", u"chain.unknown"_s, true,
        drafted([](auto &draft) { draft.chainId = ChainId(1); }));
    row("endpoint of another chain", u"chain.mismatch"_s, true,
        [](auto &fixture) { fixture.context.rpcChainId = ChainId(1); });
    row("endpoint that does not tell its chain", u"chain.mismatch"_s, true,
        [](auto &fixture) { fixture.context.rpcChainId.reset(); });
    row("another Safe", u"safe.foreign"_s, true, drafted([](auto &draft) { draft.safe = testVault; }));
    row("Safe that could not be read", u"safe.unread"_s, true, [](auto &fixture) { fixture.context.safe = {}; });
    row("unknown proxy code", u"safe.code"_s, true,
        [](auto &fixture) { fixture.context.safe.proxyCodeHash = keccak256("x"); });
    row("unknown singleton", u"safe.code"_s, true,
        [](auto &fixture) { fixture.context.safe.singletonCodeHash = keccak256("x"); });
    row("version that the code does not have", u"safe.code"_s, true,
        [](auto &fixture) { fixture.context.safe.version = u"1.3.0"_s; });
    row("guard", u"safe.guard"_s, false, [](auto &fixture) { fixture.context.safe.guard = testVault; });
    row("module", u"safe.module"_s, false, [](auto &fixture) { fixture.context.safe.modules = {testVault}; });
    row("threshold of one", u"safe.threshold"_s, false,
        [](auto &fixture) { fixture.context.safe.threshold = Uint256(1); });
    row("contract computes another hash", u"hash.mismatch"_s, true,
        [](auto &fixture) { fixture.context.contractHash = keccak256("x"); });
    row("contract gives no hash", u"hash.unconfirmed"_s, false,
        [](auto &fixture) { fixture.context.contractHash.reset(); });
    row("domain without a chain", u"hash.domain"_s, true,
        [](auto &fixture) { fixture.context.safe.domainSeparator = safeLegacyDomainHash(testSafe); });
    row("one endpoint only", u"endpoint.single"_s, false, [](auto &fixture) { fixture.context.second.reset(); });
    row("second endpoint disagrees", u"endpoint.disagrees"_s, true,
        [](auto &fixture) { fixture.context.second->disagreements = {u"nonce: 1 and 2"_s}; });
    row("second endpoint is silent", u"endpoint.silent"_s, true,
        [](auto &fixture) { fixture.context.second->error = Error{ErrorKind::Timeout, u"no answer"_s, {}}; });
    row("signature by a stranger", u"signature.stranger"_s, false,
        [](auto &fixture) { fixture.item.signatures = {mallory.countersign(fixture.item.id())}; });
    row("signature by eth_sign", u"signature.ethsign"_s, false, [](auto &fixture) {
        const Hash32 hash = fixture.item.id();
        fixture.item.signatures = {{hash, SafeSignature::ethSign(bob.sign(safeEthSignHash(hash))), bob.address(), {}}};
    });
    row("signature for another transaction", u"signature.foreign"_s, true,
        [](auto &fixture) { fixture.item.signatures = {bob.countersign(keccak256("x"))}; });
    row("signature that names another owner", u"signature.invalid"_s, true, [](auto &fixture) {
        auto signature = mallory.countersign(fixture.item.id());
        signature.owner = bob.address();
        fixture.item.signatures = {signature};
    });
    row("proposer who is no owner", u"proposer.stranger"_s, false,
        [](auto &fixture) { fixture.item.proposal = mallory.propose(testDraft()); });
    row("transaction that nobody described", u"proposer.none"_s, false, [](auto &fixture) {
        const Proposal &proposal = fixture.item.proposal;
        fixture.item.import = ImportedTransaction::make(
            proposal.chainId, proposal.safe, proposal.transaction, u"transaction service"_s, u"Salaries"_s, {});
    });
    row("report of another hash on what nobody described", u"incident.reported"_s, true, [](auto &fixture) {
        const Proposal &proposal = fixture.item.proposal;
        fixture.item.import
            = ImportedTransaction::make(proposal.chainId, proposal.safe, proposal.transaction, {}, {}, {});
        Statement report;
        report.kind = StatementKind::MismatchReport;
        report.chainId = proposal.chainId;
        report.safe = proposal.safe;
        report.safeTxHash = fixture.item.id();
        fixture.item.statements = {bob.state(report)};
    });
    row("proposer who did not sign", u"proposer.signature"_s, true,
        [](auto &fixture) { fixture.item.proposal.proposer = bob.address(); });

    row("delegatecall", u"operation.delegatecall"_s, true,
        drafted([](auto &draft) { draft.transaction.operation = SafeOperation::DelegateCall; }));
    row("value with a delegatecall", u"operation.value"_s, false, drafted([](auto &draft) {
        draft.transaction.operation = SafeOperation::DelegateCall;
        draft.transaction.value = Uint256(1);
    }));
    row("no code at the target", u"target.nocode"_s, true, [](auto &fixture) { fixture.context.contracts[testRegistry].code.clear(); });
    row("value leaves", u"value.sent"_s, false, drafted([](auto &draft) { draft.transaction.value = Uint256(1); }));
    row("target that nobody knows", u"target.unknown"_s, false,
        drafted([](auto &draft) { draft.transaction.to = mallory.address(); }));
    row("gas token", u"gas.refund"_s, true, drafted([](auto &draft) {
        draft.transaction.gasPrice = Uint256(1);
        draft.transaction.gasToken = testVault;
    }));
    row("refund receiver", u"gas.refund"_s, true, drafted([](auto &draft) {
        draft.transaction.gasPrice = Uint256(1);
        draft.transaction.refundReceiver = mallory.address();
    }));
    row("safeTxGas burns the nonce", u"gas.burn"_s, true,
        drafted([](auto &draft) { draft.transaction.safeTxGas = Uint256(45746); }));
    row("gas price pays", u"gas.payment"_s, false,
        drafted([](auto &draft) { draft.transaction.gasPrice = Uint256::max(); }));
    row("base gas alone", u"gas.fields"_s, false, drafted([](auto &draft) { draft.transaction.baseGas = Uint256(1); }));

    row("dirty padding", u"call.dirty"_s, true, drafted([](auto &draft) {
        draft.transaction.data = Selector::ofSignature(u"registerKey(bytes32,address)").bytes() + testParty.bytes()
            + Bytes(12, '\1') + testPartyKey.bytes();
    }));
    row("trailing bytes", u"call.dirty"_s, true, drafted([](auto &draft) { draft.transaction.data += "x"; }));
    row("truncated arguments", u"call.dirty"_s, true, drafted([](auto &draft) { draft.transaction.data.chop(1); }));
    row("unknown function of the registry", u"call.unknown"_s, true,
        drafted([](auto &draft) { draft.transaction.data = "\xde\xad\xbe\xef"; }));
    row("too short for a selector", u"call.unknown"_s, true,
        drafted([](auto &draft) { draft.transaction.data = "\xde\xad"; }));
    row("guess about a stranger's contract", u"call.guess"_s, false, drafted([](auto &draft) {
        draft.transaction.to = mallory.address();
        draft.transaction.data
            = *commonAbi().function(u"approve")->encodeCall({AbiValue(testVault), AbiValue(Uint256::max())});
    }));
    row("look-alike target", u"address.lookalike"_s, true, drafted([](auto &draft) {
        draft.transaction.to = *Address::parse(u"0x4e61000000000000000000000000000000001111");
    }));
    row("look-alike argument", u"address.lookalike"_s, true, drafted([](auto &draft) {
        draft.transaction.data
            = *abiOfRole(ContractRole::Registry)
                   ->function(u"transferOwnership")
                   ->encodeCall({AbiValue(*Address::parse(u"0x1111000000000000000000000000000000005afe"))});
    }));
    row("ownership to a stranger", u"ownership.unknown"_s, true, drafted([](auto &draft) {
        draft.transaction.data = *abiOfRole(ContractRole::Registry)
                                      ->function(u"transferOwnership")
                                      ->encodeCall({AbiValue(mallory.address())});
    }));
    row("ownership thrown away", u"ownership.lost"_s, true, drafted([](auto &draft) {
        draft.transaction.data = *abiOfRole(ContractRole::Vault)->function(u"renounceOwnership")->encodeCall({});
        draft.transaction.to = testVault;
    }));
    row("threshold lowered to one", u"safe.threshold.low"_s, true, drafted([](auto &draft) {
        draft.transaction.to = testSafe;
        draft.transaction.data = Selector::ofSignature(u"changeThreshold(uint256)").bytes() + Uint256(1).toBigEndian();
    }));
    row("module enabled", u"safe.module.new"_s, true, drafted([](auto &draft) {
        draft.transaction.to = testSafe;
        draft.transaction.data
            = Selector::ofSignature(u"enableModule(address)").bytes() + Bytes(12, '\0') + mallory.address().bytes();
    }));
    const auto toTheSafe = [&](QStringView signature, const Bytes &arguments) {
        return drafted([signature = signature.toString(), arguments](auto &draft) {
            draft.transaction.to = testSafe;
            draft.transaction.data = Selector::ofSignature(signature).bytes() + arguments;
        });
    };
    const Bytes stranger = Bytes(12, '\0') + mallory.address().bytes();
    row("stranger as owner", u"safe.owner.unknown"_s, true,
        toTheSafe(u"addOwnerWithThreshold(address,uint256)", stranger + Uint256(2).toBigEndian()));
    row("owner swapped for a stranger", u"safe.owner.unknown"_s, true,
        toTheSafe(u"swapOwner(address,address,address)",
            Uint256(1).toBigEndian() + Bytes(12, '\0') + alice.address().bytes() + stranger));
    row("unknown guard", u"safe.code.unknown"_s, true, toTheSafe(u"setGuard(address)", stranger));
    row("unknown fallback handler", u"safe.code.unknown"_s, true, toTheSafe(u"setFallbackHandler(address)", stranger));
    row("party without a name", u"party.unknown"_s, false, [](auto &fixture) { fixture.environment.parties.clear(); });
    row("registry that could not be read", u"registry.unread"_s, true,
        [](auto &fixture) { fixture.context.registries.clear(); });
    row("registry of another owner", u"registry.owner"_s, true,
        [](auto &fixture) { fixture.context.registries.first().owner = mallory.address(); });
    row("key that is not there", u"key.absent"_s, true, [](auto &fixture) { fixture.context.registries.first().key = {}; });
    row("key that the environment has otherwise", u"key.differs"_s, false,
        [](auto &fixture) { fixture.context.registries.first().key = mallory.address(); });

    row("used nonce", u"nonce.used"_s, true, [](auto &fixture) { fixture.context.safe.nonce = Uint256(3); });
    row("gap of nonces", u"nonce.gap"_s, false, [](auto &fixture) { fixture.context.safe.nonce = Uint256(1); });
    row("simulation that assumes", u"simulation.assumes"_s, false,
        [](auto &fixture) { fixture.context.safe.nonce = Uint256(1); });
    row("rival for the nonce", u"nonce.rival"_s, false, [](auto &fixture) {
        auto draft = testDraft();
        draft.transaction.value = Uint256(1);
        fixture.context.others = {{bob.propose(draft), {}}};
    });
    row("expired", u"time.expired"_s, true,
        drafted([](auto &draft) { draft.expiresAt = Timestamp::fromSeconds(1'700'000'001); }));

    row("target that could not be read", u"target.unread"_s, true, [](auto &fixture) { fixture.context.contracts.clear(); });
    row("adapter that could not be read", u"adapter.unread"_s, true, drafted([](auto &draft) {
        draft.transaction.to = testVault;
        draft.transaction.data = Selector::ofSignature(u"registerAdapter(bytes32,address)").bytes() + testParty.bytes()
            + Bytes(12, '\0') + testPartyKey.bytes();
    }));
    row("code that is no published Safe", u"safe.singleton"_s, true, toTheSafe(u"changeMasterCopy(address)", stranger));
    row("the same call again", u"fatigue.again"_s, false,
        [](auto &fixture) { fixture.context.others = {{bob.propose(testDraft(7)), {}}}; });

    row("a policy that cannot be read", u"policy.unreadable"_s, true, [](auto &fixture) {
        fixture.context.policyError = Error{ErrorKind::Invalid, u"The policy has a mistake"_s, u"policy.yaml:3:1"_s};
    });
    row("no simulation", u"simulation.missing"_s, true, [](auto &fixture) { fixture.context.simulation.reset(); });
    row("simulation fails", u"simulation.failed"_s, true, [](auto &fixture) {
        fixture.context.simulation->succeeded = false;
        fixture.context.simulation->reason = u"KeyNotRegistered"_s;
    });
    row("a guard that was not asked", u"simulation.inner"_s, true, [](auto &fixture) {
        fixture.context.simulation->innerCallOnly = true;
        fixture.context.safe.guard = testVault;
    });
    row("the inner call alone", u"simulation.inner"_s, false,
        [](auto &fixture) { fixture.context.simulation->innerCallOnly = true; });
    row("key stays in simulation", u"effect.broken"_s, true,
        [](auto &fixture) { fixture.context.simulation->keyAfter = testPartyKey; });
    row("key changed since it was proposed", u"effect.stale"_s, true, [](auto &fixture) {
        auto draft = testDraft();
        draft.promises[0].before = mallory.address().toString();
        fixture.propose(draft);
    });
    row("promise about something else", u"effect.missing"_s, true,
        drafted([](auto &draft) { draft.promises.append({u"Vault.paused"_s, u"no"_s, u"yes"_s}); }));
    row("hidden write to the Safe", u"effect.safe"_s, true, [](auto &fixture) {
        fixture.context.simulation->hasChanges = true;
        fixture.context.simulation->changes = {{testSafe, slotNumber(4), slotNumber(2), slotNumber(1)}};
    });
    row("unnamed write", u"effect.unnamed"_s, false, [](auto &fixture) {
        fixture.context.simulation->hasChanges = true;
        fixture.context.simulation->changes = {{testVault, slotNumber(9), slotNumber(0), slotNumber(1)}};
    });
    row("two simulations contradict", u"effect.contradiction"_s, true, [](auto &fixture) {
        fixture.context.simulation->hasChanges = true;
        const Hash32 slot = mappingSlot(testParty, slotNumber(RegistryLayout::cantonPartyToKey));
        fixture.context.simulation->changes = {{testRegistry, slot, word(testPartyKey), slotNumber(1)}};
    });
}

void TestReviewSafeTransaction::everyDangerHasItsFinding()
{
    QFETCH(Spoil, spoil);
    QFETCH(QString, code);
    QFETCH(bool, blocks);
    ReviewFixture fixture;
    spoil(fixture);
    const Review review = reviewSafeTransaction(fixture.item, fixture.context);
    const Finding *finding = review.finding(code);
    QVERIFY2(finding, "no such finding");
    QCOMPARE(finding->severity, blocks ? Severity::Block : Severity::Warn);
    QVERIFY(!finding->message.isEmpty());
    if (blocks)
        QVERIFY(review.isBlocked());
}

void TestReviewSafeTransaction::everyCheckExplainsItself()
{
    QSet<QString> ids;
    int number = 0;
    for (const auto &check : reviewChecks()) {
        const CheckInfo &info = check->info();
        QCOMPARE(info.number, ++number);
        ids.insert(info.id);
        for (const char16_t *text : {info.title, info.why, info.guardsAgainst})
            QVERIFY(QString::fromUtf16(text).size() > 10);
    }
    QVERIFY(number >= 36);
    QCOMPARE(ids.size(), number);
}

void TestReviewSafeTransaction::whatCannotRunWithoutANodeIsSaid()
{
    ReviewFixture fixture;
    ReviewContext offline;
    offline.isOnline = false;
    offline.environment = &fixture.environment;
    offline.now = fixture.context.now;
    const Review review = reviewSafeTransaction(fixture.item, offline);
    QVERIFY(!review.isBlocked());
    for (const int check : {1, 2, 3, 10, 20, 26, 28})
        QVERIFY2(std::ranges::find(review.notRun, check, &CheckNotRun::check) != review.notRun.end(), qPrintable(QString::number(check)));
}

void TestReviewSafeTransaction::worstFindingsComeFirst()
{
    ReviewFixture fixture;
    fixture.context.second.reset();
    fixture.context.rpcChainId = ChainId(1);
    const Review review = reviewSafeTransaction(fixture.item, fixture.context);
    QCOMPARE(review.findings.first().code, u"chain.mismatch"_s);
    for (qsizetype i = 1; i < review.findings.size(); ++i)
        QVERIFY(review.findings[i - 1].severity <= review.findings[i].severity);
}

void TestReviewSafeTransaction::signersAreNamedAndMarked()
{
    ReviewFixture fixture;
    fixture.item.signatures = {bob.countersign(fixture.item.id()), mallory.countersign(fixture.item.id())};
    const Review review = reviewSafeTransaction(fixture.item, fixture.context);
    QCOMPARE(review.signers.size(), 3);
    QCOMPARE(review.signers[0].name, u"alice"_s);
    QVERIFY(!review.signers[0].hasSigned);
    QVERIFY(review.signers[1].hasSigned);
    QCOMPARE(review.signers[1].how, u"ECDSA"_s);
    QCOMPARE(review.strangers.size(), 1);
    QCOMPARE(review.signaturesByOwners(), 1);
    QCOMPARE(review.threshold, 2U);
    QCOMPARE(review.proposer, u"alice"_s);
}

void TestReviewSafeTransaction::effectIsComparedWithThePromise()
{
    const ReviewFixture fixture;
    const Review review = reviewSafeTransaction(fixture.item, fixture.context);
    QCOMPARE(review.effects.size(), 1);
    const Effect &effect = review.effects.first();
    QCOMPARE(effect.name, u"Canton key of Treasury desk"_s);
    QCOMPARE(effect.before, testPartyKey.toString());
    QCOMPARE(effect.after, u"none"_s);
    QCOMPARE(effect.promised, u"none"_s);
    QVERIFY(effect.isAsPromised());
}

void TestReviewSafeTransaction::storageDifferencesGetNames()
{
    ReviewFixture fixture;
    fixture.context.simulation->hasChanges = true;
    const Hash32 key = mappingSlot(testParty, slotNumber(RegistryLayout::cantonPartyToKey));
    fixture.context.simulation->changes
        = {{testSafe, slotNumber(5), slotNumber(2), slotNumber(3)}, {testRegistry, key, word(testPartyKey), Hash32()}};
    const Review review = reviewSafeTransaction(fixture.item, fixture.context);
    QVERIFY(!review.isBlocked());
    QCOMPARE(review.effects.size(), 2);
    QCOMPARE(review.effects[0].variable, u"Safe.nonce"_s);
    QCOMPARE(review.effects[0].before, u"2"_s);
    QCOMPARE(review.effects[0].after, u"3"_s);
    QCOMPARE(review.effects[1].variable, registryKeyVariable(testParty));
    QCOMPARE(review.effects[1].after, u"none"_s);
    QCOMPARE(review.effects[1].promised, u"none"_s);
}

void TestReviewSafeTransaction::sentencesOfOtherCalls_data()
{
    QTest::addColumn<Spoil>("prepare");
    QTest::addColumn<QString>("sentence");
    const auto call
        = [](const Address &to, const Bytes &data, quint64 value = 0, SafeOperation operation = SafeOperation::Call) {
              return Spoil([=](ReviewFixture &fixture) {
                  auto draft = testDraft();
                  draft.promises.clear();
                  draft.transaction.to = to;
                  draft.transaction.data = data;
                  draft.transaction.value = Uint256(value);
                  draft.transaction.operation = operation;
                  fixture.propose(draft);
              });
          };
    const auto vault = [](QStringView name, std::initializer_list<AbiValue> arguments) {
        return *abiOfRole(ContractRole::Vault)->function(name)->encodeCall(arguments);
    };
    QTest::newRow("pause") << call(testVault, vault(u"pause", {}))
                           << u"Pause vault treasury: no intent is executed until it is unpaused on ethereum"_s;
    QTest::newRow("party") << call(testVault, vault(u"setPartyAuthorized", {AbiValue(testParty), AbiValue(false)}))
                           << u"Refuse the intents of Treasury desk on vault treasury on ethereum"_s;
    QTest::newRow("accept") << call(testRegistry, vault(u"acceptOwnership", {}))
                            << u"Make the Safe the owner of key registry on ethereum"_s;
    QTest::newRow("send") << call(bob.address(), {}, 5)
                          << u"Send 5 wei to bob (%1) on ethereum"_s.arg(bob.address().toString());
    QTest::newRow("cancel") << call(testSafe, {}) << u"Use up nonce 2 without doing anything on ethereum"_s;
    QTest::newRow("unknown") << call(testRegistry, "\xde\xad\xbe\xef")
                             << u"Call something unknown (0xdeadbeef) of key registry (%1) on ethereum"_s.arg(
                                    testRegistry.toString());
    QTest::newRow("delegatecall")
        << call(testRegistry, vault(u"pause", {}), 0, SafeOperation::DelegateCall)
        << u"Run the code of key registry (%1) as the Safe itself on ethereum: it may change everything the Safe is and owns"_s
               .arg(testRegistry.toString());
}

void TestReviewSafeTransaction::sentencesOfOtherCalls()
{
    QFETCH(Spoil, prepare);
    QFETCH(QString, sentence);
    ReviewFixture fixture;
    prepare(fixture);
    QCOMPARE(reviewSafeTransaction(fixture.item, fixture.context).sentence, sentence);
}

QTEST_GUILESS_MAIN(TestReviewSafeTransaction)
#include "tst_reviewsafetransaction.moc"
