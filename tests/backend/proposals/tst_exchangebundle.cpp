#include "backend/proposals/exchangebundle.h"
#include "backend/proposals/proposalfolder.h"
#include "backend/proposals/proposaljson.h"
#include "backend/proposals/qr/cbor.h"
#include "backend/proposals/qr/urencoder.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <QCoroTask>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

namespace {

template <class T> Result<T> answer(QFuture<Result<T>> future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 10'000))
        return fail(ErrorKind::Timeout, u"the exchange does not answer"_s);
    return future.result();
}

/// Two proposals by alice, of which the second rests on a document; bob signed the second and has a note on the first.
struct Story {
    Member alice{1};
    Member bob{2};
    Proposal first = alice.propose(testDraft(1));
    Statement note = bob.say(StatementKind::Note, first.safeTxHash());
    Bytes document = "{\"abi\":[]}";
    Proposal second = alice.propose(resting(testDraft(2)));
    CollectedSignature signature = bob.sign(second);
    ImportedTransaction import = ImportedTransaction::make(
        ChainId(testChain), testSafe, testDraft(3).transaction, u"transaction service"_s, u"Rent"_s, Timestamp::fromSeconds(5));

    ProposalDraft resting(ProposalDraft draft) const
    {
        draft.attachments = {{u"abi.json"_s, u"application/json"_s, static_cast<quint64>(document.size()), keccak256(document)}};
        return draft;
    }
    ExchangeSnapshot snapshot() const
    {
        auto set = std::make_shared<ExchangeSet>();
        for (const ExchangeEntry &entry : {ExchangeEntry(first), ExchangeEntry(note), ExchangeEntry(second), ExchangeEntry(signature), ExchangeEntry(import)})
            set->add(entry);
        set->addAttachment(keccak256(document), document.size());
        return snapshotOf(set);
    }
};

Bytes raw(QByteArrayView name, quint64 version, const QList<Bytes> &entries, const QList<Bytes> &documents)
{
    Bytes bytes;
    const auto text = [&bytes](QByteArrayView part) {
        appendCborHead(bytes, CborKind::ByteString, static_cast<quint64>(part.size()));
        bytes.append(part);
    };
    appendCborHead(bytes, CborKind::Array, 4);
    text(name);
    appendCborHead(bytes, CborKind::Unsigned, version);
    for (const QList<Bytes> &parts : {entries, documents}) {
        appendCborHead(bytes, CborKind::Array, static_cast<quint64>(parts.size()));
        for (const Bytes &part : parts)
            text(part);
    }
    return bytes;
}

} // namespace

