#include "backend/proposals/exchangebundle.h"
#include "backend/proposals/qr/urdecoder.h"
#include "backend/proposals/qr/urencoder.h"
#include "backend/proposals/service/exchangesetup.h"
#include "tests/backend/proposals/service/servicefixture.h"

#include <QCoroTask>
#include <QDir>
#include <QJsonArray>
#include <QTemporaryDir>

#include <map>
#include <random>
#include <set>

using namespace countersign;

namespace {

inline const TestKey dave(4); // signs in another wallet, which knows the service only

template <class T> std::optional<T> waitFor(QFuture<T> future)
{
    return QTest::qWaitFor([&future] { return future.isFinished(); }, 10'000) ? std::optional(future.result()) : std::nullopt;
}

/// One person with a console of their own.
struct Holder {
    Holder(const QString &name, const TestKey &ownKey, const QString &folder, const QString &base, const QUrl &service)
        : key(ownKey)
    {
        QDir().mkpath(base + u'/' + name);
        Environment environment;
        environment.name = name;
        environment.kind = EnvironmentKind::Practice;
        environment.journal = base + u'/' + name + u"/journal.sqlite"_s;
        environment.proposals = folder.isEmpty() ? base + u'/' + name + u"/proposals"_s : folder;
        ChainSettings chain;
        chain.name = u"ethereum"_s;
        chain.chainId = ChainId(testChain);
        chain.safe = testSafe;
        if (!service.isEmpty())
            chain.safeService = service;
        environment.chains = {chain};
        setup = std::make_unique<ExchangeSetup>(environment);
        setup->start();
        SafeState state = testState();
        state.owners.push_back(dave.address());
        for (const auto &each : setup->services())
            each->setState(state);
    }

    ExchangeUnion &exchange() { return setup->exchange(); }
    std::vector<ProposalExchange *> carriers()
    {
        std::vector<ProposalExchange *> all{&setup->folder(), setup->mirror()};
        for (const auto &each : setup->services())
            all.push_back(each.get());
        return all;
    }
    bool look()
    {
        for (ProposalExchange *carrier : carriers()) {
            const Timestamp before = carrier->status().readAt;
            carrier->refresh();
            if (!QTest::qWaitFor([carrier, before] { return carrier->status().readAt > before; }))
                return false;
        }
        return true;
    }
    bool push()
    {
        for (ProposalExchange *carrier : carriers()) {
            if (!waitFor(exchange().copyMissing(*carrier)))
                return false;
        }
        return true;
    }
    bool propose(quint64 nonce)
    {
        ProposalDraft draft = testDraft(nonce);
        if (const ExchangeItem *item = exchange().find(draft.safeTxHash()); item && item->isDescribed())
            return true;
        draft.proposer = key.address();
        const auto link = answer(exchange().nextLink(draft.lane()));
        if (!link)
            return false;
        draft.link = *link;
        const auto published = answer(exchange().publish(key.propose(draft)));
        return published || published.error().kind == ErrorKind::Conflict;
    }
    // Whatever is here and waits for this holder.
    bool sign()
    {
        const QList<ExchangeItem> items = exchange().snapshot().items;
        for (const ExchangeItem &item : items) {
            if (!answer(exchange().publish(key.countersign(item.id()))))
                return false;
        }
        return true;
    }

    TestKey key;
    std::unique_ptr<ExchangeSetup> setup;
};

/// What everybody must come to agree on: who described what, and who signed it.
using View = std::map<Hash32, std::pair<Hash32, std::set<Address>>>;
View viewOf(const ExchangeSnapshot &snapshot)
{
    View view;
    for (const ExchangeItem &item : snapshot.items) {
        auto &[envelope, signers] = view[item.id()];
        envelope = item.envelope();
        for (const CollectedSignature &signature : item.signatures)
            signers.insert(signature.owner);
    }
    return view;
}

} // namespace

/// Holders who share no carrier come to see the same, in whatever order they meet.
class TestExchangeConvergence final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_base;
    std::unique_ptr<testing::SafeServiceModel> m_service;
    std::vector<std::unique_ptr<Holder>> m_holders; // on the folder, on the service, by QR only

