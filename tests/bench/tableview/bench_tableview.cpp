#include "backend/types/strings.h"
#include "tests/bench/support/figures.h"
#include "ui/theme/theme.h"
#include "ui/widgets/datatable.h"

#include <QAbstractTableModel>
#include <QApplication>
#include <QHeaderView>
#include <QProxyStyle>
#include <QScrollBar>

#include <cstdio>

using namespace countersign;

// 1200 x 800, 24 px rows, 10 columns: about 330 cells a page. The same model under our table and under a default
// QTableView, scrolled by pages in turn; thread CPU, medians, ratios.
namespace {

constexpr QSize size(1200, 824);
constexpr int rowHeight = 24;

/// Rows of ten columns that are formatted when asked, as a columnar store does.
class Rows final : public QAbstractTableModel {
public:
    explicit Rows(int count)
        : m_count(count)
    {
    }

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : m_count; }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 10; }
    QVariant data(const QModelIndex &index, int role) const override
    {
        if (role != Qt::DisplayRole)
            return {};
        const int row = index.row();
        switch (index.column()) {
        case 0:
            return row % 7 == 0 ? u"failed"_s : u"acknowledged"_s;
        case 1:
            return u"intent-%1"_s.arg(row, 8, 10, QLatin1Char('0'));
        case 2:
            return u"%1 min"_s.arg(row % 59);
        case 3:
            return u"treasury"_s;
        case 4:
            return u"ethereum"_s;
        case 5:
            return u"Treasury desk"_s;
        case 6:
            return QString::number(row * 17);
        case 7:
            return u"USDC"_s;
        case 8:
            return u"0x%1"_s.arg(quint64(row) * 2'654'435'761U, 16, 16, QLatin1Char('0'));
        default:
            return QString::number(row);
        }
    }

private:
    int m_count;
};

void prepare(QTableView &view, QAbstractItemModel &model)
{
    view.setModel(&model);
    view.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view.verticalHeader()->setMinimumSectionSize(rowHeight);
    view.verticalHeader()->setDefaultSectionSize(rowHeight);
    view.setWordWrap(false);
    for (int column = 0; column < model.columnCount(); ++column)
        view.setColumnWidth(column, size.width() / model.columnCount() - 2);
    view.setFixedSize(size);
    view.show();
    QApplication::processEvents();
}

void turnPage(QTableView &view)
{
    QScrollBar *bar = view.verticalScrollBar();
    bar->setValue(bar->value() + bar->pageStep() > bar->maximum() ? 0 : bar->value() + bar->pageStep());
    QApplication::processEvents();
}

struct Pages {
    std::vector<double> seconds;
    void turn(QTableView &view, bool count)
    {
        const double before = bench::threadCpuSeconds();
        turnPage(view);
        if (count)
            seconds.push_back(bench::threadCpuSeconds() - before);
    }
};

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    Theme theme;
    theme.apply(ThemeMode::Light);
    using bench::Bound;

    Rows small(100'000);
    Rows large(10'000'000);
    DataTable ours(u"ours"_s);
    DataTable oursLarge(u"ours, large"_s);
    QTableView peer;
    prepare(ours, small);
    prepare(oursLarge, large);
    // The peer is what one gets for nothing: default delegate, default style.
    peer.setStyle(new QProxyStyle(u"Fusion"_s));
    prepare(peer, small);

    Pages own;
    Pages ownLarge;
    Pages theirs;
    const qint64 before = ours.glyphs()->paintedCells();
    constexpr int rounds = 120;
    constexpr int dropped = 10;
    for (int i = 0; i < rounds; ++i) {
        own.turn(ours, i >= dropped);
        theirs.turn(peer, i >= dropped);
        ownLarge.turn(oursLarge, i >= dropped);
    }
    const double cells = double(ours.glyphs()->paintedCells() - before) / rounds;
    if (cells < 250) {
        std::fprintf(stderr, "bench_tableview: only %.0f cells a page were painted\n", cells);
        return 2;
    }
    const QString shown = ours.model()->index(ours.rowAt(1), 1).data().toString();
    if (!shown.startsWith(u"intent-"_s)) {
        std::fprintf(stderr, "bench_tableview: the table shows something else\n");
        return 2;
    }

    bench::Figures figures(u"tableview"_s);
    figures.note(u"cells a page"_s, cells);
    figures.add(u"page, ours"_s, bench::median(own.seconds) * 1e3, u"ms"_s);
    figures.add(u"page, default QTableView"_s, bench::median(theirs.seconds) * 1e3, u"ms"_s);
    figures.add(u"page scroll, ours / default QTableView"_s, bench::median(own.seconds) / bench::median(theirs.seconds),
        u"x"_s, Bound::AtMost, 0.50, 0.25);
    figures.add(u"page scroll, ours(10M) / ours(100k)"_s, bench::median(ownLarge.seconds) / bench::median(own.seconds),
        u"x"_s, Bound::AtMost, 1.2, 1.05);
    figures.add(u"page scroll at 10M, p99 / median"_s,
        bench::percentile(ownLarge.seconds, 0.99) / bench::median(ownLarge.seconds), u"x"_s, Bound::AtMost, 4, 2);
    return figures.print();
}
