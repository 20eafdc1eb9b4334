#include "backend/environment/yamltree.h"

#include "backend/types/strings.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <QStringDecoder>

#include <map>
#include <sstream>

namespace countersign {

namespace {

/// Leaves the parser; never leaves this file.
struct Stop {
    EnvironmentProblem problem;
};

[[noreturn]] void stopAt(const YAML::Mark &mark, QString message, QString hint = {})
{
    throw Stop{{mark.line + 1, mark.column + 1, std::move(message), std::move(hint)}};
}

/// Builds the tree from the parser's events and enforces the limits while it grows.
class TreeBuilder final : public YAML::EventHandler
{
public:
    explicit TreeBuilder(const YamlLimits &limits)
        : m_limits(limits)
    {
    }

    std::shared_ptr<const YamlNode> takeRoot() { return std::move(m_root); }
    EnvironmentProblems takeProblems() { return std::move(m_problems); }

    void OnDocumentStart(const YAML::Mark &) override { }
    void OnDocumentEnd() override { }

    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        auto node = make(YamlNode::Kind::Null, mark);
        finish(std::move(node), anchor);
    }

    void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        const auto found = m_anchors.find(anchor);
        if (found == m_anchors.end())
            stopAt(mark, u"an alias refers to the node that contains it"_s, u"write the value out"_s);
        add(found->second, mark);
    }

    void OnScalar(const YAML::Mark &mark, const std::string &, YAML::anchor_t anchor, const std::string &value) override
    {
        if (static_cast<qsizetype>(value.size()) > m_limits.scalar)
            stopAt(mark, u"a value longer than %1 bytes"_s.arg(m_limits.scalar));
        auto node = make(YamlNode::Kind::Scalar, mark);
        node->text = QString::fromStdString(value);
        finish(std::move(node), anchor);
    }

    void OnSequenceStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t anchor, YAML::EmitterStyle::value) override
    {
        open(YamlNode::Kind::Sequence, mark, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t anchor, YAML::EmitterStyle::value) override
    {
        open(YamlNode::Kind::Map, mark, anchor);
    }
    void OnMapEnd() override { close(); }

private:
    struct Open {
        std::shared_ptr<YamlNode> node;
        YAML::anchor_t anchor = 0;
        YAML::Mark mark;
        bool hasKey = false;
        YamlNode::Entry entry;
    };

    static std::shared_ptr<YamlNode> make(YamlNode::Kind kind, const YAML::Mark &mark)
    {
        auto node = std::make_shared<YamlNode>();
        node->kind = kind;
        node->line = mark.line + 1;
        node->column = mark.column + 1;
        return node;
    }

    void open(YamlNode::Kind kind, const YAML::Mark &mark, YAML::anchor_t anchor)
    {
        if (static_cast<int>(m_open.size()) >= m_limits.depth)
            stopAt(mark, u"nested deeper than %1 levels"_s.arg(m_limits.depth));
        if (!m_open.empty() && m_open.back().node->kind == YamlNode::Kind::Map && !m_open.back().hasKey)
            stopAt(mark, u"a list or a map cannot be a key"_s);
        m_open.push_back({make(kind, mark), anchor, mark, false, {}});
    }

    void close()
    {
        Open done = std::move(m_open.back());
        m_open.pop_back();
        if (done.anchor != 0)
            m_anchors[done.anchor] = done.node;
        add(done.node, done.mark);
    }

    void finish(std::shared_ptr<YamlNode> node, YAML::anchor_t anchor)
    {
        const YAML::Mark mark = markOf(*node);
        if (anchor != 0)
            m_anchors[anchor] = node;
        add(std::move(node), mark);
    }

    static YAML::Mark markOf(const YamlNode &node)
    {
        YAML::Mark mark;
        mark.line = node.line - 1;
        mark.column = node.column - 1;
        return mark;
    }

    void add(std::shared_ptr<const YamlNode> node, const YAML::Mark &mark)
    {
        if (m_open.empty()) {
            m_root = std::move(node);
            return;
        }
        Open &parent = m_open.back();
        parent.node->nodes += node->nodes;
        if (parent.node->nodes > m_limits.nodes)
            stopAt(mark, u"more than %1 values, counting aliases as written out"_s.arg(m_limits.nodes));
        if (parent.node->kind == YamlNode::Kind::Sequence) {
            parent.node->items.push_back(std::move(node));
        } else if (!parent.hasKey) {
            if (node->kind != YamlNode::Kind::Scalar)
                stopAt(mark, u"a key must be plain text"_s);
            parent.entry = {node->text, mark.line + 1, mark.column + 1, nullptr};
            parent.hasKey = true;
        } else {
            parent.entry.value = std::move(node);
            parent.hasKey = false;
            append(*parent.node, std::move(parent.entry));
        }
    }

    void append(YamlNode &map, YamlNode::Entry entry)
    {
        for (const YamlNode::Entry &other : map.entries) {
            if (other.key == entry.key) {
                m_problems.append({entry.line, entry.column, u"“%1” stands here twice"_s.arg(entry.key.left(64)),
                                   u"the first is in line %1; remove one of them"_s.arg(other.line)});
                return;
            }
        }
        if (map.entries.size() >= 256)
            throw Stop{{entry.line, entry.column, u"a map with more than 256 keys"_s, {}}};
        map.entries.push_back(std::move(entry));
    }

    YamlLimits m_limits;
    std::vector<Open> m_open;
    std::map<YAML::anchor_t, std::shared_ptr<const YamlNode>> m_anchors;
    std::shared_ptr<const YamlNode> m_root;
    EnvironmentProblems m_problems;
};

