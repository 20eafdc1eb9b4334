#include "backend/evm/blobsidecar.h"

#include "backend/types/strings.h"

#include <QCryptographicHash>

#include <optional>

namespace countersign {

namespace {

constexpr qsizetype pointBytes = 48; // a commitment or proof: a compressed point of BLS12-381's G1
constexpr qsizetype cellsOfBlob = 128; // EIP-7594's CELLS_PER_EXT_BLOB

std::unexpected<Error> bad(QLatin1StringView code, const QString &what)
{
    return fail(ErrorKind::Invalid, u"The blob transaction's sidecar: "_s + what + u'.', u"tx.sidecar."_s + code);
}

// The next list, whose members are all bytes of this size. With `versioned`, adds up the members' versioned hashes.
Result<qsizetype> countOf(
    RlpReader &wrapper, QLatin1StringView name, qsizetype size, std::vector<Hash32> *versioned = nullptr)
{
    const auto list = wrapper.next();
    if (!list)
        return std::unexpected(list.error());
    if (!list->isList)
        return bad(name, name + u" are not a list"_s);
    qsizetype count = 0;
    for (RlpReader members(list->content, list->offset); !members.atEnd(); ++count) {
        const auto member = members.next();
        if (!member)
            return std::unexpected(member.error());
        if (member->isList || member->content.size() != size)
            return bad(name, u"each of the "_s + name + u" has "_s + QString::number(size) + u" bytes"_s);
        if (versioned)
            versioned->push_back(blobVersionedHash(member->content));
    }
    return count;
}

} // namespace

Result<BlobSidecar> BlobSidecar::read(RlpReader wrapper, const std::vector<Hash32> &hashes)
{
    const auto fields = wrapper.count();
    if (!fields)
        return std::unexpected(fields.error());
    BlobSidecar sidecar;
    if (*fields == 4) {
        const auto version = wrapper.next();
        if (!version)
            return std::unexpected(version.error());
        if (version->isList || version->content != QByteArrayView("\x01", 1))
            return bad("version"_L1, u"only version 1 is known (EIP-7594)"_s);
        sidecar.version = 1;
    } else if (*fields != 3) {
        return bad(
            "fields"_L1, u"it has "_s + QString::number(*fields) + u" fields, not 3 (EIP-4844) or 4 (EIP-7594)"_s);
    }
    const auto blobs = countOf(wrapper, "blobs"_L1, blobBytes);
    if (!blobs)
        return std::unexpected(blobs.error());
    std::vector<Hash32> committed;
    const auto commitments = countOf(wrapper, "commitments"_L1, pointBytes, &committed);
    if (!commitments)
        return std::unexpected(commitments.error());
    const auto proofs = countOf(wrapper, "proofs"_L1, pointBytes);
    if (!proofs)
        return std::unexpected(proofs.error());
    sidecar.blobs = *blobs;
    if (*commitments != *blobs || *proofs != *blobs * (sidecar.version == 1 ? cellsOfBlob : 1))
        return bad("count"_L1,
            u"%1 blobs, %2 commitments and %3 proofs do not belong together"_s.arg(*blobs)
                .arg(*commitments)
                .arg(*proofs));
    if (committed != hashes)
        return bad("hashes"_L1, u"the commitments are not those that the transaction names by their hashes"_s);
    return sidecar;
}

Hash32 blobVersionedHash(QByteArrayView commitment)
{
    QByteArray hash = QCryptographicHash::hash(commitment, QCryptographicHash::Sha256);
    hash.front() = '\x01';
    return Hash32::fromDigest(hash);
}

} // namespace countersign
