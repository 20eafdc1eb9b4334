#pragma once

#include "backend/evm/abivalue.h"
#include "backend/types/error.h"

#include <QString>

#include <optional>
#include <span>
#include <vector>

namespace countersign {

/// A value that a path names in a call.
struct PathValue {
    AbiType type;
    AbiValue value;
    QString place; ///< "route.steps[1].token"
    bool isWhole = true; ///< false for a slice of bytes or of a number
};

/// How ERC-7730 names a value: "#.route.steps.[].token" in the data of the call (the "#." may be left out), "@.value" of
/// the transaction around it, "$.metadata.constants.native" in the descriptor itself.
class DescriptorPath final {
public:
    static constexpr qsizetype maxTextLength = 512;
    static constexpr size_t maxSteps = 24;
    static constexpr size_t maxValues = 1'024;

    enum class Root { Data, Container, Descriptor };
    struct Step {
        enum class Kind { Member, Index, Slice };
        Kind kind = Kind::Member;
        QString name; ///< of a Member
        std::optional<qint64> first = {}; ///< of Index; from where a Slice begins, absent: at the beginning
        std::optional<qint64> last = {}; ///< before where a Slice ends, absent: at the end
        friend bool operator==(const Step &, const Step &) = default;
    };

    /// Error Invalid with what is wrong.
    static Result<DescriptorPath> parse(QStringView text);

    Root root() const { return m_root; }
    const std::vector<Step> &steps() const { return m_steps; }
    const QString &text() const { return m_text; }
    /// This path below another one, when it is a relative one.
    DescriptorPath below(const DescriptorPath &parent) const;
    /// The names of its steps, "metadata", "constants", "native"; empty when one of them is no name.
    std::vector<QString> names() const;

    /// The values of a call that it names: several for a part of an array, none for an element that the call does not
    /// have. Error Invalid when the call's types have no such place, Exhausted for more than maxValues.
    Result<std::vector<PathValue>> valuesIn(
        const std::vector<AbiParameter> &parameters, std::span<const AbiValue> values) const;

    friend bool operator==(const DescriptorPath &, const DescriptorPath &) = default;

private:
    Root m_root = Root::Data;
    bool m_isRooted = false;
    std::vector<Step> m_steps;
    QString m_text;
};

} // namespace countersign
