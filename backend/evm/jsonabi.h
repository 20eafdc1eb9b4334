#pragma once

#include "backend/evm/abierror.h"
#include "backend/evm/abievent.h"
#include "backend/evm/abifunction.h"
#include "backend/evm/log.h"

#include <QJsonArray>

#include <optional>

namespace countersign {

/// A contract's interface as compilers write it (Solidity "JSON ABI"), looked up by selector and topic.
class JsonAbi final {
public:
    static constexpr qsizetype maxBytes = 4 * 1024 * 1024;
    static constexpr qsizetype maxEntries = 10'000;

    JsonAbi() = default;

    /// Text of a JSON array. Error Invalid names the entry that is wrong; nothing is skipped silently.
    static Result<JsonAbi> load(QByteArrayView json);
    static Result<JsonAbi> fromJson(const QJsonArray &array);
    /// Of parts that are known at compile time.
    static JsonAbi ofParts(std::vector<AbiFunction> functions, std::vector<AbiEvent> events = {}, std::vector<AbiErrorDefinition> errors = {});

    const std::vector<AbiFunction> &functions() const { return m_functions; }
    const std::vector<AbiEvent> &events() const { return m_events; }
    const std::vector<AbiErrorDefinition> &errors() const { return m_errors; }
    const std::vector<AbiParameter> &constructorInputs() const { return m_constructor; }

    /// By selector; null when the contract has none such.
    const AbiFunction *function(Selector selector) const;
    /// By name, or by full signature when overloaded; null when absent or ambiguous.
    const AbiFunction *function(QStringView nameOrSignature) const;
    /// By topic 0 and number of indexed arguments: the same topic is shared by variants that index differently.
    const AbiEvent *event(const Hash32 &topic, qsizetype indexedCount) const;
    const AbiEvent *event(QStringView nameOrSignature) const;
    const AbiErrorDefinition *error(Selector selector) const;

    /// The log as an event of this interface; Error NotFound when its topic is unknown here, Invalid when it does not decode.
    /// A log whose first topic names no event is of an anonymous one when it decodes as exactly one of them.
    Result<DecodedEvent> decodeLog(const EvmLog &log) const;
    /// Constructor arguments, to be appended to the creation code.
    Result<Bytes> encodeConstructor(std::span<const AbiValue> arguments) const;

    /// Everything of both; entries that are equal appear once.
    void merge(const JsonAbi &other);

private:
    std::vector<AbiFunction> m_functions;
    std::vector<AbiEvent> m_events;
    std::vector<AbiErrorDefinition> m_errors;
    std::vector<AbiParameter> m_constructor;
};

} // namespace countersign
