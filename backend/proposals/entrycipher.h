#pragma once

#include "backend/proposals/exchangeentry.h"
#include "backend/proposals/sealedenvelope.h"

namespace countersign {

/// How a folder that others can read hides what it holds from those who are no members. Used on the folder's thread;
/// never changes, but is replaced.
class EntryCipher {
public:
    EntryCipher() = default;
    virtual ~EntryCipher() = default;

    /// Whether what is written is encrypted. What lies there encrypted is read in any case.
    virtual bool encrypts() const = 0;
    /// For all owners of the entry's Safe. Rejected when one of them has announced no key, and so could not read it.
    virtual Result<SealedEnvelope> seal(const ExchangeEntry &entry) const = 0;
    /// NotFound when it is encrypted to others, or to a key that is not here.
    virtual Result<Bytes> open(const SealedEnvelope &envelope) const = 0;

protected:
    Q_DISABLE_COPY_MOVE(EntryCipher)
};

/// The file name of an entry that is encrypted: one of each place of a log, as in the open, and it names neither author
/// nor Safe. Whoever can guess what is there can compare.
QString sealedFileName(const ExchangeEntry &entry);
bool isSealedFileName(const QString &name);

/// Announcements stay in the open: they are how members come to read the rest.
bool staysOpen(const ExchangeEntry &entry);

/// \a envelope for an entry, or an entry out of \a content that is the one which the envelope says. Errors as of the
/// parts.
Result<SealedEnvelope> sealEntry(const ExchangeEntry &entry, const QList<MemberKey> &recipients);
Result<ExchangeEntry> entryOf(const SealedEnvelope &envelope, QByteArrayView content);

} // namespace countersign
