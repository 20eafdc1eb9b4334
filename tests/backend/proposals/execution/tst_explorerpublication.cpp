#include "backend/proposals/execution/explorerpublication.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "tests/support/fakenode/fakehttpserver.h"

#include <QCoroTask>
#include <QTest>
#include <QUrlQuery>

using namespace countersign;

namespace {

QByteArray jsonOf(const QByteArray &status, const QByteArray &result)
{
    return "{\"status\":\"" + status + "\",\"message\":\"" + (status == "1" ? "OK" : "NOTOK") + "\",\"result\":\"" + result + "\"}";
}

/// Sends sources, or asks after a job.
bool isSending(const test::FakeHttpRequest &request)
{
    return request.body.contains("action=verifysourcecode");
}

} // namespace

/// Against a server of this machine that speaks Etherscan's API as far as it is used.
class TestExplorerPublication final : public QObject {
    Q_OBJECT

private:
    static DeploymentVerification deployment()
    {
        DeploymentVerification made;
        made.address = *Address::parse(u"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
        made.contract = u"CantonKeyRegistry"_s;
        made.contractId = u"contracts/solidity/CantonKeyRegistry.sol:CantonKeyRegistry"_s;
        made.constructorArguments = QByteArray::fromHex("00ff");
        made.steps = {{u"The code is the build"_s, true, {}}};
        return made;
    }
    static SecretBuffer key(QByteArray bytes = "K3YsecretK3Y") { return SecretBuffer::takeFrom(bytes.data(), bytes.size()); }
    static Result<ExplorerVerdict> publish(const QUrl &api, SecretBuffer secret = key(), const DeploymentVerification &what = deployment())
    {
        return QCoro::waitFor(publishToExplorer({api, ChainId(137)}, std::move(secret), what));
    }

private slots:
    void sourcesAreSentAndTheVerdictAwaited()
    {
        int looks = 0;
        test::FakeHttpServer server([&looks](const test::FakeHttpRequest &request) {
            if (isSending(request))
                return test::FakeHttpReply{.body = jsonOf("1", "ezq878u486pzijkvvmerl6a9mzwhv6sefgvqi5tkwceejc7tvn")};
            return test::FakeHttpReply{.body = ++looks == 1 ? jsonOf("0", "Pending in queue") : jsonOf("1", "Pass - Verified")};
        });
        QStringList told;
        const auto note = [&told](const QString &text) { told.append(text); };
        const auto verdict = QCoro::waitFor(publishToExplorer({server.url(u"/v2/api"_s), ChainId(137)}, key(), deployment(), note));
        QVERIFY2(verdict, qPrintable(verdict ? QString() : verdict.error().message));
        QCOMPARE(*verdict, ExplorerVerdict::Verified);
        QCOMPARE(server.requests().size(), 3);
        for (const test::FakeHttpRequest &request : server.requests()) {
            QCOMPARE(request.method, "POST");
            QCOMPARE(request.path, "/v2/api?chainid=137"); // nothing secret in an address
        }
        QCOMPARE(told.size(), 2);
        QVERIFY(told.last().contains(u"ezq878u486pzijkvvmerl6a9mzwhv6sefgvqi5tkwceejc7tvn"_s));
        QVERIFY(!told.join(u'\n').contains(u"K3Y"_s));
        QCOMPARE(server.requests().at(0).headers.value("content-type"), "application/x-www-form-urlencoded");
        const QUrlQuery form(QString::fromLatin1(server.requests().at(0).body));
        const auto field = [&form](const QString &name) { return form.queryItemValue(name, QUrl::FullyDecoded); };
        QCOMPARE(field(u"apikey"_s), u"K3YsecretK3Y"_s);
        QCOMPARE(field(u"action"_s), u"verifysourcecode"_s);
        QCOMPARE(field(u"codeformat"_s), u"solidity-standard-json-input"_s);
        QCOMPARE(field(u"contractname"_s), deployment().contractId);
        QCOMPARE(field(u"constructorArguements"_s), u"00ff"_s);
        QCOMPARE(field(u"constructorArguments"_s), u"00ff"_s);
        QVERIFY(field(u"compilerversion"_s).startsWith(u"v0.8."_s));
        QVERIFY(field(u"compilerversion"_s).contains(u"+commit."_s));
        QVERIFY(field(u"sourceCode"_s).startsWith(u'{'));
        QVERIFY(field(u"sourceCode"_s).contains(u"contracts/solidity/CantonKeyRegistry.sol"_s));
        const QUrlQuery question(QString::fromLatin1(server.requests().at(2).body));
        QCOMPARE(question.queryItemValue(u"action"_s), u"checkverifystatus"_s);
        QCOMPARE(question.queryItemValue(u"guid"_s), u"ezq878u486pzijkvvmerl6a9mzwhv6sefgvqi5tkwceejc7tvn"_s);
        QCOMPARE(question.queryItemValue(u"apikey"_s), u"K3YsecretK3Y"_s);
    }
    void refusalsBecomeErrors_data()
    {
        QTest::addColumn<QByteArray>("result");
        QTest::addColumn<int>("kind");
        QTest::newRow("key") << "Invalid API Key (#err2)|K3YsecretK3Y"_ba << int(ErrorKind::Unauthenticated);
        QTest::newRow("key in other letters") << "Invalid API Key k3ysecretk3y, K3Y\\u0073ecretK3Y"_ba << int(ErrorKind::Unauthenticated);
        QTest::newRow("rate") << "Max rate limit reached"_ba << int(ErrorKind::Exhausted);
        QTest::newRow("not indexed") << "Unable to locate ContractCode at 0x5aAe"_ba << int(ErrorKind::Unavailable);
        QTest::newRow("other") << "Fail - Unable to verify"_ba << int(ErrorKind::Rejected);
    }
    void refusalsBecomeErrors()
    {
        QFETCH(QByteArray, result);
        QFETCH(int, kind);
        test::FakeHttpServer server([&result](const test::FakeHttpRequest &) { return test::FakeHttpReply{.body = jsonOf("0", result)}; });
        const auto verdict = publish(server.url(u"/v2/api"_s));
        QVERIFY(!verdict);
        QCOMPARE(int(verdict.error().kind), kind);
        QVERIFY2(!verdict.error().message.contains(u"K3Ysecret"_s, Qt::CaseInsensitive), qPrintable(verdict.error().message));
        QVERIFY(!verdict.error().detail.contains(u"K3Ysecret"_s, Qt::CaseInsensitive));
    }
    void theKeyIsInNoError()
    {
        test::FakeHttpServer server([](const test::FakeHttpRequest &request) {
            test::FakeHttpReply reply{.body = jsonOf("1", "guid")};
            reply.hangUp = !isSending(request);
            return reply;
        });
        const auto verdict = publish(server.url(u"/v2/api"_s));
        QVERIFY(!verdict);
        QVERIFY(!verdict.error().message.contains(u"K3Y"_s) && !verdict.error().detail.contains(u"K3Y"_s));
    }
    void whoStopsWaitingIsToldThatItMayStillBePublished()
    {
        test::FakeHttpServer server([](const test::FakeHttpRequest &request) {
            return test::FakeHttpReply{.body = isSending(request) ? jsonOf("1", "guid") : jsonOf("0", "Pending in queue")};
        });
        std::stop_source stopping;
        int told = 0;
        const auto giveUp = [&](const QString &) {
            ++told;
            stopping.request_stop();
        };
        const auto verdict = QCoro::waitFor(
            publishToExplorer({server.url(u"/v2/api"_s), ChainId(137)}, key(), deployment(), giveUp, stopping.get_token()));
        QVERIFY(!verdict);
        QCOMPARE(verdict.error().kind, ErrorKind::Cancelled);
        QCOMPARE(told, 1);
    }
    void whoCannotBeReachedIsUnavailable()
    {
        QCOMPARE(publish(QUrl(u"http://127.0.0.1:1/v2/api"_s)).error().kind, ErrorKind::Unavailable);
    }
    void whatTheExplorerHasIsSuccess()
    {
        QCOMPARE(explorerJobFromJson(jsonOf("0", "Contract source code already verified")).value(), QString());
        QCOMPARE(explorerVerdictFromJson(jsonOf("0", "Already Verified")).value(), ExplorerVerdict::AlreadyVerified);
    }
    void malformedAnswersAreCorrupt()
    {
        for (const QByteArray &answer : {""_ba, "[]"_ba, "{}"_ba, "{\"status\":\"2\"}"_ba, jsonOf("1", ""), jsonOf("1", "a/../b")})
            QCOMPARE(explorerJobFromJson(answer).error().kind, ErrorKind::Corrupt);
        QCOMPARE(explorerVerdictFromJson(jsonOf("1", "who knows")).error().kind, ErrorKind::Corrupt);
    }
    void nothingIsSentThatShouldNotBe()
    {
        test::FakeHttpServer server([](const test::FakeHttpRequest &) { return test::FakeHttpReply{}; });
        QCOMPARE(publish(QUrl(u"http://explorer.example/api"_s)).error().kind, ErrorKind::Invalid);
        QCOMPARE(publish(server.url(u"/v2/api"_s), SecretBuffer()).error().kind, ErrorKind::Invalid);
        QCOMPARE(publish(server.url(u"/v2/api"_s), key("a&b=c")).error().kind, ErrorKind::Invalid);
        auto unverified = deployment();
        unverified.steps.append({u"The code is the one that was created"_s, false, {}});
        QCOMPARE(publish(server.url(u"/v2/api"_s), key(), unverified).error().kind, ErrorKind::Rejected);
        QCOMPARE(server.requests().size(), 0);
    }
    void whatWouldLeaveIsListed()
    {
        const auto contents = publicationContents(deployment(), PublisherSettings::Kind::Etherscan, {});
        QVERIFY2(contents, qPrintable(contents ? QString() : contents.error().message));
        const QString all = contents->join(u'\n');
        QVERIFY2(all.contains(u"Source contracts/solidity/CantonKeyRegistry.sol, "_s), qPrintable(all));
        QVERIFY(all.contains(u"0x00ff"_s) && all.contains(u"+commit."_s));
        QVERIFY(all.contains(u"API key"_s));
        QVERIFY(!all.contains(u", 0 bytes"_s));
        const Hash32 creation = keccak256("creation");
        const auto others = publicationContents(deployment(), PublisherSettings::Kind::Sourcify, creation);
        QVERIFY(others && others->join(u'\n').contains(creation.toString()));
        QVERIFY2(!others->join(u'\n').contains(u"0x00ff"_s) && !others->join(u'\n').contains(u"API key"_s), "that server is not sent them");
    }
};

QTEST_GUILESS_MAIN(TestExplorerPublication)
#include "tst_explorerpublication.moc"
