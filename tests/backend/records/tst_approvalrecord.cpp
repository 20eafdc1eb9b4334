#include "backend/proposals/importeditem.h"
#include "backend/records/recordfolder.h"
#include "backend/records/recordverification.h"
#include "backend/records/reviewjson.h"
#include "tests/backend/records/testrecord.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <functional>

using namespace countersign;

namespace {

using Outcome = RecordPoint::Outcome;

QString failures(const QList<RecordPoint> &points)
{
    QStringList lines;
    for (const RecordPoint &point : points) {
        if (point.outcome == Outcome::Failed)
            lines.append(u"%1: %2"_s.arg(point.id, point.detail));
    }
    return lines.join(u'\n');
}

Outcome outcomeOf(const QList<RecordPoint> &points, QStringView id)
{
    const auto found = std::ranges::find(points, id, &RecordPoint::id);
    return found == points.end() ? Outcome::NotChecked : found->outcome;
}

/// Another value of the same kind, as somebody who knows the format would write it.
QJsonValue changed(const QJsonValue &value)
{
    if (value.isBool())
        return !value.toBool();
    if (value.isDouble())
        return value.toInt() + 1;
    const QString text = value.toString();
    if (Address::parse(text))
        return mallory.address().toString();
    if (text.startsWith("0x"_L1) && text.size() > 2) {
        QString other = text;
        other[other.size() - 1] = other.back() == u'1' ? u'2' : u'1';
        return other;
    }
    if (const auto number = Uint256::parse(text))
        return number->checkedAdd(Uint256(1))->toDecimal();
    return text + u"x"_s;
}

/// Calls \a visit for every value below, with its path ("review.calls.0.to") and the whole with that value changed.
void forEachChange(const QJsonValue &value, const QString &path,
    const std::function<void(const QString &path, const QJsonValue &whole)> &visit)
{
    const auto below = [&path](const QString &name) { return path.isEmpty() ? name : path + u'.' + name; };
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (const QString &key : object.keys()) {
            forEachChange(object.value(key), below(key), [&](const QString &inner, const QJsonValue &part) {
                QJsonObject whole = object;
                whole.insert(key, part);
                visit(inner, whole);
            });
            QJsonObject less = object;
            less.remove(key);
            visit(below(key) + u" removed"_s, less);
        }
        return;
    }
    if (value.isArray()) {
        const QJsonArray array = value.toArray();
        for (int i = 0; i < array.size(); ++i) {
            forEachChange(array.at(i), below(QString::number(i)), [&](const QString &inner, const QJsonValue &part) {
                QJsonArray whole = array;
                whole[i] = part;
                visit(inner, whole);
            });
            QJsonArray less = array;
            less.removeAt(i);
            visit(below(QString::number(i)) + u" removed"_s, less);
        }
        return;
    }
    visit(path, changed(value));
}

/// Whether somebody would notice: the file is refused, or a point fails.
bool isNoticed(const QJsonObject &file)
{
    const auto read = approvalRecordFromJson(canonicalJson(file));
    return !read || hasFailed(verifyRecord(*read, {}));
}

QJsonObject objectOf(const ApprovalRecord &record)
{
    return QJsonDocument::fromJson(approvalRecordToJson(record)).object();
}

QJsonObject withContent(QJsonObject file, const QJsonObject &content)
{
    file.insert(u"content"_s, content);
    file.insert(u"contentHash"_s, keccak256(canonicalJson(content)).toString());
    return file;
}

} // namespace

/// What is kept of an approval, and what becomes of one that somebody changes.
class TestApprovalRecord final : public QObject {
    Q_OBJECT

private slots:
    void aRecordReadsAsItWasWritten();
    void aSoundRecordVerifies();
    void everyChangeIsNoticed();
    void aChangeWithANewHashIsNoticedInASignedRecord();
    void whatNobodyNoticesInAnUnsignedRecordIsNamed();
    void anotherSpellingIsNoticed();
    void deepCallsKeepTheirPlaces();
    void anotherPolicyIsNoticed();
    void aTransactionThatNobodyDescribedVerifies();
    void claimsAreNamed();
    void aRefusalMustBeOne();
    void anExecutionMustBeOfTheSameReview();
    void texts();
    void theFolderKeepsFilesByTheirHash();
    void whatIsNoRecordIsRefused_data();
    void whatIsNoRecordIsRefused();

private:
    ReviewFixture m_fixture;
};

