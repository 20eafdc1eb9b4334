#include "backend/proposals/exchangedirectory.h"
#include "backend/proposals/exchangescan.h"
#include "backend/proposals/proposalfolder.h"
#include "backend/proposals/proposaljson.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/drafts.h"
#include "tests/backend/proposals/testkey.h"

#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

namespace {

const TestKey alice(1);
const TestKey bob(2);

} // namespace

class TestProposalFolder final : public QObject {
    Q_OBJECT

private slots:
    void init();
    void publishedProposalAndSignaturesComeBackTogether();
    void sameTransactionIsNotProposedTwice();
    void sameSignatureIsPublishedOnce();
    void signatureMayArriveBeforeItsProposal();
    void anotherConsoleSeesWhatIsPublished();
    void badFileGoesToQuarantineWithItsReason_data();
    void badFileGoesToQuarantineWithItsReason();
    void linkIsNotFollowed();
    void pipeIsNotOpened();
    void fileOnItsWayIsLookedAtAgain();
    void missingFolderIsMade();
    void unreadableFolderKeepsTheLastSnapshot();
    void namesThatLeaveTheFolderAreRefused();
    void noTemporaryFileStays();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    void writeOld(const QString &name, const Bytes &content) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write a test file");
        file.flush();
        file.setFileTime(QDateTime::currentDateTimeUtc().addSecs(-60), QFileDevice::FileModificationTime);
    }
    QStringList quarantined() const { return QDir(path(u"quarantine"_s)).entryList(QDir::Files, QDir::Name); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestProposalFolder::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestProposalFolder::publishedProposalAndSignaturesComeBackTogether()
{
    ProposalFolder folder(m_folder->path());
    folder.start();
    const Proposal proposal = alice.propose(testDraft());
    auto published = folder.publish(proposal);
    QTRY_VERIFY(published.isFinished());
    QVERIFY(published.result());
    for (const TestKey *key : {&alice, &bob}) {
        auto signing = folder.publish(key->countersign(proposal.safeTxHash()));
        QTRY_VERIFY(signing.isFinished());
        QVERIFY(signing.result());
    }
    QTRY_COMPARE(folder.snapshot().items.size(), 1);
    QTRY_COMPARE(folder.snapshot().items.first().signatures.size(), 2);
    QVERIFY(folder.find(proposal.safeTxHash()));
    QVERIFY(folder.snapshot().rejected.isEmpty());
}

void TestProposalFolder::sameTransactionIsNotProposedTwice()
{
    ProposalFolder folder(m_folder->path());
    auto first = folder.publish(alice.propose(testDraft()));
    auto draft = testDraft();
    draft.title = u"Another title for the same transaction"_s;
    auto second = folder.publish(bob.propose(draft));
    QTRY_VERIFY(second.isFinished());
    QVERIFY(first.result());
    QVERIFY(!second.result());
    QCOMPARE(second.result().error().kind, ErrorKind::Conflict);
    QTRY_COMPARE(folder.snapshot().items.size(), 1);
    QCOMPARE(folder.snapshot().items.first().proposal.title, testDraft().title);
}

void TestProposalFolder::sameSignatureIsPublishedOnce()
{
    ProposalFolder folder(m_folder->path());
    const auto signature = bob.countersign(testDraft().safeTxHash());
    auto first = folder.publish(signature);
    auto second = folder.publish(signature);
    QTRY_VERIFY(second.isFinished());
    QVERIFY(first.result());
    QVERIFY(second.result());
}

void TestProposalFolder::signatureMayArriveBeforeItsProposal()
{
    ProposalFolder folder(m_folder->path());
    const Proposal proposal = alice.propose(testDraft());
    auto signing = folder.publish(bob.countersign(proposal.safeTxHash()));
    QTRY_VERIFY(signing.isFinished());
    QVERIFY(folder.snapshot().items.isEmpty());
    folder.publish(proposal);
    QTRY_COMPARE(folder.snapshot().items.size(), 1);
    QCOMPARE(folder.snapshot().items.first().signatures.size(), 1);
    QVERIFY(folder.snapshot().rejected.isEmpty());
}

void TestProposalFolder::anotherConsoleSeesWhatIsPublished()
{
    ProposalFolder mine(m_folder->path());
    ProposalFolder theirs(m_folder->path());
    theirs.start(std::chrono::milliseconds(100));
    QSignalSpy changed(&theirs, &ProposalFolder::changed);
    mine.publish(alice.propose(testDraft()));
    QTRY_COMPARE(theirs.snapshot().items.size(), 1);
    QVERIFY(changed.count() >= 1);
}

void TestProposalFolder::badFileGoesToQuarantineWithItsReason_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("reason");
    const Proposal proposal = alice.propose(testDraft());
    const QString goodName = ExchangeScan::proposalFileName(proposal.safeTxHash());
    const Bytes good = proposalToJson(proposal);
    Bytes tampered = good;
    tampered.replace("Revoke", "Retain");
    QTest::newRow("tampered") << goodName << tampered << u"changed after it was signed"_s;
    QTest::newRow("truncated") << goodName << good.first(200) << u"not whole JSON"_s;
    QTest::newRow("oversize") << goodName << QByteArray(maxProposalBytes + 1, 'x') << u"more than"_s;
    QTest::newRow("under another name") << ExchangeScan::proposalFileName(keccak256("x")) << good
                                        << u"its name is not"_s;
    QTest::newRow("not ours") << u"README.txt"_s << QByteArray("hello") << u"no file of the exchange"_s;
    QTest::newRow("odd name") << u"a b.proposal.json"_s << good << u"no file of the exchange"_s;
    const auto signature = bob.countersign(proposal.safeTxHash());
    QTest::newRow("signature under another owner's name") << ExchangeScan::signatureFileName(proposal.safeTxHash(),
        alice.address()) << signatureToJson(signature) << u"its name is not"_s;
    QTest::newRow("oversize signature") << ExchangeScan::signatureFileName(proposal.safeTxHash(), bob.address())
                                        << QByteArray(maxSignatureFileBytes + 1, 'x') << u"more than"_s;
}

