#include "backend/proposals/execution/executionquote.h"
#include "backend/proposals/execution/submissionjournal.h"
#include "backend/types/nativeamount.h"
#include "backend/safe/safecalls.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/approvalestate.h"

#include <QSignalSpy>
#include <QTest>

using namespace countersign;
using namespace countersign::testing;

/// What happens between sending and being final: fees, replacement, cancellation, other people, and blocks that go away.
class TestExecutionFlow final : public ApprovalEstate {
    Q_OBJECT

private slots:
    void quoteSaysWhatItWillCost();
    void feesAboveTheCapAreRefusedBeforeThePin();
    void totalAboveTheCapIsRefused();
    void anyFundedAccountMayExecute();
    void replacementIsMinedInstead();
    void replacementAboveTheCapIsRefused();
    void cancelledSubmissionLeavesTheSafeAlone();
    void droppedTransactionIsSentAgain();
    void nonceUsedByAnotherTransactionIsTold();
    void executionBySomebodyElseIsReported();
    void otherTransactionWithTheNonceIsTold();
    void innerCallThatFailsInTheBlockIsTold();
    void blockThatIsTakenBackIsWaitedForAgain();
    void waitingEndsWithWhatIsKnownAndGoesOnLater();
    void rivalIsNotSentWhileOneIsOnItsWay();
    void brokenPromiseIsNotExecuted();

private:
    Hash32 signedProposal(quint64 nonce = 2)
    {
        return signedProposal(draft(nonce));
    }
    Hash32 signedProposal(const ProposalDraft &what)
    {
        const auto proposal = propose(u"alice"_s, what);
        if (!proposal)
            qFatal("%s", qPrintable(proposal.error().message));
        const Hash32 id = proposal->safeTxHash();
        for (const QString &name : {u"alice"_s, u"bob"_s}) {
            if (const auto signature = sign(name, id); !signature)
                qFatal("%s", qPrintable(signature.error().message));
        }
        return id;
    }
    /// A flow of carol's that has sent its transaction, which no block takes yet.
    std::unique_ptr<ExecutionFlow> sentByCarol(const Hash32 &id)
    {
        rpc(u"evm_setAutomine"_s, {false});
        auto flow = std::make_unique<ExecutionFlow>(
            m_environment, *m_reader, *m_journal, *holder(u"carol"_s).signer, m_clock, u"carol"_s);
        QSignalSpy sent(flow.get(), &ExecutionFlow::sent);
        m_outcome.reset();
        connect(flow.get(), &ExecutionFlow::finished, this, [this](const Result<ExecutionReport> &result) { m_outcome = result; });
        flow->start(item(id), secret("1234"));
        if (!QTest::qWaitFor([&] { return !sent.isEmpty() || m_outcome; }, 20'000) || m_outcome)
            qWarning("it was not sent: %s", m_outcome && !*m_outcome ? qPrintable(m_outcome->error().message) : "no answer");
        return flow;
    }
    bool waitForEnd() { return QTest::qWaitFor([this] { return m_outcome.has_value(); }, 20'000); }
    Result<Hash32> amended(ExecutionFlow &flow, const std::function<void()> &ask)
    {
        std::optional<Result<Hash32>> outcome;
        const auto connection = connect(&flow, &ExecutionFlow::amended, this, [&](const Result<Hash32> &result) { outcome = result; });
        ask();
        const bool ended = QTest::qWaitFor([&] { return outcome.has_value(); }, 20'000);
        disconnect(connection);
        return ended ? *outcome : fail(ErrorKind::Timeout, u"no answer"_s);
    }
    QList<Submission> pending() { return pendingSubmissions(rows()); }
    /// Sends as an account that needs no key.
    QString sendAs(const Address &from, const Address &to, const Bytes &data, const QJsonObject &more = {})
    {
        rpc(u"anvil_setBalance"_s, {from.toString(), u"0xde0b6b3a7640000"_s});
        rpc(u"anvil_impersonateAccount"_s, {from.toString()});
        QJsonObject transaction{{u"from"_s, from.toString()}, {u"to"_s, to.toString()}, {u"data"_s, toHex(data)}, {u"gas"_s, u"0x7a120"_s}};
        for (auto it = more.begin(); it != more.end(); ++it)
            transaction.insert(it.key(), it.value());
        const QString hash = rpc(u"eth_sendTransaction"_s, {transaction}).toString();
        rpc(u"anvil_stopImpersonatingAccount"_s, {from.toString()});
        return hash;
    }
    Bytes calldataOf(const Hash32 &id)
    {
        std::vector<SafeSignature> signatures;
        for (const CollectedSignature &one : item(id).signatures)
            signatures.push_back(one.signature);
        return encodeExecTransaction(item(id).proposal.transaction, encodeSafeSignatures(std::move(signatures), id).value());
    }

    std::optional<Result<ExecutionReport>> m_outcome;
};

#define VERIFY_RESULT(expression)                                                                                      \
    do {                                                                                                               \
        const auto &verified = (expression);                                                                           \
        QVERIFY2(verified,                                                                                             \
            qPrintable(verified ? QString() : verified.error().message + u" | "_s + verified.error().detail));         \
    } while (false)

void TestExecutionFlow::quoteSaysWhatItWillCost()
{
    const Hash32 id = signedProposal();
    const Address carol = holder(u"carol"_s).address;
    const auto quote = QCoro::waitFor(quoteExecution(m_environment, item(id), carol));
    VERIFY_RESULT(quote);
    QVERIFY(!quote->isLegacy);
    QVERIFY(!quote->baseFeePerGas.isZero());
    QVERIFY(quote->gasLimit > quote->gasEstimate);
    QVERIFY(quote->expected < quote->worstCase);
    QCOMPARE(quote->worstCase.toDecimal(), quote->maxFeePerGas.checkedMul(Uint256(quote->gasLimit))->toDecimal());
    QVERIFY(quote->canPay());
    const auto poor = QCoro::waitFor(quoteExecution(m_environment, item(id), holder(u"mallory"_s).address));
    VERIFY_RESULT(poor);
    QVERIFY(!poor->canPay());
    const auto report = execute(u"carol"_s, id);
    VERIFY_RESULT(report);
    QVERIFY(report->gasUsed <= quote->gasLimit);
}

void TestExecutionFlow::feesAboveTheCapAreRefusedBeforeThePin()
{
    const Hash32 id = signedProposal();
    rpc(u"anvil_setNextBlockBaseFeePerGas"_s, {u"0x174876e800"_s}); // 100 gwei
    rpc(u"anvil_mine"_s);
    m_environment.chains[0].fees.maxFeePerGas = parseNativeAmount(u"50 gwei").value();
    m_hsm.inject(u"r"); // were the token asked, it would not be there
    const auto refused = execute(u"carol"_s, id);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Exhausted);
    for (const QString &part : {u"base fee is "_s, u"the cap is 50 gwei"_s, u"Wait until fees fall"_s})
        QVERIFY2(refused.error().message.contains(part), qPrintable(refused.error().message));
    m_hsm.inject(u"");
    QVERIFY(pending().isEmpty());

    // The same person may raise it for this once.
    ExecutionFlow flow(m_environment, *m_reader, *m_journal, *holder(u"carol"_s).signer, m_clock, u"carol"_s);
    flow.setFeeCaps({.maxFeePerGas = parseNativeAmount(u"300 gwei").value()});
    flow.start(item(id), secret("1234"));
    const auto raised = finish<ExecutionReport>(flow);
    QVERIFY(raised);
    VERIFY_RESULT(*raised);
}

void TestExecutionFlow::totalAboveTheCapIsRefused()
{
    const Hash32 id = signedProposal();
    m_environment.chains[0].fees.maxTotalFee = parseNativeAmount(u"1000 wei").value();
    const auto refused = execute(u"carol"_s, id);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Exhausted);
    QVERIFY2(refused.error().message.contains(u"for the whole"_s), qPrintable(refused.error().message));
}

void TestExecutionFlow::anyFundedAccountMayExecute()
{
    const Hash32 id = signedProposal();
    const Address mallory = holder(u"mallory"_s).address;
    rpc(u"anvil_setBalance"_s, {mallory.toString(), u"0xde0b6b3a7640000"_s});
    const auto report = execute(u"mallory"_s, id);
    VERIFY_RESULT(report);
    QCOMPARE(report->submitter.toString(), mallory.toString());
    QVERIFY(report->isFinal);
    QVERIFY(!report->isByOther);
}

void TestExecutionFlow::replacementIsMinedInstead()
{
    const Hash32 id = signedProposal();
    const auto flow = sentByCarol(id);
    QCOMPARE(pending().size(), 1);
    const auto first = pending().first().sent.first();
    const auto second = amended(*flow, [&] { flow->replaceWithHigherFee(secret("1234")); });
    VERIFY_RESULT(second);
    QCOMPARE(pending().size(), 1);
    const QList<SentTransaction> sent = pending().first().sent;
    QCOMPARE(sent.size(), 2);
    QCOMPARE(sent.last().hash.toString(), second->toString());
    QCOMPARE(sent.last().transaction.data, first.transaction.data);
    QVERIFY(sent.last().transaction.nonce == first.transaction.nonce);
    QVERIFY(sent.last().transaction.maxFeePerGas > first.transaction.maxFeePerGas);
    QVERIFY(sent.last().transaction.maxPriorityFeePerGas > first.transaction.maxPriorityFeePerGas);
    rpc(u"evm_mine"_s);
    QVERIFY(waitForEnd());
    VERIFY_RESULT(*m_outcome);
    QCOMPARE((*m_outcome)->transactionHash.toString(), second->toString());
    QVERIFY((*m_outcome)->isAsPromised);
    QVERIFY(pending().isEmpty());
}

void TestExecutionFlow::replacementAboveTheCapIsRefused()
{
    const Hash32 id = signedProposal();
    const auto quote = QCoro::waitFor(quoteExecution(m_environment, item(id), holder(u"carol"_s).address));
    VERIFY_RESULT(quote);
    m_environment.chains[0].fees.maxFeePerGas = quote->maxFeePerGas.checkedAdd(Uint256(1));
    const auto flow = sentByCarol(id);
    const auto refused = amended(*flow, [&] { flow->replaceWithHigherFee(secret("1234")); });
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Exhausted);
    QCOMPARE(pending().first().sent.size(), 1);
    rpc(u"evm_mine"_s);
    QVERIFY(waitForEnd());
    VERIFY_RESULT(*m_outcome);
}

void TestExecutionFlow::cancelledSubmissionLeavesTheSafeAlone()
{
    const Hash32 id = signedProposal();
    const auto flow = sentByCarol(id);
    VERIFY_RESULT(amended(*flow, [&] { flow->cancelSubmission(secret("1234")); }));
    QVERIFY(pending().first().isCancelled());
    rpc(u"evm_mine"_s);
    QVERIFY(waitForEnd());
    QVERIFY(!*m_outcome);
    QCOMPARE(m_outcome->error().kind, ErrorKind::Cancelled);
    QVERIFY2(m_outcome->error().message.contains(u"called back"_s), qPrintable(m_outcome->error().message));
    QVERIFY(!registryKey().isZero());
    QVERIFY(pending().isEmpty());
    rpc(u"evm_setAutomine"_s, {true});
    VERIFY_RESULT(execute(u"carol"_s, id)); // later
}

void TestExecutionFlow::droppedTransactionIsSentAgain()
{
    const Hash32 id = signedProposal();
    const auto flow = sentByCarol(id);
    QSignalSpy dropped(flow.get(), &ExecutionFlow::dropped);
    const Hash32 first = pending().first().sent.first().hash;
    rpc(u"anvil_dropTransaction"_s, {first.toString()});
    QTRY_COMPARE_WITH_TIMEOUT(dropped.size(), 1, 20'000);
    const auto again = amended(*flow, [&] { flow->sendAgain(); });
    VERIFY_RESULT(again);
    QCOMPARE(again->toString(), first.toString()); // the same bytes, so never a second execution
    rpc(u"evm_mine"_s);
    QVERIFY(waitForEnd());
    VERIFY_RESULT(*m_outcome);
    QCOMPARE((*m_outcome)->transactionHash.toString(), first.toString());
}

void TestExecutionFlow::nonceUsedByAnotherTransactionIsTold()
{
    const Hash32 id = signedProposal();
    const auto flow = sentByCarol(id);
    const SentTransaction first = pending().first().sent.first();
    rpc(u"anvil_dropTransaction"_s, {first.hash.toString()});
    const Address carol = holder(u"carol"_s).address;
    QVERIFY(!sendAs(carol, carol, {}, {{u"nonce"_s, u"0x%1"_s.arg(first.transaction.nonce.value(), 0, 16)}}).isEmpty());
    rpc(u"evm_mine"_s);
    QVERIFY(waitForEnd());
    QVERIFY(!*m_outcome);
    QCOMPARE(m_outcome->error().kind, ErrorKind::Conflict);
    QVERIFY2(m_outcome->error().message.contains(u"another transaction of that account"_s), qPrintable(m_outcome->error().message));
    QVERIFY(pending().isEmpty());
}

void TestExecutionFlow::executionBySomebodyElseIsReported()
{
    const Hash32 id = signedProposal();
    const auto flow = sentByCarol(id);
    rpc(u"anvil_dropTransaction"_s, {pending().first().sent.first().hash.toString()});
    const Address other = holder(u"mallory"_s).address;
    const QString hash = sendAs(other, item(id).proposal.safe, calldataOf(id));
    rpc(u"evm_mine"_s);
    QVERIFY(waitForEnd());
    VERIFY_RESULT(*m_outcome);
    QVERIFY((*m_outcome)->isByOther);
    QCOMPARE((*m_outcome)->submitter.toString(), other.toString());
    QCOMPARE((*m_outcome)->transactionHash.toString(), hash);
    QVERIFY((*m_outcome)->isAsPromised);
    QVERIFY(registryKey().isZero());
}

void TestExecutionFlow::otherTransactionWithTheNonceIsTold()
{
    const Hash32 id = signedProposal();
    auto rival = draft();
    rival.transaction.to = holder(u"bob"_s).address; // an empty call to somebody
    rival.transaction.data.clear();
    rival.title = u"Nothing"_s;
    rival.promises.clear();
    const Hash32 rivalId = signedProposal(rival);
    const auto flow = sentByCarol(id);
    rpc(u"anvil_dropTransaction"_s, {pending().first().sent.first().hash.toString()});
    QVERIFY(!sendAs(holder(u"mallory"_s).address, item(id).proposal.safe, calldataOf(rivalId)).isEmpty());
    rpc(u"evm_mine"_s);
    QVERIFY(waitForEnd());
    QVERIFY(!*m_outcome);
    QCOMPARE(m_outcome->error().kind, ErrorKind::Conflict);
    QVERIFY2(m_outcome->error().message.contains(u"Another transaction of the Safe"_s), qPrintable(m_outcome->error().message));
}

void TestExecutionFlow::innerCallThatFailsInTheBlockIsTold()
{
    const Hash32 id = signedProposal();
    const auto flow = sentByCarol(id);
    // The key goes away another way just before: what was simulated no longer holds.
    const Bytes revoked = Selector::ofSignature(u"revokeKey(bytes32)").bytes() + m_environment.parties.first().partyId.bytes();
    const QJsonObject first{{u"maxPriorityFeePerGas"_s, u"0x174876e800"_s}, {u"maxFeePerGas"_s, u"0x1d1a94a2000"_s}};
    QVERIFY(!sendAs(item(id).proposal.safe, *m_environment.chains.first().registry, revoked, first).isEmpty());
    rpc(u"evm_mine"_s);
    QVERIFY(waitForEnd());
    QVERIFY(!*m_outcome);
    QCOMPARE(m_outcome->error().kind, ErrorKind::Rejected);
    QVERIFY2(m_outcome->error().message.contains(u"the Safe's nonce is unchanged"_s), qPrintable(m_outcome->error().message));
    QVERIFY(pending().isEmpty());
    QCOMPARE(count(JournalKind::Incident), 1);
}

void TestExecutionFlow::blockThatIsTakenBackIsWaitedForAgain()
{
    m_environment.chains[0].confirmations = 3;
    const Hash32 id = signedProposal();
    const auto flow = sentByCarol(id);
    QSignalSpy included(flow.get(), &ExecutionFlow::included);
    QSignalSpy undone(flow.get(), &ExecutionFlow::undone);
    const SentTransaction sent = pending().first().sent.first();
    const QString before = rpc(u"evm_snapshot"_s).toString();
    rpc(u"evm_mine"_s);
    QTRY_COMPARE_WITH_TIMEOUT(included.size(), 1, 20'000);
    QVERIFY(!included.first().first().value<ExecutionReport>().isFinal);
    QVERIFY(rpc(u"evm_revert"_s, {before}).toBool());
    QTRY_COMPARE_WITH_TIMEOUT(undone.size(), 1, 20'000);
    QVERIFY(!m_outcome);
    // Reverting may or may not leave it in the pool.
    (void)amended(*flow, [&] { flow->sendAgain(); });
    rpc(u"evm_mine"_s);
    QTRY_COMPARE_WITH_TIMEOUT(included.size(), 2, 20'000);
    QVERIFY(!m_outcome);
    for (int i = 0; i < 3; ++i)
        rpc(u"evm_mine"_s);
    QVERIFY(waitForEnd());
    VERIFY_RESULT(*m_outcome);
    QVERIFY((*m_outcome)->isFinal);
    QCOMPARE((*m_outcome)->transactionHash.toString(), sent.hash.toString());
}

void TestExecutionFlow::waitingEndsWithWhatIsKnownAndGoesOnLater()
{
    const Hash32 id = signedProposal();
    {
        const auto flow = sentByCarol(id);
        flow->stopWaiting();
        QVERIFY(waitForEnd());
        QVERIFY(!*m_outcome);
        QCOMPARE(m_outcome->error().kind, ErrorKind::Timeout);
    }
    QCOMPARE(pending().size(), 1);
    const Hash32 first = pending().first().sent.first().hash;
    QVERIFY(pending().first().from == holder(u"carol"_s).address);

    // As after a restart, by another holder: nothing is signed or sent, what is on its way is waited for.
    m_hsm.inject(u"r");
    ExecutionFlow later(m_environment, *m_reader, *m_journal, *holder(u"alice"_s).signer, m_clock, u"alice"_s);
    QSignalSpy sent(&later, &ExecutionFlow::sent);
    m_outcome.reset();
    connect(&later, &ExecutionFlow::finished, this, [this](const Result<ExecutionReport> &result) { m_outcome = result; });
    later.start(item(id), secret("1234"));
    QTRY_COMPARE(sent.size(), 1);
    const auto refused = amended(later, [&] { later.replaceWithHigherFee(secret("1234")); });
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Conflict);
    rpc(u"evm_mine"_s);
    QVERIFY(waitForEnd());
    VERIFY_RESULT(*m_outcome);
    QCOMPARE((*m_outcome)->transactionHash.toString(), first.toString());
    QVERIFY((*m_outcome)->isAsPromised);
    QVERIFY((*m_outcome)->isReadBack);
    QVERIFY(pending().isEmpty());
}

void TestExecutionFlow::rivalIsNotSentWhileOneIsOnItsWay()
{
    const Hash32 id = signedProposal();
    auto rival = draft();
    rival.transaction.to = holder(u"bob"_s).address;
    rival.transaction.data.clear();
    rival.title = u"Nothing"_s;
    rival.promises.clear();
    const Hash32 rivalId = signedProposal(rival);
    const auto flow = sentByCarol(id);
    const auto refused = execute(u"alice"_s, rivalId);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Conflict);
    QVERIFY2(refused.error().message.contains(u"on its way already"_s), qPrintable(refused.error().message));
    rpc(u"evm_mine"_s);
    QVERIFY(waitForEnd());
    VERIFY_RESULT(*m_outcome);
}

void TestExecutionFlow::brokenPromiseIsNotExecuted()
{
    const Hash32 id = signedProposal();
    // The party has another key by now: what was promised to be taken away is no longer there.
    const Address safe = item(id).proposal.safe;
    const Bytes rotated = Selector::ofSignature(u"revokeKey(bytes32)").bytes() + m_environment.parties.first().partyId.bytes();
    QVERIFY(!sendAs(safe, *m_environment.chains.first().registry, rotated).isEmpty());
    rpc(u"anvil_mine"_s);
    QVERIFY(registryKey().isZero());
    const auto refused = execute(u"carol"_s, id);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QVERIFY(pending().isEmpty());
}

QTEST_GUILESS_MAIN(TestExecutionFlow)
#include "tst_executionflow.moc"