void TestApprovalRecord::aRecordReadsAsItWasWritten()
{
    const ApprovalRecord record = testRecord(m_fixture);
    const Bytes bytes = approvalRecordToJson(record);
    const auto read = approvalRecordFromJson(bytes);
    QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
    QVERIFY(read->isCanonical);
    QCOMPARE(read->claimedHash.toString(), record.contentHash().toString());
    QCOMPARE(approvalRecordToJson(read->record), bytes);
    QCOMPARE(read->record.review.sentence, record.review.sentence);
    QVERIFY(read->record.review.findings == record.review.findings);
    QVERIFY(read->record.review.effects == record.review.effects);
    QVERIFY(read->record.review.basis == record.review.basis);
    QVERIFY(read->record.key == record.key);
    QVERIFY(read->record.comparison == record.comparison);
    QVERIFY(!record.review.findings.isEmpty());
    QVERIFY(!record.review.basis.nodes.isEmpty());
}

void TestApprovalRecord::aSoundRecordVerifies()
{
    const auto read = approvalRecordFromJson(approvalRecordToJson(testRecord(m_fixture)));
    QVERIFY(read);
    const auto points = verifyRecord(*read, {nullptr, &m_fixture.environment});
    QVERIFY2(!hasFailed(points), qPrintable(failures(points)));
    for (const QStringView id :
        {u"record.form", u"record.hash", u"record.signature", u"envelope", u"hashes.domain", u"hashes.message",
            u"hashes.safeTx", u"signature", u"owner", u"comparison", u"calls", u"arguments", u"findings", u"basis"})
        QVERIFY2(outcomeOf(points, id) == Outcome::Ok, qPrintable(id.toString()));
    // Never asked for is not the same as fine.
    QCOMPARE(outcomeOf(points, u"policy"), Outcome::NotChecked);
    QCOMPARE(outcomeOf(points, u"claims"), Outcome::NotChecked);
}

void TestApprovalRecord::everyChangeIsNoticed()
{
    for (const bool isSigned : {true, false}) {
        QStringList missed;
        int changes = 0;
        forEachChange(objectOf(testRecord(m_fixture, isSigned)), {}, [&](const QString &path, const QJsonValue &whole) {
            ++changes;
            // Why nobody signed is said outside of what the hash is of.
            if (path != "unsignedBecause"_L1 && !isNoticed(whole.toObject()))
                missed.append(path);
        });
        QVERIFY2(changes > 300, qPrintable(QString::number(changes)));
        QVERIFY2(missed.isEmpty(), qPrintable(missed.join(u'\n')));
    }
}

void TestApprovalRecord::aChangeWithANewHashIsNoticedInASignedRecord()
{
    const QJsonObject file = objectOf(testRecord(m_fixture));
    QStringList missed;
    forEachChange(file.value(u"content"_s), {}, [&](const QString &path, const QJsonValue &content) {
        if (!isNoticed(withContent(file, content.toObject())))
            missed.append(path);
    });
    QVERIFY2(missed.isEmpty(), qPrintable(missed.join(u'\n')));
}

void TestApprovalRecord::whatNobodyNoticesInAnUnsignedRecordIsNamed()
{
    const QJsonObject file = objectOf(testRecord(m_fixture, false));
    // What the last point of the verification names: nothing but the record says it.
    const QStringList claims{u"holder"_s, u"journal."_s, u"key."_s, u"madeAt"_s, u"program."_s, u"review.basis."_s,
        u"review.calls."_s, u"review.chainName"_s, u"review.effects."_s, u"review.findings."_s, u"review.notRun."_s,
        u"review.owners."_s, u"review.proposer"_s, u"review.reviewedAt"_s, u"review.safeNonce"_s, u"review.sentence"_s,
        u"review.strangers."_s, u"review.threshold"_s};
    QStringList missed;
    QStringList unnoticed;
    forEachChange(file.value(u"content"_s), {}, [&](const QString &path, const QJsonValue &content) {
        if (isNoticed(withContent(file, content.toObject())))
            return;
        unnoticed.append(path);
        if (std::ranges::none_of(claims, [&path](const QString &claim) { return path.startsWith(claim); }))
            missed.append(path);
    });
    QVERIFY2(missed.isEmpty(), qPrintable(missed.join(u'\n')));
    // Of the calls only names may change.
    for (const QString &path : unnoticed) {
        if (path.startsWith("review.calls."_L1))
            QVERIFY2(path.endsWith("toName"_L1) || path.endsWith(".known"_L1) || path.endsWith(".name"_L1),
                qPrintable(path));
    }
    const auto read = approvalRecordFromJson(canonicalJson(file));
    QVERIFY(read);
    const auto points = verifyRecord(*read, {});
    QCOMPARE(outcomeOf(points, u"record.signature"), Outcome::NotChecked);
    QVERIFY2(points.last().detail.contains(u"journal"_s), qPrintable(points.last().detail));
}

void TestApprovalRecord::anotherSpellingIsNoticed()
{
    const ApprovalRecord record = testRecord(m_fixture);
    const auto compact = approvalRecordFromJson(QJsonDocument(objectOf(record)).toJson(QJsonDocument::Compact));
    QVERIFY(compact);
    QVERIFY(!compact->isCanonical);
    const auto points = verifyRecord(*compact, {});
    QCOMPARE(outcomeOf(points, u"record.form"), Outcome::Failed);
    QCOMPARE(outcomeOf(points, u"record.hash"), Outcome::Ok);
}

