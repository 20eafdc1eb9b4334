#include "backend/environment/environment.h"
#include "backend/environment/environmentreader.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

namespace {

const QByteArray fingerprint = "1220" + QByteArray(64, 'a');

QByteArray validProfile()
{
    return QByteArray(
               "version: 1\n"
               "name: practice\n"
               "kind: practice\n"
               "canton:\n"
               "  participants:\n"
               "    - {id: vault-operator, ledger: \"127.0.0.1:5011\", admin: \"127.0.0.1:5022\", tls: none, parties: [\"Relayer::FINGERPRINT\"]}\n"
               "    - id: regulator-node\n"
               "      ledger: canton.example.com:5031\n"
               "      tls: {ca: /etc/ca.pem, certificate: /etc/c.pem, key: /etc/k.pem, authority: canton}\n"
               "      parties: [\"Regulator::FINGERPRINT\"]\n"
               "  model:\n"
               "    request:    {template: \"#vault-intents:Vault.Intents:IntentRequest\"}\n"
               "    authorised: {template: \"#vault-intents:Vault.Intents:AuthorisedIntent\"}\n"
               "    receipt:    {template: \"#vault-intents:Vault.Intents:IntentReceipt\"}\n"
               "    fields: {intentId: theId, amount: quantity}\n"
               "relayers:\n"
               "  election: {endpoints: [\"http://127.0.0.1:2379\"], name: relayer-leader}\n"
               "  nodes:\n"
               "    - {id: relayer-1, metrics: \"http://127.0.0.1:9090/metrics\", log: /var/log/relayer-1.log}\n"
               "chains:\n"
               "  - name: ethereum\n"
               "    chainId: 31337\n"
               "    rpc: [\"http://127.0.0.1:8545\", \"http://127.0.0.1:8546\"]\n"
               "    ws: \"ws://127.0.0.1:8545\"\n"
               "    confirmations: 2\n"
               "    fees: {maxFeePerGas: 80 gwei, maxTotalFee: 0.05 ether}\n"
               "    publishSources: \"https://sourcify.example\"\n"
               "    safe: \"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\"\n"
               "    registry: \"0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359\"\n"
               "    vaults: [{name: treasury, address: \"0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB\"}]\n"
               "parties:\n"
               "  - {partyId: \"0x1111111111111111111111111111111111111111111111111111111111111111\", name: \"Treasury desk\", key: \"0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb\"}\n"
               "keys:\n"
               "  holders:\n"
               "    - {name: alice, address: \"0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb\", pkcs11: {module: /usr/lib/softhsm/libsofthsm2.so, serial: \"0123456789abcdef\", id: \"01\"}}\n"
               "prometheus: {url: \"http://127.0.0.1:9091\"}\n"
               "proposals: {folder: /srv/proposals}\n"
               "journal: /srv/journal.sqlite\n"
               "practice: {control: /run/c.sock, softhsmConfig: /srv/softhsm2.conf, pins: /srv/pins.txt}\n")
        .replace("FINGERPRINT", fingerprint);
}

/// All problems of a text as lines "line: message. hint".
QStringList problemsOf(const QByteArray &yaml, const QString &folder = {})
{
    const auto read = Environment::parse(yaml, u"env.yaml"_s, folder);
    return read ? QStringList() : read.error().detail.split(u'\n');
}

} // namespace

