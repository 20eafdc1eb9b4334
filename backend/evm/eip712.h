#pragma once

#include "backend/evm/abivalue.h"

#include <QHash>

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

/// A set of EIP-712 struct types that refer to each other, checked once; then hashes values of them.
/// The value of a struct is an AbiValue::List in the order of its fields.
class Eip712Schema final {
public:
    static constexpr qsizetype maxStructs = 256;
    static constexpr int maxValueDepth = 32;

    /// Error Invalid for an unknown or misspelt type, a name used twice, or a name that is no identifier.
    static Result<Eip712Schema> create(std::vector<Eip712Struct> structs);

    /// "Mail(Person from,Person to,string contents)Person(string name,address wallet)": the struct, then those that it
    /// refers to, by name (EIP-712 "Definition of encodeType").
    Result<QString> encodeType(QStringView name) const;
    Result<Hash32> typeHash(QStringView name) const;
    Result<Bytes> encodeData(QStringView name, const AbiValue::List &fields) const;
    Result<Hash32> hashStruct(QStringView name, const AbiValue::List &fields) const;

private:
    explicit Eip712Schema(std::vector<Eip712Struct> structs) : m_structs(std::move(structs)) {}
    const Eip712Struct *find(QStringView name) const;
    Result<Bytes> encodeData(const Eip712Struct &type, const AbiValue::List &fields, int depth) const;
    Result<Bytes> encodeField(QStringView type, const AbiValue &value, int depth) const;

    std::vector<Eip712Struct> m_structs;
    QHash<QString, qsizetype> m_index;
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
