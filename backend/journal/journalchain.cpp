#include "backend/journal/journalchain.h"

#include <openssl/evp.h>

#include <QtEndian>

#include <algorithm>
#include <array>

namespace countersign {

namespace {

/// Writes the encoding into room that was made for the whole of it.
class Encoder final {
public:
    Encoder(QByteArray &buffer, qsizetype size)
    {
        buffer.resize(size);
        m_at = buffer.data();
    }
    template <typename T> void number(T value)
    {
        qToBigEndian(value, m_at);
        m_at += sizeof value;
    }
    void bytes(QByteArrayView bytes)
    {
        std::copy(bytes.begin(), bytes.end(), m_at);
        m_at += bytes.size();
    }
    void field(QByteArrayView text)
    {
        number(static_cast<quint32>(text.size()));
        bytes(text);
    }

private:
    char *m_at;
};

// Fetched once: a look-up of the algorithm by name costs as much as hashing a row.
const EVP_MD *sha256()
{
    static const EVP_MD *algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return algorithm;
}

} // namespace

void JournalChain::Free::operator()(evp_md_ctx_st *context) const
{
    EVP_MD_CTX_free(context);
}

JournalChain::JournalChain()
    : m_context(EVP_MD_CTX_new())
{
    m_buffer.reserve(1024);
}

JournalChain::~JournalChain() = default;
JournalChain::JournalChain(JournalChain &&) noexcept = default;
JournalChain &JournalChain::operator=(JournalChain &&) noexcept = default;

Hash32 JournalChain::rowHash(const Fields &fields, const Hash32 &previous)
{
    const std::array texts{fields.kind, fields.actor, fields.subject, fields.text, fields.evidence};
    qsizetype size = 5 + 8 + 8 + 32;
    for (const QByteArrayView text : texts)
        size += 4 + text.size();
    Encoder encoder(m_buffer, size);
    encoder.bytes(QByteArrayView("CSJR\x01", 5));
    encoder.number(fields.id);
    encoder.number(fields.micros);
    encoder.bytes(previous.view());
    for (const QByteArrayView text : texts)
        encoder.field(text);
    return digest(m_buffer);
}

Hash32 JournalChain::headerHash(const Header &header)
{
    Encoder encoder(m_buffer, 5 + 8 + 32 + 8 + 4 + header.predecessorFile.size());
    encoder.bytes(QByteArrayView("CSJH\x01", 5));
    encoder.number(header.micros);
    encoder.bytes(header.predecessorHash.view());
    encoder.number(header.predecessorRow);
    encoder.field(header.predecessorFile);
    return digest(m_buffer);
}

Hash32 JournalChain::digest(QByteArrayView bytes)
{
    unsigned char out[32] = {};
    unsigned int length = 0;
    const bool good = EVP_DigestInit_ex2(m_context.get(), sha256(), nullptr) == 1
        && EVP_DigestUpdate(m_context.get(), bytes.data(), static_cast<size_t>(bytes.size())) == 1
        && EVP_DigestFinal_ex(m_context.get(), out, &length) == 1 && length == sizeof out;
    // SHA-256 of memory fails only when OpenSSL itself is unusable; a made-up hash would be worse than an end.
    if (!good)
        qFatal("SHA-256 is not available");
    return *Hash32::fromBytes(QByteArrayView(reinterpret_cast<const char *>(out), sizeof out));
}

} // namespace countersign