std::unexpected<EnvironmentProblems> one(EnvironmentProblem problem)
{
    return std::unexpected(EnvironmentProblems{std::move(problem)});
}

} // namespace

std::expected<std::shared_ptr<const YamlNode>, EnvironmentProblems> parseYaml(const QByteArray &bytes, const YamlLimits &limits)
{
    if (bytes.size() > limits.bytes)
        return one({1, 1, u"the file is larger than %1 KiB"_s.arg(limits.bytes / 1024), u"is this the right file?"_s});
    // yaml-cpp guesses UTF-16 and worse from the first bytes; a profile is UTF-8 or it is not ours.
    QStringDecoder utf8(QStringDecoder::Utf8, QStringConverter::Flag::Stateless);
    static_cast<void>(QString(utf8(bytes)));
    if (utf8.hasError() || bytes.contains('\0'))
        return one({1, 1, u"the file is not UTF-8 text"_s, u"save it as UTF-8"_s});
    // The parser recurses once a nested flow bracket before the first event: count those here.
    qsizetype brackets = 0;
    for (const char c : bytes)
        brackets += (c == '[' || c == '{') ? 1 : 0;
    if (brackets > 20'000)
        return one({1, 1, u"more than 20,000 brackets"_s, u"is this the right file?"_s});

    TreeBuilder builder(limits);
    try {
        std::istringstream stream(bytes.toStdString());
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(builder))
            return one({1, 1, u"the file is empty"_s, u"a profile starts with “version: 1”"_s});
        auto root = builder.takeRoot();
        auto problems = builder.takeProblems();
        TreeBuilder second(limits);
        if (parser.HandleNextDocument(second)) {
            const auto extra = second.takeRoot();
            const int line = extra ? extra->line : 1;
            return one({line, 1, u"a second document begins here"_s, u"a profile is one YAML document; remove “---”"_s});
        }
        if (!problems.isEmpty())
            return std::unexpected(std::move(problems));
        if (!root)
            return one({1, 1, u"the file is empty"_s, u"a profile starts with “version: 1”"_s});
        return root;
    } catch (const Stop &stop) {
        return one(stop.problem);
    } catch (const YAML::Exception &e) {
        const bool known = !e.mark.is_null();
        return one({known ? e.mark.line + 1 : 1, known ? e.mark.column + 1 : 1,
                    u"this is not YAML: "_s + QString::fromStdString(e.msg), u"check indentation, colons and quotes around here"_s});
    } catch (const std::exception &e) {
        return one({1, 1, u"this is not YAML: "_s + QString::fromUtf8(e.what()), {}});
    }
}

} // namespace countersign
