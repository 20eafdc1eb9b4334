#pragma once

#include "backend/evm/abivalue.h"

#include <optional>
#include <span>
#include <vector>

namespace countersign {

struct Eip712Field {
    QString name;
    QString type; ///< an ABI type, the name of a struct of the schema, or either with array suffixes
};

struct Eip712Struct {
    QString name;
    std::vector<Eip712Field> fields;
};

/// The type of a field, resolved: what the elements are, below any number of arrays.
struct Eip712FieldType {
    qsizetype structIndex = -1;           ///< in the schema; -1 for an elementary type
    AbiType scalar = AbiType::makeBool(); ///< of an elementary type
    std::vector<qsizetype> lengths;       ///< of the arrays from the outermost in; 0 where the length is free
};

/// A set of EIP-712 struct types that refer to each other, checked once, with every type resolved and hashed; then hashes
/// values of them. The value of a struct is an AbiValue::List in the order of its fields.
///
/// A struct that contains itself other than through an array has no finite value, unless one may be left out: the empty
/// list stands for such a struct that is absent, and enters the hash as 32 zero bytes, as eth_signTypedData_v4 has it.
class Eip712Schema final {
public:
    static constexpr qsizetype maxStructs = 256;
    static constexpr qsizetype maxFields = 256; ///< of one struct
    static constexpr qsizetype maxTextLength = 128 * 1024; ///< of all types together, as encodeType writes them
    static constexpr int maxValueDepth = 32;

    /// Error Invalid for an unknown or misspelt type, a name used twice, or a name that is no identifier and could so
    /// pretend to be another type.
    static Result<Eip712Schema> create(std::vector<Eip712Struct> structs);

    /// "Mail(Person from,Person to,string contents)Person(string name,address wallet)": the struct, then those that it
    /// refers to, by name (EIP-712 "Definition of encodeType").
    Result<QString> encodeType(QStringView name) const;
    Result<Hash32> typeHash(QStringView name) const;
    Result<Bytes> encodeData(QStringView name, const AbiValue::List &fields) const;
    Result<Hash32> hashStruct(QStringView name, const AbiValue::List &fields) const;

    /// -1 when there is none of this name.
    qsizetype indexOf(QStringView name) const;
    const Eip712Struct &structAt(qsizetype index) const { return m_structs[static_cast<size_t>(index)]; }
    /// Of the fields of a struct, in order.
    const std::vector<Eip712FieldType> &fieldTypes(qsizetype index) const { return m_resolved[static_cast<size_t>(index)].fields; }
    /// Whether the struct contains itself, at whatever depth.
    bool isRecursive(qsizetype index) const { return m_resolved[static_cast<size_t>(index)].isRecursive; }

private:
    struct Resolved {
        std::vector<Eip712FieldType> fields;
        std::vector<size_t> referred; // other structs, each once
        QByteArray text;              // "Person(string name,address wallet)"
        Hash32 typeHash;
        bool isRecursive = false;
    };

    explicit Eip712Schema(std::vector<Eip712Struct> structs) : m_structs(std::move(structs)) {}
    Result<void> checkNames() const;
    Result<void> resolve(size_t which);
    Result<Eip712FieldType> resolve(QStringView type) const;
    std::vector<size_t> reachableFrom(size_t which, bool *isRecursive = nullptr) const;
    QByteArray typeText(size_t which, bool *isRecursive = nullptr) const;
    Result<size_t> existing(QStringView name) const;
    Result<Bytes> encode(size_t which, const AbiValue::List &fields, int depth) const;
    Result<void> appendField(const Eip712FieldType &type, size_t level, const AbiValue &value, int depth, Bytes &out) const;

    std::vector<Eip712Struct> m_structs;
    std::vector<Resolved> m_resolved; // of each struct
};

/// The domain of a signature. Only the members that are present enter its type, in the order of EIP-712.
struct Eip712Domain {
    std::optional<QString> name = {};
    std::optional<QString> version = {};
    std::optional<Uint256> chainId = {};
    std::optional<Address> verifyingContract = {};
    std::optional<Hash32> salt = {};

    /// "EIP712Domain(string name,…)" of the members present.
    QString encodeType() const;
    Hash32 separator() const;
};

/// keccak256(0x19 0x01 || domain separator || struct hash): what is signed.
Hash32 eip712Digest(const Hash32 &domainSeparator, const Hash32 &structHash);

} // namespace countersign
