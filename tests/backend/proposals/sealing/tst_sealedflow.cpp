#include "backend/proposals/exchangelog.h"
#include "backend/proposals/proposalstanding.h"
#include "backend/proposals/sealing/sealedinbox.h"
#include "backend/safe/safecalls.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/approvalestate.h"
#include "tests/support/secrets/memorysecretstore.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace countersign;
using namespace countersign::testing;

/// From the announced key to the execution by the one who can open what was sealed, on a chain, with keys in tokens.
class TestSealedFlow final : public ApprovalEstate {
    Q_OBJECT

private slots:
    void onlyTheExecutorExecutes();
    void anotherKeyMeanwhileStopsTheSigning();
    void strangersGetNothingSealed();
    void whoLostTheKeyIsToldSo();

private:
    Hash32 announce(const QString &name, MemberKeyring &keyring)
    {
        const Hash32 key = QCoro::waitFor(keyring.create()).value();
        Statement statement;
        statement.kind = StatementKind::EncryptionKey;
        statement.chainId = m_environment.chains.constFirst().chainId;
        statement.safe = *m_environment.chains.constFirst().safe;
        statement.encryptionKey = key;
        const auto said = say(name, statement);
        if (!said)
            qFatal("%s", qPrintable(said.error().message));
        const Hash32 digest = said->statement.digest();
        if (!QTest::qWaitFor([&] { return m_exchange->snapshot().set->contains(digest); }))
            qFatal("the key did not come back from the folder");
        return key;
    }
    Result<CollectedSignature> giveSealed(const QString &name, const Hash32 &id, const MemberKey &executor)
    {
        SigningFlow flow(*m_reader, *m_exchange, *m_journal, *holder(name).signer, m_clock, name);
        connect(&flow, &SigningFlow::recorded, this, &TestSealedFlow::keep);
        flow.sealFor(executor);
        flow.start(item(id), id, typed(id), secret("1234"));
        return finish<CollectedSignature>(flow).value_or(fail(ErrorKind::Timeout, u"the flow did not end"_s));
    }
    MemberKey keyOf(const QString &name, const Hash32 &key) { return {holder(name).address, key, {}}; }
    Result<ExecutionReport> executeItem(const QString &name, const ExchangeItem &what)
    {
        ExecutionFlow flow(m_environment, *m_reader, *m_journal, *holder(name).signer, m_clock, name);
        flow.start(what, secret("1234"));
        return finish<ExecutionReport>(flow).value_or(fail(ErrorKind::Timeout, u"the flow did not end"_s));
    }
    bool folderHolds(const Bytes &bytes)
    {
        for (const QString &name : QDir(m_exchange->path()).entryList(QDir::Files)) {
            QFile file(m_exchange->path() + u'/' + name);
            if (file.open(QIODevice::ReadOnly) && file.readAll().contains(toHex(bytes).sliced(2).toLatin1()))
                return true;
        }
        return false;
    }
};

#define VERIFY_RESULT(expression)                                                                                      \
    do {                                                                                                               \
        const auto &verified = (expression);                                                                           \
        QVERIFY2(verified,                                                                                             \
            qPrintable(verified ? QString() : verified.error().message + u" | "_s + verified.error().detail));         \
    } while (false)

void TestSealedFlow::onlyTheExecutorExecutes()
{
    MemorySecretStore store;
    MemberKeyring keyring(&store);
    const Hash32 key = announce(u"bob"_s, keyring);
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const Hash32 id = proposal->safeTxHash();
    VERIFY_RESULT(sign(u"bob"_s, id));
    const auto given = giveSealed(u"alice"_s, id, keyOf(u"bob"_s, key));
    VERIFY_RESULT(given);
    QCOMPARE(given->owner, holder(u"alice"_s).address);
    QTRY_COMPARE(sealedSignatures(item(id)).size(), 1);

    // For everybody else it is a claim, and nowhere in the folder or the journal.
    QCOMPARE(item(id).signatures.size(), 1);
    QVERIFY(!folderHolds(given->blob()));
    for (const JournalRow &row : rows())
        QVERIFY(!row.evidence.contains(toHex(given->blob()).toUtf8()));
    const auto byOther = executeItem(u"carol"_s, item(id));
    QVERIFY(!byOther);
    QCOMPARE(byOther.error().message, u"1 of 2 signatures are there"_s);

    // Bob's console opens it, and only while bob is the holder.
    SealedInbox inbox(*m_exchange, keyring);
    inbox.setHolder(holder(u"carol"_s).address);
    QCoreApplication::processEvents();
    QVERIFY(inbox.opened().isEmpty());
    inbox.setHolder(holder(u"bob"_s).address);
    QTRY_COMPARE(inbox.opened(id).size(), 1);
    QVERIFY(inbox.opened(id).constFirst() == *given);
    VERIFY_RESULT(executeItem(u"bob"_s, inbox.here(item(id))));
    QCOMPARE(item(id).signatures.size(), 1);
    QVERIFY(!folderHolds(given->blob()));
    inbox.setHolder(std::nullopt);
    QVERIFY(inbox.opened().isEmpty());
}

void TestSealedFlow::anotherKeyMeanwhileStopsTheSigning()
{
    MemorySecretStore store;
    MemberKeyring keyring(&store);
    const Hash32 old = announce(u"bob"_s, keyring);
    const Hash32 fresh = announce(u"bob"_s, keyring);
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const Hash32 id = proposal->safeTxHash();
    const auto refused = giveSealed(u"alice"_s, id, keyOf(u"bob"_s, old));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Conflict);
    QCOMPARE(count(JournalKind::Signature), 0);
    VERIFY_RESULT(giveSealed(u"alice"_s, id, keyOf(u"bob"_s, fresh)));
}

void TestSealedFlow::strangersGetNothingSealed()
{
    MemorySecretStore store;
    MemberKeyring keyring(&store);
    const QString stranger = u"mallory"_s;
    if (std::ranges::find(m_holders, stranger, &Holder::name) == m_holders.end())
        QFAIL("the estate has no holder who is no owner");
    const Hash32 key = announce(stranger, keyring);
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const auto refused = giveSealed(u"alice"_s, proposal->safeTxHash(), keyOf(stranger, key));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QCOMPARE(count(JournalKind::Signature), 0);
}

void TestSealedFlow::whoLostTheKeyIsToldSo()
{
    MemorySecretStore store;
    MemberKeyring keyring(&store);
    const Hash32 key = announce(u"bob"_s, keyring);
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const Hash32 id = proposal->safeTxHash();
    VERIFY_RESULT(giveSealed(u"alice"_s, id, keyOf(u"bob"_s, key)));
    QTRY_COMPARE(sealedSignatures(item(id)).size(), 1);
    store.lock();
    SealedInbox inbox(*m_exchange, keyring);
    inbox.setHolder(holder(u"bob"_s).address);
    QTRY_COMPARE(inbox.problems(id).size(), 1);
    QCOMPARE(inbox.problems(id).constFirst().kind, ErrorKind::Unavailable);
    store.problem.reset();
    const QHash<QString, QByteArray> kept = std::exchange(store.secrets, {});
    inbox.look();
    QTRY_COMPARE(inbox.problems(id).constFirst().kind, ErrorKind::NotFound);
    store.secrets = kept;
    inbox.look();
    QTRY_COMPARE(inbox.opened(id).size(), 1);
    QVERIFY(inbox.problems(id).isEmpty());
}

QTEST_GUILESS_MAIN(TestSealedFlow)
#include "tst_sealedflow.moc"
