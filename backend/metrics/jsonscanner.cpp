#include "backend/metrics/jsonscanner.h"

#include "backend/types/json.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace countersign {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool belongsToWord(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
}

} // namespace

char JsonScanner::peek()
{
    while (m_at < m_text.size() && isSpace(m_text[m_at]))
        ++m_at;
    return m_at < m_text.size() ? m_text[m_at] : '\0';
}

bool JsonScanner::take(char c)
{
    if (peek() != c || m_at >= m_text.size())
        return false;
    ++m_at;
    return true;
}

bool JsonScanner::skipString()
{
    if (!take('"'))
        return false;
    while (m_at < m_text.size()) {
        const char c = m_text[m_at];
        if (c == '"') {
            ++m_at;
            return true;
        }
        if (static_cast<unsigned char>(c) < 0x20)
            return false;
        m_at += c == '\\' ? 2 : 1;
    }
    return false;
}

std::optional<QByteArrayView> JsonScanner::plainString()
{
    if (peek() != '"')
        return std::nullopt;
    const qsizetype begin = m_at + 1;
    if (!skipString() || m_at > m_text.size())
        return std::nullopt;
    const QByteArrayView inside = m_text.sliced(begin, m_at - begin - 1);
    if (std::memchr(inside.data(), '\\', static_cast<std::size_t>(inside.size())) != nullptr)
        return std::nullopt;
    return inside;
}

std::optional<QString> JsonScanner::string()
{
    if (peek() != '"')
        return std::nullopt;
    const qsizetype begin = m_at;
    if (!skipString() || m_at > m_text.size())
        return std::nullopt;
    const QByteArrayView quoted = m_text.sliced(begin, m_at - begin);
    if (std::memchr(quoted.data(), '\\', static_cast<std::size_t>(quoted.size())) == nullptr) {
        const QUtf8StringView inside(quoted.data() + 1, quoted.size() - 2);
        return inside.isValidUtf8() ? std::optional(inside.toString()) : std::nullopt;
    }
    const auto read = JsonText::parse(quoted.toByteArray()); // knows the escapes
    return read ? std::optional(read->root().toString()) : std::nullopt;
}

std::optional<double> JsonScanner::number()
{
    const char next = peek();
    if (next != '-' && (next < '0' || next > '9'))
        return std::nullopt;
    double value = 0;
    const char *begin = m_text.data() + m_at;
    const auto [end, problem] = std::from_chars(begin, m_text.data() + m_text.size(), value);
    if (problem != std::errc() || !std::isfinite(value))
        return std::nullopt;
    m_at += end - begin;
    return value;
}

std::optional<QByteArrayView> JsonScanner::value()
{
    peek();
    const qsizetype begin = m_at;
    int depth = 0;
    do {
        const char next = peek();
        if (next == '{' || next == '[') {
            if (++depth > m_maxDepth)
                return std::nullopt;
            ++m_at;
        } else if (next == '}' || next == ']') {
            if (--depth < 0)
                return std::nullopt;
            ++m_at;
        } else if (next == '"') {
            if (!skipString() || m_at > m_text.size())
                return std::nullopt;
        } else if (next == ',' || next == ':') {
            if (depth == 0)
                return std::nullopt;
            ++m_at;
        } else {
            const qsizetype word = m_at;
            while (m_at < m_text.size() && belongsToWord(m_text[m_at]))
                ++m_at;
            if (m_at == word)
                return std::nullopt;
        }
    } while (depth > 0);
    return m_text.sliced(begin, m_at - begin);
}

std::optional<QString> JsonScanner::member(bool &first)
{
    m_ended = false;
    if (peek() == '}' && take('}')) {
        m_ended = true;
        return std::nullopt;
    }
    if (!first && !take(','))
        return std::nullopt;
    first = false;
    auto name = string();
    return name && take(':') ? name : std::nullopt;
}

bool JsonScanner::element(bool &first)
{
    m_ended = false;
    if (peek() == ']' && take(']')) {
        m_ended = true;
        return false;
    }
    if (!first && !take(','))
        return false;
    first = false;
    return true;
}

std::optional<double> prometheusNumber(QByteArrayView text)
{
    if (text == "NaN")
        return std::numeric_limits<double>::quiet_NaN();
    if (text == "+Inf" || text == "Inf")
        return std::numeric_limits<double>::infinity();
    if (text == "-Inf")
        return -std::numeric_limits<double>::infinity();
    if (text.startsWith('+'))
        text = text.sliced(1);
    if (text.isEmpty() || (text[0] != '-' && text[0] != '.' && (text[0] < '0' || text[0] > '9')))
        return std::nullopt;
    double value = 0;
    const char *end = text.data() + text.size();
    const auto [read, problem] = std::from_chars(text.data(), end, value);
    if (problem != std::errc() || read != end)
        return std::nullopt;
    return value;
}

} // namespace countersign
