#include "backend/relayer/nativehistogram.h"

#include "backend/rpc/protowire.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace countersign {

namespace {

constexpr size_t mostBuckets = 10'000; // of one side; SDKs stop at 160
constexpr qint32 lowestSchema = -4;
constexpr qint32 highestSchema = 8;

struct Span {
    qint32 offset = 0;
    quint32 length = 0;
};

// One sign of a histogram as it is on the wire.
struct Side {
    std::vector<Span> spans;
    std::vector<qint64> deltas;
    std::vector<double> counts; // of float histograms, instead of the deltas
};

std::unexpected<Error> corrupt(const QString &why)
{
    return fail(ErrorKind::Corrupt, u"A native histogram cannot be read: %1"_s.arg(why));
}

qint64 zigzag(quint64 number)
{
    return static_cast<qint64>(number >> 1) ^ -static_cast<qint64>(number & 1);
}

bool takeSpan(QByteArrayView message, std::vector<Span> &spans)
{
    Span span;
    ProtoWire wire(message);
    while (wire.next()) {
        if (wire.field() == 1 && wire.isNumber())
            span.offset = static_cast<qint32>(zigzag(wire.number()));
        else if (wire.field() == 2 && wire.isNumber())
            span.length = static_cast<quint32>(wire.number());
    }
    spans.push_back(span);
    return wire.ok() && spans.size() <= mostBuckets;
}

// Packed or one by one: writers do either.
bool takeDeltas(const ProtoWire &wire, std::vector<qint64> &deltas)
{
    if (wire.isNumber()) {
        deltas.push_back(wire.zigzag());
        return deltas.size() <= mostBuckets;
    }
    quint64 number = 0;
    int shift = 0;
    for (const char byte : wire.bytes()) {
        const auto bits = static_cast<quint64>(static_cast<uchar>(byte));
        if (shift > 63 || deltas.size() >= mostBuckets)
            return false;
        number |= (bits & 0x7f) << shift;
        shift += 7;
        if (bits >= 0x80)
            continue;
        deltas.push_back(zigzag(number));
        number = 0;
        shift = 0;
    }
    return shift == 0;
}

bool takeCounts(const ProtoWire &wire, std::vector<double> &counts)
{
    if (wire.isFixed64()) {
        counts.push_back(doubleOf(wire.number()));
        return counts.size() <= mostBuckets;
    }
    const QByteArrayView bytes = wire.bytes();
    if (bytes.size() % 8 != 0 || counts.size() + static_cast<size_t>(bytes.size() / 8) > mostBuckets)
        return false;
    for (qsizetype at = 0; at < bytes.size(); at += 8) {
        quint64 bits = 0;
        for (int i = 0; i < 8; ++i)
            bits |= static_cast<quint64>(static_cast<uchar>(bytes[at + i])) << (8 * i);
        counts.push_back(doubleOf(bits));
    }
    return true;
}

// The upper bound of the positive bucket with this index: 2^(index * 2^-schema).
double boundOf(qint64 index, qint32 schema)
{
    return std::exp2(std::ldexp(static_cast<double>(index), -schema));
}

// Spans give the gaps between indexes, deltas the differences between neighbours.
Result<std::vector<NativeHistogram::Bucket>> bucketsOf(const Side &side, qint32 schema)
{
    std::vector<NativeHistogram::Bucket> out;
    const size_t given = side.counts.empty() ? side.deltas.size() : side.counts.size();
    qint64 index = 0;
    qint64 absolute = 0;
    size_t at = 0;
    for (const Span &span : side.spans) {
        index += span.offset;
        for (quint32 i = 0; i < span.length; ++i, ++index, ++at) {
            if (at >= given)
                return corrupt(u"its spans name more buckets than it has"_s);
            if (side.counts.empty() && __builtin_add_overflow(absolute, side.deltas[at], &absolute))
                return corrupt(u"a count is out of range"_s);
            const double count = side.counts.empty() ? static_cast<double>(absolute) : side.counts[at];
            if (!(count >= 0))
                return corrupt(u"a count is negative"_s);
            if (count > 0)
                out.push_back({boundOf(index - 1, schema), boundOf(index, schema), count});
        }
    }
    if (at != given)
        return corrupt(u"it has more buckets than its spans name"_s);
    return out;
}

struct Fields {
    NativeHistogram histogram;
    Side positive;
    Side negative;
    bool isNative = false;
    bool isGood = true;
};

void takeField(const ProtoWire &wire, Fields &fields)
{
    NativeHistogram &histogram = fields.histogram;
    switch (wire.field()) {
    case 1: // sample_count
        if (wire.isNumber())
            histogram.count = static_cast<double>(wire.number());
        return;
    case 2: // sample_sum
        if (wire.isFixed64())
            histogram.sum = doubleOf(wire.number());
        return;
    case 4: // sample_count_float
        if (wire.isFixed64())
            histogram.count = doubleOf(wire.number());
        return;
    case 5: // schema
        histogram.schema = static_cast<qint32>(wire.zigzag());
        fields.isGood = fields.isGood && wire.isNumber();
        break;
    case 6: // zero_threshold
        histogram.zeroThreshold = doubleOf(wire.number());
        fields.isGood = fields.isGood && wire.isFixed64();
        break;
    case 7: // zero_count
        histogram.zeroCount = static_cast<double>(wire.number());
        fields.isGood = fields.isGood && wire.isNumber();
        break;
    case 8: // zero_count_float
        histogram.zeroCount = doubleOf(wire.number());
        fields.isGood = fields.isGood && wire.isFixed64();
        break;
    case 9: // negative_span
        fields.isGood = fields.isGood && wire.isBytes() && takeSpan(wire.bytes(), fields.negative.spans);
        break;
    case 10: // negative_delta
        fields.isGood = fields.isGood && takeDeltas(wire, fields.negative.deltas);
        break;
    case 11: // negative_count
        fields.isGood = fields.isGood && takeCounts(wire, fields.negative.counts);
        break;
    case 12: // positive_span
        fields.isGood = fields.isGood && wire.isBytes() && takeSpan(wire.bytes(), fields.positive.spans);
        break;
    case 13: // positive_delta
        fields.isGood = fields.isGood && takeDeltas(wire, fields.positive.deltas);
        break;
    case 14: // positive_count
        fields.isGood = fields.isGood && takeCounts(wire, fields.positive.counts);
        break;
    default:
        return;
    }
    fields.isNative = true;
}

} // namespace

