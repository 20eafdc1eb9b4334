#pragma once

#include "backend/types/address.h"
#include "backend/types/hash32.h"
#include "backend/types/json.h"
#include "backend/types/uint256.h"

namespace countersign {

/// Writes a JSON object member by member behind what a text holds already. Numbers are written as decimal texts, bytes
/// as 0x-hex, as this program answers them.
class JsonObject final {
public:
    explicit JsonObject(QByteArray &json) : m_json(json) { m_json.append('{'); }
    ~JsonObject() { m_json.append('}'); }
    JsonObject(const JsonObject &) = delete;
    JsonObject &operator=(const JsonObject &) = delete;

    void text(QUtf8StringView key, QUtf8StringView value)
    {
        name(key);
        appendJsonString(m_json, value);
    }
    void text(QUtf8StringView key, QLatin1StringView ascii) { text(key, QUtf8StringView(ascii.data(), ascii.size())); }
    void text(QUtf8StringView key, const QString &value)
    {
        const QByteArray utf8 = value.toUtf8();
        text(key, QUtf8StringView(utf8));
    }
    void hex(QUtf8StringView key, QByteArrayView bytes)
    {
        name(key);
        m_json.append('"');
        appendHex(m_json, bytes);
        m_json.append('"');
    }
    void hex(QUtf8StringView key, const Hash32 &hash) { hex(key, hash.view()); }
    void address(QUtf8StringView key, const Address &value)
    {
        name(key);
        m_json.append('"');
        m_json.append(value.toString().toLatin1());
        m_json.append('"');
    }
    void number(QUtf8StringView key, const Uint256 &value)
    {
        name(key);
        m_json.append('"');
        m_json.append(value.toDecimal().toLatin1());
        m_json.append('"');
    }
    void flag(QUtf8StringView key, bool value)
    {
        name(key);
        m_json.append(value ? "true" : "false");
    }
    /// For a value that the caller writes himself, next, behind what value() returns.
    QByteArray &value(QUtf8StringView key)
    {
        name(key);
        return m_json;
    }
    /// Members that are JSON already, `"a":1,"b":2`; may be none.
    void members(QByteArrayView json)
    {
        if (json.isEmpty())
            return;
        if (!m_isFirst)
            m_json.append(',');
        m_isFirst = false;
        m_json.append(json);
    }

private:
    void name(QUtf8StringView key)
    {
        if (!m_isFirst)
            m_json.append(',');
        m_isFirst = false;
        appendJsonString(m_json, key);
        m_json.append(':');
    }

    QByteArray &m_json;
    bool m_isFirst = true;
};

/// What stands between the braces of an object's JSON.
inline QByteArrayView membersOf(QByteArrayView object)
{
    return object.sliced(1).chopped(1);
}

} // namespace countersign
