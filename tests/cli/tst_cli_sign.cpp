#include "app/cli/commands/command.h"
#include "backend/evm/signature.h"
#include "backend/types/strings.h"
#include "tests/backend/keys/softhsm.h"

#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QDeadlineTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <vector>

using namespace countersign;
using namespace countersign::testing;

namespace {

constexpr auto pin = "271828";

struct Said {
    int code = -1;
    QByteArray terminal;
    QByteArray output;
};

} // namespace

/// The command on a terminal of the test's own, with a token of SoftHSM2.
class TestCliSign final : public QObject {
    Q_OBJECT

private:
    QStringList keyOptions() const
    {
        return {u"--module"_s, QStringLiteral(COUNTERSIGN_SOFTHSM), u"--token"_s, m_token.serial, u"--key-id"_s, u"01"_s, u"--address"_s, m_address.toString(),
            u"--allow-software-token"_s};
    }
    QString file(const QByteArray &json)
    {
        const QString path = m_folder.filePath(u"tx.json"_s);
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(json) != json.size())
            qFatal("the file cannot be written");
        return path;
    }
    QByteArray transaction(int operation) const
    {
        return R"({"chainId":1,"safe":"0x1Db92e2EeBC8E0c075a02BeA49a2935BcD2dFCF4","version":"1.4.1","tx":{"value":"0","nonce":7,"to":"0x96221423681A6d52E184D440a8eFCEbB105C7242","data":"0x","operation":)"
            + QByteArray::number(operation) + "}}";
    }
    /// Runs `sign` and answers its questions: \a answers are typed when the terminal shows the text before them.
    Said sign(const QStringList &arguments, const QList<std::pair<QByteArray, QByteArray>> &answers) const;

    SoftHsm m_hsm;
    ProvisionedToken m_token;
    Address m_address;
    QTemporaryDir m_folder;
    QString m_hash; // of transaction(0)

private slots:
    void initTestCase();
    void signsWhatWasComparedWithAPinThatNobodySees();
    void aWrongComparisonSignsNothing();
    void aWrongPinIsSaid();
    void policyRefusesBeforeAnythingIsAsked();
    void softwareTokensAreRefusedUnlessAllowed();
    void withoutATerminalNothingIsSigned();
};

