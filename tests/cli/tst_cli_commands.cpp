#include "app/cli/batch/operations.h"
#include "app/cli/commands/command.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

namespace {

struct Outcome {
    int code = -1;
    QByteArray output, errors;
    QJsonObject json() const { return QJsonDocument::fromJson(output).object(); }
    QStringList codes() const
    {
        QStringList all;
        for (const QJsonValue &finding : json()[u"findings"].toArray())
            all.append(finding[u"code"].toString());
        return all;
    }
};

Outcome run(const QStringList &arguments, const QByteArray &input = {})
{
    QProcess process;
    process.start(QStringLiteral(COUNTERSIGN_CLI), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000))
        qFatal("the command does not end");
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

QByteArray transaction(const QByteArray &members)
{
    return R"({"chainId":1,"safe":"0x1Db92e2EeBC8E0c075a02BeA49a2935BcD2dFCF4","version":"1.3.0","tx":{"value":"0","nonce":71,)" + members + "}}";
}

constexpr auto transfer = R"("to":"0x96221423681A6d52E184D440a8eFCEbB105C7242","data":"0xa9059cbb000000000000000000000000bdd077f651ebe7f7b3ce16fe5f2b025be29695160000000000000000000000000000000000000000000000000000000000000000")";

} // namespace

class TestCliCommands final : public QObject {
    Q_OBJECT

private slots:
    void everyCommandHasHelpAndTheManualAndCompletionKnowIt();
    void theManualKnowsEveryOperation();
    void wrongUsageIsToldAndHasItsCode_data();
    void wrongUsageIsToldAndHasItsCode();
    void aDelegatecallToAStrangerBlocks();
    void aPlainCallDoesNot();
    void aClaimedHashThatIsWrongBlocks();
    void dirtyArgumentsBlock();
    void lowersTheThresholdBehindAZeroAddress();
    void theHashesAreThoseOfBatch();
    void typedDataOfASafeTransactionIsReviewedAsOne();
    void signaturesAreHeldAgainstOwners();
    void predictsAddresses();
    void policiesAreCheckedNamedAndExplained();
    void textFromOutsideDoesNotMoveTheCursor();
    void nothingIsAskedOfANetwork();
};

void TestCliCommands::everyCommandHasHelpAndTheManualAndCompletionKnowIt()
{
    QFile man(QStringLiteral(COUNTERSIGN_ROOT "/resources/man/countersign-cli.1"));
    QFile completion(QStringLiteral(COUNTERSIGN_ROOT "/resources/completions/countersign-cli.bash"));
    QVERIFY(man.open(QIODevice::ReadOnly) && completion.open(QIODevice::ReadOnly));
    const QByteArray manual = man.readAll().replace("\\-", "-"), words = completion.readAll();
    const QByteArray general = run({u"--help"_s}).output;
    for (const Command &command : allCommands()) {
        const QStringList name = QString::fromLatin1(command.name).split(u' ');
        const Outcome help = run(name + QStringList{u"--help"_s});
        QCOMPARE(help.code, 0);
        QVERIFY2(general.contains(command.name), command.name);
        QVERIFY2(manual.contains(QByteArray("\n.SS ") + command.name), command.name);
        for (const QString &word : name)
            QVERIFY2(words.contains(word.toLatin1()), command.name);
        for (const QCommandLineOption &option : command.options()) {
            const QByteArray written = "--" + option.names().constLast().toLatin1();
            QVERIFY2(help.output.contains(written), written.constData());
            QVERIFY2(manual.contains(written), written.constData());
            QVERIFY2(words.contains(written), written.constData());
        }
    }
    QCOMPARE(run({u"--version"_s}).code, 0);
}

void TestCliCommands::theManualKnowsEveryOperation()
{
    QFile man(QStringLiteral(COUNTERSIGN_ROOT "/resources/man/countersign-cli.1"));
    QVERIFY(man.open(QIODevice::ReadOnly));
    const QByteArray manual = man.readAll(), help = run({u"batch"_s, u"--help"_s}).output;
    for (const Operation &operation : allOperations()) {
        QVERIFY2(manual.contains(operation.name), operation.name.data());
        QVERIFY2(help.contains(operation.name), operation.name.data());
    }
}

