#pragma once

#include "backend/types/error.h"
#include "backend/types/strings.h"

#include <QString>

#include <vector>

namespace countersign {

struct AbiParameter;

enum class AbiKind { Uint, Int, Bool, Address, FixedBytes, Function, Bytes, String, Array, FixedArray, Tuple };

/// A type of the Solidity ABI, as a value. Built only by the factories, which refuse what no compiler emits
/// (uint7, bytes33, T[0], empty tuples), so that the codec needs no further check.
class AbiType final {
public:
    /// Nesting of arrays and tuples that parse() accepts; the codec recurses as deep as the type.
    static constexpr int maxDepth = 24;
    /// Longest type text, and largest static head in bytes, that parse() accepts.
    static constexpr qsizetype maxTextLength = 16 * 1024;
    static constexpr qsizetype maxHeadSize = 16 * 1024 * 1024;

    /// Parses "uint256", "bytes32[4][]" or "(address,(bool,bytes)[])[2]"; aliases "uint" and "int" mean 256 bits.
    /// Error Invalid names what is wrong and at which character.
    static Result<AbiType> parse(QStringView text);

    static Result<AbiType> makeUint(int bits);
    static Result<AbiType> makeInt(int bits);
    static Result<AbiType> makeFixedBytes(int length);
    static AbiType makeBool();
    static AbiType makeAddress();
    static AbiType makeFunction();
    static AbiType makeBytes();
    static AbiType makeString();
    static Result<AbiType> makeArray(AbiType element);
    static Result<AbiType> makeFixedArray(AbiType element, qsizetype length);
    static Result<AbiType> makeTuple(std::vector<AbiParameter> components);

    AbiKind kind() const { return m_kind; }
    /// Width in bits of Uint and Int; zero otherwise.
    int bits() const { return m_kind == AbiKind::Uint || m_kind == AbiKind::Int ? static_cast<int>(m_size) : 0; }
    /// Bytes of FixedBytes, elements of FixedArray, components of Tuple; zero otherwise.
    qsizetype length() const;
    /// Element type; only for Array and FixedArray.
    const AbiType &element() const;
    /// Components; empty unless Tuple.
    const std::vector<AbiParameter> &components() const;

    bool isDynamic() const { return m_dynamic; }
    /// Encoded as one word: neither bytes, string nor a list.
    bool isWord() const { return m_kind <= AbiKind::Function; }
    /// Bytes in the head of the enclosing tuple: 32 when dynamic (the offset), the whole encoding otherwise.
    qsizetype headSize() const { return m_headSize; }
    int depth() const { return m_depth; }
    /// The spelling that enters signatures: no names, no spaces, no aliases.
    QString canonical() const;

    friend bool operator==(const AbiType &a, const AbiType &b);

private:
    AbiType(AbiKind kind, qsizetype size);

    AbiKind m_kind = AbiKind::Bool;
    bool m_dynamic = false;
    int m_depth = 0;
    qsizetype m_size = 0;
    qsizetype m_headSize = 32;
    std::vector<AbiParameter> m_children; // tuple components, or the one element of an array
};

/// A named place in a tuple, a function's inputs or outputs, or an event.
struct AbiParameter {
    QString name;
    AbiType type;
    bool indexed = false;
    QString internalType = {};
};

/// "(address,uint256)" of a parameter list.
QString canonicalList(const std::vector<AbiParameter> &parameters);

/// Parses "(address to, uint256)" with optional names and the word "indexed", from the opening to the closing bracket and no further.
Result<std::vector<AbiParameter>> parseParameterList(QStringView text);

} // namespace countersign
