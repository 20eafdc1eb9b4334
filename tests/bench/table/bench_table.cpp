#include "backend/intents/intentcorrelator.h"
#include "backend/types/strings.h"
#include "models/intents/intentmatcher.h"
#include "models/intents/intenttablemodel.h"
#include "tests/bench/support/figures.h"
#include "tests/bench/table/intentworld.h"

#include <QCoreApplication>
#include <QSortFilterProxyModel>

#include <algorithm>
#include <functional>

using namespace countersign;
using namespace countersign::bench;

namespace {

double timed(const std::function<void()> &work)
{
    const double start = threadCpuSeconds();
    work();
    return threadCpuSeconds() - start;
}

/// The same rows in the order of the store, for the peer to sort.
class PlainModel final : public QAbstractTableModel
{
public:
    explicit PlainModel(const IntentStore &store)
        : m_store(store)
        , m_rows(static_cast<int>(store.size()))
    {
    }
    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : m_rows; }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 10; }
    QVariant data(const QModelIndex &, int) const override { return {}; }
    void grow()
    {
        beginInsertRows({}, m_rows, static_cast<int>(m_store.size()) - 1);
        m_rows = static_cast<int>(m_store.size());
        endInsertRows();
    }
    const IntentStore &store() const { return m_store; }

private:
    const IntentStore &m_store;
    int m_rows;
};

/// QSortFilterProxyModel at its best: it compares numbers straight from the store, without QVariant.
class PeerProxy final : public QSortFilterProxyModel
{
public:
    explicit PeerProxy(const IntentStore &store)
        : m_store(store)
    {
    }

protected:
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override { return amount(left) < amount(right); }

private:
    double amount(const QModelIndex &index) const
    {
        const IntentRow row = m_store.row(static_cast<quint32>(index.row()));
        return CompactAmount{row.amount, row.amountScale}.toDouble();
    }
    const IntentStore &m_store;
};

/// 1,000 new rows into a million that are sorted by amount: they fall everywhere.
void measureLiveSort(IntentWorld &world, Figures &figures)
{
    IntentTableModel ours(world.store, world.clock);
    ours.sort(IntentTableModel::AmountColumn, Qt::AscendingOrder);
    PlainModel plain(world.store);
    PeerProxy proxy(world.store);
    proxy.setSourceModel(&plain);
    proxy.sort(0);
    std::vector<double> ourTimes;
    std::vector<double> proxyTimes;
    for (int round = 0; round < 47; ++round) {
        const IntentBatch batch = world.add(1000);
        if (round < 8)
            proxyTimes.push_back(timed([&] { plain.grow(); }));
        else if (round == 8)
            proxy.setSourceModel(nullptr); // more of its rounds would take minutes
        ourTimes.push_back(timed([&] { ours.applyBatch(batch); }));
    }
    for (int row = 1; row < ours.rowCount(); row += 997) { // a wrong order must not pass
        const auto value = [&](int at) { return ours.index(at, IntentTableModel::AmountColumn).data(IntentTableModel::ValueRole).toDouble(); };
        if (value(row - 1) > value(row))
            qFatal("the rows are not in order");
    }
    ourTimes.erase(ourTimes.begin(), ourTimes.begin() + 5);
    proxyTimes.erase(proxyTimes.begin(), proxyTimes.begin() + 2);
    figures.add(u"live sort, insert 1000 into 1M"_s, median(ourTimes) * 1e3, u"ms"_s);
    figures.add(u"QSortFilterProxyModel, the same"_s, median(proxyTimes) * 1e3, u"ms"_s);
    figures.add(u"live sort, ours / QSortFilterProxyModel"_s, median(ourTimes) / median(proxyTimes), u"ratio"_s, Bound::AtMost, 1.0 / 100, 1.0 / 500);
}

/// Reads every byte of the column once, one after the other; the barrier keeps the compiler from doing 64 in one instruction, which a
/// filter that must say which rows match cannot do either.
quint32 scanColumn(const IntentStore &store, IntentPhase phase)
{
    quint32 found = 0;
    for (quint32 chunk = 0; chunk < store.chunkCount(); ++chunk) {
        const IntentColumns &columns = store.columns(chunk);
        const quint32 rows = std::min(IntentColumns::rows, store.size() - chunk * IntentColumns::rows);
        for (std::size_t i = 0; i < rows; ++i) {
            found += columns.phase[i] == phase ? 1U : 0U;
            asm volatile("" : "+r"(found));
        }
    }
    return found;
}

void measureFilter(IntentWorld &world, Figures &figures)
{
    const auto filter = IntentFilter::parse(u"state:queued"_s);
    const auto text = IntentFilter::parse(u"id:abc"_s);
    if (!filter || !text)
        qFatal("the filter lines are wrong");
    std::vector<double> ours;
    std::vector<double> scans;
    std::vector<double> texts;
    std::vector<quint32> rows;
    for (int round = 0; round < 45; ++round) {
        ours.push_back(timed([&] {
            for (int again = 0; again < 8; ++again) {
                rows.clear();
                IntentMatcher(*filter, world.store, world.clock.now()).scan(0, world.store.size(), rows);
            }
        }));
        quint32 found = 0;
        scans.push_back(timed([&] {
            for (int again = 0; again < 8; ++again)
                found = scanColumn(world.store, IntentPhase::Queued);
        }));
        if (found != rows.size() || found == 0)
            qFatal("the filter found other rows than the scan");
        if (round < 12) {
            rows.clear();
            texts.push_back(timed([&] { IntentMatcher(*text, world.store, world.clock.now()).scan(0, world.store.size(), rows); }));
        }
    }
    ours.erase(ours.begin(), ours.begin() + 5);
    scans.erase(scans.begin(), scans.begin() + 5);
    figures.add(u"filter 1M by state"_s, median(ours) * 1e3 / 8, u"ms"_s);
    figures.add(u"filter, ours / scan of the column"_s, median(ours) / median(scans), u"ratio"_s, Bound::AtMost, 8, 3);
    figures.add(u"filter 1M by text in the id"_s, median(texts) * 1e3, u"ms"_s);
}