void TestCliCommands::wrongUsageIsToldAndHasItsCode_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::newRow("nothing") << QStringList{} << 2;
    QTest::newRow("unknown command") << QStringList{u"exec"_s} << 2;
    QTest::newRow("unknown option") << QStringList{u"hash"_s, u"--fast"_s} << 2;
    QTest::newRow("nothing to inspect") << QStringList{u"inspect"_s} << 2;
    QTest::newRow("unknown kind") << QStringList{u"inspect"_s, u"--kind"_s, u"poem"_s, u"0x"_s} << 2;
    QTest::newRow("missing file") << QStringList{u"inspect"_s, u"no such file"_s} << 3;
    QTest::newRow("a folder") << QStringList{u"inspect"_s, u"/"_s} << 3;
    QTest::newRow("no data") << QStringList{u"hash"_s, u"keccak256"_s, u"0xzz"_s} << 3;
    QTest::newRow("broken JSON") << QStringList{u"inspect"_s, u"{"_s} << 3;
    QTest::newRow("predict without a nonce") << QStringList{u"predict"_s, u"create"_s, u"--from"_s, u"0x96221423681A6d52E184D440a8eFCEbB105C7242"_s} << 2;
    QTest::newRow("a mistyped address") << QStringList{u"predict"_s, u"create"_s, u"--nonce"_s, u"1"_s, u"--from"_s, u"0x96221423681a6d52E184D440a8eFCEbB105C7242"_s} << 2;
    QTest::newRow("a policy without a task") << QStringList{u"policy"_s} << 2;
    QTest::newRow("a policy with an unknown task") << QStringList{u"policy"_s, u"burn"_s, u"-"_s} << 2;
    QTest::newRow("no policy file") << QStringList{u"policy"_s, u"check"_s, u"no such file"_s} << 3;
    QTest::newRow("signing without a key") << QStringList{u"sign"_s, u"safe-tx"_s, u"-"_s} << 2;
    QTest::newRow("a node that is not there") << QStringList{u"verify"_s, u"code"_s, u"--artifact"_s, u"{}"_s, u"--rpc"_s, u"http://127.0.0.1:1"_s, u"--address"_s, u"0x96221423681A6d52E184D440a8eFCEbB105C7242"_s} << 5;
    QTest::newRow("batch with words") << QStringList{u"batch"_s, u"file"_s} << 2;
}

void TestCliCommands::wrongUsageIsToldAndHasItsCode()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    const Outcome outcome = run(arguments);
    QCOMPARE(outcome.code, code);
    QVERIFY(!outcome.errors.isEmpty());
    QVERIFY(outcome.output.isEmpty());
}

void TestCliCommands::aDelegatecallToAStrangerBlocks()
{
    const Outcome outcome = run({u"inspect"_s, u"--json"_s, u"-"_s}, transaction(QByteArray(transfer) + R"(,"operation":1)"));
    QCOMPARE(outcome.code, 1);
    QVERIFY(outcome.codes().contains(u"operation.delegatecall"_s));
}

void TestCliCommands::aPlainCallDoesNot()
{
    const Outcome outcome = run({u"inspect"_s, u"--json"_s, u"-"_s}, transaction(QByteArray(transfer) + R"(,"operation":0)"));
    QCOMPARE(outcome.code, 0);
    QCOMPARE(outcome.json()[u"transaction"][u"function"].toString(), u"transfer(address,uint256)"_s);
}

void TestCliCommands::aClaimedHashThatIsWrongBlocks()
{
    QByteArray file = transaction(QByteArray(transfer) + R"(,"operation":0)");
    file.chop(1);
    file += R"(,"safeTxHash":"0x)" + QByteArray(64, '1') + "\"}";
    const Outcome outcome = run({u"inspect"_s, u"--json"_s, u"-"_s}, file);
    QCOMPARE(outcome.code, 1);
    QVERIFY(outcome.codes().contains(u"hash.claim"_s));
}

void TestCliCommands::dirtyArgumentsBlock()
{
    QByteArray dirty(transfer);
    dirty.replace("a9059cbb0000", "a9059cbb0001");
    const Outcome outcome = run({u"inspect"_s, u"--json"_s, u"-"_s}, transaction(dirty + R"(,"operation":0)"));
    QCOMPARE(outcome.code, 1);
    QVERIFY(outcome.codes().contains(u"abi.address"_s));
}

void TestCliCommands::lowersTheThresholdBehindAZeroAddress()
{
    // MultiSendCallOnly 1.5.0: one entry to the zero address, changeThreshold(1).
    const QByteArray inner = "694e80c3" + QByteArray(63, '0') + "1";
    const QByteArray entry = "00" + QByteArray(40, '0') + QByteArray(64, '0') + QByteArray(62, '0') + "24" + inner;
    const QByteArray padding((64 - entry.size() % 64) % 64, '0');
    const QByteArray data = "8d80ff0a" + QByteArray(62, '0') + "20" + QByteArray(62, '0') + QByteArray::number(entry.size() / 2, 16).rightJustified(2, '0') + entry + padding;
    const Outcome outcome = run({u"inspect"_s, u"--json"_s, u"-"_s},
        transaction(R"("to":"0xA83c336B20401Af773B6219BA5027174338D1836","operation":1,"data":"0x)" + data + '"'));
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.codes().contains(u"multisend.zero"_s), outcome.output.constData());
    QVERIFY(outcome.codes().contains(u"safe.threshold"_s));
}

