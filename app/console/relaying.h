#pragma once

#include "backend/environment/environment.h"
#include "backend/keys/secretstore.h"
#include "backend/logs/logarchive.h"
#include "backend/relayer/electionreader.h"
#include "backend/relayer/etcdclusterreader.h"
#include "backend/relayer/targetscrape.h"
#include "backend/rpc/httpclient.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"
#include "models/relayers/relayersstate.h"

#include <QCoroTask>
#include <QHash>
#include <QObject>
#include <QTimer>

#include <map>
#include <memory>
#include <optional>

namespace countersign {

class Observing;

/// How the environment's etcd is reached; the password of its user comes from the keychain. NotFound and Invalid name the
/// file of a certificate. \a secrets may be null and outlives what is made of it.
Result<EtcdAccess> etcdAccessOf(const ElectionProfile &election, SecretStore *secrets);

/// What the page of the relayers shows beyond what Observing reads already: the members of etcd, the other elections,
/// the history of the logs, and the metrics of relayers that no Prometheus reads.
class Relaying final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Relaying)

public:
    /// All outlive this object; \a secrets may be null. Nothing connects before start().
    Relaying(const Environment &environment, Observing &observing, SecretStore *secrets, const Clock &clock, QObject *parent = nullptr);
    ~Relaying() override;

    void start();
    void refresh();

    RelayersState &state() { return m_state; }
    QString logProblem() const; ///< why lines are missing; empty: nothing

signals:
    void logProblemChanged();

private:
    void startEtcd();
    void follow(const QString &election);
    void takeElection();
    void takeLines(const QVector<LogLine> &lines);
    void publish();
    void tick();
    QCoro::Task<> scrape();
    void takeScrape(const QString &relayer, const TargetScrape &scrape);

    const Environment &m_environment;
    Observing &m_observing;
    SecretStore *m_secrets;
    const Clock &m_clock;
    std::unique_ptr<LogArchive> m_archive;
    RelayersState m_state;
    std::optional<EtcdAccess> m_access;
    std::unique_ptr<EtcdClusterReader> m_cluster;
    std::map<QString, std::unique_ptr<ElectionReader>> m_others;
    QHash<QString, Timestamp> m_lastLines;
    QHash<QString, Timestamp> m_lastActs;
    QHash<QString, TargetScrape> m_scrapes; // of relayers that Prometheus does not read
    HttpClient m_http;
    QTimer m_second;
    QTimer m_scraping;
    bool m_isScraping = false;
    QString m_logProblem;
    LifetimeScope m_scope;
};

} // namespace countersign