void measureSort(IntentWorld &world, Figures &figures)
{
    IntentOrder order(world.store);
    std::vector<quint32> all(world.store.size());
    for (quint32 i = 0; i < world.store.size(); ++i)
        all[i] = i;
    std::vector<double> ours;
    std::vector<double> peer;
    for (int round = 0; round < 14; ++round) {
        std::vector<quint32> rows = all;
        ours.push_back(timed([&] { order.assign(std::move(rows), IntentSortKey::Amount); }));
        peer.push_back(timed([&] {
            std::vector<std::pair<qint64, quint32>> pairs;
            pairs.reserve(all.size());
            for (const quint32 row : all)
                pairs.emplace_back(world.store.columns(row >> IntentColumns::bits).amount[row & (IntentColumns::rows - 1)], row);
            std::ranges::sort(pairs);
        }));
    }
    ours.erase(ours.begin(), ours.begin() + 2);
    peer.erase(peer.begin(), peer.begin() + 2);
    figures.add(u"sort 1M by amount"_s, median(ours) * 1e3, u"ms"_s);
    figures.add(u"sort, ours / std::sort of pairs"_s, median(ours) / median(peer), u"ratio"_s, Bound::AtMost, 1.2, 0.5);
}

/// What an intent with its whole road and evidence costs beside its row.
void measureEvidence(Figures &figures)
{
    constexpr int intents = 20'000;
    const double before = proportionalSetSize();
    IntentStore store;
    IntentCorrelator correlator(store);
    double seconds = 0;
    for (int i = 0; i < intents; ++i) {
        QVector<Fact> facts;
        for (const FactKind kind : {FactKind::Requested, FactKind::Authorised, FactKind::Queued, FactKind::Submitted, FactKind::Confirmed, FactKind::Receipted}) {
            Fact fact;
            fact.kind = kind;
            fact.source = kind == FactKind::Queued || kind == FactKind::Submitted || kind == FactKind::Confirmed ? FactSource::RelayerLog : FactSource::Ledger;
            fact.outcome = kind == FactKind::Receipted ? FactOutcome::Executed : FactOutcome::None;
            fact.intentId = u"intent-%1"_s.arg(i);
            fact.time = Timestamp::fromSeconds(1'700'000'000 + i) + std::chrono::seconds(static_cast<int>(kind));
            fact.reference = QByteArray::number(i).rightJustified(66, '0');
            fact.contractId = fact.source == FactSource::Ledger ? QByteArray::number(i).rightJustified(138, '1') + char('a' + static_cast<int>(kind)) : QByteArray();
            fact.evidence = fact.source == FactSource::RelayerLog ? QByteArray(180, 'l') : QByteArray();
            fact.terms.vault = u"treasury"_s;
            fact.terms.chain = u"ethereum"_s;
            facts.append(fact);
        }
        seconds += timed([&] { correlator.apply(facts); });
    }
    figures.add(u"fact to row"_s, seconds * 1e6 / (intents * 6), u"us"_s);
    figures.add(u"an intent with six hops and their evidence"_s, (proportionalSetSize() - before) / intents, u"B"_s);
}

void measureMemory(IntentWorld &world, quint32 rows, const QString &name, Figures &figures, double before)
{
    world.add(rows - world.store.size());
    const IntentTableModel model(world.store, world.clock);
    const double each = (proportionalSetSize() - before) / rows;
    const double nominal = static_cast<double>(sizeof(IntentColumns)) / IntentColumns::rows;
    figures.add(name + u", a row with index, id and order"_s, each, u"B"_s);
    figures.add(name + u", memory / column bytes"_s, each / nominal, u"ratio"_s, Bound::AtMost, 2.0, 1.3);
    figures.note(u"column bytes a row"_s, nominal);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const bool quick = app.arguments().contains(u"--quick"_s); // without the ten million
    Figures figures(u"table"_s);
    {
        const double before = proportionalSetSize();
        IntentWorld world;
        measureMemory(world, 1'000'000, u"1M"_s, figures, before);
        measureFilter(world, figures);
        measureSort(world, figures);
        measureLiveSort(world, figures);
    }
    measureEvidence(figures);
    if (!quick) {
        const double before = proportionalSetSize();
        IntentWorld world;
        measureMemory(world, 10'000'000, u"10M"_s, figures, before);
        IntentTableModel model(world.store, world.clock);
        std::vector<double> times;
        for (int round = 0; round < 25; ++round) {
            const IntentBatch batch = world.add(1000);
            times.push_back(timed([&] { model.applyBatch(batch); }));
        }
        figures.add(u"live sort by time, insert 1000 into 10M"_s, median(times) * 1e3, u"ms"_s);
    }
    return figures.print();
}