double doubleOf(quint64 bits)
{
    return std::bit_cast<double>(bits);
}

Result<std::shared_ptr<const NativeHistogram>> readNativeHistogram(QByteArrayView message)
{
    Fields fields;
    ProtoWire wire(message);
    while (wire.next())
        takeField(wire, fields);
    if (!wire.ok() || !fields.isGood)
        return corrupt(u"its bytes are damaged"_s);
    if (!fields.isNative)
        return std::shared_ptr<const NativeHistogram>();
    NativeHistogram &out = fields.histogram;
    if (out.schema < lowestSchema || out.schema > highestSchema)
        return corrupt(u"its schema %1 is not known"_s.arg(out.schema));
    const auto negative = bucketsOf(fields.negative, out.schema);
    if (!negative)
        return std::unexpected(negative.error());
    const auto positive = bucketsOf(fields.positive, out.schema);
    if (!positive)
        return std::unexpected(positive.error());
    for (auto bucket = negative->crbegin(); bucket != negative->crend(); ++bucket)
        out.buckets.append({-bucket->upper, -bucket->lower, bucket->count});
    for (const NativeHistogram::Bucket &bucket : *positive)
        out.buckets.append(bucket);
    return std::make_shared<const NativeHistogram>(std::move(out));
}

} // namespace countersign