void TestProposalFolder::badFileGoesToQuarantineWithItsReason()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, content);
    QFETCH(QString, reason);
    writeOld(name, content);
    ProposalFolder folder(m_folder->path());
    QSignalSpy rejected(&folder, &ProposalFolder::fileRejected);
    folder.start();
    QTRY_COMPARE(rejected.count(), 1);
    QCOMPARE(folder.snapshot().rejected.size(), 1);
    QCOMPARE(folder.snapshot().rejected.first().name, name);
    QVERIFY2(folder.snapshot().rejected.first().reason.contains(reason),
        qPrintable(folder.snapshot().rejected.first().reason));
    QVERIFY(folder.snapshot().rejected.first().quarantined);
    QVERIFY(!QFile::exists(path(name)));
    const QStringList kept = quarantined();
    QCOMPARE(kept.size(), 2);
    QFile copy(path(u"quarantine/"_s + kept[0]));
    QVERIFY(copy.open(QIODevice::ReadOnly));
    QCOMPARE(copy.readAll(), content);
    QFile note(path(u"quarantine/"_s + kept[1]));
    QVERIFY(note.open(QIODevice::ReadOnly));
    QVERIFY(QString::fromUtf8(note.readAll()).contains(reason));
    QVERIFY(folder.snapshot().items.isEmpty());
}

