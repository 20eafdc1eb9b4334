#pragma once

#include "backend/types/error.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace countersign {

/// Exit codes of countersign-cli, as its manual lists them.
enum class ExitCode {
    Good = 0,
    Bad = 1, ///< the work was done and the answer is no: a finding that blocks, a signature or code that does not match
    Usage = 2,
    Input = 3, ///< the input cannot be read, or is not what it should be
    Refused = 4, ///< policy refuses to sign
    Unavailable = 5, ///< a device, a terminal or a node could not be reached
};

/// What a command found out: values in order, nested as they are, and findings. Printed for people or as one JSON object.
class Report final {
public:
    enum class Severity { Info, Warn, Block };

    /// A value, or what holds further ones.
    struct Node {
        QString key; ///< member of the JSON; empty for an element of a list
        QString label; ///< for people; empty: the key
        QString value; ///< of a node that holds further ones: its member "summary" in the JSON
        bool isList = false;
        std::vector<Node> children = {};

        Node &add(const QString &childKey, const QString &childValue, const QString &childLabel = {});
        Node &group(const QString &childKey, const QString &childLabel = {});
        Node &list(const QString &childKey, const QString &childLabel = {});
        /// An element of a list.
        Node &element(const QString &childLabel = {}, const QString &childValue = {});
    };
    struct Finding {
        Severity severity = Severity::Info;
        QString code;
        QString message;
    };

    Node &root() { return m_root; }
    void add(const QString &key, const QString &value, const QString &label = {}) { m_root.add(key, value, label); }
    void find(Severity severity, const QString &code, const QString &message) { m_findings.push_back({severity, code, message}); }
    const std::vector<Finding> &findings() const { return m_findings; }
    bool isBlocked() const;

    /// For a command whose JSON has a form of its own.
    void setJson(QByteArray json) { m_json = std::move(json); }

    QByteArray toText() const;
    QByteArray toJson() const;

private:
    Node m_root;
    std::vector<Finding> m_findings;
    std::optional<QByteArray> m_json;
};

/// The exit code that an error deserves.
ExitCode exitCodeOf(const Error &error);

} // namespace countersign
