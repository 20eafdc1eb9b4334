#include "backend/journal/journalchain.h"

#include <openssl/evp.h>

#include <QtEndian>

namespace countersign {

namespace {

template <typename T> void appendNumber(QByteArray &buffer, T value)
{
    const T bigEndian = qToBigEndian(value);
    buffer.append(reinterpret_cast<const char *>(&bigEndian), sizeof bigEndian);
}

void appendField(QByteArray &buffer, QByteArrayView bytes)
{
    appendNumber(buffer, static_cast<quint32>(bytes.size()));
    buffer.append(bytes);
}

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
    m_buffer.truncate(0);
    m_buffer.append("CSJR\x01", 5);
    appendNumber(m_buffer, fields.id);
    appendNumber(m_buffer, fields.micros);
    m_buffer.append(previous.view());
    for (const QByteArrayView field : {fields.kind, fields.actor, fields.subject, fields.text, fields.evidence})
        appendField(m_buffer, field);
    return digest(m_buffer);
}

Hash32 JournalChain::headerHash(const Header &header)
{
    m_buffer.truncate(0);
    m_buffer.append("CSJH\x01", 5);
    appendNumber(m_buffer, header.micros);
    m_buffer.append(header.predecessorHash.view());
    appendNumber(m_buffer, header.predecessorRow);
    appendField(m_buffer, header.predecessorFile);
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
