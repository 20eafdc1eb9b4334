#include "app/practice/relayer/relayermetrics.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

class TestRelayerMetrics : public QObject {
    Q_OBJECT

private slots:
    void countersCarryTheirLabels()
    {
        RelayerMetrics metrics;
        metrics.received();
        metrics.processed(u"ethereum"_s, u"executed"_s);
        metrics.processed(u"ethereum"_s, u"executed"_s);
        metrics.processed(u"ethereum"_s, u"failed"_s);
        metrics.failed(u"ethereum"_s, u"AdapterCallFailed"_s);
        const QStringList lines = linesOf(metrics);
        QVERIFY(lines.contains(u"relayer_intents_received_total 1"_s));
        QVERIFY(lines.contains(u"relayer_intents_processed_total{chain=\"ethereum\",outcome=\"executed\"} 2"_s));
        QVERIFY(lines.contains(u"relayer_execution_failures_total{chain=\"ethereum\",reason=\"AdapterCallFailed\"} 1"_s));
    }

    void theSuccessRateIsTheShareOfExecutedOnes()
    {
        RelayerMetrics metrics;
        metrics.setQueue(u"ethereum"_s, 4, 1500ms);
        QVERIFY(linesOf(metrics).contains(u"relayer_chain_execution_success_rate{chain=\"ethereum\"} 1"_s));
        for (const QString &outcome : {u"executed"_s, u"executed"_s, u"executed"_s, u"rejected"_s})
            metrics.processed(u"ethereum"_s, outcome);
        const QStringList lines = linesOf(metrics);
        QVERIFY(lines.contains(u"relayer_chain_execution_success_rate{chain=\"ethereum\"} 0.75"_s));
        QVERIFY(lines.contains(u"relayer_intent_queue_depth{chain=\"ethereum\"} 4"_s));
        QVERIFY(lines.contains(u"relayer_oldest_intent_age_seconds{chain=\"ethereum\"} 1.5"_s));
    }

    void histogramBucketsAreCumulativeAndEndWithInfinity()
    {
        RelayerMetrics metrics;
        for (const auto taken : {200ms, 400ms, 400'000ms})
            metrics.latency(u"ethereum"_s, RelayerMetrics::Stage::Total, taken);
        const QStringList lines = linesOf(metrics);
        const auto bucket = [&](const QString &bound, int count) {
            return lines.contains(u"relayer_intent_latency_seconds_bucket{chain=\"ethereum\",stage=\"total\",le=\"%1\"} %2"_s.arg(bound).arg(count));
        };
        QVERIFY(bucket(u"0.1"_s, 0));
        QVERIFY(bucket(u"0.25"_s, 1));
        QVERIFY(bucket(u"0.5"_s, 2));
        QVERIFY(bucket(u"300"_s, 2));
        QVERIFY(bucket(u"+Inf"_s, 3));
        QVERIFY(lines.contains(u"relayer_intent_latency_seconds_count{chain=\"ethereum\",stage=\"total\"} 3"_s));
    }

    void labelsAreEscaped()
    {
        RelayerMetrics metrics;
        metrics.failed(u"e"_s, u"a\"b\\c\nd"_s);
        QVERIFY(linesOf(metrics).contains(u"relayer_execution_failures_total{chain=\"e\",reason=\"a\\\"b\\\\c\\nd\"} 1"_s));
    }

    void leadershipIsOneOrZero()
    {
        RelayerMetrics metrics;
        QVERIFY(linesOf(metrics).contains(u"relayer_is_leader 0"_s));
        metrics.setLeader(true);
        QVERIFY(linesOf(metrics).contains(u"relayer_is_leader 1"_s));
    }

private:
    static QStringList linesOf(const RelayerMetrics &metrics) { return QString::fromUtf8(metrics.exposition()).split(u'\n'); }
};

QTEST_GUILESS_MAIN(TestRelayerMetrics)
#include "tst_relayermetrics.moc"
