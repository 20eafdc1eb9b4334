#include "backend/proposals/entrycipher.h"
#include "backend/proposals/exchangescan.h"
#include "backend/proposals/sealing/hpke.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace countersign;

namespace {

struct Person {
    explicit Person(quint8 seed)
        : member(seed)
        , secret(32, static_cast<char>(seed + 100))
    {
    }
    MemberKey keyOf() const { return {member.address(), publicKeyOf(secret).value(), {}}; }

    Member member;
    Bytes secret;
};

/// What a console would make of its keys.
class TestCipher final : public EntryCipher {
public:
    TestCipher(const Person &self, QList<MemberKey> readers, bool isOn)
        : m_secret(self.secret)
        , m_readers(std::move(readers))
        , m_isOn(isOn)
    {
    }
    bool encrypts() const override { return m_isOn; }
    Result<SealedEnvelope> seal(const ExchangeEntry &entry) const override
    {
        if (m_readers.isEmpty())
            return fail(ErrorKind::Rejected, u"bob has announced no key"_s);
        return sealEntry(entry, m_readers);
    }
    Result<Bytes> open(const SealedEnvelope &envelope) const override { return openEnvelope(envelope, m_secret); }

private:
    Bytes m_secret;
    QList<MemberKey> m_readers;
    bool m_isOn;
};

} // namespace

