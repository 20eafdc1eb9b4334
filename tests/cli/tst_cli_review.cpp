#include "backend/proposals/proposaljson.h"
#include "backend/safe/safecreate.h"
#include "backend/safe/transactionbuilder.h"
#include "tests/backend/review/adversarialestate.h"

#include <QDateTime>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace countersign;
using namespace countersign::testing;

namespace {

struct Outcome {
    int code = -1;
    QByteArray output, errors;
    QJsonObject json() const { return QJsonDocument::fromJson(output).object(); }
    QStringList ids(const QString &severity = {}) const
    {
        QStringList all;
        const QJsonArray findings = json()[u"findings"].toArray();
        for (const QJsonValue &finding : findings) {
            if (severity.isEmpty() || finding[u"severity"].toString() == severity)
                all.append(finding[u"id"].toString());
        }
        return all;
    }
    bool isNotRun(int check) const
    {
        const QJsonArray checks = json()[u"checksNotRun"].toArray();
        return std::ranges::any_of(checks, [check](const QJsonValue &one) { return one[u"check"].toInt() == check; });
    }
};

Outcome run(const QStringList &arguments)
{
    QProcess process;
    process.start(QStringLiteral(COUNTERSIGN_CLI), QStringList{u"review"_s} + arguments);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000))
        qFatal("the command does not end");
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

QString safeTransaction(quint64 chain, const Address &safe, const SafeTransaction &transaction)
{
    return QStringLiteral(R"({"chainId":%1,"safe":"%2","version":"1.4.1","tx":{"to":"%3","value":"%4","data":"%5","operation":%6,"nonce":%7}})")
        .arg(chain)
        .arg(safe.toString(), transaction.to.toString(), transaction.value.toDecimal(), toHex(transaction.data))
        .arg(static_cast<int>(transaction.operation))
        .arg(transaction.nonce.toDecimal());
}

} // namespace

/// countersign-cli review, as a program: what it reads, prints and returns.
class TestCliReview final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase() { m_estate.reset(); }
    void theBybitTransactionIsBlockedOffline();
    void aFlawlessRevocationPassesOnTheChain();
    void withoutANodeItSaysWhatDidNotRun();
    void anEnvelopeIsReviewedWithItsProposer();
    void aBuilderFileBecomesABatch();
    void aBuilderFileWhoseDataIsNotItsMethodIsBlocked();
    void signaturesThatCameAlongAreRecovered();
    void deploymentOfABuildIsNamed();
    void thePolicyIsAsked();
    void thePolicyIsAskedForWhoeverActs();
    void theWaitingTimeCountsFromWhatIsSaid();
    void unusableInputHasItsCode_data();
    void unusableInputHasItsCode();

private:
    QStringList online(const QString &input) const;
    SafeTransaction revocation();
    QString write(const QString &name, const QByteArray &content) const;

    std::unique_ptr<AdversarialEstate> m_estate;
    QTemporaryDir m_folder;
    QString m_environment;
    QString m_node;
};

void TestCliReview::initTestCase()
{
    m_estate = std::make_unique<AdversarialEstate>();
    const AdversarialEstate &e = *m_estate;
    m_node = m_estate->chain.chain().rpc.url().toString();
    const QByteArray yaml = QStringLiteral(R"(version: 1
name: review
kind: test
canton:
  participants:
    - {id: participant, ledger: "127.0.0.1:1", tls: none, parties: []}
  model:
    authorised: {template: "#vault-intents:Vault.Intents:AuthorisedIntent"}
    receipt: {template: "#vault-intents:Vault.Intents:IntentReceipt"}
chains:
  - name: ethereum
    chainId: 31337
    rpc: ["%1"]
    safe: "%2"
    registry: "%3"
    vaults:
      - {name: treasury, address: "%4"}
parties:
  - {partyId: "%5", name: Treasury desk, key: "%6"}
keys:
  holders:
    - {name: alice, address: "%7"}
    - {name: bob, address: "%8"}
    - {name: carol, address: "%9"}
)")
                                .arg(m_node, e.safe.toString(), e.registry.toString(), e.vault.toString(), e.party.toString(), e.partyKey.toString(),
                                    e.alice.address().toString(), e.bob.address().toString(), e.carol.address().toString())
                                .toUtf8()
        + "proposals: {folder: proposals}\njournal: journal.sqlite\n";
    m_environment = write(u"environment.yaml"_s, yaml);
}

