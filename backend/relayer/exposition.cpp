#include "backend/relayer/exposition.h"

#include "backend/relayer/expositionline.h"
#include "backend/types/strings.h"

#include <QHash>

#include <utility>

namespace countersign {

namespace {

struct Suffix {
    const char *text;
    MetricType type;
};

// Which suffixes belong to which type; the family's name is without them.
constexpr Suffix suffixes[] = {
    {"_bucket", MetricType::Histogram},
    {"_sum", MetricType::Histogram},
    {"_count", MetricType::Histogram},
    {"_created", MetricType::Histogram},
    {"_sum", MetricType::Summary},
    {"_count", MetricType::Summary},
    {"_created", MetricType::Summary},
    {"_total", MetricType::Counter},
    {"_created", MetricType::Counter},
    {"_info", MetricType::Info},
    {"_bucket", MetricType::GaugeHistogram},
    {"_gsum", MetricType::GaugeHistogram},
    {"_gcount", MetricType::GaugeHistogram},
};

MetricType typeNamed(QByteArrayView word)
{
    static const QHash<QByteArray, MetricType> types{
        {"counter", MetricType::Counter},
        {"gauge", MetricType::Gauge},
        {"histogram", MetricType::Histogram},
        {"summary", MetricType::Summary},
        {"info", MetricType::Info},
        {"stateset", MetricType::StateSet},
        {"gaugehistogram", MetricType::GaugeHistogram},
    };
    return types.value(word.toByteArray(), MetricType::Unknown);
}

class Reader final {
public:
    Reader(bool openMetrics, const ExpositionLimits &limits)
        : m_openMetrics(openMetrics)
        , m_limits(limits)
    {
    }

    // An error text, empty when the line is good.
    QString readLine(QByteArrayView line)
    {
        if (m_complete)
            return u"text after # EOF"_s;
        if (line.startsWith('#'))
            return readComment(line);
        const auto sample = parseExpositionSample(line, m_openMetrics);
        if (!sample)
            return sample.error().message;
        if (!sample->has_value())
            return {}; // blank
        if (++m_samples > m_limits.samples)
            return {};
        familyOfSample((*sample)->name).samples.append(**sample);
        return {};
    }

    [[nodiscard]] bool isFull() const { return m_samples > m_limits.samples; }
    [[nodiscard]] bool isComplete() const { return m_complete || !m_openMetrics; }
    Exposition take() { return std::move(m_out); }

private:
    MetricFamily &familyNamed(const QString &name)
    {
        const auto known = m_index.constFind(name);
        if (known != m_index.cend())
            return m_out.families[*known];
        m_index.insert(name, m_out.families.size());
        m_out.families.append(MetricFamily{name, MetricType::Unknown, {}, {}});
        return m_out.families.last();
    }

    MetricFamily &familyOfSample(const QString &name)
    {
        if (m_index.contains(name))
            return familyNamed(name);
        for (const Suffix &suffix : suffixes) {
            const QLatin1StringView text(suffix.text);
            if (!name.endsWith(text))
                continue;
            const auto known = m_index.constFind(name.chopped(text.size()));
            if (known != m_index.cend() && m_out.families.at(*known).type == suffix.type)
                return m_out.families[*known];
        }
        return familyNamed(name);
    }

    // "# TYPE name type", "# HELP name text", "# UNIT name unit", "# EOF"; anything else is a remark.
    QString readComment(QByteArrayView line)
    {
        QByteArrayView rest = line.sliced(1).trimmed();
        if (rest == QByteArrayView("EOF")) {
            m_complete = true;
            return {};
        }
        const bool isType = rest.startsWith("TYPE ") || rest.startsWith("TYPE\t");
        const bool isHelp = rest.startsWith("HELP ") || rest.startsWith("HELP\t");
        if (!isType && !isHelp)
            return {};
        rest = rest.sliced(5).trimmed();
        const auto name = takeExpositionName(rest);
        if (!name)
            return u"a metric name is expected"_s;
        MetricFamily &family = familyNamed(*name);
        if (isHelp)
            family.help = unescapeExposition(rest.trimmed());
        else if (!family.samples.isEmpty())
            return u"the type of %1 comes after its samples"_s.arg(*name);
        else
            family.type = typeNamed(rest.trimmed());
        return {};
    }

    bool m_openMetrics;
    const ExpositionLimits &m_limits;
    Exposition m_out;
    QHash<QString, qsizetype> m_index;
    qsizetype m_samples = 0;
    bool m_complete = false;
};

} // namespace

QString MetricSample::label(QStringView wanted) const
{
    for (const auto &[key, text] : labels) {
        if (key == wanted)
            return text;
    }
    return {};
}

const MetricFamily *Exposition::family(QStringView name) const
{
    for (const MetricFamily &family : families) {
        if (family.name == name)
            return &family;
    }
    return nullptr;
}

std::optional<double> Exposition::value(QStringView name, const MetricLabels &labels) const
{
    for (const MetricFamily &family : families) {
        if (!name.startsWith(family.name))
            continue;
        for (const MetricSample &sample : family.samples) {
            if (sample.name != name)
                continue;
            bool matches = true;
            for (const auto &label : labels)
                matches = matches && sample.labels.contains(label);
            if (matches)
                return sample.value;
        }
    }
    return std::nullopt;
}

Result<Exposition> parseExposition(QByteArrayView text, bool openMetrics, const ExpositionLimits &limits)
{
    if (text.size() > limits.bytes)
        return fail(ErrorKind::Exhausted, u"The metrics are larger than %1 bytes"_s.arg(limits.bytes));
    Reader reader(openMetrics, limits);
    qsizetype number = 0;
    while (!text.isEmpty()) {
        ++number;
        const qsizetype end = text.indexOf('\n');
        const QByteArrayView line = end < 0 ? text : text.first(end);
        text = end < 0 ? QByteArrayView() : text.sliced(end + 1);
        if (line.size() > limits.lineBytes)
            return fail(ErrorKind::Exhausted,
                u"Line %1 of the metrics is longer than %2 bytes"_s.arg(number).arg(limits.lineBytes));
        if (const QString defect = reader.readLine(line.trimmed()); !defect.isEmpty())
            return fail(ErrorKind::Corrupt, u"Line %1 of the metrics: %2"_s.arg(number).arg(defect),
                QString::fromUtf8(line.first(qMin<qsizetype>(200, line.size()))));
        if (reader.isFull())
            return fail(ErrorKind::Exhausted, u"There are more than %1 samples"_s.arg(limits.samples));
    }
    if (!reader.isComplete())
        return fail(ErrorKind::Corrupt, u"The metrics do not end with # EOF: a part is missing"_s);
    return reader.take();
}

} // namespace countersign
