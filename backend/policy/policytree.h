#pragma once

#include <QString>

#include <utility>
#include <vector>

namespace countersign {

struct Policy;

/// A policy as nested texts: what its YAML and its canonical form are both written from, so that they hold the same.
struct PolicyNode {
    enum class Kind { Scalar, List, Map };
    Kind kind = Kind::Map;
    QString key; ///< of a member of a map
    QString text; ///< of a scalar
    std::vector<PolicyNode> children; ///< elements, or members in the order of the file

    static PolicyNode scalar(const QString &value) { return {Kind::Scalar, {}, value, {}}; }
    static PolicyNode list() { return {Kind::List, {}, {}, {}}; }
    bool isEmpty() const { return kind != Kind::Scalar && children.empty(); }
    void add(const QString &name, PolicyNode value)
    {
        value.key = name;
        children.push_back(std::move(value));
    }
    void add(const QString &name, const QString &value) { add(name, scalar(value)); }
    /// Unless it is empty: what is absent and what is empty mean the same, and are written as the one.
    void addUnlessEmpty(const QString &name, PolicyNode value)
    {
        if (!value.isEmpty())
            add(name, std::move(value));
    }
};

PolicyNode policyTree(const Policy &policy);

} // namespace countersign
