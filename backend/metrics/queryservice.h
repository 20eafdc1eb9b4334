#pragma once

#include "backend/metrics/prometheusclient.h"
#include "backend/metrics/querysubscription.h"
#include "backend/rpc/httpclient.h"
#include "backend/types/clock.h"

#include <QHash>
#include <QList>
#include <QObject>

#include <memory>
#include <optional>

namespace countersign {

struct QueryServiceSettings {
    qsizetype cacheBytes = 64 * 1024 * 1024; ///< of answers that are kept
    int mostInFlight = 6; ///< questions at one time; the others wait
    std::chrono::milliseconds deadline{30'000}; ///< of one question
    /// Samples may arrive late, and rules are evaluated late: values younger than this are asked again.
    std::chrono::milliseconds settleTime{120'000};
    /// Answers no older than this are new enough for whoever asks now: panels of one page ask within a moment.
    std::chrono::milliseconds freshness{250};
    PrometheusLimits limits = {};
};

/// What many panels ask of one Prometheus: equal questions once, ranges put together from what is known and the live edge, a bounded number at a
/// time, and nothing for panels that nobody sees. It never repeats by itself what succeeded: panels ask again in their own rhythm. What failed
/// because nobody answered is tried again after a growing pause while it is wanted.
class QueryService final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(QueryService)

public:
    /// `clock` outlives this object.
    explicit QueryService(const Clock &clock, QueryServiceSettings settings = {}, QObject *parent = nullptr);
    ~QueryService() override;

    /// Where to ask from now on; before the first, subscriptions wait. What is known is kept: a server that was started again at another port
    /// has the same data. After a change to another server, clear().
    void setServer(HttpAccess access);
    void clear();

    /// May outlive the service, and is silent then. What is known is in the result at once.
    std::unique_ptr<QuerySubscription> subscribe(QueryRequest request);

    int inFlight() const { return m_inFlight; }
    qint64 questionsAsked() const { return m_questions; }
    qsizetype cachedBytes() const;

private:
    friend class QuerySubscription;
    using Entry = std::shared_ptr<QueryEntry>;

    void attach(QuerySubscription *subscription);
    void detach(QuerySubscription *subscription);
    void askAgain(QuerySubscription *subscription);
    void serve(const Entry &entry);
    void deliver(QuerySubscription *subscription, QueryEntry &entry);
    void showPart(QuerySubscription *subscription, QueryEntry &entry);
    bool isSatisfied(const QuerySubscription &subscription, const QueryEntry &entry) const;
    bool isFresh(const QuerySubscription &subscription, const QueryEntry &entry) const;
    QueryWindow windowToAsk(const QueryEntry &entry) const;
    void enqueue(const Entry &entry);
    void pump();
    QCoro::Task<> fetch(Entry entry);
    void takeAnswer(const Entry &entry, const Result<PrometheusResult> &answer);
    void takeError(const Entry &entry, const Error &error);
    void cancel(const Entry &entry);
    void evict(const Entry &justUsed);
    Entry entryFor(const QueryRequest &request);
    static QString keyOf(const QueryRequest &request);
    static bool isNear(const QueryEntry &entry, const QueryRequest &request);

    const Clock &m_clock;
    QueryServiceSettings m_settings;
    HttpClient m_http;
    std::optional<PrometheusClient> m_client;
    QHash<QString, Entry> m_entries;
    QList<Entry> m_queue;
    int m_inFlight = 0;
    qint64 m_questions = 0;
    quint64 m_uses = 0;
    bool m_pumping = false;
};

} // namespace countersign
