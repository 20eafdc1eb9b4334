#include "backend/proposals/execution/sourcepublication.h"
#include "backend/types/strings.h"
#include "tests/support/fakenode/fakehttpserver.h"

#include <QCoroTask>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace countersign;

/// Against a server of this machine that speaks Sourcify's API as far as it is used.
class TestSourcePublication final : public QObject {
    Q_OBJECT

private:
    static DeploymentVerification deployment()
    {
        DeploymentVerification made;
        made.address = *Address::parse(u"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
        made.contract = u"CantonKeyRegistry"_s;
        made.contractId = u"contracts/solidity/CantonKeyRegistry.sol:CantonKeyRegistry"_s;
        made.steps = {{u"The code is the build"_s, true, {}}};
        return made;
    }
    static ChainSettings chain(const test::FakeHttpServer &server)
    {
        ChainSettings settings;
        settings.name = u"ethereum"_s;
        settings.chainId = ChainId(31337);
        settings.publishSources = {{PublisherSettings::Kind::Sourcify, server.url(u"/server"_s)}};
        return settings;
    }
    static Result<SourcePublication> publish(const ChainSettings &settings, const DeploymentVerification &what)
    {
        const QUrl server = settings.publishSources.value(0).url;
        return QCoro::waitFor(publishSources(settings, server, what));
    }

private slots:
    void sourcesAreSentAndTheVerdictAwaited()
    {
        int looks = 0;
        test::FakeHttpServer server([&looks](const test::FakeHttpRequest &request) {
            if (request.method == "POST")
                return test::FakeHttpReply{.status = 202, .body = "{\"verificationId\": \"72d12273-0723-448e-a9f6-f7957128efa5\"}"};
            return test::FakeHttpReply{.body = ++looks == 1 ? QByteArray("{\"isJobCompleted\": false, \"verificationId\": \"72d12273-0723-448e-a9f6-f7957128efa5\"}")
                : QByteArray("{\"isJobCompleted\": true, \"contract\": {\"match\": \"exact_match\"}}")};
        });
        const auto published = publish(chain(server), deployment());
        QVERIFY2(published, qPrintable(published ? QString() : published.error().message));
        QCOMPARE(published->match, SourcePublication::Match::Exact);
        QCOMPARE(published->verificationId, u"72d12273-0723-448e-a9f6-f7957128efa5"_s);
        QCOMPARE(server.requests().size(), 3);
        QCOMPARE(server.requests().at(0).path, "/server/v2/verify/31337/0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
        QCOMPARE(server.requests().at(1).path, "/server/v2/verify/72d12273-0723-448e-a9f6-f7957128efa5");
        const QJsonObject sent = QJsonDocument::fromJson(server.requests().at(0).body).object();
        QCOMPARE(sent.value(u"contractIdentifier"_s).toString(), deployment().contractId);
        QVERIFY(sent.value(u"compilerVersion"_s).toString().contains(u"+commit."_s));
        const QJsonObject input = sent.value(u"stdJsonInput"_s).toObject();
        QCOMPARE(input.value(u"language"_s).toString(), u"Solidity"_s);
        QVERIFY(input.value(u"sources"_s).toObject().contains(u"contracts/solidity/CantonKeyRegistry.sol"_s));
    }

    void nothingLeavesWithoutOptIn()
    {
        test::FakeHttpServer server([](const test::FakeHttpRequest &) { return test::FakeHttpReply{}; });
        auto settings = chain(server);
        settings.publishSources.clear();
        const QUrl target = server.url(u"/server"_s);
        QCOMPARE(QCoro::waitFor(publishSources(settings, target, deployment())).error().kind, ErrorKind::Denied);
        settings.publishSources = {{PublisherSettings::Kind::Etherscan, target}};
        QCOMPARE(QCoro::waitFor(publishSources(settings, target, deployment())).error().kind, ErrorKind::Denied);
        auto unverified = deployment();
        unverified.steps.append({u"The code is the one that was created"_s, false, {}});
        QCOMPARE(publish(chain(server), unverified).error().kind, ErrorKind::Rejected);
        auto foreign = deployment();
        foreign.contractId = u"contracts/Other.sol:Other"_s;
        QCOMPARE(publish(chain(server), foreign).error().kind, ErrorKind::NotFound);
        QVERIFY(server.requests().isEmpty());
    }

    void refusalsAreToldWithTheirReason()
    {
        test::FakeHttpServer server([](const test::FakeHttpRequest &request) {
            if (request.method == "POST")
                return test::FakeHttpReply{.status = 202, .body = "{\"verificationId\": \"1\"}"};
            return test::FakeHttpReply{.body = "{\"isJobCompleted\": true, \"contract\": {\"match\": null}, \"error\": {\"customCode\": \"no_match\", \"message\": \"The bytecodes do not match.\"}}"};
        });
        auto refused = publish(chain(server), deployment());
        QCOMPARE(refused.error().kind, ErrorKind::Rejected);
        QVERIFY2(refused.error().message.contains(u"do not match"_s), qPrintable(refused.error().message));
        server.setHandler([](const test::FakeHttpRequest &) { return test::FakeHttpReply{.status = 400, .body = "{\"customCode\": \"unsupported_chain\", \"message\": \"No such chain.\"}"}; });
        refused = publish(chain(server), deployment());
        QCOMPARE(refused.error().kind, ErrorKind::Rejected);
        QVERIFY2(refused.error().message.contains(u"No such chain"_s), qPrintable(refused.error().message));
        server.setHandler([](const test::FakeHttpRequest &) { return test::FakeHttpReply{.status = 409, .body = "{\"customCode\": \"already_verified\", \"message\": \"Known.\"}"}; });
        QVERIFY(publish(chain(server), deployment()));
    }

    void answersOfAnotherShapeAreNotBelieved_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no object") << QByteArray("[]");
        QTest::newRow("no verdict") << QByteArray("{\"isJobCompleted\": true}");
        QTest::newRow("verdict of another kind") << QByteArray("{\"isJobCompleted\": true, \"contract\": {\"match\": true}}");
        QTest::newRow("done as a text") << QByteArray("{\"isJobCompleted\": \"true\"}");
        QTest::newRow("deep") << QByteArray(1000, '[');
    }
    void answersOfAnotherShapeAreNotBelieved()
    {
        QFETCH(QByteArray, answer);
        QCOMPARE(sourceJobFromJson(answer).error().kind, ErrorKind::Corrupt);
        QVERIFY(!sourceJobIdFromJson(answer));
    }
    void jobIdsThatWouldLeadElsewhereAreRefused()
    {
        for (const char *id : {"", "../../v2/contract", "a?b", "a b", "https://example.org"})
            QVERIFY(!sourceJobIdFromJson(QByteArray("{\"verificationId\": \"") + id + "\"}"));
    }
};

QTEST_GUILESS_MAIN(TestSourcePublication)
#include "tst_sourcepublication.moc"
