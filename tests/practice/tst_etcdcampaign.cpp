#include "app/practice/relayer/etcdcampaign.h"
#include "app/practice/relayer/etcdclient.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"
#include "tests/practice/etcdserver.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace countersign;

namespace {

constexpr auto ttl = std::chrono::seconds(2);
constexpr int patienceMs = 15'000;

/// A candidate with a connection of its own, as a process has.
struct Candidate {
    Candidate(const QUrl &etcd, const QString &name)
        : client({etcd})
        , campaign(std::make_unique<EtcdCampaign>(client, u"relayer-leader"_s, name, ttl))
    {
        campaign->start();
    }
    bool leads() const { return campaign->leads(); }

    EtcdClient client;
    std::unique_ptr<EtcdCampaign> campaign;
};

} // namespace

class TestEtcdCampaign : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_etcd = std::make_unique<EtcdServer>();
        const Result<void> started = m_etcd->start();
        QVERIFY2(started, started ? "" : qPrintable(started.error().message + started.error().detail));
    }
    void cleanup() { m_etcd.reset(); }
    // A campaign that sleeps between two renewals finds out that its owner is gone when it wakes.
    void cleanupTestCase() { QTest::qWait(1'500); }

    void theFirstCandidateLeadsAndOnlyIt()
    {
        Candidate first(m_etcd->url(), u"relayer-1"_s);
        QTRY_VERIFY_WITH_TIMEOUT(first.leads(), patienceMs);
        Candidate second(m_etcd->url(), u"relayer-2"_s);
        QTRY_VERIFY_WITH_TIMEOUT(second.campaign->stands(), patienceMs);
        QVERIFY(first.leads());
        QVERIFY(!second.leads());
        QVERIFY(first.campaign->revision() < second.campaign->revision());
    }

    void theKeyIsNamedAfterTheLeaseAndHoldsTheCandidate()
    {
        Candidate first(m_etcd->url(), u"relayer-1"_s);
        QTRY_VERIFY_WITH_TIMEOUT(first.leads(), patienceMs);
        const QList<EtcdKey> keys = list();
        QCOMPARE(keys.size(), 1);
        QCOMPARE(keys.first().value, "relayer-1"_ba);
        QCOMPARE(keys.first().key, Bytes("relayer-leader/" + keys.first().lease.toHex().toLatin1()));
        QCOMPARE(keys.first().createRevision, first.campaign->revision());
    }

    void leadershipMovesInTheOrderOfStandingWhenTheLeadersLeaseDies()
    {
        auto first = std::make_unique<Candidate>(m_etcd->url(), u"relayer-1"_s);
        QTRY_VERIFY_WITH_TIMEOUT(first->leads(), patienceMs);
        auto second = std::make_unique<Candidate>(m_etcd->url(), u"relayer-2"_s);
        QTRY_VERIFY_WITH_TIMEOUT(second->campaign->stands(), patienceMs);
        Candidate third(m_etcd->url(), u"relayer-3"_s);
        QTRY_VERIFY_WITH_TIMEOUT(third.campaign->stands(), patienceMs);

        first.reset(); // as a crash: no resignation, the lease runs out
        QCOMPARE(list().size(), 3);
        QTRY_VERIFY_WITH_TIMEOUT(second->leads(), patienceMs);
        QVERIFY(!third.leads());
        second.reset();
        QTRY_VERIFY_WITH_TIMEOUT(third.leads(), patienceMs);
    }

    void aResignationMovesLeadershipAtOnce()
    {
        Candidate first(m_etcd->url(), u"relayer-1"_s);
        QTRY_VERIFY_WITH_TIMEOUT(first.leads(), patienceMs);
        Candidate second(m_etcd->url(), u"relayer-2"_s);
        QTRY_VERIFY_WITH_TIMEOUT(second.campaign->stands(), patienceMs);
        spawn(first.campaign->resign());
        QVERIFY(!first.leads());
        QTRY_VERIFY_WITH_TIMEOUT(second.leads(), 1500); // well within the lease
        QCOMPARE(list().size(), 1);
    }

    void aLeaderThatCannotRenewStopsBeforeItsLeaseEnds()
    {
        Candidate first(m_etcd->url(), u"relayer-1"_s);
        QTRY_VERIFY_WITH_TIMEOUT(first.leads(), patienceMs);
        QSignalSpy lost(first.campaign.get(), &EtcdCampaign::lost);
        QVERIFY(m_etcd->process().pause());
        QTRY_COMPARE_WITH_TIMEOUT(lost.size(), 1, 5000);
        QVERIFY(!first.leads());
        QVERIFY(m_etcd->process().resume());
        QTRY_VERIFY_WITH_TIMEOUT(first.leads(), patienceMs); // and stands again
    }

    void aLeaderWhoseKeyIsTakenAwayStopsAndStandsAgain()
    {
        Candidate first(m_etcd->url(), u"relayer-1"_s);
        QTRY_VERIFY_WITH_TIMEOUT(first.leads(), patienceMs);
        const qint64 before = first.campaign->revision();
        QSignalSpy lost(first.campaign.get(), &EtcdCampaign::lost);
        const EtcdKey key = list().first();
        EtcdClient client({m_etcd->url()});
        QCoro::waitFor(client.deleteCreatedAt(key.key, key.createRevision));
        QTRY_COMPARE_WITH_TIMEOUT(lost.size(), 1, patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(first.leads(), patienceMs);
        QVERIFY(first.campaign->revision() > before);
    }

private:
    QList<EtcdKey> list()
    {
        EtcdClient client({m_etcd->url()});
        return QCoro::waitFor(client.list("relayer-leader/")).value_or(QList<EtcdKey>());
    }

    std::unique_ptr<EtcdServer> m_etcd;
};

QTEST_GUILESS_MAIN(TestEtcdCampaign)
#include "tst_etcdcampaign.moc"
