#include "backend/proposals/service/exchangesetup.h"
#include "tests/backend/proposals/service/servicefixture.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace countersign;

/// The carriers of an environment, put together.
class TestExchangeSetup final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_base;
    std::unique_ptr<ServiceFixture> m_service;
    Environment m_environment;

private slots:
    void init()
    {
        m_base = std::make_unique<QTemporaryDir>();
        m_service = std::make_unique<ServiceFixture>();
        m_environment = {};
        m_environment.kind = EnvironmentKind::Practice;
        m_environment.proposals = m_base->filePath(u"shared"_s);
        QVERIFY(QDir(m_base->path()).mkdir(u"own"_s));
        m_environment.journal = m_base->filePath(u"own/journal.sqlite"_s);
        ChainSettings chain;
        chain.name = u"ethereum"_s;
        chain.chainId = ChainId(testChain);
        chain.safe = testSafe;
        chain.safeService = m_service->model.url();
        ChainSettings other;
        other.name = u"polygon"_s;
        other.chainId = ChainId(137);
        other.safe = testSafe;
        m_environment.chains = {chain, other};
    }

    void eachChainThatNamesAServiceHasOne()
    {
        const ExchangeSetup setup(m_environment);
        QCOMPARE(setup.services().size(), size_t(1));
        QVERIFY(setup.service(ChainId(testChain)));
        QVERIFY(!setup.service(ChainId(137)));
        m_environment.chains.first().safe.reset();
        QVERIFY(ExchangeSetup(m_environment).services().empty());
    }
    void tokenIsAskedForAndSent()
    {
        m_service->model.token = "secret"_ba;
        ExchangeSetup setup(m_environment, [](const ChainSettings &chain) { return chain.name == u"ethereum" ? "secret"_ba : "other"_ba; });
        setup.start();
        setup.service(ChainId(testChain))->setState(testState());
        QTRY_VERIFY(setup.service(ChainId(testChain))->status().hasRead);
        QVERIFY(!setup.service(ChainId(testChain))->status().error);
    }
    void whatIsPublishedIsEverywhereAndKept()
    {
        ExchangeSetup setup(m_environment);
        setup.start();
        setup.service(ChainId(testChain))->setState(testState());
        QTRY_VERIFY(setup.service(ChainId(testChain))->status().hasRead);
        Member proposer(1);
        const Proposal proposal = proposer.propose(testDraft());
        QVERIFY(answer(setup.exchange().publish(proposal)));
        QTRY_VERIFY(setup.exchange().find(proposal.safeTxHash()));
        QVERIFY(answer(setup.exchange().publish(bob.countersign(proposal.safeTxHash()))));
        QTRY_COMPARE(setup.folder().snapshot().set->entries().size(), size_t(2));
        QTRY_COMPARE(setup.mirror()->snapshot().set->entries().size(), size_t(2));
        QVERIFY(setup.mirror()->path().startsWith(m_base->filePath(u"own"_s)));
        QCOMPARE(m_service->model.confirmedBy(proposal.safeTxHash()), std::vector{bob.address()});
    }
    void whatOthersWriteIsKeptUnasked()
    {
        ExchangeSetup setup(m_environment);
        setup.start();
        Member other(2);
        ProposalFolder theirs(m_environment.proposals);
        const Proposal proposal = other.propose(testDraft());
        QVERIFY(answer(theirs.publish(proposal)));
        QVERIFY(answer(theirs.publish(other.say(StatementKind::Note, proposal.safeTxHash()))));
        QVERIFY(answer(theirs.publishAttachment("document")));
        setup.folder().refresh();
        QTRY_COMPARE(setup.mirror()->snapshot().set->entries().size(), size_t(2));
        QTRY_COMPARE(setup.mirror()->snapshot().set->attachments().size(), size_t(1));
        // Taken away from the folder, it is still here; and that it was taken away is said.
        const QStringList files = QDir(m_environment.proposals).entryList(QDir::Files);
        QCOMPARE(files.size(), 3);
        for (const QString &file : files)
            QVERIFY(QFile::remove(m_environment.proposals + u'/' + file));
        setup.folder().refresh();
        QTRY_VERIFY(setup.folder().snapshot().set->isEmpty());
        QVERIFY(setup.exchange().find(proposal.safeTxHash()));
        QVERIFY(!setup.exchange().snapshot().alarms.isEmpty());
        QVERIFY(answer(setup.exchange().attachment(keccak256("document"))));
    }
    void folderComesFirst()
    {
        // Two consoles of one author, and one place in their log: the shared folder takes the first of them only.
        ExchangeSetup setup(m_environment);
        setup.start();
        QTRY_VERIFY(setup.folder().status().hasRead && setup.mirror()->status().hasRead);
        Member here(1);
        Member there(1);
        ProposalFolder theirs(m_environment.proposals);
        QVERIFY(answer(theirs.publish(there.propose(testDraft(3)))));
        QCOMPARE(answer(setup.exchange().publish(here.propose(testDraft(4)))).error().kind, ErrorKind::Conflict);
        QTRY_COMPARE(setup.mirror()->snapshot().set->entries().size(), size_t(1));
        QVERIFY(setup.exchange().find(testDraft(3).safeTxHash()));
        QVERIFY(!setup.exchange().find(testDraft(4).safeTxHash()));
    }
    void nothingIsPublishedPastAFolderThatFails()
    {
        ExchangeSetup setup(m_environment);
        setup.start();
        setup.service(ChainId(testChain))->setState(testState());
        m_service->store(testDraft(), {&alice});
        setup.service(ChainId(testChain))->refresh();
        QTRY_VERIFY(setup.exchange().find(testDraft().safeTxHash()));
        QVERIFY(QDir(m_environment.proposals).removeRecursively());
        QFile blocker(m_environment.proposals);
        QVERIFY(blocker.open(QIODevice::WriteOnly));
        QVERIFY(!answer(setup.exchange().publish(bob.countersign(testDraft().safeTxHash()))));
        QCOMPARE(m_service->posts(), 0);
    }
    void withoutAJournalThereIsNoMirror()
    {
        m_environment.journal.clear();
        ExchangeSetup setup(m_environment);
        QVERIFY(!setup.mirror());
        setup.start();
        QTRY_VERIFY(setup.folder().status().hasRead);
    }
    void setupMayGoAwayAtAnyTime()
    {
        QFuture<Result<QString>> sending;
        {
            ExchangeSetup setup(m_environment);
            setup.start();
            setup.service(ChainId(testChain))->setState(testState());
            m_service->store(testDraft(), {&alice});
            setup.service(ChainId(testChain))->refresh();
            QTRY_VERIFY(setup.exchange().find(testDraft().safeTxHash()));
            test::FakeHttpReply never;
            never.silent = true;
            m_service->model.instead = never;
            sending = setup.exchange().publish(bob.countersign(testDraft().safeTxHash()));
            QTRY_VERIFY(!setup.folder().snapshot().set->isEmpty());
        }
        QCOMPARE(answer(sending).error().kind, ErrorKind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestExchangeSetup)
#include "tst_exchangesetup.moc"
