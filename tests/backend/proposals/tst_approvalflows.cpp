#include "backend/evm/chainclient.h"
#include "backend/keys/pkcs11signer.h"
#include "backend/proposals/executionflow.h"
#include "backend/proposals/proposalboard.h"
#include "backend/proposals/proposaldrafts.h"
#include "backend/proposals/proposeflow.h"
#include "backend/proposals/signingflow.h"
#include "backend/review/contextreading.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/types/strings.h"
#include "tests/backend/keys/softhsm.h"

#include <sqlite3.h>

#include <QCoroTask>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Bytes keyId("\x01", 1);

} // namespace

/// The approval of a revocation, for real: keys in tokens, a Safe and a registry on a chain, files in a folder, rows in
/// a journal.
class TestApprovalFlows final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void keyIsRevokedByTwoHolders();
    void wrongPinIsDeniedRecordedAndNothingIsPublished();
    void tokenThatGoesAwayWhileItSignsIsAnIncident();
    void signatureByAnotherKeyNeverLeaves();
    void flippedBitInASignatureNeverLeaves();
    void holderWhoIsNoOwnerIsRefusedBeforeTheTokenIsAsked();
    void staleNonceIsRefused();
    void gapOfNoncesMayBeSignedButNotExecuted();
    void endpointOfAnotherChainIsRefused();
    void silentEndpointLeavesNothingSigned();
    void secondEndpointMustAnswer();
    void hashThatWasNotComparedIsNotSigned();
    void brokenJournalStopsSigning();
    void oneSignatureDoesNotExecute();
    void executorWithoutMoneyIsTold();
    void flowThatIsGivenUpEndsQuietly();

