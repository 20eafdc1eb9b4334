#include "backend/proposals/proposaljson.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/compose/composeestate.h"

#include <QFile>
#include <QPromise>
#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

QStringList blocking(const Review &review)
{
    QStringList codes;
    for (const Finding &finding : review.findings) {
        if (finding.severity == Severity::Block && !codes.contains(finding.code))
            codes.append(finding.code);
    }
    codes.sort();
    return codes;
}

QByteArray fileOf(const QString &path)
{
    QFile file(QStringLiteral(COUNTERSIGN_CONTRACTS) + u'/' + path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QFuture<Result<Bytes>> readyFuture(const Result<Bytes> &result)
{
    QPromise<Result<Bytes>> promise;
    promise.start();
    promise.addResult(result);
    promise.finish();
    return promise.future();
}

} // namespace

Q_DECLARE_METATYPE(countersign::ComposeAction)

class TestComposer : public QObject {
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

    void everyKindOfStepDoesWhatItPromises_data();
    void everyKindOfStepDoesWhatItPromises();

private:
    std::unique_ptr<ComposeEstate> m_estate;
    QJsonArray m_snapshots;
};

void TestComposer::everyKindOfStepDoesWhatItPromises_data()
{
    using Actions = QList<ComposeAction>;
    QTest::addColumn<Actions>("actions");
    QTest::addColumn<QStringList>("blocks");
    QTest::addColumn<qsizetype>("least"); // promises
    QTest::addColumn<Actions>("before"); // executed before
    const AdversarialEstate &home = m_estate->home;
    const auto row = [](const char *name, const Actions &actions, qsizetype least, const QStringList &blocks = {},
                         const Actions &before = {}) { QTest::newRow(name) << actions << blocks << least << before;
    };
    const QString mallory = home.mallory.address().toString();
    const QString vault = u"treasury"_s;
    const auto deploy = [](const QString &artifact, const QStringList &arguments, CreateMethod method) {
        return DeployAction{.artifact = artifact, .arguments = arguments, .method = method, .salt = u"tests"_s};
    };

    row("deploy a registry by salt", {deploy(u"CantonKeyRegistry"_s, {}, CreateMethod::BySalt)}, 1);
    row("deploy a registry by nonce", {deploy(u"CantonKeyRegistry"_s, {}, CreateMethod::ByNonce)}, 1);
    row("deploy a vault", {deploy(u"CantonDeFiVault"_s, {u"registry"_s, u"Treasury desk"_s}, CreateMethod::BySalt)}, 3);
    row("deploy an adapter by Arachnid's deployer", {deploy(u"TreasuryAdapter"_s, {vault, u"1000"_s}, CreateMethod::Arachnid)}, 0);
    row("deploy an adapter by Safe's deployer",
        {deploy(u"TreasuryAdapter"_s, {vault, u"1000"_s}, CreateMethod::SafeSingletonFactory)}, 0);
    row("an orphan", {deploy(u"CantonKeyRegistry"_s, {}, CreateMethod::Arachnid)}, 1, {u"create.orphan"_s});
    row("deploy an artifact of the user's own",
        {DeployAction{.artifact = {}, .json = fileOf(u"artifacts/test/ReentrantAdapter.json"_s)}}, 0);
    row("register an adapter", {RegisterAdapterAction{vault, u"lending"_s, home.adapter.toString()}}, 1);
    row("replace an adapter by a new one",
        {deploy(u"TreasuryAdapter"_s, {vault, u"7"_s}, CreateMethod::ByNonce), RegisterAdapterAction{vault, u"treasury"_s, u"#1"_s}}, 1);
    row("remove an adapter", {RemoveAdapterAction{vault, u"treasury"_s}}, 1);
    row("offer a vault to another owner", {TransferOwnershipAction{vault, u"alice"_s}}, 1);
    row("register a key",
        {RegisterKeyAction{{}, u"Market making"_s, m_estate->environment.party(keccak256("market-making"))->key->toString()}}, 1);
    row("register a key of somebody else", {RegisterKeyAction{{}, u"Treasury desk"_s, u"alice"_s}}, 1, {u"key.unknown"_s});
    row("revoke a key", {RevokeKeyAction{{}, u"Treasury desk"_s}}, 1);
    row("set a signer", {SetCantonSignerAction{vault, u"alice"_s}}, 1);
    row("authorise a party", {AuthorisePartyAction{vault, home.partyWithoutKey.toString(), true}}, 1);
    row("shut out a party", {AuthorisePartyAction{vault, u"Treasury desk"_s, false}}, 1);
    row("pause", {PauseAction{vault}}, 1);
    row("unpause", {UnpauseAction{vault}}, 1, {}, {PauseAction{vault}});
    row("set an emergency contact", {SetEmergencyContactAction{vault, u"carol"_s}}, 1);
    row("take the emergency contact away", {SetEmergencyContactAction{vault, u"carol"_s}, SetEmergencyContactAction{vault, {}}}, 0);
    row("add an owner", {AddOwnerAction{mallory, {}}}, 2, {u"safe.owner.unknown"_s});
    row("remove an owner", {RemoveOwnerAction{u"bob"_s, {}}}, 2);
    row("swap an owner", {SwapOwnerAction{u"carol"_s, mallory}}, 2, {u"safe.owner.unknown"_s});
    row("set the threshold", {ChangeThresholdAction{u"3"_s}}, 1);
    row("change several owners",
        {SwapOwnerAction{u"alice"_s, mallory}, RemoveOwnerAction{u"bob"_s, {}}, AddOwnerAction{u"alice"_s, u"2"_s},
            RemoveOwnerAction{mallory, u"1"_s}, ChangeThresholdAction{u"2"_s}},
        1, {u"safe.owner.unknown"_s, u"safe.threshold.low"_s});
    row("enable a module", {EnableModuleAction{home.adapter.toString()}}, 1, {u"safe.module.new"_s});
    row("enable and disable modules",
        {EnableModuleAction{home.adapter.toString()}, EnableModuleAction{home.foreignAdapter.toString()},
            DisableModuleAction{home.adapter.toString()}},
        1, {u"safe.module.new"_s});
    row("disable a module", {DisableModuleAction{home.adapter.toString()}}, 1, {},
        {EnableModuleAction{home.foreignAdapter.toString()}, EnableModuleAction{home.adapter.toString()},
            EnableModuleAction{home.vault.toString()}});
    row("set a guard", {SetGuardAction{home.chain.contracts(u"1.4.1"_s).guard.toString()}}, 1, {u"safe.code.unknown"_s});
    row("set a handler", {SetFallbackHandlerAction{home.chain.contracts(u"1.5.0"_s).handler.toString()}}, 1);
    row("no handler", {SetFallbackHandlerAction{}}, 1);
    row("take the guard away", {SetGuardAction{}}, 1, {},
        {SetGuardAction{home.chain.contracts(u"1.4.1"_s).guard.toString()}});
    row("migrate", {MigrateAction{.version = u"1.5.0"_s}}, 2);
    row("deploy and hand over at once",
        {DeployAction{.artifact = {}, .json = fileOf(u"node_modules/@openzeppelin/contracts/build/contracts/ProxyAdmin.json"_s), .arguments = {u"safe"_s}},
            TransferOwnershipAction{u"#1"_s, u"alice"_s}},
        0);
    row("a raw call", {RawCallAction{.to = vault, .data = u"0x8456cb59"_s}}, 1);
    row("everything at once",
        {deploy(u"CantonKeyRegistry"_s, {}, CreateMethod::ByNonce),
            deploy(u"CantonDeFiVault"_s, {u"#1"_s, u"Treasury desk"_s}, CreateMethod::BySalt),
            deploy(u"TreasuryAdapter"_s, {u"#2"_s, u"9"_s}, CreateMethod::ByNonce), RegisterAdapterAction{u"#2"_s, u"treasury"_s, u"#3"_s},
            RegisterKeyAction{u"#1"_s, u"Treasury desk"_s, u"alice"_s}, TransferOwnershipAction{u"#2"_s, u"bob"_s}, PauseAction{u"#2"_s}},
        6);
}

void TestComposer::everyKindOfStepDoesWhatItPromises()
{
    QFETCH(const QList<ComposeAction>, actions);
    QFETCH(const QStringList, blocks);
    QFETCH(const qsizetype, least);
    QFETCH(const QList<ComposeAction>, before);
    if (!before.isEmpty())
        QVERIFY(m_estate->execute(m_estate->composeOne(before).draft).succeeded);
    const ComposedProposal proposal = m_estate->composeOne(actions);
    QVERIFY(proposal.review);
    QCOMPARE(blocking(*proposal.review).join(u' '), blocks.join(u' '));
    QVERIFY2(proposal.draft.promises.size() >= least, qPrintable(QString::number(proposal.draft.promises.size())));
    QVERIFY(checkDraft(proposal.draft));
    for (const PredictedCreation &creation : proposal.creations)
        QVERIFY(!m_estate->home.chain.hasCode(creation.address));

    // Signed by its author it says the same, and keeps its promises.
    const bool isUsersOwn = std::holds_alternative<DeployAction>(actions.first())
        && !std::get<DeployAction>(actions.first()).json.isEmpty();
    const Review review = m_estate->review(ComposeEstate::signedBy(m_estate->home.alice, proposal.draft));
    QCOMPARE(blocking(review).join(u' '), isUsersOwn ? u"deploy.unknown"_s : blocks.join(u' '));

    if (isUsersOwn) { // with the file that goes with it, it is what its proposer says
        m_estate->reader->setDocuments([&proposal](const Hash32 &hash) {
            for (const Bytes &document : proposal.documents) {
                if (keccak256(document) == hash)
                    return readyFuture(Result<Bytes>(document));
            }
            return readyFuture(Result<Bytes>(fail(ErrorKind::NotFound, u"no such file"_s)));
        });
        const Review described = m_estate->review(ComposeEstate::signedBy(m_estate->home.alice, proposal.draft));
        m_estate->reader->setDocuments({});
        QCOMPARE(blocking(described).join(u' '), blocks.join(u' '));
        QVERIFY(described.finding(u"artifact.claimed"));
        QVERIFY(described.sentence.contains(u"its proposer calls"_s));
        for (const Effect &effect : described.effects)
            QVERIFY(effect.isAsPromised());
    }

    const auto receipt = m_estate->execute(proposal.draft);
    QVERIFY(receipt.succeeded);
    for (const PredictedCreation &creation : proposal.creations)
        QVERIFY2(m_estate->home.chain.hasCode(creation.address), qPrintable(creation.artifact));
    QCOMPARE(m_estate->brokenPromises(proposal), QStringList());
}

QTEST_GUILESS_MAIN(TestComposer)
#include "tst_composer.moc"
