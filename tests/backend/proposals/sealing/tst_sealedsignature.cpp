#include "backend/proposals/sealedsignature.h"

#include "backend/proposals/exchangesnapshot.h"
#include "backend/proposals/sealing/hpke.h"
#include "backend/proposals/signaturejson.h"
#include "backend/proposals/statementjson.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <QTest>
#include <QtEndian>

#include <array>

using namespace countersign;

namespace {

struct Person {
    explicit Person(quint8 seed)
        : member(seed)
        , secret(32, static_cast<char>(seed + 100))
    {
    }
    Hash32 key() const { return publicKeyOf(secret).value(); }
    MemberKey keyOf() const { return {member.address(), key(), {}}; }

    Member member;
    Bytes secret;
};

QList<MemberKey> keysIn(const QList<ExchangeEntry> &entries, const QList<Address> &owners)
{
    ExchangeSet set;
    for (const ExchangeEntry &entry : entries)
        set.add(entry);
    return memberKeys(set, ChainId(testChain), testSafe, owners);
}

} // namespace

class TestSealedSignature final : public QObject {
    Q_OBJECT

private slots:
    void onlyTheRecipientOpensIt()
    {
        Person alice(1);
        const Person bob(2);
        const Person carol(3);
        const Proposal proposal = alice.member.propose(testDraft());
        const auto signature = alice.member.key().countersign(proposal.safeTxHash());
        const auto sealed = sealSignature(signature, bob.keyOf());
        QVERIFY(sealed);
        QVERIFY(!sealed->contains(signature.blob()));
        const auto given = statementFromJson(
            statementToJson(alice.member.giveSealed(proposal.safeTxHash(), bob.keyOf(), *sealed)));
        QVERIFY2(given, qPrintable(given ? QString() : given.error().message));
        const auto opened = openSealedSignature(*given, bob.secret);
        QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().message));
        QVERIFY(*opened == signature);
        QCOMPARE(openSealedSignature(*given, carol.secret).error().kind, ErrorKind::NotFound);
        QCOMPARE(openSealedSignature(*given, alice.secret).error().kind, ErrorKind::NotFound);
    }

    void itIsForOneTransactionOneAuthorAndOneRecipient()
    {
        Person alice(1);
        Person mallory(4);
        const Person bob(2);
        const Hash32 id = testDraft().safeTxHash();
        const Hash32 other = testDraft(9).safeTxHash();
        const Bytes sealed = sealSignature(alice.member.key().countersign(id), bob.keyOf()).value();
        // Replayed for another transaction, even by its author.
        QCOMPARE(openSealedSignature(alice.member.giveSealed(other, bob.keyOf(), sealed), bob.secret).error().kind,
            ErrorKind::Corrupt);
        // Passed off as another's.
        QCOMPARE(openSealedSignature(mallory.member.giveSealed(id, bob.keyOf(), sealed), bob.secret).error().kind,
            ErrorKind::Corrupt);
        // Said to be for somebody else who has the same key.
        const MemberKey renamed{mallory.member.address(), bob.key(), {}};
        QCOMPARE(openSealedSignature(alice.member.giveSealed(id, renamed, sealed), bob.secret).error().kind,
            ErrorKind::Corrupt);
        // In the exchange of another chain.
        Statement elsewhere = alice.member.giveSealed(id, bob.keyOf(), sealed);
        elsewhere.chainId = ChainId(137);
        QCOMPARE(openSealedSignature(elsewhere, bob.secret).error().kind, ErrorKind::Corrupt);
    }

    void changedContentDoesNotOpen()
    {
        Person alice(1);
        const Person bob(2);
        const Hash32 id = testDraft().safeTxHash();
        const Bytes sealed = sealSignature(alice.member.key().countersign(id), bob.keyOf()).value();
        for (qsizetype at = 0; at < sealed.size(); at += 7) {
            Bytes bad = sealed;
            bad[at] = static_cast<char>(bad[at] ^ 1);
            QVERIFY(!openSealedSignature(alice.member.giveSealed(id, bob.keyOf(), bad), bob.secret));
        }
        QVERIFY(!openSealedSignature(alice.member.giveSealed(id, bob.keyOf(), sealed.chopped(1)), bob.secret));
        // And in the file the author's signature over it is broken first.
        Bytes file = statementToJson(alice.member.giveSealed(id, bob.keyOf(), sealed));
        const qsizetype at = file.indexOf("\"sealed\": \"0x") + 100;
        file[at] = file.at(at) == 'a' ? 'b' : 'a';
        QVERIFY(!statementFromJson(file));
    }

    void whatIsNoSignatureOfTheAuthorIsNotBelieved()
    {
        // The author of a statement can encrypt anything: it has to be their signature over that transaction all the
        // same.
        Person alice(1);
        Person mallory(4);
        const Person bob(2);
        const Hash32 id = testDraft().safeTxHash();
        const auto give = [&](const CollectedSignature &content, Person &author) {
            Statement named = author.member.giveSealed(id, bob.keyOf(), Bytes(90, 's'));
            std::array<char, 8> chain{};
            qToBigEndian(quint64{testChain}, chain.data());
            Bytes info("countersign sealed signature 1");
            info.append(chain.data(), 8).append(testSafe.view()).append(id.view());
            info.append(named.author.view()).append(bob.member.address().view()).append(bob.key().view());
            const auto message = hpkeSeal(bob.key(), info, {}, signatureToJson(content)).value();
            return openSealedSignature(
                author.member.giveSealed(id, bob.keyOf(), message.enc.bytes() + message.ciphertext), bob.secret);
        };
        QVERIFY(give(mallory.member.key().countersign(id), mallory));
        QCOMPARE(give(alice.member.key().countersign(id), mallory).error().kind, ErrorKind::Invalid);
        QCOMPARE(give(mallory.member.key().countersign(testDraft(9).safeTxHash()), mallory).error().kind,
            ErrorKind::Invalid);
        QCOMPARE(give(mallory.member.sign(testDraft()), mallory).error().kind, ErrorKind::Invalid); // has a place
        CollectedSignature approval = mallory.member.key().countersign(id);
        approval.signature = SafeSignature::approved(mallory.member.address());
        QCOMPARE(give(approval, mallory).error().kind, ErrorKind::Invalid);
        QCOMPARE(sealSignature(approval, bob.keyOf()).error().kind, ErrorKind::Invalid);
    }

    void nobodySealsForAKeyThatIsNone()
    {
        const Person alice(1);
        const auto signature = alice.member.key().countersign(testDraft().safeTxHash());
        const Hash32 lowOrder = Hash32::fromBytes(QByteArray::fromHex(
            "0100000000000000000000000000000000000000000000000000000000000000")).value();
        QCOMPARE(sealSignature(signature, {testRegistry, lowOrder, {}}).error().kind, ErrorKind::Rejected);
        QCOMPARE(sealSignature(signature, alice.keyOf()).error().kind, ErrorKind::Invalid);
    }

    void theLatestKeyOfAnOwnerIsTheirs()
    {
        Person alice(1);
        Person bob(2);
        Person mallory(4);
        const QList<Address> owners{alice.member.address(), bob.member.address()};
        const Statement old = alice.member.announce(keccak256("old"));
        const Statement fresh = alice.member.announce(alice.key());
        const QList<ExchangeEntry> all{old, fresh, bob.member.announce(bob.key()), mallory.member.announce(mallory.key())};
        const auto keys = keysIn(all, owners);
        QCOMPARE(keys.size(), 2);
        QCOMPARE(keys[0], (MemberKey{alice.member.address(), alice.key(), fresh.digest()}));
        QCOMPARE(keys[1].key, bob.key());
        QVERIFY(!keyOfMember(keys, mallory.member.address()));
        // Who was removed from the Safe has no key any more; who was added has theirs.
        const auto later = keysIn(all, {bob.member.address(), mallory.member.address()});
        QVERIFY(!keyOfMember(later, alice.member.address()));
        QCOMPARE(keyOfMember(later, mallory.member.address())->key, mallory.key());
    }

    void twoKeysInOnePlaceAreNoKey()
    {
        Person alice(1);
        Person twin(1);
        const QList<Address> owners{alice.member.address()};
        const Statement one = alice.member.announce(keccak256("one"));
        const Statement two = twin.member.announce(keccak256("two"));
        QVERIFY(keysIn({one, two}, owners).isEmpty());
        QCOMPARE(keysIn({one, two, alice.member.announce(alice.key())}, owners).size(), 1); // until the next
    }

    void aRotatedKeyLeavesWhatWasSealedForTheOldOne()
    {
        Person alice(1);
        Person bob(2);
        const Hash32 id = testDraft().safeTxHash();
        const MemberKey old = bob.keyOf();
        const Bytes oldSecret = bob.secret;
        const Statement given
            = alice.member.giveSealed(id, old, sealSignature(alice.member.key().countersign(id), old).value());
        bob.secret = Bytes(32, 'n');
        QCOMPARE(openSealedSignature(given, bob.secret).error().kind, ErrorKind::NotFound);
        QVERIFY(openSealedSignature(given, oldSecret));
    }

    void theSnapshotCountsItNowhere()
    {
        Person alice(1);
        Person bob(2);
        const Proposal proposal = alice.member.propose(testDraft());
        const Hash32 id = proposal.safeTxHash();
        const auto signature = alice.member.key().countersign(id);
        auto set = std::make_shared<ExchangeSet>();
        set->add(proposal);
        set->add(bob.member.announce(bob.key()));
        const Statement first = alice.member.giveSealed(id, {testRegistry, bob.key(), {}}, Bytes(90, 's'));
        set->add(first);
        set->add(alice.member.giveSealed(id, bob.keyOf(), sealSignature(signature, bob.keyOf()).value()));
        const ExchangeSnapshot snapshot = snapshotOf(set);
        QVERIFY(snapshot.orphans.isEmpty());
        QCOMPARE(snapshot.items.size(), 1);
        const ExchangeItem item = snapshot.items.constFirst();
        QVERIFY(item.signatures.isEmpty());
        QCOMPARE(item.statements.size(), 2);
        const auto sealed = sealedSignatures(item);
        QCOMPARE(sealed.size(), 1);
        QCOMPARE(sealed[0].recipient, bob.member.address()); // the latest
        const auto opened = openSealedSignature(sealed[0], bob.secret);
        QVERIFY(opened);
        const ExchangeItem here = withOpened(item, {*opened});
        QCOMPARE(here.signatures.size(), 1);
        QVERIFY(sealedSignatures(here).isEmpty());
        QCOMPARE(withOpened(here, {*opened}).signatures.size(), 1);
        QVERIFY(withOpened(item, {bob.member.key().countersign(testDraft(9).safeTxHash())}).signatures.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestSealedSignature)
#include "tst_sealedsignature.moc"