private:
    struct Holder {
        QString name;
        ProvisionedToken token;
        Address address;
        std::unique_ptr<Pkcs11Signer> signer;
    };

    Holder makeHolder(const QString &name);
    Holder &holder(const QString &name);
    ProposalDraft draft(quint64 nonce = 2) const;
    template <class T, class Flow> std::optional<Result<T>> finish(Flow &flow)
    {
        std::optional<Result<T>> outcome;
        connect(&flow, &Flow::finished, &flow, [&outcome](const Result<T> &result) { outcome = result; });
        if (!QTest::qWaitFor([&outcome] { return outcome.has_value(); }, 20'000))
            qWarning("a flow did not end");
        return outcome;
    }
    Result<Proposal> propose(const QString &name, const ProposalDraft &draft);
    Result<CollectedSignature> sign(
        const QString &name, const Hash32 &id, const QByteArray &pin = "1234", std::optional<Hash32> shown = {});
    Result<ExecutionReport> execute(const QString &name, const Hash32 &id);
    ExchangeItem item(const Hash32 &id);
    QList<JournalRow> rows();
    int count(JournalKind kind);
    QJsonValue rpc(const QString &method, const QJsonArray &parameters = {});
    Address registryKey();

    SoftHsm m_hsm;
    std::shared_ptr<Pkcs11Module> m_module;
    std::vector<Holder> m_holders;
    QProcess m_estate;
    QJsonObject m_facts;
    QString m_snapshot;

    // Made anew for each test.
    Environment m_environment;
    SystemClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ProposalFolder> m_exchange;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<ReviewReader> m_reader;
};

TestApprovalFlows::Holder TestApprovalFlows::makeHolder(const QString &name)
{
    Holder holder;
    holder.name = name;
    holder.token = initialiseToken(*m_module, name, secret("12345678"), secret("1234")).value();
    holder.address = generateSecp256k1Key(*m_module, holder.token.serial, secret("1234"), keyId, name).value();
    holder.signer = std::make_unique<Pkcs11Signer>(
        m_module, Pkcs11KeyReference{holder.token.serial, keyId, holder.address}, SoftwareTokens::Allow);
    return holder;
}

void TestApprovalFlows::initTestCase()
{
    m_module = m_hsm.module();
    for (const QString &name : {u"alice"_s, u"bob"_s, u"carol"_s, u"mallory"_s})
        m_holders.push_back(makeHolder(name));
    m_estate.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_estate.start(u"node"_s,
        {QString::fromUtf8(ESTATE_SCRIPT), holder(u"alice"_s).address.toString(), holder(u"bob"_s).address.toString(),
            holder(u"carol"_s).address.toString()});
    QVERIFY(m_estate.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(m_estate.canReadLine() || m_estate.state() == QProcess::NotRunning, 60'000);
    m_facts = QJsonDocument::fromJson(m_estate.readLine()).object();
    QVERIFY2(m_facts.contains(u"safe"_s), "the chain of the test does not stand");
}

void TestApprovalFlows::cleanupTestCase()
{
    m_estate.closeWriteChannel();
    if (!m_estate.waitForFinished(10'000))
        m_estate.kill();
    m_estate.waitForFinished();
    m_holders.clear();
}

void TestApprovalFlows::init()
{
    ChainSettings chain;
    chain.name = u"ethereum"_s;
    chain.chainId = ChainId(static_cast<quint64>(m_facts.value(u"chainId"_s).toInt()));
    chain.rpc = {QUrl(m_facts.value(u"url"_s).toString())};
    chain.safe = Address::parse(m_facts.value(u"safe"_s).toString()).value();
    chain.registry = Address::parse(m_facts.value(u"registry"_s).toString()).value();
    chain.vaults = {{u"treasury"_s, Address::parse(m_facts.value(u"vault"_s).toString()).value()}};
    m_environment = {};
    m_environment.chains = {chain};
    m_environment.parties = {{Hash32::parse(m_facts.value(u"party"_s).toString()).value(), u"Treasury desk"_s,
        Address::parse(m_facts.value(u"key"_s).toString()).value()}};
    for (const Holder &holder : m_holders)
        m_environment.holders.append({holder.name, holder.address, {}});

    m_snapshot = rpc(u"evm_snapshot"_s).toString();
    m_folder = std::make_unique<QTemporaryDir>();
    m_exchange = std::make_unique<ProposalFolder>(m_folder->filePath(u"proposals"_s));
    m_exchange->start();
    m_journal = std::make_unique<Journal>(m_folder->filePath(u"journal.sqlite"_s), m_clock);
    m_journal->open();
    m_reader = std::make_unique<ReviewReader>(m_environment, m_clock);
    QTRY_COMPARE(m_journal->status().state, JournalStatus::State::Ready);
}

void TestApprovalFlows::cleanup()
{
    m_hsm.inject(u"");
    m_reader.reset();
    m_journal.reset();
    m_exchange.reset();
    QVERIFY(rpc(u"evm_revert"_s, {m_snapshot}).toBool());
}

TestApprovalFlows::Holder &TestApprovalFlows::holder(const QString &name)
{
    return *std::ranges::find(m_holders, name, &Holder::name);
}

ProposalDraft TestApprovalFlows::draft(quint64 nonce) const
{
    const ChainSettings &chain = m_environment.chains.first();
    const PartySettings &party = m_environment.parties.first();
    return draftRevokeKey({chain.chainId, *chain.safe, *chain.registry, party.partyId, party.name, *party.key,
        Uint256(nonce), u"The machine that holds the key was lost."_s, m_clock.now()});
}

Result<Proposal> TestApprovalFlows::propose(const QString &name, const ProposalDraft &draft)
{
    ProposeFlow flow(*m_exchange, *m_journal, *holder(name).signer, name);
    flow.start(draft, secret("1234"));
    const auto outcome = finish<Proposal>(flow);
    if (outcome && *outcome) {
        const bool seen = QTest::qWaitFor([&] { return m_exchange->find(draft.safeTxHash()) != nullptr; });
        if (!seen)
            return fail(ErrorKind::Timeout, u"the proposal did not come back from the folder"_s);
    }
    return outcome.value_or(fail(ErrorKind::Timeout, u"the flow did not end"_s));
}

Result<CollectedSignature> TestApprovalFlows::sign(
    const QString &name, const Hash32 &id, const QByteArray &pin, std::optional<Hash32> shown)
{
    SigningFlow flow(*m_reader, *m_exchange, *m_journal, *holder(name).signer, m_clock, name);
    flow.start(item(id), shown.value_or(id), secret(pin));
    const auto outcome = finish<CollectedSignature>(flow);
    if (outcome && *outcome) {
        const Address owner = holder(name).address;
        const bool seen = QTest::qWaitFor([&] {
            return std::ranges::any_of(
                item(id).signatures, [&owner](const CollectedSignature &one) { return one.owner == owner; });
        });
        if (!seen)
            return fail(ErrorKind::Timeout, u"the signature did not come back from the folder"_s);
    }
    return outcome.value_or(fail(ErrorKind::Timeout, u"the flow did not end"_s));
}

Result<ExecutionReport> TestApprovalFlows::execute(const QString &name, const Hash32 &id)
{
    ExecutionFlow flow(m_environment, *m_reader, *m_journal, *holder(name).signer, m_clock, name);
    flow.start(item(id), secret("1234"));
    return finish<ExecutionReport>(flow).value_or(fail(ErrorKind::Timeout, u"the flow did not end"_s));
}

ExchangeItem TestApprovalFlows::item(const Hash32 &id)
{
    const ExchangeItem *found = m_exchange->find(id);
    return found ? *found : ExchangeItem();
}

QList<JournalRow> TestApprovalFlows::rows()
{
    auto future = m_journal->load(1, 1'000);
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }) || !future.result())
        return {};
    return *future.result();
}

int TestApprovalFlows::count(JournalKind kind)
{
    const auto all = rows();
    return static_cast<int>(std::ranges::count(all, kind, &JournalRow::kind));
}

QJsonValue TestApprovalFlows::rpc(const QString &method, const QJsonArray &parameters)
{
    JsonRpcClient client(QUrl(m_facts.value(u"url"_s).toString()));
    return QCoro::waitFor(client.call(method, parameters)).value_or(QJsonValue());
}

Address TestApprovalFlows::registryKey()
{
    JsonRpcClient client(QUrl(m_facts.value(u"url"_s).toString()));
    ChainClient chain(client);
    const auto block = QCoro::waitFor(chain.getBlock(BlockRef::latest()));
    SafeState state;
    state.blockHash = block.value().hash;
    return QCoro::waitFor(readRegistry(chain, state, *m_environment.chains.first().registry,
                              m_environment.parties.first().partyId, {}, {}))
        .value()
        .key;
}

// Evaluates its argument once: a flow that is run twice is another test.
#define VERIFY_RESULT(expression)                                                                                      \
    do {                                                                                                               \
        const auto &verified = (expression);                                                                           \
        QVERIFY2(verified,                                                                                             \
            qPrintable(verified ? QString() : verified.error().message + u" | "_s + verified.error().detail));         \
    } while (false)

void TestApprovalFlows::keyIsRevokedByTwoHolders()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    QCOMPARE(proposal->proposer.toString(), holder(u"alice"_s).address.toString());
    const Hash32 id = proposal->safeTxHash();
    ProposalBoard board(m_environment, *m_exchange, m_clock);
    board.setHolder(holder(u"bob"_s).address);
    board.refresh();
    QTRY_COMPARE(board.entries().size(), 1);
    QTRY_COMPARE(board.entries().first().standing.stage, ProposalStage::WaitsForMe);

    VERIFY_RESULT(sign(u"alice"_s, id));
    VERIFY_RESULT(sign(u"bob"_s, id));
    QTRY_COMPARE(board.entries().first().standing.stage, ProposalStage::Ready);
    const auto again = sign(u"bob"_s, id);
    QVERIFY(!again);
    QCOMPARE(again.error().kind, ErrorKind::Conflict);

    QCOMPARE(registryKey().toString(), m_environment.parties.first().key->toString());
    const auto report = execute(u"carol"_s, id);
    VERIFY_RESULT(report);
    QVERIFY(report->isAsPromised);
    QVERIFY(registryKey().isZero());
    const auto effect = std::ranges::find(
        report->effects, registryKeyVariable(m_environment.parties.first().partyId), &Effect::variable);
    QVERIFY(effect != report->effects.end());
    QCOMPARE(effect->after, u"none"_s);

    board.refresh();
    QTRY_COMPARE(board.entries().first().standing.stage, ProposalStage::Executed);
    QCOMPARE(board.entries().first().standing.outcome->transactionHash.toString(), report->transactionHash.toString());

    // The story as the journal tells it, whole and in order.
    QList<JournalKind> kinds;
    for (const JournalRow &row : rows())
        kinds.append(row.kind);
    const QList<JournalKind> expected{JournalKind::Journal, JournalKind::Proposal, JournalKind::Review,
        JournalKind::Signature, JournalKind::Review, JournalKind::Signature, JournalKind::Execution,
        JournalKind::Execution, JournalKind::Execution, JournalKind::Effect};
    QCOMPARE(kinds, expected);
    auto verification = m_journal->verify();
    QTRY_VERIFY(verification.isFinished());
    QVERIFY(verification.result().ok);

    const auto twice = execute(u"carol"_s, id);
    QVERIFY(!twice);
    QCOMPARE(twice.error().kind, ErrorKind::Rejected);
}

void TestApprovalFlows::wrongPinIsDeniedRecordedAndNothingIsPublished()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const auto refused = sign(u"bob"_s, proposal->safeTxHash(), "9999");
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Denied);
    QVERIFY2(refused.error().message.contains(u"PIN"_s), qPrintable(refused.error().message));
    QCOMPARE(count(JournalKind::Incident), 1);
    QCOMPARE(count(JournalKind::Signature), 0);
    QVERIFY(item(proposal->safeTxHash()).signatures.isEmpty());
    VERIFY_RESULT(sign(u"bob"_s, proposal->safeTxHash()));
}

