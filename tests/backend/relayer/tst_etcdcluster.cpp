#include "backend/relayer/electionreader.h"
#include "backend/relayer/etcdclusterreader.h"
#include "tests/backend/relayer/etcdfixture.h"

#include <QCoroTask>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPromise>
#include <QSignalSpy>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

using Health = EtcdMemberState::Health;

ElectionSettings electionOf(const EtcdCluster &etcd)
{
    ElectionSettings settings;
    settings.access.endpoints = etcd.urls();
    settings.name = u"relayer-leader"_s;
    settings.backoff = {.initial = 100ms, .maximum = 400ms, .factor = 2.0, .jitter = 0.0};
    settings.leaseInterval = 500ms;
    return settings;
}

EtcdClusterSettings clusterOf(const EtcdCluster &etcd)
{
    EtcdClusterSettings settings;
    settings.access.endpoints = etcd.urls();
    settings.interval = 300ms;
    settings.deadline = 1s;
    settings.discoverEvery = 1;
    return settings;
}

const EtcdMemberState *memberAt(const EtcdClusterReader &reader, const QUrl &url)
{
    for (const EtcdMemberState &one : reader.state().members) {
        if (one.endpoint.endsWith(u':' + QString::number(url.port())))
            return &one;
    }
    return nullptr;
}

Health healthAt(const EtcdClusterReader &reader, const QUrl &url)
{
    const EtcdMemberState *one = memberAt(reader, url);
    return one ? one->health : Health::NotAsked;
}

int leaderOf(const EtcdClusterReader &reader, const EtcdCluster &etcd)
{
    for (int i = 0; i < etcd.size(); ++i) {
        const EtcdMemberState *one = memberAt(reader, etcd.url(i));
        if (one && one->leads)
            return i;
    }
    return -1;
}

QFuture<Result<QByteArray>> readyPassword(const QByteArray &password)
{
    QPromise<Result<QByteArray>> promise;
    promise.start();
    promise.addResult(password);
    promise.finish();
    return promise.future();
}

bool openssl(const QStringList &arguments)
{
    QProcess process;
    process.start(u"openssl"_s, arguments);
    return process.waitForFinished() && process.exitCode() == 0;
}

// A CA in a folder, with a certificate that serves 127.0.0.1 and that a client may use as well.
bool makeCertificates(const QString &folder)
{
    const auto file = [&folder](const char16_t *name) { return folder + u'/' + QString::fromUtf16(name); };
    QFile extensions(file(u"extensions"));
    if (!extensions.open(QIODevice::WriteOnly))
        return false;
    extensions.write("subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\n");
    extensions.close();
    return openssl({u"req"_s, u"-x509"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:prime256v1"_s, u"-nodes"_s,
               u"-days"_s, u"2"_s, u"-subj"_s, u"/CN=test CA"_s, u"-keyout"_s, file(u"ca.key"), u"-out"_s, file(u"ca.pem")})
        && openssl({u"req"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:prime256v1"_s, u"-nodes"_s, u"-subj"_s,
            u"/CN=etcd"_s, u"-keyout"_s, file(u"own.key"), u"-out"_s, file(u"own.csr")})
        && openssl({u"x509"_s, u"-req"_s, u"-in"_s, file(u"own.csr"), u"-CA"_s, file(u"ca.pem"), u"-CAkey"_s, file(u"ca.key"),
            u"-CAcreateserial"_s, u"-days"_s, u"2"_s, u"-extfile"_s, file(u"extensions"), u"-out"_s, file(u"own.pem")});
}

} // namespace

