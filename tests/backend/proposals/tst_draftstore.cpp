#include "backend/proposals/draftstore.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

class TestDraftStore final : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void draftIsKeptEditedClonedAndDiscarded()
    {
        const ManualClock clock(Timestamp::fromSeconds(1'800'000'000));
        const DraftStore store(m_folder->filePath(u"drafts"_s), clock);
        QVERIFY(store.load()->drafts.isEmpty());
        ProposalDraft draft = testDraft();
        draft.title.clear();
        const auto id = store.add(draft);
        QVERIFY(id);
        QVERIFY(store.load()->drafts.first().draft == draft);

        draft.title = u"Revoke it"_s;
        draft.replaces = keccak256("old");
        QVERIFY(store.edit(*id, draft));
        QCOMPARE(store.load()->drafts.size(), 1);
        QCOMPARE(store.load()->drafts.first().id, *id);
        QVERIFY(store.load()->drafts.first().draft == draft);

        const auto copy = store.clone(*id);
        QVERIFY(copy);
        const auto both = store.load()->drafts;
        QCOMPARE(both.size(), 2);
        QCOMPARE(both.last().id, *copy);
        QCOMPARE(both.last().draft.title, draft.title);
        QVERIFY(both.last().draft.replaces.isZero());
        QCOMPARE(both.last().draft.createdAt.micros(), clock.now().micros());

        QVERIFY(store.discard(*id));
        QCOMPARE(store.load()->drafts.size(), 1);
        QCOMPARE(store.discard(*id).error().kind, ErrorKind::NotFound);
        QCOMPARE(store.edit(*id, draft).error().kind, ErrorKind::NotFound);
        QCOMPARE(store.clone(*id).error().kind, ErrorKind::NotFound);
    }
    void idThatLeavesTheFolderIsRefused()
    {
        const ManualClock clock;
        const DraftStore store(m_folder->filePath(u"drafts"_s), clock);
        QVERIFY(store.add(testDraft()));
        QFile outside(m_folder->filePath(u"x.draft.json"_s));
        QVERIFY(outside.open(QIODevice::WriteOnly));
        QVERIFY(!store.discard(u"../x"_s));
        QVERIFY(!store.edit(u"../x"_s, testDraft()));
        QVERIFY(outside.exists());
    }
    void otherFilesAreLeftAlone()
    {
        const ManualClock clock;
        const DraftStore store(m_folder->path(), clock);
        QFile other(m_folder->filePath(u"notes.draft.json"_s));
        QVERIFY(other.open(QIODevice::WriteOnly));
        other.write("not a draft");
        other.close();
        const auto contents = store.load();
        QVERIFY(contents);
        QVERIFY(contents->drafts.isEmpty());
        QCOMPARE(contents->unreadable.size(), 1);
        QVERIFY(other.exists());
    }
    void draftThatCouldNotBeReadAgainIsNotKept()
    {
        const ManualClock clock;
        const DraftStore store(m_folder->path(), clock);
        ProposalDraft draft = testDraft();
        draft.rationale = QString(5000, u'x');
        QCOMPARE(store.add(draft).error().kind, ErrorKind::Exhausted);
        QVERIFY(store.load()->drafts.isEmpty());
    }
    void editAndReplacementNameWhatTheyStandInFor()
    {
        Member alice(1);
        const Proposal proposal = alice.propose(testDraft());
        const auto edit = DraftStore::editOf(proposal, Timestamp::fromSeconds(1'700'000'500));
        QVERIFY(edit.safeTxHash() == proposal.safeTxHash());
        QVERIFY(edit.previousEnvelope == proposal.envelopeDigest());
        auto replacement = DraftStore::replacementOf(proposal, Timestamp::fromSeconds(1'700'000'500));
        QVERIFY(replacement.replaces == proposal.safeTxHash());
        QVERIFY(replacement.previousEnvelope.isZero());
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestDraftStore)
#include "tst_draftstore.moc"
