#include "backend/proposals/exchangebundle.h"
#include "backend/proposals/sealedenvelope.h"
#include "backend/proposals/sealing/aead.h"
#include "backend/proposals/sealing/hpke.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/drafts.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <utility>

using namespace countersign;

namespace {

Bytes secretOf(char seed)
{
    return Bytes(32, seed);
}

MemberKey member(char seed)
{
    return {Address::fromBytes(QByteArray(20, seed)).value(), publicKeyOf(secretOf(seed)).value(), {}};
}

SealedEnvelope sealed(QByteArrayView content = "what it says")
{
    return sealEnvelope(ChainId(testChain), testSafe, u"countersign.note"_s, content, {member('c'), member('a'), member('b')})
        .value();
}

Bytes with(const Bytes &file, const QString &key, const QJsonValue &value)
{
    QJsonObject object = QJsonDocument::fromJson(file).object();
    object.insert(key, value);
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

} // namespace

class TestSealedEnvelope final : public QObject {
    Q_OBJECT

private slots:
    void everyMemberOpensItAndNobodyElse()
    {
        const Bytes file = envelopeToJson(sealed());
        QVERIFY(isSealedEnvelope(file));
        QVERIFY(!file.contains("what it says"));
        const auto read = envelopeFromJson(file);
        QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
        QVERIFY(*read == envelopeFromJson(envelopeToJson(*read)).value());
        for (const char seed : {'a', 'b', 'c'})
            QCOMPARE(openEnvelope(*read, secretOf(seed)).value(), "what it says");
        QCOMPARE(openEnvelope(*read, secretOf('d')).error().kind, ErrorKind::NotFound);
        QVERIFY(sealed().content != sealed().content);
    }

    void theHeaderIsBound()
    {
        const SealedEnvelope good = sealed();
        const auto refused = [](const SealedEnvelope &changed) {
            return openEnvelope(changed, secretOf('a')).error().kind == ErrorKind::Corrupt;
        };
        SealedEnvelope changed = good;
        changed.chainId = ChainId(1);
        QVERIFY(refused(changed));
        changed = good;
        changed.safe = testRegistry;
        QVERIFY(refused(changed));
        changed = good;
        changed.holds = u"countersign.rejection"_s;
        QVERIFY(refused(changed));
        changed = good;
        changed.recipients.removeLast();
        QVERIFY2(refused(changed), "a reader is left out");
        changed = good;
        changed.recipients.append({member('d').member, member('d').key, good.recipients[0].enc, good.recipients[0].wrapped});
        QVERIFY2(refused(changed), "a reader is added");
        changed = good;
        std::swap(changed.recipients[0].wrapped, changed.recipients[1].wrapped);
        std::swap(changed.recipients[0].enc, changed.recipients[1].enc);
        QVERIFY(refused(changed));
        changed = good;
        changed.content = sealed("something else").content;
        QVERIFY2(refused(changed), "the content of another");
        for (qsizetype i = 0; i < good.content.size(); ++i) {
            changed = good;
            changed.content[i] = static_cast<char>(changed.content[i] ^ 1);
            QVERIFY(refused(changed));
            changed.content = good.content.first(i);
            QVERIFY(refused(changed));
        }
    }

    void everyChangedByteOfTheFileIsRefusedOrDoesNotOpen()
    {
        const Bytes good = envelopeToJson(sealed());
        for (qsizetype at = 0; at < good.size(); ++at) {
            Bytes bad = good;
            bad[at] = static_cast<char>(bad[at] ^ 1);
            const auto read = envelopeFromJson(bad);
            // What was wrapped for others is theirs to find out.
            if (read && read->recipients[0] == envelopeFromJson(good)->recipients[0] && read->content == envelopeFromJson(good)->content
                && read->holds == u"countersign.note"_s && read->safe == testSafe && read->chainId == ChainId(testChain)
                && read->recipients[1].key == member('b').key && read->recipients[2].key == member('c').key
                && read->recipients[1].member == member('b').member && read->recipients[2].member == member('c').member)
                continue;
            QVERIFY2(!read || !openEnvelope(*read, secretOf('a')), qPrintable(QString::fromLatin1(bad.mid(at - 10, 20))));
            if (at % 16 == 0)
                QVERIFY(!envelopeFromJson(good.first(at)));
        }
    }

    void whoReadsAPackageOfOthersIsToldSo()
    {
        const Bytes file = envelopeToJson(sealed());
        QCOMPARE(bundleFromFile(file).error(), encryptedPackage());
        QCOMPARE(bundleFromBytes(file).error(), encryptedPackage());
        QVERIFY(!entryFromJson(file));
    }

    void limitsAreKept()
    {
        QList<MemberKey> crowd;
        for (int i = 0; i <= maxEnvelopeRecipients; ++i)
            crowd.append({Address::fromBytes(QByteArray(20, static_cast<char>(i + 1))).value(), member('a').key, {}});
        const QString kind = u"countersign.note"_s;
        QCOMPARE(sealEnvelope(ChainId(1), testSafe, kind, "x", crowd).error().kind, ErrorKind::Exhausted);
        crowd.removeLast();
        const auto most = sealEnvelope(ChainId(1), testSafe, kind, Bytes(maxEnvelopeContent, 'x'), crowd);
        QVERIFY(most);
        const Bytes file = envelopeToJson(*most);
        QVERIFY2(file.size() <= maxEnvelopeBytes, qPrintable(QString::number(file.size())));
        QVERIFY(envelopeFromJson(file));
        QCOMPARE(sealEnvelope(ChainId(1), testSafe, kind, Bytes(maxEnvelopeContent + 1, 'x'), crowd).error().kind,
            ErrorKind::Exhausted);
        QCOMPARE(envelopeFromJson(Bytes(maxEnvelopeBytes + 1, ' ')).error().kind, ErrorKind::Exhausted);
        QCOMPARE(sealEnvelope(ChainId(1), testSafe, kind, "x", {}).error().kind, ErrorKind::Invalid);
        QCOMPARE(sealEnvelope(ChainId(1), testSafe, kind, "x", {member('a'), member('a')}).error().kind, ErrorKind::Invalid);
        const Hash32 low = Hash32::fromBytes(QByteArray(32, '\0')).value();
        QCOMPARE(sealEnvelope(ChainId(1), testSafe, kind, "x", {{testSafe, low, {}}}).error().kind, ErrorKind::Rejected);
    }

    void otherSpellingsAndMembersAreRefused()
    {
        const Bytes good = envelopeToJson(sealed());
        QVERIFY(!envelopeFromJson(with(good, u"more"_s, 1)));
        QVERIFY(!envelopeFromJson(with(good, u"version"_s, 3)));
        QVERIFY(!envelopeFromJson(with(good, u"holds"_s, u"Countersign Note"_s)));
        QVERIFY(!envelopeFromJson(with(good, u"recipients"_s, QJsonArray())));
        const QString content = QJsonDocument::fromJson(good).object().value(u"content"_s).toString();
        QVERIFY(!envelopeFromJson(with(good, u"content"_s, QString(content + u"\n"_s))));
        QVERIFY(!envelopeFromJson(with(good, u"content"_s, u"not base64!"_s)));
        QVERIFY(!envelopeFromJson(good + "\n"));
        QVERIFY(!isSealedEnvelope("{}"));
        QVERIFY(!isSealedEnvelope("what"));
    }
};

QTEST_GUILESS_MAIN(TestSealedEnvelope)
#include "tst_sealedenvelope.moc"
