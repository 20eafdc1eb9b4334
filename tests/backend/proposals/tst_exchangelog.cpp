#include "backend/proposals/exchangelog.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <QRandomGenerator>
#include <QTest>

#include <set>

using namespace countersign;

namespace {

ExchangeSet setOf(const QList<ExchangeEntry> &entries)
{
    ExchangeSet set;
    for (const ExchangeEntry &entry : entries)
        set.add(entry);
    return set;
}

QList<ExchangeAlarm> alarmsOf(const QList<ExchangeEntry> &entries, const LaneHeads &memory = {})
{
    return ExchangeLog(setOf(entries)).alarms(memory);
}

QList<LaneHead> headsOf(const QList<ExchangeEntry> &entries)
{
    return headsToAcknowledge(ExchangeLog(setOf(entries)), ChainId(testChain), testSafe);
}

/// Alice proposes and signs, bob signs and says something, alice withdraws.
struct Story {
    Member alice{1};
    Member bob{2};
    Member carol{3};
    QList<ExchangeEntry> all;

    Story()
    {
        const Proposal proposal = alice.propose(testDraft());
        all = {proposal, alice.sign(proposal), bob.sign(proposal), bob.say(StatementKind::Note, proposal.safeTxHash()),
            alice.say(StatementKind::Withdrawal, proposal.safeTxHash())};
    }
    QList<ExchangeEntry> without(qsizetype index) const
    {
        QList<ExchangeEntry> rest = all;
        rest.removeAt(index);
        return rest;
    }
};

} // namespace

