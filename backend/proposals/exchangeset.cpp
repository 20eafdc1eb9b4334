#include "backend/proposals/exchangeset.h"

namespace countersign {

bool ExchangeSet::add(const Hash32 &entryHash, const ExchangeEntry &entry)
{
    const auto added = m_entries.try_emplace(entryHash, entry);
    if (added.second)
        return true;
    // An author may sign one text twice, with two nonces of ECDSA: which copy stays must not depend on which came
    // first.
    ExchangeEntry &held = added.first->second;
    if (held == entry || entryToJson(held) <= entryToJson(entry))
        return false;
    held = entry;
    return true;
}

bool ExchangeSet::addAttachment(const Hash32 &contentHash, qint64 size)
{
    return m_attachments.try_emplace(contentHash, size).second;
}

void ExchangeSet::merge(const ExchangeSet &other)
{
    for (const auto &[hash, entry] : other.m_entries)
        add(hash, entry);
    m_attachments.insert(other.m_attachments.begin(), other.m_attachments.end());
}

const ExchangeEntry *ExchangeSet::find(const Hash32 &entryHash) const
{
    const auto found = m_entries.find(entryHash);
    return found == m_entries.end() ? nullptr : &found->second;
}

} // namespace countersign
