#include "backend/types/strings.h"
#include "tests/bench/support/figures.h"
#include "ui/charts/timeseriesview.h"
#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QChart>
#include <QChartView>
#include <QImage>
#include <QLineSeries>
#include <QPainter>
#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <numeric>
#include <random>

using namespace countersign;

// One series, 1200 x 400 with axes, on the offscreen platform. A frame: new data are taken and painted at once. Subject
// and reference take turns inside one process; thread CPU, medians, ratios.
namespace {

constexpr QSize size(1200, 400);
constexpr qint64 start = 1'772'366'400'000;
constexpr std::size_t appended = 1000;
constexpr std::size_t chunk = 1'000'000;
constexpr std::size_t hundredMillion = 100'000'000;

struct Data {
    std::vector<qint64> times;
    std::vector<float> values;
};

Data makeData(std::size_t count)
{
    std::mt19937 random(7);
    std::normal_distribution<float> noise(0.0F, 0.6F);
    Data data;
    data.times.reserve(count);
    data.values.reserve(count);
    float walk = 0;
    for (std::size_t i = 0; i < count; ++i) {
        walk += noise(random) * 0.05F;
        data.times.push_back(start + static_cast<qint64>(i));
        data.values.push_back(walk + 8 * std::sin(float(i) * 40 / float(count)) + noise(random));
    }
    return data;
}

/// Our view with `count` samples; each frame takes 1,000 more and paints.
class Ours {
public:
    explicit Ours(std::size_t count)
        : m_view(u"Bench"_s)
    {
        m_view.setBackgroundRole(QPalette::Base);
        m_view.addSeries(u"series"_s);
        for (std::size_t i = 0; i < appended; ++i)
            m_fresh.push_back(float(std::sin(double(i) * 0.001)) * 8);
        if (count <= chunk) {
            Data data = makeData(count);
            m_view.append(0, data.times, data.values);
            m_next = data.times.back() + 1;
        } else {
            fillInChunks(count);
        }
        m_view.setFixedSize(size);
        m_view.setAttribute(Qt::WA_DontShowOnScreen, false);
        m_view.show();
        QApplication::processEvents();
    }

    void frame()
    {
        std::vector<qint64> times(appended);
        std::iota(times.begin(), times.end(), m_next);
        m_next += qint64(appended);
        m_view.append(0, times, m_fresh);
        m_view.repaint();
    }

    qint64 ink()
    {
        const QImage image = m_view.grab().toImage();
        const QRgb line = tokenColor(Token::Series1, m_view.palette()).rgb();
        qint64 pixels = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                pixels += (image.pixel(x, y) & 0xffffff) == (line & 0xffffff) ? 1 : 0;
        }
        return pixels;
    }

private:
    /// The shape of makeData without its memory: a hundred million at once would take more than the chart itself.
    void fillInChunks(std::size_t count)
    {
        std::mt19937 random(7);
        std::normal_distribution<float> noise(0.0F, 0.6F);
        std::vector<float> noises(chunk);
        std::ranges::generate(noises, [&] { return noise(random); });
        std::vector<qint64> times(chunk);
        std::vector<float> values(chunk);
        m_next = start;
        for (std::size_t done = 0; done < count; done += chunk) {
            for (std::size_t i = 0; i < chunk; ++i) {
                times[i] = m_next++;
                values[i] = 8 * float(std::sin(double(done + i) * 40 / double(count))) + noises[(i * 7 + done / chunk) % chunk];
            }
            m_view.append(0, times, values);
        }
    }

    TimeSeriesView m_view;
    std::vector<float> m_fresh; ///< what each frame appends
    qint64 m_next = 0;
};

constexpr int groupCount = 10;
constexpr int groupSeries = 20;
constexpr int groupSamples = 1000;

std::vector<float> groupValues(int series, int turn)
{
    std::vector<float> values(groupSamples);
    for (int i = 0; i < groupSamples; ++i)
        values[std::size_t(i)] = float(series + 3 * std::sin((i + turn) * 0.02 + series) + std::sin((i + turn) * 0.7 * (series + 1)));
    return values;
}

/// Ten charts of twenty series with a thousand samples each; a frame replaces all of them and paints.
class OurGroups {
public:
    OurGroups()
    {
        for (int i = 0; i < groupSamples; ++i)
            m_times.push_back(start + qint64(i) * 1000);
        for (int turn = 0; turn < 2; ++turn) {
            for (int i = 0; i < groupSeries; ++i)
                m_values.push_back(groupValues(i, turn));
        }
        for (int chart = 0; chart < groupCount; ++chart) {
            auto view = std::make_unique<TimeSeriesView>(u"Group"_s);
            view->setBackgroundRole(QPalette::Base);
            for (int i = 0; i < groupSeries; ++i)
                view->addSeries(QString::number(i));
            view->setFixedSize(size);
            view->show();
            m_views.push_back(std::move(view));
        }
        QApplication::processEvents();
    }

