#include "backend/evm/create2.h"
#include "backend/proposals/proposaljson.h"
#include "backend/review/claimedbuilds.h"
#include "backend/review/codereading.h"
#include "backend/safe/safecreate.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "tests/backend/review/adversarialestate.h"

#include <QFile>
#include <QStringList>
#include <QTest>

#include <functional>
#include <memory>

using namespace countersign;
using namespace countersign::testing;

using Package = AdversarialEstate::Package;

namespace {

QByteArray artifactText(const QString &name)
{
    QFile file(QStringLiteral(COUNTERSIGN_CONTRACTS) + u"/artifacts/test/"_s + name + u".json"_s);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no artifact %s", qPrintable(name));
    return file.readAll();
}

/// The institution's chain with a proxy on it that the Safe owns, and new code to put behind it.
struct UpgradeEstate : AdversarialEstate {
    ArtifactStore builds = ArtifactStore::ours();
    ArtifactStore claimed = ArtifactStore::ours();
    bool hasClaim = false;
    ContractArtifact first, second, moved, open, proxyBuild;
    Address firstCode, secondCode, movedCode, openCode, proxy;

    static ContractArtifact build(const QString &name) { return TestChain::artifact(u"artifacts/test/"_s + name + u".json"_s); }

    UpgradeEstate()
        : first(build(u"UpgradeSampleV1"_s))
        , second(build(u"UpgradeSampleV2"_s))
        , moved(build(u"UpgradeSampleMoved"_s))
        , open(build(u"UpgradeSampleOpen"_s))
        , proxyBuild(build(u"UpgradeSampleProxy"_s))
    {
        for (const QString &name : {u"UpgradeSampleV1"_s, u"UpgradeSampleV2"_s, u"UpgradeSampleMoved"_s, u"UpgradeSampleOpen"_s}) {
            if (const auto added = builds.add(artifactText(name)); !added)
                qFatal("%s", qPrintable(added.error().message));
        }
        const auto deploy = [this](const ContractArtifact &artifact, std::vector<AbiValue> arguments = {}) {
            return chain.chain().deploy(artifact.deploymentCode(arguments).value());
        };
        firstCode = deploy(first);
        secondCode = deploy(second);
        movedCode = deploy(moved);
        openCode = deploy(open);
        proxy = deploy(proxyBuild, {AbiValue(firstCode), AbiValue(call(first, u"initialize", {AbiValue(safe)}))});
    }

    Package upgrade(const Address &implementation, const Bytes &then = {})
    {
        Package made = package(proxy, call(first, u"upgradeToAndCall", {AbiValue(implementation), AbiValue(then)}));
        made.artifacts = &builds;
        return made;
    }
    /// The new code is created on the way, by the Safe; \a isClaimed: of a build that its proposer attached.
    Package createAndUpgrade(bool isClaimed)
    {
        if (isClaimed && !hasClaim) {
            const QByteArray text = artifactText(u"UpgradeSampleV2"_s);
            const ClaimedFile file{{u"V2.json"_s, artifactMediaType, static_cast<quint64>(text.size()), keccak256(text)}, alice.address()};
            if (const auto added = addClaimedBuild(claimed, file, text); !added)
                qFatal("%s", qPrintable(added.error().message));
            hasClaim = true;
        }
        const Bytes code = second.deploymentCode(std::vector<AbiValue>()).value();
        const SafeContracts &contracts = chain.contracts(u"1.4.1"_s);
        const Address there = create2Address(safe, Hash32(), keccak256(code));
        const std::vector<InnerCall> calls{
            {contracts.createCall, encodeCreateCall({Uint256(), code, Hash32()}), SafeOperation::DelegateCall},
            {proxy, call(first, u"upgradeToAndCall", {AbiValue(there), AbiValue(Bytes())})}};
        Package made = package(contracts.multiSend, multiSendOf(calls), SafeOperation::DelegateCall);
        made.artifacts = isClaimed ? &claimed : &builds;
        return made;
    }
    Bytes migration(const Address &owner, const Address &admin)
    {
        return call(second, u"migrate", {AbiValue(owner), AbiValue(admin)});
    }
};

using Make = std::function<Package(UpgradeEstate &, bool isAttack)>;

} // namespace

Q_DECLARE_METATYPE(Make)