void TestApprovalRecord::deepCallsKeepTheirPlaces()
{
    ApprovalRecord record = testRecord(m_fixture);
    DecodedCall leaf;
    leaf.to = testVault;
    DecodedCall middle = leaf;
    middle.inner = {leaf, leaf};
    record.review.call.inner = {middle, leaf, middle};
    const auto read = approvalRecordFromJson(approvalRecordToJson(record));
    QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
    QList<int> depths;
    for (const CallAtDepth &place : flattened(read->record.review.call))
        depths.append(place.depth);
    QCOMPARE(depths, (QList<int>{0, 1, 2, 2, 1, 1, 2, 2}));
    QCOMPARE(outcomeOf(verifyRecord(*read, {}), u"calls"), Outcome::Failed);
}

void TestApprovalRecord::anotherPolicyIsNoticed()
{
    const auto policy = Policy::load(QStringLiteral(COUNTERSIGN_ROOT "/resources/policy/default.yaml"));
    QVERIFY2(policy, qPrintable(policy ? QString() : policy.error().detail));
    ReviewFixture fixture;
    fixture.context.policy = std::make_shared<const Policy>(*policy);
    auto read = approvalRecordFromJson(approvalRecordToJson(testRecord(fixture)));
    QVERIFY(read);
    QCOMPARE(outcomeOf(verifyRecord(*read, {&*policy, nullptr}), u"policy"), Outcome::Ok);
    Policy other = *policy;
    other.fatigue = ApprovalFatigue{1, std::chrono::seconds(1)};
    QCOMPARE(outcomeOf(verifyRecord(*read, {&other, nullptr}), u"policy"), Outcome::Failed);
    read->record.review.basis.rules = {{u"transaction"_s, u"no such rule"_s}};
    QCOMPARE(outcomeOf(verifyRecord(*read, {&*policy, nullptr}), u"rules"), Outcome::Failed);
}

