#include "backend/proposals/exchangedirectory.h"
#include "backend/proposals/exchangeentry.h"
#include "backend/proposals/proposalfolder.h"
#include "backend/proposals/proposaljson.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/drafts.h"
#include "tests/backend/proposals/member.h"

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
    void temporaryFilesOfTheKilledAreSwept();
    void authorWhoMovedOnMustSignAnew();
    void signatureGetsTheNextPlace();
    void statementsAndDocumentsTravel();
    void envelopeMayBeEditedByItsProposer();

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
    QVERIFY(folder.snapshot().alarms.isEmpty());
    QVERIFY(folder.status().hasRead);
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
    const QString goodName = entryFileName(proposal);
    const Bytes good = proposalToJson(proposal);
    Bytes tampered = good;
    tampered.replace("Revoke", "Retain");
    QTest::newRow("tampered") << goodName << tampered << u"changed after it was signed"_s;
    QTest::newRow("truncated") << goodName << good.first(200) << u"not whole JSON"_s;
    QTest::newRow("oversize") << goodName << QByteArray(maxProposalBytes + 1, 'x') << u"more than"_s;
    QTest::newRow("not ours") << u"README.txt"_s << QByteArray("hello") << u"no file of the exchange"_s;
    QTest::newRow("odd name") << u"a b.entry.json"_s << good << u"no file of the exchange"_s;
    QTest::newRow("document with another content")
        << attachmentFileName(keccak256("x")) << QByteArray("y") << u"not the one that its name says"_s;
    QTest::newRow("oversize document") << attachmentFileName(keccak256("x")) << QByteArray(maxAttachmentBytes + 1, 'x')
                                       << u"more than"_s;
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
    QVERIFY(QFile::link(target.fileName(), path(entryFileName(proposal))));
    ProposalFolder folder(m_folder->path());
    folder.start();
    QTRY_COMPARE(folder.snapshot().rejected.size(), 1);
    QVERIFY(folder.snapshot().rejected.first().reason.contains(u"link"_s));
    QVERIFY(folder.snapshot().items.isEmpty());
    QVERIFY(QFile::exists(target.fileName()));
}

void TestProposalFolder::pipeIsNotOpened()
{
    QCOMPARE(::mkfifo(QFile::encodeName(path(u"a.entry.json"_s)).constData(), 0600), 0);
    ProposalFolder folder(m_folder->path());
    folder.start();
    QTRY_COMPARE(folder.snapshot().rejected.size(), 1);
    QVERIFY(folder.snapshot().rejected.first().reason.contains(u"regular"_s));
}

void TestProposalFolder::fileOnItsWayIsLookedAtAgain()
{
    const Proposal proposal = alice.propose(testDraft());
    const QString name = entryFileName(proposal);
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

namespace {

// Waits for what the folder answers.
template <class T> Result<T> answer(QFuture<Result<T>> future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 10'000))
        return fail(ErrorKind::Timeout, u"the folder does not answer"_s);
    return future.result();
}

} // namespace

void TestProposalFolder::temporaryFilesOfTheKilledAreSwept()
{
    writeOld(u".tmp-old"_s, "half");
    QFile old(path(u".tmp-old"_s));
    QVERIFY(old.open(QIODevice::ReadWrite));
    old.setFileTime(QDateTime::currentDateTimeUtc().addDays(-2), QFileDevice::FileModificationTime);
    old.close();
    writeOld(u".tmp-young"_s, "still being written");
    ProposalFolder folder(m_folder->path());
    folder.start();
    QTRY_VERIFY(folder.status().hasRead);
    QVERIFY(!QFile::exists(path(u".tmp-old"_s)));
    QVERIFY(QFile::exists(path(u".tmp-young"_s)));
}

void TestProposalFolder::authorWhoMovedOnMustSignAnew()
{
    Member carol(3);
    Member twin(3); // the same key at another console
    ProposalFolder folder(m_folder->path());
    QVERIFY(answer(folder.publish(carol.propose(testDraft(2)))));
    const auto refused = answer(folder.publish(twin.propose(testDraft(3))));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Conflict);
    twin.setNext(*answer(folder.nextLink({ChainId(testChain), testSafe, twin.address()})));
    QVERIFY(answer(folder.publish(twin.propose(testDraft(3)))));
    folder.start();
    QTRY_COMPARE(folder.snapshot().items.size(), 2);
    QVERIFY(folder.snapshot().alarms.isEmpty());
}

