#pragma once

#include "backend/evm/abilenient.h"
#include "backend/evm/selector.h"

#include <initializer_list>

namespace countersign {

enum class StateMutability { Pure, View, NonPayable, Payable };

/// A function of a contract: builds and reads its calldata and its return data.
class AbiFunction final {
public:
    AbiFunction(QString name, std::vector<AbiParameter> inputs, std::vector<AbiParameter> outputs = {},
                StateMutability mutability = StateMutability::NonPayable);

    /// "revokeKey(bytes32 partyId)", "function owner() view returns (address)". Error Invalid with the place.
    static Result<AbiFunction> parse(QStringView text);

    const QString &name() const { return m_name; }
    const std::vector<AbiParameter> &inputs() const { return m_inputs; }
    const std::vector<AbiParameter> &outputs() const { return m_outputs; }
    StateMutability mutability() const { return m_mutability; }
    /// "revokeKey(bytes32)": what the selector is taken of.
    QString signature() const;
    Selector selector() const { return m_selector; }

    Result<Bytes> encodeCall(std::span<const AbiValue> arguments) const;
    Result<Bytes> encodeCall(std::initializer_list<AbiValue> arguments) const;
    /// Strict: selector must match, arguments must be the canonical encoding.
    Result<std::vector<AbiValue>> decodeCall(QByteArrayView data) const;
    /// What the contract might read all the same, with each deviation; positions count from behind the selector.
    Result<AbiLenient> decodeCallLenient(QByteArrayView data) const;
    Result<std::vector<AbiValue>> decodeOutput(QByteArrayView data) const;

private:
    QString m_name;
    std::vector<AbiParameter> m_inputs;
    std::vector<AbiParameter> m_outputs;
    StateMutability m_mutability;
    Selector m_selector;
};

} // namespace countersign
