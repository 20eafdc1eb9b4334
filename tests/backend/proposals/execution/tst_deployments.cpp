#include "backend/evm/abifunction.h"
#include "backend/evm/create2.h"
#include "backend/proposals/execution/dependencies.h"
#include "backend/review/artifactstore.h"
#include "backend/safe/safecreate.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/approvalestate.h"

#include <QCoroTask>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Address createCall = *Address::parse(u"0x9b35Af71d77eaf8d7e40252370304687390A1A52"); // of Safe 1.4.1
constexpr quint64 limit = 5'000;

const VerificationStep *stepOf(const DeploymentVerification &deployment, const QString &text)
{
    const auto found = std::ranges::find_if(deployment.steps, [&](const VerificationStep &step) { return step.text.contains(text); });
    return found == deployment.steps.end() ? nullptr : &*found;
}

QString described(const DeploymentVerification &deployment)
{
    QStringList lines;
    for (const VerificationStep &step : deployment.steps)
        lines.append(u"%1 %2: %3"_s.arg(step.ok ? u"ok"_s : u"NO"_s, step.text, step.evidence));
    return lines.join(u'\n');
}

} // namespace

/// Contracts that a Safe creates: verified on the chain when the execution is final, and again before anything that
/// depends on them is executed.
class TestDeployments final : public ApprovalEstate {
    Q_OBJECT

private slots:
    void adapterIsVerifiedAndThenRegistered();
    void registryBelongsToTheSafe();
    void deterministicDeploymentIsVerified();
    void codeThatChangesBeforeItIsFinalIsAnIncident();
    void tamperedDeploymentHoldsWhatDependsOnIt();
    void whatDependsOnSomethingElseWaits();

private:
    Bytes adapterCode() const
    {
        const ContractArtifact *artifact = ArtifactStore::ours().find(u"TreasuryAdapter");
        const std::vector<AbiValue> arguments{AbiValue(m_environment.chains.first().vaults.first().address), AbiValue(Uint256(limit))};
        return artifact->deploymentCode(arguments).value();
    }
    ProposalDraft base(quint64 nonce, const QString &title) const
    {
        ProposalDraft made = draft(nonce);
        made.title = title;
        made.promises.clear();
        return made;
    }
    ProposalDraft deployment(const Bytes &code, quint64 nonce = 2) const
    {
        ProposalDraft made = base(nonce, u"Deploy it"_s);
        made.transaction.to = createCall;
        made.transaction.operation = SafeOperation::DelegateCall;
        made.transaction.data = encodeCreateCall({.value = {}, .initCode = code, .salt = {}});
        return made;
    }
    ProposalDraft registration(const Address &adapter, const Hash32 &after, quint64 nonce = 3) const
    {
        ProposalDraft made = base(nonce, u"Register the adapter"_s);
        made.transaction.to = m_environment.chains.first().vaults.first().address;
        made.transaction.data = AbiFunction::parse(u"registerAdapter(bytes32,address)").value().encodeCall({AbiValue(keccak256("second")), AbiValue(adapter)}).value();
        made.dependsOn = {after};
        return made;
    }
    Result<Hash32> signedBy2(const ProposalDraft &what)
    {
        const auto proposal = propose(u"alice"_s, what);
        if (!proposal)
            return std::unexpected(proposal.error());
        for (const QString &name : {u"alice"_s, u"bob"_s}) {
            if (const auto signature = sign(name, proposal->safeTxHash()); !signature)
                return std::unexpected(signature.error());
        }
        return proposal->safeTxHash();
    }
};

#define VERIFY_RESULT(expression)                                                                                      \
    do {                                                                                                               \
        const auto &verified = (expression);                                                                           \
        QVERIFY2(verified,                                                                                             \
            qPrintable(verified ? QString() : verified.error().message + u" | "_s + verified.error().detail));         \
    } while (false)