void TestProposalFolder::signatureGetsTheNextPlace()
{
    ProposalFolder folder(m_folder->path());
    const Proposal proposal = alice.propose(testDraft());
    QVERIFY(answer(folder.publish(proposal)));
    QVERIFY(answer(folder.publish(alice.countersign(proposal.safeTxHash()))));
    folder.start();
    QTRY_VERIFY(!folder.snapshot().items.isEmpty() && !folder.snapshot().items.first().signatures.isEmpty());
    const auto &signature = folder.snapshot().items.first().signatures.first();
    QVERIFY(signature.link.has_value());
    QCOMPARE(signature.link->sequence, 2u);
    QVERIFY(signature.link->previous == proposal.envelopeDigest());
    // A claim has no author who could place it.
    const auto claim = *CollectedSignature::make(ChainId(testChain), testSafe, proposal.safeTxHash(),
        SafeSignature::approved(bob.address()), Timestamp::fromSeconds(1'700'000'100));
    QVERIFY(answer(folder.publish(claim)));
    QTRY_COMPARE(folder.snapshot().items.first().claims.size(), 1);
    QVERIFY(!folder.snapshot().items.first().claims.first().link);
}

void TestProposalFolder::statementsAndDocumentsTravel()
{
    Member carol(3);
    Member dave(4);
    auto draft = testDraft();
    draft.attachments = {{u"abi.json"_s, u"application/json"_s, 2, keccak256("[]")}};
    const Proposal proposal = carol.propose(draft);
    ProposalFolder mine(m_folder->path());
    ProposalFolder theirs(m_folder->path());
    QVERIFY(answer(mine.publish(proposal)));
    QVERIFY(answer(mine.publish(dave.say(StatementKind::Rejection, proposal.safeTxHash()))));
    theirs.start(std::chrono::milliseconds(50));
    QTRY_COMPARE(theirs.snapshot().items.size(), 1);
    QTRY_COMPARE(theirs.snapshot().items.first().statements.size(), 1);
    QCOMPARE(theirs.snapshot().conflicts.size(), 1); // the document is not here yet
    QCOMPARE(answer(theirs.attachment(keccak256("[]"))).error().kind, ErrorKind::NotFound);
    QVERIFY(answer(mine.publishAttachment("[]")));
    QVERIFY(answer(mine.publishAttachment("[]")));
    QTRY_VERIFY(theirs.snapshot().conflicts.isEmpty());
    QCOMPARE(*answer(theirs.attachment(keccak256("[]"))), QByteArray("[]"));
    QCOMPARE(answer(mine.publishAttachment(Bytes(maxAttachmentBytes + 1, 'x'))).error().kind, ErrorKind::Exhausted);
}

void TestProposalFolder::envelopeMayBeEditedByItsProposer()
{
    Member carol(3);
    ProposalFolder folder(m_folder->path());
    const Proposal first = carol.propose(testDraft());
    QVERIFY(answer(folder.publish(first)));
    auto draft = testDraft();
    draft.title = u"Revoke it after all"_s;
    draft.previousEnvelope = first.envelopeDigest();
    QVERIFY(answer(folder.publish(carol.propose(draft))));
    folder.start();
    QTRY_COMPARE(folder.snapshot().items.size(), 1);
    QTRY_COMPARE(folder.snapshot().items.first().proposal.title, draft.title);
    QVERIFY(folder.snapshot().conflicts.isEmpty());
}

QTEST_GUILESS_MAIN(TestProposalFolder)
#include "tst_proposalfolder.moc"
