#include "backend/evm/sealedheader.h"

#include "backend/evm/jsonquantity.h"
#include "backend/evm/rlpwriter.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

constexpr qsizetype bloomSize = 256;
constexpr qsizetype nonceSize = 8;
// Ethereum allows 32 bytes; chains of signers put their signatures there.
constexpr qsizetype mostExtraData = 64 * 1024;

std::unexpected<Error> bad(QLatin1StringView name, const QString &what)
{
    return fail(ErrorKind::Invalid, u"The block header's "_s + name + u": "_s + what + u'.', u"header."_s + name);
}

// Collects the first error, so that the reader below is one line a member.
class Reader final {
public:
    explicit Reader(const QJsonObject &object) : m_object(object) {}

    template<class Target, class Read>
    void read(QLatin1StringView name, Target &target, Read reader)
    {
        if (m_error)
            return;
        auto value = reader(m_object.value(name));
        if (value)
            target = Target(*std::move(value));
        else
            m_error = bad(name, value.error().message).error();
    }

    // What a fork appended: absent only when all that comes after is absent too.
    template<class Target, class Read>
    void readAppended(QLatin1StringView name, std::optional<Target> &target, Read reader)
    {
        const QJsonValue value = m_object.value(name);
        if (value.isUndefined() || value.isNull()) {
            m_ended = true;
            return;
        }
        if (m_ended && !m_error)
            m_error = bad(name, u"it is there although a member of an earlier fork is missing"_s).error();
        Target appended{};
        read(name, appended, reader);
        target = std::move(appended);
    }

    const std::optional<Error> &error() const { return m_error; }

private:
    const QJsonObject &m_object;
    std::optional<Error> m_error;
    bool m_ended = false;
};

} // namespace

Bytes SealedHeader::toRlp() const
{
    constexpr qsizetype usualSize = 700;
    RlpWriter rlp;
    rlp.reserve(usualSize + extraData.size());
    rlp.beginList();
    rlp.bytes(parentHash.view());
    rlp.bytes(ommersHash.view());
    rlp.bytes(beneficiary.view());
    rlp.bytes(stateRoot.view());
    rlp.bytes(transactionsRoot.view());
    rlp.bytes(receiptsRoot.view());
    rlp.bytes(logsBloom);
    rlp.number(difficulty);
    rlp.number(number.value());
    rlp.number(gasLimit);
    rlp.number(gasUsed);
    rlp.number(timestamp);
    rlp.bytes(extraData);
    rlp.bytes(mixHash.view());
    rlp.bytes(nonce);
    if (baseFeePerGas)
        rlp.number(*baseFeePerGas);
    if (withdrawalsRoot)
        rlp.bytes(withdrawalsRoot->view());
    if (blobGasUsed)
        rlp.number(*blobGasUsed);
    if (excessBlobGas)
        rlp.number(*excessBlobGas);
    if (parentBeaconBlockRoot)
        rlp.bytes(parentBeaconBlockRoot->view());
    if (requestsHash)
        rlp.bytes(requestsHash->view());
    rlp.endList();
    return rlp.take();
}

Hash32 SealedHeader::hash() const
{
    return keccak256(toRlp());
}

Result<SealedHeader> sealedHeaderFromJson(const QJsonValue &block)
{
    if (!block.isObject())
        return fail(ErrorKind::Invalid, u"A block header is a JSON object."_s, u"header"_s);
    const QJsonObject object = block.toObject();
    SealedHeader header;
    Hash32 told;
    Reader reader(object);
    reader.read("hash"_L1, told, hashFromJson);
    reader.read("parentHash"_L1, header.parentHash, hashFromJson);
    reader.read("sha3Uncles"_L1, header.ommersHash, hashFromJson);
    reader.read("miner"_L1, header.beneficiary, addressFromJson);
    reader.read("stateRoot"_L1, header.stateRoot, hashFromJson);
    reader.read("transactionsRoot"_L1, header.transactionsRoot, hashFromJson);
    reader.read("receiptsRoot"_L1, header.receiptsRoot, hashFromJson);
    reader.read("logsBloom"_L1, header.logsBloom, dataFromJson);
    reader.read("difficulty"_L1, header.difficulty, quantityFromJson);
    reader.read("number"_L1, header.number, quantity64FromJson);
    reader.read("gasLimit"_L1, header.gasLimit, quantity64FromJson);
    reader.read("gasUsed"_L1, header.gasUsed, quantity64FromJson);
    reader.read("timestamp"_L1, header.timestamp, quantity64FromJson);
    reader.read("extraData"_L1, header.extraData, dataFromJson);
    reader.read("mixHash"_L1, header.mixHash, hashFromJson);
    reader.read("nonce"_L1, header.nonce, dataFromJson);
    reader.readAppended("baseFeePerGas"_L1, header.baseFeePerGas, quantityFromJson);
    reader.readAppended("withdrawalsRoot"_L1, header.withdrawalsRoot, hashFromJson);
    reader.readAppended("blobGasUsed"_L1, header.blobGasUsed, quantity64FromJson);
    reader.readAppended("excessBlobGas"_L1, header.excessBlobGas, quantity64FromJson);
    reader.readAppended("parentBeaconBlockRoot"_L1, header.parentBeaconBlockRoot, hashFromJson);
    reader.readAppended("requestsHash"_L1, header.requestsHash, hashFromJson);
    if (reader.error())
        return std::unexpected(*reader.error());
    if (header.logsBloom.size() != bloomSize)
        return bad("logsBloom"_L1, u"it has 256 bytes"_s);
    if (header.nonce.size() != nonceSize)
        return bad("nonce"_L1, u"it has 8 bytes"_s);
    if (header.extraData.size() > mostExtraData)
        return bad("extraData"_L1, u"it is larger than this program reads"_s);
    if (const Hash32 computed = header.hash(); computed != told)
        return fail(ErrorKind::Corrupt,
                    u"The block's hash is not the hash of its header. Ask another node; if all say the same, this chain hashes "
                    "blocks in a way of its own, and proofs cannot be checked against it."_s,
                    u"header.hash told="_s + told.toString() + u" computed="_s + computed.toString());
    return header;
}

} // namespace countersign