void TestDeployments::adapterIsVerifiedAndThenRegistered()
{
    const auto deployed = signedBy2(deployment(adapterCode()));
    VERIFY_RESULT(deployed);
    const auto report = execute(u"carol"_s, *deployed);
    VERIFY_RESULT(report);
    QCOMPARE(report->deployments.size(), 1);
    const DeploymentVerification &adapter = report->deployments.first();
    QVERIFY2(report->isVerified(), qPrintable(described(adapter)));
    QCOMPARE(adapter.contract, u"TreasuryAdapter"_s);
    for (const QString &text : {u"by the code that was signed"_s, u"the one that was created"_s, u"the build TreasuryAdapter"_s,
             u"Immutable vault"_s, u"Immutable limit"_s, u"Constructor argument limit_"_s})
        QVERIFY2(stepOf(adapter, text), qPrintable(described(adapter)));
    QCOMPARE(stepOf(adapter, u"Immutable limit"_s)->evidence, QString::number(limit));

    const auto registered = signedBy2(registration(adapter.address, *deployed));
    VERIFY_RESULT(registered);
    const auto done = execute(u"carol"_s, *registered);
    VERIFY_RESULT(done);
    QVERIFY(done->deployments.isEmpty());
}

void TestDeployments::registryBelongsToTheSafe()
{
    const auto deployed = signedBy2(deployment(ArtifactStore::ours().find(u"CantonKeyRegistry")->creationCode().value()));
    VERIFY_RESULT(deployed);
    const auto lookAgain = [&] {
        return QCoro::waitFor(executedDeployments(m_environment.chains.first(), item(*deployed), ArtifactStore::ours()));
    };
    const auto before = lookAgain();
    QVERIFY(!before);
    QCOMPARE(before.error().kind, ErrorKind::Rejected);
    QVERIFY2(before.error().message.contains(u"is not executed"_s), qPrintable(before.error().message));
    const auto report = execute(u"carol"_s, *deployed);
    VERIFY_RESULT(report);
    QCOMPARE(report->deployments.size(), 1);
    QVERIFY2(report->isVerified(), qPrintable(described(report->deployments.first())));
    const auto after = lookAgain();
    VERIFY_RESULT(after);
    QCOMPARE(*after, report->deployments);
    const VerificationStep *owner = stepOf(report->deployments.first(), u"owner() is as promised"_s);
    QVERIFY(owner);
    QVERIFY(owner->evidence.contains(m_environment.chains.first().safe->toString()));
    QVERIFY(stepOf(report->deployments.first(), u"pendingOwner()"_s));
}

void TestDeployments::deterministicDeploymentIsVerified()
{
    ProposalDraft made = base(2, u"Deploy it where it is everywhere"_s);
    made.transaction.to = deployerAddress(DeterministicDeployer::Arachnid);
    made.transaction.data = encodeDeployment({.salt = keccak256("salt"), .initCode = adapterCode()});
    const auto deployed = signedBy2(made);
    VERIFY_RESULT(deployed);
    const auto report = execute(u"carol"_s, *deployed);
    VERIFY_RESULT(report);
    QCOMPARE(report->deployments.size(), 1);
    QVERIFY2(report->isVerified(), qPrintable(described(report->deployments.first())));
    QCOMPARE(report->deployments.first().address.toString(),
        predictDeployment(DeterministicDeployer::Arachnid, {.salt = keccak256("salt"), .initCode = adapterCode()}).toString());
}

