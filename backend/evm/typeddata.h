#pragma once

#include "backend/evm/eip712.h"
#include "backend/types/json.h"

namespace countersign {

/// One line of typed data as a person reads it: a value, or the beginning of a struct or an array.
struct TypedDataLine {
    QString path; ///< "orders[0].maker.wallet"
    QString type; ///< "address", "Order[]"
    QString text; ///< the value (see abiToText); empty for a struct or an array
    int depth = 0;
};

/// Typed data as wallets write it (eth_signTypedData_v4: {types, primaryType, domain, message}), checked and hashed.
///
/// Strict where leniency would let a person sign what is not shown: a member that the types do not name would not be
/// signed and is refused, as is a member that is missing, a value out of its type's range, or bytes of another length.
/// One exception, because such types have no other finite values: a member whose type is a struct that contains itself
/// may be null or missing, and enters as 32 zero bytes as in eth_signTypedData_v4 (ethers refuses it).
///
/// `types` may define EIP712Domain; its fields, in the order given, must then be those of the domain. Without it the
/// domain's type follows from the members that `domain` has, in the standard's order. A null member of the domain is absent.
/// Members beside the four are ignored: they are neither shown nor signed. Types that are not used must be valid.
class TypedData final {
public:
    static Result<TypedData> fromJson(JsonView json);
    static Result<TypedData> parse(QByteArray json, const JsonLimits &limits = {});

    const QString &primaryType() const { return m_primaryType; }
    const Eip712Domain &domain() const { return m_domain; }
    const Eip712Schema &schema() const { return m_schema; }
    /// The fields of the primary type in order; none when it is EIP712Domain.
    const AbiValue::List &message() const { return m_message; }

    const Hash32 &domainHash() const { return m_domainHash; }
    /// Of the message; absent when the primary type is EIP712Domain, whose digest is of the domain alone.
    const std::optional<Hash32> &structHash() const { return m_structHash; }
    /// What is signed.
    const Hash32 &digest() const { return m_digest; }
    /// encodeType of the primary type.
    QString encodedType() const;
    /// encodeData of the primary type; the struct hash is its keccak.
    Result<Bytes> encodedData() const;

    std::vector<TypedDataLine> domainLines() const;
    std::vector<TypedDataLine> messageLines() const;

private:
    TypedData(Eip712Schema schema, QString primaryType) : m_schema(std::move(schema)), m_primaryType(std::move(primaryType)) {}
    Result<void> readDomain(JsonView domain);
    Result<void> readMessage(std::optional<JsonView> message);
    void walk(qsizetype type, const AbiValue::List &fields, const QString &prefix, int depth, std::vector<TypedDataLine> &lines) const;
    void walkField(const Eip712FieldType &type, size_t level, const AbiValue &value, QString path, int depth,
                   std::vector<TypedDataLine> &lines) const;

    Eip712Schema m_schema;
    QString m_primaryType;
    Eip712Domain m_domain;
    AbiValue::List m_domainFields;
    AbiValue::List m_message;
    Hash32 m_domainHash;
    std::optional<Hash32> m_structHash;
    Hash32 m_digest;
};

} // namespace countersign
