#include "app/practice/relayer/relayermetrics.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

QString escaped(QString value)
{
    return value.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s).replace(u'\n', u"\\n"_s);
}

QString label(QStringView name, const QString &value)
{
    return u"%1=\"%2\""_s.arg(name, escaped(value));
}

QString number(double value)
{
    return QString::number(value, 'g', 12);
}

/// Collects the lines of one exposition.
class Exposition final {
public:
    void family(QStringView name, QStringView type, QStringView help)
    {
        m_name = name.toString();
        m_text += u"# HELP %1 %2\n# TYPE %1 %3\n"_s.arg(name, help, type);
    }
    void sample(const QString &labels, const QString &value, QStringView suffix = {})
    {
        const QString set = labels.isEmpty() ? QString() : u"{%1}"_s.arg(labels);
        m_text += u"%1%2%3 %4\n"_s.arg(m_name, suffix, set, value);
    }
    Bytes bytes() const { return m_text.toUtf8(); }

private:
    QString m_name;
    QString m_text;
};

QString nameOf(RelayerMetrics::Stage stage)
{
    switch (stage) {
    case RelayerMetrics::Stage::Queue: return u"queue"_s;
    case RelayerMetrics::Stage::Submit: return u"submit"_s;
    case RelayerMetrics::Stage::Confirm: return u"confirm"_s;
    case RelayerMetrics::Stage::Total: return u"total"_s;
    }
    return {};
}

} // namespace

void RelayerMetrics::latency(const QString &chain, Stage stage, std::chrono::microseconds taken)
{
    const double seconds = std::max(0.0, std::chrono::duration<double>(taken).count());
    Histogram &histogram = m_latency[{chain, nameOf(stage)}];
    for (size_t i = 0; i < bounds.size(); ++i) {
        if (seconds <= bounds[i])
            ++histogram.below[i];
    }
    ++histogram.count;
    histogram.sum += seconds;
}

void RelayerMetrics::setQueue(const QString &chain, qint64 depth, std::chrono::microseconds oldest)
{
    m_queues[chain] = {depth, std::max(0.0, std::chrono::duration<double>(oldest).count())};
}

double RelayerMetrics::successRate(const QString &chain) const
{
    quint64 executed = 0;
    quint64 all = 0;
    for (auto entry = m_processed.cbegin(); entry != m_processed.cend(); ++entry) {
        if (entry.key().first != chain)
            continue;
        all += entry.value();
        if (entry.key().second == "executed"_L1)
            executed += entry.value();
    }
    return all == 0 ? 1.0 : static_cast<double>(executed) / static_cast<double>(all);
}

Bytes RelayerMetrics::exposition() const
{
    Exposition out;
    out.family(u"relayer_intents_received_total", u"counter", u"Authorised intents read from the ledger.");
    out.sample({}, QString::number(m_received));
    out.family(u"relayer_intents_processed_total", u"counter", u"Intents acknowledged on the ledger, by how they ended.");
    for (auto entry = m_processed.cbegin(); entry != m_processed.cend(); ++entry)
        out.sample(label(u"chain", entry.key().first) + u',' + label(u"outcome", entry.key().second), QString::number(entry.value()));
    out.family(u"relayer_execution_failures_total", u"counter", u"Intents that could not be executed, by reason.");
    for (auto entry = m_failures.cbegin(); entry != m_failures.cend(); ++entry)
        out.sample(label(u"chain", entry.key().first) + u',' + label(u"reason", entry.key().second), QString::number(entry.value()));
    out.family(u"relayer_transactions_submitted_total", u"counter", u"Transactions sent to the chain.");
    for (auto entry = m_transactions.cbegin(); entry != m_transactions.cend(); ++entry)
        out.sample(label(u"chain", entry.key()), QString::number(entry.value()));
    out.family(u"relayer_chain_execution_success_rate", u"gauge", u"Share of acknowledged intents that were executed, 0 to 1.");
    for (auto entry = m_queues.cbegin(); entry != m_queues.cend(); ++entry)
        out.sample(label(u"chain", entry.key()), number(successRate(entry.key())));
    out.family(u"relayer_intent_queue_depth", u"gauge", u"Intents that wait to be sent; zero on a relayer that does not lead.");
    for (auto entry = m_queues.cbegin(); entry != m_queues.cend(); ++entry)
        out.sample(label(u"chain", entry.key()), QString::number(entry->depth));
    out.family(u"relayer_oldest_intent_age_seconds", u"gauge", u"Age of the oldest intent that is not acknowledged.");
    for (auto entry = m_queues.cbegin(); entry != m_queues.cend(); ++entry)
        out.sample(label(u"chain", entry.key()), number(entry->oldestSeconds));
    out.family(u"relayer_intent_latency_seconds", u"histogram", u"Time that intents take, by stage.");
    for (auto entry = m_latency.cbegin(); entry != m_latency.cend(); ++entry) {
        const QString labels = label(u"chain", entry.key().first) + u',' + label(u"stage", entry.key().second);
        for (size_t i = 0; i < bounds.size(); ++i)
            out.sample(labels + u',' + label(u"le", number(bounds[i])), QString::number(entry->below[i]), u"_bucket");
        out.sample(labels + u',' + label(u"le", u"+Inf"_s), QString::number(entry->count), u"_bucket");
        out.sample(labels, number(entry->sum), u"_sum");
        out.sample(labels, QString::number(entry->count), u"_count");
    }
    out.family(u"relayer_is_leader", u"gauge", u"1 on the relayer that leads.");
    out.sample({}, m_leads ? u"1"_s : u"0"_s);
    if (m_offset) {
        out.family(u"relayer_ledger_offset", u"gauge", u"Ledger offset up to which everything was read.");
        out.sample({}, QString::number(*m_offset));
    }
    out.family(u"relayer_chain_head", u"gauge", u"Newest block seen.");
    for (auto entry = m_heads.cbegin(); entry != m_heads.cend(); ++entry)
        out.sample(label(u"chain", entry.key()), QString::number(entry.value()));
    return out.bytes();
}

} // namespace countersign