class TestConfidentialFolder final : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void membersReadAndOthersCount()
    {
        Person alice(1);
        const Person bob(2);
        const Person carol(3);
        const QList<MemberKey> readers{alice.keyOf(), bob.keyOf()};
        ExchangeScan mine(m_folder->path(), std::nullopt);
        mine.setCipher(std::make_shared<TestCipher>(alice, readers, true));
        const Proposal proposal = alice.member.propose(testDraft());
        const auto published = mine.publish(proposal, Publishing::Own);
        QVERIFY2(published, qPrintable(published ? QString() : published.error().message));
        QVERIFY(mine.publish(alice.member.key().countersign(proposal.safeTxHash()), Publishing::Own));
        QCOMPARE(mine.run()->items.constFirst().signatures.size(), 1);
        for (const QString &name : names()) {
            QVERIFY(name.endsWith(u".sealed.json"_s));
            QVERIFY(!name.contains(alice.member.address().toLower()));
            const Bytes file = content(name);
            QVERIFY(!file.contains(proposal.title.toUtf8()));
            QVERIFY(!file.contains(toHex(alice.member.key().countersign(proposal.safeTxHash()).blob()).toLatin1()));
        }

        ExchangeScan his(m_folder->path(), std::nullopt);
        his.setCipher(std::make_shared<TestCipher>(bob, readers, false));
        const auto seen = his.run();
        QCOMPARE(seen->items.size(), 1);
        QVERIFY(seen->items.constFirst().proposal == proposal);
        QCOMPARE(seen->items.constFirst().signatures.size(), 1);
        QVERIFY(seen->alarms.isEmpty());

        for (const bool hasKey : {false, true}) {
            ExchangeScan theirs(m_folder->path(), std::nullopt);
            if (hasKey)
                theirs.setCipher(std::make_shared<TestCipher>(carol, readers, true));
            const auto unseen = theirs.run();
            QVERIFY(unseen->items.isEmpty());
            QVERIFY2(unseen->rejected.isEmpty(), "what is for others is left where it is");
            QCOMPARE(theirs.warnings().constLast(), u"2 entries are encrypted to others"_s);
            QCOMPARE(theirs.warnings().size(), hasKey ? 1 : 2); // who writes in the open is told as well
            // With the right key it opens without being read from anew elsewhere.
            theirs.setCipher(std::make_shared<TestCipher>(bob, readers, true));
            QCOMPARE(theirs.run()->items.size(), 1);
            QVERIFY(theirs.warnings().isEmpty());
        }
        QCOMPARE(names().size(), 2);
    }

    void nothingIsWrittenWithoutAMember()
    {
        Person alice(1);
        ExchangeScan mine(m_folder->path(), std::nullopt);
        mine.setCipher(std::make_shared<TestCipher>(alice, QList<MemberKey>(), true));
        const auto refused = mine.publish(alice.member.propose(testDraft()), Publishing::Own);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Rejected);
        QVERIFY(names().isEmpty());
        QCOMPARE(mine.publishAttachment("a document").error().kind, ErrorKind::Rejected);
        QVERIFY(names().isEmpty());
        // But an announcement is: it is how they come to have one.
        Person other(5);
        QVERIFY(mine.publish(other.member.announce(other.keyOf().key), Publishing::Own));
        QCOMPARE(names().size(), 1);
        QVERIFY(!names().constFirst().endsWith(u".sealed.json"_s));
    }

    void tamperedAndMovedFilesAreRefused()
    {
        Person alice(1);
        const QList<MemberKey> readers{alice.keyOf()};
        ExchangeScan mine(m_folder->path(), std::nullopt);
        mine.setCipher(std::make_shared<TestCipher>(alice, readers, true));
        QVERIFY(mine.publish(alice.member.propose(testDraft()), Publishing::Own));
        const QString name = names().constFirst();
        const Bytes good = content(name);
        const SealedEnvelope envelope = envelopeFromJson(good).value();

        SealedEnvelope changed = envelope;
        changed.content[5] = static_cast<char>(changed.content[5] ^ 1);
        write(name, envelopeToJson(changed));
        QCOMPARE(refusedCause(mine), RejectionCause::Malformed);

        write(u"00000000000000000000000000000000.sealed.json"_s, good);
        QCOMPARE(refusedCause(mine), RejectionCause::Misnamed);

        // A recipient knows how to encrypt something else in its place; the author's signature is still asked for.
        Bytes forged = entryToJson(alice.member.propose(testDraft()));
        forged.replace("The machine", "The mashine");
        forged.replace("Revoke", "Remove");
        write(name, envelopeToJson(
                        sealEnvelope(envelope.chainId, envelope.safe, envelope.holds, forged, readers).value()));
        QCOMPARE(refusedCause(mine), RejectionCause::Malformed);

        // A header that says another Safe than the content.
        write(name, envelopeToJson(sealEnvelope(envelope.chainId, testRegistry, envelope.holds,
                        openEnvelope(envelope, alice.secret).value(), readers).value()));
        QCOMPARE(refusedCause(mine), RejectionCause::Malformed);

        write(name, good);
        QCOMPARE(mine.run()->items.size(), 1);
    }

    void onePlaceHasOneName()
    {
        Person alice(1);
        const QList<MemberKey> readers{alice.keyOf()};
        const auto cipher = std::make_shared<TestCipher>(alice, readers, true);
        const Proposal proposal = alice.member.propose(testDraft());
        ExchangeScan here(m_folder->path(), std::nullopt);
        ExchangeScan there(m_folder->path(), std::nullopt);
        here.setCipher(cipher);
        there.setCipher(cipher);
        QVERIFY(here.publish(proposal, Publishing::Own));
        QVERIFY(there.publish(proposal, Publishing::Own)); // the same again
        QCOMPARE(names().size(), 1);
        // Another entry for that place, from a console that cannot read what is there.
        Person twin(1);
        const Statement rival = twin.member.say(StatementKind::Note, proposal.safeTxHash());
        ExchangeScan blind(m_folder->path(), std::nullopt);
        const Person stranger(9);
        blind.setCipher(std::make_shared<TestCipher>(stranger, readers, true));
        QCOMPARE(blind.publish(rival, Publishing::Own).error().kind, ErrorKind::Conflict);
        QCOMPARE(names().size(), 1);
    }

private:
    QStringList names() const { return QDir(m_folder->path()).entryList(QDir::Files, QDir::Name); }
    Bytes content(const QString &name) const
    {
        QFile file(m_folder->filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : Bytes();
    }
    void write(const QString &name, const Bytes &bytes) const
    {
        QFile file(m_folder->filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write a test file");
        file.flush();
        file.setFileTime(QDateTime::currentDateTimeUtc().addSecs(-60), QFileDevice::FileModificationTime);
    }
    static std::optional<RejectionCause> refusedCause(ExchangeScan &scan)
    {
        const auto seen = scan.run();
        return seen && seen->rejected.size() == 1 ? std::optional(seen->rejected.constFirst().cause) : std::nullopt;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestConfidentialFolder)
#include "tst_confidentialfolder.moc"
