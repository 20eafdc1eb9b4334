#include "backend/proposals/exchangeentry.h"
#include "backend/proposals/proposalfolder.h"
#include "backend/proposals/proposaljson.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <sys/stat.h>

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

namespace {

// Waits for what the folder answers.
template <class T> Result<T> answer(QFuture<Result<T>> future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 10'000))
        return fail(ErrorKind::Timeout, u"the folder does not answer"_s);
    return future.result();
}

QList<ExchangeAlarmKind> kindsOf(const ProposalFolder &folder)
{
    QList<ExchangeAlarmKind> kinds;
    for (const ExchangeAlarm &alarm : folder.snapshot().alarms)
        kinds.append(alarm.kind);
    return kinds;
}

} // namespace

/// What somebody with the folder, but without a key, can do to it, and what a console says of that.
class TestFolderTampering final : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void movedAndSwappedFilesGetTheirNamesBack();
    void flippedByteIsQuarantinedAndMissed();
    void deletedFileIsMissedAndTheNextStartRemembers();
    void acceptedAlarmIsNotRaisedAgain();
    void lostMemoryIsSaid();
    void folderThatAllMayWriteIsWarnedOf();

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

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestFolderTampering::movedAndSwappedFilesGetTheirNamesBack()
{
    Member carol(3);
    const Proposal one = carol.propose(testDraft(2));
    const Proposal two = carol.propose(testDraft(3));
    const Proposal three = carol.propose(testDraft(4));
    writeOld(entryFileName(one), proposalToJson(two)); // swapped
    writeOld(entryFileName(two), proposalToJson(one));
    writeOld(u"copy-of-three.json"_s, proposalToJson(three)); // renamed
    ProposalFolder folder(m_folder->path());
    folder.start();
    QTRY_COMPARE(folder.snapshot().items.size(), 3);
    QVERIFY(folder.snapshot().alarms.isEmpty());
    QCOMPARE(folder.snapshot().rejected.size(), 3);
    for (const RejectedFile &file : folder.snapshot().rejected)
        QCOMPARE(file.cause, RejectionCause::Misnamed);
    for (const Proposal &proposal : {one, two, three})
        QVERIFY(QFile::exists(path(entryFileName(proposal))));
    QVERIFY(!QFile::exists(path(u"copy-of-three.json"_s)));
}

void TestFolderTampering::flippedByteIsQuarantinedAndMissed()
{
    Member carol(3);
    const Proposal proposal = carol.propose(testDraft());
    ProposalFolder folder(m_folder->path());
    QVERIFY(answer(folder.publish(proposal)));
    QVERIFY(answer(folder.publish(carol.say(StatementKind::Note, proposal.safeTxHash()))));
    folder.start(std::chrono::milliseconds(100));
    QTRY_COMPARE(folder.snapshot().set->entries().size(), size_t(2));
    Bytes bent = proposalToJson(proposal);
    bent[200] = static_cast<char>(bent[200] ^ 1);
    QFile::remove(path(entryFileName(proposal)));
    writeOld(entryFileName(proposal), bent);
    QTRY_COMPARE(folder.snapshot().rejected.size(), 1);
    QCOMPARE(folder.snapshot().rejected.first().cause, RejectionCause::Malformed);
    QVERIFY(folder.snapshot().rejected.first().quarantined);
    QVERIFY(kindsOf(folder).contains(ExchangeAlarmKind::Gap)); // the note follows an entry that is gone
}

void TestFolderTampering::deletedFileIsMissedAndTheNextStartRemembers()
{
    const ExchangeMemory memory(path(u"state"_s), u"folder"_s);
    Member carol(3);
    const QString inner = path(u"inner"_s);
    const Proposal proposal = carol.propose(testDraft());
    const Statement note = carol.say(StatementKind::Note, proposal.safeTxHash());
    {
        ProposalFolder folder(inner, memory);
        QVERIFY(folder.status().remembers);
        QVERIFY(answer(folder.publish(proposal)));
        QVERIFY(answer(folder.publish(note)));
        folder.start();
        QTRY_COMPARE(folder.snapshot().set->entries().size(), size_t(2));
        QVERIFY(folder.snapshot().alarms.isEmpty());
    }
    QVERIFY(QFile::remove(inner + u'/' + entryFileName(note)));
    ProposalFolder again(inner, memory);
    QSignalSpy alarmed(&again, &ProposalFolder::alarmed);
    again.start(std::chrono::milliseconds(50));
    QTRY_COMPARE(kindsOf(again), QList{ExchangeAlarmKind::Rollback});
    QTest::qWait(200); // several readings
    QCOMPARE(alarmed.count(), 1);
    QVERIFY(again.snapshot().alarms.first().expected == note.digest());
    // The next entry goes behind what was seen, not into the freed place: no fork is made by the victim.
    const auto link = answer(again.nextLink(proposal.lane()));
    QVERIFY(link);
    QVERIFY(*link == carol.next());
    // It comes back when the file does.
    QVERIFY(answer(again.publish(note, Publishing::Copy)));
    QTRY_VERIFY(again.snapshot().alarms.isEmpty());
}

void TestFolderTampering::acceptedAlarmIsNotRaisedAgain()
{
    const ExchangeMemory memory(path(u"state"_s), u"folder"_s);
    Member carol(3);
    const QString inner = path(u"inner"_s);
    const Proposal proposal = carol.propose(testDraft());
    ProposalFolder folder(inner, memory);
    QVERIFY(answer(folder.publish(proposal)));
    folder.start();
    QTRY_COMPARE(folder.snapshot().items.size(), 1);
    QVERIFY(QFile::remove(inner + u'/' + entryFileName(proposal)));
    QTRY_COMPARE(kindsOf(folder), QList{ExchangeAlarmKind::Rollback});
    QVERIFY(answer(folder.accept(folder.snapshot().alarms.first())));
    QTRY_VERIFY(folder.snapshot().alarms.isEmpty());
    ProposalFolder again(inner, memory);
    again.start();
    QTRY_VERIFY(again.status().hasRead);
    QVERIFY(again.snapshot().alarms.isEmpty());
}

void TestFolderTampering::lostMemoryIsSaid()
{
    const ExchangeMemory memory(path(u"state"_s), u"folder"_s);
    QVERIFY(memory.remember({}));
    QVERIFY(QDir(path(u"state"_s)).exists());
    writeOld(u"state/folder.heads.json"_s, "{");
    ProposalFolder folder(path(u"inner"_s), memory);
    folder.start();
    QTRY_COMPARE(kindsOf(folder), QList{ExchangeAlarmKind::MemoryLost});
    QVERIFY(answer(folder.accept(folder.snapshot().alarms.first())));
    QTRY_VERIFY(folder.snapshot().alarms.isEmpty());
}

void TestFolderTampering::folderThatAllMayWriteIsWarnedOf()
{
    QCOMPARE(::chmod(QFile::encodeName(m_folder->path()).constData(), 0777), 0);
    ProposalFolder folder(m_folder->path());
    folder.start();
    QTRY_VERIFY(folder.status().hasRead);
    QCOMPARE(folder.status().warnings.size(), 1);
}

QTEST_GUILESS_MAIN(TestFolderTampering)
#include "tst_foldertampering.moc"
