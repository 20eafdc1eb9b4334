#include "backend/evm/artifact.h"
#include "backend/review/knowncalls.h"
#include "backend/safe/safestorage.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace countersign;

/// Holds what the review knows of our contracts against what the compiler made of them.
class TestKnownCalls final : public QObject {
    Q_OBJECT

private slots:
    void everyStateChangingFunctionIsKnown_data();
    void everyStateChangingFunctionIsKnown();
    void registryLayoutIsTheCompilers();
    void approvedHashSlotIsTheSafes();
};

namespace {

QJsonObject artifact(const QString &name)
{
    QFile file(QString::fromUtf8(CONTRACTS_FOLDER) + u"/artifacts/"_s + name + u".json"_s);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

} // namespace

void TestKnownCalls::everyStateChangingFunctionIsKnown_data()
{
    QTest::addColumn<QString>("contract");
    QTest::addColumn<int>("role");
    QTest::newRow("registry") << u"CantonKeyRegistry"_s << static_cast<int>(ContractRole::Registry);
    QTest::newRow("vault") << u"CantonDeFiVault"_s << static_cast<int>(ContractRole::Vault);
}

void TestKnownCalls::everyStateChangingFunctionIsKnown()
{
    QFETCH(QString, contract);
    QFETCH(int, role);
    const auto compiled = ContractArtifact::load(QJsonDocument(artifact(contract)).toJson());
    QVERIFY2(compiled, qPrintable(compiled ? QString() : compiled.error().message));
    const JsonAbi *known = abiOfRole(static_cast<ContractRole>(role));
    QVERIFY(known);
    for (const AbiFunction &function : compiled->abi().functions()) {
        if (function.mutability() == StateMutability::View || function.mutability() == StateMutability::Pure
            || function.name() == "executeIntent"_L1)
            continue;
        const AbiFunction *found = known->function(function.selector());
        QVERIFY2(found, qPrintable(function.signature()));
        QCOMPARE(found->signature(), function.signature());
        for (size_t i = 0; i < function.inputs().size(); ++i)
            QCOMPARE(found->inputs()[i].name, function.inputs()[i].name);
    }
    for (const AbiErrorDefinition &error : known->errors())
        QVERIFY2(compiled->abi().error(error.selector()), qPrintable(error.name()));
}

void TestKnownCalls::registryLayoutIsTheCompilers()
{
    const QJsonArray storage
        = artifact(u"CantonKeyRegistry"_s).value(u"storageLayout"_s).toObject().value(u"storage"_s).toArray();
    const QHash<QString, quint64> expected{{u"_owner"_s, RegistryLayout::owner},
        {u"_pendingOwner"_s, RegistryLayout::pendingOwner}, {u"cantonPartyToKey"_s, RegistryLayout::cantonPartyToKey}};
    QCOMPARE(storage.size(), expected.size());
    for (const QJsonValue &value : storage) {
        const QString label = value.toObject().value(u"label"_s).toString();
        QVERIFY2(expected.contains(label), qPrintable(label));
        QCOMPARE(value.toObject().value(u"slot"_s).toString(), QString::number(expected.value(label)));
    }
}

void TestKnownCalls::approvedHashSlotIsTheSafes()
{
    // keccak(hash . keccak(owner . 8)), computed by another implementation (ethers 6).
    const Address owner = *Address::parse(u"0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    const Hash32 hash = *Hash32::parse(u"0x0cb7250b8becd7069223c54e2839feaed4cee156363fbfe5dd0a48e75c4e25b3");
    QCOMPARE(approvedHashSlot(owner, hash).toString(),
        u"0x36f954d239faa702ccc40505da7449b31e9a81d31f57221391651a259c74d992"_s);
}

QTEST_GUILESS_MAIN(TestKnownCalls)
#include "tst_knowncalls.moc"
