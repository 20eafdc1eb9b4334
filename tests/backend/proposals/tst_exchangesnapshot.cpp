#include "backend/proposals/exchangesnapshot.h"
#include "backend/safe/safehash.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <QTest>

#include <algorithm>

using namespace countersign;

namespace {

ExchangeSnapshot snapshotWith(const QList<ExchangeEntry> &entries)
{
    auto set = std::make_shared<ExchangeSet>();
    for (const ExchangeEntry &entry : entries)
        set->add(entry);
    return snapshotOf(set);
}

QList<ExchangeConflict> conflictsOf(const ExchangeSnapshot &snapshot, ExchangeConflictKind kind)
{
    QList<ExchangeConflict> found;
    std::ranges::copy_if(snapshot.conflicts, std::back_inserter(found),
        [kind](const ExchangeConflict &conflict) { return conflict.kind == kind; });
    return found;
}

} // namespace

class TestExchangeSnapshot final : public QObject {
    Q_OBJECT

private slots:
    void whatBelongsTogetherIsJoined()
    {
        Member alice(1);
        Member bob(2);
        const Proposal proposal = alice.propose(testDraft());
        const auto snapshot = snapshotWith({bob.say(StatementKind::Note, proposal.safeTxHash()), bob.sign(proposal),
            alice.sign(proposal), proposal, bob.sign(testDraft(77))});
        QCOMPARE(snapshot.items.size(), 1);
        QCOMPARE(snapshot.items.first().signatures.size(), 2);
        QCOMPARE(snapshot.items.first().statements.size(), 1);
        QCOMPARE(snapshot.orphans.size(), 1); // about a proposal that is not here yet
        QVERIFY(snapshot.conflicts.isEmpty());
    }
    void editIsInForceAndWhoSignedBeforeIsNamed()
    {
        Member alice(1);
        Member bob(2);
        const Proposal first = alice.propose(testDraft());
        auto draft = testDraft();
        draft.rationale = u"Another reason."_s;
        draft.previousEnvelope = first.envelopeDigest();
        draft.createdAt = Timestamp::fromSeconds(1'700'000'050);
        const Proposal second = alice.propose(draft);
        const auto snapshot = snapshotWith({second, first, bob.sign(first, first.envelopeDigest())});
        QCOMPARE(snapshot.items.size(), 1);
        QVERIFY(snapshot.items.first().proposal == second);
        QCOMPARE(snapshot.items.first().otherEnvelopes.size(), 1);
        const auto old = conflictsOf(snapshot, ExchangeConflictKind::SignedOldEnvelope);
        QCOMPARE(old.size(), 1);
        QCOMPARE(old.first().members, QList{bob.address()});
        QVERIFY(old.first().subject == first.envelopeDigest());
        QCOMPARE(snapshot.items.first().signatures.size(), 1); // it is over the same transaction and counts
        QVERIFY(conflictsOf(snapshot, ExchangeConflictKind::CompetingEnvelopes).isEmpty());
    }
    void describingAnothersTransactionAnewDoesNotTakeItOver()
    {
        Member alice(1);
        Member mallory(4);
        const Proposal honest = alice.propose(testDraft());
        auto draft = testDraft();
        draft.title = u"Nothing to see here"_s;
        draft.previousEnvelope = honest.envelopeDigest();
        draft.createdAt = Timestamp::fromSeconds(1'700'000'050);
        const auto snapshot = snapshotWith({honest, mallory.propose(draft)});
        QVERIFY(snapshot.items.first().proposal == honest);
        QCOMPARE(conflictsOf(snapshot, ExchangeConflictKind::CompetingEnvelopes).size(), 1);
    }
    void replacementCountsFromTheProposerOnly()
    {
        Member alice(1);
        Member bob(2);
        const Proposal old = alice.propose(testDraft());
        auto draft = testDraft();
        draft.transaction.value = Uint256(1);
        draft.replaces = old.safeTxHash();
        Member mallory(4);
        auto snapshot = snapshotWith({old, mallory.propose(draft)});
        QVERIFY(snapshot.find(old.safeTxHash())->replacedBy.isZero());
        QCOMPARE(conflictsOf(snapshot, ExchangeConflictKind::RivalNonce).size(), 1);
        const Proposal next = alice.propose(draft);
        snapshot = snapshotWith({old, next, bob.sign(old), bob.sign(next)});
        QVERIFY(snapshot.find(old.safeTxHash())->replacedBy == next.safeTxHash());
        QCOMPARE(conflictsOf(snapshot, ExchangeConflictKind::SignedReplaced).size(), 1);
        QCOMPARE(conflictsOf(snapshot, ExchangeConflictKind::SignedRivals).size(), 1);
        QCOMPARE(conflictsOf(snapshot, ExchangeConflictKind::SignedRivals).first().members, QList{bob.address()});
    }
    void contradictionsAreSaid()
    {
        Member alice(1);
        Member bob(2);
        auto draft = testDraft();
        draft.attachments = {{u"abi.json"_s, u"application/json"_s, 3, keccak256("abi")}};
        const Proposal proposal = alice.propose(draft);
        auto elsewhere = bob.say(StatementKind::Note, proposal.safeTxHash());
        elsewhere.chainId = ChainId(5);
        elsewhere = bob.key().state(elsewhere);
        auto snapshot = snapshotWith(
            {proposal, bob.sign(proposal), bob.say(StatementKind::Rejection, proposal.safeTxHash()), elsewhere});
        QCOMPARE(conflictsOf(snapshot, ExchangeConflictKind::SignedAndRejected).size(), 1);
        QCOMPARE(conflictsOf(snapshot, ExchangeConflictKind::WrongExchange).size(), 1);
        QCOMPARE(conflictsOf(snapshot, ExchangeConflictKind::MissingAttachment).size(), 1);
        QCOMPARE(snapshot.items.first().statements.size(), 1);
        auto set = std::make_shared<ExchangeSet>(*snapshot.set);
        set->addAttachment(keccak256("abi"), 4);
        QCOMPARE(conflictsOf(snapshotOf(set), ExchangeConflictKind::MissingAttachment).size(), 1); // another size
        set = std::make_shared<ExchangeSet>(*snapshot.set);
        set->addAttachment(keccak256("abi"), 3);
        QVERIFY(conflictsOf(snapshotOf(set), ExchangeConflictKind::MissingAttachment).isEmpty());
    }
    void bestSignatureOfAnOwnerIsTheSameInAnyOrder()
    {
        Member alice(1);
        Member bob(2);
        const Proposal proposal = alice.propose(testDraft());
        const Hash32 id = proposal.safeTxHash();
        const auto make = [&id](const SafeSignature &signature) {
            return *CollectedSignature::make(
                ChainId(testChain), testSafe, id, signature, Timestamp::fromSeconds(1'700'000'100));
        };
        QList<ExchangeEntry> all{make(SafeSignature::approved(bob.address())),
            make(SafeSignature::contract(bob.address(), "y")), make(SafeSignature::contract(bob.address(), "x")),
            make(SafeSignature::ethSign(bob.key().sign(safeEthSignHash(id)))), bob.key().countersign(id),
            bob.sign(proposal), proposal};
        for (qsizetype turn = 0; turn < all.size(); ++turn) {
            std::ranges::rotate(all, all.begin() + 1);
            for (const bool backwards : {false, true}) {
                if (backwards)
                    std::ranges::reverse(all);
                const auto snapshot = snapshotWith(all);
                QCOMPARE(snapshot.items.first().signatures.size(), 1);
                QVERIFY(snapshot.items.first().claims.isEmpty());
                const auto &best = snapshot.items.first().signatures.first();
                QCOMPARE(best.signature.kind(), SafeSignatureKind::Ecdsa);
                QVERIFY(best.link.has_value());
            }
        }
    }
    void claimsAreKeptApart()
    {
        Member alice(1);
        const TestKey bob(2);
        const Proposal proposal = alice.propose(testDraft());
        const auto claim = *CollectedSignature::make(ChainId(testChain), testSafe, proposal.safeTxHash(),
            SafeSignature::approved(bob.address()), Timestamp::fromSeconds(1));
        const auto snapshot = snapshotWith({proposal, claim});
        QVERIFY(snapshot.items.first().signatures.isEmpty());
        QCOMPARE(snapshot.items.first().claims.size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestExchangeSnapshot)
#include "tst_exchangesnapshot.moc"
