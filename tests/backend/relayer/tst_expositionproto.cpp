#include "backend/relayer/exposition.h"

#include "backend/types/strings.h"

#include <QTest>

#include <bit>
#include <cmath>

using namespace countersign;

namespace {

// A writer of protobuf, by the encoding's own rules.
QByteArray varint(quint64 number)
{
    QByteArray out;
    for (; number >= 0x80; number >>= 7)
        out.append(static_cast<char>((number & 0x7f) | 0x80));
    out.append(static_cast<char>(number));
    return out;
}

QByteArray number(int field, quint64 value)
{
    return varint(static_cast<quint64>(field) << 3) + varint(value);
}

QByteArray zigzag(int field, qint64 value)
{
    return number(field, (static_cast<quint64>(value) << 1) ^ static_cast<quint64>(value >> 63));
}

QByteArray real(int field, double value)
{
    QByteArray out = varint((static_cast<quint64>(field) << 3) | 1);
    const auto bits = std::bit_cast<quint64>(value);
    for (int i = 0; i < 8; ++i)
        out.append(static_cast<char>(bits >> (8 * i)));
    return out;
}

QByteArray bytes(int field, const QByteArray &value)
{
    return varint((static_cast<quint64>(field) << 3) | 2) + varint(static_cast<quint64>(value.size())) + value;
}

QByteArray label(const QByteArray &name, const QByteArray &value)
{
    return bytes(1, bytes(1, name) + bytes(2, value));
}

QByteArray family(const QByteArray &name, int type, const QByteArrayList &metrics)
{
    QByteArray out = bytes(1, name) + bytes(2, "help of " + name) + number(3, static_cast<quint64>(type));
    for (const QByteArray &metric : metrics)
        out += bytes(4, metric);
    return varint(static_cast<quint64>(out.size())) + out;
}

QByteArray span(qint64 offset, quint64 length)
{
    return zigzag(1, offset) + number(2, length);
}

// Schema 0: bounds are powers of two. Positive buckets 1, 2 and 5 with 1, 3 and 2; negative bucket 0 with 4; zero 2.
QByteArray nativeParts()
{
    return zigzag(5, 0) + real(6, 0.001) + number(7, 2) + bytes(9, span(0, 1)) + zigzag(10, 4) + bytes(12, span(1, 2)) + bytes(12, span(2, 1))
        + zigzag(13, 1) + zigzag(13, 2) + zigzag(13, -1);
}

} // namespace

class TestExpositionProto final : public QObject {
    Q_OBJECT

private slots:
    void simpleKindsAreReadWithLabelsAndTimes()
    {
        const QByteArray stream
            = family("requests_total", 0, {label("code", "200") + bytes(3, real(1, 7)), label("code", "500") + bytes(3, real(1, 1)) + number(6, 1'700'000'000'123)})
            + family("depth", 1, {bytes(2, real(1, -2.5))}) + family("thing", 3, {bytes(5, real(1, 3))})
            + family("took", 2,
                {bytes(4, number(1, 10) + real(2, 4.5) + bytes(3, real(1, 0.5) + real(2, 0.2)) + bytes(3, real(1, 0.99) + real(2, 0.9)))});
        const auto metrics = parseExpositionProto(stream);
        QVERIFY2(metrics.has_value(), qPrintable(metrics ? QString() : metrics.error().message));
        QCOMPARE(metrics->families.size(), 4);
        QCOMPARE(metrics->value(u"requests_total", {{u"code"_s, u"200"_s}}), std::optional(7.0));
        QCOMPARE(metrics->families[0].samples[1].time, std::optional(Timestamp::fromMillis(1'700'000'000'123)));
        QCOMPARE(metrics->families[0].help, u"help of requests_total"_s);
        QCOMPARE(metrics->value(u"depth"), std::optional(-2.5));
        QCOMPARE(metrics->value(u"took", {{u"quantile"_s, u"0.99"_s}}), std::optional(0.9));
        QCOMPARE(metrics->value(u"took_sum"), std::optional(4.5));
        QCOMPARE(metrics->value(u"took_count"), std::optional(10.0));
    }

    void classicHistogramsAreTheSamplesThatTheTextHas()
    {
        const QByteArray histogram = number(1, 5) + real(2, 1.5) + bytes(3, number(1, 2) + real(2, 0.25)) + bytes(3, number(1, 4) + real(2, 1));
        const auto metrics = parseExpositionProto(family("latency", 4, {bytes(7, histogram)}));
        QVERIFY(metrics.has_value());
        const QVector<MetricSample> &samples = metrics->families[0].samples;
        QCOMPARE(samples.size(), 5);
        QCOMPARE(metrics->value(u"latency_bucket", {{u"le"_s, u"0.25"_s}}), std::optional(2.0));
        QCOMPARE(metrics->value(u"latency_bucket", {{u"le"_s, u"+Inf"_s}}), std::optional(5.0));
        QCOMPARE(metrics->value(u"latency_count"), std::optional(5.0));
        QVERIFY(!samples[0].histogram);
    }

    void nativeHistogramsHaveTheirBuckets()
    {
        const QByteArray histogram = number(1, 12) + real(2, 30) + nativeParts();
        const auto metrics = parseExpositionProto(family("latency", 4, {bytes(7, histogram)}));
        QVERIFY2(metrics.has_value(), qPrintable(metrics ? QString() : metrics.error().message));
        QCOMPARE(metrics->families[0].samples.size(), 1);
        const MetricSample &sample = metrics->families[0].samples[0];
        QCOMPARE(sample.name, u"latency"_s);
        QCOMPARE(sample.value, 12.0);
        QVERIFY(sample.histogram != nullptr);
        QCOMPARE(sample.histogram->zeroCount, 2.0);
        QCOMPARE(sample.histogram->sum, 30.0);
        using Bucket = NativeHistogram::Bucket;
        QCOMPARE(sample.histogram->buckets, (QVector<Bucket>{{-1, -0.5, 4}, {1, 2, 1}, {2, 4, 3}, {16, 32, 2}}));
    }

