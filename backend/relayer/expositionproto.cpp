#include "backend/relayer/exposition.h"
#include "backend/relayer/nativehistogram.h"
#include "backend/rpc/protowire.h"
#include "backend/types/strings.h"

#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace countersign {

namespace {

// io.prometheus.client (prometheus/client_model, metrics.proto):
//   MetricFamily name1 help2 type3 metric4; Metric label1 gauge2 counter3 summary4 untyped5 timestamp_ms6 histogram7
constexpr std::array types{MetricType::Counter, MetricType::Gauge, MetricType::Summary, MetricType::Unknown,
    MetricType::Histogram, MetricType::GaugeHistogram};
constexpr qsizetype mostLabels = 256; // of one metric

QString numberText(double value)
{
    if (std::isinf(value))
        return value > 0 ? u"+Inf"_s : u"-Inf"_s;
    return QString::number(value, 'g', QLocale::FloatingPointShortest);
}

class Reader final {
public:
    explicit Reader(const ExpositionLimits &limits)
        : m_limits(limits)
    {
    }

    Result<void> readFamily(QByteArrayView message)
    {
        MetricFamily family;
        QVector<QByteArrayView> metrics;
        ProtoWire wire(message);
        while (wire.next()) {
            if (wire.field() == 1 && wire.isBytes())
                family.name = text(wire.bytes());
            else if (wire.field() == 2 && wire.isBytes())
                family.help = text(wire.bytes());
            else if (wire.field() == 3 && wire.isNumber())
                family.type = wire.number() < types.size() ? types[wire.number()] : MetricType::Unknown;
            else if (wire.field() == 4 && wire.isBytes())
                metrics.append(wire.bytes());
        }
        if (!wire.ok() || family.name.isEmpty())
            return corrupt(family.name.isEmpty() ? u"a family has no name"_s : family.name);
        for (const QByteArrayView metric : std::as_const(metrics)) {
            if (Result<void> read = readMetric(metric, family); !read)
                return read;
        }
        if (m_isTooLong)
            return fail(ErrorKind::Exhausted,
                u"A text of the metrics is longer than %1 bytes"_s.arg(m_limits.lineBytes));
        m_out.families.append(std::move(family));
        return {};
    }

    Exposition take() { return std::move(m_out); }

private:
    static std::unexpected<Error> corrupt(const QString &where)
    {
        return fail(ErrorKind::Corrupt, u"The metrics cannot be read: %1"_s.arg(where));
    }

    QString text(QByteArrayView bytes)
    {
        m_isTooLong = m_isTooLong || bytes.size() > m_limits.lineBytes;
        return QString::fromUtf8(bytes.first(qMin(bytes.size(), m_limits.lineBytes)));
    }

    Result<void> readMetric(QByteArrayView message, MetricFamily &family)
    {
        MetricSample base;
        base.name = family.name;
        std::pair<quint32, QByteArrayView> body{0, {}};
        ProtoWire wire(message);
        while (wire.next()) {
            if (wire.field() == 1 && wire.isBytes() && base.labels.size() < mostLabels)
                base.labels.append(labelOf(wire.bytes()));
            else if (wire.field() == 6 && wire.isNumber())
                base.time = Timestamp::fromMillis(boundedMillis(wire.signedNumber()));
            else if (wire.field() >= 2 && wire.field() <= 7 && wire.isBytes())
                body = {wire.field(), wire.bytes()};
        }
        if (!wire.ok())
            return corrupt(family.name);
        switch (body.first) {
        case 2: // gauge, counter and untyped: value1
        case 3:
        case 5:
            return readValue(body.second, std::move(base), family);
        case 4:
            return readSummary(body.second, base, family);
        case 7:
            return readHistogram(body.second, base, family);
        default:
            return corrupt(u"%1 has a metric without a value"_s.arg(family.name));
        }
    }

    // Microseconds of it fit.
    static qint64 boundedMillis(qint64 millis)
    {
        constexpr qint64 most = std::numeric_limits<qint64>::max() / 1000;
        return std::clamp(millis, -most, most);
    }

    std::pair<QString, QString> labelOf(QByteArrayView message)
    {
        std::pair<QString, QString> label;
        ProtoWire wire(message);
        while (wire.next()) {
            if (wire.field() == 1 && wire.isBytes())
                label.first = text(wire.bytes());
            else if (wire.field() == 2 && wire.isBytes())
                label.second = text(wire.bytes());
        }
        return label;
    }

    Result<void> add(MetricSample sample, MetricFamily &family)
    {
        if (++m_samples > m_limits.samples)
            return fail(ErrorKind::Exhausted, u"There are more than %1 samples"_s.arg(m_limits.samples));
        family.samples.append(std::move(sample));
        return {};
    }

    Result<void> addSuffixed(
        const MetricSample &base, const QString &suffix, double value, MetricFamily &family, const MetricLabels &more = {})
    {
        MetricSample sample = base;
        sample.name += suffix;
        sample.labels += more;
        sample.value = value;
        return add(std::move(sample), family);
    }

    Result<void> readValue(QByteArrayView message, MetricSample base, MetricFamily &family)
    {
        ProtoWire wire(message);
        while (wire.next()) {
            if (wire.field() == 1 && wire.isFixed64())
                base.value = doubleOf(wire.number());
        }
        if (!wire.ok())
            return corrupt(family.name);
        return add(std::move(base), family);
    }