void TestApprovalFlows::tokenThatGoesAwayWhileItSignsIsAnIncident()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    m_hsm.inject(u"m");
    const auto refused = sign(u"bob"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Unavailable);
    QCOMPARE(count(JournalKind::Incident), 1);
    QVERIFY(item(proposal->safeTxHash()).signatures.isEmpty());
    m_hsm.inject(u"");
    VERIFY_RESULT(sign(u"bob"_s, proposal->safeTxHash()));
}

void TestApprovalFlows::signatureByAnotherKeyNeverLeaves()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    m_hsm.inject(u"k");
    const auto refused = sign(u"bob"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QCOMPARE(count(JournalKind::Incident), 1);
    QVERIFY(item(proposal->safeTxHash()).signatures.isEmpty());
}

void TestApprovalFlows::flippedBitInASignatureNeverLeaves()
{
    m_hsm.inject(u"b");
    const auto refused = propose(u"alice"_s, draft());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QCOMPARE(count(JournalKind::Incident), 1);
    QVERIFY(m_exchange->snapshot().items.isEmpty());
}

void TestApprovalFlows::holderWhoIsNoOwnerIsRefusedBeforeTheTokenIsAsked()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    m_hsm.inject(u"r"); // were the token asked, it would not be there
    const auto refused = sign(u"mallory"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QVERIFY2(refused.error().message.contains(u"no owner"_s), qPrintable(refused.error().message));
    QCOMPARE(count(JournalKind::Incident), 0);
}