/// What one member hands to another without a server.
class TestExchangeBundle final : public QObject {
    Q_OBJECT

private slots:
    void bundleIsReadBackAsItWas()
    {
        const Story story;
        ExchangeBundle bundle = bundleOf(story.snapshot(), {story.second.safeTxHash(), story.import.safeTxHash()});
        bundle.documents = {story.document};
        const auto bytes = bundleToBytes(bundle);
        QVERIFY(bytes);
        QVERIFY(UrEncoder::create(*bytes));
        const auto read = bundleFromBytes(*bytes);
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().message));
        QVERIFY(*read == bundle);
        ExchangeBundle mixed = bundle;
        std::ranges::reverse(mixed.entries);
        mixed.entries.append(mixed.entries.first());
        QCOMPARE(*bundleToBytes(mixed), *bytes); // one encoding
    }
    void fileIsABundleOrOneEntry()
    {
        const Story story;
        const ExchangeBundle bundle = bundleOf(story.snapshot(), {story.second.safeTxHash()});
        QVERIFY(*bundleFromFile(*bundleToBytes(bundle)) == bundle);
        const auto one = bundleFromFile(proposalToJson(story.first));
        QVERIFY(one);
        QCOMPARE(one->entries.size(), 1);
        QVERIFY(std::get<Proposal>(one->entries.first()) == story.first);
        QCOMPARE(bundleFromFile(proposalToJson(story.first).replace("lost", "gone")).error().kind, ErrorKind::Invalid);
        QCOMPARE(bundleFromFile("{}").error().kind, ErrorKind::Invalid);
        QCOMPARE(bundleFromFile("").error().kind, ErrorKind::Invalid);
    }
    void logsAreNotCut()
    {
        const Story story;
        const ExchangeSnapshot snapshot = story.snapshot();
        // The second of alice's log and the second of bob's: their firsts go along, the import of another does not.
        const ExchangeBundle bundle = bundleOf(snapshot, {story.second.safeTxHash()});
        QCOMPARE(bundle.entries.size(), 4);
        auto set = std::make_shared<ExchangeSet>();
        for (const ExchangeEntry &entry : bundle.entries)
            set->add(entry);
        QVERIFY(ExchangeLog(*set).alarms({}).isEmpty());
        QCOMPARE(bundleOf(snapshot, {story.first.safeTxHash()}).entries.size(), 2);
        QCOMPARE(bundleOf(snapshot, {story.import.safeTxHash()}).entries.size(), 1);
        QVERIFY(bundleOf(snapshot, {keccak256("x")}).entries.isEmpty());
        // Who has the beginnings gets the rest.
        const LaneHeads known{{story.first.lane(), {story.alice.address(), 1, story.first.envelopeDigest()}}};
        QCOMPARE(bundleOf(snapshot, {story.second.safeTxHash()}, known).entries.size(), 3);
    }
    void describedTransactionGoesWithoutItsImport()
    {
        Story story;
        const Proposal described = story.alice.propose(testDraft(3));
        auto set = std::make_shared<ExchangeSet>(*story.snapshot().set);
        set->add(described);
        const ExchangeBundle bundle = bundleOf(snapshotOf(set), {described.safeTxHash()});
        QVERIFY(std::ranges::none_of(bundle.entries, [](const ExchangeEntry &entry) { return std::holds_alternative<ImportedTransaction>(entry); }));
    }
    void anythingElseIsRefused_data()
    {
        QTest::addColumn<Bytes>("bytes");
        QTest::addColumn<ErrorKind>("kind");
        const Story story;
        const auto name = "countersign.bundle"_ba;
        QList<Bytes> entries;
        for (const ExchangeEntry &entry : bundleOf(story.snapshot(), {story.second.safeTxHash()}).entries)
            entries.append(entryToJson(entry));
        const Bytes good = raw(name, 1, entries, {story.document});
        QVERIFY(bundleFromBytes(good));
        const auto row = [](const char *what, const Bytes &bytes, ErrorKind kind = ErrorKind::Invalid) { QTest::newRow(what) << bytes << kind; };
        row("nothing", {});
        row("cut", good.chopped(1));
        row("something behind", good + '\0');
        row("another name", raw("countersign.bundlE", 1, entries, {}));
        row("a longer name", raw("countersign.bundles", 1, entries, {}), ErrorKind::Exhausted);
        row("another version", raw(name, 2, entries, {}));
        QList<Bytes> swapped = entries;
        swapped.swapItemsAt(0, 1);
        row("entries out of order", raw(name, 1, swapped, {}));
        row("an entry twice", raw(name, 1, {entries[0], entries[0]}, {}));
        row("a document twice", raw(name, 1, entries, {story.document, story.document}));
        row("an entry that was changed", raw(name, 1, {proposalToJson(story.second).replace("Treasury", "Treasure")}, {}));
        row("no entry", raw(name, 1, {"{}"_ba}, {}));
        row("too many", raw(name, 1, QList<Bytes>(1001, "{}"_ba), {}), ErrorKind::Exhausted);
        row("too large", raw(name, 1, {}, {Bytes(maxBundleBytes, 'x')}), ErrorKind::Exhausted);
    }
    void anythingElseIsRefused()
    {
        QFETCH(Bytes, bytes);
        QFETCH(ErrorKind, kind);
        const auto read = bundleFromBytes(bytes);
        QVERIFY(!read);
        QCOMPARE(read.error().kind, kind);
        QVERIFY(!read.error().message.isEmpty());
    }
    void whatIsTooLargeIsNotShown()
    {
        const Story story;
        ExchangeBundle bundle{bundleOf(story.snapshot(), {story.first.safeTxHash()}).entries, {Bytes(maxBundleBytes, 'x')}};
        QCOMPARE(bundleToBytes(bundle).error().kind, ErrorKind::Exhausted);
    }
    void bundleMakesAnotherFolderComplete()
    {
        const Story story;
        const QTemporaryDir base;
        ProposalFolder here(base.filePath(u"here"_s));
        ProposalFolder there(base.filePath(u"there"_s));
        here.start(std::chrono::milliseconds(50));
        there.start(std::chrono::milliseconds(50));
        QVERIFY(answer(here.publishAttachment(story.document)));
        QVERIFY(answer(here.publish(story.first)));
        QVERIFY(answer(here.publish(story.note)));
        QVERIFY(answer(here.publish(story.second)));
        QVERIFY(answer(here.publish(story.signature, Publishing::Copy)));
        QVERIFY(answer(here.publish(story.import)));
        QTRY_COMPARE(here.snapshot().set->entries().size(), size_t(5));
        QTRY_COMPARE(here.snapshot().set->attachments().size(), size_t(1));
        const auto bundle = QCoro::waitFor(
            gatherBundle(here, {story.first.safeTxHash(), story.second.safeTxHash(), story.import.safeTxHash()}));
        QVERIFY(bundle);
        QCOMPARE(bundle->documents, QList<Bytes>{story.document});
        const auto bytes = bundleToBytes(*bundle);
        for (int turn = 0; turn < 2; ++turn) { // once more changes nothing
            const CopyReport report = QCoro::waitFor(publishBundle(there, *bundleFromBytes(*bytes)));
            QVERIFY2(report.refused.isEmpty(), qPrintable(report.refused.join(u'\n')));
            QCOMPARE(report.copied, 6);
        }
        QTRY_COMPARE(there.snapshot().set->entries().size(), size_t(5));
        QTRY_VERIFY(*there.snapshot().set == *here.snapshot().set);
        QVERIFY(there.snapshot().alarms.isEmpty());
        QVERIFY(there.snapshot().conflicts == here.snapshot().conflicts);
        QCOMPARE(QCoro::waitFor(gatherBundle(here, {keccak256("x")})).error().kind, ErrorKind::NotFound);
    }
    void importIsStrict_data()
    {
        QTest::addColumn<Bytes>("from");
        QTest::addColumn<Bytes>("to");
        const auto row = [](const char *what, const Bytes &from, const Bytes &to) { QTest::newRow(what) << from << to; };
        row("another chain", "31337", "31338");
        row("another origin is another file", "Rent\"", "Rent\" ");
        row("two lines", "Rent", "Rent\\nPaid");
        row("what does not show", "Rent", "Re\xE2\x80\xAEnt");
        row("unknown member", "\"origin\"", "\"comment\"");
        row("no transaction", "\"transaction\"", "\"transactions\"");
        row("another kind", "countersign.import", "countersign.imports");
    }
    void importIsStrict()
    {
        QFETCH(Bytes, from);
        QFETCH(Bytes, to);
        const Story story;
        const Bytes good = importToJson(story.import);
        const auto read = importFromJson(good);
        QVERIFY(read && *read == story.import);
        QVERIFY(std::get<ImportedTransaction>(*entryFromJson(good)) == story.import);
        QVERIFY(good.contains(from));
        QVERIFY(!importFromJson(QByteArray(good).replace(from, to)));
    }
    void whoeverListsItItIsOneEntry()
    {
        const Story story;
        ImportedTransaction other = story.import;
        other.origin = u"Gift"_s;
        QCOMPARE(other.entryHash(), story.import.entryHash());
        ExchangeSet left;
        ExchangeSet right;
        left.add(story.import);
        right.add(other);
        ExchangeSet both = left;
        both.merge(right);
        right.merge(left);
        QVERIFY(both == right); // in either order
        QCOMPARE(both.entries().size(), size_t(1));
    }
    void nameIsAClaim_data()
    {
        QTest::addColumn<QString>("origin");
        QTest::addColumn<QString>("title");
        const QString none = u"Not described by anybody"_s;
        QTest::newRow("nothing") << QString() << none;
        QTest::newRow("a text") << u"Rent"_s << u"Unsigned claim: “Rent”"_s;
        QTest::newRow("an app") << u"{\"url\":\"https://a\",\"name\":\"Builder\"}"_s << u"Unsigned claim: “Builder”"_s;
        QTest::newRow("a note") << u"{\"name\":\"Builder\",\"note\":\"Rent\"}"_s << u"Unsigned claim: “Rent”"_s;
        QTest::newRow("broken JSON") << u"{\"name\":\"Builder\""_s << none;
        QTest::newRow("no name") << u"{\"name\":1}"_s << none;
        QTest::newRow("hidden characters in JSON") << u"{\"name\":\"a\\u202eb\"}"_s << none;
    }
    void nameIsAClaim()
    {
        QFETCH(QString, origin);
        QFETCH(QString, title);
        const auto import = ImportedTransaction::make(ChainId(testChain), testSafe, testDraft().transaction, {}, origin, {});
        QCOMPARE(import.title(), title);
        QVERIFY(!import.claimedEnvelope());
        const Hash32 envelope = keccak256("envelope");
        const auto ours = ImportedTransaction::make(ChainId(testChain), testSafe, testDraft().transaction, {}, originOf(envelope), {});
        QVERIFY(ours.claimedEnvelope() == envelope);
        QVERIFY(originOf(envelope).size() <= 200);
    }
};

QTEST_GUILESS_MAIN(TestExchangeBundle)
#include "tst_exchangebundle.moc"
