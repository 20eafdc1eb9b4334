#pragma once

#include "backend/proposals/memberkeys.h"
#include "backend/proposals/proposaljson.h"

#include <QString>

namespace countersign {

// What is written for several members and nobody else, as a file: a content key, encrypted to each member's announced
// key by HPKE, and the content under it. The content key is used once. The `info` of each wrapping and the additional
// data of the content are the whole header: chain, Safe, what it holds, and who can read it. A content can therefore not
// be shown under another header, and no recipient be added or left out without it.
//
// It hides; it proves nothing. Each recipient knows the content key and could put another content under it. What comes
// out is checked as if it had been lying there in the open.
//
// Not hidden: the header (chain, Safe, kind, the members who can read it), the length, and when the file was written.

inline constexpr qsizetype maxEnvelopeRecipients = 64;
inline constexpr qsizetype maxEnvelopeContent = maxProposalBytes; ///< of what is encrypted
inline constexpr qsizetype maxEnvelopeBytes = maxEnvelopeContent / 3 * 4 + maxEnvelopeRecipients * 600 + 4096;

struct EnvelopeRecipient {
    Address member;
    Hash32 key; ///< the announced one that it is encrypted to
    Hash32 enc; ///< of HPKE
    Bytes wrapped; ///< the content key, 48 bytes
    friend bool operator==(const EnvelopeRecipient &, const EnvelopeRecipient &) = default;
};

struct SealedEnvelope {
    ChainId chainId;
    Address safe;
    QString holds; ///< kind of what is inside, "countersign.signature"
    QList<EnvelopeRecipient> recipients; ///< by member, each once
    Bytes content; ///< encrypted

    const EnvelopeRecipient *find(const Hash32 &key) const;
    friend bool operator==(const SealedEnvelope &, const SealedEnvelope &) = default;
};

/// In the form of proposaljson.h. Errors Invalid, Exhausted.
Result<SealedEnvelope> envelopeFromJson(QByteArrayView file);
Bytes envelopeToJson(const SealedEnvelope &envelope);
/// Whether a file says that it is one, so that it can be told from what is merely broken.
bool isSealedEnvelope(QByteArrayView file);

/// What to say to who has a package in their hands that they cannot open.
Error encryptedPackage();

/// Invalid without recipients or with one twice; Exhausted above the limits; Rejected for a key that is none.
Result<SealedEnvelope> sealEnvelope(
    ChainId chain, const Address &safe, const QString &holds, QByteArrayView content, const QList<MemberKey> &recipients);
/// NotFound when it is not encrypted to this key; Corrupt when header or content was changed.
Result<Bytes> openEnvelope(const SealedEnvelope &envelope, QByteArrayView privateKey);

} // namespace countersign
