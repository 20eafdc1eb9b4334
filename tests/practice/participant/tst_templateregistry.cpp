#include "app/practice/participant/templateregistry.h"
#include "app/practice/participant/vaultintents.h"

#include <QTest>

#include <algorithm>

using namespace countersign::participant;

class TestTemplateRegistry : public QObject {
    Q_OBJECT

private slots:
    void templateIsFoundByPackageNameAndById();
    void unknownNamesAreToldApart_data();
    void unknownNamesAreToldApart();
    void malformedIdentifiersAreRefused_data();
    void malformedIdentifiersAreRefused();
    void modelIsCoherent();
    void modelHasTheAgreedFields();
};

void TestTemplateRegistry::templateIsFoundByPackageNameAndById()
{
    const PackageSpec package = vaultIntentsPackage();
    const TemplateRegistry registry({package});
    const auto byName = TemplateName::fromParts("#vault-intents", "Vault.Intents", "IntentRequest");
    const auto byId = TemplateName::fromParts(package.id, "Vault.Intents", "IntentRequest");
    QVERIFY(byName && byId);
    QCOMPARE(byName->toString(), std::string("#vault-intents:Vault.Intents:IntentRequest"));
    const auto found = registry.find(*byName);
    QVERIFY(found);
    QCOMPARE(found->spec->entity, std::string("IntentRequest"));
    QVERIFY(registry.find(*byId).value() == found.value());
}

void TestTemplateRegistry::unknownNamesAreToldApart_data()
{
    QTest::addColumn<QByteArray>("package");
    QTest::addColumn<QByteArray>("module");
    QTest::addColumn<QByteArray>("entity");
    QTest::addColumn<QByteArray>("code");
    const QByteArray id = QByteArray::fromStdString(vaultIntentsPackage().id);
    QTest::newRow("package name") << QByteArray("#other") << QByteArray("Vault.Intents") << QByteArray("IntentRequest")
                                  << QByteArray("PACKAGE_NAMES_NOT_FOUND");
    QTest::newRow("entity by name") << QByteArray("#vault-intents") << QByteArray("Vault.Intents") << QByteArray("Nothing")
                                    << QByteArray("NO_TEMPLATES_FOR_PACKAGE_NAME_AND_QUALIFIED_NAME");
    QTest::newRow("module by name") << QByteArray("#vault-intents") << QByteArray("Vault") << QByteArray("IntentRequest")
                                    << QByteArray("NO_TEMPLATES_FOR_PACKAGE_NAME_AND_QUALIFIED_NAME");
    QTest::newRow("entity by id") << id << QByteArray("Vault.Intents") << QByteArray("Nothing")
                                  << QByteArray("TEMPLATES_OR_INTERFACES_NOT_FOUND");
    QTest::newRow("package id") << QByteArray("abcd") << QByteArray("Vault.Intents") << QByteArray("IntentRequest")
                                << QByteArray("TEMPLATES_OR_INTERFACES_NOT_FOUND");
    QTest::newRow("name without its mark") << QByteArray("vault-intents") << QByteArray("Vault.Intents")
                                           << QByteArray("IntentRequest") << QByteArray("TEMPLATES_OR_INTERFACES_NOT_FOUND");
}

void TestTemplateRegistry::unknownNamesAreToldApart()
{
    QFETCH(const QByteArray, package);
    QFETCH(const QByteArray, module);
    QFETCH(const QByteArray, entity);
    QFETCH(const QByteArray, code);
    const TemplateRegistry registry({vaultIntentsPackage()});
    const auto name = TemplateName::fromParts(package.toStdString(), module.toStdString(), entity.toStdString());
    QVERIFY(name);
    const auto found = registry.find(*name);
    QVERIFY(!found);
    QCOMPARE(QByteArray(found.error().code.id.data()), code);
}

