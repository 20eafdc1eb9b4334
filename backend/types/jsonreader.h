#pragma once

#include "backend/types/json.h"
#include "backend/types/strings.h"

namespace countersign {

/// Byte for byte.
inline bool sameText(QUtf8StringView a, QUtf8StringView b)
{
    return QByteArrayView(a.data(), a.size()) == QByteArrayView(b.data(), b.size());
}

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

} // namespace countersign
