#include "backend/evm/chaintypes.h"

#include "backend/evm/jsonquantity.h"

#include <QJsonArray>

#include <algorithm>

namespace countersign {

namespace {

Result<bool> flagFromJson(const QJsonValue &value)
{
    const auto number = quantity64FromJson(value);
    if (!number)
        return std::unexpected(number.error());
    if (*number > 1)
        return fail(ErrorKind::Invalid, u"a flag is 0x0 or 0x1"_s, u"json"_s);
    return *number == 1;
}

// A member that may be absent or null.
template<class Read>
auto optionalMember(const QJsonObject &object, QLatin1StringView name, Read read)
    -> Result<std::optional<typename decltype(read(QJsonValue()))::value_type>>
{
    const QJsonValue value = object.value(name);
    if (value.isUndefined() || value.isNull())
        return std::nullopt;
    auto result = memberFromJson(object, name, read);
    if (!result)
        return std::unexpected(result.error());
    return *std::move(result);
}

Result<QJsonObject> objectFromJson(const QJsonValue &value, const QString &what)
{
    if (!value.isObject())
        return fail(ErrorKind::Invalid, what + u" is no object"_s, u"json"_s);
    return value.toObject();
}

// Collects the first error of a row of members, so that a reader below is one line a member.
class Members final {
public:
    explicit Members(const QJsonObject &object) : m_object(object) {}

    template<class Target, class Read>
    void read(QLatin1StringView name, Target &target, Read reader)
    {
        if (m_error)
            return;
        auto value = memberFromJson(m_object, name, reader);
        if (value)
            target = Target(*std::move(value));
        else
            m_error = value.error();
    }

    template<class Target, class Read>
    void readOptional(QLatin1StringView name, Target &target, Read reader)
    {
        if (m_error)
            return;
        auto value = optionalMember(m_object, name, reader);
        if (value)
            target = *std::move(value);
        else
            m_error = value.error();
    }