class TestEtcdCluster final : public QObject {
    Q_OBJECT

private slots:
    void everyMemberTellsItsHealthAndOneLeads()
    {
        EtcdCluster etcd(3);
        QVERIFY(etcd.start());
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-1"_s).isEmpty());
        QVERIFY(!etcd.campaign(u"jobs/nightly"_s, u"worker-7"_s).isEmpty());
        QVERIFY(etcd.ctl({u"put"_s, u"config/ab12"_s, u"no candidate"_s}, nullptr));
        const SystemClock clock;
        EtcdClusterReader reader(clusterOf(etcd), clock);
        reader.start();
        QTRY_COMPARE(reader.state().members.size(), 3);
        QTRY_VERIFY(leaderOf(reader, etcd) >= 0);
        for (const EtcdMemberState &one : reader.state().members) {
            QCOMPARE(one.health, Health::Healthy);
            QVERIFY(one.status.has_value());
            QVERIFY(one.status->dbSize > 0);
            QVERIFY(one.status->version.startsWith(u"3."_s));
            QCOMPARE(one.status->raftTerm, reader.state().term);
        }
        QCOMPARE(reader.state().members[0].member.name, u"etcd-1"_s);
        QCOMPARE(reader.state().elections, (QStringList{u"jobs/nightly"_s, u"relayer-leader"_s}));
        QCOMPARE(reader.state().problem, QString());
        QVERIFY(reader.state().alarms.isEmpty());
    }

