#include "backend/proposals/exchangeunion.h"
#include "backend/proposals/proposalfolder.h"
#include "tests/backend/proposals/service/servicefixture.h"

#include <QJsonArray>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace countersign;

namespace {

using Spoil = std::function<void(testing::SafeServiceModel &)>;

test::FakeHttpReply status(int code, const QByteArray &body = "{}")
{
    test::FakeHttpReply reply;
    reply.status = code;
    reply.body = body;
    return reply;
}

test::FakeHttpReply silent()
{
    test::FakeHttpReply reply;
    reply.silent = true;
    return reply;
}

test::FakeHttpReply hangUp()
{
    test::FakeHttpReply reply;
    reply.hangUp = true;
    return reply;
}

// To posts only, before anything is done.
Spoil answeringPosts(const test::FakeHttpReply &reply)
{
    return [reply](testing::SafeServiceModel &model) {
        model.before = [reply](const test::FakeHttpRequest &request) {
            return request.method == "POST" ? std::optional(reply) : std::nullopt;
        };
    };
}

// To posts only, after they have been done.
Spoil losingAnswers(const test::FakeHttpReply &reply)
{
    return [reply](testing::SafeServiceModel &model) {
        model.afterwards = [reply](const test::FakeHttpRequest &request, test::FakeHttpReply &given) {
            if (request.method == "POST")
                given = reply;
        };
    };
}

} // namespace

Q_DECLARE_METATYPE(Spoil)

/// A Safe transaction service that refuses, fails and lies.
class TestServiceRefusals final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServiceFixture> m_service;
    std::unique_ptr<QTemporaryDir> m_base;
    std::unique_ptr<ProposalFolder> m_folder;
    std::unique_ptr<ExchangeUnion> m_union;

    ServiceExchange &exchange() { return *m_service->exchange; }
    void join()
    {
        m_union = std::make_unique<ExchangeUnion>(std::vector<ProposalExchange *>{m_folder.get(), &exchange()});
        exchange().setLookup([this](const Hash32 &hash) { return m_union->find(hash); });
    }