class TestAdversarialUpgrades final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_estate = std::make_unique<UpgradeEstate>(); }
    void cleanupTestCase() { m_estate.reset(); }
    void attackIsBlockedAndItsTwinIsNot_data();
    void attackIsBlockedAndItsTwinIsNot();
    void goodUpgradeIsSaidToKeepItsVariables();
    void openInitializerIsAWarning();
    void unknownLayoutIsAWarning();
    void chainIsAskedForTheOpcodesOfNewCode();
    void codeThatTheChainCannotRunIsBlocked();

private:
    std::unique_ptr<UpgradeEstate> m_estate;
};

void TestAdversarialUpgrades::attackIsBlockedAndItsTwinIsNot_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<Make>("make");
    const auto row = [](const char *name, const QString &code, Make make) { QTest::newRow(name) << code << make; };
    row("a variable in front of the others", u"storage.changed"_s,
        [](auto &e, bool attack) { return e.upgrade(attack ? e.movedCode : e.secondCode); });
    row("code that can never be replaced", u"upgrade.uuid"_s,
        [](auto &e, bool attack) { return e.upgrade(attack ? e.registry : e.secondCode); });
    row("new code that only its proposer vouches for", u"upgrade.claimed"_s,
        [](auto &e, bool attack) { return e.createAndUpgrade(attack); });
    row("another administrator on the way", u"upgrade.admin"_s, [](auto &e, bool attack) {
        return e.upgrade(e.secondCode, e.migration({}, attack ? e.carol.address() : Address()));
    });
    row("another owner on the way", u"upgrade.owner"_s, [](auto &e, bool attack) {
        return e.upgrade(e.secondCode, e.migration(attack ? e.carol.address() : Address(), {}));
    });
}

void TestAdversarialUpgrades::attackIsBlockedAndItsTwinIsNot()
{
    QFETCH(QString, code);
    QFETCH(Make, make);
    for (const bool isAttack : {true, false}) {
        const QString before = m_estate->snapshot();
        const Package package = make(*m_estate, isAttack);
        const Review review = m_estate->review(package);
        m_estate->revert(before);
        const Finding *finding = review.finding(code);
        if (isAttack) {
            QVERIFY2(finding && finding->severity == Severity::Block, qPrintable(u"not found: "_s + code));
            QVERIFY(review.isBlocked());
            QVERIFY(!finding->message.isEmpty() && !finding->evidence.isEmpty() && finding->check > 0);
            continue;
        }
        QVERIFY(!finding);
        for (const Finding &found : review.findings)
            QVERIFY2(found.severity != Severity::Block, qPrintable(found.code + u": "_s + found.message + u" ["_s + found.evidence + u']'));
    }
}

void TestAdversarialUpgrades::goodUpgradeIsSaidToKeepItsVariables()
{
    const Review review = m_estate->review(m_estate->upgrade(m_estate->secondCode));
    QVERIFY(review.finding(u"storage.kept"));
    QVERIFY(!review.finding(u"storage.unknown"));
    QVERIFY(!review.finding(u"upgrade.open"));
    const Review moved = m_estate->review(m_estate->upgrade(m_estate->movedCode));
    QVERIFY(!moved.finding(u"storage.kept"));
    QStringList messages;
    for (const Finding &finding : moved.findings) {
        if (finding.code == "storage.changed"_L1)
            messages.append(finding.message);
    }
    QVERIFY(messages.size() > 1); // each variable for itself
    QVERIFY(messages.join(u' ').contains(u"owner"_s));
}

void TestAdversarialUpgrades::openInitializerIsAWarning()
{
    const Review review = m_estate->review(m_estate->upgrade(m_estate->openCode));
    const Finding *finding = review.finding(u"upgrade.open");
    QVERIFY(finding);
    QCOMPARE(finding->severity, Severity::Warn);
    QVERIFY(!review.isBlocked());
    // Somebody has run it meanwhile.
    const QString before = m_estate->snapshot();
    m_estate->chain.chain().execute(m_estate->openCode, m_estate->call(m_estate->open, u"initialize", {AbiValue(m_estate->safe)}));
    const Review closed = m_estate->review(m_estate->upgrade(m_estate->openCode));
    m_estate->revert(before);
    QVERIFY(!closed.finding(u"upgrade.open"));
}

