#include "backend/types/json.h"

#include "backend/types/jsonreader.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype largestText = 1024 * 1024 * 1024; // what a Slice can tell

// Where a text stops being UTF-8 (Unicode 15, table 3-7: no overlong form, no surrogate, nothing above U+10FFFF).
qsizetype firstBadUtf8(QByteArrayView text)
{
    const auto at = [text](qsizetype i) { return i < text.size() ? static_cast<quint8>(text[i]) : quint8(0); };
    const auto continues = [&at](qsizetype i) { return (at(i) & 0xc0) == 0x80; };
    for (qsizetype i = 0; i < text.size();) {
        const quint8 first = at(i), second = at(i + 1);
        if (first < 0x80)
            i += 1;
        else if (first >= 0xc2 && first <= 0xdf && continues(i + 1))
            i += 2;
        else if (first >= 0xe0 && first <= 0xef && continues(i + 1) && continues(i + 2)
            && !(first == 0xe0 && second < 0xa0) && !(first == 0xed && second > 0x9f))
            i += 3;
        else if (first >= 0xf0 && first <= 0xf4 && continues(i + 1) && continues(i + 2) && continues(i + 3)
            && !(first == 0xf0 && second < 0x90) && !(first == 0xf4 && second > 0x8f))
            i += 4;
        else
            return i;
    }
    return -1;
}

} // namespace

Result<JsonText> JsonText::parse(QByteArray utf8, const JsonLimits &limits)
{
    const qsizetype most = std::min(limits.maxBytes, largestText);
    if (utf8.size() > most)
        return fail(ErrorKind::Exhausted, u"The JSON has %1 bytes, more than %2"_s.arg(utf8.size()).arg(most), u"json.limit"_s);
    if (!QUtf8StringView(utf8).isValidUtf8()) {
        const qsizetype at = firstBadUtf8(utf8);
        return fail(ErrorKind::Invalid, u"The JSON is not UTF-8 (byte %1)."_s.arg(at), u"json.utf8 at byte %1"_s.arg(at));
    }
    JsonText text;
    text.m_utf8 = std::move(utf8);
    if (auto done = JsonReader(text, limits).read(); !done)
        return std::unexpected(done.error());
    return text;
}

QUtf8StringView JsonText::view(const Slice &slice) const
{
    return {(slice.unescaped ? m_unescaped : m_utf8).constData() + slice.begin, static_cast<qsizetype>(slice.size)};
}

JsonView::Kind JsonView::kind() const
{
    return m_document->m_nodes[m_index].kind;
}

bool JsonView::toBool() const
{
    return m_document->m_nodes[m_index].isTrue;
}

QUtf8StringView JsonView::text() const
{
    return m_document->view(m_document->m_nodes[m_index].text);
}

QUtf8StringView JsonView::key() const
{
    return m_document->view(m_document->m_nodes[m_index].key);
}

qsizetype JsonView::size() const
{
    return m_document->m_nodes[m_index].size;
}

JsonView::Iterator JsonView::begin() const
{
    return {m_document, m_index + 1};
}

JsonView::Iterator JsonView::end() const
{
    return {m_document, m_document->m_nodes[m_index].next};
}

JsonView::Iterator &JsonView::Iterator::operator++()
{
    m_index = m_document->m_nodes[m_index].next;
    return *this;
}

std::optional<JsonView> JsonView::find(QUtf8StringView key) const
{
    if (!isObject())
        return std::nullopt;
    for (const JsonView member : *this) {
        if (sameText(member.key(), key))
            return member;
    }
    return std::nullopt;
}

QByteArray JsonView::toJson() const
{
    QByteArray json;
    // Values are in the order of the text, so that writing them needs no recursion: `open` are the nodes not closed yet.
    std::vector<quint32> open;
    const auto &nodes = m_document->m_nodes;
    const auto closeUpTo = [&](quint32 index) {
        while (!open.empty() && nodes[open.back()].next <= index) {
            json.append(nodes[open.back()].kind == Kind::Object ? '}' : ']');
            open.pop_back();
        }
    };
    for (quint32 i = m_index; i < nodes[m_index].next; ++i) {
        closeUpTo(i);
        if (!open.empty()) {
            if (i != open.back() + 1)
                json.append(',');
            if (nodes[open.back()].kind == Kind::Object) {
                appendJsonString(json, m_document->view(nodes[i].key));
                json.append(':');
            }
        }
        const QUtf8StringView text = m_document->view(nodes[i].text);
        switch (nodes[i].kind) {
        case Kind::Null:
            json.append("null");
            break;
        case Kind::Bool:
            json.append(nodes[i].isTrue ? "true" : "false");
            break;
        case Kind::Number:
            json.append(text.data(), text.size());
            break;
        case Kind::String:
            appendJsonString(json, text);
            break;
        case Kind::Array:
        case Kind::Object:
            json.append(nodes[i].kind == Kind::Object ? '{' : '[');
            open.push_back(i);
            break;
        }
    }
    closeUpTo(nodes[m_index].next);
    return json;
}

QLatin1StringView JsonView::kindName() const
{
    switch (kind()) {
    case Kind::Null:
        return "null"_L1;
    case Kind::Bool:
        return "true or false"_L1;
    case Kind::Number:
        return "a number"_L1;
    case Kind::String:
        return "a text"_L1;
    case Kind::Array:
        return "an array"_L1;
    case Kind::Object:
        break;
    }
    return "an object"_L1;
}

void appendJsonString(QByteArray &json, QUtf8StringView text)
{
    static constexpr auto digits = "0123456789abcdef";
    json.append('"');
    qsizetype plain = 0; // from here on nothing was written yet
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text.data()[i];
        const auto byte = static_cast<quint8>(c);
        if (byte >= 0x20 && c != '"' && c != '\\')
            continue;
        json.append(text.data() + plain, i - plain);
        plain = i + 1;
        json.append('\\');
        if (c == '"' || c == '\\') {
            json.append(c);
        } else if (c == '\n') {
            json.append('n');
        } else {
            json.append("u00");
            json.append(digits[byte >> 4]);
            json.append(digits[byte & 0xf]);
        }
    }
    json.append(text.data() + plain, text.size() - plain);
    json.append('"');
}

} // namespace countersign