Said TestCliSign::sign(const QStringList &arguments, const QList<std::pair<QByteArray, QByteArray>> &answers) const
{
    int output[2];
    if (::pipe2(output, O_CLOEXEC) != 0)
        qFatal("no pipe");
    std::vector<QByteArray> words{QByteArrayLiteral(COUNTERSIGN_CLI), "sign"};
    for (const QString &argument : arguments)
        words.push_back(argument.toUtf8());
    std::vector<char *> argv;
    for (QByteArray &word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    int terminal = -1;
    const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (child == 0) {
        ::dup2(output[1], STDOUT_FILENO);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    ::close(output[1]);
    ::fcntl(terminal, F_SETFL, O_NONBLOCK);
    Said said;
    qsizetype answered = 0, from = 0;
    const QDeadlineTimer deadline(60'000);
    int status = 0;
    bool ended = false;
    while (!deadline.hasExpired()) {
        char buffer[4096];
        const auto count = ::read(terminal, buffer, sizeof buffer);
        if (count > 0)
            said.terminal.append(buffer, count);
        if (answered < answers.size()) {
            const qsizetype at = said.terminal.indexOf(answers[answered].first, from);
            if (at >= 0) {
                from = at + answers[answered].first.size();
                const QByteArray line = answers[answered++].second + '\n';
                if (::write(terminal, line.constData(), static_cast<size_t>(line.size())) < 0)
                    qFatal("the terminal cannot be written");
            }
        }
        if (count <= 0) {
            if (ended)
                break;
            ended = ::waitpid(child, &status, WNOHANG) == child;
            QTest::qSleep(5);
        }
    }
    if (!ended) {
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
    }
    said.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    char buffer[4096];
    for (auto count = ::read(output[0], buffer, sizeof buffer); count > 0; count = ::read(output[0], buffer, sizeof buffer))
        said.output.append(buffer, count);
    ::close(output[0]);
    ::close(terminal);
    return said;
}

void TestCliSign::initTestCase()
{
    const auto module = Pkcs11Module::load(QStringLiteral(COUNTERSIGN_SOFTHSM)).value();
    m_token = initialiseToken(*module, u"alice"_s, secret("12345678"), secret(pin)).value();
    m_address = generateSecp256k1Key(*module, m_token.serial, secret(pin), Bytes("\x01", 1), u"countersign"_s).value();
    const Said said = sign(QStringList{u"safe-tx"_s, file(transaction(0))} + keyOptions(), {{"anything else to stop: ", "no"}});
    const qsizetype at = said.terminal.indexOf("safeTxHash");
    QVERIFY2(at >= 0, said.terminal.constData());
    m_hash = QString::fromLatin1(said.terminal.sliced(said.terminal.indexOf("0x", at), 66));
}

void TestCliSign::signsWhatWasComparedWithAPinThatNobodySees()
{
    const Said said = sign(QStringList{u"safe-tx"_s, file(transaction(0)), u"--json"_s} + keyOptions(),
        {{"anything else to stop: ", m_hash.last(8).toLatin1()}, {"PIN of the token", pin}});
    QVERIFY2(said.code == 0, said.terminal + said.output);
    const qsizetype at = said.output.indexOf("\"signature\":\"");
    QVERIFY2(at >= 0, said.output.constData());
    const auto bytes = bytesFromHex(QUtf8StringView(said.output.sliced(at + 13, 132)));
    QVERIFY(bytes);
    const auto signature = EvmSignature::fromBytes65(*bytes);
    QVERIFY(signature);
    QCOMPARE(recoverAddress(*Hash32::parse(m_hash), *signature).value(), m_address);
    QVERIFY2(!said.terminal.contains(pin), said.terminal.constData());
    QVERIFY(!said.output.contains(pin));
}

void TestCliSign::aWrongComparisonSignsNothing()
{
    const Said said = sign(QStringList{u"safe-tx"_s, file(transaction(0))} + keyOptions(), {{"anything else to stop: ", "00000000"}});
    QCOMPARE(said.code, 5);
    QVERIFY(!said.output.contains("signature"));
    QVERIFY(!said.terminal.contains("PIN of the token"));
}

void TestCliSign::aWrongPinIsSaid()
{
    const Said said = sign(QStringList{u"safe-tx"_s, file(transaction(0))} + keyOptions(),
        {{"anything else to stop: ", m_hash.last(8).toLatin1()}, {"PIN of the token", "999999"}});
    QCOMPARE(said.code, 5);
    QVERIFY2(said.terminal.contains("PIN"), said.terminal.constData());
    QVERIFY(!said.output.contains("signature "));
    QVERIFY(!said.terminal.contains("999999"));
}

void TestCliSign::policyRefusesBeforeAnythingIsAsked()
{
    const Said said = sign(QStringList{u"safe-tx"_s, file(transaction(1))} + keyOptions(), {});
    QCOMPARE(said.code, 4);
    QVERIFY2(said.terminal.contains("BLOCK") && said.terminal.contains("never signed here"), said.terminal.constData());
    QVERIFY(!said.terminal.contains("PIN of the token"));
}

void TestCliSign::softwareTokensAreRefusedUnlessAllowed()
{
    QStringList options = keyOptions();
    options.removeAll(u"--allow-software-token"_s);
    const Said said = sign(QStringList{u"safe-tx"_s, file(transaction(0))} + options, {{"anything else to stop: ", m_hash.last(8).toLatin1()}, {"PIN of the token", pin}});
    QVERIFY(said.code != 0);
    QVERIFY2(!said.output.contains("\"signature\"") && !said.output.contains("signature  "), said.output.constData());
}

void TestCliSign::withoutATerminalNothingIsSigned()
{
    QStringList words{QStringLiteral(COUNTERSIGN_CLI), u"sign"_s, u"safe-tx"_s, file(transaction(0))};
    words += keyOptions();
    QProcess process;
    process.start(u"setsid"_s, QStringList{u"--wait"_s} + words); // a session of its own has no terminal
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 5);
    QVERIFY(process.readAllStandardError().contains("terminal"));
}

QTEST_GUILESS_MAIN(TestCliSign)
#include "tst_cli_sign.moc"
