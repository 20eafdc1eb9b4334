#include "backend/descriptors/descriptorformatter.h"
#include "backend/descriptors/descriptorstore.h"
#include "backend/evm/artifact.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

namespace {

const Address contract = *Address::parse(u"0x1111111111111111111111111111111111111111");

QByteArray bound(const QByteArray &owner)
{
    return R"({"context":{"contract":{"deployments":[{"chainId":1,"address":"0x1111111111111111111111111111111111111111"}]}},"metadata":{"owner":")"
        + owner + R"("},"display":{"formats":{}}})";
}

AbiValue emptyValue(const AbiType &type)
{
    switch (type.kind()) {
    case AbiKind::Address:
        return AbiValue(contract);
    case AbiKind::Bool:
        return AbiValue(true);
    case AbiKind::FixedBytes:
        return AbiValue(Bytes(type.length(), '\3'));
    case AbiKind::Bytes:
        return AbiValue(Bytes("data"));
    case AbiKind::Tuple: {
        AbiValue::List members;
        for (const AbiParameter &component : type.components())
            members.push_back(emptyValue(component.type));
        return AbiValue(members);
    }
    default:
        return AbiValue(Uint256(7));
    }
}

} // namespace

class TestDescriptorStore final : public QObject {
    Q_OBJECT

private slots:
    void oursDescribeEveryFunctionOfTheirBuildInFull_data();
    void oursDescribeEveryFunctionOfTheirBuildInFull();
    void folderIsReadAndItsFaultsAreTold();
};

void TestDescriptorStore::oursDescribeEveryFunctionOfTheirBuildInFull_data()
{
    QTest::addColumn<QString>("build");
    for (const QString &build : {u"CantonDeFiVault"_s, u"CantonKeyRegistry"_s, u"TreasuryAdapter"_s})
        QTest::newRow(qPrintable(build)) << build;
}

void TestDescriptorStore::oursDescribeEveryFunctionOfTheirBuildInFull()
{
    QFETCH(QString, build);
    const DescriptorStore &store = DescriptorStore::shipped();
    QVERIFY(store.problems().isEmpty());
    const Descriptor *descriptor = store.ofBuild(build);
    QVERIFY(descriptor);
    const auto artifact = ContractArtifact::loadFile(QStringLiteral(CONTRACTS_FOLDER "/artifacts/%1.json").arg(build));
    QVERIFY(artifact);
    size_t described = 0;
    for (const AbiFunction &function : artifact->abi().functions()) {
        if (function.mutability() == StateMutability::View || function.mutability() == StateMutability::Pure)
            continue;
        AbiValue::List values;
        for (const AbiParameter &input : function.inputs())
            values.push_back(emptyValue(input.type));
        const CallToDescribe call{ChainId(1), {}, contract, {}, function.encodeCall(values).value(), &function.inputs(), function.signature()};
        const DescribedCall result = describeCall(*descriptor, call, {});
        QVERIFY2(result.hint, qPrintable(function.signature() + u": "_s + result.mismatch));
        QVERIFY2(result.hidden.isEmpty(), qPrintable(function.signature() + u" hides "_s + result.hidden.join(u", "_s)));
        QVERIFY(!result.hint->intent.isEmpty());
        ++described;
    }
    QVERIFY(described > 0);
    for (const DescriptorFormat &format : descriptor->formats)
        QVERIFY2(artifact->abi().function(*format.selector), qPrintable(format.key));
}

void TestDescriptorStore::folderIsReadAndItsFaultsAreTold()
{
    const QTemporaryDir folder;
    const auto write = [&folder](const QString &name, const QByteArray &text) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    };
    write(u"a.json"_s, bound("A"));
    write(u"b.json"_s, bound("B"));
    write(u"broken.json"_s, "{");
    write(u"huge.json"_s, QByteArray(Descriptor::maxBytes + 1, ' '));
    write(u"typed.json"_s, R"({"context":{"eip712":{}}})");
    write(u"readme.txt"_s, "no descriptor");
    const DescriptorStore store = DescriptorStore::load(folder.path());
    const Descriptor *found = store.find(ChainId(1), contract);
    QVERIFY(found);
    QCOMPARE(found->owner, u"A"_s);
    QVERIFY(!store.find(ChainId(2), contract));
    QVERIFY(store.ofBuild(u"CantonDeFiVault"_s)); // a file cannot take the place of ours
    QStringList faulty;
    for (const DescriptorStore::Problem &problem : store.problems())
        faulty.append(problem.file);
    QCOMPARE(faulty, (QStringList{u"b.json"_s, u"broken.json"_s, u"huge.json"_s}));
    QVERIFY(DescriptorStore::load(folder.filePath(u"none"_s)).problems().isEmpty());
}

QTEST_GUILESS_MAIN(TestDescriptorStore)
#include "tst_descriptorstore.moc"
