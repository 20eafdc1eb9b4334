#pragma once

#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QByteArray>
#include <QUtf8StringView>

#include <iterator>
#include <optional>
#include <vector>

namespace countersign {

struct JsonLimits {
    qsizetype maxBytes = 16 * 1024 * 1024;
    int maxDepth = 64;
    qsizetype maxValues = 1'000'000;
};

class JsonText;

/// A value of a JsonText: a handle, valid as long as the text lives. Numbers are kept as they are written, so that no
/// digit of a 256-bit integer is lost.
class JsonView final {
public:
    enum class Kind : quint8 { Null, Bool, Number, String, Array, Object };
    class Iterator;

    Kind kind() const;
    bool isNull() const { return kind() == Kind::Null; }
    bool isString() const { return kind() == Kind::String; }
    bool isNumber() const { return kind() == Kind::Number; }
    bool isArray() const { return kind() == Kind::Array; }
    bool isObject() const { return kind() == Kind::Object; }
    /// Of Bool; false otherwise.
    bool toBool() const;
    /// Of String without its escapes, of Number as it is written; empty otherwise.
    QUtf8StringView text() const;
    /// The same as QString.
    QString toString() const { return text().toString(); }
    /// Elements of an Array, members of an Object; 0 otherwise.
    qsizetype size() const;
    /// The elements, or the members' values in the order of the text.
    Iterator begin() const;
    Iterator end() const;
    /// The name of this value in the object that it is a member of; empty otherwise.
    QUtf8StringView key() const;
    /// A member of an Object by name.
    std::optional<JsonView> find(QUtf8StringView key) const;
    /// The value as JSON, compact, members as they stand; strings escaped anew.
    QByteArray toJson() const;
    /// What it is, for messages: "a number", "an object".
    QLatin1StringView kindName() const;

private:
    friend class JsonText;
    JsonView(const JsonText *document, quint32 index) : m_document(document), m_index(index) {}

    const JsonText *m_document;
    quint32 m_index;
};

/// A JSON text (RFC 8259), read strictly: UTF-8, one value, no member twice in an object, no lone surrogate, within
/// limits. Reading takes time and memory in proportion to the text.
class JsonText final {
public:
    /// Error Invalid with the place, "detail" being "json.<what> at byte <n>"; Exhausted beyond the limits.
    static Result<JsonText> parse(QByteArray utf8, const JsonLimits &limits = {});

    JsonView root() const { return {this, 0}; }

private:
    friend class JsonView;
    friend class JsonReader;

    struct Slice {
        quint32 begin = 0;
        quint32 size = 0;
        bool unescaped = false; // in m_unescaped instead of m_utf8
    };
    struct Node {
        JsonView::Kind kind = JsonView::Kind::Null;
        bool isTrue = false;
        Slice text;
        Slice key;
        quint32 size = 0; // elements or members
        quint32 next = 0; // the node behind this one and all that it holds
    };
    QUtf8StringView view(const Slice &slice) const;

    QByteArray m_utf8;
    QByteArray m_unescaped;
    std::vector<Node> m_nodes; // in the order of the text, a parent before its children
};

class JsonView::Iterator final {
public:
    using value_type = JsonView;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::forward_iterator_tag;

    JsonView operator*() const { return {m_document, m_index}; }
    Iterator &operator++();
    Iterator operator++(int)
    {
        Iterator before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const Iterator &, const Iterator &) = default;

private:
    friend class JsonView;
    Iterator(const JsonText *document, quint32 index) : m_document(document), m_index(index) {}

    const JsonText *m_document;
    quint32 m_index;
};

/// Writes a string as JSON, with quotes.
void appendJsonString(QByteArray &json, QUtf8StringView text);

} // namespace countersign