void TestAdversarialUpgrades::unknownLayoutIsAWarning()
{
    Package package = m_estate->upgrade(m_estate->secondCode);
    package.artifacts = nullptr; // neither build is ours
    const Review review = m_estate->review(package);
    const Finding *finding = review.finding(u"storage.unknown");
    QVERIFY(finding);
    QCOMPARE(finding->severity, Severity::Warn);
    QVERIFY(finding->evidence.contains(m_estate->firstCode.toString()) && finding->evidence.contains(m_estate->secondCode.toString()));
}

void TestAdversarialUpgrades::chainIsAskedForTheOpcodesOfNewCode()
{
    const auto optional = [](const CodeAnswers &answers, quint8 opcode) -> std::optional<bool> {
        for (const OpcodeFacts &facts : answers.opcodes) {
            if (facts.opcode == opcode)
                return facts.isThere;
        }
        return std::nullopt;
    };
    constexpr quint8 mcopy = 0x5e;
    constexpr quint8 push0 = 0x5f;
    CodeQuestions questions;
    questions.opcodes = {mcopy, push0};
    const Anvil anvil(0, {u"--hardfork"_s, u"shanghai"_s});
    TestChain old(anvil.url());
    const auto answers = QCoro::waitFor(readCode(old.client, questions, BlockRef::latest()));
    QVERIFY(answers);
    QCOMPARE(optional(*answers, mcopy), std::optional(false));
    QCOMPARE(optional(*answers, push0), std::optional(true));
    const auto here = QCoro::waitFor(readCode(m_estate->chain.client(), questions, BlockRef::latest()));
    QVERIFY(here);
    QCOMPARE(optional(*here, mcopy), std::optional(true));
    // A node that is silent has not said that anything is missing.
    JsonRpcClient nobody(QUrl(u"http://127.0.0.1:1"_s));
    ChainClient silent(nobody);
    QVERIFY(!QCoro::waitFor(readCode(silent, questions, BlockRef::latest())));
}

// The attack and its twin are one package: the chain is what differs.
void TestAdversarialUpgrades::codeThatTheChainCannotRunIsBlocked()
{
    const std::vector<AbiValue> arguments{AbiValue(m_estate->registry), AbiValue(m_estate->party)};
    const Bytes initCode = m_estate->vaultBuild.deploymentCode(arguments).value();
    const Address library = m_estate->chain.contracts(u"1.4.1"_s).createCall;
    const Package deployment = m_estate->package(library, encodeCreateCall({Uint256(), initCode, std::nullopt}), SafeOperation::DelegateCall);
    const Package upgrade = m_estate->upgrade(m_estate->secondCode);
    const Anvil anvil(0, {u"--hardfork"_s, u"shanghai"_s});
    TestChain old(anvil.url());
    for (const Package &package : {deployment, upgrade}) {
        ReviewEndpoints endpoints;
        endpoints.first = std::make_shared<ReviewEndpoint>(m_estate->chain.chain().rpc.url());
        endpoints.second = endpoints.first;
        ReviewContext context;
        context.environment = &package.environment;
        context.artifacts = &m_estate->builds;
        context.now = package.now;
        context = QCoro::waitFor(readReviewContext(endpoints, package.subject, context)).value();
        const Review good = reviewSafeTransaction(package.subject, context);
        QVERIFY(!good.finding(u"opcode.missing"));
        QVERIFY2(!good.isBlocked(), qPrintable(good.findings.first().message));
        QVERIFY(!context.opcodes.isEmpty());
        const AddressBook book(&package.environment, package.environment.chain(package.subject.chainId));
        const ReviewTree tree(package.subject, context, book);
        context.opcodes = QCoro::waitFor(readCode(old.client, codeQuestions(tree, context), BlockRef::latest())).value().opcodes;
        const Review bad = reviewSafeTransaction(package.subject, context);
        const Finding *finding = bad.finding(u"opcode.missing");
        QVERIFY(finding);
        QCOMPARE(finding->severity, Severity::Block);
        QVERIFY(finding->message.contains(u"may"_s));
    }
}

QTEST_GUILESS_MAIN(TestAdversarialUpgrades)
#include "tst_adversarialupgrades.moc"
