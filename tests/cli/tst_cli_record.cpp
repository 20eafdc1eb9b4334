#include "backend/records/recordfile.h"
#include "tests/backend/records/testrecord.h"

#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

namespace {

struct Said {
    int code = -1;
    QByteArray output;
    QByteArray errors;

    QString outcomeOf(const QString &id) const
    {
        const QJsonArray points = QJsonDocument::fromJson(output).object().value(u"points").toArray();
        for (const QJsonValue &point : points) {
            if (point[u"id"].toString() == id)
                return point[u"outcome"].toString();
        }
        return {};
    }
};

Said verify(const QStringList &arguments)
{
    QProcess process;
    process.start(QStringLiteral(COUNTERSIGN_CLI), QStringList{u"verify"_s, u"record"_s} + arguments);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000))
        qFatal("the command does not end");
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
        process.readAllStandardError()};
}

} // namespace

/// countersign-cli verify record, as a program.
class TestCliRecord final : public QObject {
    Q_OBJECT

private slots:
    void aSoundRecordHolds();
    void aChangedRecordDoesNot();
    void whatIsNoRecordIsUnusable();
    void thePolicyAndTheJournalsHashAreHeldAgainstIt();
    void aNodeThatIsNotThereIsSaid();

private:
    QString write(const QByteArray &bytes) const
    {
        const QString path = m_folder.filePath(u"record.json"_s);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("the file cannot be written");
        return path;
    }

    QTemporaryDir m_folder;
    ApprovalRecord m_record = testRecord(ReviewFixture());
};

void TestCliRecord::aSoundRecordHolds()
{
    const QString path = write(approvalRecordToJson(m_record));
    const Said people = verify({path});
    QVERIFY2(people.code == 0, (people.output + people.errors).constData());
    QVERIFY(people.output.contains(m_record.contentHash().toString().toLatin1()));
    QVERIFY2(!people.output.contains("failed"), people.output.constData());
    const Said program = verify({path, u"--json"_s});
    QCOMPARE(program.code, 0);
    for (const QString &id : {u"record.form"_s, u"record.hash"_s, u"record.signature"_s, u"envelope"_s,
             u"hashes.safeTx"_s, u"signature"_s, u"comparison"_s, u"calls"_s, u"arguments"_s})
        QVERIFY2(program.outcomeOf(id) == u"ok", program.output.constData());
    for (const QString &id : {u"sentence"_s, u"policy"_s, u"journal"_s, u"chain"_s, u"claims"_s})
        QCOMPARE(program.outcomeOf(id), u"not checked"_s);
}

void TestCliRecord::aChangedRecordDoesNot()
{
    ApprovalRecord other = m_record;
    other.review.sentence = u"Nothing of interest"_s;
    const Said said = verify({write(approvalRecordToJson(other)), u"--json"_s});
    QCOMPARE(said.code, 3);
    QCOMPARE(said.outcomeOf(u"record.signature"_s), u"failed"_s);
    QVERIFY2(said.output.contains("\"block\""), said.output.constData());
}

void TestCliRecord::whatIsNoRecordIsUnusable()
{
    QCOMPARE(verify({}).code, 2);
    QCOMPARE(verify({m_folder.filePath(u"nothing"_s)}).code, 2);
    const Said said = verify({write("{\"kind\":\"countersign.proposal\"}")});
    QCOMPARE(said.code, 2);
    QVERIFY2(said.errors.contains("kind"), said.errors.constData());
    QCOMPARE(verify({write(approvalRecordToJson(m_record)), u"--rpc"_s, u"node"_s}).code, 2);
    QCOMPARE(verify({write(approvalRecordToJson(m_record)), u"--content-hash"_s, u"0x12"_s}).code, 2);
}

void TestCliRecord::thePolicyAndTheJournalsHashAreHeldAgainstIt()
{
    const QString policy = QStringLiteral(COUNTERSIGN_ROOT "/resources/policy/default.yaml");
    const QString path = write(approvalRecordToJson(m_record));
    const Said unasked = verify({path, u"--policy"_s, policy, u"--json"_s});
    QCOMPARE(unasked.code, 3); // the record says that none was asked
    QCOMPARE(unasked.outcomeOf(u"policy"_s), u"failed"_s);
    const Said same = verify({path, u"--content-hash"_s, m_record.contentHash().toString(), u"--json"_s});
    QCOMPARE(same.code, 0);
    QCOMPARE(same.outcomeOf(u"journal"_s), u"ok"_s);
    const Said other = verify({path, u"--content-hash"_s, m_record.review.hashes.safeTx.toString(), u"--json"_s});
    QCOMPARE(other.code, 3);
    QCOMPARE(other.outcomeOf(u"journal"_s), u"failed"_s);
}

void TestCliRecord::aNodeThatIsNotThereIsSaid()
{
    const Said said = verify({write(approvalRecordToJson(m_record)), u"--rpc"_s, u"http://127.0.0.1:1"_s});
    QCOMPARE(said.code, 5);
}

QTEST_GUILESS_MAIN(TestCliRecord)
#include "tst_cli_record.moc"
