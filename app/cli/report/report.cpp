#include "app/cli/report/report.h"

#include "backend/types/json.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype indentStep = 2;

QLatin1StringView wordOf(Report::Severity severity)
{
    switch (severity) {
    case Report::Severity::Block:
        return "BLOCK"_L1;
    case Report::Severity::Warn:
        return "warn"_L1;
    case Report::Severity::Info:
        break;
    }
    return "info"_L1;
}

// Text from outside must not move the cursor, colour the terminal or pretend to be another line.
QString harmless(const QString &text)
{
    QString shown;
    shown.reserve(text.size());
    for (const QChar c : text) {
        const bool isHidden = c.category() == QChar::Other_Control || c.category() == QChar::Other_Format
            || c.category() == QChar::Separator_Line || c.category() == QChar::Separator_Paragraph;
        if (isHidden)
            shown += u"\\u%1"_s.arg(c.unicode(), 4, 16, QChar(u'0'));
        else
            shown += c;
    }
    return shown;
}

QString labelOf(const Report::Node &node)
{
    return node.label.isEmpty() ? node.key : node.label;
}

// An element of a list that has a summary is told in one line: its members are for programs.
bool isOneLine(const Report::Node &node)
{
    if (node.children.empty())
        return !node.isList;
    return node.key.isEmpty() && !node.value.isEmpty()
        && std::ranges::all_of(node.children, [](const Report::Node &child) { return child.children.empty() && !child.isList; });
}

void writeText(QString &text, const std::vector<Report::Node> &nodes, qsizetype indent)
{
    qsizetype width = 0;
    for (const auto &node : nodes) {
        if (isOneLine(node))
            width = std::max(width, labelOf(node).size());
    }
    for (const auto &node : nodes) {
        const QString label = harmless(labelOf(node));
        text += QString(indent, u' ');
        if (isOneLine(node))
            text += label.isEmpty() ? harmless(node.value) : label.leftJustified(width) + u"  "_s + harmless(node.value);
        else if (node.children.empty())
            text += label.leftJustified(width) + u"  none"_s;
        else
            text += node.value.isEmpty() ? label : label + u"  "_s + harmless(node.value);
        text += u'\n';
        if (!isOneLine(node))
            writeText(text, node.children, indent + indentStep);
    }
}

void writeJson(QByteArray &json, const Report::Node &node);

void writeMembers(QByteArray &json, const Report::Node &node)
{
    bool isFirst = true;
    const auto member = [&](const QString &key) {
        if (!std::exchange(isFirst, false))
            json.append(',');
        appendJsonString(json, QUtf8StringView(key.toUtf8()));
        json.append(':');
    };
    if (!node.value.isEmpty() && !node.children.empty()) {
        member(u"summary"_s);
        appendJsonString(json, QUtf8StringView(node.value.toUtf8()));
    }
    for (const auto &child : node.children) {
        member(child.key);
        writeJson(json, child);
    }
}

void writeJson(QByteArray &json, const Report::Node &node)
{
    if (node.isList) {
        json.append('[');
        for (const auto &child : node.children) {
            if (!json.endsWith('['))
                json.append(',');
            writeJson(json, child);
        }
        json.append(']');
    } else if (node.children.empty()) {
        appendJsonString(json, QUtf8StringView(node.value.toUtf8()));
    } else {
        json.append('{');
        writeMembers(json, node);
        json.append('}');
    }
}

} // namespace

Report::Node &Report::Node::add(const QString &childKey, const QString &childValue, const QString &childLabel)
{
    children.push_back({childKey, childLabel, childValue});
    return children.back();
}

Report::Node &Report::Node::group(const QString &childKey, const QString &childLabel)
{
    return add(childKey, {}, childLabel);
}

Report::Node &Report::Node::list(const QString &childKey, const QString &childLabel)
{
    Node &node = add(childKey, {}, childLabel);
    node.isList = true;
    return node;
}

Report::Node &Report::Node::element(const QString &childLabel, const QString &childValue)
{
    return add({}, childValue, childLabel);
}

bool Report::isBlocked() const
{
    return std::ranges::any_of(m_findings, [](const Finding &finding) { return finding.severity == Severity::Block; });
}

QByteArray Report::toText() const
{
    QString text;
    writeText(text, m_root.children, 0);
    if (!m_findings.empty())
        text += u"\nFindings\n"_s;
    for (const Severity severity : {Severity::Block, Severity::Warn, Severity::Info}) {
        for (const Finding &finding : m_findings) {
            if (finding.severity == severity)
                text += u"  %1  %2  (%3)\n"_s.arg(QString(wordOf(severity)).leftJustified(5), harmless(finding.message), finding.code);
        }
    }
    return text.toUtf8();
}

QByteArray Report::toJson() const
{
    if (m_json)
        return *m_json;
    QByteArray json = "{";
    writeMembers(json, m_root);
    json.append(json.size() > 1 ? ",\"findings\":[" : "\"findings\":[");
    for (const Finding &finding : m_findings) {
        if (!json.endsWith('['))
            json.append(',');
        json.append("{\"severity\":");
        appendJsonString(json, QUtf8StringView(QString(wordOf(finding.severity)).toLower().toUtf8()));
        json.append(",\"code\":");
        appendJsonString(json, QUtf8StringView(finding.code.toUtf8()));
        json.append(",\"message\":");
        appendJsonString(json, QUtf8StringView(finding.message.toUtf8()));
        json.append('}');
    }
    json.append("]}\n");
    return json;
}

ExitCode exitCodeOf(const Error &error)
{
    switch (error.kind) {
    case ErrorKind::Unavailable:
    case ErrorKind::Timeout:
    case ErrorKind::Unauthenticated:
    case ErrorKind::Denied:
    case ErrorKind::Cancelled:
        return ExitCode::Unavailable;
    case ErrorKind::Rejected:
    case ErrorKind::Conflict:
        return ExitCode::Bad;
    default:
        return ExitCode::Input;
    }
}

} // namespace countersign
