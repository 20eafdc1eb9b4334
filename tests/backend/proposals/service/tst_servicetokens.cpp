#include "backend/proposals/service/servicetokens.h"
#include "tests/backend/proposals/service/servicefixture.h"
#include "tests/support/secretstore/fakesecretstore.h"

#include <QCoroTask>

using namespace countersign;

/// Access tokens of services: where they are kept, and to whom they are sent.
class TestServiceTokens final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServiceFixture> m_service;
    std::vector<std::unique_ptr<ServiceExchange>> m_services;
    std::unique_ptr<testing::FakeSecretStore> m_store;
    QString m_origin;

    static SecretBuffer secret(QByteArray bytes) { return SecretBuffer::takeFrom(bytes.data(), bytes.size()); }
    ServiceExchange &exchange() const { return *m_services.front(); }
    void open(ServiceTokens &tokens) const
    {
        exchange().start(std::chrono::hours(1));
        exchange().setState(testState());
        tokens.start();
    }

private slots:
    void init()
    {
        m_services.clear();
        m_service = std::make_unique<ServiceFixture>();
        m_service->model.token = "eyJ.token.1"_ba;
        m_services.push_back(m_service->open());
        m_store = std::make_unique<testing::FakeSecretStore>();
        m_origin = ServiceTokens::originOf(m_service->model.url());
    }
    void cleanup() { m_services.clear(); }

    void aTokenIsForAnOriginNotForAChain()
    {
        QCOMPARE(ServiceTokens::originOf(QUrl(u"https://api.safe.global/tx-service/eth/api/"_s)), u"https://api.safe.global"_s);
        QCOMPARE(ServiceTokens::originOf(QUrl(u"https://api.safe.global/tx-service/pol/api/"_s)), u"https://api.safe.global"_s);
        QCOMPARE(ServiceTokens::originOf(QUrl(u"https://api.safe.global:8443/x?y#z"_s)), u"https://api.safe.global:8443"_s);
        QVERIFY(ServiceTokens::originOf(QUrl(u"http://api.safe.global/"_s)) != ServiceTokens::originOf(QUrl(u"https://api.safe.global/"_s)));
    }
    void nothingIsAskedBeforeTheKeychainHasAnswered()
    {
        m_store->held.insert(ServiceTokens::entryOf(m_origin), "eyJ.token.1"_ba);
        m_store->delay = 50;
        ServiceTokens tokens(m_services, *m_store);
        exchange().start(std::chrono::hours(1));
        exchange().setState(testState());
        QTest::qWait(30);
        QCOMPARE(m_service->model.requests().size(), 0);
        QVERIFY(!exchange().status().warnings.isEmpty());
        tokens.start();
        QTRY_VERIFY(exchange().status().hasRead);
        QCOMPARE(tokens.token(m_origin).state, ServiceToken::State::Stored);
        for (const auto &request : m_service->model.requests())
            QCOMPARE(request.headers.value("authorization"), "Bearer eyJ.token.1"_ba);
    }
    void withoutOneItIsAskedAsAnybodyAsks()
    {
        ServiceTokens tokens(m_services, *m_store);
        open(tokens);
        QTRY_VERIFY(exchange().status().error);
        QCOMPARE(exchange().status().error->kind, ErrorKind::Unauthenticated);
        QCOMPARE(tokens.token(m_origin).state, ServiceToken::State::None);
        QVERIFY(!m_service->model.requests().first().headers.contains("authorization"));
    }
    void enteredItIsUsedAndKept()
    {
        ServiceTokens tokens(m_services, *m_store);
        open(tokens);
        QTRY_VERIFY(exchange().status().error);
        const auto kept = QCoro::waitFor(tokens.keep(m_origin, secret("eyJ.token.1")));
        QVERIFY(kept);
        QCOMPARE(kept->state, ServiceToken::State::Stored);
        QTRY_VERIFY(exchange().status().hasRead);
        QVERIFY(!exchange().status().error);
        QCOMPARE(m_store->held.value(ServiceTokens::entryOf(m_origin)), "eyJ.token.1"_ba);
        QVERIFY(QCoro::waitFor(tokens.remove(m_origin)));
        QVERIFY(m_store->held.isEmpty());
        QTRY_VERIFY(exchange().status().error);
        QCOMPARE(tokens.token(m_origin).state, ServiceToken::State::None);
    }
    void withoutAKeychainItIsKeptForThisRun()
    {
        m_store->failure = Error{ErrorKind::Unavailable, u"This session has no keychain"_s, {}};
        ServiceTokens tokens(m_services, *m_store);
        open(tokens);
        QTRY_COMPARE(tokens.token(m_origin).state, ServiceToken::State::Unreadable);
        const auto kept = QCoro::waitFor(tokens.keep(m_origin, secret("eyJ.token.1")));
        QVERIFY(kept);
        QCOMPARE(kept->state, ServiceToken::State::ThisRun);
        QCOMPARE(kept->problem, u"This session has no keychain"_s);
        QTRY_VERIFY(exchange().status().hasRead);
        QVERIFY(!QCoro::waitFor(tokens.remove(m_origin))); // what it cannot look at it cannot vouch for
        QCOMPARE(tokens.token(m_origin).state, ServiceToken::State::None);
        QTRY_VERIFY(exchange().status().error);
    }
    void whatIsEnteredIsNotUndoneByALateAnswer()
    {
        m_store->held.insert(ServiceTokens::entryOf(m_origin), "old"_ba);
        m_store->delay = 100;
        ServiceTokens tokens(m_services, *m_store);
        open(tokens);
        QVERIFY(QCoro::waitFor(tokens.keep(m_origin, secret("eyJ.token.1"))));
        QTRY_COMPARE(m_store->reads, 1);
        QTest::qWait(20);
        QTRY_VERIFY(exchange().status().hasRead);
        QVERIFY(!exchange().status().error);
    }
    void neverOverPlainHttpToAnotherMachine()
    {
        m_services.clear();
        m_services.push_back(std::make_unique<ServiceExchange>(
            ServiceSettings{u"ethereum"_s, ChainId(testChain), testSafe, QUrl(u"http://safe.example/api/"_s)}));
        ServiceTokens tokens(m_services, *m_store);
        const auto kept = QCoro::waitFor(tokens.keep(u"http://safe.example"_s, secret("eyJ.token.1")));
        QVERIFY(!kept);
        QCOMPARE(kept.error().kind, ErrorKind::Invalid);
        QVERIFY(m_store->held.isEmpty());
    }
    void whatIsNoTokenIsRefused()
    {
        ServiceTokens tokens(m_services, *m_store);
        QVERIFY(!QCoro::waitFor(tokens.keep(m_origin, secret("two words"))));
        QVERIFY(!QCoro::waitFor(tokens.keep(m_origin, secret("a\r\nX-Injected: b"))));
        QVERIFY(!QCoro::waitFor(tokens.keep(m_origin, SecretBuffer())));
        QVERIFY(!QCoro::waitFor(tokens.keep(u"https://elsewhere.example"_s, secret("eyJ"))));
        QVERIFY(m_store->held.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestServiceTokens)
#include "tst_servicetokens.moc"
