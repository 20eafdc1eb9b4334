#pragma once

#include "backend/proposals/exchangeentry.h"

#include <map>

namespace countersign {

/// All entries of an exchange that are valid by themselves, by entry hash. Grows only; the union of two sets is the
/// same in whatever order and however often it is made, so carriers need no lock and no server. Nothing in it
/// conflicts: what two entries mean together is judged by those who read it (exchangesnapshot.h).
class ExchangeSet final {
public:
    /// False when it was there. Of two encodings of one entry the smaller stays.
    bool add(const ExchangeEntry &entry) { return add(entryHashOf(entry), entry); }
    /// The same where the hash was computed before: hashing is what costs.
    bool add(const Hash32 &entryHash, const ExchangeEntry &entry);
    /// An attachment whose content was checked; \a size in bytes.
    bool addAttachment(const Hash32 &contentHash, qint64 size);
    void merge(const ExchangeSet &other);

    bool contains(const Hash32 &entryHash) const { return m_entries.contains(entryHash); }
    const ExchangeEntry *find(const Hash32 &entryHash) const;
    const std::map<Hash32, ExchangeEntry> &entries() const { return m_entries; }
    const std::map<Hash32, qint64> &attachments() const { return m_attachments; }
    bool isEmpty() const { return m_entries.empty() && m_attachments.empty(); }

    friend bool operator==(const ExchangeSet &, const ExchangeSet &) = default;

private:
    std::map<Hash32, ExchangeEntry> m_entries;
    std::map<Hash32, qint64> m_attachments; // bytes, by content hash
};

} // namespace countersign
