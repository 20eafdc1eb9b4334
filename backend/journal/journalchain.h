#pragma once

#include "backend/types/hash32.h"

#include <QByteArray>
#include <QByteArrayView>

#include <memory>

struct evp_md_ctx_st;

namespace countersign {

/// Computes the hashes that chain the journal's rows.
///
/// Canonical encoding of a row, in this order (integers big endian, two's complement):
///   "CSJR" | u8 1 | i64 id | i64 microseconds since 1970 UTC | hash of the row before (32 bytes; of the header for row
///   1) | for each of kind, actor, subject, text, evidence: u32 length in bytes, then the UTF-8 bytes as they are
///   stored
/// and of the header:
///   "CSJH" | u8 1 | i64 microseconds since 1970 UTC | last good hash of the predecessor (32 bytes, zero without)
///   | i64 last good row of the predecessor | u32 length, then the predecessor's file name
/// The row's hash is SHA-256 (FIPS 180-4, by OpenSSL) of that. It is fixed by the format number in the file's header.
class JournalChain final {
public:
    struct Fields {
        qint64 id;
        qint64 micros;
        QByteArrayView kind, actor, subject, text, evidence; ///< each shorter than 2^32 bytes
    };
    struct Header {
        qint64 micros = 0;
        Hash32 predecessorHash;
        qint64 predecessorRow = 0;
        QByteArray predecessorFile;
    };

    JournalChain();
    ~JournalChain();
    JournalChain(JournalChain &&) noexcept;
    JournalChain &operator=(JournalChain &&) noexcept;

    Hash32 rowHash(const Fields &fields, const Hash32 &previous);
    Hash32 headerHash(const Header &header);

private:
    struct Free {
        void operator()(evp_md_ctx_st *context) const;
    };
    Hash32 digest(QByteArrayView bytes);

    std::unique_ptr<evp_md_ctx_st, Free> m_context;
    QByteArray m_buffer; // kept between rows: the encoding costs no allocation
};

} // namespace countersign
