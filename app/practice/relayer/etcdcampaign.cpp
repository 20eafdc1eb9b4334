#include "app/practice/relayer/etcdcampaign.h"

#include "app/practice/relayer/etcdclient.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QCoroTimer>

#include <QNetworkReply>

namespace countersign {

namespace {

constexpr auto retryPause = std::chrono::milliseconds(300);

} // namespace

EtcdCampaign::EtcdCampaign(EtcdClient &client, const QString &election, const QString &candidate,
                           std::chrono::seconds ttl, QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_prefix(election.toUtf8() + '/')
    , m_candidate(candidate.toUtf8())
    , m_ttl(ttl)
{
    m_leaseTimer.setSingleShot(true);
    connect(&m_leaseTimer, &QTimer::timeout, this, [this] { lose(u"the lease was not renewed in time"_s); });
}

void EtcdCampaign::start()
{
    spawn(run());
}

bool EtcdCampaign::leads() const
{
    return m_elected && !m_resigned && std::chrono::steady_clock::now() < m_leaseUntil;
}

QCoro::Task<> EtcdCampaign::run()
{
    const std::stop_token stop = m_scope.token();
    while (!stop.stop_requested() && !m_resigned) {
        const Result<void> joined = co_await join();
        if (stop.stop_requested())
            co_return;
        if (joined) {
            co_await renewUntilLost();
        } else {
            co_await QCoro::sleepFor(retryPause);
        }
    }
}

QCoro::Task<Result<void>> EtcdCampaign::join()
{
    const std::stop_token stop = m_scope.token();
    const Moment sentAt = std::chrono::steady_clock::now();
    const Result<LeaseGrant> grant = co_await m_client.grantLease(m_ttl);
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"stopped"_s);
    if (!grant)
        co_return std::unexpected(grant.error());
    m_lease = grant->id;
    m_key = m_prefix + m_lease.toHex().toLatin1();
    extendLease(sentAt, grant->ttl);

    const Result<CreateAnswer> answer = co_await m_client.createKey(m_key, m_candidate, m_lease);
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"stopped"_s);
    if (!answer)
        co_return std::unexpected(answer.error());
    if (!answer->created)
        co_return fail(ErrorKind::Conflict, u"the lease's key exists already"_s);
    m_revision = answer->revision;
    followChanges(m_revision + 1);
    co_return Result<void>();
}

QCoro::Task<> EtcdCampaign::renewUntilLost()
{
    const std::stop_token stop = m_scope.token();
    const LeaseId lease = m_lease;
    while (m_revision != 0 && m_lease == lease) {
        co_await lookWhoLeads();
        if (stop.stop_requested() || m_resigned)
            co_return;
        co_await QCoro::sleepFor(std::chrono::milliseconds(m_ttl) / 3);
        if (stop.stop_requested() || m_resigned || m_revision == 0)
            co_return;
        const Moment sentAt = std::chrono::steady_clock::now();
        const Result<std::chrono::seconds> left = co_await m_client.keepAlive(lease);
        if (stop.stop_requested() || m_resigned || m_revision == 0)
            co_return;
        if (left && left->count() == 0)
            lose(u"the lease expired"_s);
        else if (left)
            extendLease(sentAt, *left);
        if (!m_watch)
            followChanges(m_revision + 1);
    }
}

QCoro::Task<> EtcdCampaign::lookWhoLeads()
{
    const std::stop_token stop = m_scope.token();
    const qint64 revision = m_revision;
    const Result<QList<EtcdKey>> keys = co_await m_client.list(m_prefix);
    if (stop.stop_requested() || m_resigned || revision != m_revision || revision == 0 || !keys)
        co_return;
    const auto own = std::ranges::find(*keys, m_key, &EtcdKey::key);
    if (own == keys->end() || own->createRevision != revision) {
        lose(u"the candidate's key is gone"_s);
        co_return;
    }
    if (own == keys->begin() && !m_elected) {
        m_elected = true;
        emit elected(revision);
    }
}

void EtcdCampaign::followChanges(qint64 fromRevision)
{
    delete m_watch;
    m_watch = m_client.watch(m_prefix, fromRevision);
    m_watch->setParent(this);
    connect(m_watch, &QNetworkReply::readyRead, this, [this, watch = m_watch.data()] {
        // What changed does not matter: the list is read again, so a lost or repeated event cannot mislead.
        const Bytes lines = watch->readAll(); // m_watch is empty once lose() gave the reply up
        if (lines.contains("\"events\""))
            spawn(lookWhoLeads());
    });
    connect(m_watch, &QNetworkReply::finished, m_watch, &QObject::deleteLater);
}

void EtcdCampaign::extendLease(Moment sentAt, std::chrono::seconds ttl)
{
    m_leaseUntil = sentAt + ttl;
    m_leaseTimer.start(std::chrono::duration_cast<std::chrono::milliseconds>(m_leaseUntil - std::chrono::steady_clock::now()));
}

void EtcdCampaign::lose(const QString &reason)
{
    const bool wasElected = std::exchange(m_elected, false);
    m_revision = 0;
    m_leaseTimer.stop();
    if (m_watch)
        m_watch->deleteLater();
    m_watch.clear();
    if (wasElected)
        emit lost(reason);
}

QCoro::Task<> EtcdCampaign::resign()
{
    const std::stop_token stop = m_scope.token();
    const Bytes key = m_key;
    const LeaseId lease = m_lease;
    const qint64 revision = m_revision;
    m_resigned = true;
    lose(u"resigned"_s);
    if (revision == 0)
        co_return;
    co_await m_client.deleteCreatedAt(key, revision);
    if (stop.stop_requested())
        co_return;
    co_await m_client.revokeLease(lease);
}

} // namespace countersign
