#include "backend/environment/environmentchange.h"
#include "backend/types/strings.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

namespace {

const Address fresh = Address::parse(u"0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB").value();
const Timestamp now = Timestamp::fromSeconds(1'800'000'000);

NewContract vault(const QString &name = u"settlement"_s, const Address &address = fresh)
{
    return {NewContract::Kind::Vault, ChainId(31'337), name, address};
}

NewContract registry()
{
    return {NewContract::Kind::Registry, ChainId(31'337), {}, fresh};
}

/// A profile with that chain in it, and one more behind it.
QByteArray profile(const QByteArray &chain)
{
    return "version: 1\n"
           "name: test\n"
           "kind: test # a comment\n"
           "canton:\n"
           "  participants:\n"
           "    - {id: node, ledger: \"127.0.0.1:5011\", admin: \"127.0.0.1:5022\", tls: none, parties: []}\n"
           "# the chains\n"
           "chains:\n"
        + chain
        + "  - name: other\n"
          "    chainId: 2\n"
          "    rpc: [\"http://127.0.0.1:8547\"]\n"
          "keys:\n"
          "  holders:\n"
          "    - {name: alice, address: \"0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb\"}\n"
          "journal: /srv/journal.sqlite\n";
}

const QByteArray plainChain = "  - name: ethereum # main\n"
                              "    chainId: 31337\n"
                              "    rpc:\n"
                              "      - \"http://127.0.0.1:8545\"\n"
                              "    confirmations: 2   # blocks\n";
const QByteArray address = "\"0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB\"";
const QByteArray known = "\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\"";

QString write(const QTemporaryDir &folder, const QByteArray &content)
{
    const QString path = folder.filePath(u"environment.yaml"_s);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("the file cannot be written");
    return path;
}

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestEnvironmentChange final : public QObject {
    Q_OBJECT

private slots:
    void linesAreInsertedAndAllElseStays_data();
    void linesAreInsertedAndAllElseStays();
    void whatAProgramDoesNotEditIsRefused_data();
    void whatAProgramDoesNotEditIsRefused();
    void whatIsThereAlreadyIsRefused_data();
    void whatIsThereAlreadyIsRefused();
    void theFileIsWrittenWithACopyBesideItAndCanBePutBack();
    void aFileThatChangedMeanwhileIsLeftAlone();
    void aReadOnlyFileIsLeftAlone();
    void theDiffSaysWhichLines();
};

void TestEnvironmentChange::linesAreInsertedAndAllElseStays_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<NewContract>("contract");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char *name, const QByteArray &before, const NewContract &contract, const QByteArray &after) {
        QTest::newRow(name) << before << contract << after;
    };
    const QByteArray lines = "    vaults:\n      - name: \"settlement\"\n        address: " + address + "\n";
    row("no vaults so far", profile(plainChain), vault(), profile(plainChain + lines));
    row("an empty list", profile(plainChain + "    vaults: # none yet\n"), vault(),
        profile(plainChain + "    vaults: # none yet\n      - name: \"settlement\"\n        address: " + address + "\n"));
    const QByteArray block = plainChain + "    vaults:\n      # the first\n      - name: treasury # since 2024\n        address: " + known + "\n";
    row("behind a list in blocks, comments kept", profile(block), vault(),
        profile(block + "      - name: \"settlement\"\n        address: " + address + "\n"));
    const QByteArray dashes = plainChain + "    vaults:\n    - {name: treasury, address: " + known + "} # old\n";
    row("behind items between braces, at the dashes of the list", profile(dashes), vault(),
        profile(dashes + "    - {name: \"settlement\", address: " + address + "}\n"));
    row("a name that needs its quotes", profile(plainChain), vault(u"a \"b\" \\ c: #d"_s),
        profile(plainChain + "    vaults:\n      - name: \"a \\\"b\\\" \\\\ c: #d\"\n        address: " + address + "\n"));
    row("a registry", profile(plainChain), registry(), profile(plainChain + "    registry: " + address + "\n"));

    QByteArray windows = profile(block);
    windows.replace("\n", "\r\n");
    QByteArray windowsAfter = profile(block + "      - name: \"settlement\"\n        address: " + address + "\n");
    windowsAfter.replace("\n", "\r\n");
    row("lines that end as on Windows", windows, vault(), windowsAfter);

    const QByteArray last = "version: 1\nname: t\nkind: test\ncanton:\n  participants:\n    - {id: n, ledger: \"127.0.0.1:1\", tls: none}\n"
                            "journal: /j\nchains:\n  - name: ethereum\n    rpc: [\"http://127.0.0.1:1\"]\n    chainId: 31337";
    row("a last line without an end", last, vault(), last + "\n" + lines.chopped(1));
}

void TestEnvironmentChange::linesAreInsertedAndAllElseStays()
{
    QFETCH(const QByteArray, before);
    QFETCH(const NewContract, contract);
    QFETCH(const QByteArray, after);
    const auto change = planInsertion(before, u"/srv/environment.yaml"_s, contract);
    QVERIFY2(change, change ? "" : qPrintable(change.error().message + change.error().detail));
    QCOMPARE(change->after, after);
    QCOMPARE(change->before, before);
}

void TestEnvironmentChange::whatAProgramDoesNotEditIsRefused_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QString>("why");
    const auto row = [](const char *name, const QByteArray &yaml, const QString &why) { QTest::newRow(name) << yaml << why; };
    row("vaults between brackets", profile(plainChain + "    vaults: [{name: treasury, address: " + known + "}]\n"), u"on the line"_s);
    row("brackets with nothing in them", profile(plainChain + "    vaults: []\n"), u"on the line"_s);
    row("brackets over lines", profile(plainChain + "    vaults:\n      [\n        {name: treasury, address: " + known + "}\n      ]\n"),
        u"a line for each"_s);
    row("a chain between braces", profile("  - {name: ethereum, chainId: 31337, rpc: [\"http://127.0.0.1:8545\"]}\n"), u"between braces"_s);
    row("an anchor before the chain", profile("  - &main\n" + QByteArray(plainChain).replace("  - name", "    name")), {});
    row("an anchor of the vaults", profile(plainChain + "    vaults: &ours\n      - {name: treasury, address: " + known + "}\n"), u"anchor"_s);
    row("an alias of the vaults",
        profile("  - name: first\n    chainId: 3\n    rpc: [\"http://127.0.0.1:8549\"]\n    vaults: &ours\n      - {name: treasury, address: "
            + known + "}\n" + plainChain + "    vaults: *ours\n"),
        u"anchor"_s);
    row("a value over two lines",
        profile("  - name: ethereum\n    rpc: [\"http://127.0.0.1:8545\"]\n    chainId: >-\n      31337\n"), {});
    row("tabs", profile(QByteArray(plainChain).replace("    chainId", "\tchainId")), u"problems"_s);
    row("no profile", "chains: [", u"problems"_s);
}

void TestEnvironmentChange::whatAProgramDoesNotEditIsRefused()
{
    QFETCH(const QByteArray, yaml);
    QFETCH(const QString, why);
    const auto change = planInsertion(yaml, u"/srv/environment.yaml"_s, vault());
    if (why.isEmpty() && change) // then it is right all the same
        return;
    QVERIFY(!change);
    QVERIFY2(change.error().message.contains(why), qPrintable(change.error().message));
    if (why != u"problems"_s)
        QVERIFY2(change.error().message.contains(u"by hand"_s), qPrintable(change.error().message));
}

void TestEnvironmentChange::whatIsThereAlreadyIsRefused_data()
{
    QTest::addColumn<NewContract>("contract");
    QTest::addColumn<ErrorKind>("kind");
    const auto row = [](const char *name, const NewContract &contract, ErrorKind kind) { QTest::newRow(name) << contract << kind; };
    row("the name", vault(u"treasury"_s), ErrorKind::Conflict);
    row("the name in other letters", vault(u"Treasury"_s), ErrorKind::Conflict);
    row("the address", vault(u"second"_s, Address::parse(u"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed").value()), ErrorKind::Conflict);
    row("a holder's name", vault(u"alice"_s), ErrorKind::Conflict);
    row("a second registry", registry(), ErrorKind::Conflict);
    row("no name", vault({}), ErrorKind::Invalid);
    row("a name of two lines", vault(u"a\nb"_s), ErrorKind::Invalid);
    row("a name that turns", vault(u"a\u202eb"_s), ErrorKind::Invalid);
    row("a name that means something else", vault(u"safe"_s), ErrorKind::Invalid);
    row("a name that is too long", vault(QString(65, u'a')), ErrorKind::Invalid);
    row("no address", vault(u"second"_s, Address()), ErrorKind::Invalid);
    row("another chain", {NewContract::Kind::Vault, ChainId(5), u"second"_s, fresh}, ErrorKind::NotFound);
}

void TestEnvironmentChange::whatIsThereAlreadyIsRefused()
{
    QFETCH(const NewContract, contract);
    QFETCH(const ErrorKind, kind);
    const QByteArray yaml = profile(plainChain + "    registry: \"0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359\"\n    vaults:\n      - {name: treasury, address: " + known + "}\n");
    const auto change = planInsertion(yaml, u"/srv/environment.yaml"_s, contract);
    QVERIFY(!change);
    QCOMPARE(change.error().kind, kind);
}

void TestEnvironmentChange::theFileIsWrittenWithACopyBesideItAndCanBePutBack()
{
    const QTemporaryDir folder;
    const QByteArray before = profile(plainChain);
    const QString path = write(folder, before);
    QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner));
    const auto change = planContract(path, vault());
    QVERIFY(change);
    QCOMPARE(read(path), before); // planning writes nothing
    const auto copy = applyChange(*change, now);
    QVERIFY2(copy, copy ? "" : qPrintable(copy.error().message));
    QCOMPARE(read(path), change->after);
    QCOMPARE(read(*copy), before);
    QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    QVERIFY(!(QFile::permissions(*copy) & (QFile::ReadGroup | QFile::ReadOther)));
    const auto environment = Environment::load(path);
    QVERIFY(environment);
    QCOMPARE(environment->chain(ChainId(31'337))->vaults, (QVector<VaultSettings>{{u"settlement"_s, fresh}}));

    const auto another = planContract(path, vault(u"second"_s, Address::parse(u"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed").value()));
    QVERIFY(another);
    const auto secondCopy = applyChange(*another, now);
    QVERIFY(secondCopy);
    QVERIFY(*secondCopy != *copy); // a copy is never written over
    QVERIFY(undoChange(*another));
    QVERIFY(undoChange(*change));
    QCOMPARE(read(path), before);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 3);
}

void TestEnvironmentChange::aFileThatChangedMeanwhileIsLeftAlone()
{
    const QTemporaryDir folder;
    const QString path = write(folder, profile(plainChain));
    const auto change = planContract(path, vault());
    QVERIFY(change);
    const QByteArray edited = profile(plainChain) + "# somebody else was here\n";
    write(folder, edited);
    QCOMPARE(applyChange(*change, now).error().kind, ErrorKind::Conflict);
    QCOMPARE(undoChange(*change).error().kind, ErrorKind::Conflict);
    QCOMPARE(read(path), edited);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
    QVERIFY(QFile::remove(path));
    QCOMPARE(planContract(path, vault()).error().kind, ErrorKind::NotFound);
    QCOMPARE(applyChange(*change, now).error().kind, ErrorKind::NotFound);
}

void TestEnvironmentChange::aReadOnlyFileIsLeftAlone()
{
    const QTemporaryDir folder;
    const QString path = write(folder, profile(plainChain));
    const auto change = planContract(path, vault());
    QVERIFY(change);
    QVERIFY(QFile::setPermissions(path, QFile::ReadOwner));
    QCOMPARE(planContract(path, vault()).error().kind, ErrorKind::Denied);
    QCOMPARE(applyChange(*change, now).error().kind, ErrorKind::Denied);
    QCOMPARE(read(path), profile(plainChain));
}

void TestEnvironmentChange::theDiffSaysWhichLines()
{
    const auto change = planInsertion(profile(plainChain), u"/srv/environment.yaml"_s, registry());
    QVERIFY(change);
    QCOMPARE(change->line, 14);
    QCOMPARE(change->diff(),
        QString::fromUtf8("@@ line 14 @@\n      rpc:\n        - \"http://127.0.0.1:8545\"\n      confirmations: 2   # blocks\n+     registry: "
            + address + "\n    - name: other\n      chainId: 2\n      rpc: [\"http://127.0.0.1:8547\"]\n"));
}

QTEST_GUILESS_MAIN(TestEnvironmentChange)
#include "tst_environmentchange.moc"
