#include "backend/relayer/expositionline.h"

#include "backend/types/strings.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <utility>

namespace countersign {

namespace {

constexpr qsizetype labelLimit = 256; // of one sample

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

void skipBlanks(QByteArrayView &text)
{
    while (!text.isEmpty() && isBlank(text.front()))
        text = text.sliced(1);
}

bool isNameByte(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || (!first && c >= '0' && c <= '9');
}

// A text in double quotes; its end is found before it is unescaped.
std::optional<QString> takeQuoted(QByteArrayView &text)
{
    qsizetype at = 1;
    while (at < text.size() && text[at] != '"')
        at += text[at] == '\\' ? 2 : 1;
    if (at >= text.size())
        return std::nullopt;
    const QString out = unescapeExposition(text.sliced(1, at - 1));
    text = text.sliced(at + 1);
    return out;
}

// What Go's ParseFloat takes: decimal and hexadecimal floats, Inf and NaN in any case.
std::optional<double> takeNumber(QByteArrayView &text)
{
    qsizetype size = 0;
    while (size < text.size() && !isBlank(text[size]) && text[size] != '#')
        ++size;
    std::array<char, 64> buffer{};
    if (size == 0 || static_cast<size_t>(size) >= buffer.size())
        return std::nullopt;
    std::memcpy(buffer.data(), text.data(), static_cast<size_t>(size));
    text = text.sliced(size);
    const char *from = buffer.data();
    const char *const end = buffer.data() + size;
    bool negative = false;
    if (*from == '+' || *from == '-') {
        negative = *from == '-';
        ++from;
        if (from == end || *from == '-' || *from == '+')
            return std::nullopt;
    }
    auto format = std::chars_format::general;
    if (end - from > 2 && from[0] == '0' && (from[1] == 'x' || from[1] == 'X')) {
        format = std::chars_format::hex;
        from += 2;
    }
    double value = 0;
    const auto [stop, error] = std::from_chars(from, end, value, format);
    if (stop != end || (error != std::errc() && error != std::errc::result_out_of_range))
        return std::nullopt;
    if (error == std::errc::result_out_of_range)
        value = std::strtod(buffer.data(), nullptr) == 0 ? 0 : std::numeric_limits<double>::infinity();
    return negative ? -value : value;
}

// Between the braces: labels, and in the UTF-8 form the quoted metric name. What is wrong, or empty.
QString takeLabels(QByteArrayView &text, MetricSample &sample)
{
    text = text.sliced(1);
    while (true) {
        skipBlanks(text);
        if (text.isEmpty())
            return u"the labels do not end"_s;
        if (text.front() == '}') {
            text = text.sliced(1);
            return {};
        }
        const bool quoted = text.front() == '"';
        auto name = takeExpositionName(text);
        if (!name)
            return u"a label name is expected"_s;
        skipBlanks(text);
        if (quoted && sample.name.isEmpty() && !text.startsWith('=')) {
            sample.name = *name;
        } else {
            if (!text.startsWith('='))
                return u"a label has no value"_s;
            text = text.sliced(1);
            skipBlanks(text);
            if (!text.startsWith('"'))
                return u"a label value is not in quotes"_s;
            auto value = takeQuoted(text);
            if (!value)
                return u"a label value does not end"_s;
            if (sample.labels.size() >= labelLimit)
                return u"there are too many labels"_s;
            sample.labels.append({std::move(*name), std::move(*value)});
        }
        skipBlanks(text);
        if (text.startsWith(','))
            text = text.sliced(1);
        else if (!text.startsWith('}'))
            return u"the labels are not separated by commas"_s;
    }
}

std::unexpected<Error> corrupt(const QString &what)
{
    return fail(ErrorKind::Corrupt, what);
}

} // namespace

std::optional<QString> takeExpositionName(QByteArrayView &text)
{
    if (text.startsWith('"')) {
        auto name = takeQuoted(text);
        return name && !name->isEmpty() ? name : std::nullopt;
    }
    qsizetype size = 0;
    while (size < text.size() && isNameByte(text[size], size == 0))
        ++size;
    if (size == 0)
        return std::nullopt;
    const QString name = QString::fromLatin1(text.data(), size);
    text = text.sliced(size);
    return name;
}

QString unescapeExposition(QByteArrayView text)
{
    if (text.indexOf('\\') < 0)
        return QString::fromUtf8(text);
    QByteArray out;
    out.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out.append(text[i]);
            continue;
        }
        const char next = text[++i];
        if (next == 'n')
            out.append('\n');
        else if (next == '\\' || next == '"')
            out.append(next);
        else
            out.append('\\').append(next);
    }
    return QString::fromUtf8(out);
}

Result<std::optional<MetricSample>> parseExpositionSample(QByteArrayView line, bool openMetrics)
{
    skipBlanks(line);
    if (line.isEmpty())
        return std::nullopt;
    MetricSample sample;
    if (line.front() != '{') {
        const auto name = takeExpositionName(line);
        if (!name)
            return corrupt(u"a metric name is expected"_s);
        sample.name = *name;
        skipBlanks(line);
    }
    if (line.startsWith('{')) {
        if (const QString defect = takeLabels(line, sample); !defect.isEmpty())
            return corrupt(defect);
    }
    if (sample.name.isEmpty())
        return corrupt(u"the metric has no name"_s);
    skipBlanks(line);
    const auto value = takeNumber(line);
    if (!value)
        return corrupt(u"%1 has no number"_s.arg(sample.name));
    sample.value = *value;
    skipBlanks(line);
    if (!line.isEmpty() && line.front() != '#') {
        const auto time = takeNumber(line);
        // Text: milliseconds; OpenMetrics: seconds. Kept within what a Timestamp holds.
        const double micros = time ? *time * (openMetrics ? 1e6 : 1e3) : std::numeric_limits<double>::quiet_NaN();
        if (!std::isfinite(micros) || std::abs(micros) > 9e18)
            return corrupt(u"the time of %1 is no number"_s.arg(sample.name));
        sample.time = Timestamp::fromMicros(static_cast<qint64>(micros));
        skipBlanks(line);
    }
    // An exemplar may follow in OpenMetrics; it is passed over.
    if (!line.isEmpty() && !(openMetrics && line.front() == '#'))
        return corrupt(u"there is text after the value of %1"_s.arg(sample.name));
    return sample;
}

} // namespace countersign