    Result<void> readSummary(QByteArrayView message, const MetricSample &base, MetricFamily &family)
    {
        double count = 0;
        double sum = 0;
        ProtoWire wire(message);
        while (wire.next()) {
            if (wire.field() == 1 && wire.isNumber()) {
                count = static_cast<double>(wire.number());
            } else if (wire.field() == 2 && wire.isFixed64()) {
                sum = doubleOf(wire.number());
            } else if (wire.field() == 3 && wire.isBytes()) {
                std::array<double, 2> quantile{}; // quantile1 value2
                ProtoWire inner(wire.bytes());
                while (inner.next()) {
                    if (inner.isFixed64() && inner.field() <= quantile.size())
                        quantile[inner.field() - 1] = doubleOf(inner.number());
                }
                if (!inner.ok())
                    return corrupt(family.name);
                if (auto done = addSuffixed(base, {}, quantile[1], family, {{u"quantile"_s, numberText(quantile[0])}}); !done)
                    return done;
            }
        }
        if (!wire.ok())
            return corrupt(family.name);
        if (auto done = addSuffixed(base, u"_sum"_s, sum, family); !done)
            return done;
        return addSuffixed(base, u"_count"_s, count, family);
    }

    // Bucket: cumulative_count1 upper_bound2 exemplar3 cumulative_count_float4
    Result<bool> readBucket(QByteArrayView message, const MetricSample &base, MetricFamily &family)
    {
        double count = 0;
        double bound = 0;
        ProtoWire wire(message);
        while (wire.next()) {
            if (wire.field() == 1 && wire.isNumber())
                count = static_cast<double>(wire.number());
            else if (wire.field() == 2 && wire.isFixed64())
                bound = doubleOf(wire.number());
            else if (wire.field() == 4 && wire.isFixed64())
                count = doubleOf(wire.number());
        }
        if (!wire.ok())
            return corrupt(family.name);
        auto done = addSuffixed(base, u"_bucket"_s, count, family, {{u"le"_s, numberText(bound)}});
        if (!done)
            return std::unexpected(done.error());
        return std::isinf(bound) && bound > 0;
    }

    Result<void> readHistogram(QByteArrayView message, const MetricSample &base, MetricFamily &family)
    {
        const auto native = readNativeHistogram(message);
        if (!native)
            return fail(native.error().kind, u"%1: %2"_s.arg(family.name, native.error().message));
        double count = 0;
        double sum = 0;
        bool hasBuckets = false;
        bool hasInfinity = false;
        ProtoWire wire(message);
        while (wire.next()) {
            if (wire.field() == 1 && wire.isNumber()) {
                count = static_cast<double>(wire.number());
            } else if (wire.field() == 4 && wire.isFixed64()) {
                count = doubleOf(wire.number());
            } else if (wire.field() == 2 && wire.isFixed64()) {
                sum = doubleOf(wire.number());
            } else if (wire.field() == 3 && wire.isBytes()) {
                const Result<bool> isLast = readBucket(wire.bytes(), base, family);
                if (!isLast)
                    return std::unexpected(isLast.error());
                hasBuckets = true;
                hasInfinity = hasInfinity || *isLast;
            }
        }
        if (*native) {
            MetricSample sample = base;
            sample.value = count;
            sample.histogram = *native;
            if (auto done = add(std::move(sample), family); !done)
                return done;
        }
        if (*native && !hasBuckets)
            return {};
        if (!hasInfinity) { // the protobuf form may leave it out: it is the count
            if (auto done = addSuffixed(base, u"_bucket"_s, count, family, {{u"le"_s, u"+Inf"_s}}); !done)
                return done;
        }
        const bool isGauge = family.type == MetricType::GaugeHistogram;
        if (auto done = addSuffixed(base, isGauge ? u"_gsum"_s : u"_sum"_s, sum, family); !done)
            return done;
        return addSuffixed(base, isGauge ? u"_gcount"_s : u"_count"_s, count, family);
    }

    const ExpositionLimits &m_limits;
    Exposition m_out;
    qsizetype m_samples = 0;
    bool m_isTooLong = false;
};

// The length in front of a message; nothing when it is damaged or more than there is.
std::optional<QByteArrayView> takeDelimited(QByteArrayView &stream)
{
    quint64 size = 0;
    for (qsizetype i = 0; i < stream.size() && i < 5; ++i) {
        const auto byte = static_cast<quint64>(static_cast<uchar>(stream[i]));
        size |= (byte & 0x7f) << (7 * i);
        if (byte >= 0x80)
            continue;
        if (size > static_cast<quint64>(stream.size() - i - 1))
            return std::nullopt;
        const QByteArrayView message = stream.sliced(i + 1, static_cast<qsizetype>(size));
        stream = stream.sliced(i + 1 + static_cast<qsizetype>(size));
        return message;
    }
    return std::nullopt;
}

} // namespace

Result<Exposition> parseExpositionProto(QByteArrayView stream, const ExpositionLimits &limits)
{
    if (stream.size() > limits.bytes)
        return fail(ErrorKind::Exhausted, u"The metrics are larger than %1 bytes"_s.arg(limits.bytes));
    Reader reader(limits);
    while (!stream.isEmpty()) {
        const auto message = takeDelimited(stream);
        if (!message)
            return fail(ErrorKind::Corrupt, u"The metrics end in the middle of a family"_s);
        if (const Result<void> read = reader.readFamily(*message); !read)
            return std::unexpected(read.error());
    }
    return reader.take();
}

} // namespace countersign
