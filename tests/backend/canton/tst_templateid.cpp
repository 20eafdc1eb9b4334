#include "backend/canton/templateid.h"

#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

class TestTemplateId final : public QObject {
    Q_OBJECT

private slots:
    void namesAndIdsOfPackagesAreRead()
    {
        const auto byName = TemplateId::parse(u"#vault-intents:Vault.Intents:IntentRequest");
        QVERIFY(byName.has_value());
        QCOMPARE(byName->package, u"#vault-intents"_s);
        QCOMPARE(byName->module, u"Vault.Intents"_s);
        QCOMPARE(byName->entity, u"IntentRequest"_s);
        QCOMPARE(byName->toString(), u"#vault-intents:Vault.Intents:IntentRequest"_s);
        QVERIFY(TemplateId::parse(u"00aabb:M:E").has_value());
    }

    void anythingElseIsInvalid_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"", "a", "a:b", "a:b:c:d", ":b:c", "a::c", "a:b:", "#:b:c"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void anythingElseIsInvalid()
    {
        QFETCH(QString, text);
        QCOMPARE(TemplateId::parse(text).error().kind, ErrorKind::Invalid);
    }
};

QTEST_APPLESS_MAIN(TestTemplateId)
#include "tst_templateid.moc"
