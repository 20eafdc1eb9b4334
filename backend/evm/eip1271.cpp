#include "backend/evm/eip1271.h"

#include "backend/types/strings.h"
#include "backend/types/uint256.h"

namespace countersign {

namespace {

constexpr qsizetype word = 32;
constexpr QByteArrayView ofDigest("\x16\x26\xba\x7e", 4); // bytes4(keccak256("isValidSignature(bytes32,bytes)"))
constexpr QByteArrayView ofData("\x20\xc1\x3b\x0b", 4); // bytes4(keccak256("isValidSignature(bytes,bytes)"))

qsizetype padded(qsizetype size)
{
    return (size + word - 1) / word * word;
}

void appendNumber(Bytes &out, qsizetype number)
{
    out += Uint256(static_cast<quint64>(number)).toBigEndian();
}

// The length and the bytes, filled up to whole words.
void appendBytes(Bytes &out, QByteArrayView bytes)
{
    appendNumber(out, bytes.size());
    out += bytes;
    out += Bytes(padded(bytes.size()) - bytes.size(), '\0');
}

bool isMagic(QByteArrayView returned, QByteArrayView magic)
{
    return returned == QByteArrayView(magic.toByteArray().leftJustified(word, '\0'));
}

} // namespace

Bytes isValidSignatureCall(const Hash32 &digest, QByteArrayView signature)
{
    Bytes call = ofDigest.toByteArray();
    call += digest.view();
    appendNumber(call, 2 * word);
    appendBytes(call, signature);
    return call;
}

Bytes isValidSignatureOfDataCall(QByteArrayView data, QByteArrayView signature)
{
    Bytes call = ofData.toByteArray();
    appendNumber(call, 2 * word);
    appendNumber(call, 3 * word + padded(data.size()));
    appendBytes(call, data);
    appendBytes(call, signature);
    return call;
}

bool isValidSignatureAnswer(QByteArrayView returned)
{
    return isMagic(returned, ofDigest);
}

bool isValidSignatureOfDataAnswer(QByteArrayView returned)
{
    return isMagic(returned, ofData);
}

} // namespace countersign