    void packedDeltasAndFloatCountsAreTheSame()
    {
        const auto packed = [](std::initializer_list<qint64> values) {
            QByteArray out;
            for (const qint64 value : values)
                out += varint((static_cast<quint64>(value) << 1) ^ static_cast<quint64>(value >> 63));
            return out;
        };
        const QByteArray integers = number(1, 6) + zigzag(5, 1) + bytes(12, span(0, 3)) + bytes(13, packed({1, 2, -1}));
        const QByteArray floats = real(4, 6) + zigzag(5, 1) + bytes(12, span(0, 3)) + real(14, 1) + real(14, 3) + real(14, 2);
        const auto one = parseExpositionProto(family("a", 4, {bytes(7, integers)}));
        const auto other = parseExpositionProto(family("a", 4, {bytes(7, floats)}));
        QVERIFY(one && other);
        QCOMPARE(one->families[0].samples[0].histogram->buckets, other->families[0].samples[0].histogram->buckets);
        QCOMPARE(one->families[0].samples[0].histogram->buckets.size(), 3);
        QVERIFY(std::abs(one->families[0].samples[0].histogram->buckets[1].upper - std::sqrt(2.0)) < 1e-12);
    }

    void whatIsDamagedIsRefused_data()
    {
        QTest::addColumn<QByteArray>("stream");
        const QByteArray good = family("a", 1, {bytes(2, real(1, 1))});
        QTest::newRow("cut") << good.chopped(1);
        QTest::newRow("no name") << varint(2) + number(3, 1);
        QTest::newRow("no value") << family("a", 1, {label("x", "y")});
        QTest::newRow("garbage") << QByteArray("\x05\xff\xff\xff\xff\xff");
        QTest::newRow("endless length") << QByteArray("\xff\xff\xff\xff\xff\xff");
        QTest::newRow("spans beyond") << family("a", 4, {bytes(7, zigzag(5, 0) + bytes(12, span(0, 4'000'000'000)) + zigzag(13, 1))});
        QTest::newRow("deltas beyond") << family("a", 4, {bytes(7, zigzag(5, 0) + bytes(12, span(0, 1)) + zigzag(13, 1) + zigzag(13, 1))});
        QTest::newRow("negative count") << family("a", 4, {bytes(7, zigzag(5, 0) + bytes(12, span(0, 1)) + zigzag(13, -1))});
        QTest::newRow("schema") << family("a", 4, {bytes(7, zigzag(5, 9) + bytes(12, span(0, 1)) + zigzag(13, 1))});
        QTest::newRow("overflow") << family("a", 4,
            {bytes(7, zigzag(5, 0) + bytes(12, span(0, 2)) + zigzag(13, std::numeric_limits<qint64>::max()) + zigzag(13, 1))});
    }

    void whatIsDamagedIsRefused()
    {
        QFETCH(const QByteArray, stream);
        const auto metrics = parseExpositionProto(stream);
        QVERIFY(!metrics.has_value());
        QCOMPARE(metrics.error().kind, ErrorKind::Corrupt);
    }

    void limitsHold()
    {
        const QByteArray stream = family("a", 1, {bytes(2, real(1, 1)), bytes(2, real(1, 1))});
        QCOMPARE(parseExpositionProto(stream, {.samples = 1}).error().kind, ErrorKind::Exhausted);
        QCOMPARE(parseExpositionProto(stream, {.bytes = 10}).error().kind, ErrorKind::Exhausted);
        QCOMPARE(parseExpositionProto(family(QByteArray(100, 'n'), 1, {}), {.lineBytes = 50}).error().kind, ErrorKind::Exhausted);
    }

    void theContentTypeDecidesAndItsAbsenceIsSaid()
    {
        const auto format = [](const QByteArray &type, const QByteArray &body) { return sniffExposition(type, body).format; };
        const QByteArray proto = family("depth", 1, {bytes(2, real(1, 1))});
        QCOMPARE(format("text/plain; version=0.0.4; charset=utf-8", "a 1\n# EOF\n"), ExpositionFormat::Text);
        QCOMPARE(format("application/openmetrics-text; version=1.0.0", "a 1\n"), ExpositionFormat::OpenMetrics);
        QCOMPARE(format("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited", {}), ExpositionFormat::Protobuf);
        QVERIFY(sniffExposition("text/plain", "a 1\n").warning.isEmpty());
        QCOMPARE(format({}, "# HELP a b\na 1\n"), ExpositionFormat::Text);
        QCOMPARE(format({}, "a 1\n# EOF\n"), ExpositionFormat::OpenMetrics);
        QCOMPARE(format("application/octet-stream", proto), ExpositionFormat::Protobuf);
        QCOMPARE(format({}, "#\n# a remark\n"), ExpositionFormat::Text);
        QVERIFY(sniffExposition("text/html", "a 1\n").warning.contains(u"text/html"_s));
        QVERIFY(sniffExposition({}, "a 1\n").warning.contains(u"no content type"_s));
        const auto metrics = parseExpositionAs(ExpositionFormat::Protobuf, proto);
        QVERIFY(metrics && metrics->value(u"depth") == 1.0);
    }
};

QTEST_GUILESS_MAIN(TestExpositionProto)
#include "tst_expositionproto.moc"