    const std::optional<Error> &error() const { return m_error; }

private:
    const QJsonObject &m_object;
    std::optional<Error> m_error;
};

Result<std::vector<Hash32>> topicsFromJson(const QJsonValue &value)
{
    std::vector<Hash32> topics;
    const QJsonArray array = value.toArray();
    if (!value.isArray() || array.size() > 4)
        return fail(ErrorKind::Invalid, u"a log has up to four topics"_s, u"json"_s);
    for (const QJsonValue &entry : array) {
        const auto topic = hashFromJson(entry);
        if (!topic)
            return std::unexpected(topic.error());
        topics.push_back(*topic);
    }
    return topics;
}

Result<quint32> indexFromJson(const QJsonValue &value)
{
    const auto number = quantity64FromJson(value);
    if (!number)
        return std::unexpected(number.error());
    if (*number > 0xffff'ffff)
        return fail(ErrorKind::Invalid, u"an index is larger than 32 bits"_s, u"json"_s);
    return static_cast<quint32>(*number);
}

} // namespace

BlockRef BlockRef::at(BlockNumber number)
{
    BlockRef ref(Uint256(number.value()).toHexQuantity());
    ref.m_number = number;
    return ref;
}

BlockRef BlockRef::at(const Hash32 &hash)
{
    BlockRef ref{QString()};
    ref.m_hash = hash;
    return ref;
}

QJsonValue BlockRef::toJson() const
{
    if (m_hash)
        return QJsonObject{{u"blockHash"_s, m_hash->toString()}};
    return m_text;
}

QJsonObject CallRequest::toJson() const
{
    QJsonObject object{{u"data"_s, toHex(data)}};
    if (from)
        object.insert(u"from"_s, from->toLower());
    if (to)
        object.insert(u"to"_s, to->toLower());
    if (!value.isZero())
        object.insert(u"value"_s, quantityToJson(value));
    if (gas)
        object.insert(u"gas"_s, quantityToJson(*gas));
    return object;
}

QJsonObject toJson(const StateOverrides &overrides)
{
    QJsonObject accounts;
    for (auto account = overrides.begin(); account != overrides.end(); ++account) {
        QJsonObject object;
        if (account->balance)
            object.insert(u"balance"_s, quantityToJson(*account->balance));
        if (account->nonce)
            object.insert(u"nonce"_s, quantityToJson(account->nonce->value()));
        if (account->code)
            object.insert(u"code"_s, toHex(*account->code));
        QJsonObject slots_;
        for (auto slot = account->storage.begin(); slot != account->storage.end(); ++slot)
            slots_.insert(slot.key().toString(), slot.value().toString());
        if (!slots_.isEmpty())
            object.insert(u"stateDiff"_s, slots_);
        accounts.insert(account.key().toLower(), object);
    }
    return accounts;
}

QJsonObject LogFilter::toJson() const
{
    QJsonObject object;
    if (blockHash) {
        object.insert(u"blockHash"_s, blockHash->toString());
    } else {
        object.insert(u"fromBlock"_s, quantityToJson(fromBlock.value()));
        object.insert(u"toBlock"_s, quantityToJson(toBlock.value()));
    }
    QJsonArray accounts;
    for (const Address &address : addresses)
        accounts.append(address.toLower());
    if (!accounts.isEmpty())
        object.insert(u"address"_s, accounts);
    QJsonArray positions;
    for (const auto &alternatives : topics) {
        QJsonArray list;
        for (const Hash32 &topic : alternatives)
            list.append(topic.toString());
        positions.append(alternatives.empty() ? QJsonValue() : QJsonValue(list));
    }
    if (!positions.isEmpty())
        object.insert(u"topics"_s, positions);
    return object;
}

bool LogFilter::matches(const EvmLog &log) const
{
    const bool inBlocks = blockHash ? log.blockHash == *blockHash : log.blockNumber >= fromBlock && log.blockNumber <= toBlock;
    if (!inBlocks || (!addresses.empty() && std::ranges::find(addresses, log.address) == addresses.end()))
        return false;
    for (size_t i = 0; i < topics.size(); ++i) {
        if (topics[i].empty()) {
            if (i >= log.topics.size())
                return false;
            continue;
        }
        if (i >= log.topics.size() || std::ranges::find(topics[i], log.topics[i]) == topics[i].end())
            return false;
    }
    return true;
}

Result<BlockHeader> blockHeaderFromJson(const QJsonValue &value)
{
    const auto object = objectFromJson(value, u"a block"_s);
    if (!object)
        return std::unexpected(object.error());
    BlockHeader header;
    Members members(*object);
    quint64 seconds = 0;
    members.read("number"_L1, header.number, quantity64FromJson);
    members.read("hash"_L1, header.hash, hashFromJson);
    members.read("parentHash"_L1, header.parentHash, hashFromJson);
    members.read("timestamp"_L1, seconds, quantity64FromJson);
    members.read("gasLimit"_L1, header.gasLimit, quantity64FromJson);
    members.read("gasUsed"_L1, header.gasUsed, quantity64FromJson);
    members.readOptional("baseFeePerGas"_L1, header.baseFeePerGas, quantityFromJson);
    if (members.error())
        return std::unexpected(*members.error());
    constexpr quint64 endOfTime = 253'402'300'799; // the year 9999: no date beyond, and no overflow in microseconds
    if (seconds > endOfTime)
        return fail(ErrorKind::Invalid, u"timestamp: beyond the year 9999"_s, u"json"_s);
    header.timestamp = Timestamp::fromSeconds(static_cast<qint64>(seconds));
    return header;
}

Result<EvmLog> logFromJson(const QJsonValue &value)
{
    const auto object = objectFromJson(value, u"a log"_s);
    if (!object)
        return std::unexpected(object.error());
    if (object->value("removed"_L1).toBool())
        return fail(ErrorKind::Invalid, u"removed: the log is no longer on the chain"_s, u"json"_s);
    EvmLog log;
    Members members(*object);
    members.read("address"_L1, log.address, addressFromJson);
    members.read("topics"_L1, log.topics, topicsFromJson);
    members.read("data"_L1, log.data, dataFromJson);
    members.read("blockNumber"_L1, log.blockNumber, quantity64FromJson);
    members.read("blockHash"_L1, log.blockHash, hashFromJson);
    members.read("transactionHash"_L1, log.transactionHash, hashFromJson);
    members.read("transactionIndex"_L1, log.transactionIndex, indexFromJson);
    members.read("logIndex"_L1, log.logIndex, indexFromJson);
    if (members.error())
        return std::unexpected(*members.error());
    return log;
}

Result<TransactionReceipt> receiptFromJson(const QJsonValue &value)
{
    const auto object = objectFromJson(value, u"a receipt"_s);
    if (!object)
        return std::unexpected(object.error());
    TransactionReceipt receipt;
    Members members(*object);
    members.read("transactionHash"_L1, receipt.transactionHash, hashFromJson);
    members.read("blockHash"_L1, receipt.blockHash, hashFromJson);
    members.read("blockNumber"_L1, receipt.blockNumber, quantity64FromJson);
    members.read("from"_L1, receipt.from, addressFromJson);
    members.readOptional("to"_L1, receipt.to, addressFromJson);
    members.readOptional("contractAddress"_L1, receipt.contractAddress, addressFromJson);
    members.read("status"_L1, receipt.succeeded, flagFromJson);
    members.read("gasUsed"_L1, receipt.gasUsed, quantity64FromJson);
    members.read("effectiveGasPrice"_L1, receipt.effectiveGasPrice, quantityFromJson);
    if (members.error())
        return std::unexpected(*members.error());
    if (!object->value("logs"_L1).isArray())
        return fail(ErrorKind::Invalid, u"logs: no list"_s, u"json"_s);
    const QJsonArray logs = object->value("logs"_L1).toArray();
    for (const QJsonValue &entry : logs) {
        auto log = logFromJson(entry);
        if (!log)
            return fail(log.error().kind, u"logs: "_s + log.error().message, log.error().detail);
        receipt.logs.push_back(*std::move(log));
    }
    return receipt;
}

} // namespace countersign
