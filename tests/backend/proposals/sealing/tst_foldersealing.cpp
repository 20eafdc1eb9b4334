#include "backend/proposals/sealing/foldersealing.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"
#include "tests/support/secrets/memorysecretstore.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace countersign;
using countersign::testing::MemorySecretStore;

namespace {

const FolderSealing::Safe safe{ChainId(testChain), testSafe};

template <class T> Result<T> answer(const QFuture<Result<T>> &future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }))
        return fail(ErrorKind::Timeout, u"no answer"_s);
    return future.result();
}

/// One member's machine on the shared folder.
struct Console {
    Console(const QString &path, const Member &member, const QList<Address> &owners)
        : folder(path)
        , sealing(folder, folder, MemberKeyring(&store))
    {
        sealing.setEncrypting(true);
        sealing.setHolder(member.address());
        if (!owners.isEmpty())
            sealing.setOwners(safe, owners);
        folder.start(std::chrono::milliseconds(50));
    }
    Statement announce(Member &member)
    {
        MemberKeyring keyring(&store);
        return member.announce(QCoro::waitFor(keyring.create()).value());
    }
    Result<QString> publish(const auto &entry) { return answer(folder.publish(entry, Publishing::Copy)); }

    MemorySecretStore store;
    ProposalFolder folder;
    FolderSealing sealing;
};

} // namespace

class TestFolderSealing final : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void nothingIsWrittenBeforeTheOwnersAreKnown()
    {
        Member alice(1);
        Console mine(m_folder->path(), alice, {});
        const auto refused = mine.publish(alice.propose(testDraft()));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Unavailable);
        QVERIFY(QDir(m_folder->path()).entryList(QDir::Files).isEmpty());
    }

    void whoHasNoKeyIsNamedAndNothingIsWrittenWithoutThem()
    {
        Member alice(1);
        Member bob(2);
        const QList<Address> owners{alice.address(), bob.address()};
        Console mine(m_folder->path(), alice, owners);
        QVERIFY(mine.publish(mine.announce(alice)));
        QTRY_COMPARE(mine.sealing.unreachable(safe), QList<Address>{bob.address()});
        const Proposal proposal = alice.propose(testDraft());
        QTRY_COMPARE(mine.publish(proposal).error().kind, ErrorKind::Rejected);
        QVERIFY(mine.publish(proposal).error().message.contains(bob.address().toString()));

        Console his(m_folder->path(), bob, owners);
        QVERIFY(his.publish(his.announce(bob)));
        QTRY_VERIFY(mine.sealing.unreachable(safe).isEmpty());
        QTRY_VERIFY(mine.publish(proposal));
        QTRY_COMPARE(his.folder.snapshot().items.size(), 1);
        QVERIFY(his.folder.snapshot().items.constFirst().proposal == proposal);
        QVERIFY(his.folder.snapshot().alarms.isEmpty());
    }

    void aMemberWhoWasRemovedReadsNoMoreOfWhatFollows()
    {
        Member alice(1);
        Member bob(2);
        Member carol(3);
        const QList<Address> owners{alice.address(), bob.address(), carol.address()};
        Console mine(m_folder->path(), alice, owners);
        Console hers(m_folder->path(), carol, owners);
        Console his(m_folder->path(), bob, owners);
        QVERIFY(mine.publish(mine.announce(alice)));
        QVERIFY(his.publish(his.announce(bob)));
        QVERIFY(hers.publish(hers.announce(carol)));
        const Proposal first = alice.propose(testDraft());
        QTRY_VERIFY(mine.publish(first));
        QTRY_VERIFY(hers.folder.find(first.safeTxHash()));
        mine.sealing.setOwners(safe, {alice.address(), bob.address()});
        const Proposal second = alice.propose(testDraft(3));
        QTRY_VERIFY(mine.publish(second));
        QTRY_VERIFY(his.folder.find(second.safeTxHash()));
        QTRY_VERIFY(hers.folder.status().warnings.contains(u"1 entry is encrypted to others"_s));
        QVERIFY(!hers.folder.find(second.safeTxHash()));
        QVERIFY(hers.folder.find(first.safeTxHash()));
    }

    void aRotatedKeyReadsWhatWasWrittenToTheOldOne()
    {
        Member alice(1);
        const QList<Address> owners{alice.address()};
        Console mine(m_folder->path(), alice, owners);
        QVERIFY(mine.publish(mine.announce(alice)));
        const Proposal first = alice.propose(testDraft());
        QTRY_VERIFY(mine.publish(first));
        QVERIFY(mine.publish(mine.announce(alice)));
        const Proposal second = alice.propose(testDraft(3));
        QTRY_VERIFY(mine.publish(second));
        QTRY_COMPARE(mine.folder.snapshot().items.size(), 2);
        // Another start of the same console, first with a locked keychain.
        Console again(m_folder->path(), alice, owners);
        again.store.secrets = mine.store.secrets;
        again.store.lock();
        QTRY_VERIFY(again.folder.status().warnings.contains(u"2 entries are encrypted to others"_s));
        QTRY_VERIFY(again.sealing.problem());
        QCOMPARE(again.sealing.problem()->kind, ErrorKind::Unavailable);
        again.store.problem.reset();
        again.sealing.look();
        QTRY_COMPARE(again.folder.snapshot().items.size(), 2);
        QVERIFY(!again.sealing.problem());
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestFolderSealing)
#include "tst_foldersealing.moc"