class TestEnvironment final : public QObject
{
    Q_OBJECT

private slots:
    void aFullProfileIsReadWhole()
    {
        const auto read = Environment::parse(validProfile(), u"env.yaml"_s);
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().detail));
        const Environment &e = *read;
        QCOMPARE(e.kind, EnvironmentKind::Practice);
        QCOMPARE(e.participants.size(), 2);
        QVERIFY(!e.participants[0].tls);
        QCOMPARE(e.participants[0].parties.first().hint().toString(), u"Relayer"_s);
        QCOMPARE(e.participants[1].tls->authority, u"canton"_s);
        QCOMPARE(e.model.fields.intentId, u"theId"_s);
        QCOMPARE(e.model.fields.amount, u"quantity"_s);
        QCOMPARE(e.model.fields.vault, u"vaultId"_s); // a field that is not mapped keeps its name of the practice model
        QCOMPARE(e.election->name, u"relayer-leader"_s);
        QCOMPARE(e.relayers[0].metrics, QUrl(u"http://127.0.0.1:9090/metrics"_s));
        QCOMPARE(e.chains[0].rpc.size(), 2);
        QCOMPARE(e.chains[0].confirmations, 2U);
        QCOMPARE(e.chains[0].fees.maxFeePerGas->toDecimal(), u"80000000000"_s);
        QCOMPARE(e.chains[0].fees.maxTotalFee->toDecimal(), u"50000000000000000"_s);
        const PublisherSettings sourcify{PublisherSettings::Kind::Sourcify, QUrl(u"https://sourcify.example"_s)};
        QCOMPARE(e.chains[0].publishSources, QVector<PublisherSettings>{sourcify});
        QCOMPARE(e.chain(ChainId(31337)), &e.chains[0]);
        QCOMPARE(e.chain(u"ethereum"_s), &e.chains[0]);
        QCOMPARE(e.chain(u"polygon"_s), nullptr);
        QCOMPARE(e.vault(ChainId(31337), e.chains[0].vaults[0].address)->name, u"treasury"_s);
        QCOMPARE(e.party(e.parties[0].partyId)->name, u"Treasury desk"_s);
        QCOMPARE(e.holders[0].pkcs11->id, QByteArray("\x01"));
        QCOMPARE(e.practice->pins, u"/srv/pins.txt"_s);
        QVERIFY(e.file.isEmpty());
    }

    void transactionServiceOfAChainIsOptionalAndItsAddressStrict_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QByteArray>("address");
        QTest::addColumn<QString>("problem");
        QTest::newRow("hosted") << "test"_ba << "https://api.safe.global/tx-service/eth/api/"_ba << QString();
        QTest::newRow("own machine") << "test"_ba << "http://127.0.0.1:8000/api/"_ba << QString();
        QTest::newRow("own machine by name") << "production"_ba << "http://localhost/api/"_ba << QString();
        QTest::newRow("practice") << "practice"_ba << "http://service.example.com/api/"_ba << QString();
        QTest::newRow("plaintext") << "test"_ba << "http://service.example.com/api/"_ba << u"plaintext"_s;
        QTest::newRow("no base") << "test"_ba << "https://service.example.com/api/v1/"_ba << u"ends in /api/"_s;
        QTest::newRow("no slash") << "test"_ba << "https://service.example.com/api"_ba << u"ends in /api/"_s;
        QTest::newRow("token") << "test"_ba << "https://service.example.com/api/?key=x"_ba << u"ends in /api/"_s;
        QTest::newRow("password") << "test"_ba << "https://a:b@service.example.com/api/"_ba << u"user name or password"_s;
        QTest::newRow("other scheme") << "test"_ba << "ftp://service.example.com/api/"_ba << u"must be a URL"_s;
    }
    void transactionServiceOfAChainIsOptionalAndItsAddressStrict()
    {
        QFETCH(QByteArray, kind);
        QFETCH(QByteArray, address);
        QFETCH(QString, problem);
        QByteArray yaml = validProfile();
        yaml.replace("kind: practice", "kind: " + kind).replace("practice: {control: /run/c.sock, softhsmConfig: /srv/softhsm2.conf, pins: /srv/pins.txt}\n", "");
        yaml.replace("softhsm/libsofthsm2.so", "token.so").replace("canton.example.com", "127.0.0.1");
        yaml.replace("    confirmations: 2\n", "    confirmations: 2\n    safeService: \"" + address + "\"\n");
        const auto read = Environment::parse(yaml, u"env.yaml"_s);
        if (problem.isEmpty()) {
            QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().detail));
            QCOMPARE(read->chains.first().safeService, std::optional(QUrl(QString::fromLatin1(address))));
            return;
        }
        QVERIFY(!read);
        QVERIFY2(read.error().detail.contains(problem), qPrintable(read.error().detail));
        QVERIFY2(read.error().detail.startsWith(u"env.yaml:26:18: "_s), qPrintable(read.error().detail)); // the value
    }

    void sourcesGoWhereTheEnvironmentSays_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<int>("servers");
        QTest::addColumn<QString>("problem");
        QTest::newRow("nowhere") << ""_ba << 0 << QString();
        QTest::newRow("a map") << "{kind: sourcify, url: \"https://sourcify.example\"}"_ba << 1 << QString();
        QTest::newRow("an explorer") << "{kind: etherscan, url: \"https://api.example/v2/api\"}"_ba << 1 << QString();
        QTest::newRow("an explorer here") << "{kind: etherscan, url: \"http://127.0.0.1:9/api\"}"_ba << 1 << QString();
        QTest::newRow("both") << "[{kind: sourcify, url: \"https://s.example\"}, {kind: etherscan, url: \"https://e.example/api\"}]"_ba << 2
                              << QString();
        QTest::newRow("twice") << "[{kind: sourcify, url: \"https://s.example\"}, {kind: sourcify, url: \"https://s.example\"}]"_ba << 0
                               << u"names this server twice"_s;
        QTest::newRow("plaintext") << "{kind: etherscan, url: \"http://api.example/api\"}"_ba << 0 << u"in plaintext"_s;
        QTest::newRow("a key in it") << "{kind: etherscan, url: \"https://api.example/api?apikey=x\"}"_ba << 0 << u"host and path only"_s;
        QTest::newRow("a key beside it") << "{kind: etherscan, url: \"https://api.example/api\", apiKey: abc}"_ba << 0 << u"key ring"_s;
        QTest::newRow("other kind") << "{kind: blockscout, url: \"https://api.example/api\"}"_ba << 0 << u"must be sourcify or etherscan"_s;
        QTest::newRow("no kind") << "{url: \"https://api.example/api\"}"_ba << 0 << u"needs “kind”"_s;
        QTest::newRow("no address") << "{kind: sourcify}"_ba << 0 << u"needs “url”"_s;
        QTest::newRow("list of addresses") << "[\"https://s.example\"]"_ba << 0 << u"must be a map"_s;
    }
    void sourcesGoWhereTheEnvironmentSays()
    {
        QFETCH(QByteArray, given);
        QFETCH(int, servers);
        QFETCH(QString, problem);
        QByteArray yaml = validProfile();
        yaml.replace("    publishSources: \"https://sourcify.example\"\n", given.isEmpty() ? QByteArray() : "    publishSources: " + given + "\n");
        const auto read = Environment::parse(yaml, u"env.yaml"_s);
        QCOMPARE(read.has_value(), problem.isEmpty());
        if (read) {
            QCOMPARE(read->chains.first().publishSources.size(), qsizetype(servers));
            return;
        }
        QVERIFY2(read.error().detail.contains(problem), qPrintable(read.error().detail));
        QVERIFY2(!read.error().detail.contains(u"apikey=x"_s) && !read.error().detail.contains(u"abc"_s), qPrintable(read.error().detail));
    }

    void transactionServiceNeedsASafe()
    {
        QByteArray yaml = validProfile();
        yaml.replace("    safe: \"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\"\n", "    safeService: \"http://127.0.0.1/api/\"\n");
        QCOMPARE(problemsOf(yaml).size(), 1);
        QVERIFY(problemsOf(yaml).first().contains(u"without “safe”"_s));
    }

    void nodesSayWhereTheirMetricsAre()
    {
        QByteArray yaml = validProfile();
        QVERIFY(!Environment::parse(yaml, u"env.yaml"_s)->chains[0].metrics);
        yaml.replace("    ws: \"ws://127.0.0.1:8545\"\n", "    ws: \"ws://127.0.0.1:8545\"\n    metrics: \"http://geth:6060/debug/metrics/prometheus\"\n");
        QCOMPARE(Environment::parse(yaml, u"env.yaml"_s)->chains[0].metrics, QUrl(u"http://geth:6060/debug/metrics/prometheus"_s));
        yaml.replace("http://geth", "geth");
        QCOMPARE(problemsOf(yaml).size(), 1);
    }

    void aServerIsAUrlOrAMap()
    {
        QByteArray yaml = validProfile();
        const QByteArray line = "prometheus: {url: \"http://127.0.0.1:9091\"}\n";
        QCOMPARE(Environment::parse(yaml, u"env.yaml"_s)->prometheus->url, QUrl(u"http://127.0.0.1:9091"_s));
        yaml.replace(line, "prometheus: https://prometheus.example.com\nalertmanagers: [\"https://a.example.com\", \"https://b.example.com\"]\n");
        const auto plain = Environment::parse(yaml, u"env.yaml"_s);
        QVERIFY2(plain.has_value(), plain ? "" : qPrintable(plain.error().detail));
        QCOMPARE(plain->prometheus->url, QUrl(u"https://prometheus.example.com"_s));
        QCOMPARE(plain->alertmanagers.size(), 2);
        yaml = validProfile();
        yaml.replace(line,
            "prometheus:\n  url: https://mimir.example.com/prometheus\n  tenant: desk\n  username: console\n  headers: {X-Env: prod}\n"
            "  tls: {ca: /ca.pem, certificate: /c.pem, key: /k.pem}\nalertmanagers:\n  - {url: \"https://a.example.com\", tenant: desk}\n");
        const auto full = Environment::parse(yaml, u"env.yaml"_s);
        QVERIFY2(full.has_value(), full ? "" : qPrintable(full.error().detail));
        const ServerSettings expected{.url = QUrl(u"https://mimir.example.com/prometheus"_s), .headers = {{u"X-Env"_s, u"prod"_s}}, .tenant = u"desk"_s,
            .username = u"console"_s, .tls = {u"/ca.pem"_s, u"/c.pem"_s, u"/k.pem"_s, {}}};
        QCOMPARE(full->prometheus, expected);
        QCOMPARE(full->alertmanagers.first().tenant, u"desk"_s);
    }

    void aServerThatCannotBeOrWouldTellASecretIsRefused_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QString>("problem");
        QTest::newRow("scheme") << QByteArray("prometheus: ftp://a.example\n") << u"must be a URL"_s;
        QTest::newRow("password") << QByteArray("prometheus: {url: https://a.example, password: x}\n") << u"looks like a secret"_s;
        QTest::newRow("token") << QByteArray("prometheus: {url: https://a.example, token: x}\n") << u"looks like a secret"_s;
        QTest::newRow("user in the address") << QByteArray("prometheus: https://me:x@a.example\n") << u"user name or password"_s;
        QTest::newRow("header") << QByteArray("prometheus: {url: https://a.example, headers: {Authorization: Bearer x}}\n") << u"carries a secret"_s;
        QTest::newRow("host") << QByteArray("prometheus: {url: https://a.example, headers: {Host: b}}\n") << u"no header that can be set"_s;
        QTest::newRow("break") << QByteArray("prometheus: {url: https://a.example, headers: {X-A: \"a\\r\\nb\"}}\n") << u"control characters"_s;
        QTest::newRow("half a certificate") << QByteArray("prometheus: {url: https://a.example, tls: {key: /k}}\n") << u"belong together"_s;
        QTest::newRow("tls over http") << QByteArray("prometheus: {url: http://a.example, tls: {ca: /k}}\n") << u"of no use"_s;
        QTest::newRow("in the clear") << QByteArray("prometheus: {url: http://a.example, username: me}\n") << u"in the clear"_s;
        QTest::newRow("unknown") << QByteArray("prometheus: {url: https://a.example, tenent: me}\n") << u"did you mean “tenant”?"_s;
        QTest::newRow("twice") << QByteArray("alertmanagers: [\"https://a.example\", \"https://a.example\"]\n") << u"twice"_s;
        QTest::newRow("twice as maps") << QByteArray("alertmanagers: [{url: https://a.example}, {url: https://a.example}]\n") << u"twice"_s;
    }
    void aServerThatCannotBeOrWouldTellASecretIsRefused()
    {
        QFETCH(QByteArray, given);
        QFETCH(QString, problem);
        QByteArray yaml = validProfile();
        yaml.replace("prometheus: {url: \"http://127.0.0.1:9091\"}\n", given);
        const QStringList problems = problemsOf(yaml);
        QCOMPARE(problems.size(), 1);
        QVERIFY2(problems.first().contains(problem), qPrintable(problems.first()));
    }

    void whatIsOptionalMayBeAbsent()
    {
        QByteArray yaml = validProfile();
        for (const char *line : {"prometheus: {url: \"http://127.0.0.1:9091\"}\n", "    ws: \"ws://127.0.0.1:8545\"\n",
                                 "    safe: \"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\"\n",
                                 "practice: {control: /run/c.sock, softhsmConfig: /srv/softhsm2.conf, pins: /srv/pins.txt}\n"})
            yaml.replace(line, "");
        const auto read = Environment::parse(yaml, u"env.yaml"_s);
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().detail));
        QVERIFY(!read->prometheus);
        QVERIFY(!read->chains[0].ws);
        QVERIFY(!read->chains[0].safe);
        QVERIFY(!read->practice);
    }

    void feesNeedTheirUnit()
    {
        QByteArray yaml = validProfile();
        yaml.replace("maxFeePerGas: 80 gwei", "maxFeePerGas: 80");
        yaml.replace("maxTotalFee: 0.05 ether", "maxTotalFee: 0");
        const QStringList problems = problemsOf(yaml);
        QCOMPARE(problems.size(), 2);
        QVERIFY2(problems[0].contains(u"“maxFeePerGas”: an amount has a number and a unit"_s), qPrintable(problems[0]));
        QVERIFY2(problems[1].contains(u"“maxTotalFee”"_s), qPrintable(problems[1]));
    }

    void aProfileOfOneParticipantIsEnough()
    {
        const auto read = Environment::parse(
            "version: 1\nname: one\nkind: test\ncanton:\n  participants:\n    - {id: p, ledger: \"127.0.0.1:1\", tls: none, parties: []}\njournal: /srv/c/journal.sqlite\n",
            u"env.yaml"_s);
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().detail));
        QVERIFY(read->chains.isEmpty());
        QVERIFY(read->model.authorised.isEmpty());
        QCOMPARE(read->proposals, u"/srv/c/proposals"_s);
    }

    void allProblemsAreReportedAtOnceInTheOrderOfTheFile()
    {
        QByteArray yaml = validProfile();
        yaml.replace("kind: practice", "kind: prod");
        yaml.replace("127.0.0.1:5011", "http://127.0.0.1:5011");
        yaml.replace("chainId: 31337", "chainId: zero");
        yaml.replace("confirmations: 2", "confirmation: 2");
        const QStringList problems = problemsOf(yaml);
        // "kind" is no kind of practice any more, so that "practice" at the end is out of place as well.
        QCOMPARE(problems.size(), 5);
        QVERIFY2(problems[0].startsWith(u"env.yaml:3:7: “kind” must be"_s), qPrintable(problems[0]));
        QVERIFY2(problems[1].startsWith(u"env.yaml:6:"_s) && problems[1].contains(u"host:port"_s) && problems[1].contains(u"leave the scheme out"_s),
                 qPrintable(problems[1]));
        QVERIFY2(problems[2].startsWith(u"env.yaml:22:14: “chainId” must be a whole number"_s), qPrintable(problems[2]));
        QVERIFY2(problems[3].contains(u"“confirmation” is no key of a chain. did you mean “confirmations”?"_s), qPrintable(problems[3]));
        QVERIFY2(problems[4].contains(u"“practice”"_s), qPrintable(problems[4]));
    }

    void theMessageIsOneSentenceWithTheFirstProblem()
    {
        const auto read = Environment::parse("version: 1\n", u"env.yaml"_s);
        QVERIFY(!read);
        QCOMPARE(read.error().kind, ErrorKind::Invalid);
        QVERIFY2(read.error().message.contains(u"problems; the first: env.yaml:1:1: a profile needs “"_s), qPrintable(read.error().message));
        QCOMPARE(read.error().detail.count(u'\n'), 3); // name, kind, canton, journal
    }

    void aProblemHasItsHint_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *from, const char *to, const QString &expected) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << expected;
        };
        row("misspelt key", "relayers:", "relayer:", u"did you mean “relayers”?"_s);
        row("transposed letters", "endpoints:", "endpionts:", u"did you mean “endpoints”?"_s);
        row("unknown key far from all", "journal: /srv", "zzzzzzzzzzzz: 1\njournal: /srv", u"known keys: "_s);
        row("checksum", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", u"“safe” is no address"_s);
        row("private key for an address", "key: \"0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb\"",
            "key: \"0x1111111111111111111111111111111111111111111111111111111111111111\"", u"private key"_s);
        row("party", "\"Relayer::", "\"Relayer:", u"name::fingerprint"_s);
        row("template", "#vault-intents:Vault.Intents:IntentReceipt", "vault-intents", u"package-name:Module.Name:Template"_s);
        row("future version", "version: 1", "version: 2", u"use a newer console"_s);
        row("password in a URL", "http://127.0.0.1:8545\"", "http://user:hunter2@127.0.0.1:8545\"", u"key ring"_s);
        row("the same URL twice", "http://127.0.0.1:8546", "http://127.0.0.1:8545", u"do not check each other"_s);
        row("relative path without a file", "/srv/journal.sqlite", "journal.sqlite", u"absolute path"_s);
        row("list for a value", "name: practice", "name: [practice]", u"one value"_s);
        row("value for a list", "vaults: [{name: treasury, address: \"0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB\"}]", "vaults: treasury", u"must be a list"_s);
        row("port", "127.0.0.1:5022", "127.0.0.1:70000", u"host:port"_s);
        row("certificate without its key", "key: /etc/k.pem, ", "", u"belong together"_s);
        row("control characters", "name: practice", "name: \"a\\x07b\"", u"control characters"_s);
        row("empty value", "name: practice", "name:", u"“name” has no value"_s);
        row("taken id", "id: regulator-node", "id: vault-operator", u"must be unique"_s);
        row("token id", "id: \"01\"", "id: \"1\"", u"pairs"_s);
        row("tls", "tls: none", "tls: off", u"“tls” is either none"_s);
        row("TLS of etcd", "name: relayer-leader}", "name: relayer-leader, tls: {ca: /etc/ca.pem}}", u"an endpoint is http"_s);
    }
    void aProblemHasItsHint()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QString, expected);
        QByteArray yaml = validProfile();
        QVERIFY(yaml.contains(from));
        yaml.replace(yaml.indexOf(from), from.size(), to);
        const QStringList problems = problemsOf(yaml);
        QVERIFY2(problems.join(u'\n').contains(expected), qPrintable(problems.join(u'\n')));
    }

    void etcdMayWantCertificatesAndAUser()
    {
        QByteArray yaml = validProfile();
        yaml.replace("{endpoints: [\"http://127.0.0.1:2379\"], name: relayer-leader}",
                     "{endpoints: [\"https://127.0.0.1:2379\"], name: relayer-leader, tls: {ca: /etc/ca.pem, certificate: /etc/c.pem, key: /etc/k.pem}, user: console}");
        const auto environment = Environment::parse(yaml, u"x.yaml"_s);
        QVERIFY2(environment.has_value(), qPrintable(environment ? QString() : environment.error().detail));
        QCOMPARE(environment->election->tls, std::optional(TlsProfile{u"/etc/ca.pem"_s, u"/etc/c.pem"_s, u"/etc/k.pem"_s, {}}));
        QCOMPARE(environment->election->user, u"console"_s);
        const auto plain = Environment::parse(validProfile(), u"x.yaml"_s);
        QVERIFY(plain && !plain->election->tls && plain->election->user.isEmpty());
    }

    void secretsAreRefusedWhereverTheyStand_data()
    {
        QTest::addColumn<QByteArray>("key");
        for (const char *key : {"pin", "PIN", "user_pin", "password", "dbPassword", "passphrase", "token", "privateKey", "private-key", "mnemonic", "apiKey"})
            QTest::newRow(key) << QByteArray(key);
    }
    void secretsAreRefusedWhereverTheyStand()
    {
        QFETCH(QByteArray, key);
        QByteArray yaml = validProfile();
        yaml.replace("id: \"01\"}", QByteArray("id: \"01\", " + key + ": \"1234\"}"));
        const QStringList problems = problemsOf(yaml);
        QCOMPARE(problems.size(), 1);
        QVERIFY2(problems[0].contains(u"secret"_s), qPrintable(problems[0]));
        QVERIFY2(problems[0].contains(u"key ring"_s), qPrintable(problems[0]));
        QVERIFY2(!problems[0].contains(u"1234"_s), "the secret itself is not repeated");
        QCOMPARE(problemsOf(validProfile() + "deep: {under: [{" + key + ": x}]}\n").size(), 2); // the unknown key, and the secret under it
    }

    void productionIsStrict()
    {
        QByteArray yaml = validProfile();
        yaml.replace("kind: practice", "kind: production");
        yaml.replace("127.0.0.1:5011", "canton.example.com:5011");
        yaml.replace(", \"http://127.0.0.1:8546\"", "");
        const QString problems = problemsOf(yaml).join(u'\n');
        QVERIFY2(problems.contains(u"production refuses software tokens"_s), qPrintable(problems));
        QVERIFY2(problems.contains(u"plaintext"_s), qPrintable(problems));
        QVERIFY2(problems.contains(u"two RPC endpoints"_s), qPrintable(problems));
        QVERIFY2(problems.contains(u"only an environment of kind practice"_s), qPrintable(problems));
    }

    void aFileIsLoadedAndItsRelativePathsStartAtItsFolder()
    {
        const QTemporaryDir dir;
        QByteArray yaml = validProfile();
        yaml.replace("/srv/journal.sqlite", "data/journal.sqlite");
        const QString path = dir.filePath(u"env.yaml"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(yaml);
        file.close();
        const auto read = Environment::load(path);
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().detail));
        QCOMPARE(read->journal, dir.filePath(u"data/journal.sqlite"_s));
        QCOMPARE(read->file, path);
    }

    void aFileThatCannotBeReadSaysSo()
    {
        const QTemporaryDir dir;
        const auto absent = Environment::load(dir.filePath(u"none.yaml"_s));
        QVERIFY(!absent);
        QCOMPARE(absent.error().kind, ErrorKind::NotFound);
        const auto folder = Environment::load(dir.path());
        QVERIFY(!folder);
        QCOMPARE(folder.error().kind, ErrorKind::Invalid);
    }

    void aTruncatedFileIsRefusedAtEveryLength()
    {
        const QByteArray yaml = validProfile();
        const qsizetype needed = yaml.indexOf("    registry: ");
        for (qsizetype length = 0; length < needed - 2; length += 7) {
            const auto read = Environment::parse(yaml.first(length), u"env.yaml"_s);
            QVERIFY2(!read, qPrintable(QString::number(length))); // the journal is missing at least
            QVERIFY(!read.error().detail.isEmpty());
        }
    }
};

QTEST_GUILESS_MAIN(TestEnvironment)
#include "tst_environment.moc"
