#include "backend/metrics/prometheusresultreader.h"

#include "backend/types/strings.h"

#include <cmath>

namespace countersign {

namespace {

constexpr qsizetype mostLabels = 256;
constexpr double latestSecond = 8e9; // the year 2223: beyond it, a time is a mistake of unit

std::unexpected<Error> corrupt(const QString &what)
{
    return fail(ErrorKind::Corrupt, u"Prometheus answered something unexpected: "_s + what);
}

std::optional<Timestamp> timeOf(JsonScanner &scanner)
{
    const auto seconds = scanner.number();
    if (!seconds || std::abs(*seconds) > latestSecond)
        return std::nullopt;
    return Timestamp::fromMillis(std::llround(*seconds * 1000));
}

std::optional<double> quotedNumber(JsonScanner &scanner)
{
    const auto text = scanner.plainString();
    return text ? prometheusNumber(*text) : std::nullopt;
}

} // namespace

Result<void> PrometheusResultReader::count(qsizetype more)
{
    m_samples += more;
    if (m_samples > m_limits.samples)
        return fail(ErrorKind::Exhausted, u"The query has more than %1 samples. Narrow it, or widen its step."_s.arg(m_limits.samples));
    return {};
}

Result<PrometheusResult> PrometheusResultReader::read(QByteArrayView data)
{
    JsonScanner scanner(data, m_limits.depth);
    QString type;
    std::optional<QByteArrayView> found;
    if (!scanner.take('{'))
        return corrupt(u"data that is no object"_s);
    bool first = true;
    while (const auto name = scanner.member(first)) {
        if (*name == u"resultType"_s) {
            type = scanner.string().value_or(QString());
            continue;
        }
        const auto value = scanner.value();
        if (!value)
            return corrupt(u"data that is no JSON"_s);
        if (*name == u"result"_s)
            found = value;
    }
    if (!scanner.ended() || !found)
        return corrupt(u"a query without a result"_s);
    PrometheusResult result;
    if (type == u"vector"_s || type == u"matrix"_s) {
        const bool matrix = type == u"matrix"_s;
        result.type = matrix ? PrometheusResult::Type::Matrix : PrometheusResult::Type::Vector;
        if (auto read = readSeries(*found, matrix, result.series); !read)
            return std::unexpected(read.error());
        return result;
    }
    JsonScanner pair(*found, m_limits.depth);
    if (type == u"scalar"_s) {
        const auto one = readSample(pair);
        if (!one)
            return std::unexpected(one.error());
        result.type = PrometheusResult::Type::Scalar;
        result.series.append({{}, {*one}, {}});
        return result;
    }
    if (type != u"string"_s)
        return corrupt(u"the result type “%1”"_s.arg(type.left(32)));
    result.type = PrometheusResult::Type::String;
    const bool begins = pair.take('[') && timeOf(pair) && pair.take(',');
    const auto text = begins ? pair.string() : std::nullopt;
    if (!text || !pair.take(']'))
        return corrupt(u"a string that is no [time, \"text\"]"_s);
    result.text = *text;
    return result;
}

Result<void> PrometheusResultReader::readSeries(QByteArrayView list, bool matrix, QVector<PrometheusSeries> &series)
{
    JsonScanner scanner(list, m_limits.depth);
    if (!scanner.take('['))
        return corrupt(u"a result that is no list"_s);
    bool first = true;
    while (scanner.element(first)) {
        if (series.size() >= m_limits.series)
            return fail(ErrorKind::Exhausted, u"The query has more than %1 series. Narrow it."_s.arg(m_limits.series));
        auto one = readOne(scanner, matrix);
        if (!one)
            return std::unexpected(one.error());
        series.append(std::move(*one));
    }
    if (!scanner.ended())
        return corrupt(u"a list of series that does not end"_s);
    return {};
}

Result<PrometheusSeries> PrometheusResultReader::readOne(JsonScanner &scanner, bool matrix)
{
    PrometheusSeries series;
    bool named = false;
    bool first = true;
    if (!scanner.take('{'))
        return corrupt(u"a series that is no object"_s);
    while (const auto name = scanner.member(first)) {
        Result<void> read;
        if (*name == u"metric"_s) {
            named = true;
            read = readLabels(scanner, series.labels);
        } else if (*name == (matrix ? u"values"_s : u"value"_s)) {
            read = readSamples(scanner, matrix, series.samples);
        } else if (*name == (matrix ? u"histograms"_s : u"histogram"_s)) {
            read = readHistograms(scanner, matrix, series.histograms);
        } else if (!scanner.value()) {
            read = corrupt(u"a series that is no JSON"_s);
        }
        if (!read)
            return std::unexpected(read.error());
    }
    if (!scanner.ended() || !named)
        return corrupt(u"a series without labels"_s);
    return series;
}

Result<void> PrometheusResultReader::readLabels(JsonScanner &scanner, PrometheusLabels &labels)
{
    bool first = true;
    if (!scanner.take('{'))
        return corrupt(u"a series without labels"_s);
    while (const auto name = scanner.member(first)) {
        const auto value = scanner.string();
        if (!value || labels.contains(*name))
            return corrupt(u"a label that is no text, or there twice"_s);
        labels.insert(*name, *value);
        if (labels.size() > mostLabels)
            return fail(ErrorKind::Exhausted, u"Prometheus answered a series with more than %1 labels."_s.arg(mostLabels));
    }
    if (!scanner.ended())
        return corrupt(u"labels that do not end"_s);
    return {};
}

Result<PrometheusSample> PrometheusResultReader::readSample(JsonScanner &scanner)
{
    const bool opened = scanner.take('[');
    const auto at = opened ? timeOf(scanner) : std::nullopt;
    const bool goesOn = at && scanner.take(',');
    const auto is = goesOn ? quotedNumber(scanner) : std::nullopt;
    if (!is || !scanner.take(']'))
        return corrupt(u"a sample that is no [time, \"value\"]"_s);
    return PrometheusSample{*at, *is};
}

Result<void> PrometheusResultReader::readSamples(JsonScanner &scanner, bool many, QVector<PrometheusSample> &samples)
{
    if (many && !scanner.take('['))
        return corrupt(u"values that are no list"_s);
    bool first = true;
    while (!many || scanner.element(first)) {
        if (auto counted = count(1); !counted)
            return counted;
        const auto one = readSample(scanner);
        if (!one)
            return std::unexpected(one.error());
        if (!samples.isEmpty() && one->time <= samples.constLast().time)
            return corrupt(u"samples that do not ascend in time"_s);
        samples.append(*one);
        if (!many)
            return {};
    }
    if (!scanner.ended())
        return corrupt(u"values that do not end"_s);
    return {};
}

Result<void> PrometheusResultReader::readHistograms(JsonScanner &scanner, bool many, QVector<PrometheusHistogram> &histograms)
{
    if (many && !scanner.take('['))
        return corrupt(u"histograms that are no list"_s);
    bool first = true;
    while (!many || scanner.element(first)) {
        if (auto counted = count(1); !counted)
            return counted;
        auto one = readHistogram(scanner);
        if (!one)
            return std::unexpected(one.error());
        if (!histograms.isEmpty() && one->time <= histograms.constLast().time)
            return corrupt(u"histograms that do not ascend in time"_s);
        histograms.append(std::move(*one));
        if (!many)
            return {};
    }
    if (!scanner.ended())
        return corrupt(u"histograms that do not end"_s);
    return {};
}

Result<PrometheusHistogram> PrometheusResultReader::readHistogram(JsonScanner &scanner)
{
    const auto bad = [] { return corrupt(u"a histogram that is no [time, {count, sum, buckets}]"_s); };
    PrometheusHistogram histogram;
    const bool opened = scanner.take('[');
    const auto at = opened ? timeOf(scanner) : std::nullopt;
    if (!at || !scanner.take(',') || !scanner.take('{'))
        return bad();
    histogram.time = *at;
    std::optional<double> count;
    std::optional<double> sum;
    bool first = true;
    while (const auto name = scanner.member(first)) {
        if (*name == u"count"_s) {
            count = quotedNumber(scanner);
        } else if (*name == u"sum"_s) {
            sum = quotedNumber(scanner);
        } else if (*name == u"buckets"_s) {
            if (auto read = readBuckets(scanner, histogram.buckets); !read)
                return std::unexpected(read.error());
        } else if (!scanner.value()) {
            return bad();
        }
    }
    if (!scanner.ended() || !count || !sum || !scanner.take(']'))
        return bad();
    histogram.count = *count;
    histogram.sum = *sum;
    return histogram;
}

Result<void> PrometheusResultReader::readBuckets(JsonScanner &scanner, QVector<HistogramBucket> &buckets)
{
    const auto bad = [] { return corrupt(u"a bucket that is no [rule, \"lower\", \"upper\", \"count\"]"_s); };
    if (scanner.peek() == 'n')
        return scanner.value() == "null" ? Result<void>() : bad();
    if (!scanner.take('['))
        return bad();
    bool first = true;
    while (scanner.element(first)) {
        if (auto counted = count(1); !counted)
            return counted;
        const bool opened = scanner.take('[');
        const auto rule = opened ? scanner.number() : std::nullopt;
        const auto lower = rule && scanner.take(',') ? quotedNumber(scanner) : std::nullopt;
        const auto upper = lower && scanner.take(',') ? quotedNumber(scanner) : std::nullopt;
        const auto amount = upper && scanner.take(',') ? quotedNumber(scanner) : std::nullopt;
        if (!amount || !scanner.take(']') || (*rule != 0 && *rule != 1 && *rule != 2 && *rule != 3) || !(*lower <= *upper))
            return bad();
        buckets.append({static_cast<HistogramBucket::Bounds>(static_cast<int>(*rule)), *lower, *upper, *amount});
    }
    if (!scanner.ended())
        return bad();
    return {};
}

} // namespace countersign