void TestApprovalFlows::staleNonceIsRefused()
{
    const auto proposal = propose(u"alice"_s, draft(1));
    VERIFY_RESULT(proposal);
    const auto refused = sign(u"bob"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QVERIFY2(refused.error().detail.contains(u"nonce.used"_s), qPrintable(refused.error().detail));
    ProposalBoard board(m_environment, *m_exchange, m_clock);
    board.refresh();
    QTRY_VERIFY(!board.entries().isEmpty() && board.entries().first().standing.stage == ProposalStage::Superseded);
}

void TestApprovalFlows::gapOfNoncesMayBeSignedButNotExecuted()
{
    const auto proposal = propose(u"alice"_s, draft(3));
    VERIFY_RESULT(proposal);
    VERIFY_RESULT(sign(u"alice"_s, proposal->safeTxHash()));
    VERIFY_RESULT(sign(u"bob"_s, proposal->safeTxHash()));
    const auto refused = execute(u"carol"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QVERIFY2(refused.error().message.contains(u"nonce"_s), qPrintable(refused.error().message));
}

void TestApprovalFlows::endpointOfAnotherChainIsRefused()
{
    m_environment.chains[0].chainId = ChainId(1);
    m_reader = std::make_unique<ReviewReader>(m_environment, m_clock);
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const auto refused = sign(u"bob"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QVERIFY2(refused.error().detail.contains(u"chain.mismatch"_s), qPrintable(refused.error().detail));
}

void TestApprovalFlows::silentEndpointLeavesNothingSigned()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    m_environment.chains[0].rpc = {QUrl(u"http://127.0.0.1:1"_s)};
    m_reader = std::make_unique<ReviewReader>(m_environment, m_clock);
    const auto refused = sign(u"bob"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Unavailable);
    QVERIFY2(refused.error().message.contains(u"ethereum"_s), qPrintable(refused.error().message));
    QVERIFY(item(proposal->safeTxHash()).signatures.isEmpty());
    ProposalBoard board(m_environment, *m_exchange, m_clock);
    board.refresh();
    QTRY_VERIFY(board.problem(m_environment.chains.first().chainId));
}

void TestApprovalFlows::secondEndpointMustAnswer()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    m_environment.chains[0].rpc.append(QUrl(u"http://127.0.0.1:1"_s));
    m_reader = std::make_unique<ReviewReader>(m_environment, m_clock);
    const auto refused = sign(u"bob"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QVERIFY2(refused.error().detail.contains(u"endpoint.silent"_s), qPrintable(refused.error().detail));
    m_environment.chains[0].rpc[1] = m_environment.chains[0].rpc[0];
    m_reader = std::make_unique<ReviewReader>(m_environment, m_clock);
    VERIFY_RESULT(sign(u"bob"_s, proposal->safeTxHash()));
}

void TestApprovalFlows::hashThatWasNotComparedIsNotSigned()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const auto refused = sign(u"bob"_s, proposal->safeTxHash(), "1234", Hash32());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Conflict);
    QCOMPARE(count(JournalKind::Incident), 1);
    QVERIFY(item(proposal->safeTxHash()).signatures.isEmpty());
}

