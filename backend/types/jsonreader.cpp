#include "backend/types/jsonreader.h"

#include "backend/types/strings.h"

#include <QSet>

#include <algorithm>
#include <array>

namespace countersign {

namespace {

constexpr qsizetype fewMembers = 16; // up to here names are compared one by one

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

} // namespace

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
                if (sameText(m_text.view(nodes[a].key), m_text.view(nodes[b].key)))
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

} // namespace countersign