void TestDeployments::codeThatChangesBeforeItIsFinalIsAnIncident()
{
    m_environment.chains[0].confirmations = 1;
    const auto deployed = signedBy2(deployment(adapterCode()));
    VERIFY_RESULT(deployed);
    ExecutionFlow flow(m_environment, *m_reader, *m_journal, *holder(u"carol"_s).signer, m_clock, u"carol"_s);
    QSignalSpy included(&flow, &ExecutionFlow::included);
    std::optional<Result<ExecutionReport>> outcome;
    connect(&flow, &ExecutionFlow::finished, this, [&outcome](const Result<ExecutionReport> &result) { outcome = result; });
    const QString nonce = rpc(u"eth_getTransactionCount"_s, {m_environment.chains.first().safe->toString(), u"latest"_s}).toString();
    const Address predicted = createAddress(*m_environment.chains.first().safe, Nonce(nonce.toULongLong(nullptr, 16)));
    flow.start(item(*deployed), secret("1234"));
    QTRY_COMPARE_WITH_TIMEOUT(included.size(), 1, 20'000);
    QString code = rpc(u"eth_getCode"_s, {predicted.toString(), u"latest"_s}).toString();
    QVERIFY(code.size() > 100);
    code[60] = code[60] == u'0' ? u'1' : u'0';
    rpc(u"anvil_setCode"_s, {predicted.toString(), code});
    rpc(u"evm_mine"_s);
    QTRY_VERIFY_WITH_TIMEOUT(outcome.has_value(), 20'000);
    VERIFY_RESULT(*outcome);
    QCOMPARE((*outcome)->deployments.size(), 1);
    QCOMPARE((*outcome)->deployments.first().address.toString(), predicted.toString());
    QVERIFY2(!(*outcome)->isVerified(), qPrintable(described((*outcome)->deployments.first())));
    QVERIFY(!stepOf((*outcome)->deployments.first(), u"the one that was created"_s)->ok);
    QCOMPARE(count(JournalKind::Incident), 1);
}

void TestDeployments::tamperedDeploymentHoldsWhatDependsOnIt()
{
    const auto deployed = signedBy2(deployment(adapterCode()));
    VERIFY_RESULT(deployed);
    const auto report = execute(u"carol"_s, *deployed);
    VERIFY_RESULT(report);
    QVERIFY(report->isVerified());
    const Address adapter = report->deployments.first().address;
    const auto registered = signedBy2(registration(adapter, *deployed));
    VERIFY_RESULT(registered);
    // The same contract with another limit: the same build, and not what was signed.
    const QString good = rpc(u"eth_getCode"_s, {adapter.toString(), u"latest"_s}).toString();
    QString bad = good;
    bad.replace(QString::number(limit, 16).rightJustified(64, u'0'), QString::number(limit + 1, 16).rightJustified(64, u'0'));
    QVERIFY(bad != good);
    rpc(u"anvil_setCode"_s, {adapter.toString(), bad});
    rpc(u"evm_mine"_s);
    const auto refused = execute(u"carol"_s, *registered);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Conflict);
    QVERIFY2(refused.error().message.contains(adapter.toString()), qPrintable(refused.error().message));
    rpc(u"anvil_setCode"_s, {adapter.toString(), good});
    rpc(u"evm_mine"_s);
    VERIFY_RESULT(execute(u"carol"_s, *registered));
}

void TestDeployments::whatDependsOnSomethingElseWaits()
{
    auto first = base(2, u"Nothing, but first"_s);
    first.transaction.to = holder(u"bob"_s).address;
    first.transaction.data.clear();
    const auto awaited = signedBy2(first);
    VERIFY_RESULT(awaited);
    auto second = draft(3);
    second.dependsOn = {*awaited};
    const auto waiting = signedBy2(second);
    VERIFY_RESULT(waiting);
    m_hsm.inject(u"r"); // were the token asked, it would not be there
    const auto refused = execute(u"carol"_s, *waiting);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QVERIFY2(refused.error().message.contains(u"It waits for “Nothing, but first”"_s), qPrintable(refused.error().message));
    m_hsm.inject(u"");
    VERIFY_RESULT(execute(u"carol"_s, *awaited));
    VERIFY_RESULT(execute(u"carol"_s, *waiting));

    auto third = base(4, u"After one that nobody knows"_s);
    third.transaction.to = holder(u"bob"_s).address;
    third.transaction.data.clear();
    third.dependsOn = {keccak256("nobody knows it")};
    const auto lost = signedBy2(third);
    VERIFY_RESULT(lost);
    const auto unknown = execute(u"carol"_s, *lost);
    QVERIFY(!unknown);
    QVERIFY2(unknown.error().message.contains(u"not in the exchange"_s), qPrintable(unknown.error().message));
}

QTEST_GUILESS_MAIN(TestDeployments)
#include "tst_deployments.moc"
