#pragma once

#include "backend/evm/abi.h"

namespace countersign {

/// One argument of a decoded event. An indexed dynamic value is not in the log: only its hash is, and `hashed` says so.
struct AbiEventArgument {
    QString name;
    AbiType type;
    bool indexed = false;
    bool hashed = false;
    AbiValue value; ///< Bytes of 32 when hashed
};

struct DecodedEvent {
    QString name;
    std::vector<AbiEventArgument> arguments;

    /// The value of the argument called `name`, or null.
    const AbiValue *value(QStringView name) const;
};

/// What a contract would log.
struct EncodedEvent {
    std::vector<Hash32> topics;
    Bytes data;
};

/// An event of a contract: its topic, and the reading and writing of its logs.
class AbiEvent final {
public:
    AbiEvent(QString name, std::vector<AbiParameter> inputs, bool anonymous = false);

    /// "IntentExecuted(bytes32 indexed intentId, uint256 amount)", with or without the word "event" and "anonymous".
    static Result<AbiEvent> parse(QStringView text);

    const QString &name() const { return m_name; }
    const std::vector<AbiParameter> &inputs() const { return m_inputs; }
    bool isAnonymous() const { return m_anonymous; }
    qsizetype indexedCount() const;
    QString signature() const;
    Hash32 topic() const { return m_topic; }

    /// Strict in topics and data. Error Invalid when topic 0 or the number of topics is of another event.
    Result<DecodedEvent> decode(std::span<const Hash32> topics, QByteArrayView data) const;
    /// The log of these arguments, in the order of inputs(); hashed arguments by abiTopic.
    Result<EncodedEvent> encode(std::span<const AbiValue> arguments) const;

private:
    QString m_name;
    std::vector<AbiParameter> m_inputs;
    bool m_anonymous;
    Hash32 m_topic;
};

} // namespace countersign