void TestProposalFolder::linkIsNotFollowed()
{
    QTemporaryDir elsewhere;
    const Proposal proposal = alice.propose(testDraft());
    QFile target(elsewhere.filePath(u"secret"_s));
    QVERIFY(target.open(QIODevice::WriteOnly));
    target.write(proposalToJson(proposal));
    target.close();
    QVERIFY(QFile::link(target.fileName(), path(ExchangeScan::proposalFileName(proposal.safeTxHash()))));
    ProposalFolder folder(m_folder->path());
    folder.start();
    QTRY_COMPARE(folder.snapshot().rejected.size(), 1);
    QVERIFY(folder.snapshot().rejected.first().reason.contains(u"link"_s));
    QVERIFY(folder.snapshot().items.isEmpty());
    QVERIFY(QFile::exists(target.fileName()));
}

void TestProposalFolder::pipeIsNotOpened()
{
    QCOMPARE(::mkfifo(QFile::encodeName(path(u"a.proposal.json"_s)).constData(), 0600), 0);
    ProposalFolder folder(m_folder->path());
    folder.start();
    QTRY_COMPARE(folder.snapshot().rejected.size(), 1);
    QVERIFY(folder.snapshot().rejected.first().reason.contains(u"regular"_s));
}

void TestProposalFolder::fileOnItsWayIsLookedAtAgain()
{
    const Proposal proposal = alice.propose(testDraft());
    const QString name = ExchangeScan::proposalFileName(proposal.safeTxHash());
    const Bytes whole = proposalToJson(proposal);
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(whole.first(100));
    file.flush();
    ProposalFolder folder(m_folder->path());
    QSignalSpy changed(&folder, &ProposalFolder::changed);
    folder.start(std::chrono::milliseconds(50));
    QTRY_VERIFY(changed.count() >= 1);
    QVERIFY(folder.snapshot().rejected.isEmpty());
    file.write(whole.sliced(100));
    file.close();
    QTRY_COMPARE(folder.snapshot().items.size(), 1);
    QVERIFY(folder.snapshot().rejected.isEmpty());
}

void TestProposalFolder::missingFolderIsMade()
{
    ProposalFolder folder(path(u"new"_s));
    QSignalSpy changed(&folder, &ProposalFolder::changed);
    folder.start();
    QTRY_VERIFY(changed.count() >= 1);
    QVERIFY(QDir(path(u"new"_s)).exists());
}

void TestProposalFolder::unreadableFolderKeepsTheLastSnapshot()
{
    const QString inner = path(u"inner"_s);
    ProposalFolder folder(inner);
    folder.publish(alice.propose(testDraft()));
    QTRY_COMPARE(folder.snapshot().items.size(), 1);
    QVERIFY(QDir().rename(inner, path(u"moved"_s)));
    QFile blocker(inner); // a file where the folder was
    QVERIFY(blocker.open(QIODevice::WriteOnly));
    QSignalSpy failed(&folder, &ProposalFolder::failed);
    folder.refresh();
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(folder.error());
    QVERIFY2(folder.error()->message.contains(inner), qPrintable(folder.error()->message));
    QCOMPARE(folder.snapshot().items.size(), 1);
    blocker.remove();
    QVERIFY(QDir().rename(path(u"moved"_s), inner));
    folder.refresh();
    QTRY_VERIFY(!folder.error());
}

void TestProposalFolder::namesThatLeaveTheFolderAreRefused()
{
    for (const QString &name :
        {u"../x"_s, u"a/b"_s, u".."_s, u".hidden"_s, QString(), u"a\0b"_s, QString(201, u'x'), u"é"_s})
        QVERIFY2(!isPlainFileName(name), qPrintable(name));
    const auto directory = ExchangeDirectory::open(m_folder->path());
    QVERIFY(directory);
    QVERIFY(!directory->writeNew(u"../outside"_s, "x"));
    QVERIFY(!QFile::exists(m_folder->path() + u"/../outside"_s));
}

void TestProposalFolder::noTemporaryFileStays()
{
    ProposalFolder folder(m_folder->path());
    folder.publish(alice.propose(testDraft()));
    auto again = folder.publish(alice.propose(testDraft()));
    QTRY_VERIFY(again.isFinished());
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

QTEST_GUILESS_MAIN(TestProposalFolder)
#include "tst_proposalfolder.moc"