    // As a camera sees it: any frames, in any order.
    bool show(Holder &from, Holder &to, std::mt19937 &random)
    {
        QList<Hash32> all;
        for (const ExchangeItem &item : from.exchange().snapshot().items)
            all.append(item.id());
        if (all.isEmpty())
            return true;
        const auto bundle = QCoro::waitFor(gatherBundle(from.exchange(), all));
        const auto bytes = bundle ? bundleToBytes(*bundle) : Result<Bytes>(std::unexpected(bundle.error()));
        const auto encoder = bytes ? UrEncoder::create(*bytes) : Result<UrEncoder>(std::unexpected(bytes.error()));
        if (!encoder)
            return false;
        UrDecoder decoder;
        while (!decoder.isComplete()) {
            if (!decoder.feed(encoder->frame(1 + static_cast<quint32>(random() % 1000))))
                return false;
        }
        if (decoder.hash() != encoder->hash())
            return false;
        const auto read = bundleFromBytes(*decoder.message());
        if (!read || !(*read == *bundle))
            return false;
        const CopyReport report = QCoro::waitFor(publishBundle(to.exchange(), *read));
        return report.copied == bundle->entries.size() + bundle->documents.size() && to.look();
    }
    bool agree() const
    {
        const View first = viewOf(m_holders.front()->exchange().snapshot());
        return std::ranges::all_of(m_holders, [&first](const auto &each) { return viewOf(each->exchange().snapshot()) == first; });
    }
    bool serviceAgrees() const
    {
        for (const auto &[hash, what] : viewOf(m_holders.front()->exchange().snapshot())) {
            const std::vector<Address> there = m_service->confirmedBy(hash);
            if (std::set<Address>(there.begin(), there.end()) != what.second)
                return false;
        }
        return true;
    }

private slots:
    void init()
    {
        m_base = std::make_unique<QTemporaryDir>();
        std::vector<Address> owners = testState().owners;
        owners.push_back(dave.address());
        m_service = std::make_unique<testing::SafeServiceModel>(ChainId(testChain), testSafe, owners);
        const QString base = m_base->path();
        m_holders.push_back(std::make_unique<Holder>(u"alice"_s, alice, base + u"/shared"_s, base, QUrl()));
        m_holders.push_back(std::make_unique<Holder>(u"bob"_s, bob, QString(), base, m_service->url()));
        m_holders.push_back(std::make_unique<Holder>(u"carol"_s, carol, QString(), base, QUrl()));
    }
    void cleanup() { m_holders.clear(); }

    void everyOrderOfMeetingsEndsInOneView_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 6; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void everyOrderOfMeetingsEndsInOneView()
    {
        QFETCH(quint32, seed);
        std::mt19937 random(seed);
        const auto some = [this, &random]() -> Holder & { return *m_holders[random() % m_holders.size()]; };
        const auto store = [this](quint64 nonce) {
            const ProposalDraft draft = testDraft(nonce);
            m_service->store(draft.transaction, {ServiceFixture::by(dave, draft)}, u"From a web wallet"_s);
        };
        for (Holder *holder : {m_holders[0].get(), m_holders[1].get(), m_holders[2].get()})
            QVERIFY(holder->look());
        QVERIFY(some().propose(1));
        store(2);
        for (int step = 0; step < 14; ++step) {
            switch (random() % 7) {
            case 0:
                QVERIFY(some().propose(1 + random() % 3));
                break;
            case 1:
            case 2:
                QVERIFY(some().sign());
                break;
            case 3:
                store(1 + random() % 3);
                break;
            case 4:
                QVERIFY(some().look());
                break;
            case 5:
                QVERIFY(some().push());
                break;
            default:
                QVERIFY(show(some(), some(), random));
            }
        }
        // Nobody writes any more; they go on meeting, in any order, until all have met.
        for (int round = 0; round < 12 && !(agree() && serviceAgrees()); ++round) {
            std::vector<std::pair<size_t, size_t>> meetings{{0, 0}, {1, 1}, {2, 2}, {0, 2}, {2, 0}, {1, 2}, {2, 1}};
            std::ranges::shuffle(meetings, random);
            for (const auto &meeting : meetings) {
                Holder &from = *m_holders[meeting.first];
                if (meeting.first == meeting.second)
                    QVERIFY(from.look() && from.push() && from.look());
                else
                    QVERIFY(show(from, *m_holders[meeting.second], random));
            }
        }
        QVERIFY(agree());
        QVERIFY(serviceAgrees());
        const View view = viewOf(m_holders.front()->exchange().snapshot());
        QVERIFY(view.size() >= 2);
        QVERIFY(!view.at(testDraft(1).safeTxHash()).first.isZero()); // described, also where the service came first
        for (const auto &holder : m_holders) {
            const ExchangeSnapshot &snapshot = holder->exchange().snapshot();
            QVERIFY(snapshot.rejected.isEmpty());
            QVERIFY(snapshot.alarms.isEmpty()); // no log seems to have been cut on the way
            for (const ExchangeItem &item : snapshot.items)
                QVERIFY(item.claims.isEmpty() && item.signatures.size() <= 4);
        }
    }
    void mirrorKeepsWhatTheServiceTakesBack()
    {
        Holder &holder = *m_holders[1];
        const ProposalDraft kept = testDraft(1);
        const ProposalDraft invented = testDraft(2);
        m_service->store(kept.transaction, {ServiceFixture::by(dave, kept)});
        m_service->store(invented.transaction, {});
        m_service->lieOfEach = [](QJsonObject &object) { object[u"trusted"_s] = true; };
        QVERIFY(holder.look());
        QTRY_COMPARE(holder.exchange().snapshot().items.size(), 2);
        QTRY_COMPARE(holder.setup->mirror()->snapshot().items.size(), 1); // what no owner signed is not worth it
        QTRY_COMPARE(holder.setup->mirror()->snapshot().items.first().signatures.size(), 1);
        m_service->lie = [](QJsonObject &object) { object[u"results"_s] = QJsonArray(); };
        QVERIFY(holder.look());
        QTRY_COMPARE(holder.exchange().snapshot().items.size(), 1);
        QCOMPARE(holder.exchange().snapshot().items.first().id(), kept.safeTxHash());
    }
};

QTEST_GUILESS_MAIN(TestExchangeConvergence)
#include "tst_exchangeconvergence.moc"
