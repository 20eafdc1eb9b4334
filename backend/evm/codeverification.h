#pragma once

#include "backend/evm/artifact.h"

#include <optional>
#include <variant>
#include <vector>

namespace countersign {

enum class CodeMatch {
    Exact,           ///< byte for byte, immutables aside
    MetadataDiffers, ///< the same instructions of other sources: comments, names, paths or compiler settings differ
    Mismatch,
};

/// Why code is no exact match, or what a reader must know besides.
struct CodeReason {
    QString code; ///< stable, e.g. "runtime.bytes"
    QString text;
    std::optional<qsizetype> position = {}; ///< of the first byte that differs, in the code that was given
};

/// A value that the constructor wrote into the code. A match says nothing about whether it is the right one.
struct ImmutableValue {
    QString id;
    QString name; ///< empty when the artifact does not tell
    QString type;
    Bytes value; ///< the word in the code
    QString text = {}; ///< the value for people; empty when the type is not known
};

struct CodeVerdict {
    CodeMatch match = CodeMatch::Exact;
    std::vector<ImmutableValue> immutables = {};
    std::vector<CodeReason> reasons = {};
    /// Decoded from the given creation code; empty without it.
    std::vector<AbiValue> constructorArguments = {};
    /// A library's own address in its code (call protection).
    std::optional<Address> libraryAddress = {};
};

/// The code to compare with an artifact; one of `deployed` and `initCode` at least.
struct CodeQuestion {
    std::optional<Bytes> deployed = {}; ///< what eth_getCode answers
    std::optional<Bytes> initCode = {}; ///< what creates the contract: creation code ++ constructor arguments
    /// What the arguments shall be: values, or their encoding.
    std::variant<std::monostate, std::vector<AbiValue>, Bytes> constructorArguments = {};
    QHash<QString, Address> libraries = {}; ///< by "source:Name"
    std::optional<Address> address = {}; ///< of the deployed code, for the call protection of libraries
};

/// Compares code with what a compiler made of the sources.
///
/// Creation code must be the linked build followed by the constructor's arguments and nothing else; the arguments must
/// decode strictly and be those expected. Deployed code must be the build with libraries linked, immutables taken from
/// the code itself (all places of one must agree, its value must fit its type) and a library's own address in place.
/// Metadata is found by its structure wherever it stands; where nothing else differs the result is MetadataDiffers.
///
/// An artifact may be hostile too: what is taken from the code instead of the build must be the operand of a PUSH.
/// Error Invalid when the question or the artifact makes no sense.
Result<CodeVerdict> verifyCode(const ContractArtifact &artifact, const CodeQuestion &question);

/// "exact", "metadata-differs", "mismatch".
QLatin1StringView codeMatchName(CodeMatch match);

} // namespace countersign