void TestTemplateRegistry::malformedIdentifiersAreRefused_data()
{
    QTest::addColumn<QByteArray>("package");
    QTest::addColumn<QByteArray>("module");
    QTest::addColumn<QByteArray>("entity");
    QTest::addColumn<QByteArray>("code");
    const QByteArray good = "A";
    QTest::newRow("no package") << QByteArray() << good << good << QByteArray("MISSING_FIELD");
    QTest::newRow("mark alone") << QByteArray("#") << good << good << QByteArray("MISSING_FIELD");
    QTest::newRow("no module") << good << QByteArray() << good << QByteArray("MISSING_FIELD");
    QTest::newRow("no entity") << good << good << QByteArray() << QByteArray("MISSING_FIELD");
    QTest::newRow("two marks") << QByteArray("##a") << good << good << QByteArray("INVALID_FIELD");
    QTest::newRow("empty segment") << good << QByteArray("A..B") << good << QByteArray("INVALID_FIELD");
    QTest::newRow("ends in a dot") << good << QByteArray("A.") << good << QByteArray("INVALID_FIELD");
    QTest::newRow("starts with a digit") << good << good << QByteArray("1A") << QByteArray("INVALID_FIELD");
    QTest::newRow("colon") << good << QByteArray("A:B") << good << QByteArray("INVALID_FIELD");
    QTest::newRow("long") << good << QByteArray(1001, 'a') << good << QByteArray("INVALID_FIELD");
}

void TestTemplateRegistry::malformedIdentifiersAreRefused()
{
    QFETCH(const QByteArray, package);
    QFETCH(const QByteArray, module);
    QFETCH(const QByteArray, entity);
    QFETCH(const QByteArray, code);
    const auto name = TemplateName::fromParts(package.toStdString(), module.toStdString(), entity.toStdString());
    QVERIFY(!name);
    QCOMPARE(QByteArray(name.error().code.id.data()), code);
}

// The interpreter follows the labels of the declarations without looking back.
void TestTemplateRegistry::modelIsCoherent()
{
    const PackageSpec package = vaultIntentsPackage();
    QCOMPARE(package.id.size(), std::size_t(64));
    for (const TemplateSpec &spec : package.templates) {
        QVERIFY(!spec.signatories.empty());
        std::vector<std::string> partyLabels = spec.signatories;
        partyLabels.insert(partyLabels.end(), spec.observers.begin(), spec.observers.end());
        for (const ChoiceSpec &choice : spec.choices) {
            partyLabels.push_back(choice.controller);
        }
        for (const std::string &label : partyLabels) {
            QVERIFY(spec.field(label));
            QCOMPARE(spec.fields[*spec.field(label)].type, DamlType::Party);
        }
        for (const ChoiceSpec &choice : spec.choices) {
            if (!choice.creates) {
                continue;
            }
            const auto made = std::ranges::find(package.templates, choice.creates->entity, &TemplateSpec::entity);
            QVERIFY(made != package.templates.end());
            QCOMPARE(choice.creates->sources.size(), made->fields.size());
            for (std::size_t i = 0; i < made->fields.size(); ++i) {
                const FieldSource &source = choice.creates->sources[i];
                DamlType type = DamlType::Timestamp;
                if (source.from == FieldSource::From::Contract) {
                    QVERIFY(spec.field(source.label));
                    type = spec.fields[*spec.field(source.label)].type;
                } else if (source.from == FieldSource::From::Argument) {
                    const auto field = std::ranges::find(choice.argument, source.label, &FieldSpec::label);
                    QVERIFY(field != choice.argument.end());
                    type = field->type;
                }
                QCOMPARE(type, made->fields[i].type);
                if (source.from != FieldSource::From::LedgerTime) {
                    QCOMPARE(source.label, made->fields[i].label);
                }
            }
        }
    }
}

void TestTemplateRegistry::modelHasTheAgreedFields()
{
    const auto labels = [](const TemplateSpec &spec) {
        QByteArrayList all;
        for (const FieldSpec &field : spec.fields) {
            all.append(QByteArray::fromStdString(field.label));
        }
        return all.join(' ');
    };
    const PackageSpec package = vaultIntentsPackage();
    const QByteArray request = "issuer relayer regulator intentId partyId vaultId vaultAddress chainId adapterId action asset amount "
                               "callData nonce deadline createdAt";
    QCOMPARE(labels(package.templates[0]), request);
    QCOMPARE(labels(package.templates[1]), request + " signature authorisedAt");
    QCOMPARE(labels(package.templates[2]),
        QByteArray("issuer relayer regulator intentId partyId vaultId chainId nonce relayerId outcome txHash blockNumber gasUsed "
                   "reason acknowledgedAt"));
}

QTEST_APPLESS_MAIN(TestTemplateRegistry)

#include "tst_templateregistry.moc"