void TestApprovalRecord::aTransactionThatNobodyDescribedVerifies()
{
    const Proposal &described = m_fixture.item.proposal;
    const ExchangeItem item = itemOfImport(ImportedTransaction::make(described.chainId, described.safe, described.transaction,
        u"transaction service api.example (ethereum)"_s, {}, Timestamp::fromSeconds(1'700'000'000)));
    ApprovalRecord record = testRecord(m_fixture, false);
    record.envelope = ApprovalRecord::envelopeOf(item);
    record.review = reviewSafeTransaction(ReviewSubject::of(item), m_fixture.context);
    record.review.findings.clear(); // who would sign it is not the question here
    record.signature = bob.sign(record.review.hashes.safeTx).normalised();
    const auto read = approvalRecordFromJson(approvalRecordToJson(record));
    QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
    const auto points = verifyRecord(*read, {nullptr, &m_fixture.environment});
    QVERIFY2(!hasFailed(points), qPrintable(failures(points)));
    QCOMPARE(outcomeOf(points, u"envelope"), Outcome::Ok);
    const auto envelope = std::ranges::find(points, u"envelope"_s, &RecordPoint::id);
    QVERIFY2(envelope->title.contains(u"nobody signed"_s) && envelope->detail.contains(u"api.example"_s), qPrintable(envelope->title));
    QCOMPARE(outcomeOf(points, u"hashes.safeTx"), Outcome::Ok);
    // Another transaction under the same review does not pass.
    SafeTransaction other = described.transaction;
    other.value = Uint256(1);
    record.envelope = ApprovalRecord::envelopeOf(itemOfImport(
        ImportedTransaction::make(described.chainId, described.safe, other, u"somewhere"_s, {}, Timestamp())));
    const auto exchanged = approvalRecordFromJson(approvalRecordToJson(record));
    QVERIFY(exchanged);
    QCOMPARE(outcomeOf(verifyRecord(*exchanged, {}), u"hashes.safeTx"), Outcome::Failed);
}

void TestApprovalRecord::claimsAreNamed()
{
    const ApprovalRecord record = testRecord(m_fixture, false);
    const auto read = approvalRecordFromJson(approvalRecordToJson(record));
    QVERIFY(read);
    const QString blind = verifyRecord(*read, {}).last().detail;
    for (const QString &claim : {record.review.sentence.left(100), record.review.chainName, record.review.proposer, u"bob"_s})
        QVERIFY2(blind.contains(claim), qPrintable(claim + u" / "_s + blind));
    const DecodedCall &call = record.review.call;
    if (!call.arguments.isEmpty())
        QVERIFY(blind.contains(call.arguments.constFirst().name));
    // What an environment lets be computed is no claim any more.
    const QList<RecordPoint> informed = verifyRecord(*read, {nullptr, &m_fixture.environment});
    QCOMPARE(informed.last().detail.contains(record.review.sentence.left(100)), outcomeOf(informed, u"sentence") != Outcome::Ok);
}

void TestApprovalRecord::aRefusalMustBeOne()
{
    ApprovalRecord record = testRecord(m_fixture, false);
    record.act = RecordedAct::Refused;
    RecordFile file{record, record.contentHash(), true};
    QCOMPARE(outcomeOf(verifyRecord(file, {}), u"comparison"), Outcome::Failed);
    QCOMPARE(outcomeOf(verifyRecord(file, {}), u"signature"), Outcome::Failed);
    file.record.signature.reset();
    file.record.comparison = DeviceComparison::mismatch(u"DEAD BEEF"_s);
    file.claimedHash = file.record.contentHash();
    QVERIFY2(!hasFailed(verifyRecord(file, {})), qPrintable(failures(verifyRecord(file, {}))));
}

void TestApprovalRecord::anExecutionMustBeOfTheSameReview()
{
    ApprovalRecord record = testRecord(m_fixture, false);
    record.act = RecordedAct::Executed;
    record.signature.reset();
    record.comparison.reset();
    ExecutionReport report;
    report.safeTxHash = record.review.hashes.safeTx;
    report.transactionHash = keccak256("transaction");
    report.blockNumber = BlockNumber(101);
    report.gasUsed = 90'000;
    report.effects = record.review.effects;
    for (Effect &effect : report.effects)
        effect.promised = effect.after;
    report.isAsPromised = true;
    record.execution = report;
    RecordFile file{record, record.contentHash(), true};
    QVERIFY2(!hasFailed(verifyRecord(file, {})), qPrintable(failures(verifyRecord(file, {}))));
    file.record.execution->safeTxHash = keccak256("another");
    QCOMPARE(outcomeOf(verifyRecord(file, {}), u"execution"), Outcome::Failed);
    file.record.execution.reset();
    QCOMPARE(outcomeOf(verifyRecord(file, {}), u"execution"), Outcome::Failed);
}

// Nodes choose some of the texts: what they send must not make a record that cannot be read.
void TestApprovalRecord::texts()
{
    for (const QString &text : {u"line\nline"_s, u"\u202e\u200b"_s, u"\"\\\u0001"_s, QString(QChar(0xd800)),
             QString(100'000, u'x'), u"\U0001f4a9"_s}) {
        ApprovalRecord record = testRecord(m_fixture);
        record.review.findings.first().evidence = text;
        const auto checked = RecordFolder::check(record);
        const bool isText = text.isValidUtf16();
        QVERIFY2(checked.has_value() == isText, qPrintable(checked ? text : checked.error().message));
    }
}

void TestApprovalRecord::theFolderKeepsFilesByTheirHash()
{
    const QTemporaryDir place;
    const RecordFolder folder = RecordFolder::besideJournal(place.filePath(u"journal.sqlite"_s));
    const ApprovalRecord record = testRecord(m_fixture);
    const auto path = folder.write(record);
    QVERIFY2(path, qPrintable(path ? QString() : path.error().message));
    QCOMPARE(QFileInfo(*path).fileName(), record.contentHash().toString() + u".json"_s);
    QFile file(*path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), approvalRecordToJson(record));
    QVERIFY(!(file.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther)));
    QVERIFY(folder.write(record)); // the same again is the same file
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
    const RecordFolder nowhere(u"/proc/no/such/folder"_s);
    QVERIFY(!nowhere.prepare());
    QVERIFY(!nowhere.write(record));
}

void TestApprovalRecord::whatIsNoRecordIsRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("approved");
    QTest::newRow("a list") << QByteArray("[]");
    QTest::newRow("another kind") << QByteArray(R"({"kind":"countersign.proposal","version":2})");
    QTest::newRow("another version") << QByteArray(R"({"kind":"countersign.record","version":2})");
    QTest::newRow("no content") << QByteArray(R"({"kind":"countersign.record","version":1})");
    QTest::newRow("twins") << QByteArray(R"({"kind":"countersign.record","kind":"countersign.record"})");
    QTest::newRow("too deep") << QByteArray(20, '[') + QByteArray(20, ']');
    QTest::newRow("too large") << QByteArray(maxApprovalRecordBytes + 1, ' ');
}

void TestApprovalRecord::whatIsNoRecordIsRefused()
{
    QFETCH(const QByteArray, bytes);
    const auto read = approvalRecordFromJson(bytes);
    QVERIFY(!read);
    QVERIFY(!read.error().message.isEmpty());
}

QTEST_GUILESS_MAIN(TestApprovalRecord)
#include "tst_approvalrecord.moc"
