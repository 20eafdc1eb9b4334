#include "backend/evm/metadatablob.h"

namespace countersign {

namespace {

constexpr int mostPairs = 4;
constexpr qsizetype hashSize = 32;
constexpr qsizetype multihashSize = 34;

// The few forms of CBOR (RFC 8949) that solc writes: short definite-length texts and byte strings, and true.
class Cbor final {
public:
    Cbor(QByteArrayView data, qsizetype at)
        : m_data(data)
        , m_at(at)
    {
    }

    qsizetype position() const { return m_at; }

    std::optional<int> byte()
    {
        if (m_at >= m_data.size())
            return std::nullopt;
        return static_cast<quint8>(m_data[m_at++]);
    }

    // A text (major type 3) or byte string (2) with its length in the head or in the byte behind it.
    std::optional<QByteArrayView> string(int majorType)
    {
        const auto head = byte();
        if (!head || *head >> 5 != majorType)
            return std::nullopt;
        qsizetype length = *head & 0x1f;
        if (length == 24) {
            const auto longer = byte();
            if (!longer || *longer < 24)
                return std::nullopt;
            length = *longer;
        } else if (length > 24) {
            return std::nullopt;
        }
        if (length > m_data.size() - m_at)
            return std::nullopt;
        m_at += length;
        return m_data.sliced(m_at - length, length);
    }

    std::optional<int> peek() const { return m_at < m_data.size() ? std::optional<int>(static_cast<quint8>(m_data[m_at])) : std::nullopt; }

private:
    QByteArrayView m_data;
    qsizetype m_at;
};

bool readHash(Cbor &cbor, MetadataBlob &blob, MetadataBlob::HashKind kind)
{
    const auto hash = cbor.string(2);
    const qsizetype size = kind == MetadataBlob::HashKind::Ipfs ? multihashSize : hashSize;
    if (!hash || hash->size() != size || blob.hashKind != MetadataBlob::HashKind::None)
        return false;
    blob.hashKind = kind;
    blob.hash = hash->toByteArray();
    return true;
}

bool readCompiler(Cbor &cbor, MetadataBlob &blob)
{
    if (!blob.compiler.isEmpty())
        return false;
    const auto head = cbor.peek();
    if (head && *head >> 5 == 3) { // a pre-release tells its whole name
        constexpr qsizetype shortest = 6; // "0.8.1-"
        const auto text = cbor.string(3);
        if (!text || text->size() < shortest)
            return false;
        blob.compiler = QString::fromUtf8(*text);
        return true;
    }
    const auto version = cbor.string(2);
    if (!version || version->size() != 3)
        return false;
    const auto part = [&](qsizetype i) { return QString::number(static_cast<quint8>(version->at(i))); };
    blob.compiler = part(0) + u'.' + part(1) + u'.' + part(2);
    return true;
}

bool readPair(Cbor &cbor, MetadataBlob &blob)
{
    constexpr int cborTrue = 0xf5;
    const auto key = cbor.string(3);
    if (!key)
        return false;
    if (*key == "ipfs")
        return readHash(cbor, blob, MetadataBlob::HashKind::Ipfs);
    if (*key == "bzzr1")
        return readHash(cbor, blob, MetadataBlob::HashKind::Bzzr1);
    if (*key == "bzzr0")
        return readHash(cbor, blob, MetadataBlob::HashKind::Bzzr0);
    if (*key == "solc")
        return readCompiler(cbor, blob);
    if (*key != "experimental" || blob.isExperimental || cbor.byte() != cborTrue)
        return false;
    blob.isExperimental = true;
    return true;
}

} // namespace

std::optional<MetadataBlob> metadataAt(QByteArrayView code, qsizetype start)
{
    Cbor cbor(code, start);
    const int head = cbor.byte().value_or(0);
    const int pairs = head - 0xa0;
    if (pairs < 1 || pairs > mostPairs)
        return std::nullopt;
    MetadataBlob blob;
    for (int i = 0; i < pairs; ++i) {
        if (!readPair(cbor, blob))
            return std::nullopt;
    }
    const qsizetype length = cbor.position() - start;
    const auto high = cbor.byte();
    const auto low = cbor.byte();
    if (!high || !low || (*high << 8 | *low) != length)
        return std::nullopt;
    blob.range = {.start = start, .length = length + 2};
    return blob;
}

std::optional<MetadataBlob> metadataAtEnd(QByteArrayView code)
{
    if (code.size() < 2)
        return std::nullopt;
    const int length = static_cast<quint8>(code[code.size() - 2]) << 8 | static_cast<quint8>(code.back());
    const qsizetype start = code.size() - 2 - length;
    return start < 0 ? std::nullopt : metadataAt(code, start);
}

std::vector<MetadataBlob> findMetadata(QByteArrayView code)
{
    std::vector<MetadataBlob> blobs;
    for (qsizetype at = 0; at < code.size();) {
        auto blob = metadataAt(code, at);
        if (!blob) {
            ++at;
            continue;
        }
        at = blob->range.start + blob->range.length;
        blobs.push_back(*std::move(blob));
    }
    return blobs;
}

} // namespace countersign
