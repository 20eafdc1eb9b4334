#include "backend/policy/policywriter.h"

#include "backend/policy/policytree.h"
#include "backend/types/json.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace countersign {

namespace {

using Kind = PolicyNode::Kind;

/// Every text in double quotes, escaped as JSON does it: that is YAML too, and no word turns into something else.
void appendText(QByteArray &yaml, const QString &text)
{
    appendJsonString(yaml, QUtf8StringView(text.toUtf8()));
}

bool isPlain(const QString &text)
{
    // Unquoted, this word would be read as no value at all.
    return !text.isEmpty() && text.compare("null"_L1, Qt::CaseInsensitive) != 0 && text.front().isLetter()
        && std::ranges::all_of(text, [](QChar c) { return c.unicode() < 0x80 && (c.isLetterOrNumber() || c == u'.'); });
}

void appendKey(QByteArray &yaml, const QString &key)
{
    if (isPlain(key))
        yaml += key.toUtf8();
    else
        appendText(yaml, key);
}

void appendInline(QByteArray &yaml, const PolicyNode &node)
{
    const bool plainWord = isPlain(node.text);
    const bool plainNumber
        = !node.text.isEmpty() && std::ranges::all_of(node.text, [](QChar c) { return c >= u'0' && c <= u'9'; });
    switch (node.kind) {
    case Kind::Scalar:
        if (plainWord || plainNumber)
            yaml += node.text.toUtf8();
        else
            appendText(yaml, node.text);
        break;
    case Kind::List:
    case Kind::Map:
        yaml += node.kind == Kind::List ? '[' : '{';
        for (std::size_t i = 0; i < node.children.size(); ++i) {
            if (i > 0)
                yaml += ", ";
            if (node.kind == Kind::Map) {
                appendKey(yaml, node.children[i].key);
                yaml += ": ";
            }
            appendInline(yaml, node.children[i]);
        }
        yaml += node.kind == Kind::List ? ']' : '}';
        break;
    }
}

/// Whether it fits a line: texts, and lists and maps of nothing but texts.
bool isFlat(const PolicyNode &node)
{
    return std::ranges::all_of(node.children, [](const PolicyNode &child) { return child.kind == Kind::Scalar; });
}

void appendBlock(QByteArray &yaml, const PolicyNode &node, int indent);

void appendMember(QByteArray &yaml, const PolicyNode &member, int indent)
{
    yaml += QByteArray(indent, ' ');
    appendKey(yaml, member.key);
    yaml += ':';
    // The parts of the file stand in blocks, what is small inside them in a line.
    if (isFlat(member) && (member.kind != Kind::Map || indent > 0)) {
        yaml += ' ';
        appendInline(yaml, member);
        yaml += '\n';
    } else {
        yaml += '\n';
        appendBlock(yaml, member, indent + 2);
    }
}

void appendElement(QByteArray &yaml, const PolicyNode &element, int indent)
{
    yaml += QByteArray(indent, ' ') + "- ";
    if (isFlat(element)) {
        appendInline(yaml, element);
        yaml += '\n';
        return;
    }
    // The first member stands beside the dash, the others under it.
    QByteArray inner;
    appendBlock(inner, element, indent + 2);
    yaml += inner.sliced(indent + 2);
}

void appendBlock(QByteArray &yaml, const PolicyNode &node, int indent)
{
    for (const PolicyNode &child : node.children) {
        if (node.kind == Kind::Map)
            appendMember(yaml, child, indent);
        else
            appendElement(yaml, child, indent);
    }
}

void appendCanonical(QByteArray &json, const PolicyNode &node)
{
    if (node.kind == Kind::Scalar) {
        appendText(json, node.text);
        return;
    }
    std::vector<std::pair<QByteArray, const PolicyNode *>> children;
    children.reserve(node.children.size());
    for (const PolicyNode &child : node.children)
        children.emplace_back(child.key.toUtf8(), &child);
    if (node.kind == Kind::Map)
        std::ranges::sort(children, {}, [](const auto &child) { return child.first; });
    json += node.kind == Kind::List ? '[' : '{';
    for (std::size_t i = 0; i < children.size(); ++i) {
        if (i > 0)
            json += ',';
        if (node.kind == Kind::Map) {
            appendJsonString(json, QUtf8StringView(children[i].first));
            json += ':';
        }
        appendCanonical(json, *children[i].second);
    }
    json += node.kind == Kind::List ? ']' : '}';
}

} // namespace

QByteArray toYaml(const Policy &policy)
{
    QByteArray yaml;
    appendBlock(yaml, policyTree(policy), 0);
    return yaml;
}

QByteArray canonicalPolicy(const Policy &policy)
{
    QByteArray json;
    appendCanonical(json, policyTree(policy));
    return json;
}

} // namespace countersign