class TestExchangeLog final : public QObject {
    Q_OBJECT

private slots:
    void wholeLogsRaiseNothing()
    {
        const Story story;
        QVERIFY(alarmsOf(story.all).isEmpty());
        const ExchangeLog log(setOf(story.all));
        QVERIFY(alarmsOf(story.all, log.heads()).isEmpty());
        const ExchangeLane lane{ChainId(testChain), testSafe, story.alice.address()};
        QCOMPARE(log.heads().at(lane).sequence, 3u);
        QVERIFY(linkAfter(log.heads().at(lane)) == story.alice.next());
    }
    void removalFromTheMiddleIsAGap()
    {
        const Story story;
        const auto alarms = alarmsOf(story.without(1)); // alice's signature, which nothing but the log covers
        QCOMPARE(alarms.size(), 1);
        QCOMPARE(alarms.first().kind, ExchangeAlarmKind::Gap);
        QVERIFY(alarms.first().lane.author == story.alice.address());
        QCOMPARE(alarms.first().from, 2u);
        QCOMPARE(alarms.first().to, 2u);
        QVERIFY(alarms.first().expected == entryHashOf(story.all[1]));
    }
    void removalOfTheLastIsARollbackForWhoHasSeenIt()
    {
        const Story story;
        const auto memory = ExchangeLog(setOf(story.all)).heads();
        QVERIFY2(alarmsOf(story.without(4)).isEmpty(), "a newcomer cannot know");
        const auto alarms = alarmsOf(story.without(4), memory);
        QCOMPARE(alarms.size(), 1);
        QCOMPARE(alarms.first().kind, ExchangeAlarmKind::Rollback);
        QVERIFY(alarms.first().expected == entryHashOf(story.all[4]));
        // A whole log gone is no different.
        const auto gone = alarmsOf({story.all[2], story.all[3]}, memory);
        QCOMPARE(gone.size(), 1);
        QCOMPARE(gone.first().from, 1u);
        QCOMPARE(gone.first().to, 3u);
    }
    void rollbackDoesNotTurnTheMemoryBack()
    {
        const Story story;
        const auto memory = ExchangeLog(setOf(story.all)).heads();
        const ExchangeLog shorter(setOf(story.without(4)));
        QVERIFY(shorter.advanced(memory) == memory);
        QVERIFY(ExchangeLog(setOf(story.all)).advanced(shorter.heads()) == memory);
    }
    void withheldEntryIsMissingForWhoReadsAnAcknowledgement()
    {
        Story story;
        const Statement seen = story.carol.acknowledge(headsOf(story.all));
        QList<ExchangeEntry> shown = story.without(4);
        shown.append(seen);
        const auto alarms = alarmsOf(shown);
        QCOMPARE(alarms.size(), 1);
        QCOMPARE(alarms.first().kind, ExchangeAlarmKind::Missing);
        QVERIFY(alarms.first().reportedBy == story.carol.address());
        QVERIFY(alarms.first().expected == entryHashOf(story.all[4]));
        shown.append(story.all[4]);
        QVERIFY(alarmsOf(shown).isEmpty());
    }
    void twoEntriesInOnePlaceAreAFork()
    {
        Story story;
        Member twin(1);
        const Proposal other = twin.propose(testDraft(9));
        QList<ExchangeEntry> both = story.all;
        both.append(other);
        const auto alarms = alarmsOf(both);
        QCOMPARE(alarms.size(), 1);
        QCOMPARE(alarms.first().kind, ExchangeAlarmKind::Fork);
        QCOMPARE(alarms.first().from, 1u);
        QVERIFY((std::set{alarms.first().expected, alarms.first().found}
            == std::set{entryHashOf(both.first()), entryHashOf(other)}));
    }
    void entryThatWasExchangedShowsAsAForkEverywhere()
    {
        Story story;
        const auto memory = ExchangeLog(setOf(story.all)).heads();
        const Statement seen = story.carol.acknowledge(headsOf(story.all));
        // Somebody with the file share, but without keys, rewrites the date of alice's bare signature.
        auto bent = std::get<CollectedSignature>(story.all[1]);
        bent.signedAt = Timestamp::fromSeconds(1);
        auto shown = story.without(1);
        shown.append(bent);
        auto alarms = alarmsOf(shown);
        QCOMPARE(alarms.size(), 1);
        QCOMPARE(alarms.first().kind, ExchangeAlarmKind::Fork); // the withdrawal follows another entry
        QVERIFY(alarms.first().expected == entryHashOf(story.all[1]));
        // And where the bare entry is the last: for those who saw it, and who see that others did.
        Member dave(4);
        const ExchangeEntry last = dave.sign(testDraft());
        const auto seenLast = ExchangeLog(setOf({last})).heads();
        const Statement acknowledged = story.carol.acknowledge(headsOf({last}));
        auto bentLast = std::get<CollectedSignature>(last);
        bentLast.signedAt = Timestamp::fromSeconds(1);
        QVERIFY(alarmsOf({bentLast}).isEmpty());
        alarms = alarmsOf({bentLast}, seenLast);
        QCOMPARE(alarms.size(), 1);
        QCOMPARE(alarms.first().kind, ExchangeAlarmKind::Fork);
        bool told = false;
        for (const ExchangeAlarm &alarm : alarmsOf({bentLast, acknowledged}))
            told = told || (alarm.kind == ExchangeAlarmKind::Fork && alarm.reportedBy == story.carol.address());
        QVERIFY(told);
    }
    void inventedPlaceDoesNotCarryTheLogAway()
    {
        Story story;
        auto invented = story.bob.key().countersign(keccak256("another"));
        invented.link = ChainLink{1'000, keccak256("nothing")};
        QList<ExchangeEntry> shown = story.all;
        shown.append(invented);
        const ExchangeLog log(setOf(shown));
        const ExchangeLane lane{ChainId(testChain), testSafe, story.bob.address()};
        QVERIFY(linkAfter(log.heads().at(lane)) == story.bob.next());
        QCOMPARE(log.alarms({}).size(), 1); // but it is said: from 3 to 999 there is nothing
        QCOMPARE(log.alarms({}).first().kind, ExchangeAlarmKind::Gap);
    }
    void acknowledgementsAreCountedAgainstWhatThereIs()
    {
        Story story;
        const QList<Address> members{story.alice.address(), story.bob.address(), story.carol.address()};
        const auto count = [&](const QList<ExchangeEntry> &entries) {
            return countAcknowledgements(setOf(entries), ChainId(testChain), testSafe, members);
        };
        QVERIFY(count(story.all).acknowledged.isEmpty());
        const Hash32 head = count(story.all).head;
        story.all.append(story.carol.acknowledge(headsOf(story.all)));
        QCOMPARE(count(story.all).acknowledged, QList{story.carol.address()});
        story.all.append(story.alice.acknowledge(headsOf(story.all)));
        story.all.append(story.bob.acknowledge(headsOf(story.all)));
        QCOMPARE(count(story.all).acknowledged.size(), 3);
        QVERIFY2(count(story.all).head == head, "acknowledging does not move what is acknowledged");
        story.all.append(story.bob.say(StatementKind::Note, testDraft().safeTxHash()));
        QCOMPARE(count(story.all).acknowledged, QList{story.bob.address()});
        QVERIFY(count(story.all).head != head);
        // A stranger's entries move nothing.
        Member mallory(4);
        const auto before = count(story.all).head;
        story.all.append(mallory.say(StatementKind::Note, testDraft().safeTxHash()));
        QVERIFY(count(story.all).head == before);
    }
    void anAcknowledgementCoversAProposalAsItIsDescribed()
    {
        Story story;
        const auto proposal = std::get<Proposal>(story.all.first());
        const auto acknowledgers = [&] { return acknowledgersOf(setOf(story.all), proposal); };
        QVERIFY(acknowledgers().isEmpty());
        story.all.append(story.carol.acknowledge(headsOf({story.all[2], story.all[3]})));
        QVERIFY2(acknowledgers().isEmpty(), "carol has seen bob's log only");
        story.all.append(story.carol.acknowledge(headsOf(story.all)));
        story.all.append(story.carol.acknowledge(headsOf(story.all)));
        QCOMPARE(acknowledgers(), QList{story.carol.address()});
        // An edit is another text: nobody has seen it yet.
        ProposalDraft edited = testDraft();
        edited.title = QStringLiteral("Another title");
        edited.previousEnvelope = proposal.envelopeDigest();
        const Proposal edit = story.alice.propose(edited);
        story.all.append(edit);
        QVERIFY(acknowledgersOf(setOf(story.all), edit).isEmpty());
        QCOMPARE(acknowledgers(), QList{story.carol.address()});
    }
    void unionIsTheSameInAnyOrder()
    {
        // Commutative, associative, idempotent: random parts, joined in random order, some of them twice.
        Story story;
        auto all = story.all;
        const Hash32 id = testDraft().safeTxHash();
        all.append(story.carol.acknowledge(headsOf(all)));
        all.append(*CollectedSignature::make(ChainId(testChain), testSafe, id,
            SafeSignature::approved(story.carol.address()), Timestamp::fromSeconds(5)));
        all.append(*CollectedSignature::make(ChainId(testChain), testSafe, id,
            SafeSignature::contract(story.carol.address(), "x"), Timestamp::fromSeconds(5)));
        all.append(story.bob.key().countersign(id)); // a copy from elsewhere, without a place
        Member twin(1);
        all.append(twin.propose(testDraft(9)));
        const ExchangeSet whole = setOf(all);
        QRandomGenerator random(20'231'114);
        for (int round = 0; round < 300; ++round) {
            QList<ExchangeSet> parts(1 + random.bounded(5));
            for (const ExchangeEntry &entry : std::as_const(all)) {
                for (int copies = 1 + static_cast<int>(random.bounded(2)); copies > 0; --copies)
                    parts[random.bounded(static_cast<int>(parts.size()))].add(entry);
            }
            while (parts.size() > 1) {
                const qsizetype a = random.bounded(static_cast<int>(parts.size()));
                ExchangeSet taken = parts.takeAt(a);
                const qsizetype b = random.bounded(static_cast<int>(parts.size()));
                if (random.bounded(2) == 0)
                    parts[b].merge(taken);
                else {
                    taken.merge(parts[b]);
                    parts[b] = taken;
                }
                parts[b].merge(taken);
            }
            QVERIFY(parts.first() == whole);
        }
    }
    void oneTextSignedTwiceIsOneEntry()
    {
        // Another nonce of ECDSA gives another signature over the same text; which is kept must not depend on the
        // order.
        Member bob(2);
        const Statement first = bob.say(StatementKind::Note, keccak256("x"));
        Statement second = first;
        second.signature = bob.key().sign(keccak256("stands for another signature"));
        ExchangeSet a = setOf({first, second});
        ExchangeSet b = setOf({second, first});
        QVERIFY(a == b);
        QCOMPARE(a.entries().size(), size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestExchangeLog)
#include "tst_exchangelog.moc"