    void theElectionGoesOnWhenTheLeadingMemberIsKilled()
    {
        EtcdCluster etcd(3);
        QVERIFY(etcd.start());
        const QString first = etcd.campaign(u"relayer-leader"_s, u"relayer-1"_s);
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-2"_s).isEmpty());
        const SystemClock clock;
        EtcdClusterReader cluster(clusterOf(etcd), clock);
        cluster.start();
        QTRY_VERIFY(leaderOf(cluster, etcd) >= 0);
        const int victim = leaderOf(cluster, etcd);
        ElectionSettings settings = electionOf(etcd);
        settings.access.endpoints.move(victim, 0); // the one that dies is the one that is asked
        ElectionReader reader(settings, clock);
        reader.start();
        QTRY_COMPARE(reader.state().candidates.size(), 2);
        etcd.stop(victim);
        QTRY_COMPARE_WITH_TIMEOUT(healthAt(cluster, etcd.url(victim)), Health::Down, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(leaderOf(cluster, etcd) >= 0 && leaderOf(cluster, etcd) != victim, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(reader.status().state, SourceState::Live, 20'000);
        QVERIFY(etcd.revoke(first));
        QTRY_COMPARE_WITH_TIMEOUT(reader.state().leader(), u"relayer-2"_s, 20'000);
        QVERIFY(etcd.start(victim));
        QTRY_COMPARE_WITH_TIMEOUT(healthAt(cluster, etcd.url(victim)), Health::Healthy, 20'000);
        QCOMPARE(cluster.state().problem, QString());
    }

    void aMemberThatIsCutOffSaysThatItKnowsNoLeader()
    {
        EtcdCluster etcd(3);
        QVERIFY(etcd.start());
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-1"_s).isEmpty());
        const SystemClock clock;
        ElectionReader reader(electionOf(etcd), clock);
        reader.start();
        QTRY_COMPARE(reader.state().leader(), u"relayer-1"_s);
        EtcdClusterReader cluster(clusterOf(etcd), clock);
        cluster.start();
        QTRY_COMPARE(cluster.state().members.size(), 3);
        etcd.freeze(1);
        etcd.freeze(2);
        QTRY_COMPARE_WITH_TIMEOUT(healthAt(cluster, etcd.url(0)), Health::Impaired, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(healthAt(cluster, etcd.url(1)), Health::Down, 20'000);
        QVERIFY(cluster.state().problem.contains(u"knows a leader"_s));
        QTRY_COMPARE_WITH_TIMEOUT(reader.status().state, SourceState::Down, 20'000);
        QCOMPARE(reader.state().leader(), u"relayer-1"_s); // the last good state stays
        etcd.thaw(1);
        etcd.thaw(2);
        QTRY_COMPARE_WITH_TIMEOUT(reader.status().state, SourceState::Live, 30'000);
        QTRY_COMPARE_WITH_TIMEOUT(cluster.state().problem, QString(), 30'000);
    }

    void leadersOfAMomentAreInTheHistoryThatTheWatchTells()
    {
        EtcdCluster etcd(1);
        QVERIFY(etcd.start());
        const QString first = etcd.campaign(u"relayer-leader"_s, u"relayer-1"_s);
        const QString second = etcd.campaign(u"relayer-leader"_s, u"relayer-2"_s);
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-3"_s).isEmpty());
        const SystemClock clock;
        ElectionSettings settings = electionOf(etcd);
        settings.leaseInterval = 1min; // only the watch can tell
        ElectionReader reader(settings, clock);
        reader.start();
        QTRY_COMPARE(reader.state().candidates.size(), 3);
        QVERIFY(reader.state().history.first().earlier);
        QVERIFY(etcd.revoke(first));
        QTRY_COMPARE(reader.state().leader(), u"relayer-2"_s);
        QVERIFY(etcd.revoke(second));
        QTRY_COMPARE(reader.state().leader(), u"relayer-3"_s);
        const QVector<LeadershipTerm> history = reader.state().history;
        QCOMPARE(history.size(), 3);
        QVERIFY(!history[0].until && history[1].until && history[2].until);
        QVERIFY(!history[0].earlier && !history[1].earlier && history[2].earlier);
    }

    void whatWasCompactedWhileNobodyLookedIsListedAgain()
    {
        EtcdCluster etcd(3);
        QVERIFY(etcd.start());
        const QString first = etcd.campaign(u"relayer-leader"_s, u"relayer-1"_s);
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-2"_s).isEmpty());
        const SystemClock clock;
        ElectionSettings settings = electionOf(etcd);
        settings.access.endpoints = {etcd.url(0)};
        ElectionReader reader(settings, clock);
        reader.start();
        QTRY_COMPARE(reader.state().candidates.size(), 2);
        QCOMPARE(reader.compactions(), 0U);
        etcd.stop(0);
        QTRY_COMPARE_WITH_TIMEOUT(reader.status().state, SourceState::Down, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(etcd.ctl({u"get"_s, u"elsewhere"_s}, nullptr, 1), 20'000); // there is a leader again
        QVERIFY(etcd.revoke(first, 1));
        for (int i = 0; i < 3; ++i)
            QVERIFY(etcd.ctl({u"put"_s, u"elsewhere"_s, QString::number(i)}, nullptr, 1));
        QString json;
        QVERIFY(etcd.ctl({u"get"_s, u"elsewhere"_s, u"-w"_s, u"json"_s}, &json, 1));
        const qint64 revision = QJsonDocument::fromJson(json.toUtf8())["header"_L1]["revision"_L1].toInteger();
        QVERIFY(revision > 3);
        QVERIFY(etcd.ctl({u"compact"_s, QString::number(revision)}, nullptr, 1));
        QVERIFY(etcd.start(0));
        QTRY_COMPARE_WITH_TIMEOUT(reader.state().leader(), u"relayer-2"_s, 30'000);
        QVERIFY(reader.compactions() >= 1);
        QCOMPARE(reader.state().candidates.size(), 1);
        QCOMPARE(reader.status().state, SourceState::Live);
    }

    void aLeaseThatRunsOutEndsTheLeadership()
    {
        EtcdCluster etcd(1);
        QVERIFY(etcd.start());
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-1"_s, 2).isEmpty());
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-2"_s, 60).isEmpty());
        const SystemClock clock;
        ElectionReader reader(electionOf(etcd), clock);
        reader.start();
        QTRY_COMPARE(reader.state().leader(), u"relayer-1"_s);
        QTRY_COMPARE_WITH_TIMEOUT(reader.state().leader(), u"relayer-2"_s, 15'000);
        QTRY_COMPARE(reader.state().history.size(), 2);
    }

    void aUserWithAPasswordReadsAndAWrongOneIsToldSo()
    {
        EtcdCluster etcd(1);
        QVERIFY(etcd.start());
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-1"_s).isEmpty());
        QVERIFY(etcd.ctl({u"user"_s, u"add"_s, u"root:secret"_s}, nullptr));
        QVERIFY(etcd.ctl({u"user"_s, u"add"_s, u"console:looking"_s}, nullptr));
        QVERIFY(etcd.ctl({u"role"_s, u"add"_s, u"watcher"_s}, nullptr));
        QVERIFY(etcd.ctl({u"role"_s, u"grant-permission"_s, u"watcher"_s, u"--prefix=true"_s, u"read"_s, u"relayer-leader/"_s}, nullptr));
        QVERIFY(etcd.ctl({u"user"_s, u"grant-role"_s, u"root"_s, u"root"_s}, nullptr));
        QVERIFY(etcd.ctl({u"user"_s, u"grant-role"_s, u"console"_s, u"watcher"_s}, nullptr));
        QVERIFY(etcd.ctl({u"auth"_s, u"enable"_s}, nullptr));
        etcd.setCtlArguments({u"--user"_s, u"root:secret"_s});
        const SystemClock clock;
        ElectionSettings settings = electionOf(etcd);
        settings.access.user = u"console"_s;
        settings.access.password = [] { return readyPassword("looking"); };
        ElectionReader reader(settings, clock);
        reader.start();
        QTRY_COMPARE(reader.state().leader(), u"relayer-1"_s);
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-2"_s).isEmpty());
        QTRY_COMPARE(reader.state().candidates.size(), 2);

        EtcdClusterSettings all = clusterOf(etcd);
        all.access = settings.access;
        EtcdClusterReader cluster(all, clock);
        cluster.start();
        QTRY_COMPARE(cluster.state().members.size(), 1);
        QCOMPARE(cluster.state().members[0].health, Health::Healthy);
        QVERIFY(cluster.state().electionsProblem.contains(u"permission denied"_s)); // it may read only its own prefix

        settings.access.password = [] { return readyPassword("guessing"); };
        ElectionReader wrong(settings, clock);
        wrong.start();
        QTRY_COMPARE(wrong.status().state, SourceState::Down);
        QVERIFY2(wrong.status().lastError.contains(u"does not let console in"_s), qPrintable(wrong.status().lastError));

        settings.access.user.clear();
        ElectionReader nobody(settings, clock);
        nobody.start();
        QTRY_COMPARE(nobody.status().state, SourceState::Down);
    }

    void aTokenThatEtcdForgotIsReplaced()
    {
        EtcdCluster etcd(1);
        QVERIFY(etcd.start());
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-1"_s).isEmpty());
        QVERIFY(etcd.ctl({u"user"_s, u"add"_s, u"root:secret"_s}, nullptr));
        QVERIFY(etcd.ctl({u"user"_s, u"grant-role"_s, u"root"_s, u"root"_s}, nullptr));
        QVERIFY(etcd.ctl({u"user"_s, u"add"_s, u"console:looking"_s}, nullptr));
        QVERIFY(etcd.ctl({u"user"_s, u"grant-role"_s, u"console"_s, u"root"_s}, nullptr));
        QVERIFY(etcd.ctl({u"auth"_s, u"enable"_s}, nullptr));
        etcd.setCtlArguments({u"--user"_s, u"root:secret"_s});
        EtcdAccess access;
        access.endpoints = etcd.urls();
        access.user = u"console"_s;
        int asked = 0;
        access.password = [&asked] {
            ++asked;
            return readyPassword("looking");
        };
        const auto client = EtcdClient::open(etcd.url(0), access, false);
        QVERIFY(client.has_value());
        const EtcdRangeQuery query{"relayer-leader/", endOfPrefix("relayer-leader/")};
        const auto before = QCoro::waitFor(client->range(query, 3s, {}));
        QVERIFY2(before.has_value(), qPrintable(before ? QString() : before.error().message));
        QCOMPARE(asked, 1);
        QVERIFY(etcd.ctl({u"user"_s, u"delete"_s, u"console"_s}, nullptr)); // and with it every token
        QVERIFY(etcd.ctl({u"user"_s, u"add"_s, u"console:looking"_s}, nullptr));
        QVERIFY(etcd.ctl({u"user"_s, u"grant-role"_s, u"console"_s, u"root"_s}, nullptr));
        const auto after = QCoro::waitFor(client->range(query, 3s, {}));
        QVERIFY2(after.has_value(), qPrintable(after ? QString() : after.error().message));
        QCOMPARE(after->keys.size(), 1);
        QCOMPARE(asked, 2);
    }

    void mutualTlsIsAskedForAndGiven()
    {
        const QTemporaryDir folder;
        QVERIFY(makeCertificates(folder.path()));
        const QString ca = folder.filePath(u"ca.pem"_s);
        const QString own = folder.filePath(u"own.pem"_s);
        const QString key = folder.filePath(u"own.key"_s);
        EtcdCluster etcd(1, u"https"_s,
            {u"--cert-file"_s, own, u"--key-file"_s, key, u"--trusted-ca-file"_s, ca, u"--client-cert-auth"_s});
        etcd.setCtlArguments({u"--cacert"_s, ca, u"--cert"_s, own, u"--key"_s, key});
        QVERIFY(etcd.start());
        QVERIFY(!etcd.campaign(u"relayer-leader"_s, u"relayer-1"_s).isEmpty());
        const SystemClock clock;
        ElectionSettings settings = electionOf(etcd);
        const auto tls = readTlsFiles({ca, own, key, {}});
        QVERIFY(tls.has_value());
        settings.access.tls = *tls;
        ElectionReader reader(settings, clock);
        reader.start();
        QTRY_COMPARE_WITH_TIMEOUT(reader.state().leader(), u"relayer-1"_s, 15'000);

        settings.access.tls->certificateChain.clear();
        settings.access.tls->privateKey.clear();
        ElectionReader unknown(settings, clock);
        unknown.start();
        QTRY_COMPARE_WITH_TIMEOUT(unknown.status().state, SourceState::Down, 15'000);

        settings.access.tls.reset(); // the system's certificates do not know this CA
        ElectionReader trusting(settings, clock);
        trusting.start();
        QTRY_COMPARE_WITH_TIMEOUT(trusting.status().state, SourceState::Down, 15'000);
    }

    void whoActsWithoutLeadingIsSaid()
    {
        const Timestamp seen = Timestamp::fromSeconds(1'000);
        const QVector<LeadershipTerm> history{{u"relayer-1"_s, 5, seen, std::nullopt}};
        const auto at = [](qint64 seconds) { return Timestamp::fromSeconds(seconds); };
        QCOMPARE(strangeActOf(history, {{u"relayer-1"_s, at(1'100)}}, 15s), QString());
        QCOMPARE(strangeActOf(history, {{u"relayer-2"_s, at(1'010)}}, 15s), QString()); // it had not noticed yet
        QVERIFY(strangeActOf(history, {{u"relayer-2"_s, at(1'020)}}, 15s).startsWith(u"relayer-2 sent"_s));
        QCOMPARE(strangeActOf(history, {{u"relayer-2"_s, at(1'020)}, {u"relayer-1"_s, at(1'030)}}, 15s), QString());
        QCOMPARE(strangeActOf({}, {{u"relayer-2"_s, at(1'020)}}, 15s), QString());
        const QVector<LeadershipTerm> over{{u"relayer-1"_s, 5, seen, at(1'005)}};
        QCOMPARE(strangeActOf(over, {{u"relayer-2"_s, at(1'020)}}, 15s), QString());
    }

    void onlyKeysNamedByTheirLeaseAreCandidates()
    {
        EtcdKeyValue key;
        key.key = "a/b/2040a2019ffd5406";
        key.lease = 0x2040a2019ffd5406;
        QCOMPARE(electionOfKey(key), std::optional(u"a/b"_s));
        key.lease = 7;
        QVERIFY(!electionOfKey(key));
        key.key = "a/7";
        QCOMPARE(electionOfKey(key), std::optional(u"a"_s));
        key.key = "/7";
        QVERIFY(!electionOfKey(key));
        key.lease = 0;
        key.key = "a/0";
        QVERIFY(!electionOfKey(key));
        QCOMPARE(endOfPrefix("a/"), Bytes("a0"));
        QCOMPARE(endOfPrefix("a\xff"), Bytes("b"));
        QCOMPARE(endOfPrefix("\xff"), Bytes(1, '\0'));
    }
};

QTEST_GUILESS_MAIN(TestEtcdCluster)
#include "tst_etcdcluster.moc"