private slots:
    void init()
    {
        m_service = std::make_unique<ServiceFixture>();
        m_service->exchange = m_service->open({}, std::chrono::milliseconds(300));
        m_base = std::make_unique<QTemporaryDir>();
        m_folder = std::make_unique<ProposalFolder>(m_base->filePath(u"folder"_s));
        m_folder->start(std::chrono::milliseconds(50));
    }
    void cleanup()
    {
        m_union.reset();
        m_service.reset();
        m_folder.reset();
    }

    void refusalIsAPlainSentenceAndTheFolderHasIt_data()
    {
        QTest::addColumn<Spoil>("spoil");
        QTest::addColumn<bool>("isDelegatecall");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const Spoil &spoil, ErrorKind kind, const QString &says, bool delegatecall = false) {
            QTest::newRow(name) << spoil << delegatecall << kind << says;
        };
        row("delegatecall", [](auto &) { }, ErrorKind::Rejected, u"takes no delegatecall"_s, true);
        row("not an owner there", [](auto &model) { model.owners = {carol.address()}; }, ErrorKind::Rejected, u"not an owner"_s);
        row("too often", answeringPosts(status(429)), ErrorKind::Exhausted, u"asked too often"_s);
        row("no token", [](auto &model) { model.token = "secret"_ba; }, ErrorKind::Unauthenticated, u"access token"_s);
        row("forbidden", answeringPosts(status(403)), ErrorKind::Denied, u"does not allow"_s);
        row("broken", answeringPosts(status(503)), ErrorKind::Unavailable, u"can be sent again"_s);
        row("hangs up", answeringPosts(hangUp()), ErrorKind::Unavailable, u"can be sent again"_s);
        row("silent", answeringPosts(silent()), ErrorKind::Timeout, u"can be sent again"_s);
        row("down", [](auto &model) { model.stop(); }, ErrorKind::Unavailable, u"refuses the connection"_s);
        row("elsewhere", answeringPosts(status(302)), ErrorKind::Rejected, u"points to another address"_s);
        row("answers with another transaction",
            [](auto &model) {
                ProposalDraft other = testDraft(9);
                model.store(other.transaction, {});
                model.before = [hash = other.safeTxHash()](const test::FakeHttpRequest &request) {
                    static const QByteArray members = "{\"safe\":\"" + testSafe.toString().toLatin1() + "\"}";
                    return request.method == "GET" ? std::optional(status(200, members)) : std::nullopt;
                };
            },
            ErrorKind::Corrupt, u"not the transaction that was asked for"_s);
    }
    void refusalIsAPlainSentenceAndTheFolderHasIt()
    {
        QFETCH(Spoil, spoil);
        QFETCH(bool, isDelegatecall);
        QFETCH(ErrorKind, kind);
        QFETCH(QString, says);
        join();
        QVERIFY(m_service->read());
        ProposalDraft draft = testDraft();
        if (isDelegatecall)
            draft.transaction.operation = SafeOperation::DelegateCall;
        Member proposer(1);
        const Proposal proposal = proposer.propose(draft);
        QVERIFY(answer(m_union->publish(proposal)));
        QTRY_VERIFY(m_union->find(proposal.safeTxHash()));
        spoil(m_service->model);
        QSignalSpy refused(m_union.get(), &ExchangeUnion::refused);
        QVERIFY(answer(m_union->publish(bob.countersign(proposal.safeTxHash()))));
        QCOMPARE(refused.count(), 1);
        const auto told = refused.first().at(1).value<CarrierRefusal>();
        QCOMPARE(told.carrier, exchange().name());
        QVERIFY2(told.error.kind == kind, qPrintable(errorKindName(told.error.kind) + u": "_s + told.error.message));
        QVERIFY2(told.error.message.contains(says, Qt::CaseInsensitive), qPrintable(told.error.message));
        QCOMPARE(m_union->refusals(refused.first().at(0).value<Hash32>()), QList{told});
        QVERIFY(m_service->posts() <= 1); // never twice
        QVERIFY(m_service->model.confirmedBy(proposal.safeTxHash()).empty());
        // The holders' folder has it all the same.
        QTRY_VERIFY(m_folder->find(proposal.safeTxHash()));
        QTRY_COMPARE(m_folder->find(proposal.safeTxHash())->signatures.size(), 1);
    }

    void lostAnswerIsNoFailureWhenItArrived_data()
    {
        QTest::addColumn<Spoil>("spoil");
        QTest::newRow("silent") << losingAnswers(silent());
        QTest::newRow("hangs up") << losingAnswers(hangUp());
        QTest::newRow("gateway error") << losingAnswers(status(502));
    }
    void lostAnswerIsNoFailureWhenItArrived()
    {
        QFETCH(Spoil, spoil);
        QVERIFY(m_service->read());
        const ExchangeItem item{alice.propose(testDraft()), {}};
        exchange().setLookup(lookupOf(item));
        spoil(m_service->model);
        QVERIFY(answer(exchange().publish(alice.countersign(item.id())))); // proposing
        QVERIFY(answer(exchange().publish(bob.countersign(item.id())))); // confirming
        QCOMPARE(m_service->posts(), 2);
        QCOMPARE(m_service->model.confirmedBy(item.id()).size(), size_t(2));
    }
    void whatNobodyKnowsIsCalledSo()
    {
        QVERIFY(m_service->read());
        const ExchangeItem item{alice.propose(testDraft()), {}};
        exchange().setLookup(lookupOf(item));
        bool isDown = false;
        m_service->model.afterwards = [&isDown](const test::FakeHttpRequest &request, test::FakeHttpReply &reply) {
            isDown = isDown || request.method == "POST";
            if (isDown)
                reply = hangUp();
        };
        const auto sent = answer(exchange().publish(alice.countersign(item.id())));
        QCOMPARE(sent.error().kind, ErrorKind::Unavailable);
        QCOMPARE(sent.error().detail, u"service.unsure"_s);
        m_service->model.afterwards = {};
        QVERIFY(answer(exchange().publish(alice.countersign(item.id()))));
        QCOMPARE(m_service->posts(), 1); // it had arrived
    }

    void lieIsLeftOutAndTold_data()
    {
        QTest::addColumn<std::function<void(QJsonObject &)>>("lie");
        QTest::addColumn<QString>("says");
        QTest::addColumn<qsizetype>("items");
        using Lie = std::function<void(QJsonObject &)>;
        const auto row = [](const char *name, const Lie &lie, const QString &says, qsizetype items = 0) {
            QTest::newRow(name) << lie << says << items;
        };
        row("wrong hash", [](auto &object) { object[u"safeTxHash"_s] = keccak256("x").toString(); }, u"has"_s);
        row("changed target", [](auto &object) { object[u"to"_s] = testPartyKey.toString(); }, u"hash"_s);
        row("delegatecall for a call", [](auto &object) { object[u"operation"_s] = 1; }, u"hash"_s);
        row("other Safe", [](auto &object) { object[u"safe"_s] = testRegistry.toString(); }, u"another Safe"_s);
        row("no list of confirmations", [](auto &object) { object[u"confirmations"_s] = u"all"_s; }, u"confirmations"_s);
        row("foreign signature",
            [](auto &object) {
                const SafeSignature foreign = SafeSignature::ecdsa(mallory.sign(testDraft().safeTxHash()));
                object[u"confirmations"_s] = QJsonArray{QJsonObject{{u"owner"_s, mallory.address().toString()},
                    {u"signature"_s, toHex(foreign.staticPart())}, {u"signatureType"_s, u"EOA"_s}}};
            },
            u"no owner"_s, 1);
        row("signature in another's name",
            [](auto &object) {
                QJsonArray list = object[u"confirmations"_s].toArray();
                QJsonObject first = list.first().toObject();
                first[u"owner"_s] = carol.address().toString();
                object[u"confirmations"_s] = QJsonArray{first};
            },
            u"its signature is by"_s, 1);
    }
    void lieIsLeftOutAndTold()
    {
        QFETCH(std::function<void(QJsonObject &)>, lie);
        QFETCH(QString, says);
        QFETCH(qsizetype, items);
        m_service->store(testDraft(), {&alice});
        m_service->model.lieOfEach = lie;
        QSignalSpy rejected(&exchange(), &ProposalExchange::fileRejected);
        QVERIFY(m_service->read());
        QCOMPARE(exchange().snapshot().items.size(), items);
        for (const ExchangeItem &item : exchange().snapshot().items)
            QVERIFY(item.signatures.isEmpty() && item.claims.isEmpty());
        QCOMPARE(rejected.count(), 1);
        const auto told = rejected.first().first().value<RejectedFile>();
        QVERIFY2(told.reason.contains(says), qPrintable(told.reason));
        QVERIFY(m_service->read());
        QCOMPARE(rejected.count(), 1); // once
    }
    void endlessPagesEnd()
    {
        m_service->store(testDraft(), {&alice});
        m_service->model.lie = [](QJsonObject &object) { object[u"next"_s] = u"https://elsewhere.invalid/"_s; };
        QVERIFY(m_service->read());
        QCOMPARE(exchange().snapshot().items.size(), 1);
        QVERIFY(!exchange().status().warnings.isEmpty());
        QVERIFY(m_service->model.requests().size() < 5);
    }
    void deceivingNameIsNotShown()
    {
        m_service->store(testDraft(), {&alice}, u"Pay \u202Eecila"_s);
        QVERIFY(m_service->read());
        QCOMPARE(exchange().snapshot().items.first().proposal.title, u"Not described by anybody"_s);
    }
    void whatNoOwnerSignedIsBounded()
    {
        for (quint64 nonce = 0; nonce < 150; ++nonce)
            m_service->store(testDraft(nonce), {});
        QVERIFY(m_service->read());
        QCOMPARE(exchange().snapshot().items.size(), 0); // the service itself does not stand for them
        m_service->model.lieOfEach = [](QJsonObject &object) { object[u"trusted"_s] = true; };
        QVERIFY(m_service->read());
        QCOMPARE(exchange().snapshot().items.size(), maxUnsignedListed);
        QVERIFY(exchange().status().warnings.join(u' ').contains(u"50"_s));
    }
    void lastGoodReadingStays()
    {
        m_service->store(testDraft(), {&alice});
        QVERIFY(m_service->read());
        QSignalSpy failed(&exchange(), &ProposalExchange::failed);
        m_service->model.instead = status(200, "no JSON");
        exchange().refresh();
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(exchange().status().error->kind, ErrorKind::Corrupt);
        QCOMPARE(exchange().snapshot().items.size(), 1);
        m_service->model.instead.reset();
        exchange().refresh();
        QTRY_VERIFY(!exchange().status().error);
    }
    void restIsGivenWhenAskedFor()
    {
        m_service->model.instead = status(429);
        exchange().setState(testState());
        exchange().start(std::chrono::milliseconds(20));
        QTRY_VERIFY(exchange().status().error);
        QTRY_VERIFY(m_service->model.requests().size() >= 4); // 20, 40, 80 ms …
        const qsizetype asked = m_service->model.requests().size();
        m_service->model.instead.reset();
        QTRY_VERIFY(!exchange().status().error);
        QTRY_VERIFY(m_service->model.requests().size() > asked + 3); // and taken back
    }
};

QTEST_GUILESS_MAIN(TestServiceRefusals)
#include "tst_servicerefusals.moc"