QStringList TestCliReview::online(const QString &input) const
{
    return {input, u"--json"_s, u"--environment"_s, m_environment, u"--rpc"_s, m_node, u"--rpc"_s, m_node};
}

SafeTransaction TestCliReview::revocation()
{
    return m_estate->package(m_estate->registry, m_estate->call(m_estate->registryBuild, u"revokeKey", {AbiValue(m_estate->party)})).subject.transaction;
}

QString TestCliReview::write(const QString &name, const QByteArray &content) const
{
    QFile file(m_folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("no file of the test could be written");
    return file.fileName();
}

void TestCliReview::theBybitTransactionIsBlockedOffline()
{
    const Outcome outcome = run({u"--json"_s,
        u"{\"chainId\":1,\"safe\":\"0x1Db92e2EeBC8E0c075a02BeA49a2935BcD2dFCF4\",\"version\":\"1.1.1\",\"tx\":{\"to\":\"0x96221423681A6d52E184D440a8eFCEbB105C7242\","
        "\"value\":\"0\",\"data\":\"0xa9059cbb000000000000000000000000bdd077f651ebe7f7b3ce16fe5f2b025be29695160000000000000000000000000000000000000000000000000000000000000000\","
        "\"operation\":1,\"safeTxGas\":45746,\"nonce\":71}}"_s});
    QCOMPARE(outcome.code, 3);
    QVERIFY(outcome.json()[u"blocked"].toBool());
    QVERIFY(outcome.ids(u"block"_s).contains(u"operation.delegatecall"_s));
    QCOMPARE(outcome.json()[u"hashes"][u"safeTxHash"].toString(), u"0xb3476d061aeb8fc1d605a873c483a2402d88a68a9cdd1a8b47655dd55ba004f8"_s);
    QCOMPARE(outcome.json()[u"calls"][0][u"operation"].toInt(), 1);
    QVERIFY(outcome.json()[u"calls"][0][u"guess"].toBool());
    QVERIFY(outcome.json()[u"calls"][0][u"hint"].isUndefined());
    QVERIFY(outcome.json()[u"simulation"].isNull());
}

void TestCliReview::aFlawlessRevocationPassesOnTheChain()
{
    const Outcome outcome = run(online(safeTransaction(31337, m_estate->safe, revocation())));
    QVERIFY2(outcome.code == 0, (outcome.output + outcome.errors).constData());
    QVERIFY(!outcome.json()[u"blocked"].toBool());
    QVERIFY(outcome.json()[u"simulation"][u"succeeded"].toBool());
    QVERIFY(outcome.ids().contains(u"endpoint.agrees"_s));
    QVERIFY(outcome.json()[u"sentence"].toString().startsWith(u"Revoke the Canton signing key of Treasury desk"));
    const Outcome text = run({safeTransaction(31337, m_estate->safe, revocation()), u"--environment"_s, m_environment, u"--rpc"_s, m_node});
    QCOMPARE(text.code, 0);
    QVERIFY(text.output.contains("endpoint.single"));
    const QJsonValue call = outcome.json()[u"calls"][0];
    QVERIFY(!call[u"guess"].toBool(true));
    QCOMPARE(call[u"hint"][u"descriptor"].toString(), u"CantonKeyRegistry.json"_s);
    QCOMPARE(call[u"hint"][u"intent"].toString(), u"Revoke the key of a party"_s);
    QCOMPARE(call[u"hint"][u"fields"][0][u"value"].toString(), m_estate->party.toString());
    QVERIFY(text.output.contains("claimed by descriptor CantonKeyRegistry.json"));
}

void TestCliReview::withoutANodeItSaysWhatDidNotRun()
{
    const Outcome outcome = run({safeTransaction(31337, m_estate->safe, revocation()), u"--json"_s, u"--environment"_s, m_environment});
    QCOMPARE(outcome.code, 0);
    for (const int check : {1, 2, 3, 10, 26, 28})
        QVERIFY2(outcome.isNotRun(check), qPrintable(QString::number(check)));
}

void TestCliReview::anEnvelopeIsReviewedWithItsProposer()
{
    auto package = m_estate->package(m_estate->registry, revocation().data);
    AdversarialEstate::propose(package, m_estate->alice);
    const QString file = write(u"proposal.json"_s, proposalToJson(*package.subject.envelope));
    const Outcome outcome = run(online(file));
    QVERIFY2(outcome.code == 0, (outcome.output + outcome.errors).constData());
    QVERIFY(outcome.ids().contains(u"proposer.owner"_s));
}

void TestCliReview::aBuilderFileBecomesABatch()
{
    TransactionBuilderFile file;
    file.chainId = ChainId(31337);
    file.name = u"Two calls"_s;
    file.createdFromSafe = m_estate->safe;
    BuilderTransaction pause;
    pause.to = m_estate->vault;
    pause.data = m_estate->call(m_estate->vaultBuild, u"pause");
    BuilderTransaction revoke;
    revoke.to = m_estate->registry;
    revoke.data = revocation().data;
    file.transactions = {pause, revoke};
    const QString path = write(u"builder.json"_s, writeTransactionBuilderFile(file));
    const Outcome outcome = run(online(path));
    QVERIFY2(outcome.code == 0, (outcome.output + outcome.errors).constData());
    QCOMPARE(outcome.json()[u"calls"][0][u"calls"].toArray().size(), 2);
    QCOMPARE(outcome.json()[u"calls"][0][u"calls"][1][u"function"].toString(), u"revokeKey"_s);
    QCOMPARE(outcome.json()[u"nonce"].toString(), revocation().nonce.toDecimal());
}

void TestCliReview::aBuilderFileWhoseDataIsNotItsMethodIsBlocked()
{
    const Outcome outcome = run({u"--json"_s,
        QStringLiteral(R"({"version":"1.0","chainId":"31337","createdAt":1,"meta":{"name":"x","createdFromSafeAddress":"%1"},"transactions":[{"to":"%2","value":"0",)"
                       R"("data":"0xa9059cbb00000000000000000000000000000000000000000000000000000000000000010000000000000000000000000000000000000000000000000000000000000001",)"
                       R"("contractMethod":{"name":"pause","payable":false,"inputs":[]},"contractInputsValues":{}}]})")
            .arg(m_estate->safe.toString(), m_estate->vault.toString())});
    QCOMPARE(outcome.code, 3);
    QVERIFY(outcome.ids(u"block"_s).contains(u"file.disagrees"_s));
}

void TestCliReview::signaturesThatCameAlongAreRecovered()
{
    const SafeTransaction transaction = revocation();
    const Bytes signatures = SafeChain::sign(m_estate->safe, transaction, {&m_estate->bob});
    QString input = safeTransaction(31337, m_estate->safe, transaction);
    input.insert(1, u"\"signatures\":\"%1\","_s.arg(toHex(signatures)));
    const Outcome good = run(online(input));
    QVERIFY2(good.code == 0, (good.output + good.errors).constData());
    QVERIFY(!good.ids().contains(u"signature.stranger"_s));
    QString stranger = safeTransaction(31337, m_estate->safe, transaction);
    stranger.insert(1, u"\"signatures\":\"%1\","_s.arg(toHex(SafeChain::sign(m_estate->safe, transaction, {&m_estate->mallory}))));
    QVERIFY(run(online(stranger)).ids(u"warn"_s).contains(u"signature.stranger"_s));
    QString broken = safeTransaction(31337, m_estate->safe, transaction);
    broken.insert(1, u"\"signatures\":\"%1\","_s.arg(toHex(signatures.chopped(1))));
    QCOMPARE(run(online(broken)).code, 3);
}

void TestCliReview::deploymentOfABuildIsNamed()
{
    const auto package = m_estate->package(m_estate->chain.contracts(u"1.4.1"_s).createCall,
        encodeCreateCall({Uint256(), m_estate->registryBuild.deploymentCode({}).value(), {}}), SafeOperation::DelegateCall);
    const Outcome outcome = run(online(safeTransaction(31337, m_estate->safe, package.subject.transaction)));
    QVERIFY2(outcome.code == 0, (outcome.output + outcome.errors).constData());
    QVERIFY(outcome.ids().contains(u"deploy.build"_s));
    QVERIFY(outcome.json()[u"sentence"].toString().startsWith(u"Deploy CantonKeyRegistry on ethereum at 0x"));
}

void TestCliReview::thePolicyIsAsked()
{
    auto package = m_estate->package(m_estate->registry, revocation().data);
    AdversarialEstate::propose(package, m_estate->alice,
        [](ProposalDraft &draft) { draft.createdAt = Timestamp::fromSeconds(QDateTime::currentSecsSinceEpoch() - 60); });
    const QString file = write(u"asked.json"_s, proposalToJson(*package.subject.envelope));
    const QString standard = QStringLiteral(COUNTERSIGN_ROOT "/resources/policy/default.yaml");
    const Outcome allowed = run(online(file) + QStringList{u"--policy"_s, standard});
    QVERIFY2(allowed.code == 0, (allowed.output + allowed.errors).constData());
    QVERIFY(allowed.ids().contains(u"policy.decides"_s));

    QFile original(standard);
    QVERIFY(original.open(QIODevice::ReadOnly));
    const QByteArray rule = "rules:\n  - name: Not today\n    when: {kinds: [keys]}\n    action: block\n    reason: The registry is frozen.\n";
    const QString strict = write(u"strict.yaml"_s, original.readAll().replace("\nrules:\n", '\n' + rule));
    const Outcome refused = run(online(file) + QStringList{u"--policy"_s, strict});
    QVERIFY2(refused.code == 3, (refused.output + refused.errors).constData());
    QVERIFY(refused.ids(u"block"_s).contains(u"policy.rule"_s));
}

void TestCliReview::thePolicyIsAskedForWhoeverActs()
{
    auto package = m_estate->package(m_estate->registry, revocation().data);
    AdversarialEstate::propose(package, m_estate->alice,
        [](ProposalDraft &draft) { draft.createdAt = Timestamp::fromSeconds(QDateTime::currentSecsSinceEpoch() - 60); });
    const QString file = write(u"acted.json"_s, proposalToJson(*package.subject.envelope));
    const QString named = write(u"named.yaml"_s,
        "format: 1\nname: test\nversion: 1\ncoolingOff: {otherwise: \"0\"}\ndefault: allow\n"
        "roles: {proposers: [anyone], approvers: [alice, bob], executors: [carol], proposerMayApprove: false, minimumApprovals: 1}\n");
    const auto asked = [&](const QString &option, const TestKey &who) {
        return run(online(file) + QStringList{u"--policy"_s, named, option, who.address().toString()});
    };
    const Outcome bob = asked(u"--approver"_s, m_estate->bob);
    QVERIFY2(bob.code == 0, (bob.output + bob.errors).constData());
    const Outcome carol = asked(u"--approver"_s, m_estate->carol);
    QCOMPARE(carol.code, 3);
    QVERIFY(carol.ids(u"block"_s).contains(u"policy.role.approver"_s));
    const Outcome alice = asked(u"--approver"_s, m_estate->alice);
    QCOMPARE(alice.code, 3);
    QVERIFY(alice.ids(u"block"_s).contains(u"policy.selfApproval"_s));
    const Outcome sender = asked(u"--executor"_s, m_estate->bob);
    QCOMPARE(sender.code, 3);
    QVERIFY(sender.ids(u"block"_s).contains(u"policy.role.executor"_s));
    const Outcome right = asked(u"--executor"_s, m_estate->carol);
    QVERIFY(!right.ids().contains(u"policy.role.executor"_s));
    QVERIFY2(right.ids(u"block"_s).contains(u"policy.approvals"_s), "nobody has signed, and it is about executing");
}

void TestCliReview::theWaitingTimeCountsFromWhatIsSaid()
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    auto package = m_estate->package(m_estate->registry, revocation().data);
    AdversarialEstate::propose(package, m_estate->alice,
        [now](ProposalDraft &draft) { draft.createdAt = Timestamp::fromSeconds(now - 10 * 3600); });
    const QString file = write(u"dated.json"_s, proposalToJson(*package.subject.envelope));
    const QString slow = write(u"slow.yaml"_s,
        "format: 1\nname: test\nversion: 1\ncoolingOff: {otherwise: 4h}\ndefault: allow\n"
        "roles: {proposers: [anyone], approvers: [owners], executors: [anyone], proposerMayApprove: true, minimumApprovals: 1}\n");
    const auto seen = [&](qint64 hours) {
        const QString time = Timestamp::fromSeconds(now - hours * 3600).toIsoString();
        return run(online(file) + QStringList{u"--policy"_s, slow, u"--first-seen"_s, time});
    };
    const Outcome alone = run(online(file) + QStringList{u"--policy"_s, slow});
    QVERIFY2(alone.code == 0, (alone.output + alone.errors).constData());
    QVERIFY2(alone.ids(u"warn"_s).contains(u"policy.firstSeen"_s), "that it rests on the author's word is said");
    const Outcome lately = seen(1);
    QCOMPARE(lately.code, 3);
    QVERIFY(lately.ids(u"block"_s).contains(u"policy.coolingOff"_s));
    QVERIFY(lately.output.contains("first seen here at"));
    const Outcome before = seen(5);
    QVERIFY2(before.code == 0, (before.output + before.errors).constData());
    QVERIFY(!before.ids().contains(u"policy.firstSeen"_s));
}