void TestApprovalFlows::brokenJournalStopsSigning()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    sqlite3 *database = nullptr;
    QCOMPARE(sqlite3_open(QFile::encodeName(m_journal->path()).constData(), &database), SQLITE_OK);
    QCOMPARE(sqlite3_exec(database, "DROP TRIGGER entries_no_update; UPDATE entries SET text = 'nothing' WHERE id = 2",
                 nullptr, nullptr, nullptr),
        SQLITE_OK);
    sqlite3_close(database);
    auto verification = m_journal->verify();
    QTRY_COMPARE(m_journal->status().state, JournalStatus::State::Broken);
    QCOMPARE(verification.result().firstBadRow, 2);
    const auto refused = sign(u"bob"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Corrupt);
    QVERIFY2(refused.error().message.contains(u"journal"_s), qPrintable(refused.error().message));
    QVERIFY(item(proposal->safeTxHash()).signatures.isEmpty());
}

void TestApprovalFlows::oneSignatureDoesNotExecute()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    VERIFY_RESULT(sign(u"alice"_s, proposal->safeTxHash()));
    const auto refused = execute(u"alice"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QVERIFY2(refused.error().message.contains(u"1 of 2 signatures"_s), qPrintable(refused.error().message));
    QVERIFY(!registryKey().isZero());
}

void TestApprovalFlows::executorWithoutMoneyIsTold()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    VERIFY_RESULT(sign(u"alice"_s, proposal->safeTxHash()));
    VERIFY_RESULT(sign(u"bob"_s, proposal->safeTxHash()));
    const auto refused = execute(u"mallory"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Exhausted);
    QVERIFY2(refused.error().message.contains(u"cannot pay"_s), qPrintable(refused.error().message));
}

void TestApprovalFlows::flowThatIsGivenUpEndsQuietly()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    {
        SigningFlow flow(*m_reader, *m_exchange, *m_journal, *holder(u"bob"_s).signer, m_clock, u"bob"_s);
        flow.start(item(proposal->safeTxHash()), proposal->safeTxHash(), secret("1234"));
    }
    // What it had begun ends without touching what is gone; the next try works.
    VERIFY_RESULT(sign(u"bob"_s, proposal->safeTxHash()));
}

QTEST_GUILESS_MAIN(TestApprovalFlows)
#include "tst_approvalflows.moc"
