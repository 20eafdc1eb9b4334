#pragma once

#include "backend/evm/feehistory.h"
#include "backend/evm/log.h"
#include "backend/types/strings.h"
#include "backend/types/timestamp.h"
#include "backend/types/uint256.h"

#include <QHash>
#include <QJsonObject>
#include <QJsonValue>
#include <QMetaType>

#include <optional>
#include <vector>

namespace countersign {

/// Which block a question is asked about: a tag, a height, or one block by its hash (EIP-1898), the only one of the
/// three that cannot change its meaning between two questions.
class BlockRef final {
public:
    static BlockRef latest() { return BlockRef(u"latest"_s); }
    static BlockRef pending() { return BlockRef(u"pending"_s); }
    static BlockRef safe() { return BlockRef(u"safe"_s); }
    static BlockRef finalized() { return BlockRef(u"finalized"_s); }
    static BlockRef earliest() { return BlockRef(u"earliest"_s); }
    static BlockRef at(BlockNumber number);
    static BlockRef at(const Hash32 &hash);

    const std::optional<Hash32> &hash() const { return m_hash; }
    const std::optional<BlockNumber> &number() const { return m_number; }
    /// Tag or quantity; for a hash the object of EIP-1898.
    QJsonValue toJson() const;
    QString toString() const { return m_hash ? m_hash->toString() : m_text; }

private:
    explicit BlockRef(QString text) : m_text(std::move(text)) {}
    QString m_text;
    std::optional<Hash32> m_hash;
    std::optional<BlockNumber> m_number;
};

struct BlockHeader {
    BlockNumber number;
    Hash32 hash;
    Hash32 parentHash;
    Timestamp timestamp;
    quint64 gasLimit = 0;
    quint64 gasUsed = 0;
    std::optional<Uint256> baseFeePerGas = {};

    friend bool operator==(const BlockHeader &, const BlockHeader &) = default;
};

struct TransactionReceipt {
    Hash32 transactionHash;
    Hash32 blockHash;
    BlockNumber blockNumber;
    Address from;
    std::optional<Address> to = {};
    std::optional<Address> contractAddress = {};
    bool succeeded = false;
    quint64 gasUsed = 0;
    Uint256 effectiveGasPrice;
    std::vector<EvmLog> logs = {};
};

struct CallRequest {
    std::optional<Address> from = {};
    std::optional<Address> to = {};
    Bytes data = {};
    Uint256 value = {};
    std::optional<quint64> gas = {};

    QJsonObject toJson() const;
};

/// State that a call is to see instead of the chain's, for simulations.
struct AccountOverride {
    std::optional<Uint256> balance = {};
    std::optional<Nonce> nonce = {};
    std::optional<Bytes> code = {};
    QHash<Hash32, Hash32> storage = {}; ///< slots that differ; the others stay
};
using StateOverrides = QHash<Address, AccountOverride>;
QJsonObject toJson(const StateOverrides &overrides);

/// Logs of a range of blocks, both ends included, or of one block by hash.
struct LogFilter {
    std::vector<Address> addresses = {};
    std::vector<std::vector<Hash32>> topics = {}; ///< per position the alternatives; empty matches all
    BlockNumber fromBlock{0};
    BlockNumber toBlock{0};
    std::optional<Hash32> blockHash = {};

    QJsonObject toJson() const;
    /// Whether the log is one of those asked for.
    bool matches(const EvmLog &log) const;
};

// Strict readers of JSON-RPC's answers. Error Invalid; message names the member.
Result<BlockHeader> blockHeaderFromJson(const QJsonValue &value);
Result<EvmLog> logFromJson(const QJsonValue &value);
Result<TransactionReceipt> receiptFromJson(const QJsonValue &value);

} // namespace countersign

Q_DECLARE_METATYPE(countersign::BlockHeader)
