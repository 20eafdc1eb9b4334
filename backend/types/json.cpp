#include "backend/types/json.h"

#include "backend/types/strings.h"

#include <QSet>

#include <algorithm>
#include <array>

namespace countersign {

namespace {

constexpr qsizetype fewMembers = 16; // up to here names are compared one by one
constexpr qsizetype largestText = 1024 * 1024 * 1024; // what a Slice can tell

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

int hexDigit(char c)
{
    if (isDigit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void appendUtf8(QByteArray &bytes, char32_t point)
{
    const auto add = [&bytes](char32_t byte) { bytes.append(static_cast<char>(byte)); };
    if (point < 0x80) {
        add(point);
    } else if (point < 0x800) {
        add(0xc0 | point >> 6);
        add(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        add(0xe0 | point >> 12);
        add(0x80 | (point >> 6 & 0x3f));
        add(0x80 | (point & 0x3f));
    } else {
        add(0xf0 | point >> 18);
        add(0x80 | (point >> 12 & 0x3f));
        add(0x80 | (point >> 6 & 0x3f));
        add(0x80 | (point & 0x3f));
    }
}

bool same(QUtf8StringView a, QUtf8StringView b)
{
    return QByteArrayView(a.data(), a.size()) == QByteArrayView(b.data(), b.size());
}

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

/// One pass over the text, without recursion: how deep a text nests costs no stack.
class JsonReader final {
public:
    JsonReader(JsonText &text, const JsonLimits &limits) : m_text(text), m_limits(limits), m_bytes(text.m_utf8) {}

    Result<void> read();

private:
    using Kind = JsonView::Kind;
    struct Open {
        quint32 node;
        char close;
    };

    std::unexpected<Error> bad(QLatin1StringView code, const QString &what) const
    {
        return fail(ErrorKind::Invalid, what + u" (byte "_s + QString::number(m_at) + u")."_s,
            code + u" at byte "_s + QString::number(m_at));
    }
    std::unexpected<Error> tooMuch(const QString &what) const { return fail(ErrorKind::Exhausted, what, u"json.limit"_s); }
    bool atEnd() const { return m_at >= m_bytes.size(); }
    char peek() const { return atEnd() ? '\0' : m_bytes[m_at]; }
    bool take(char c)
    {
        if (peek() != c || atEnd())
            return false;
        ++m_at;
        return true;
    }
    void skipSpace()
    {
        while (!atEnd() && (m_bytes[m_at] == ' ' || m_bytes[m_at] == '\n' || m_bytes[m_at] == '\r' || m_bytes[m_at] == '\t'))
            ++m_at;
    }
    Result<void> readValue(const JsonText::Slice &key);
    Result<void> readWord(QLatin1StringView word, Kind kind, bool isTrue, const JsonText::Slice &key);
    Result<void> readNumber(const JsonText::Slice &key);
    Result<JsonText::Slice> readString();
    Result<JsonText::Slice> readKey();
    Result<void> readEscape();
    Result<char32_t> readHex4();
    /// After a value: what may follow, and the end of what is open. True when the text's one value is complete.
    Result<bool> goOn();
    Result<void> close();
    Result<void> refuseTwins(quint32 object) const;
    quint32 add(Kind kind, const JsonText::Slice &key, const JsonText::Slice &text = {}, bool isTrue = false)
    {
        const auto index = static_cast<quint32>(m_text.m_nodes.size());
        m_text.m_nodes.push_back({kind, isTrue, text, key, 0, index + 1});
        if (!m_open.empty())
            ++m_text.m_nodes[m_open.back().node].size;
        return index;
    }

    JsonText &m_text;
    const JsonLimits &m_limits;
    QByteArrayView m_bytes;
    qsizetype m_at = 0;
    std::vector<Open> m_open;
};

Result<void> JsonReader::read()
{
    skipSpace();
    if (atEnd())
        return bad("json.empty"_L1, u"There is no JSON value"_s);
    if (auto done = readValue({}); !done)
        return done;
    for (;;) {
        const auto complete = goOn();
        if (!complete)
            return std::unexpected(complete.error());
        if (*complete)
            break;
    }
    skipSpace();
    if (!atEnd())
        return bad("json.trailing"_L1, u"Something follows after the JSON value"_s);
    return {};
}

// Reads a value whole when it is simple; of an array or object its opening and its first value, so that goOn() is next.
Result<void> JsonReader::readValue(const JsonText::Slice &firstKey)
{
    JsonText::Slice key = firstKey;
    for (;;) {
        if (static_cast<qsizetype>(m_text.m_nodes.size()) >= m_limits.maxValues)
            return tooMuch(u"The JSON has more than %1 values"_s.arg(m_limits.maxValues));
        skipSpace();
        switch (peek()) {
        case '"': {
            const auto text = readString();
            if (!text)
                return std::unexpected(text.error());
            add(Kind::String, key, *text);
            return {};
        }
        case 't':
            return readWord("true"_L1, Kind::Bool, true, key);
        case 'f':
            return readWord("false"_L1, Kind::Bool, false, key);
        case 'n':
            return readWord("null"_L1, Kind::Null, false, key);
        case '{':
        case '[': {
            const bool isObject = peek() == '{';
            if (static_cast<int>(m_open.size()) >= m_limits.maxDepth)
                return tooMuch(u"The JSON is nested deeper than %1"_s.arg(m_limits.maxDepth));
            const quint32 node = add(isObject ? Kind::Object : Kind::Array, key);
            m_open.push_back({node, isObject ? '}' : ']'});
            ++m_at;
            skipSpace();
            if (take(m_open.back().close))
                return close();
            key = {};
            if (isObject) {
                const auto name = readKey();
                if (!name)
                    return std::unexpected(name.error());
                key = *name;
            }
            continue;
        }
        default:
            return readNumber(key);
        }
    }
}

Result<bool> JsonReader::goOn()
{
    if (m_open.empty())
        return true;
    skipSpace();
    const char closing = m_open.back().close;
    if (take(closing)) {
        if (auto done = close(); !done)
            return std::unexpected(done.error());
        return false;
    }
    if (!take(','))
        return bad("json.separator"_L1, closing == '}' ? u"A comma or } is needed"_s : u"A comma or ] is needed"_s);
    skipSpace();
    JsonText::Slice key;
    if (closing == '}') {
        const auto name = readKey();
        if (!name)
            return std::unexpected(name.error());
        key = *name;
    }
    if (auto done = readValue(key); !done)
        return std::unexpected(done.error());
    return false;
}

Result<void> JsonReader::close()
{
    const quint32 node = m_open.back().node;
    m_text.m_nodes[node].next = static_cast<quint32>(m_text.m_nodes.size());
    const bool isObject = m_open.back().close == '}';
    m_open.pop_back();
    return isObject ? refuseTwins(node) : Result<void>();
}

Result<void> JsonReader::refuseTwins(quint32 object) const
{
    const auto twin = [this](QUtf8StringView name) {
        return bad("json.duplicate"_L1, u"\"%1\" is there twice in one object"_s.arg(name.toString().left(80)));
    };
    const auto &nodes = m_text.m_nodes;
    const quint32 end = nodes[object].next;
    if (nodes[object].size <= fewMembers) {
        for (quint32 a = object + 1; a < end; a = nodes[a].next) {
            for (quint32 b = object + 1; b < a; b = nodes[b].next) {
                if (same(m_text.view(nodes[a].key), m_text.view(nodes[b].key)))
                    return twin(m_text.view(nodes[a].key));
            }
        }
        return {};
    }
    QSet<QByteArrayView> names;
    names.reserve(nodes[object].size);
    for (quint32 member = object + 1; member < end; member = nodes[member].next) {
        const QUtf8StringView name = m_text.view(nodes[member].key);
        const QByteArrayView bytes(name.data(), name.size());
        const qsizetype before = names.size();
        names.insert(bytes);
        if (names.size() == before)
            return twin(name);
    }
    return {};
}

Result<void> JsonReader::readWord(QLatin1StringView word, Kind kind, bool isTrue, const JsonText::Slice &key)
{
    if (m_bytes.sliced(m_at, std::min<qsizetype>(word.size(), m_bytes.size() - m_at)) != QByteArrayView(word.data(), word.size()))
        return bad("json.value"_L1, u"This is no JSON value"_s);
    m_at += word.size();
    add(kind, key, {}, isTrue);
    return {};
}

Result<void> JsonReader::readNumber(const JsonText::Slice &key)
{
    const qsizetype begin = m_at;
    const auto digits = [this] {
        const qsizetype first = m_at;
        while (isDigit(peek()))
            ++m_at;
        return m_at > first;
    };
    const bool negative = take('-');
    if (!isDigit(peek()))
        return bad("json.value"_L1, negative ? u"A digit is needed after the minus sign"_s : u"This is no JSON value"_s);
    if (!take('0'))
        digits();
    else if (isDigit(peek()))
        return bad("json.number"_L1, u"A number may not begin with 0"_s);
    if (take('.') && !digits())
        return bad("json.number"_L1, u"A digit is needed after the point"_s);
    if (peek() == 'e' || peek() == 'E') {
        ++m_at;
        if (!take('+'))
            take('-');
        if (!digits())
            return bad("json.number"_L1, u"A digit is needed in the exponent"_s);
    }
    add(Kind::Number, key, {static_cast<quint32>(begin), static_cast<quint32>(m_at - begin), false});
    return {};
}

Result<JsonText::Slice> JsonReader::readString()
{
    if (!take('"'))
        return bad("json.string"_L1, u"A text in quotes is needed"_s);
    const qsizetype begin = m_at;
    while (!atEnd() && m_bytes[m_at] != '"' && m_bytes[m_at] != '\\' && static_cast<quint8>(m_bytes[m_at]) >= 0x20)
        ++m_at;
    if (take('"'))
        return JsonText::Slice{static_cast<quint32>(begin), static_cast<quint32>(m_at - 1 - begin), false};
    // An escape: from here on the text is copied.
    QByteArray &copy = m_text.m_unescaped;
    const qsizetype start = copy.size();
    copy.append(m_bytes.sliced(begin, m_at - begin));
    while (!atEnd()) {
        if (take('"'))
            return JsonText::Slice{static_cast<quint32>(start), static_cast<quint32>(copy.size() - start), true};
        if (take('\\')) {
            if (auto done = readEscape(); !done)
                return std::unexpected(done.error());
            continue;
        }
        if (static_cast<quint8>(m_bytes[m_at]) < 0x20)
            return bad("json.control"_L1, u"A text may not hold a control character; write it as an escape"_s);
        copy.append(m_bytes[m_at++]);
    }
    return bad("json.string"_L1, u"A text does not end"_s);
}

// A member's name, and the colon behind it.
Result<JsonText::Slice> JsonReader::readKey()
{
    const auto name = readString();
    if (!name)
        return name;
    skipSpace();
    if (!take(':'))
        return bad("json.colon"_L1, u"A colon is needed after a member's name"_s);
    return name;
}

Result<void> JsonReader::readEscape()
{
    static constexpr std::array<std::pair<char, char>, 8> plain{{{'"', '"'}, {'\\', '\\'}, {'/', '/'}, {'b', '\b'},
        {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}}};
    for (const auto &[letter, meaning] : plain) {
        if (take(letter)) {
            m_text.m_unescaped.append(meaning);
            return {};
        }
    }
    if (!take('u'))
        return bad("json.escape"_L1, u"There is no such escape"_s);
    auto point = readHex4();
    if (!point)
        return std::unexpected(point.error());
    if (*point >= 0xdc00 && *point <= 0xdfff)
        return bad("json.surrogate"_L1, u"Half a surrogate pair is no character"_s);
    if (*point >= 0xd800 && *point <= 0xdbff) {
        if (!take('\\') || !take('u'))
            return bad("json.surrogate"_L1, u"Half a surrogate pair is no character"_s);
        const auto low = readHex4();
        if (!low)
            return std::unexpected(low.error());
        if (*low < 0xdc00 || *low > 0xdfff)
            return bad("json.surrogate"_L1, u"Half a surrogate pair is no character"_s);
        point = 0x10000 + ((*point - 0xd800) << 10) + (*low - 0xdc00);
    }
    appendUtf8(m_text.m_unescaped, *point);
    return {};
}

Result<char32_t> JsonReader::readHex4()
{
    char32_t value = 0;
    for (int i = 0; i < 4; ++i) {
        const int digit = hexDigit(peek());
        if (atEnd() || digit < 0)
            return bad("json.escape"_L1, u"Four hexadecimal digits are needed after \\u"_s);
        value = value * 16 + static_cast<char32_t>(digit);
        ++m_at;
    }
    return value;
}

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
        if (same(member.key(), key))
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