    void frame()
    {
        ++m_turn;
        for (const auto &view : m_views) {
            for (int i = 0; i < groupSeries; ++i)
                view->replace(i, m_times, m_values[std::size_t(i + m_turn % 2 * groupSeries)]);
            view->repaint();
        }
    }

private:
    std::vector<qint64> m_times;
    std::vector<std::vector<float>> m_values;
    std::vector<std::unique_ptr<TimeSeriesView>> m_views;
    int m_turn = 0;
};

/// The same in Qt Charts, one chart of the ten: they are alike, and all ten would take seconds a frame.
class PeerGroup {
public:
    PeerGroup()
    {
        auto *chart = new QChart;
        chart->legend()->hide();
        for (int i = 0; i < groupSeries; ++i) {
            auto *series = new QLineSeries;
            series->replace(points(i, 0));
            chart->addSeries(series);
            m_series.push_back(series);
        }
        chart->createDefaultAxes();
        chart->axes(Qt::Vertical).first()->setRange(-5, 25);
        m_view.setChart(chart);
        m_view.setFixedSize(size);
        m_view.show();
        QApplication::processEvents();
    }

    void frame()
    {
        ++m_turn;
        for (int i = 0; i < groupSeries; ++i)
            m_series[std::size_t(i)]->replace(points(i, m_turn % 2));
        m_view.viewport()->repaint();
    }

private:
    static QList<QPointF> points(int series, int turn)
    {
        QList<QPointF> points;
        const std::vector<float> values = groupValues(series, turn);
        for (int i = 0; i < groupSamples; ++i)
            points.append({double(i), double(values[std::size_t(i)])});
        return points;
    }

    std::vector<QLineSeries *> m_series;
    QChartView m_view;
    int m_turn = 0;
};

/// Qt Charts with the same data: replace and repaint.
class Peer {
public:
    explicit Peer(std::size_t count)
        : m_data(makeData(count))
        , m_series(new QLineSeries)
    {
        auto *chart = new QChart;
        chart->addSeries(m_series);
        chart->legend()->hide();
        chart->createDefaultAxes();
        chart->axes(Qt::Horizontal).first()->setRange(double(m_data.times.front()), double(m_data.times.back()));
        chart->axes(Qt::Vertical).first()->setRange(-14, 14);
        m_view.setChart(chart);
        m_view.setFixedSize(size);
        m_view.show();
        QApplication::processEvents();
    }

    void frame()
    {
        ++m_turn;
        QList<QPointF> points;
        points.reserve(static_cast<qsizetype>(m_data.times.size()));
        for (std::size_t i = 0; i < m_data.times.size(); ++i)
            points.append({double(m_data.times[i]), double(m_data.values[i]) + (m_turn % 2) * 0.1});
        m_series->replace(points);
        m_view.viewport()->repaint();
    }

private:
    Data m_data;
    QLineSeries *m_series;
    QChartView m_view;
    int m_turn = 0;
};

