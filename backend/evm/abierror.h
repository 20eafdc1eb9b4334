#pragma once

#include "backend/evm/abifunction.h"

namespace countersign {

/// A custom error of a contract: "error KeyNotRegistered(bytes32 partyId)".
class AbiErrorDefinition final {
public:
    AbiErrorDefinition(QString name, std::vector<AbiParameter> inputs);
    static Result<AbiErrorDefinition> parse(QStringView text);

    const QString &name() const { return m_name; }
    const std::vector<AbiParameter> &inputs() const { return m_inputs; }
    QString signature() const;
    Selector selector() const { return m_selector; }
    Result<Bytes> encode(std::span<const AbiValue> arguments) const;
    Result<std::vector<AbiValue>> decode(QByteArrayView revertData) const;
    /// With each deviation; positions count from behind the selector.
    Result<AbiLenient> decodeLenient(QByteArrayView revertData) const;

private:
    QString m_name;
    std::vector<AbiParameter> m_inputs;
    Selector m_selector;
};

} // namespace countersign
