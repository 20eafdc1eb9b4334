#include "backend/proposals/statementjson.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>

using namespace countersign;

namespace {

QList<Statement> oneOfEach()
{
    Member bob(2);
    const Hash32 id = testDraft().safeTxHash();
    return {bob.say(StatementKind::Rejection, id), bob.say(StatementKind::Withdrawal, id),
        bob.say(StatementKind::Note, id, u"Line one\nand two, „quoted“"_s), bob.say(StatementKind::MismatchReport, id),
        bob.override(id, u"policy.coolingOff"_s, keccak256("policy")),
        bob.retract(Member(2).override(id, u"policy.coolingOff"_s, keccak256("policy"))),
        bob.acknowledge({{testRegistry, 3, keccak256("c")}, {testSafe, 1, keccak256("a")}}),
        bob.announce(keccak256("key")), bob.giveSealed(id, {testRegistry, keccak256("key"), {}}, Bytes(90, 's'))};
}

Bytes with(const Bytes &file, const QString &key, const QJsonValue &value)
{
    QJsonObject object = QJsonDocument::fromJson(file).object();
    object.insert(key, value);
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

} // namespace

class TestStatementJson final : public QObject {
    Q_OBJECT

private slots:
    void everyKindSurvivesTheFile()
    {
        for (const Statement &statement : oneOfEach()) {
            const auto read = statementFromJson(statementToJson(statement));
            QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
            QVERIFY(*read == statement);
        }
    }
    void everyFlippedByteAndTruncationIsRefused()
    {
        for (const Statement &statement : oneOfEach()) {
            const Bytes good = statementToJson(statement);
            for (qsizetype at = 0; at < good.size(); ++at) {
                Bytes bad = good;
                bad[at] = static_cast<char>(bad[at] ^ 1);
                QVERIFY2(!statementFromJson(bad), qPrintable(QString::fromUtf8(good.mid(at - 10, 20))));
                QVERIFY(!statementFromJson(good.first(at)));
            }
        }
    }
    void oneKindIsNeverAnother()
    {
        // The same author, place, time, proposal and words: what was signed as a note is no rejection.
        const auto all = oneOfEach();
        for (const Statement &from : all) {
            for (const Statement &to : all) {
                if (from.kind == to.kind)
                    continue;
                Statement turned = from;
                turned.kind = to.kind;
                QVERIFY(turned.digest() != from.digest());
                const auto read
                    = statementFromJson(with(statementToJson(from), u"kind"_s, QString(statementKindName(to.kind))));
                QVERIFY(!read);
            }
        }
    }
    void statementsThatMeanNothingAreRefused()
    {
        Member bob(2);
        const Hash32 id = testDraft().safeTxHash();
        QVERIFY(!checkStatement(bob.say(StatementKind::Note, id, u"  "_s)));
        QVERIFY(!checkStatement(bob.say(StatementKind::Note, id, QString(maxStatementText + 1, u'x'))));
        QVERIFY(!checkStatement(bob.say(StatementKind::Note, id, u"Appro\u202Eved"_s)));
        QVERIFY(!checkStatement(bob.acknowledge({{testSafe, 1, keccak256("a")}, {testSafe, 2, keccak256("b")}})));
        QVERIFY(!checkStatement(bob.acknowledge({{testSafe, 1, keccak256("a")}, {testRegistry, 2, keccak256("b")}})));
        QVERIFY(!checkStatement(bob.acknowledge({{testSafe, 0, keccak256("a")}})));
        QVERIFY(!checkStatement(bob.acknowledge({{testSafe, 1, Hash32()}})));
        QVERIFY(!checkStatement(bob.acknowledge(QList<LaneHead>(maxHeads + 1, {testSafe, 1, keccak256("a")}))));
        const Hash32 policy = keccak256("policy");
        QVERIFY(checkStatement(bob.override(id, u"policy.limit.window"_s, policy)));
        QVERIFY(!checkStatement(bob.override(id, u"policy.window"_s, policy, u"Because."_s)));
        QVERIFY(!checkStatement(bob.override(id, u"policy.window"_s, Hash32())));
        QVERIFY(!checkStatement(bob.override(Hash32(), u"policy.window"_s, policy)));
        for (const QString &finding : {u""_s, u"policy"_s, u"policy.win dow"_s, u"policy.window\n"_s, u"p\u043elicy.window"_s,
                 u"policy."_s + QString(maxFindingText, u'x')})
            QVERIFY2(!checkStatement(bob.override(id, finding, policy)), qPrintable(finding));
        Statement named = bob.say(StatementKind::Note, id);
        named.finding = u"policy.window"_s;
        QVERIFY(!checkStatement(named));
        named.finding.clear();
        named.policy = policy;
        QVERIFY(!checkStatement(named));
        Statement note = bob.say(StatementKind::Note, id);
        note.shownHash = id;
        QVERIFY(!checkStatement(note));
    }
    void aRetractionNamesTheOverrideOfAProposal()
    {
        Member bob(2);
        const Hash32 id = testDraft().safeTxHash();
        const Statement override = bob.override(id, u"policy.window"_s, keccak256("policy"));
        const Statement good = bob.retract(override);
        QVERIFY(checkStatement(good));
        Statement bad = good;
        bad.retracts = {};
        QVERIFY(!checkStatement(bad));
        bad = good;
        bad.safeTxHash = {};
        QVERIFY(!checkStatement(bad));
        bad = good;
        bad.text.clear();
        QVERIFY(!checkStatement(bad));
        Statement note = bob.say(StatementKind::Note, id);
        note.retracts = override.digest();
        QVERIFY(!checkStatement(note));
    }
    void whoMadeAnOverrideTakesItBackAndNobodyElse()
    {
        Member bob(2);
        Member carol(3);
        const Hash32 id = testDraft().safeTxHash();
        const Statement first = bob.override(id, u"policy.window"_s, keccak256("policy"));
        const Statement again = bob.override(id, u"policy.window"_s, keccak256("policy"));
        const Statement other = carol.override(id, u"policy.window"_s, keccak256("policy"));
        const Statement back = bob.retract(first);
        const Statement meddling = bob.retract(other);
        // In any order, however often.
        QList<Statement> all{first, again, other, back, meddling, back};
        do {
            QVERIFY(isTakenBack(first, all));
            QVERIFY2(!isTakenBack(again, all), "another word, though the same words");
            QVERIFY2(!isTakenBack(other, all), "another's");
            QVERIFY(!isTakenBack(back, all));
        } while (std::ranges::next_permutation(all, {}, &Statement::digest).found);
        QVERIFY(standingOverrides(all, bob.address()) == QList<Statement>{again});
        QVERIFY(standingOverrides(all, carol.address()) == QList<Statement>{other});
        QVERIFY(standingOverrides({first, back}, bob.address()).isEmpty());
    }
    void statementsAboutKeysHaveWhatTheirKindHas()
    {
        Member bob(2);
        const Hash32 id = testDraft().safeTxHash();
        const MemberKey carol{testRegistry, keccak256("key"), {}};
        QVERIFY(checkStatement(bob.giveSealed(id, carol, Bytes(49, 's'))));
        QVERIFY(!checkStatement(bob.giveSealed(id, carol, Bytes(48, 's'))));
        QCOMPARE(checkStatement(bob.giveSealed(id, carol, Bytes(maxSealedBytes + 1, 's'))).error().kind,
            ErrorKind::Exhausted);
        QVERIFY(!checkStatement(bob.giveSealed(id, {bob.address(), carol.key, {}}, Bytes(90, 's'))));
        QVERIFY(!checkStatement(bob.giveSealed(id, {{}, carol.key, {}}, Bytes(90, 's'))));
        QVERIFY(!checkStatement(bob.giveSealed({}, carol, Bytes(90, 's'))));
        QVERIFY(!checkStatement(bob.announce({})));
        Statement key = bob.announce(carol.key);
        key.safeTxHash = id;
        QVERIFY(!checkStatement(key));
        Statement note = bob.say(StatementKind::Note, id);
        note.encryptionKey = carol.key;
        QVERIFY(!checkStatement(note));
    }
    void unknownMembersAndVersionsAreRefused()
    {
        const Bytes good = statementToJson(oneOfEach().first());
        QVERIFY(statementFromJson(with(good, u"urgent"_s, true)).error().message.contains(u"does not know"_s));
        QVERIFY(statementFromJson(with(good, u"version"_s, 1)).error().message.contains(u"no longer read"_s));
        QVERIFY(!statementFromJson(with(good, u"kind"_s, u"countersign.promise"_s)));
        QCOMPARE(statementFromJson(QByteArray(maxStatementBytes + 1, ' ')).error().kind, ErrorKind::Exhausted);
    }
};

QTEST_GUILESS_MAIN(TestStatementJson)
#include "tst_statementjson.moc"