void TestCliCommands::theHashesAreThoseOfBatch()
{
    const QByteArray file = transaction(QByteArray(transfer) + R"(,"operation":0)");
    const QJsonObject byCommand = run({u"hash"_s, u"safe-tx"_s, u"--json"_s, u"-"_s}, file).json();
    const QByteArray request = R"({"id":1,"op":"safe.hash",)" + QByteArrayView(file).sliced(1).toByteArray() + "\n";
    const QJsonObject byBatch = run({u"batch"_s}, request).json()[u"result"].toObject();
    QCOMPARE(byCommand[u"safeTxHash"].toString().size(), 66);
    for (const QString &name : {u"domainHash"_s, u"messageHash"_s, u"safeTxHash"_s})
        QCOMPARE(byCommand[name], byBatch[name]);
}

void TestCliCommands::typedDataOfASafeTransactionIsReviewedAsOne()
{
    const QByteArray typed = R"({"types":{"EIP712Domain":[{"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}],
        "SafeTx":[{"name":"to","type":"address"},{"name":"value","type":"uint256"},{"name":"data","type":"bytes"},{"name":"operation","type":"uint8"},
        {"name":"safeTxGas","type":"uint256"},{"name":"baseGas","type":"uint256"},{"name":"gasPrice","type":"uint256"},{"name":"gasToken","type":"address"},
        {"name":"refundReceiver","type":"address"},{"name":"nonce","type":"uint256"}]},"primaryType":"SafeTx",
        "domain":{"chainId":1,"verifyingContract":"0x1Db92e2EeBC8E0c075a02BeA49a2935BcD2dFCF4"},
        "message":{"value":"0","nonce":71,"operation":1,"safeTxGas":0,"baseGas":0,"gasPrice":0,"gasToken":"0x0000000000000000000000000000000000000000",
        "refundReceiver":"0x0000000000000000000000000000000000000000",)" + QByteArray(transfer) + "}}";
    const Outcome outcome = run({u"inspect"_s, u"--json"_s, u"-"_s}, typed);
    QCOMPARE(outcome.code, 1);
    QVERIFY(outcome.codes().contains(u"operation.delegatecall"_s));
    QVERIFY2(!outcome.codes().contains(u"hash.claim"_s), outcome.output.constData());
}

void TestCliCommands::signaturesAreHeldAgainstOwners()
{
    // The transaction of the Bybit theft, with the two signatures that were published (facts: vector B).
    const QByteArray file = R"({"chainId":1,"safe":"0x1Db92e2EeBC8E0c075a02BeA49a2935BcD2dFCF4","version":"1.1.1","tx":{"value":0,"operation":1,"safeTxGas":45746,"nonce":71,)"
        + QByteArray(transfer) + R"(},"signatures":"0xd0afef78a52fd504479dc2af3dc401334762cbd05609c7ac18db9ec5abf4a07a5cc09fc86efd3489707b89b0c729faed616459189cb50084f208d03b201b001f1f0f62ad358d6b319d3c1221d44456080068fe02ae5b1a39b4afb1e6721ca7f9903ac523a801533f265231cd35fc2dfddc3bd9a9563b51315cf9d5ff23dc6d2c221f"})";
    const QStringList owners{u"--owner"_s, u"0x1F4EB0a903619ac168b19A82F1a6e2e426522211"_s, u"--owner"_s, u"0x3Cc3A225769900e003E264dd4CB43E90896BC21A"_s};
    const Outcome good = run(QStringList{u"verify"_s, u"signatures"_s, u"--json"_s, u"--threshold"_s, u"2"_s, u"-"_s} + owners, file);
    QCOMPARE(good.code, 0);
    QCOMPARE(good.json()[u"safeTxHash"].toString(), u"0xb3476d061aeb8fc1d605a873c483a2402d88a68a9cdd1a8b47655dd55ba004f8"_s);
    const Outcome tooFew = run(QStringList{u"verify"_s, u"signatures"_s, u"--json"_s, u"--threshold"_s, u"3"_s, u"-"_s} + owners, file);
    QCOMPARE(tooFew.code, 1);
    QVERIFY2(tooFew.codes().contains(u"GS020"_s), tooFew.output.constData());
    const Outcome stranger = run(QStringList{u"verify"_s, u"signatures"_s, u"--json"_s, u"--threshold"_s, u"2"_s, u"-"_s} + owners.first(2), file);
    QCOMPARE(stranger.code, 1);
    QVERIFY2(stranger.codes().contains(u"GS026"_s), stranger.output.constData());
}

