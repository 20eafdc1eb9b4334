#pragma once

#include "backend/environment/environmentproblem.h"

#include <QByteArray>
#include <QString>

#include <expected>
#include <memory>
#include <utility>
#include <vector>

namespace countersign {

/// A YAML document as plain nodes that remember where they stand. Scalars stay text: what they mean is the reader's.
struct YamlNode {
    enum class Kind { Null, Scalar, Sequence, Map };
    struct Entry {
        QString key;
        int line = 1;
        int column = 1;
        std::shared_ptr<const YamlNode> value;
    };

    Kind kind = Kind::Null;
    int line = 1;
    int column = 1;
    QString text; ///< of a scalar
    std::vector<std::shared_ptr<const YamlNode>> items; ///< of a sequence
    std::vector<Entry> entries; ///< of a map, in the order of the file; keys are unique
    std::size_t nodes = 1; ///< this node and everything under it, aliases counted as if written out
};

/// What a hand-written profile never reaches and a hostile one tries.
struct YamlLimits {
    qsizetype bytes = 1024 * 1024;
    int depth = 24;
    std::size_t nodes = 50'000; ///< with aliases written out
    qsizetype scalar = 64 * 1024;
};

/// Parses exactly one document. Total: answers every input with a tree or with at least one problem.
std::expected<std::shared_ptr<const YamlNode>, EnvironmentProblems> parseYaml(const QByteArray &bytes, const YamlLimits &limits = {});

} // namespace countersign
