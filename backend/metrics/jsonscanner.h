#pragma once

#include <QByteArrayView>
#include <QString>

#include <optional>

namespace countersign {

/// Walks a JSON text once, from the front, and keeps nothing: what a query answers is millions of small values that go straight into columns.
/// Every call answers nothing, or false, where the text is not what was asked for; the walk is over then.
class JsonScanner final {
public:
    explicit JsonScanner(QByteArrayView text, int maxDepth)
        : m_text(text)
        , m_maxDepth(maxDepth)
    {
    }

    /// The next character that is no space; 0 at the end.
    char peek();
    /// Steps over this character if it is the next.
    bool take(char c);
    /// Nothing but spaces is left.
    bool atEnd() { return peek() == '\0' && m_at >= m_text.size(); }

    std::optional<QString> string();
    /// A string without escapes, in place; nothing when it has some.
    std::optional<QByteArrayView> plainString();
    std::optional<double> number();
    /// Any value, in place.
    std::optional<QByteArrayView> value();

    /// After '{' was taken, or a member was read: the name of the next member, with its colon. Nothing at '}', which is taken: see ended().
    std::optional<QString> member(bool &first);
    /// After '[' was taken, or an element was read: whether there is another. False at ']', which is taken: see ended().
    bool element(bool &first);
    /// Whether the last member() or element() found the end, and no mistake.
    bool ended() const { return m_ended; }

private:
    bool skipString();

    QByteArrayView m_text;
    qsizetype m_at = 0;
    int m_maxDepth;
    bool m_ended = false;
};

/// Of Prometheus' way to write a number: "1e+00", "NaN", "+Inf", "-Inf".
std::optional<double> prometheusNumber(QByteArrayView text);

} // namespace countersign
