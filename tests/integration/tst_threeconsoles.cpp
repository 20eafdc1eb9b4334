#include "backend/evm/abifunction.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "models/approvals/waitingnotices.h"
#include "tests/integration/threeconsoles.h"
#include "tests/support/fakenode/fakehttpserver.h"
#include "ui/pages/approvals/carrydialogs.h"
#include "ui/theme/theme.h"
#include "ui/widgets/prompter.h"
#include "ui/widgets/qrreceiver.h"
#include "ui/widgets/qrview.h"

#include <QFile>
#include <QJsonArray>
#include <QPushButton>
#include <QSignalSpy>

using namespace countersign;
using namespace countersign::testing;

namespace {

constexpr int mostFrames = 1000; // three for each part of the longest message here

/// Asks nobody.
class SilentPrompter final : public Prompter {
public:
    void askSaveFile(QWidget *, const SaveRequest &, std::function<void(const QString &)>) override { }
    void askOpenFiles(QWidget *, const OpenRequest &, std::function<void(const QStringList &)>) override { }
    void tell(QWidget *, const QString &, const QString &) override { }
    void confirm(QWidget *, const ConfirmRequest &, std::function<void(bool)>) override { }
};

QByteArray fileOf(const QString &path)
{
    QFile file(QStringLiteral(COUNTERSIGN_CONTRACTS) + u'/' + path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/// Three holders, two chains, no server: alice and bob share a folder, carol's machine has none of it and is reached by QR
/// symbols alone. A vault and two adapters are deployed on both chains, the adapters registered, ownership handed over in
/// two steps, and a key revoked; each step reviewed, signed by two of three, executed and verified. The steps build on each
/// other.
class TestThreeConsoles final : public ThreeConsoles {
    Q_OBJECT

private slots:
    void initTestCase();
    void aVaultAndTwoAdaptersAreDeployedOnBothChains();
    void sourcesArePublishedLater();
    void theAdaptersAreRegistered();
    void ownershipIsHandedOverInTwoSteps();
    void aKeyIsRevoked();
    void allThreeSeeTheSame();
    void everyApprovalLeftARecord();
    void aBuildOfOnesOwnTravelsWithTheProposal();
    void cleanupTestCase() { tearDown(); }

private:
    /// From one console's screen before the other's camera.
    bool carry(const QString &from, const QString &to, const QList<Hash32> &ids);
    /// What the console's own review says of it; absent when it does not come.
    std::optional<Review> reviewAt(const QString &who, const Hash32 &id);
    /// Reviewed and signed by both, carol by QR; executed and verified on every chain.
    void approve(const QList<Hash32> &ids, const QString &first, const QString &second, const QString &executor);

    QTemporaryDir m_shared;
    Theme m_theme;
    std::unique_ptr<test::FakeHttpServer> m_explorer;
    QList<Hash32> m_deployed; // the vault's proposals
    Address m_vault;
    Address m_lending;
    Address m_treasury;
};

void TestThreeConsoles::initTestCase()
{
    m_theme.apply(ThemeMode::Light);
    // As Etherscan: takes sources from who has a key, and verifies them at the second question.
    m_explorer = std::make_unique<test::FakeHttpServer>([asked = 0](const test::FakeHttpRequest &request) mutable {
        const auto answer = [](const char *status, const char *result) {
            return test::FakeHttpReply{.body = "{\"status\":\""_ba + status + "\",\"message\":\"\",\"result\":\"" + result + "\"}"};
        };
        if (!request.body.contains("apikey=K3YofAlice"))
            return answer("0", "Invalid API Key");
        if (request.body.contains("action=verifysourcecode"))
            return answer("1", "ezq878u486pzijkv");
        return ++asked == 1 ? answer("0", "Pending in queue") : answer("1", "Pass - Verified");
    });
    build([this](Console &console) {
        if (console.name == u"alice"_s) {
            console.secrets = std::make_unique<MemorySecretStore>();
            console.environment.chains.first().publishSources = {{PublisherSettings::Kind::Etherscan, m_explorer->url(u"/v2/api"_s)}};
        }
        if (console.name != u"carol"_s)
            console.environment.proposals = m_shared.filePath(u"proposals"_s);
    });
}

bool TestThreeConsoles::carry(const QString &from, const QString &to, const QList<Hash32> &ids)
{
    Exchanging &source = console(from).deciding->exchanging();
    Result<Bytes> content = source.pack(ids);
    // Attachments are read after the proposals that name them.
    if (!QTest::qWaitFor([&] { return (content = source.pack(ids)).has_value(); }, 5'000))
        return false;
    SilentPrompter prompter;
    SendDialog screen(*content, u"a proposal"_s, prompter);
    ReceiveDialog camera(console(to).deciding->exchanging(), prompter);
    screen.show();
    camera.show();
    bool isThere = false;
    connect(camera.receiver(), &QrReceiver::received, this, [&isThere] { isThere = true; });
    screen.qrView()->setPaused(true);
    for (int frame = 0; frame < mostFrames && !isThere; ++frame) {
        if (frame % 7 != 3) // a camera does not catch every frame
            camera.receiver()->addImage(screen.qrView()->grab().toImage(), u"frame"_s);
        QTest::keyClick(screen.qrView(), Qt::Key_Right);
        QTest::qWait(0);
    }
    if (!QTest::qWaitFor([&camera] { return camera.takeButton()->isEnabled(); }, 5'000))
        return false;
    QTest::mouseClick(camera.takeButton(), Qt::LeftButton);
    const bool taken = QTest::qWaitFor([&camera] { return !camera.message().isEmpty(); }, 10'000);
    for (const Hash32 &id : ids) {
        if (!QTest::qWaitFor([&] { return console(to).deciding->exchange().find(id) != nullptr; }, 10'000))
            return false;
    }
    return taken;
}

void TestThreeConsoles::approve(
    const QList<Hash32> &ids, const QString &first, const QString &second, const QString &executor)
{
    QCOMPARE(ids.size(), chains().size());
    for (const QString &who : {first, second}) {
        if (who == u"carol"_s)
            QVERIFY(carry(u"alice"_s, who, ids));
        for (const Hash32 &id : ids)
            QVERIFY(sign(who, id));
        if (who == u"carol"_s)
            QVERIFY(carry(who, u"alice"_s, ids));
    }
    for (const Hash32 &id : ids)
        QVERIFY(sees(u"alice"_s, id, ProposalStage::Ready)); // the other's signature is in the folder, and read
    if (executor == u"carol"_s)
        QVERIFY(carry(u"alice"_s, executor, ids));
    for (const Hash32 &id : ids) {
        QVERIFY(sees(executor, id, ProposalStage::Ready));
        const std::optional<ExecutionReport> report = execute(executor, id);
        QVERIFY(report);
        QVERIFY(report->isAsPromised);
        QVERIFY(report->isReadBack);
        QVERIFY(report->isVerified());
        QVERIFY(sees(u"alice"_s, id, ProposalStage::Executed));
    }
}

void TestThreeConsoles::aVaultAndTwoAdaptersAreDeployedOnBothChains()
{
    // By the Safe itself: a vault belongs to whoever creates it.
    const auto vault = propose(u"alice"_s,
        {DeployAction{.artifact = u"CantonDeFiVault"_s, .arguments = {u"registry"_s, u"Treasury desk"_s}}},
        u"The settlement desk gets a vault of its own."_s);
    QCOMPARE(m_creations.size(), 1);
    m_vault = m_creations.first().address;
    m_deployed = vault;
    approve(vault, u"alice"_s, u"carol"_s, u"bob"_s);
    if (QTest::currentTestFailed())
        return;
    // Adapters belong to nobody: the deployer makes them, in one batch that delegates nothing.
    const auto adapters = propose(u"bob"_s,
        {DeployAction{.artifact = u"TreasuryAdapter"_s, .arguments = {m_vault.toString(), u"1000000"_s}, .method = CreateMethod::Arachnid},
            DeployAction{.artifact = u"TreasuryAdapter"_s, .arguments = {m_vault.toString(), u"5000"_s}, .method = CreateMethod::Arachnid}},
        u"Its two adapters."_s, vault);
    QCOMPARE(m_creations.size(), 2);
    m_lending = m_creations[0].address;
    m_treasury = m_creations[1].address;
    approve(adapters, u"bob"_s, u"alice"_s, u"carol"_s);
    if (QTest::currentTestFailed())
        return;
    for (const ChainSettings &chain : chains()) {
        QCOMPARE(addressAt(chain.chainId, m_vault, u"owner()").toString(), chain.safe->toString());
        QCOMPARE(addressAt(chain.chainId, m_vault, u"cantonSigner()").toString(), chain.registry->toString());
        QCOMPARE(addressAt(chain.chainId, m_lending, u"vault()").toString(), m_vault.toString());
    }
}

void TestThreeConsoles::sourcesArePublishedLater()
{
    constexpr int patience = 30'000;
    Console &alice = console(u"alice"_s);
    PublicationDesk &desk = alice.deciding->publication();
    const Hash32 id = m_deployed.first();
    QCOMPARE(desk.hindrance(id), QString());
    QVERIFY2(!desk.hindrance(m_deployed.last()).isEmpty(), "the environment names no server for the other chain");
    QVERIFY(!console(u"bob"_s).deciding->publication().hindrance(id).isEmpty());
    const DeskPublisher explorer = desk.publishers(id).value(0);
    QVERIFY(!explorer.keyOrigin.isEmpty());

    // bob executed it: alice's console has no report of it, and asks the chain.
    std::optional<Result<ExecutionReport>> found;
    std::optional<Result<PublishedSources>> published;
    connect(&desk, &PublicationDesk::found, this, [&found](const auto &outcome) { found = outcome.result; });
    connect(&desk, &PublicationDesk::published, this, [&published](const auto &outcome) { published = outcome.result; });
    desk.find(id);
    QTRY_VERIFY_WITH_TIMEOUT(found, patience);
    QVERIFY2(*found, qPrintable(*found ? QString() : found->error().message));
    const ExecutionReport report = **found;
    QVERIFY(report.isVerified());
    QCOMPARE(report.deployments.size(), 1);
    QCOMPARE(report.deployments.first().contract, u"CantonDeFiVault"_s);
    const auto contents = desk.contents(report, explorer);
    QVERIFY(contents && contents->join(u'\n').contains(u"CantonDeFiVault.sol"_s));

    desk.publish(report, explorer);
    QTRY_VERIFY_WITH_TIMEOUT(published, patience);
    QVERIFY(!*published && published->error().kind == ErrorKind::Unauthenticated);
    QVERIFY2(m_explorer->requests().isEmpty(), "nothing is sent without a key");
    QByteArray wrong = "K3YofMallory";
    desk.keepToken(explorer.keyOrigin, SecretBuffer::takeFrom(wrong.data(), wrong.size()));
    published.reset();
    QTRY_VERIFY_WITH_TIMEOUT(desk.token(explorer.keyOrigin)->isPresent, patience);
    desk.publish(report, explorer);
    QTRY_VERIFY_WITH_TIMEOUT(published, patience);
    QVERIFY(!*published && published->error().kind == ErrorKind::Unauthenticated);
    QByteArray right = "K3YofAlice";
    desk.keepToken(explorer.keyOrigin, SecretBuffer::takeFrom(right.data(), right.size()));
    QTRY_COMPARE_WITH_TIMEOUT(alice.secrets->secrets.value(SourcePublishing::entryOf(explorer.keyOrigin)), "K3YofAlice"_ba, patience);
    published.reset();
    desk.publish(report, explorer);
    QTRY_VERIFY_WITH_TIMEOUT(published, patience);
    QVERIFY2(*published, qPrintable(*published ? QString() : published->error().message));
    QCOMPARE((*published)->verified, 1);
    QCOMPARE((*published)->known, 0);

    // Once for each sending, and before it; never the key.
    QFile journal(alice.environment.journal);
    QVERIFY(journal.open(QIODevice::ReadOnly));
    QByteArray kept = journal.readAll();
    QFile ahead(alice.environment.journal + u"-wal"_s);
    if (ahead.open(QIODevice::ReadOnly))
        kept += ahead.readAll();
    QVERIFY(kept.contains("Sends the sources of CantonDeFiVault"));
    QVERIFY(!kept.contains("K3Yof"));
    for (const test::FakeHttpRequest &request : m_explorer->requests())
        QVERIFY(!request.path.contains("K3Yof"));
}

void TestThreeConsoles::theAdaptersAreRegistered()
{
    enterVault(u"settlement"_s, m_vault);
    if (QTest::currentTestFailed())
        return;
    const auto ids = propose(u"bob"_s,
        {RegisterAdapterAction{u"settlement"_s, u"lending"_s, m_lending.toString()},
            RegisterAdapterAction{u"settlement"_s, u"treasury"_s, m_treasury.toString()}},
        u"The adapters were verified."_s);
    approve(ids, u"carol"_s, u"bob"_s, u"alice"_s);
    if (QTest::currentTestFailed())
        return;
    for (const ChainSettings &chain : chains())
        QCOMPARE(addressAt(chain.chainId, m_vault, u"adapters(bytes32)", keccak256("lending").bytes()).toString(),
            m_lending.toString());
}

void TestThreeConsoles::ownershipIsHandedOverInTwoSteps()
{
    // To an account that accepts and later gives it back: the Safe is on both sides of the two steps.
    const QString outside = console(u"carol"_s).address.toString();
    const auto given
        = propose(u"alice"_s, {TransferOwnershipAction{u"settlement"_s, outside}}, u"To the desk's own account."_s);
    approve(given, u"alice"_s, u"bob"_s, u"carol"_s);
    if (QTest::currentTestFailed())
        return;
    for (const ChainSettings &chain : chains()) {
        QCOMPARE(addressAt(chain.chainId, m_vault, u"owner()").toString(), chain.safe->toString());
        rpc(chain.chainId, u"anvil_impersonateAccount"_s, {outside});
        for (const QString &data : {toHex(Selector::ofSignature(u"acceptOwnership()").bytes()),
                 toHex(Selector::ofSignature(u"transferOwnership(address)").bytes() + Bytes(12, '\0') + chain.safe->bytes())})
            rpc(chain.chainId, u"eth_sendTransaction"_s,
                {QJsonObject{{u"from"_s, outside}, {u"to"_s, m_vault.toString()}, {u"data"_s, data}}});
        // A transaction that was sent is not one that was mined.
        QTRY_COMPARE_WITH_TIMEOUT(addressAt(chain.chainId, m_vault, u"owner()").toString().toLower(), outside.toLower(), 10'000);
    }
    const auto accepted
        = propose(u"bob"_s, {AcceptOwnershipAction{u"settlement"_s}}, u"The desk gives it back."_s);
    approve(accepted, u"bob"_s, u"carol"_s, u"bob"_s);
    for (const ChainSettings &chain : chains())
        QCOMPARE(addressAt(chain.chainId, m_vault, u"owner()").toString(), chain.safe->toString());
}

void TestThreeConsoles::aKeyIsRevoked()
{
    const WaitingNotices notices(console(u"alice"_s).deciding->queue());
    const QSignalSpy raised(&notices, &WaitingNotices::raised);
    const auto ids = propose(u"bob"_s, {RevokeKeyAction{{}, u"Treasury desk"_s}}, u"The laptop was lost."_s);
    QTRY_VERIFY_WITH_TIMEOUT(!raised.isEmpty(), 10'000); // alice's desktop says that something waits for her
    approve(ids, u"alice"_s, u"carol"_s, u"alice"_s);
    if (QTest::currentTestFailed())
        return;
    const Hash32 party = console(u"alice"_s).environment.parties.first().partyId;
    for (const ChainSettings &chain : chains())
        QVERIFY(addressAt(chain.chainId, *chain.registry, u"cantonPartyToKey(bytes32)", party.bytes()).isZero());
}

void TestThreeConsoles::allThreeSeeTheSame()
{
    QList<Hash32> all;
    for (const BoardEntry &entry : console(u"alice"_s).deciding->board().entries())
        all.append(entry.item.id());
    QCOMPARE(all.size(), 12);
    QVERIFY(carry(u"alice"_s, u"carol"_s, all));
    for (const QString &who : {u"bob"_s, u"carol"_s}) {
        for (const Hash32 &id : std::as_const(all)) {
            QVERIFY(sees(who, id, ProposalStage::Executed));
            QCOMPARE(console(who).deciding->exchange().find(id)->signatures.size(),
                console(u"alice"_s).deciding->exchange().find(id)->signatures.size());
        }
        QVERIFY(console(who).deciding->exchange().snapshot().alarms.isEmpty());
        QVERIFY(console(who).deciding->exchange().snapshot().conflicts.isEmpty());
    }
}

void TestThreeConsoles::everyApprovalLeftARecord()
{
    int signatures = 0;
    int executions = 0;
    for (const QString &who : {u"alice"_s, u"bob"_s, u"carol"_s}) {
        for (const BoardEntry &entry : console(who).deciding->board().entries()) {
            for (const ApprovalRecord &record : console(who).deciding->records(entry.item.id())) {
                signatures += record.act == RecordedAct::Signed ? 1 : 0;
                executions += record.act == RecordedAct::Executed ? 1 : 0;
            }
        }
    }
    QCOMPARE(signatures, 24);
    QCOMPARE(executions, 12);
}

std::optional<Review> TestThreeConsoles::reviewAt(const QString &who, const Hash32 &id)
{
    Deciding &desk = *console(who).deciding;
    desk.review(id);
    const ReviewModel &review = desk.reviewModel();
    const bool isThere = QTest::qWaitFor(
        [&] { return review.state() == ReviewModel::State::Ready && review.review()->hashes.safeTx == id; }, 20'000);
    return isThere ? review.review() : std::nullopt;
}

// Only alice has the builds. Bob's console gets them through the folder, carol's with the symbols.
void TestThreeConsoles::aBuildOfOnesOwnTravelsWithTheProposal()
{
    const QByteArray admin = fileOf(u"node_modules/@openzeppelin/contracts/build/contracts/ProxyAdmin.json"_s);
    const QByteArray tool = fileOf(u"artifacts/test/ReentrantAdapter.json"_s);
    QVERIFY(!admin.isEmpty() && !tool.isEmpty());
    const auto ids = propose(u"alice"_s,
        {DeployAction{.artifact = {}, .json = admin, .arguments = {u"safe"_s}, .method = CreateMethod::Arachnid},
            DeployAction{.artifact = {}, .json = tool, .method = CreateMethod::Arachnid}},
        u"Contracts of our own."_s);
    QCOMPARE(ids.size(), chains().size());
    QCOMPARE(m_creations.size(), 2);
    const Address created = m_creations[1].address;
    for (const QString &who : {u"bob"_s, u"carol"_s}) {
        if (who == u"carol"_s)
            QVERIFY(carry(u"bob"_s, who, ids));
        QVERIFY(sees(who, ids.first(), ProposalStage::Proposed));
        const ExchangeItem *item = console(who).deciding->exchange().find(ids.first());
        QCOMPARE(item->proposal.attachments.size(), 2);
        const auto review = reviewAt(who, ids.first());
        QVERIFY(review);
        for (const Finding &finding : review->findings)
            QVERIFY2(finding.severity != Severity::Block, qPrintable(finding.code + u": "_s + finding.message));
        QStringList said;
        for (const Finding &finding : review->findings)
            said.append(finding.code + u": "_s + finding.message);
        const QString all = said.join(u'\n');
        QVERIFY2(all.contains(u"artifact.claimed: What ProxyAdmin is"_s) && all.contains(u"is a claim of alice"_s), qPrintable(all));
        QVERIFY2(all.contains(u"artifact.claimed: What ReentrantAdapter is"_s), qPrintable(all));
        QVERIFY2(all.contains(u"deploy.build: The creation code is what its proposer attached as ProxyAdmin, byte for byte"_s), qPrintable(all));
        QVERIFY2(all.contains(u"deploy.argument: initialOwner: "_s), qPrintable(all));
    }
    approve(ids, u"bob"_s, u"carol"_s, u"bob"_s); // the one who executes verifies by what was attached
    if (QTest::currentTestFailed())
        return;

    // Later calls to what was created are read by the same interface.
    const AbiFunction arm = AbiFunction::parse(u"arm(address,bytes,bool)").value();
    const Bytes data = arm.encodeCall({AbiValue(created), AbiValue(Bytes("x")), AbiValue(true)}).value();
    const auto calls = propose(u"alice"_s, {RawCallAction{.to = created.toString(), .data = toHex(data)}}, u"Arm it."_s, ids);
    QCOMPARE(calls.size(), chains().size());
    QVERIFY(sees(u"bob"_s, calls.first(), ProposalStage::Proposed));
    const auto review = reviewAt(u"bob"_s, calls.first());
    QVERIFY(review);
    QVERIFY(review->finding(u"call.claimed"));
    QCOMPARE(review->call.signature, u"arm(address,bytes,bool)"_s);
}

QTEST_MAIN(TestThreeConsoles)
#include "tst_threeconsoles.moc"