void TestCliCommands::predictsAddresses()
{
    const Outcome create = run({u"predict"_s, u"create"_s, u"--json"_s, u"--nonce"_s, u"0"_s, u"--from"_s, u"0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359"_s});
    QCOMPARE(create.json()[u"address"].toString(), u"0x7ACDdD6819675Dd5E6E412A1EFDa5F770847e240"_s);
    // EIP-1014, first example.
    const Outcome create2 = run({u"predict"_s, u"create2"_s, u"--json"_s, u"--from"_s, u"0x0000000000000000000000000000000000000000"_s, u"--salt"_s,
        u"0x"_s + QString(64, u'0'), u"--init-code"_s, u"0x00"_s});
    QCOMPARE(create2.json()[u"address"].toString(), u"0x4D1A2e2bB4F88F0250f26Ffff098B0b30B26BF38"_s);
}

void TestCliCommands::policiesAreCheckedNamedAndExplained()
{
    const QString file = QStringLiteral(COUNTERSIGN_ROOT "/resources/policy/default.yaml");
    const Outcome good = run({u"policy"_s, u"check"_s, file, u"--json"_s});
    QCOMPARE(good.code, 0);
    QCOMPARE(good.json()[u"name"].toString(), u"default"_s);
    const QString id = run({u"policy"_s, u"id"_s, file, u"--json"_s}).json()[u"id"].toString();
    QCOMPARE(id.size(), 66);
    QCOMPARE(id, good.json()[u"id"].toString());

    // Every problem is a line with its place.
    const Outcome bad = run({u"policy"_s, u"check"_s, u"-"_s}, "format: 1\nname: n\nversion: x\ndefault: maybe\n");
    QCOMPARE(bad.code, 1);
    QVERIFY2(bad.output.contains("-:3:10: \xe2\x80\x9cversion\xe2\x80\x9d must be a whole number"), bad.output.constData());
    QVERIFY(bad.output.contains("-:4:10: "));
    QCOMPARE(run({u"policy"_s, u"id"_s, u"-"_s}, "format: 1\n").code, 3);

    // Names are held against the environment.
    QTemporaryDir folder;
    const QString named = folder.filePath(u"named.yaml"_s);
    QFile source(file);
    QFile target(named);
    QVERIFY(source.open(QIODevice::ReadOnly) && target.open(QIODevice::WriteOnly));
    target.write(source.readAll().replace("proposers: [owners]", "proposers: [alice, dave]"));
    target.close();
    const QString environment = QStringLiteral(COUNTERSIGN_ROOT "/resources/environment/example.yaml");
    const Outcome strangers = run({u"policy"_s, u"check"_s, named, u"--environment"_s, environment});
    QCOMPARE(strangers.code, 1);
    QVERIFY2(strangers.output.contains("the environment has no holder"), strangers.output.constData());
    QCOMPARE(run({u"policy"_s, u"check"_s, named}).code, 0);

    const QByteArray question = R"({"chainId":"1","safe":"0x000000000000000000000000000000000000005A","calls":[{"kind":"call","operation":"delegatecall","to":"0x96221423681A6d52E184D440a8eFCEbB105C7242"}]})";
    const Outcome explained = run({u"policy"_s, u"explain"_s, file, u"-"_s, u"--json"_s}, question);
    QCOMPARE(explained.code, 1);
    QVERIFY2(explained.codes().contains(u"policy.delegatecall"_s) && explained.codes().contains(u"policy.fact"_s), explained.output.constData());
    QCOMPARE(run({u"policy"_s, u"explain"_s, file}).code, 2);
    QCOMPARE(run({u"policy"_s, u"explain"_s, file, u"{}"_s}).code, 3);
}

void TestCliCommands::textFromOutsideDoesNotMoveTheCursor()
{
    const QByteArray typed = R"({"types":{"Note":[{"name":"text","type":"string"}]},"primaryType":"Note","domain":{"name":"\u001b[2J"},"message":{"text":"a\u001b]0;b\u0007\r\n\u202eend"}})";
    const Outcome outcome = run({u"inspect"_s, u"-"_s}, typed);
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.output.contains("end"));
    for (const QByteArray &harm : {QByteArray("\x1b"), QByteArray("\x07"), QByteArray("\r"), QString(QChar(0x202e)).toUtf8()})
        QVERIFY2(!outcome.output.contains(harm), outcome.output.constData());
}

void TestCliCommands::nothingIsAskedOfANetwork()
{
    // Without a network namespace's privileges: a resolver and a proxy that lead nowhere must not matter.
    QProcess process;
    QProcessEnvironment environment;
    environment.insert(u"http_proxy"_s, u"http://127.0.0.1:1"_s);
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(COUNTERSIGN_CLI), {u"hash"_s, u"keccak256"_s, u"0x"_s});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 0);
    QVERIFY(process.readAllStandardOutput().contains("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"));
}

QTEST_GUILESS_MAIN(TestCliCommands)
#include "tst_cli_commands.moc"
