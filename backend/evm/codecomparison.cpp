#include "backend/evm/codecomparison.h"

#include "backend/evm/metadatablob.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr char invalidInstruction = '\xfe'; // solc puts it before the metadata

QString nameOf(const std::optional<MetadataBlob> &blob)
{
    if (!blob)
        return u"no metadata"_s;
    switch (blob->hashKind) {
    case MetadataBlob::HashKind::None:
        return u"metadata without a hash (solc "_s + blob->compiler + u')';
    case MetadataBlob::HashKind::Ipfs:
        return u"IPFS hash "_s + toHex(blob->hash) + u" (solc "_s + blob->compiler + u')';
    case MetadataBlob::HashKind::Bzzr0:
    case MetadataBlob::HashKind::Bzzr1:
        break;
    }
    return u"Swarm hash "_s + toHex(blob->hash) + u" (solc "_s + blob->compiler + u')';
}

// Reads two codes side by side; a byte at a position is the same byte of both.
class Comparison final {
public:
    Comparison(QByteArrayView expected, QByteArrayView code, QLatin1StringView label, std::vector<CodeReason> &reasons)
        : m_expected(expected)
        , m_code(code)
        , m_label(label)
        , m_reasons(reasons)
    {
    }

    bool sameBytes(qsizetype from, qsizetype to)
    {
        const qsizetype length = std::min({to, m_expected.size(), m_code.size()}) - from;
        if (length <= 0)
            return true;
        const QByteArrayView ours = m_expected.sliced(from, length);
        const QByteArrayView theirs = m_code.sliced(from, length);
        const auto different = std::ranges::mismatch(ours, theirs);
        if (different.in1 == ours.end())
            return true;
        const qsizetype at = from + (different.in1 - ours.begin());
        const auto shown = [at](QByteArrayView bytes) { return toHex(bytes.sliced(at, std::min<qsizetype>(8, bytes.size() - at))); };
        add("bytes"_L1, u"From byte "_s + QString::number(at) + u" on stands "_s + shown(m_code) + u", not "_s + shown(m_expected) + u" as in the build."_s, at);
        return false;
    }

    CodeMatch metadata(const std::optional<MetadataBlob> &ours, const std::optional<MetadataBlob> &theirs)
    {
        add("metadata"_L1, u"The code carries "_s + nameOf(theirs) + u"; the build has "_s + nameOf(ours) + u". It was made of other sources or settings."_s,
            theirs ? theirs->range.start : m_code.size());
        return CodeMatch::MetadataDiffers;
    }

    CodeMatch size()
    {
        add("size"_L1, u"The code has "_s + QString::number(m_code.size()) + u" bytes, the build "_s + QString::number(m_expected.size()) + u'.',
            std::min(m_code.size(), m_expected.size()));
        return CodeMatch::Mismatch;
    }

private:
    void add(QLatin1StringView what, const QString &text, qsizetype position)
    {
        m_reasons.push_back({.code = m_label + u'.' + what, .text = text, .position = position});
    }

    QByteArrayView m_expected;
    QByteArrayView m_code;
    QLatin1StringView m_label;
    std::vector<CodeReason> &m_reasons;
};

// Where two codes of unequal length part, when nothing but the metadata at their ends may differ.
std::optional<qsizetype> bodyWithoutTail(QByteArrayView build, const std::optional<MetadataBlob> &ours, QByteArrayView code,
                                         const std::optional<MetadataBlob> &theirs)
{
    const qsizetype buildBody = ours ? ours->range.start : build.size();
    const qsizetype codeBody = theirs ? theirs->range.start : code.size();
    if (buildBody == codeBody)
        return buildBody;
    // Without metadata the instruction before it is missing, too.
    if (ours && !theirs && codeBody == buildBody - 1 && build[codeBody] == invalidInstruction)
        return codeBody;
    if (!ours && theirs && buildBody == codeBody - 1 && code[buildBody] == invalidInstruction)
        return buildBody;
    return std::nullopt;
}

} // namespace

CodeMatch compareCode(QByteArrayView build, QByteArrayView expected, QByteArrayView code, CodeEnd end, QLatin1StringView label,
                      std::vector<CodeReason> &reasons)
{
    if (end == CodeEnd::Open ? code.startsWith(expected) : code == expected)
        return CodeMatch::Exact;
    Comparison comparison(expected, code, label, reasons);
    CodeMatch match = CodeMatch::Exact;
    qsizetype body = expected.size();
    std::optional<MetadataBlob> tail;
    std::optional<MetadataBlob> theirTail;
    if (end == CodeEnd::Closed && code.size() != expected.size()) {
        tail = metadataAtEnd(build);
        theirTail = metadataAtEnd(code);
        const auto parts = tail || theirTail ? bodyWithoutTail(build, tail, code, theirTail) : std::nullopt;
        body = parts.value_or(std::min(code.size(), expected.size()));
        if (!parts)
            match = CodeMatch::Mismatch;
    }
    qsizetype from = 0;
    for (const MetadataBlob &ours : findMetadata(build)) {
        const qsizetype after = ours.range.start + ours.range.length;
        if (after > body)
            break;
        const auto theirs = metadataAt(code, ours.range.start);
        if (!theirs || theirs->range != ours.range)
            continue; // not metadata there: compared as code
        if (!comparison.sameBytes(from, ours.range.start))
            return CodeMatch::Mismatch;
        from = after;
        const bool isSame = expected.sliced(ours.range.start, ours.range.length) == code.sliced(ours.range.start, ours.range.length);
        if (!isSame && match == CodeMatch::Exact)
            match = comparison.metadata(ours, theirs);
    }
    if (!comparison.sameBytes(from, body))
        return CodeMatch::Mismatch;
    if (match == CodeMatch::Mismatch || code.size() < body)
        return comparison.size();
    if (tail || theirTail)
        return match == CodeMatch::Exact ? comparison.metadata(tail, theirTail) : match;
    return match;
}

} // namespace countersign