/// Reads every sample once: what any chart without a pyramid has to do at least.
double scan(const std::vector<double> &values)
{
    double low = values.front();
    double high = low;
    for (const double value : values) {
        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    return high - low;
}

/// Share of the plot's ink that differs between columns and the whole polyline.
double differingInk(std::size_t count)
{
    const Data data = makeData(count);
    TimeSeriesView view(u"Fidelity"_s);
    view.setShape(TimeSeriesView::Shape::Sparkline);
    view.setBackgroundRole(QPalette::Base);
    view.addSeries(u"series"_s);
    view.append(0, data.times, data.values);
    view.setFixedSize(size);
    const QImage ours = view.grab().toImage().convertToFormat(QImage::Format_RGB32);

    float low = data.values.front();
    float high = low;
    for (const float value : data.values) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
    const double pad = std::max((double(high) - double(low)) * 0.08, 1e-6 + std::abs(double(high)) * 1e-4);
    const double top = double(high) + pad;
    const double span = top - (double(low) - pad);
    const QRect plot = view.rect().adjusted(0, 1, 0, -1);
    QImage whole(size, QImage::Format_RGB32);
    whole.fill(view.palette().color(QPalette::Base));
    QPainter painter(&whole);
    painter.setPen(QPen(tokenColor(Token::Series1, view.palette()), 0));
    QPolygonF line;
    const double from = double(data.times.front());
    const double width = double(data.times.back()) - from;
    for (std::size_t i = 0; i < data.times.size(); ++i)
        line.append({(double(data.times[i]) - from) / width * plot.width(),
            plot.top() + (top - double(data.values[i])) / span * (plot.height() - 1)});
    painter.drawPolyline(line);
    painter.end();

    const QRgb ink = tokenColor(Token::Series1, view.palette()).rgb();
    qint64 drawn = 0;
    qint64 differing = 0;
    for (int y = 0; y < size.height(); ++y) {
        for (int x = 0; x < size.width(); ++x) {
            const bool a = ours.pixel(x, y) == ink;
            const bool b = whole.pixel(x, y) == ink;
            drawn += b ? 1 : 0;
            differing += a != b ? 1 : 0;
        }
    }
    return drawn ? double(differing) / double(drawn) : 1.0;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    Theme theme;
    theme.apply(ThemeMode::Light);
    using bench::Bound;
    using bench::threadCpuSeconds;
    bench::Figures figures(u"chart"_s);

    constexpr int rounds = 45;
    constexpr int dropped = 5;
    const auto timed = [](auto &&work) {
        const double before = threadCpuSeconds();
        work();
        return threadCpuSeconds() - before;
    };

    {
        Ours small(100'000);
        Peer peer(100'000);
        std::vector<double> ours;
        std::vector<double> theirs;
        for (int i = 0; i < rounds; ++i) {
            // A frame of ours is a fiftieth of theirs and less: repeated, so that both take a similar time.
            const double own = timed([&] {
                for (int k = 0; k < 40; ++k)
                    small.frame();
            }) / 40;
            const double other = timed([&] { peer.frame(); });
            if (i >= dropped) {
                ours.push_back(own);
                theirs.push_back(other);
            }
        }
        if (small.ink() < 2000) {
            std::fprintf(stderr, "bench_chart: the frame is empty\n");
            return 2;
        }
        figures.add(u"frame at 100k"_s, bench::median(ours) * 1e3, u"ms"_s);
        figures.add(u"Qt Charts / ours at 100k"_s, bench::median(theirs) / bench::median(ours), u"x"_s, Bound::AtLeast,
            50, 150);
    }
    {
        Ours small(100'000);
        Ours million(1'000'000);
        Ours large(10'000'000);
        std::vector<double> numbers(10'000'000);
        for (std::size_t i = 0; i < numbers.size(); ++i)
            numbers[i] = std::sin(double(i));
        std::vector<double> at100k;
        std::vector<double> at1m;
        std::vector<double> at10m;
        std::vector<double> scans;
        volatile double sink = 0;
        for (int i = 0; i < rounds; ++i) {
            const double frame = timed([&] {
                for (int k = 0; k < 8; ++k)
                    large.frame();
            }) / 8;
            const double read = timed([&] { sink = scan(numbers); });
            const double thousand = timed([&] {
                for (int k = 0; k < 8; ++k)
                    small.frame();
            }) / 8;
            const double middle = timed([&] {
                for (int k = 0; k < 8; ++k)
                    million.frame();
            }) / 8;
            if (i >= dropped) {
                at10m.push_back(frame);
                scans.push_back(read);
                at100k.push_back(thousand);
                at1m.push_back(middle);
            }
        }
        if (large.ink() < 2000) {
            std::fprintf(stderr, "bench_chart: the frame at 10M is empty\n");
            return 2;
        }
        figures.add(u"frame at 1M"_s, bench::median(at1m) * 1e3, u"ms"_s);
        figures.add(u"frame at 10M"_s, bench::median(at10m) * 1e3, u"ms"_s);
        figures.add(u"scan of 10M doubles"_s, bench::median(scans) * 1e3, u"ms"_s);
        figures.add(u"ours(10M) / scan of 10M"_s, bench::median(at10m) / bench::median(scans), u"x"_s, Bound::AtMost,
            0.35, 0.12);
        figures.add(
            u"ours(10M) / ours(100k)"_s, bench::median(at10m) / bench::median(at100k), u"x"_s, Bound::AtMost, 2.0, 1.6);
    }
    {
        Ours small(100'000);
        Ours huge(hundredMillion);
        std::vector<double> at100k;
        std::vector<double> at100m;
        for (int i = 0; i < rounds; ++i) {
            const double frame = timed([&] {
                for (int k = 0; k < 8; ++k)
                    huge.frame();
            }) / 8;
            const double little = timed([&] {
                for (int k = 0; k < 8; ++k)
                    small.frame();
            }) / 8;
            if (i >= dropped) {
                at100m.push_back(frame);
                at100k.push_back(little);
            }
        }
        if (huge.ink() < 2000) {
            std::fprintf(stderr, "bench_chart: the frame at 100M is empty\n");
            return 2;
        }
        figures.add(u"frame at 100M"_s, bench::median(at100m) * 1e3, u"ms"_s);
        figures.add(u"ours(100M) / ours(100k)"_s, bench::median(at100m) / bench::median(at100k), u"x"_s);
    }
    {
        OurGroups groups;
        PeerGroup peer;
        std::vector<double> ours;
        std::vector<double> theirs;
        for (int i = 0; i < rounds; ++i) {
            const double own = timed([&] { groups.frame(); }) / groupCount;
            const double other = timed([&] { peer.frame(); });
            if (i >= dropped) {
                ours.push_back(own);
                theirs.push_back(other);
            }
        }
        figures.add(u"frame of ten charts, each 20 x 1,000"_s, bench::median(ours) * 1e3 * groupCount, u"ms"_s);
        figures.add(u"Qt Charts / ours at 20 x 1,000"_s, bench::median(theirs) / bench::median(ours), u"x"_s);
    }
    figures.add(u"differing ink at 1M"_s, differingInk(1'000'000), u"share"_s, Bound::AtMost, 0.01, 0.002);
    return figures.print();
}
