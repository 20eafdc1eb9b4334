#include "backend/proposals/exchangeunion.h"
#include "backend/proposals/proposalfolder.h"
#include "backend/proposals/proposalstanding.h"
#include "backend/safe/safehash.h"
#include "tests/backend/proposals/service/servicefixture.h"

#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace countersign;

/// A Safe transaction service as an exchange, with a service that behaves.
class TestServiceExchange final : public QObject {
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

    void nothingIsAskedBeforeTheChainIsRead()
    {
        exchange().start(std::chrono::milliseconds(1));
        QVERIFY(!exchange().status().warnings.isEmpty());
        SafeState other = testState();
        other.safe = testRegistry;
        exchange().setState(other);
        QTest::qWait(20); // several intervals
        QVERIFY(m_service->model.requests().isEmpty());
        exchange().setState(testState());
        QTRY_VERIFY(exchange().status().hasRead);
        QVERIFY(exchange().status().warnings.isEmpty());
    }
    void oldSafeIsNotServed()
    {
        SafeState old = testState();
        old.version = u"1.1.1"_s;
        exchange().setState(old);
        exchange().refresh();
        QTest::qWait(20);
        QVERIFY(m_service->model.requests().isEmpty());
        QVERIFY(exchange().status().warnings.first().contains(u"1.1.1"_s));
        QCOMPARE(answer(exchange().publish(alice.countersign(testDraft().safeTxHash()))).error().kind, ErrorKind::Rejected);
    }
    void queueOfOthersIsShownAsDescribedByNobody()
    {
        m_service->store(testDraft(), {&alice, &bob}, uR"({"name":"Transaction Builder","note":"Salaries June"})"_s);
        QVERIFY(m_service->read());
        QCOMPARE(exchange().snapshot().items.size(), 1);
        const ExchangeItem &item = exchange().snapshot().items.first();
        QVERIFY(!item.isDescribed());
        QVERIFY(item.envelope().isZero());
        QVERIFY(item.proposal.proposer.isZero());
        QVERIFY(item.proposal.transaction == testDraft().transaction);
        QCOMPARE(item.id(), testDraft().safeTxHash());
        QCOMPARE(item.proposal.title, u"Unsigned claim: “Salaries June”"_s);
        QVERIFY(item.import->source.contains(u"127.0.0.1"_s));
        QCOMPARE(item.signatures.size(), 2);
        QVERIFY(!item.signatures.first().link);
        SafeFacts facts;
        facts.state = testState(2);
        const ProposalStanding standing = judgeStanding(item, &facts, carol.address(), Timestamp::fromSeconds(1));
        QCOMPARE(standing.stage, ProposalStage::Ready);
        QVERIFY(standing.reason.contains(u"nobody signed a description"_s));
        QVERIFY(exchange().snapshot().alarms.isEmpty());
        QVERIFY(exchange().snapshot().rejected.isEmpty());
    }
    void signedEnvelopeIsNeverTalkedOver()
    {
        m_service->store(testDraft(), {&bob}, u"Something else entirely"_s);
        join();
        QVERIFY(m_service->read());
        QTRY_COMPARE(m_union->snapshot().items.size(), 1);
        QVERIFY(!m_union->snapshot().items.first().isDescribed());
        // An owner describes it: that is no second proposal of it.
        Member proposer(1);
        const Proposal proposal = proposer.propose(testDraft());
        QVERIFY(answer(m_union->publish(proposal)));
        QTRY_VERIFY(m_union->snapshot().items.first().isDescribed());
        const ExchangeItem &item = m_union->snapshot().items.first();
        QVERIFY(item.proposal == proposal);
        QCOMPARE(item.signatures.size(), 1);
        QCOMPARE(item.signatures.first().owner, bob.address());
        QVERIFY(item.otherEnvelopes.isEmpty());
        QVERIFY(m_union->snapshot().conflicts.isEmpty());
        // And once it is described, another cannot describe it again.
        Member other(3);
        QCOMPARE(answer(m_union->publish(other.propose(testDraft()))).error().kind, ErrorKind::Conflict);
        QCOMPARE(m_service->posts(), 0);
    }
    void proposalGoesUpWithTheFirstSignature()
    {
        join();
        QVERIFY(m_service->read());
        QSignalSpy refused(m_union.get(), &ExchangeUnion::refused);
        Member proposer(1);
        const Proposal proposal = proposer.propose(testDraft());
        const Hash32 envelope = proposal.envelopeDigest();
        QVERIFY(answer(m_union->publish(proposal)));
        QCOMPARE(m_service->posts(), 0);
        QCOMPARE(refused.count(), 1);
        QCOMPARE(m_union->refusals(envelope).size(), 1);
        QCOMPARE(m_union->refusals(envelope).first().carrier, exchange().name());
        QCOMPARE(m_union->refusals(envelope).first().error.kind, ErrorKind::NotFound);
        QTRY_VERIFY(m_union->find(proposal.safeTxHash()));
        const CollectedSignature signature = bob.countersign(proposal.safeTxHash());
        QVERIFY(answer(m_union->publish(signature)));
        QCOMPARE(m_service->posts(), 1);
        const auto post = std::ranges::find(m_service->model.requests(), "POST"_ba, &test::FakeHttpRequest::method);
        const QString origin = QJsonDocument::fromJson(post->body)[u"origin"_s].toString();
        QVERIFY(origin.size() <= 200 && origin.contains(envelope.toString()));
        QCOMPARE(m_service->model.confirmedBy(proposal.safeTxHash()), std::vector{bob.address()});
        // Held there now: no longer refused, and nothing to copy.
        QTRY_VERIFY(m_union->refusals(envelope).isEmpty());
        QCOMPARE(m_union->lackingAt(exchange()), 0);
        // A second holder, who has the service only, learns where to ask for the description.
        auto elsewhere = m_service->open();
        elsewhere->setState(testState());
        QTRY_COMPARE(elsewhere->snapshot().items.size(), 1);
        QVERIFY(elsewhere->snapshot().items.first().import->claimedEnvelope() == envelope);
    }
    void whatIsWithdrawnIsDeletedByWhomTheServiceSaysAndStaysDown()
    {
        join();
        QVERIFY(m_service->read());
        Member proposer(1); // whose signature went up first is the proposer there
        const Proposal proposal = proposer.propose(testDraft());
        const Hash32 hash = proposal.safeTxHash();
        QVERIFY(answer(m_union->publish(proposal)));
        QTRY_VERIFY(m_union->find(hash));
        QVERIFY(answer(m_union->publish(bob.countersign(hash))));
        QTRY_VERIFY(exchange().snapshot().find(hash));
        const Timestamp now = SystemClock().now();
        QVERIFY(m_union->deletionOffers(hash, alice.address(), now).isEmpty());
        QVERIFY(m_union->deletionOffers(keccak256("other"), bob.address(), now).isEmpty());
        const QList<DeletionOffer> offers = m_union->deletionOffers(hash, bob.address(), now);
        QCOMPARE(offers.size(), 1);
        QCOMPARE(offers.constFirst().carrier, exchange().name());
        QVERIFY(!answer(m_union->remove(offers.constFirst(), alice.sign(offers.constFirst().digest))));
        QCOMPARE(m_service->model.transactionCount(), size_t(1));
        QVERIFY(answer(m_union->publish(proposer.say(StatementKind::Withdrawal, hash))));
        QVERIFY(answer(m_union->remove(offers.constFirst(), bob.sign(offers.constFirst().digest))));
        QCOMPARE(m_service->model.transactionCount(), size_t(0));
        QTRY_VERIFY(!exchange().snapshot().find(hash));
        // The folder still has it; nothing brings it back up.
        QTRY_VERIFY(m_union->find(hash) && !m_union->find(hash)->statements.isEmpty());
        QCOMPARE(m_union->lackingAt(exchange()), 0);
        (void)answer(m_union->publish(carol.countersign(hash)));
        QVERIFY(!answer(exchange().publish(proposal)));
        QCOMPARE(m_service->model.transactionCount(), size_t(0));
        QVERIFY(answer(m_union->remove(offers.constFirst(), bob.sign(offers.constFirst().digest)))); // gone is gone
    }
    void aDelegatesProposalIsNoOwnersWord()
    {
        m_service->model.delegates = {{mallory.address(), alice.address(), testSafe, u"assistant"_s}};
        m_service->store(testDraft(), {});
        m_service->model.setProposer(testDraft().safeTxHash(), mallory.address());
        QVERIFY(m_service->read());
        const ExchangeItem *item = exchange().snapshot().find(testDraft().safeTxHash());
        QVERIFY(item);
        QVERIFY(item->signatures.isEmpty());
        const QString said = exchange().status().warnings.join(u'\n');
        QVERIFY2(said.contains(u"as delegate of "_s + alice.address().toString()), qPrintable(said));
        QCOMPARE(exchange().delegates().delegates.size(), size_t(1));
        // Whose delegation has ended is nobody's delegate.
        m_service->model.delegates.front().expiresAt = Timestamp::fromSeconds(1);
        auto later = m_service->open();
        later->setState(testState());
        QTRY_VERIFY(later->status().hasRead);
        QVERIFY(later->status().warnings.join(u'\n').contains(u"no owner's delegate"_s));
    }
    void signaturesTravelBothWays()
    {
        m_service->store(testDraft(), {&alice});
        join();
        QVERIFY(m_service->read());
        const Hash32 hash = testDraft().safeTxHash();
        QTRY_VERIFY(m_union->find(hash));
        // Up: reviewed here, signed here.
        QVERIFY(answer(m_union->publish(bob.countersign(hash))));
        QCOMPARE(m_service->posts(), 1);
        QCOMPARE(m_service->model.confirmedBy(hash).size(), size_t(2));
        // Down: signed in another wallet meanwhile.
        m_service->store(testDraft(), {&alice, &bob, &carol});
        exchange().refresh();
        QTRY_COMPARE(m_union->find(hash)->signatures.size(), 3);
        // What came back of bob's is not a second signature.
        QCOMPARE(m_union->find(hash)->claims.size(), 0);
        QVERIFY(m_union->snapshot().alarms.isEmpty());
        // To those who have the folder only, when asked for.
        const auto copying = m_union->copyMissing(*m_folder);
        QTRY_VERIFY(copying.isFinished());
        QTRY_COMPARE(m_folder->snapshot().items.size(), 1);
        QTRY_COMPARE(m_folder->snapshot().items.first().signatures.size(), 3);
        QVERIFY(!m_folder->snapshot().items.first().isDescribed());
        QVERIFY(m_folder->snapshot().rejected.isEmpty());
    }
    void everyKindOfSignatureIsCarried()
    {
        m_service->store(testDraft(), {&alice});
        QVERIFY(m_service->read());
        const Hash32 hash = testDraft().safeTxHash();
        const auto make = [&hash](const SafeSignature &signature) {
            return *CollectedSignature::make(ChainId(testChain), testSafe, hash, signature, {});
        };
        QVERIFY(answer(exchange().publish(make(SafeSignature::ethSign(bob.sign(safeEthSignHash(hash)))))));
        QVERIFY(answer(exchange().publish(make(SafeSignature::contract(carol.address(), "judge me")))));
        QTRY_COMPARE(exchange().snapshot().items.first().signatures.size(), 2);
        QTRY_COMPARE(exchange().snapshot().items.first().claims.size(), 1);
    }
    void whatItCannotCarryIsSaid()
    {
        join();
        QVERIFY(m_service->read());
        Member proposer(1);
        const Proposal proposal = proposer.propose(testDraft());
        QVERIFY(answer(m_union->publish(proposal)));
        const Statement note = proposer.say(StatementKind::Note, proposal.safeTxHash());
        QVERIFY(answer(m_union->publish(note)));
        QCOMPARE(m_union->refusals(note.digest()).first().error.kind, ErrorKind::Rejected);
        QVERIFY(m_union->refusals(note.digest()).first().error.message.contains(u"folder, file or QR"_s));
        QVERIFY(answer(m_union->publishAttachment("document")));
        QCOMPARE(m_union->refusals(keccak256("document")).size(), 1);
        QCOMPARE(answer(exchange().attachment(keccak256("document"))).error().kind, ErrorKind::NotFound);
        QVERIFY(!answer(exchange().nextLink(note.lane())));
        QTRY_COMPARE(m_union->lackingAt(exchange()), 1); // the proposal, which waits for a signature
    }
    void otherSafesAreNotItsBusiness()
    {
        join();
        QVERIFY(m_service->read());
        ProposalDraft draft = testDraft();
        draft.chainId = ChainId(1);
        const Proposal foreign = TestKey(1).propose(draft);
        QVERIFY(answer(m_union->publish(foreign)));
        QVERIFY(m_union->refusals(foreign.envelopeDigest()).isEmpty());
        QTRY_COMPARE(m_union->snapshot().items.size(), 1);
        QCOMPARE(m_union->lackingAt(exchange()), 0);
        QCOMPARE(answer(exchange().publish(foreign)).error().kind, ErrorKind::Rejected);
    }
    void whatIsSettledIsNotSent()
    {
        exchange().setState(testState(3));
        QTRY_VERIFY(exchange().status().hasRead);
        const ExchangeItem item{alice.propose(testDraft()), {alice.countersign(testDraft().safeTxHash())}};
        exchange().setLookup(lookupOf(item));
        QCOMPARE(answer(exchange().publish(item.proposal)).error().kind, ErrorKind::Rejected);
        QCOMPARE(answer(exchange().publish(item.signatures.first())).error().kind, ErrorKind::Rejected);
        QCOMPARE(exchange().carriageOf({}, item.proposal), Carriage::Declined);
        QCOMPARE(m_service->posts(), 0);
    }
    void twoAtOnceProposeOnce()
    {
        QVERIFY(m_service->read());
        const ExchangeItem item{alice.propose(testDraft()), {}};
        exchange().setLookup(lookupOf(item));
        const auto first = exchange().publish(alice.countersign(item.id()));
        const auto second = exchange().publish(bob.countersign(item.id()));
        const auto again = exchange().publish(alice.countersign(item.id()));
        QVERIFY(answer(first));
        QVERIFY(answer(second));
        QVERIFY(answer(again));
        QCOMPARE(m_service->posts(), 2);
        QCOMPARE(m_service->model.confirmedBy(item.id()).size(), size_t(2));
    }
    void killedBetweenProposingAndConfirmingDoublesNothing_data()
    {
        QTest::addColumn<bool>("arrived");
        QTest::newRow("the proposal had arrived") << true;
        QTest::newRow("it had not") << false;
    }
    void killedBetweenProposingAndConfirmingDoublesNothing()
    {
        QFETCH(bool, arrived);
        QVERIFY(m_service->read());
        const ExchangeItem item{alice.propose(testDraft()), {}};
        exchange().setLookup(lookupOf(item));
        test::FakeHttpReply never;
        never.silent = true;
        if (arrived)
            m_service->model.afterwards = [never](const auto &request, auto &reply) {
                if (request.method == "POST")
                    reply = never;
            };
        else
            m_service->model.before = [never](const auto &request) {
                return request.method == "POST" ? std::optional(never) : std::nullopt;
            };
        const auto sending = exchange().publish(alice.countersign(item.id()));
        const auto waiting = exchange().publish(bob.countersign(item.id()));
        QTRY_COMPARE(m_service->posts(), 1);
        m_service->exchange.reset(); // the console is killed
        QCOMPARE(answer(sending).error().kind, ErrorKind::Cancelled);
        QCOMPARE(answer(waiting).error().kind, ErrorKind::Cancelled);
        m_service->model.afterwards = {};
        m_service->model.before = {};

        m_service->exchange = m_service->open();
        QVERIFY(m_service->read());
        QCOMPARE(exchange().snapshot().items.size(), arrived ? 1 : 0);
        exchange().setLookup(lookupOf(item));
        QVERIFY(answer(exchange().publish(alice.countersign(item.id()))));
        QVERIFY(answer(exchange().publish(bob.countersign(item.id()))));
        QCOMPARE(m_service->posts(), arrived ? 2 : 3); // what had arrived is not sent again
        QCOMPARE(m_service->model.transactionCount(), size_t(1));
        QCOMPARE(m_service->model.confirmedBy(item.id()).size(), size_t(2));
    }
    void tokenGoesWithEveryRequest()
    {
        m_service->model.token = "secret"_ba;
        QVERIFY(m_service->read());
        QCOMPARE(exchange().status().error->kind, ErrorKind::Unauthenticated);
        m_service->exchange = m_service->open("secret"_ba);
        QVERIFY(m_service->read());
        QVERIFY(!exchange().status().error);
    }
};

QTEST_GUILESS_MAIN(TestServiceExchange)
#include "tst_serviceexchange.moc"