void TestCliReview::unusableInputHasItsCode_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    const QString good = QStringLiteral(R"({"chainId":1,"safe":"0x1Db92e2EeBC8E0c075a02BeA49a2935BcD2dFCF4","tx":{"to":"0x96221423681A6d52E184D440a8eFCEbB105C7242","value":"0","data":"0x","operation":0,"nonce":0}})");
    QTest::newRow("no file") << QStringList{} << 2;
    QTest::newRow("a file that is not there") << QStringList{m_folder.filePath(u"none.json"_s)} << 2;
    QTest::newRow("no JSON") << QStringList{u"{"_s} << 2;
    QTest::newRow("a list") << QStringList{u"[]"_s} << 2;
    QTest::newRow("no Safe") << QStringList{u"{\"chainId\":1,\"tx\":{}}"_s} << 2;
    QTest::newRow("an operation of 2") << QStringList{QString(good).replace(u"\"operation\":0"_s, u"\"operation\":2"_s)} << 2;
    QTest::newRow("an envelope of another kind") << QStringList{u"{\"kind\":\"something\"}"_s} << 2;
    const QString someone = u"0x1Db92e2EeBC8E0c075a02BeA49a2935BcD2dFCF4"_s;
    QTest::newRow("an approver that is no address") << QStringList{good, u"--approver"_s, u"bob"_s} << 2;
    QTest::newRow("an approver with a wrong checksum")
        << QStringList{good, u"--approver"_s, u"0x1DB92e2EeBC8E0c075a02BeA49a2935BcD2dFCF4"_s} << 2;
    QTest::newRow("an approver of zeros") << QStringList{good, u"--approver"_s, u"0x"_s + QString(40, u'0')} << 2;
    QTest::newRow("an executor that is no address") << QStringList{good, u"--executor"_s, u"0x12"_s} << 2;
    QTest::newRow("two steps at once") << QStringList{good, u"--approver"_s, someone, u"--executor"_s, someone} << 2;
    QTest::newRow("a time that is none") << QStringList{good, u"--first-seen"_s, u"yesterday"_s} << 2;
    QTest::newRow("a node that is no address") << QStringList{good, u"--rpc"_s, u"file:///etc/passwd"_s} << 2;
    QTest::newRow("three nodes") << QStringList{good, u"--rpc"_s, m_node, u"--rpc"_s, m_node, u"--rpc"_s, m_node} << 2;
    QTest::newRow("a node that does not answer") << QStringList{good, u"--rpc"_s, u"http://127.0.0.1:1"_s} << 5;
    QTest::newRow("an environment that is not there") << QStringList{good, u"--environment"_s, m_folder.filePath(u"none.yaml"_s)} << 2;
    QTest::newRow("a policy that is none") << QStringList{good, u"--policy"_s, m_environment} << 2;
    QTest::newRow("a build that is none") << QStringList{good, u"--artifact"_s, m_environment} << 2;
}

void TestCliReview::unusableInputHasItsCode()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    const Outcome outcome = run(arguments);
    QVERIFY2(outcome.code == code, (QByteArray::number(outcome.code) + outcome.output + outcome.errors).constData());
    QVERIFY(!outcome.errors.isEmpty());
}

QTEST_GUILESS_MAIN(TestCliReview)
#include "tst_cli_review.moc"
